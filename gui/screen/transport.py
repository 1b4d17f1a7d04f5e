"""The transport: run, pause, step, reset, new seed, speed, and a timeline to scrub over the run.

The branches of the run, if there are any, are shown under the timeline.
"""

from collections.abc import Callable, Sequence
from math import inf
from random import SystemRandom

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from engine.changes import Change
from engine.config import Problem
from engine.runner import Finish
from gui.form.field import fields_of
from gui.look.combo import Combo
from gui.look.durations import coarse_time
from gui.look.icons import icon
from gui.look.language import problem_text, tr
from gui.look.seen import see
from gui.look.theme import Theme
from gui.screen.branches import Branches
from gui.screen.playback import Playback
from gui.screen.timeline import Timeline

ROOMY, TIGHT = 28, 24  # pixels of the timeline's height, and with branches under it
SHORTEST = 120  # pixels of the timeline that the words beside it leave, if they can do with fewer
SPEEDS = (1.0, 3.0, 10.0, 30.0, 60.0, 100.0, 300.0, 1000.0, 3000.0, 10_000.0, inf)


class Transport(QFrame):
    """The bar at the bottom. It shows a playback and passes on what is pressed."""

    changed = Signal()  # a button was pressed: the playback has changed
    refused = Signal(object)  # the Problem because of which a change cannot be removed

    def __init__(self, playback: Playback, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self.playback, self.theme = playback, theme
        self.reset = self._button("reset", tr("Reset: back to the same start (Shift+F5)"), playback.reset)
        self.back = self._button("back", tr("One step back (,)"), lambda: playback.single_step(-1))
        self.run = self._button("run", tr("Run or pause (Space, F5)"), self.toggle)
        self.run.setProperty("accent", True)
        self.forward = self._button("step", tr("One step (.)"), lambda: playback.single_step(+1))
        self.seed = self._button("seed", tr("New seed: run with other chance (Ctrl+R)"), self.draw_seed)
        self.pin = self._button(
            "pin", tr("Pin this run: keep it as a ghost to compare with (Ctrl+P)"), playback.pin
        )
        self.unpin = self._button("unpin", tr("Remove the pinned runs"), playback.unpin)
        self.speed = self._speeds()
        self.words: str | None = None  # the place in the run, if it is more than a step
        self.timeline = Timeline(theme)
        self.timeline.sought.connect(self._seek)
        self.timeline.stepped.connect(self._step)
        self.status = QLabel()
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setMinimumWidth(theme.px(190))
        self.status.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.timeline.removed.connect(self._take_back)
        self.branches = Branches(playback, self.timeline, theme)
        self.branches.changed.connect(self.changed)
        self.branches.opened.connect(self._make_room)
        self.at_once = QLabel(tr("No steps here: every change is answered at once."))
        self.at_once.setObjectName("quiet")
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        """Lay out the buttons, the timeline, and the branches under it."""
        row = QHBoxLayout()
        row.setSpacing(self.theme.px(4))
        buttons = self.reset, self.back, self.run, self.forward, self.seed, self.pin, self.unpin
        for widget in (*buttons, self.speed):
            row.addWidget(widget)
        self._grid = QGridLayout(self)
        self._grid.setHorizontalSpacing(self.theme.px(4))
        self._grid.setVerticalSpacing(0)
        self._grid.addLayout(row, 0, 0, 2, 1)
        self._grid.addWidget(self.timeline, 0, 1)
        self._grid.addWidget(self.status, 0, 2)
        self._grid.addWidget(self.at_once, 0, 1, 2, 2)  # as high as the buttons: there are no branches
        self._grid.addWidget(self.branches, 1, 1, 1, 2)
        self._grid.setColumnStretch(1, 1)
        self._make_room(False)

    def _make_room(self, branches: bool) -> None:
        """Keep the margins around the rows of branches small, because the plots need the room."""
        px, above = self.theme.px, 2 if self.theme.presenting else self.theme.px(6)  # for high buttons
        self._grid.setContentsMargins(px(12), 2 if branches else above, px(12), 2 if branches else above)
        self.timeline.setFixedHeight(px(TIGHT if branches else ROOMY))

    def toggle(self) -> None:
        """Run, or pause."""
        if self.playback.playing:
            self.playback.pause()
        else:
            self.playback.play()

    def draw_seed(self) -> None:
        """Begin again with a random seed, if the experiment uses random numbers."""
        if self._has_chance():
            self.playback.new_seed(SystemRandom().randrange(10_000))

    def _has_chance(self) -> bool:
        config = self.playback.config
        return any(field.kind == "seed" and field.when(config) for field in fields_of(type(config)))

    def refresh(self) -> None:
        """Show where the playback is."""
        playback, runner = self.playback, self.playback.runner
        total = max(runner.last_step, playback.recording.last)
        self._show_steps(total > 0 or runner.finish is Finish.FAILED)
        ended = runner.finish is Finish.COMPLETED and playback.held is None
        cut_short = ended and playback.recording.last < total
        self.timeline.set_state(total, playback.recording.last, playback.step, cut_short)
        self.timeline.show_changes(playback.config)
        self.branches.refresh()
        name = "pause" if playback.playing else "run"
        if self.run.property("icon_name") != name:
            self.run.setProperty("icon_name", name)
            self.run.setIcon(icon(name, self.theme.accent_text))
        self.seed.setEnabled(self._has_chance())
        self.unpin.setEnabled(bool(playback.pins))
        self.status.setText(self._status(total))

    def _show_steps(self, on: bool) -> None:
        """Show the controls for steps, or say that the experiment has no steps."""
        for widget in (self.reset, self.back, self.run, self.forward, self.speed, self.timeline, self.status):
            see(widget, on)
        see(self.at_once, not on)

    def _status(self, total: int) -> str:
        playback, runner = self.playback, self.playback.runner
        where = self.words or tr("step {step} / {total}", step=playback.step, total=total)
        if runner.finish is Finish.FAILED and runner.problem is not None:
            return tr("failed") if playback.recording.last >= 0 else ""
        if runner.problem is not None and playback.ended:  # it diverged, or a stop rule has ended it
            return where + " · " + problem_text(runner.problem)
        if playback.slow_step is not None:
            return where + " · " + tr("a step takes {n} s", n=f"{playback.slow_step:.0f}")
        left = playback.remaining
        if left is None or left < 1:
            return where
        more = where + " · " + tr("{time} left", time=coarse_time(left))
        return more if self._fits(more) else where

    def _fits(self, words: str) -> bool:
        """Whether the words beside the timeline leave enough of it to be dragged."""
        both = self.timeline.width() + self.status.width()
        return both - self.status.fontMetrics().horizontalAdvance(words) > self.theme.px(SHORTEST)

    def _button(self, name: str, tip: str, action: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name, self.theme.text, self.theme.hairline))
        button.setIconSize(QSize(self.theme.px(18), self.theme.px(18)))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setAutoRaise(True)

        def pressed() -> None:
            action()
            self.changed.emit()

        button.clicked.connect(pressed)
        return button

    def _speeds(self) -> QComboBox:
        box = Combo(parent=self)
        for speed in SPEEDS:
            box.addItem(_speed_text(speed), speed)
        box.setCurrentIndex(SPEEDS.index(self.playback.speed))
        box.setToolTip(tr("Speed: steps shown in a second"))
        box.setAccessibleName(tr("Speed"))
        box.currentIndexChanged.connect(self._set_speed)
        return box

    def _set_speed(self, index: int) -> None:
        self.playback.set_speed(SPEEDS[index])
        self.changed.emit()

    def _step(self, by: int) -> None:
        self.playback.single_step(by)
        self.changed.emit()

    def _seek(self, step: int) -> None:
        self.playback.seek(step)
        self.changed.emit()

    def _take_back(self, changes: Sequence[Change]) -> None:
        """Remove some changes from the run, if that is possible."""
        try:
            self.playback.take_back(changes)
        except Problem as problem:
            self.refused.emit(problem)
            return
        self.changed.emit()


def _speed_text(speed: float) -> str:
    if speed == inf:
        return tr("as fast as possible")
    return tr("1 step/s") if speed == 1 else tr("{n} steps/s", n=f"{speed:,.0f}")
