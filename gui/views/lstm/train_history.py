"""How models have learnt so far: loss, length of the gradient and share of right answers, step by step."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.experiments.lstm.train_config import TrainConfig, kinds, titles
from engine.experiments.lstm.train_tasks import Line as Compared
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.plots.curves import Curve, CurvesPanel
from gui.strokes import ghost_stroke
from gui.theme import DOTTED, Stroke, Theme
from gui.views.step_curves import StepCurve, round_up

SLOTS = ("first", "second")
Points = tuple[np.ndarray, np.ndarray]


def stroke_of(theme: Theme, config: TrainConfig, model: int) -> Stroke:
    """The colour of a kind of cell; the second of two of one kind has another."""
    same = model == 1 and config.beside == config.cell
    return theme.stroke("q" if same else kinds(config)[model])


class History(QObject):
    """The plots over steps. `clicked` tells the step that was pointed at."""

    clicked = Signal(int)

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme
        self.loss = CurvesPanel(tr("Loss: thin on each batch, thick held-out"), theme)
        self.norm = CurvesPanel(tr("Length of the gradient"), theme)
        self.right = CurvesPanel(tr("Right answers, held-out"), theme)
        self.ghosts: Sequence[Ghost] = ()
        self._log = False
        self._reach = 0.0
        self._unit = ""
        self._lines: dict[tuple[int, str], StepCurve] = {}
        for panel in (self.loss, self.norm, self.right):
            panel.legend = "ends"
            panel.setMinimumSize(theme.px(120), theme.px(56))
            panel.clicked.connect(lambda x: self.clicked.emit(max(0, round(x))))

    def begin(self, config: TrainConfig, ghosts: Sequence[Ghost]) -> None:
        """Forget the last run."""
        self.ghosts, self._lines, self._reach = ghosts, {}, 0.0
        for panel in (self.loss, self.norm, self.right):
            panel.set_curves(())
        self._set_axes()

    def set_log(self, log: bool, unit: str) -> None:
        """Choose the scale and the unit of the loss."""
        if (log, unit) != (self._log, self._unit):
            self._log, self._unit = log, unit
            self._set_axes()

    def _set_axes(self) -> None:
        x, limits = (tr("step"), ""), (0.0, self._reach or 1.0)
        self.loss.set_axes(x, (tr("loss"), self._unit), log_y=self._log, x_limits=limits)
        self.norm.set_axes(x, ("‖g‖", ""), log_y=True, x_limits=limits)
        self.right.set_axes(x, (tr("right"), ""), x_limits=limits, y_limits=(0.0, 1.03))

    def draw(self, config: TrainConfig, recording: Recording, step: int, lines: Sequence[Compared]) -> None:
        """Draw the plots with the playhead at `step`."""
        self._follow(config, recording)
        self.loss.set_curves(
            [*self._compared(lines), *self._ghost_losses(), *self._losses(config, recording)]
        )
        self.norm.set_curves(self._norms(config, recording))
        if self.right.isVisible() or not self.right.isHidden():
            self.right.set_curves(self._answers(config, recording))
        for panel in (self.loss, self.norm, self.right):
            panel.set_cursor(step)

    def _follow(self, config: TrainConfig, recording: Recording) -> None:
        """Let the axis of steps reach beyond the run in round numbers, but not beyond its end."""
        reach = min(round_up(max(recording.last, 50.0)), float(config.steps))
        reach = max([reach, *(float(ghost.recording.last) for ghost in self.ghosts)])
        if reach != self._reach:
            self._reach = reach
            self._set_axes()

    # Curves

    def _compared(self, lines: Sequence[Compared]) -> list[Curve]:
        """The losses of those who have learnt nothing, as lines across."""
        across = np.array([0.0, self._reach])
        names = {"uniform": tr("uniform guess"), "frequencies": tr("frequencies"),
                 "mean": tr("the mean")}  # fmt: skip
        strokes = [self.theme.stroke("bound"), Stroke(self.theme.stroke("bound").colour, DOTTED)]
        return [
            Curve(line.key, names[line.key], across, np.full(2, line.value), stroke, width=1.2)
            for line, stroke in zip(lines, strokes, strict=False)
        ]

    def _losses(self, config: TrainConfig, recording: Recording) -> list[Curve]:
        """Each model on its batches, thin, and on what is held out, thick."""
        curves = []
        for k, name in enumerate(titles(config)):
            stroke, slot = stroke_of(self.theme, config, k), SLOTS[k]
            thin = Stroke(stroke.colour)
            curves += [
                Curve(tr("{name}, batch", name=name), "", *self._points(recording, f"{slot}.loss"), thin,
                      width=0.7),
                Curve(f"{slot}.held_out", name, *self._points(recording, f"{slot}.held_out"), stroke,
                      width=2.4, sparse=True),
            ]  # fmt: skip
        return curves

    def _norms(self, config: TrainConfig, recording: Recording) -> list[Curve]:
        curves = []
        if config.clip:
            across = np.array([0.0, self._reach])
            curves.append(Curve("clip", tr("clip"), across,
                                np.full(2, config.clip), self.theme.stroke("bound"), width=1.2))  # fmt: skip
        for k, name in enumerate(titles(config)):
            points = self._points(recording, f"{SLOTS[k]}.norm")
            stroke = Stroke(stroke_of(self.theme, config, k).colour)
            curves.append(Curve(f"{SLOTS[k]}.norm", name, *points, stroke, width=0.9))
        return curves

    def _answers(self, config: TrainConfig, recording: Recording) -> list[Curve]:
        return [
            Curve(f"{SLOTS[k]}.right", name, *self._points(recording, f"{SLOTS[k]}.right"),
                  stroke_of(self.theme, config, k), width=2.0, sparse=True)
            for k, name in enumerate(titles(config))
        ]  # fmt: skip

    def _ghost_losses(self) -> list[Curve]:
        """What pinned runs lost on what was held out."""
        curves = []
        for g, ghost in enumerate(self.ghosts):
            assert isinstance(ghost.config, TrainConfig)
            for k, _ in enumerate(titles(ghost.config)):
                stroke = stroke_of(self.theme, ghost.config, k)
                curves.append(
                    Curve(f"{SLOTS[k]}.{g}", "" if k else ghost.label,
                          *self._points(ghost.recording, f"{SLOTS[k]}.held_out"),
                          ghost_stroke(stroke, g),
                          ghost=True, width=1.6, sparse=True)
                )  # fmt: skip
        return curves

    # Numbers

    def at(self, recording: Recording, name: str, step: int) -> tuple[float, int]:
        """The newest value of a scalar not after `step`, and the step it was measured at."""
        if name not in recording.names:
            return float("nan"), step
        line = self._line(recording, name)
        line.points()
        return line.at(step)

    def _points(self, recording: Recording, name: str) -> Points:
        if recording.last < 0 or name not in recording.names:
            return np.zeros(0), np.zeros(0)
        return self._line(recording, name).points()

    def _line(self, recording: Recording, name: str) -> StepCurve:
        key = (id(recording), name)
        if key not in self._lines:
            self._lines[key] = StepCurve(recording, name)
        return self._lines[key]
