"""What the three scenes of *Likelihood and least squares* share."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.config import Problem
from engine.experiments.losses.likelihood_config import LikelihoodConfig, Points, with_point, without_point
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.plots.annotations import Handle
from gui.plots.panel import Panel
from gui.plots.points import PointsPanel
from gui.splitters import above_each_other, side_by_side
from gui.theme import Stroke, Theme
from gui.views.losses.likelihood_controls import PointsBar

Range = tuple[float, float]
ROOM = 0.1  # of the width of the points, to each side


class Scene(QWidget):
    """A large plot above two smaller ones."""

    edited = Signal(object)
    step_chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.config = LikelihoodConfig()
        self.ghosts: Sequence[Ghost] = ()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)

    def lay_out(self, above: Panel, left: Panel, right: Panel) -> None:
        """Put the plots in their places."""
        below = side_by_side((left, right), (1, 1))
        self.column.addWidget(above_each_other((above, below), (11, 9)), 1)

    def panels(self) -> list[Panel]:
        """The plots, in reading order."""
        raise NotImplementedError

    def begin(self, config: LikelihoodConfig, ghosts: Sequence[Ghost]) -> None:
        """Prepare for a run."""
        self.config, self.ghosts = config, ghosts

    def draw(self, recording: Recording, step: int) -> None:
        """Show the run as it was at `step`."""
        raise NotImplementedError

    def live(self, recording: Recording, step: int) -> list[Live]:
        """The formulas with their numbers."""
        raise NotImplementedError

    def edit(self, change: object, *values: object) -> None:
        """Ask for `change(config, *values)`; what the rules refuse is left as it is."""
        try:
            wanted = change(self.config, *values)  # type: ignore[operator]
        except Problem:
            return
        if wanted != self.config:
            self.edited.emit(wanted)


class PointsScene(Scene):
    """A scene with points that are dragged, added and taken away."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__(theme)
        self.data = PointsPanel(title, theme)
        self.data.legend = "strip"
        self.bar = PointsBar(theme)
        self.column.addWidget(self.bar)
        self._axes: object = None
        self.data.handle_dragged.connect(self.dragged)
        self.data.added.connect(self.added)
        self.data.removed.connect(self.removed)
        self.bar.added.connect(self.data.add_in_the_middle)
        self.bar.removed.connect(lambda: self.removed(self.data.chosen or ""))

    def dragged(self, key: str, x: float, y: float) -> None:
        """A point was moved."""
        self.edit(with_point, int(key), x, y)

    def added(self, x: float, y: float) -> None:
        """A point is wanted at (x, y); the keys move it then."""
        self.edit(with_point, len(self.config.points), x, y)
        self.data.choose(str(len(self.config.points) - 1))

    def removed(self, key: str) -> None:
        """A point is to go."""
        if key.isdigit():
            self.edit(without_point, int(key))

    def dots(self) -> list[Handle]:
        """The points as what can be dragged."""
        stroke = Stroke(self.theme.text)
        return [Handle(str(k), "", x, y, stroke, dot=True) for k, (x, y) in enumerate(self.config.points)]

    def see(self, points: Points) -> tuple[Range, Range]:
        """Let the axes reach around the points, but stand still during a drag; returned is what they show."""
        ranges = spread([x for x, _ in points]), spread([y for _, y in points])
        if ranges != self._axes:
            self._axes = ranges
            self.data.set_axes(("x", ""), ("y", ""), x_limits=ranges[0], y_limits=ranges[1])
        return self.data.home

    def places(self, across: Range) -> np.ndarray:
        """Where curves are computed."""
        return np.linspace(*across, 161)


def spread(values: Sequence[float]) -> Range:
    """From the least to the largest, with some room."""
    low, high = min(values), max(values)
    room = ROOM * (high - low) or 1.0
    return low - room, high + room


def pinned(label: str) -> str:
    """How a pinned run is called."""
    return tr("pinned: {what}", what=label)
