"""Data: what is learned from.

plain                 how a name out of a file is shown: short, and nothing in it unseen
user_files            how a file of the user's own is read, in whichever encoding
datasets              handwritten digits, and point sets that are easy or hard to separate
table_format          what may be said about a table, and what is then known
table_rows            … its lines, cut into cells
table_guess           … what its beginning shows, where nobody says
table_classes         … the classes that its label names
csv_data              … its numbers, and the class of each line
settings              which examples, as a setting
training_data         … which of them train, which are held out, and in which units
sequences             tasks that need a memory: recall, echo, copy, adding, a wave
texts                 a text as symbols, windows of it, the user's own file
"""
