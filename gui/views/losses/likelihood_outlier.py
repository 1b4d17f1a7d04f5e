"""An outlier, and its influence on the lines of three losses."""

import numpy as np

from engine.experiments.losses.likelihood import RobustFits
from engine.losses.likelihood import Array
from engine.losses.robust_lines import LINE_LOSSES
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import DOTTED, Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel, Handle, Mark
from gui.plots.points import PointsPanel
from gui.plots.scale import Range
from gui.views.losses.likelihood_shared import At, dots, lines_of, residuals
from gui.views.pinned import behind

SWEPT = 1.2  # how far beyond the points the outlier is moved, in heights of the points


def show_lines(panel: PointsPanel, at: At) -> None:
    """The line of each loss, and the one without the outlier."""
    theme, x = panel.theme, np.array(panel.home[0])
    without, quiet = lines_of(at).without.at(x), Stroke(theme.quiet, DOTTED)
    points = [*at.config.points, at.config.outlier]
    panel.set_curves(
        [
            *behind(at, lambda _, recording: _lines(recording.data, x, theme)),
            Curve("without", tr("squares without the outlier"), x, without, quiet),
            residuals(points, lines_of(at).lines["mse"].at, theme),
            *_lines(at.data, x, theme, width=2.4),
        ]
    )
    ring = Handle("outlier", tr("outlier"), *at.config.outlier, Stroke(theme.text))
    panel.set_handles([ring, *dots(at, theme)])


def _lines(found: object, x: Array, theme: Theme, width: float = 1.8) -> list[Curve]:
    """The line of each loss, where the scene has them."""
    return [
        Curve(name, tr(LINE_LOSSES[name].title), x, line.at(x), theme.stroke(name), width=width)
        for name, line in (found.lines.items() if isinstance(found, RobustFits) else ())
    ]


def show_pulls(panel: CurvesPanel, at: At) -> None:
    """Show the influence of a residual for each loss, with that of the outlier."""
    delta, (x, y) = at.config.delta, at.config.outlier
    residuals = {name: y - float(line.at(x)) for name, line in lines_of(at).lines.items()}
    heights = [height for _, height in (*at.config.points, at.config.outlier)]
    reach = 1.15 * max(*map(abs, residuals.values()), 2 * min(delta, np.ptp(heights)), 1e-9)
    corners = [-delta, delta, *(1e-9 * reach * np.arange(-1, 2))]
    r = np.unique(np.concatenate([np.linspace(-reach, reach, 81), corners]))
    r = r[np.abs(r) <= reach]
    pulls, stroke = {name: LINE_LOSSES[name].influence for name in residuals}, panel.theme.stroke
    panel.set_axes((tr("residual r = y − ŷ"), ""), (tr("influence ψ(r)"), ""), x_limits=(-reach, reach))
    panel.set_curves(
        [
            Curve(name, tr(LINE_LOSSES[name].title), r, pull(r, delta), stroke(name))
            for name, pull in pulls.items()
        ]
    )
    panel.set_marks(
        [
            Mark(residual, float(pulls[name](np.array(residual), delta)), "", stroke(name))
            for name, residual in residuals.items()
        ]
    )


def edges(at: At) -> Range:
    """Return the range over which the outlier is moved."""
    heights, y = [height for _, height in at.config.points], at.config.outlier[1]
    low, high = min(heights), max(heights)
    room = SWEPT * (high - low) or 1.0
    return min(low - room, y - 0.3 * room), max(high + room, y + 0.3 * room)


def show_sweep(panel: CurvesPanel, at: At, answer: tuple[Array, dict[str, Array]]) -> None:
    """Show the slope of each line against the y of the outlier, which can be dragged."""
    places, slopes = answer
    panel.set_axes((tr("y of the outlier"), ""), (tr("slope"), ""), x_limits=edges(at))
    panel.set_curves(
        [
            Curve(name, tr(LINE_LOSSES[name].title), places, values, panel.theme.stroke(name))
            for name, values in slopes.items()
        ]
    )
    y = at.config.outlier[1]
    ring = Handle(
        "outlier",
        f"y = {short_text(y, 4)}",
        y,
        lines_of(at).lines["mse"].slope,
        Stroke(panel.theme.text),
        "x",
    )
    panel.set_handles([ring])
