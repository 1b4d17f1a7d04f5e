"""What the three scenes of *Likelihood and least squares* share."""

from collections.abc import Callable, Sequence

import numpy as np

from engine.config import Config
from engine.experiments.losses.likelihood import CurveFit, RobustFits
from engine.experiments.losses.likelihood_config import LikelihoodConfig
from engine.experiments.losses.likelihood_inspection import Coin, coin
from engine.losses.likelihood import Array
from gui.look.theme import DOTTED, Stroke, Theme
from gui.plots.curves import Curve, Handle
from gui.plots.scale import Range
from gui.screen.moment import Moment
from gui.views.curve_plots import CurveAxes

At = Moment[LikelihoodConfig, Config]
ROOM = 0.1  # of the width of the points, to each side


def fit_of(at: At) -> CurveFit:
    """The closed form for the points, and what belongs to it."""
    found: CurveFit = at.data
    return found


def lines_of(at: At) -> RobustFits:
    """The lines beside the outlier."""
    found: RobustFits = at.data
    return found


def coin_of(at: At) -> Coin:
    """What was tossed so far."""
    return at.once(coin, at.recording, at.step)


def data_axes(at: At) -> CurveAxes:
    """From the least to the largest coordinate of all points, with some room."""
    config = at.config
    points = config.points if config.scene == "points" else (*config.points, config.outlier)
    across, up = (_spread(values) for values in zip(*points, strict=True))
    return CurveAxes(("x", ""), ("y", ""), x_limits=across, y_limits=up)


def dots(at: At, theme: Theme) -> list[Handle]:
    """The points as what can be dragged."""
    stroke = Stroke(theme.text)
    return [Handle(str(k), "", x, y, stroke, dot=True) for k, (x, y) in enumerate(at.config.points)]


def residuals(points: Sequence[tuple[float, float]], curve: Callable[[Array], Array], theme: Theme) -> Curve:
    """From each point straight to the curve: what is squared."""
    x, y = np.array(sorted(points)).T
    ends = np.column_stack([y, curve(x), np.full(len(x), np.nan)])
    return Curve(
        "residuals", "", np.repeat(x, 3), ends.ravel(), Stroke(theme.quiet, DOTTED), width=1.2, aid=True
    )


def _spread(values: Sequence[float]) -> Range:
    low, high = min(values), max(values)
    room = ROOM * (high - low) or 1.0
    return low - room, high + room
