"""Freed memory is used again, and what lies free between the pieces in use goes back now and then."""

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


BETWEEN = """
from pathlib import Path
import numpy as np
from gui.app.memory import hand_back, keep_memory

def pages():
    return int(Path("/proc/self/statm").read_text().split()[1])

if keep_memory():
    arrays = [np.ones(2**14) for _ in range(800)]  # 100 MB, in pieces that the heap holds
    del arrays[:-1]
    held = pages()
    hand_back()
    print(held - pages())
"""


def test_what_is_free_below_what_is_in_use_is_handed_back():
    done = subprocess.run([sys.executable, "-c", BETWEEN], check=True, capture_output=True, text=True)
    if not done.stdout:
        pytest.skip("the C library cannot be told")
    assert int(done.stdout) > 15_000  # of 25,600 pages


SOURCES = """
import linecache
from importlib import import_module
import PySide6.QtCore
assert hasattr(import_module("shibokensupport.feature"), "_mod_uses_pyside")
import gui.plots
print(sum(len(lines[2]) for lines in linecache.cache.values() if len(lines) > 2))
"""


def test_the_sources_of_what_is_imported_are_not_kept():
    done = subprocess.run([sys.executable, "-c", SOURCES], check=True, capture_output=True, text=True)
    assert int(done.stdout) < 10_000  # lines; those of NumPy and pyqtgraph are 120,000
