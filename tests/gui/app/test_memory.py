"""Freed memory is used again."""

import subprocess
import sys

import pytest

PAGES = """
import resource
import numpy as np
from gui.app.memory import keep_memory

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        arrays = [np.ones(2**17) for _ in range(8)]  # of 1 MB, or 256 pages
        del arrays
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

if keep_memory():
    faults()
    print(faults())
"""


def test_arrays_that_follow_others_take_their_pages():
    done = subprocess.run([sys.executable, "-c", PAGES], check=True, capture_output=True, text=True)
    if not done.stdout:
        pytest.skip("the C library cannot be told")
    assert int(done.stdout) < 256
