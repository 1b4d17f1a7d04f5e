"""Lessons: a path of stops through the experiments, with questions that are checked against live numbers.

condition_parts     the parts of a condition, and their values
condition           a condition over the numbers of a run, read from a text
question            the questions, and when an answer is right
facts               the run that is asked about
lesson              what a lesson is
lesson_text         what a stop says in one language, read from its lines
lesson_file         a lesson as a Markdown file
lesson_source       the text of the file, part by part, as an author changes it
lesson_writer       a lesson, or the scene on the screen, as the text of a file
check               the whole check: every scene can be shown, every question can be asked
"""
