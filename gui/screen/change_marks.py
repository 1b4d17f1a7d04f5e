"""The marks on the timeline: one at each step after which a setting of the run was changed."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QMenu, QWidget

from engine.changes import Change, changes_of
from engine.config import Config
from gui.form.change_words import after_text, since_text
from gui.look.language import tr
from gui.look.theme import Theme
from gui.screen.timeline_button import TimelineButton

WIDE, HIGH = 11, 10  # size of a mark in pixels
NEAR = 7.0  # pixels; marks nearer to each other than this are drawn as one
TOLD = 5  # the most changes that one mark lists, and lets the user remove one by one


class Marked(NamedTuple):
    """What one mark stands for: steps that are too close for separate marks, and their changes."""

    steps: tuple[int, ...]
    changes: tuple[Change, ...]
    words: str


def marked(config: Config, near: float) -> list[Marked]:
    """Return the marks of a run; steps that are less than `near` apart share one."""
    groups: list[list[int]] = []
    by_step = {step: tuple(found) for step, found in groupby(changes_of(config), lambda one: one.step)}
    for step in by_step:
        if groups and step - groups[-1][0] < near:
            groups[-1].append(step)
        else:
            groups.append([step])
    return [
        Marked(tuple(steps), tuple(one for step in steps for one in by_step[step]), words_of(config, steps))
        for steps in groups
    ]


def words_of(config: Config, steps: Sequence[int]) -> str:
    """Return the changes after some steps, one line each; if there are many, the number of the rest."""
    told = [after_text(config, step) for step in steps[:TOLD]]
    more = [tr("and {n} more changes", n=len(steps) - TOLD)] if len(steps) > TOLD else []
    return "\n".join([*told, *more])


class ChangeMark(TimelineButton):
    """One mark: a click goes to its step; the Delete key or its menu removes the change."""

    sought = Signal(int)  # its step
    removed = Signal(tuple)  # the changes to remove

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.of = Marked((), (), "")
        self.config: Config = Config()
        self.setFixedSize(theme.px(WIDE), theme.px(HIGH))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._seek)

    def _seek(self) -> None:
        self.sought.emit(self.of.steps[0])

    def show_marked(self, config: Config, of: Marked) -> None:
        """Show the mark of some changes of a run."""
        if of != self.of:
            self.setToolTip(of.words + "\n" + tr("Click to go there; Delete takes the change back"))
            self.setAccessibleName(of.words)
        self.config, self.of = config, of

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a small flag that points at its step; in the accent colour with the focus or under the
        mouse.
        """
        lit = self.hasFocus() or self.underMouse()
        wide, high = float(self.width()), float(self.height())
        flag = QPolygonF([QPointF(1, 1), QPointF(wide - 1, 1), QPointF(wide / 2, high - 1)])
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self.theme.window), 1))
            painter.setBrush(QColor(self.theme.accent if lit else self.theme.text))
            painter.drawPolygon(flag)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(self.theme.accent), 1))
                painter.drawRect(QRectF(0.5, 0.5, wide - 1, high - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes the changes; Enter goes to the step, as a click does."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self.of.changes)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def menu(self) -> QMenu:
        """Return a menu with an entry for each change, and one for all of them."""
        menu = QMenu(self)
        steps = self.of.steps
        if len(steps) <= TOLD:
            for step in steps:
                gone = tuple(one for one in self.of.changes if one.step == step)
                words = tr("Take back: {what}", what=since_text(self.config, step)).replace("&", "&&")
                menu.addAction(words).triggered.connect(partial(self._remove, gone))
        if len(steps) > 1:
            every = tr("Take back these {n} changes", n=len(steps))
            menu.addAction(every).triggered.connect(partial(self._remove, self.of.changes))
        return menu

    def _remove(self, gone: tuple[Change, ...], _checked: bool = False) -> None:
        self.removed.emit(gone)
