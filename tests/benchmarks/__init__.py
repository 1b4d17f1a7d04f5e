"""Benchmarks: outside the test run. Linear algebra has one thread, as in the program (see `main.py`)."""

import os

for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
