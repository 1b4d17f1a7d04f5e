"""Freed memory stays with the process, for the next picture of a drag needs just as much.

The C library of Linux (glibc) hands large pieces back to the system as soon as they are freed. The next array
of that size is made of new pages, each of which the system clears first: of a drag that measures five hundred
steps of training that took two thirds of the time.

Reference: mallopt(3) in the Linux manual.
"""

import ctypes
import sys
from collections.abc import Callable
from functools import cache

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # names in malloc.h: M_…
KEPT = 16 * 2**20  # bytes at the end of the heap that are not handed back
LARGE = 2 * 2**20  # bytes from which on a piece is still the system's own: the columns of a long run


def keep_memory() -> bool:
    """Tell the C library to keep freed memory; returns whether this library can be told."""
    mallopt = _of_library("mallopt")
    return mallopt is not None and bool(mallopt(TRIM_THRESHOLD, KEPT) and mallopt(MMAP_THRESHOLD, LARGE))


def hand_back() -> None:
    """Hand back what lies free between the pieces that are in use: of a long run some 10 MB."""
    trim = _of_library("malloc_trim")
    if trim is not None:
        trim(KEPT)


@cache
def _of_library(name: str) -> Callable[..., int] | None:
    """A function of the C library, where that is glibc."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None
