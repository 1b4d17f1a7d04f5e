"""What the three scenes of *Likelihood and least squares* share."""

from collections.abc import Sequence

from engine.config import Config
from engine.experiments.losses.likelihood import Fit, Lines
from engine.experiments.losses.likelihood_config import LikelihoodConfig
from gui.language import tr
from gui.moment import Moment
from gui.plots.curves import CurvesPanel, Handle
from gui.plots.points import PointsPanel
from gui.theme import Stroke, Theme

At = Moment[LikelihoodConfig, Config]
Range = tuple[float, float]
ROOM = 0.1  # of the width of the points, to each side


def fit_of(at: At) -> Fit:
    """The closed form for the points, and what belongs to it."""
    found: Fit = at.snapshot
    return found


def lines_of(at: At) -> Lines:
    """The lines beside the outlier."""
    found: Lines = at.snapshot
    return found


def data_axes_of(at: At) -> tuple[Range, Range]:
    """From the least to the largest coordinate of all points, with some room."""
    config = at.config
    points = config.points if config.scene == "points" else (*config.points, config.outlier)
    return _spread([x for x, _ in points]), _spread([y for _, y in points])


def show_data_axes(panel: PointsPanel, at: At) -> None:
    """Let the axes reach around the points; the panel has them stand still during a drag."""
    across, up = data_axes_of(at)
    panel.set_axes(("x", ""), ("y", ""), x_limits=across, y_limits=up)


def show_step(panel: CurvesPanel, at: At) -> None:
    """Mark the step."""
    panel.set_cursor(at.step)


def dots(at: At, theme: Theme) -> list[Handle]:
    """The points as what can be dragged."""
    stroke = Stroke(theme.text)
    return [Handle(str(k), "", x, y, stroke, dot=True) for k, (x, y) in enumerate(at.config.points)]


def pinned(label: str) -> str:
    """How a pinned run is called."""
    return tr("pinned: {what}", what=label)


def _spread(values: Sequence[float]) -> Range:
    low, high = min(values), max(values)
    room = ROOM * (high - low) or 1.0
    return low - room, high + room
