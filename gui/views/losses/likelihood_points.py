"""Points and a curve: found at once by QR, and step by step down the likelihood surface."""

import numpy as np

from engine.experiments.losses.likelihood import Fit
from engine.experiments.losses.likelihood_config import LikelihoodConfig
from engine.experiments.losses.likelihood_inspection import point, walked
from engine.experiments.losses.likelihood_plane import Bounds, Plane, plane
from engine.likelihood import Array
from engine.recording import Recording
from gui.language import tr
from gui.notes import Live
from gui.plots.contours import FieldPanel, Path
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.points import PointsPanel
from gui.theme import DOTTED, Stroke, Theme
from gui.views.losses.likelihood_formulas import points_formulas
from gui.views.losses.likelihood_shared import At, dots, fit_of, pinned


def points_formulas_of(at: At) -> list[Live]:
    """The formulas of this scene."""
    return points_formulas(at.config, fit_of(at), point(at.recording, at.step))


# The data


def show_fit(panel: PointsPanel, at: At) -> None:
    """Both curves through the points, behind them those of pinned runs."""
    fit, now, stroke = fit_of(at), point(at.recording, at.step), panel.theme.stroke
    x = np.linspace(*panel.home[0], 161)
    closed, descent = fit.curve(fit.best.theta, x), fit.curve(now.theta, x)
    panel.set_curves([
        _residuals(at, panel.theme),
        *_pinned_fits(at, x, panel.theme),
        Curve("closed", tr("closed form (QR)"), x, closed, stroke("mse"), width=2.7),
        Curve("descent", tr("gradient descent"), x, descent, stroke("gradient_descent"), width=1.2),
    ])  # fmt: skip
    panel.set_handles(dots(at, panel.theme))


def _residuals(at: At, theme: Theme) -> Curve:
    """From each point straight to the closed form: what is squared."""
    fit = fit_of(at)
    x, y = np.array(sorted(at.config.points)).T
    ends = np.column_stack([y, fit.curve(fit.best.theta, x), np.full(len(x), np.nan)])
    return Curve("residuals", "", np.repeat(x, 3), ends.ravel(), Stroke(theme.quiet, DOTTED), width=1.2)


def _pinned_fits(at: At, x: Array, theme: Theme) -> list[Curve]:
    curves = []
    for number, ghost in enumerate(at.ghosts):
        found = ghost.recording.snapshot(0)[1]
        if isinstance(found, Fit):
            y = found.curve(point(ghost.recording, min(at.step, ghost.recording.last)).theta, x)
            stroke = theme.stroke("gradient_descent")
            curves.append(Curve(f"ghost {number}", pinned(ghost.label), x, y, stroke, ghost=True))
    return curves


# The surface


def _plane(at: At) -> Plane:
    return at.once(plane, fit_of(at), at.config.sigma)


def _path(at: At) -> Array:
    return at.once(_path_over, _plane(at), at.recording, at.last)


def _path_over(found: Plane, recording: Recording, last: int) -> Array:
    return found.place(walked(recording, last))


def surface_of(at: At) -> tuple[object, ...]:
    """The bowl, and how its coordinates are called; not how much of it is in sight."""
    found = _plane(at)
    return *found.lowest.tolist(), *found.curvature.ravel().tolist(), parameters(at.config)


def whole_surface_of(at: At) -> tuple[object, ...]:
    """The bowl with what is in sight."""
    return *surface_of(at), _bounds(at)


def _bounds(at: At) -> Bounds:
    return _plane(at).bounds(_path(at))


def show_surface(panel: FieldPanel, at: At) -> None:
    """Draw the bowl around its minimum."""
    found, bounds = _plane(at), _bounds(at)
    x, y = parameters(at.config)
    panel.set_axes((x, ""), (y, ""), "L − L*")
    panel.set_field(found.heights(bounds), bounds, value_at=found.height)
    panel.set_minima([tuple(found.lowest.tolist())])


def show_way(panel: FieldPanel, at: At) -> None:
    """The way so far, and of a line the start, which can be dragged."""
    known = _path(at)[: at.step + 1]
    panel.set_start(*known[0].tolist() if at.config.degree == 1 else (None,))
    lost, finite = not np.isfinite(known[-1]).all(), known[np.isfinite(known).all(axis=1)]
    panel.set_paths([Path("descent", "", finite, panel.theme.stroke("gradient_descent"), diverged=lost)])


def parameters(config: LikelihoodConfig) -> tuple[str, str]:
    """The names of the two coordinates of the surface."""
    if config.degree > 1:
        return tr("the steepest direction"), tr("the flattest direction")
    return {
        "raw": (tr("intercept θ₀"), tr("slope θ₁")),
        "scaled": (tr("intercept θ₀, at the middle"), tr("slope θ₁, per half the width")),
        "orthogonal": (tr("intercept θ₀, at the mean"), tr("slope θ₁, per standard deviation")),
    }[config.features]


# The steps


def descent_axes_of(at: At) -> tuple[Recording, int, bool]:
    """The run, how many steps it has, and whether there is a minimum to be above."""
    return at.recording, at.config.steps, fit_of(at).sigma > 0


def show_descent_axes(panel: CurvesPanel, at: At) -> None:
    """L − L*, or L where there is no minimum, against the step."""
    _, steps, bounded = descent_axes_of(at)
    label = "L − L*" if bounded else "L"
    panel.set_axes((tr("step"), ""), (label, tr("nats")), log_y=bounded, x_limits=(0.0, float(steps)))


def show_descent(panel: CurvesPanel, at: At) -> None:
    """How far each step is from the minimum."""
    column = "above" if fit_of(at).sigma > 0 else "loss"
    runs = [(f"ghost {k}", pinned(ghost.label), ghost.recording) for k, ghost in enumerate(at.ghosts)]
    stroke = panel.theme.stroke("gradient_descent")
    panel.set_curves([
        Curve(key, name, np.arange(run.last + 1.0), run.column(column), stroke, ghost=bool(name))
        for key, name, run in (*runs, ("descent", "", at.recording))
        if column in run.names
    ])  # fmt: skip
