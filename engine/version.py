"""The version of the program, which is part of the key of stored results."""

VERSION = "0.3.0"
