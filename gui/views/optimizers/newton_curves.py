"""The curves of Newton's method: the parabola on the curve, its level lines on a surface, the errors."""

from dataclasses import replace
from typing import Any

import numpy as np

from engine.convergence.newton_cost import power
from engine.experiments.optimizers.newton import METHODS
from engine.experiments.optimizers.newton_config import NewtonConfig, function_of
from engine.experiments.optimizers.newton_inspection import NewtonStep, step_of
from engine.recording import Recording
from engine.surfaces.functions_1d import Array, Function1D
from engine.surfaces.quadratic_model import level_lines
from gui.look.language import tr
from gui.look.numbers import SUBSCRIPTS
from gui.look.theme import DASHED, DOTTED, SOLID, Stroke, Theme
from gui.plots.contours import Track
from gui.plots.curves import Curve, Mark
from gui.plots.ticks import fixed_text
from gui.screen.moment import Moment
from gui.views.curve_plots import CurveAxes, Plot, over_steps
from gui.views.pinned import column_curve, with_pinned

At = Moment[NewtonConfig, Any]
TITLES = {"newton": "Newton", "damped_newton": "Damped Newton", "gradient_descent": "Gradient descent"}
# Short names, for little room.
SHORT = {"newton": "Newton", "damped_newton": "damped", "gradient_descent": "descent"}
LEAST = 1e-17  # where an error of 0 is drawn on a log axis
POINTS = 801
BEYOND = 2.0  # widths of the picture in which there is a curve beyond either side of it, for who zooms out
MOST_DOTS = 40
ROLL = 25  # points of the way down the parabola
LEVELS = (0.5, 1.0, 2.0)  # of the model's level lines, as shares of the way to the vertex
FORMULAS = {
    "exponential": "eˣ − 2x",
    "parabola": "(x − 1)²",
    "double_well": "x⁴/4 − x²/2",
    "cycle": "x⁴/4 − x² + 2x",
    "flat_bottom": "x⁴",
    "double_root": "x³/3",
    "log_cosh": "ln cosh x",
    "well": "−exp(−x²/2)",
}
PARTS = {"gradient": "measuring the gradient", "forming": "forming H", "solving": "solving H d = g"}
PART_STROKES = {"gradient": "gradient_vector", "forming": "js", "solving": "newton"}


def step_shown(at: At) -> NewtonStep | None:
    """The step whose model is drawn."""
    return at.once(step_of, at.config, at.recording, at.step, at.options.of)


def curve_title(at: At) -> str:
    """Which curve it is, where its formula is short."""
    formula = FORMULAS.get(at.config.function)
    if formula is None:
        return tr("The curve, and the parabola of one step")
    return tr("f(x) = {formula}, and the parabola of one step", formula=formula)


def height(function: Function1D, x: Array) -> float:
    """f at a place; infinite or NaN where it has no value."""
    with np.errstate(all="ignore"):
        return float(function.value(x)[0])


def place_name(step: int) -> str:
    """x₃."""
    return "x" + str(step).translate(SUBSCRIPTS)


def sampled(function: Function1D) -> tuple[Array, Array]:
    """The curve, well beyond the picture on both sides."""
    low, high = function.bounds
    far = BEYOND * (high - low)
    x = np.unique(np.append(np.linspace(low - far, high + far, POINTS), np.linspace(low, high, POINTS)))
    with np.errstate(all="ignore"):
        return x, np.asarray(function.value(x), float)


def room_for(function: Function1D) -> tuple[float, float] | None:
    """From below the lowest to above the highest f in the picture; None where there is no value."""
    with np.errstate(all="ignore"):
        f = function.value(np.linspace(*function.bounds, 401))
    f = f[np.isfinite(f)]
    if not len(f):
        return None
    low, high = float(f.min()), float(f.max())
    margin = 0.12 * (high - low) or 1.0
    return low - 1.6 * margin, high + margin


def model_curves(at: At, theme: Theme) -> list[Curve]:
    """f, and of the step its tangent, its parabola and the drop from the vertex to the curve."""
    function, found = function_of(at.config), step_shown(at)
    x, f = at.once(sampled, function)
    curves = [Curve("f", "f", x, f, Stroke(theme.text), width=2.0)]
    if found is None:
        return curves
    away, colour = x - found.x[0], theme.stroke(at.options.of).colour
    tangent = Stroke(theme.stroke("numeric").colour, DASHED)
    with np.errstate(all="ignore"):
        line, bent = found.value + found.gradient[0] * away, found.model.at(away[:, None])
    curves += [
        Curve("tangent", tr("tangent"), x, line, tangent, width=1.4),
        Curve("parabola", tr("parabola"), x, bent, Stroke(colour, SOLID), width=2.0),
    ]
    if found.vertex is not None:
        ends = np.array([_bottom(found), height(function, found.vertex)])
        place, drop = np.full(2, found.vertex[0]), Stroke(colour, DOTTED)
        curves.append(Curve("drop", "", place, ends, drop, width=1.4, column=tr("vertex")))
    return curves


def _bottom(found: NewtonStep) -> float:
    """The parabola at its vertex."""
    assert found.vertex is not None
    with np.errstate(all="ignore"):
        return float(found.model.at(found.vertex - found.x))


def _down_the_parabola(found: NewtonStep) -> Array:
    """The way from the place to the vertex, along the model."""
    assert found.vertex is not None
    x = np.linspace(found.x[0], found.vertex[0], ROLL)
    with np.errstate(all="ignore"):
        return np.column_stack((x, found.model.at((x - found.x[0])[:, None])))


def place_marks(at: At, theme: Theme) -> list[Mark]:
    """Where the chosen way and descent have been on the curve; the vertex, and the next place."""
    marks, way, step, found = [], at.options.of, at.step, step_shown(at)
    for other in dict.fromkeys(("gradient_descent", way)):
        x, f = (at.recording.column(f"{other}.{name}")[: step + 1].tolist() for name in "xf")
        stroke, first = theme.stroke(other), max(1, step + 1 - MOST_DOTS)
        marks += [Mark(a, b, "", stroke) for a, b in zip(x[first:], f[first:], strict=True)]
        if other != way and step and marks and np.isfinite(x[-1] + f[-1]):
            marks[-1] = Mark(x[-1], f[-1], tr("descent"), stroke)
    if found is None:
        return marks
    stroke = theme.stroke(way)
    if step:
        marks.append(Mark(float(found.x[0]), found.value, place_name(step), stroke))
    if found.vertex is not None:
        x, f = float(found.vertex[0]), height(function_of(at.config), found.vertex)
        roll, drop = _down_the_parabola(found), np.array([(x, _bottom(found)), (x, f)])
        marks += [
            Mark(x, _bottom(found), tr("vertex"), stroke, roll),
            Mark(x, f, place_name(step + 1), stroke, drop),
        ]
    return marks


def outlines(found: NewtonStep | None, way: str, theme: Theme) -> list[Track]:
    """Level lines of the quadratic model: ellipses around the vertex, hyperbolas where it is a saddle."""
    if found is None:
        return []
    stroke = Stroke(theme.stroke(way).colour, DASHED)
    with np.errstate(all="ignore"):
        lines = [line for share in LEVELS for line in level_lines(found.model, share)]
    known = [(k, line) for k, line in enumerate(lines) if np.isfinite(line).all()]
    return [Track(f"model.{k}", "", line, stroke, head=False) for k, line in known]


def errors(at: At, theme: Theme) -> Plot:
    """The error or the length of the gradient of every way at every step; 0 is drawn at the bottom."""
    column, name = ("error", "|x − x*|") if at.config.scene == "curve" else ("slope", "‖∇f‖")
    title = tr("{quantity}, at least 10⁻¹⁷", quantity=name)
    if column == "error" and not function_of(at.config).stationary:
        title = tr("{quantity}: no stationary point in the picture", quantity=name)

    def of_run(config: NewtonConfig, recording: Recording) -> list[Curve]:
        ways = [
            column_curve(recording, f"{way}.{column}", tr(SHORT[way]), theme.stroke(way))
            for way in METHODS
            if config.scene == at.config.scene
        ]
        return [replace(curve, y=np.maximum(curve.y, LEAST)) for curve in ways]

    limits = _error_limits(at.recording, column)
    axes = over_steps(at.config.steps, name, log=True, limits=limits, title=title)
    return Plot(axes, with_pinned(at, of_run))


def _error_limits(recording: Recording, quantity: str) -> tuple[float, float]:
    """Return whole decades around all errors, but at most 1000 times the error of the start."""
    found = np.concatenate([recording.column(f"{way}.{quantity}") for way in METHODS])
    found = np.maximum(found[np.isfinite(found)], LEAST)
    if not len(found):
        return 0.1, 10.0
    top = min(float(found.max()), 1e3 * float(found[0]))
    low, high = np.floor(np.log10(found.min()) - 0.1), np.ceil(np.log10(max(top, found.min())) + 0.1)
    return float(10.0**low), float(10.0**high)


def costs(at: At, theme: Theme) -> Plot:
    """Seconds against n: each part with the slope of its last sizes, and a line that grows as n³."""

    def of_run(config: NewtonConfig, recording: Recording) -> list[Curve]:
        told = PARTS if recording is at.recording else ("solving",) if config.scene == "cost" else ()
        return [_part(recording, part, theme) for part in told]

    n, seconds = _times(at.recording, "solving")
    cube = seconds[-1] * (n / n[-1]) ** 3 if len(n) else n
    seen = cube >= 0.3 * seconds.min(initial=np.inf)  # not far below everything that was measured
    line = Curve("cube", "n³", n[seen], cube[seen], theme.stroke("bound"), width=1.4)
    across = 8.0, float(at.config.largest)
    axes = CurveAxes((tr("unknowns n"), ""), (tr("time"), "s"), True, True, across, whole_x=True)
    known = "n" in at.recording.names and at.step > 0
    return Plot(axes, [*with_pinned(at, of_run), line], cursor=(at.value("n") if known else None, ""))


def _part(recording: Recording, part: str, theme: Theme) -> Curve:
    n, seconds = _times(recording, part)
    slope, name = power(n, seconds), tr(PARTS[part])
    if slope == slope:
        name = tr("{part}: slope {slope}", part=name, slope=fixed_text(slope, 2))
    return Curve(part, name, n, seconds, theme.stroke(PART_STROKES[part]), width=2.0)


def _times(recording: Recording, part: str) -> tuple[Array, Array]:
    if "n" not in recording.names:
        return np.zeros(0), np.zeros(0)
    return recording.column("n")[1:], recording.column(part)[1:]
