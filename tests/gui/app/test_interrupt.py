"""Ctrl+C waits where Qt calls Python: an exception raised there is printed and forgotten."""

import signal

import pytest
from PySide6.QtWidgets import QWidget

from gui.app.interrupt import held, instead


class Drawn(QWidget):
    """Is interrupted in the middle of its picture."""

    whole = False

    def paintEvent(self, event):
        signal.raise_signal(signal.SIGINT)
        self.whole = True


def test_a_picture_that_is_being_drawn_is_finished_first(qtbot):
    widget = Drawn()
    qtbot.addWidget(widget)
    with pytest.raises(KeyboardInterrupt), held():
        widget.grab()
    assert widget.whole
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_an_error_in_the_block_comes_through_and_ctrl_c_is_as_before():
    def fails():
        signal.raise_signal(signal.SIGINT)
        return 1 / 0

    with pytest.raises(ZeroDivisionError), held():
        fails()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_something_else_is_done_while_a_block_lasts():
    done = []
    with instead(lambda: done.append("left")):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
    assert done == ["left", "left"]
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_who_was_started_to_ignore_it_ignores_it():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with held():
            signal.raise_signal(signal.SIGINT)
        with instead(pytest.fail):
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
