"""Points and a curve: computed by QR, and step by step by descent on the likelihood surface."""

from functools import partial

import numpy as np

from engine.experiments.losses.likelihood import CurveFit
from engine.experiments.losses.likelihood_config import LikelihoodConfig
from engine.experiments.losses.likelihood_inspection import point, walked
from engine.experiments.losses.likelihood_plane import Bounds, LikelihoodPlane, plane
from engine.losses.likelihood import Array
from engine.recording import Recording
from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.contours import FieldPanel, Track
from gui.plots.curves import Curve
from gui.plots.points import PointsPanel
from gui.views.curve_plots import Plot, over_steps
from gui.views.losses.likelihood_shared import At, dots, fit_of, residuals
from gui.views.pinned import behind, column_curve, with_pinned


def show_fit(panel: PointsPanel, at: At) -> None:
    """Show both curves through the points, those of pinned runs behind."""
    fit, now, stroke = fit_of(at), point(at.recording, at.step), panel.theme.stroke
    x = np.linspace(*panel.home[0], 161)
    closed, descent = fit.curve(fit.best.theta, x), fit.curve(now.theta, x)

    def descended(_: LikelihoodConfig, recording: Recording) -> list[Curve]:
        found = recording.data
        if not isinstance(found, CurveFit):
            return []
        y = found.curve(point(recording, min(at.step, recording.last)).theta, x)
        return [Curve("descent", "", x, y, stroke("gradient_descent"))]

    panel.set_curves(
        [
            residuals(at.config.points, partial(fit.curve, fit.best.theta), panel.theme),
            *behind(at, descended),
            Curve("closed", tr("closed form (QR)"), x, closed, stroke("mse"), width=2.7),
            Curve("descent", tr("gradient descent"), x, descent, stroke("gradient_descent"), width=1.2),
        ]
    )
    panel.set_handles(dots(at, panel.theme))


def _plane(at: At) -> LikelihoodPlane:
    return at.once(plane, fit_of(at), at.config.sigma)


def _path(at: At) -> Array:
    return at.once(_path_over, _plane(at), at.recording, at.last)


def _path_over(found: LikelihoodPlane, recording: Recording, last: int) -> Array:
    return found.place(walked(recording, last))


def surface_of(at: At) -> tuple[object, ...]:
    """Return the key of the surface and its coordinates, without the visible part."""
    found = _plane(at)
    return *found.lowest.tolist(), *found.curvature.ravel().tolist(), parameters(at.config)


def whole_surface_of(at: At) -> tuple[object, ...]:
    """Return the key of the surface with its visible part."""
    return *surface_of(at), _bounds(at)


def _bounds(at: At) -> Bounds:
    return _plane(at).bounds(_path(at))


def show_surface(panel: FieldPanel, at: At) -> None:
    """Draw the surface around its minimum."""
    found, bounds = _plane(at), _bounds(at)
    x, y = parameters(at.config)
    panel.set_axes(x, y, "L − L*")
    panel.set_field(found.heights(bounds), bounds, value_at=found.height)
    panel.set_minima([tuple(found.lowest.tolist())])


def show_way(panel: FieldPanel, at: At) -> None:
    """Show the path so far, and for a line the start, which can be dragged."""
    known = _path(at)[: at.step + 1]
    panel.set_start(*known[0].tolist() if at.config.degree == 1 else (None,))
    lost, finite = not np.isfinite(known[-1]).all(), known[np.isfinite(known).all(axis=1)]
    stroke, column = panel.theme.stroke("gradient_descent"), tr("gradient descent")
    panel.set_paths([Track("descent", "", finite, stroke, diverged=lost, column=column)])


def parameters(config: LikelihoodConfig) -> tuple[tuple[str, str], tuple[str, str]]:
    """The names of the two coordinates of the surface, and where or in what they are measured."""
    if config.degree > 1:
        return (tr("the steepest direction"), ""), (tr("the flattest direction"), "")
    return {
        "raw": ((tr("intercept θ₀"), ""), (tr("slope θ₁"), "")),
        "scaled": (("θ₀", tr("at the middle")), (tr("slope θ₁"), tr("per half the width"))),
        "orthogonal": (("θ₀", tr("at the mean")), (tr("slope θ₁"), tr("per standard deviation"))),
    }[config.features]


def descent(at: At, theme: Theme) -> Plot:
    """Return L − L* against the step, or L if there is no minimum."""
    bounded, stroke = fit_of(at).sigma > 0, theme.stroke("gradient_descent")
    column, name = ("above", "L − L*") if bounded else ("loss", "L")
    curves = with_pinned(
        at,
        lambda _, recording: [
            column_curve(recording, known, name, stroke) for known in (column,) if known in recording.names
        ],
    )
    return Plot(over_steps(at.config.steps, name, tr("nats"), bounded), curves)
