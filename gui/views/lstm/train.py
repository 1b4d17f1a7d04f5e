"""LSTM ▸ Train on sequences: how models learn, what goes on in their gates, and what they write or answer."""

from collections.abc import Sequence
from math import inf
from typing import ClassVar

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config
from engine.experiments.lstm.train_config import TrainConfig, kinds, titles
from engine.experiments.lstm.train_inspection import (
    Continuation,
    Followed,
    Snapshot,
    Written,
    check,
    continue_waves,
    follow,
    follow_all,
    writing,
)
from engine.experiments.lstm.train_tasks import Adding, Data, Sine
from engine.experiments.lstm.train_texts import Text, TextFile
from engine.gradient_check import GradientCheck
from engine.recording import Recording
from engine.recurrent import CELLS
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.old_view import OldView
from gui.plain import plain_name
from gui.plots.coloured_text import ColouredTextPanel
from gui.plots.panel import Panel
from gui.questions import Answer
from gui.splitters import above_each_other, side_by_side
from gui.theme import Theme
from gui.views.lstm.train_controls import Below, TrainOptions
from gui.views.lstm.train_controls import Inside as InsideBar
from gui.views.lstm.train_formulas import formulas
from gui.views.lstm.train_history import History
from gui.views.lstm.train_inside import Inside
from gui.views.lstm.train_sequence import SequencePanel

PAUSE = 250  # milliseconds between two looks into a model that is learning
WRITTEN = 260  # characters
LOW = 430  # pixels of height below which there are two rows of plots


class TrainView(OldView):
    """Curves above; gates and what is written in the middle; below a held-out sequence."""

    options_type: ClassVar[type[Config]] = TrainOptions
    pace: ClassVar[float] = inf
    options: TrainOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = TrainConfig()
        self.history = History(theme, self)
        self.inside = Inside(theme, self)
        self.written = ColouredTextPanel("", theme)
        self.written.setMinimumSize(theme.px(120), theme.px(72))
        self.sequence = SequencePanel(theme)
        self.bar, self.below = InsideBar(theme), Below(theme)
        self.checked: tuple[int, int, GradientCheck] | None = None  # step, model, what was found
        self._shown: tuple[Recording, int] | None = None
        self._data: Data | None = None
        self._inside: tuple[Snapshot, Followed] | None = None  # the model that is looked into
        self._seen: tuple[object, object] = (None, None)  # the same as it was drawn, and the options
        self._since = QElapsedTimer()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._look_inside)
        self._later.timeout.connect(self.live_changed)
        self.questions.expired.connect(self._clear)
        self.questions.answered.connect(self._take)
        self._tight = False
        self._lay_out()
        self._connect()
        self._arrange()

    def _lay_out(self) -> None:
        history, inside = self.history, self.inside
        self.curves = side_by_side((history.loss, history.norm), (3, 2))
        self.middle = side_by_side((inside.heat, self.written, inside.unit, history.right), (3, 2, 2, 2))
        parts = above_each_other((self.curves, self.middle, inside.coloured, self.sequence), (30, 38, 30, 30))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(parts, 1)
        column.addWidget(self.below)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little height, what is written goes beside the loss: two rows are left."""
        super().resizeEvent(event)
        tight = self.height() < self.theme.px(LOW)
        if tight != self._tight:
            self._tight = tight
            for panel in (self.written, self.inside.unit, self.history.right):
                (self.curves if tight else self.middle).addWidget(panel)
            self._arrange()

    def _connect(self) -> None:
        self.history.clicked.connect(self.step_chosen)
        self.inside.unit_chosen.connect(lambda unit: self._change({"unit": unit}))
        self.bar.changed.connect(self._change)
        self.below.changed.connect(self._change)
        self.below.check_wanted.connect(self.check_gradients)

    @property
    def writes(self) -> bool:
        """Whether the task is a text."""
        return isinstance(self.config.task, Text | TextFile)

    @property
    def model(self) -> int:
        """Which model is looked into."""
        return min(self.options.model, len(kinds(self.config)) - 1)

    def panels(self) -> list[Panel]:
        history, inside = self.history, self.inside
        everything: list[Panel] = [history.loss, history.norm, inside.heat, self.written, inside.unit,
                                   history.right, inside.coloured, self.sequence]  # fmt: skip
        gone = {self.inside.heat} if self._tight else set()
        return [panel for panel in everything if not panel.isHidden() and panel not in gone]

    # A run

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, TrainConfig)
        self._later.stop()
        self.questions.forget()
        self.config = config
        self.checked = self._data = self._shown = self._inside = None
        self.history.begin(config, ghosts)
        self.below.show_check(None)
        self._arrange()

    def _clear(self) -> None:
        """Nothing of the run before: this one has no answers yet."""
        self._seen = (None, None)
        self.inside.clear()
        self.written.title = ""
        self.written.set_text("")
        self.sequence.set_curves(())

    def draw(self, recording: Recording, step: int) -> None:
        before, self._shown = self._shown, (recording, step)
        self._data = recording.snapshot(0)[1].data
        self.history.draw(self.config, recording, step, self._data.lines)
        learning = before is not None and before[1] < step == recording.last
        if learning and self._since.isValid() and self._since.elapsed() < PAUSE:
            if not self._later.isActive():
                self._later.start(PAUSE - self._since.elapsed())
        else:
            self._look_inside()

    def catch_up(self) -> None:
        """Look into the model that is on show."""
        if self._later.isActive():
            self._look_inside()
        super().catch_up()

    def _snapshot(self) -> tuple[int, Snapshot]:
        assert self._shown is not None
        found, snapshot = self._shown[0].snapshot(self._shown[1])
        return found, snapshot

    def _look_inside(self) -> None:
        """Ask for the model as it was: its gates, and what it writes or answers."""
        if self._shown is None:
            return
        self._later.stop()
        self._since.start()
        found, shot = self._snapshot()
        config, options, model = self.config, self.options, self.model
        self.questions.ask("inside", follow, config, shot, model, options.layer, about=shot)
        self._draw_inside()
        if self.writes:
            how = (model, options.temperature, WRITTEN, options.words)
            self.questions.ask("written", writing, config, shot, *how, about=(found, model))
        elif isinstance(config.task, Sine):
            self.questions.ask("waves", continue_waves, config, shot)
        else:
            self.questions.ask("answers", follow_all, config, shot, about=shot)

    def _take(self, answer: Answer) -> None:
        """Show what has come: gates, a text, waves, answers, or a check."""
        if answer.key == "check":
            found, model = answer.about
            self._show_check(found, model, answer.value)
            return
        if answer.key == "inside":
            self._inside = (answer.about, answer.value)
            self._draw_inside()
        elif answer.key == "written":
            found, model = answer.about
            self._show_written(found, model, answer.value)
        elif answer.key == "waves":
            self._show_waves(answer.value)
        else:
            self._show_answers(answer.about, answer.value)

    def _draw_inside(self) -> None:
        """Show the gates as they are looked at now."""
        if self._inside is None or (self._seen[0] is self._inside and self._seen[1] == self.options):
            return
        self._seen = (self._inside, self.options)
        self.inside.draw(self.config, self.options, *self._inside)

    def _show_written(self, found: int, model: int, text: Written) -> None:
        name = titles(self.config)[model]
        title = tr("Written by the {model} after step {step}", model=name, step=found)
        if text.unknown:
            unknown = plain_name(text.unknown, 20)
            title = f"{tr('The text has no {characters}', characters=unknown)} · {title}"
        self.written.title = title
        self.written.set_text(text.given + text.made, quiet=len(text.given))

    def _show_waves(self, waves: list[Continuation]) -> None:
        self.sequence.draw_wave(self.config, waves)

    def _show_answers(self, shot: Snapshot, followed: list[Followed]) -> None:
        if isinstance(self.config.task, Adding):
            self.sequence.draw_adding(self.config, shot, followed)
        else:
            self.sequence.draw_answers(self.config, shot, followed)

    # What the user does

    def check_gradients(self) -> None:
        """Compare the gradient of the model on show, on its batch, with differences."""
        if self._shown is None:
            return
        found, snapshot = self._snapshot()
        self.questions.ask("check", check, self.config, snapshot, self.model, about=(found, self.model))

    def _show_check(self, found: int, model: int, result: GradientCheck) -> None:
        self.checked = (found, model, result)
        self.below.show_check((found, result))
        self.live_changed.emit()

    def _change(self, changes: dict[str, object]) -> None:
        self.set_option(**changes)
        self._arrange()
        if self._shown is not None and self._data is not None:
            self.history.draw(self.config, *self._shown, self._data.lines)
            self._look_inside()
            self.live_changed.emit()

    def _arrange(self) -> None:
        """Show the plots that suit the task, and offer the gates that the model has."""
        recalls = not self.writes and not isinstance(self.config.task, Adding | Sine)
        self.history.set_log(
            self.options.log_loss, "" if isinstance(self.config.task, Adding | Sine) else tr("nats")
        )
        self.history.norm.setVisible(not self._tight)
        self.middle.setVisible(not self._tight)
        self.written.setVisible(self.writes)
        self.inside.coloured.setVisible(self.writes)
        self.sequence.setVisible(not self.writes)
        self.history.right.setVisible(recalls)
        self.inside.unit.setVisible(not self.writes and not recalls)
        gates = CELLS[kinds(self.config)[self.model]].gates_type._fields
        self.bar.show_options(
            self.options, titles(self.config), self.config.layers, gates, self.config.hidden
        )
        self.below.show_options(self.options, self.writes)

    # The numbers beside the formulas

    def live(self, recording: Recording, step: int) -> list[Live]:
        if self._data is None:
            return []
        found = recording.snapshot(step)[0]
        valid = self.checked is not None and self.checked[:2] == (found, self.model)
        checked = (found, self.checked[2]) if valid and self.checked is not None else None
        return formulas(
            self.config, self._data, recording, self.history, step, self.options.temperature, checked
        )


VIEW = TrainView
