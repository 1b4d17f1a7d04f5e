"""The NumPy engine: the mathematics, file by file, and the machinery that runs it."""
