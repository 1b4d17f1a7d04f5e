"""How much memory a run may take, and the largest setting with which it takes no more.

A setting such as the batch size is free to be large as long as the others are small: what counts is what
they need together. Where that is too much, the run does not begin; the message says up to where the setting
may go.
"""

from collections.abc import Callable
from math import ceil

from engine.config import Problem

MOST_MEMORY = 2**30  # bytes


def check_memory(needed: Callable[[int], int], value: int, title: str, where: str) -> None:
    """Refuse a setting of `value` with which a run would need more than 1 GB.

    `needed` tells the bytes for any value of the setting, and grows with it; `title` is what it is called.

    Raises:
        Problem: with the largest value that fits; `where` is the field.
    """
    bytes_needed = needed(value)
    if bytes_needed <= MOST_MEMORY:
        return
    raise Problem(
        "This needs {needed} GB of memory; a run may take 1 GB. {title}: at most {most} here",
        where=where,
        needed=f"{ceil(10 * bytes_needed / MOST_MEMORY) / 10:.1f}",
        title=title,
        most=largest_that_fits(needed, value),
    )


def largest_that_fits(needed: Callable[[int], int], too_large: int) -> int:
    """The largest whole number below `too_large` that needs no more than 1 GB (0 where none does)."""
    fits = 0
    while too_large - fits > 1:
        middle = (fits + too_large) // 2
        if needed(middle) <= MOST_MEMORY:
            fits = middle
        else:
            too_large = middle
    return fits
