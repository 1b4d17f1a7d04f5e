"""Data: the examples that models learn from.

plain                 how a name from a file is shown: short, without invisible characters
user_files            how a file of the user is read, in any encoding
datasets              handwritten digits, and point sets that are easy or hard to separate
table_format          the settings for reading a table, and the layout that follows from them
table_rows            … its lines, split into cells
table_guess           … the layout guessed from the beginning of the file
table_classes         … the classes in the label column
csv_data              … its numbers, and the class of each line
settings              the settings that choose the examples
training_data         … which of them are for training, which are held out, and in which units
drawn                 a digit drawn by hand, made like the digits of a data set
sequences             tasks that need a memory: recall, echo, copy, adding, a wave
texts                 a text as symbols, and windows of it; the user's own file
"""
