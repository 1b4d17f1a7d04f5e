"""The syllabus: one file an experiment, listed in the catalogue."""
