"""Ctrl+C in the terminal. Python raises `KeyboardInterrupt`, which gets lost where Qt has called Python."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def held() -> Iterator[None]:
    """Let Ctrl+C wait for the end of a block in which Qt calls Python, as it does to draw a widget.

    Raises:
        KeyboardInterrupt: at the end of the block, when it was pressed.
    """
    pressed: list[int] = []
    before = _on_interrupt(lambda: pressed.append(1))
    try:
        yield
    finally:
        _put_back(before)
    if pressed:
        raise KeyboardInterrupt


@contextmanager
def instead(act: Callable[[], object]) -> Iterator[None]:
    """Do something else at Ctrl+C while a block lasts, such as an event loop."""
    before = _on_interrupt(act)
    try:
        yield
    finally:
        _put_back(before)


def _on_interrupt(act: Callable[[], object]) -> object:
    """Act at Ctrl+C from now on; returns what was done before. Who started us to ignore it is obeyed."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda number, frame: act())
    return before


def _put_back(before: object) -> None:
    if callable(before):
        signal.signal(signal.SIGINT, before)
