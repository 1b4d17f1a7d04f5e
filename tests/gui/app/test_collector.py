"""The garbage collector runs in the window's thread, and only there."""

import gc
from weakref import ref

from PySide6.QtCore import QObject

from gui.app.app import YOUNG, Collector


class Knot:
    """Something in a cycle."""

    def __init__(self):
        self.self = self


def test_what_is_in_a_cycle_goes_in_the_thread_of_the_window(qtbot):
    parent = QObject()
    Collector(parent)
    assert not gc.isenabled()
    gone = ref(Knot())
    assert gone() is not None
    kept = [[] for _ in range(2 * YOUNG)]  # enough that is new
    qtbot.waitUntil(lambda: gone() is None)
    assert len(kept) == 2 * YOUNG
