"""How a classifier has learnt so far: loss and accuracy against steps or epochs, pinned runs behind."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.experiments.losses.classifier_config import ClassifierConfig, steps_per_epoch
from engine.recording import Recording
from gui.language import tr
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.ticks import value_text
from gui.theme import DASH_DOT, DASHED, DOTTED, LONG, Stroke, Theme
from gui.view import Ghost

Vector = NDArray[np.float64]
GHOST_DASHES = (DOTTED, LONG, DASH_DOT, DASHED)  # one a pinned run, over again after the last


class Line:
    """The points of one scalar of a recording that are known; only what is new is looked at again."""

    def __init__(self, recording: Recording, name: str, stretch: float) -> None:
        self.recording, self.name, self.stretch = recording, name, stretch
        self._seen = 0
        self._x: Vector = np.zeros(0)
        self._y: Vector = np.zeros(0)

    def points(self) -> tuple[Vector, Vector]:
        """x = step · stretch and y, up to now."""
        column = self.recording.column(self.name)
        fresh = column[self._seen :]
        known = np.flatnonzero(~np.isnan(fresh))
        if known.size:
            self._x = np.append(self._x, (known + self._seen) * self.stretch)
            self._y = np.append(self._y, fresh[known])
        self._seen = len(column)
        return self._x, self._y

    def at(self, step: int) -> float:
        """The newest value not after `step`; NaN before the first."""
        k = int(np.searchsorted(self._x, step * self.stretch + 1e-9, side="right"))
        return float(self._y[k - 1]) if k else float("nan")


class History(QObject):
    """The two plots. `clicked` tells the step that was pointed at."""

    clicked = Signal(int)

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme
        self.loss = CurvesPanel(tr("Loss"), theme)
        self.accuracy = CurvesPanel(tr("Accuracy"), theme)
        self.ghosts: Sequence[Ghost] = ()
        self._stretch = 1.0
        self._lines: dict[tuple[int, str], Line] = {}
        for panel in (self.loss, self.accuracy):
            panel.setMinimumSize(theme.px(120), theme.px(70))
            panel.clicked.connect(lambda x: self.clicked.emit(max(0, round(x / self._stretch))))

    def begin(self, ghosts: Sequence[Ghost]) -> None:
        """Forget the last run."""
        self.ghosts, self._lines = ghosts, {}
        for panel in (self.loss, self.accuracy):
            panel.set_curves(())
            panel.restart()

    def set_axes(self, log_loss: bool, epochs: bool) -> None:
        """Choose the scales."""
        x = (tr("epoch"), "") if epochs else (tr("step"), "")
        self.loss.set_axes(x, (tr("loss"), tr("nats")), log_y=log_loss)
        self.accuracy.set_axes(x, (tr("accuracy"), ""))
        self._lines = {}

    def draw(self, config: ClassifierConfig, recording: Recording, step: int, epochs: bool) -> None:
        """Draw both plots with the playhead at `step`."""
        runs = [(ghost.config, ghost.recording, ghost.label) for ghost in self.ghosts]
        self._stretch = _stretch(config, recording, epochs)
        for panel, quantity in ((self.loss, "loss"), (self.accuracy, "accuracy")):
            curves = [
                curve
                for k, (its_config, its_recording, label) in enumerate(runs)
                if its_recording.last >= 0 and isinstance(its_config, ClassifierConfig)
                for curve in self._ghost(k, its_config, its_recording, label, quantity, epochs)
            ]
            own = [self._line(recording, f"{part}_{quantity}", self._stretch)
                   for part in ("training", "held_out")]  # fmt: skip
            curves += [
                Curve("training", tr("training"), *own[0].points(), self.theme.stroke("training")),
                Curve("held_out", tr("held-out"), *own[1].points(), self.theme.stroke("held_out"),
                      sparse=True),
            ]  # fmt: skip
            panel.set_curves(curves)
            values = " · ".join(value_text(line.at(step)) for line in own) if step < recording.last else ""
            panel.set_cursor(step * self._stretch, values)

    def at(self, recording: Recording, name: str, step: int) -> float:
        """The newest value of a scalar not after `step`."""
        line = self._line(recording, name, self._stretch)
        line.points()
        return line.at(step)

    def _line(self, recording: Recording, name: str, stretch: float) -> Line:
        key = (id(recording), name)
        if key not in self._lines:
            self._lines[key] = Line(recording, name, stretch)
        return self._lines[key]

    def _ghost(
        self, k: int, config: ClassifierConfig, recording: Recording, label: str, quantity: str, epochs: bool
    ) -> list[Curve]:
        """Two faint curves; only the held-out one is named, with the settings that differ."""
        stretch, dash = _stretch(config, recording, epochs), GHOST_DASHES[k % len(GHOST_DASHES)]
        curves = []
        for part, name in (("training", ""), ("held_out", label)):
            points = self._line(recording, f"{part}_{quantity}", stretch).points()
            stroke = Stroke(self.theme.stroke(part).colour, dash)
            curves.append(
                Curve(f"{part}_{k}", name, *points, stroke, ghost=True, width=1.4, sparse=part == "held_out")
            )
        return curves


def _stretch(config: ClassifierConfig, recording: Recording, epochs: bool) -> float:
    """How far along the axis a step leads."""
    return 1.0 / steps_per_epoch(config, recording.snapshot(0)[1].data) if epochs else 1.0
