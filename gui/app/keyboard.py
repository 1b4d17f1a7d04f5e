"""The keyboard in the window: one key goes from part to part, digits to plots, one runs and pauses."""

from collections.abc import Iterator
from functools import partial
from typing import Protocol, cast

from PySide6.QtCore import QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget

from gui.app.middle import Middle
from gui.look.desktop import application
from gui.plots.panel import Panel
from gui.screen.spots import stops_in


class KeyStage(Protocol):
    """What keys ask of their window."""

    middle: Middle


def parts_of(middle: Middle) -> Iterator[list[QWidget]]:
    """What can take the focus in each part: tabs, experiments, settings, options, plots, notes, transport."""
    screen = middle.on_screen
    inside = stops_in(screen.view)
    yield [middle.tabs]
    yield [middle.experiments]
    yield stops_in(screen.form)
    yield [widget for widget in inside if not isinstance(widget, Panel)]
    yield [widget for widget in inside if isinstance(widget, Panel)]
    yield [widget for part in (screen.notes, screen.lesson) if part is not None for widget in stops_in(part)]
    yield stops_in(screen.transport)


def go_to_part(middle: Middle, by: int) -> None:
    """Give the focus to the next part of the window, or to the one before (`by` = −1)."""
    parts = [part for part in parts_of(middle) if part]
    now = middle.window().focusWidget()
    here = next((k for k, part in enumerate(parts) if now in part), -1 if by > 0 else 0)
    parts[(here + by) % len(parts)][0].setFocus(Qt.FocusReason.TabFocusReason)


class RunKey(QShortcut):
    """The space bar runs and pauses from everywhere but where it has a meaning of its own.

    A line of text takes it by itself. A button is pressed by it, so the key rests while one has the focus.
    A list of choices opens with Alt and the arrow down, or F4.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(QKeySequence(QKeyCombination(Qt.Key.Key_Space)), window)
        application().focusChanged.connect(self._look)
        self.activated.connect(self._run_or_pause)

    def _run_or_pause(self) -> None:
        cast(KeyStage, self.parent()).middle.on_screen.transport.toggle()

    def _look(self, _: QWidget | None, now: QWidget | None) -> None:
        self.setEnabled(not isinstance(now, QAbstractButton))


class PlotKeys(QObject):
    """The keys 1 to 9 give the focus to a plot of the page, as it fills them: 1 is the large one.

    A line of text takes digits by itself; a list of choices finds its entries by them.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._keys = [QShortcut(QKeySequence(str(digit)), window) for digit in range(1, 10)]
        for index, key in enumerate(self._keys):
            key.activated.connect(partial(self._go_to, index))
        application().focusChanged.connect(self._look)

    def _look(self, _: QWidget | None, now: QWidget | None) -> None:
        for key in self._keys:
            key.setEnabled(not isinstance(now, QComboBox))

    def _go_to(self, index: int) -> None:
        """Give the focus to a plot of the page, if it has so many."""
        panels = cast(KeyStage, self.parent()).middle.on_screen.view.panels()
        if index < len(panels):
            panels[index].setFocus(Qt.FocusReason.ShortcutFocusReason)
