"""The formulas of Newton's method with the numbers of the step on show, and its tables."""

from math import isinf, isnan

import numpy as np

from engine.convergence.newton_cost import power
from engine.experiments.optimizers.newton import METHODS
from engine.experiments.optimizers.newton_config import function_of, surface_of
from engine.experiments.optimizers.newton_inspection import (
    NewtonChecks,
    NewtonStep,
    ended,
    rests_at,
    stays,
    step_of,
)
from engine.surfaces.quadratic_model import right_digits
from gui.look.language import problem_text, tr
from gui.look.numbers import short_text
from gui.look.theme import Theme
from gui.plots.own.table import TableRow
from gui.plots.ticks import fixed_text, value_text
from gui.screen.notes import Live
from gui.screen.terms import Term
from gui.views.optimizers.newton_curves import PARTS, SHORT, TITLES, At, place_name
from gui.views.schedule_blocks import schedule_blocks, schedule_terms
from gui.views.words import joined, vector

DECIMALS, NEAR = 11, 100.0  # of a place in the table, and how near it is if it has so many
SHAPES = {"bowl": "bowl", "saddle": "saddle", "hill": "hill", "flat": "flat"}
PLACES = {"bowl": "minimum", "saddle": "saddle point", "hill": "maximum", "flat": "undecided"}
UNITS = ((1e-3, 1e6, "µs"), (1.0, 1e3, "ms"), (np.inf, 1.0, "s"))
BENT = {
    "newton": r"f''(x_t)",
    "damped_newton": r"\left(f''(x_t)+\lambda\right)",
    "gradient_descent": r"\frac{1}{\eta}",
}
STEPS_1D = {
    "newton": r"x_{t+1}=x_t-\frac{f'(x_t)}{f''(x_t)}",
    "damped_newton": r"x_{t+1}=x_t-\frac{f'(x_t)}{f''(x_t)+\lambda}",
    "gradient_descent": r"x_{t+1}=x_t-\eta\,f'(x_t)",
}
STEPS = {
    "newton": r"H\,d=g,\quad x_{t+1}=x_t-d",
    "damped_newton": r"\left(H+\lambda I\right)d=g,\quad x_{t+1}=x_t-d",
    "gradient_descent": r"\frac{1}{\eta}\,d=g,\quad x_{t+1}=x_t-d",
}
HESSIAN = r"H=\left(\begin{matrix}f_{xx}&f_{xy}\\f_{xy}&f_{yy}\end{matrix}\right)"
TAKEN = {  # for the curvature, by a way for which that is another
    "damped_newton": "taken for it: f″ + λ = {curvature}",
    "gradient_descent": "taken for it: 1/η = {curvature}, everywhere",
}
TAKEN_NOW = "taken for it in this step: 1/η_t = {curvature}, everywhere"
OPENS = {
    "bowl": "It opens upward: the vertex is its lowest point.",
    "hill": "It opens downward: the vertex is its top.",
    "saddle": "It is a saddle: the vertex is where it is level, not where it is lowest.",
    "flat": "It has no curvature in some direction: no single vertex.",
}
Table = tuple[str, tuple[str, ...], list[TableRow], int]  # title, heads of columns, lines, which is chosen


def curve_blocks(at: At, found: NewtonStep, tested: NewtonChecks) -> list[Live]:
    """The curve, the parabola and the way to its vertex; where it rests, and how its error shrinks."""
    function, way, text = function_of(at.config), at.options.of, value_text
    x, slope, bend = text(float(found.x[0])), text(float(found.gradient[0])), float(found.hessian[0, 0])
    rule, arithmetic = at.config.descent, ""
    believed = "∞" if stays(at.config, at.step + 1, way) else text(float(found.model.curvature[0, 0]))
    taken = TAKEN.get(way, "") if rule.constant_rate or way != "gradient_descent" else TAKEN_NOW
    if found.vertex is not None:
        arithmetic = f"{x} − ({slope}) / ({believed}) = {text(float(found.vertex[0]))}"
    here = f"{place_name(at.step)} = {x}\nf = {text(found.value)},  f′ = {slope}"
    parabola = rf"q(x)=f(x_t)+f'(x_t)\,(x-x_t)+\frac{{1}}{{2}}\,{rule.with_schedule(BENT[way])}\,(x-x_t)^2"
    return [
        Live(tr("The curve"), function.latex, here, tested.gradient, function.plain),
        Live(
            tr("Its parabola"),
            parabola,
            joined(f"f″ = {text(bend)}", tr(taken, curvature=believed) if taken else ""),
            tested.hessian,
        ),
        Live(
            tr("One step to its vertex: {name}", name=tr(TITLES[way])),
            rule.with_schedule(STEPS_1D[way]),
            joined(arithmetic, _verdict(found)),
        ),
        *_rate_blocks(at),
        *_rest_block(at),
        *_error_block(at),
    ]


def _verdict(found: NewtonStep) -> str:
    """What the vertex is, and whether the step begins uphill."""
    return tr(OPENS[found.shape]) + (" " + tr("This step sets out uphill.") if found.uphill else "")


def _error_block(at: At) -> list[Live]:
    """How the error shrinks from this step to the next, where that is known."""
    error = at.recording.column(f"{at.options.of}.error")
    if not at.step < at.last or not np.isfinite(error[at.step : at.step + 2]).all():
        return []
    now, then = error[at.step : at.step + 2].tolist()
    numbers = tr(
        "error {now} → {then}\ncorrect decimals {before} → {after}",
        now=now,
        then=then,
        before=digits_text(now),
        after=digits_text(then),
    )
    if now > 0 and then > 0 and now * now > 0:
        numbers += f"\neₜ₊₁ / eₜ = {value_text(then / now)}\neₜ₊₁ / eₜ² = {value_text(then / now**2)}"
    return [Live(tr("Quadratic or linear?"), r"e_t=|x_t-x^*|", numbers)]


def surface_blocks(at: At, found: NewtonStep, tested: NewtonChecks) -> list[Live]:
    """The surface, its Hessian, and the step; where it rests."""
    surface, way, text = surface_of(at.config), at.options.of, value_text
    low, high = map(text, np.linalg.eigvalsh(found.hessian).tolist())
    x, g, step = vector(found.x), vector(found.gradient), ""
    rows = f"H = [{vector(found.hessian[0])}, {vector(found.hessian[1])}]"
    if found.vertex is not None:
        step = tr("d = {d}, to {x}", d=vector(found.x - found.vertex), x=vector(found.vertex))
    return [
        Live(
            tr(surface.title),
            surface.latex,
            tr("at {x}: f = {f}, g = {g}", x=x, f=text(found.value), g=g),
            tested.gradient,
        ),
        Live(
            tr("Its Hessian"),
            HESSIAN,
            joined(rows, tr("eigenvalues {low}, {high}", low=low, high=high)),
            tested.hessian,
        ),
        Live(
            tr("One step to its vertex: {name}", name=tr(TITLES[way])),
            at.config.descent.with_schedule(STEPS[way]),
            joined(step, _verdict(found)),
        ),
        *_rate_blocks(at),
        *_rest_block(at),
    ]


def _rate_blocks(at: At) -> list[Live]:
    """How the learning rate of the step follows from η, if gradient descent is looked at."""
    return schedule_blocks(at.config.descent, at.step + 1) if at.options.of == "gradient_descent" else []


def rate_terms(at: At) -> list[Term]:
    """The terms of these."""
    shown = at.options.of == "gradient_descent" and at.config.scene != "cost"
    return schedule_terms(at.config.descent, at.step + 1) if shown else []


def _rest_block(at: At) -> list[Live]:
    """At what kind of place a way has come to rest, if it has."""
    rest = rests_at(at.config, at.recording, at.step, at.options.of)
    told = tr("A stationary point of f: {kind}.", kind=tr(PLACES[rest])) if rest else ""
    return [Live(tr("At rest"), r"g=0", told)] if rest else []


def end_block(at: At) -> Live:
    """When and why a way could not go on."""
    way, over = at.options.of, ended(at.recording, at.step, at.options.of)
    why = joined(tr("✗ step {step}", step=over[0]), problem_text(over[1])) if over else ""
    formula = (STEPS_1D if at.config.scene == "curve" else STEPS)[way]
    formula = at.config.descent.with_schedule(formula)
    return Live(tr("{name} cannot go on", name=tr(TITLES[way])), formula, why)


def cost_blocks(at: At, tested: NewtonChecks) -> list[Live]:
    """The three parts of a step, each with what it should cost and what it took."""
    known, residual = 0 < at.step <= at.last and "n" in at.recording.names, ""
    took = {part: _took(at, part) if known else "" for part in PARTS}
    if known:
        residual = f"‖Hd − g‖ / ‖g‖ = {value_text(at.value('residual'))}"
    size = at.config.largest
    return [
        Live(tr("Gradient: 4mn"), r"g=A^T\sigma(A\,w)+w", took["gradient"], tested.gradient),
        Live(
            tr("Forming H: 2mn²"),
            r"H=A^T\,\mathrm{diag}\left(\sigma(1-\sigma)\right)A+I",
            took["forming"],
            tested.hessian,
        ),
        Live(tr("Solving: ⅔n³"), r"H\,d=g", joined(took["solving"], residual)),
        Live(
            tr("Room for H"),
            r"8\,n^2",
            tr(
                "{small} MB for n = {n}, {large} TB for a million",
                small=f"{8e-6 * size**2:.3g}",
                n=size,
                large="8",
            ),
        ),
    ]


def _took(at: At, part: str) -> str:
    """The time of a part at the size on show, and how it grows."""
    n, seconds = (at.recording.column(name)[1:] for name in ("n", part))
    slope = power(n, seconds)
    grows = tr("grows as n to the power {slope}", slope=fixed_text(slope, 2)) if slope == slope else ""
    return joined(f"n = {n[at.step - 1]:.0f}: {time_text(float(seconds[at.step - 1]))}", grows)


def _digits(error: float) -> float:
    return float(right_digits(np.array(error), 0.0))


def digits_text(error: float) -> str:
    """How many decimals are right; "all" when nothing is left that this number format could tell."""
    digits = _digits(error)
    if isnan(digits):
        return "–"
    return tr("all") if isinf(digits) or digits > 17 else fixed_text(digits, 1)


def _place_text(x: float) -> str:
    """A place, with its decimals under those of the steps before it; far away shortly."""
    return fixed_text(x, DECIMALS) if abs(x) < NEAR else short_text(x)


def digit_table(at: At, theme: Theme) -> Table:
    """The right digits of all ways, a line a step; at last x of one, left out where there is no room."""
    of, columns = at.options.of, [at.recording.column(f"{way}.error") for way in METHODS]
    steps = zip(at.recording.column(f"{of}.x").tolist(), *columns, strict=True)
    lines = [
        TableRow(str(step), None, (*map(digits_text, errors), _place_text(x)), (*map(_digits, errors), x))
        for step, (x, *errors) in enumerate(steps)
    ]
    head = (*(tr(SHORT[way]) for way in METHODS), tr("{name} ({unit})", name="x", unit=tr(SHORT[of])))
    return tr("Correct decimals, −log₁₀|x − x*|"), head, lines, at.step


def place_table(at: At, theme: Theme) -> Table:
    """Where each way is, how high, and what the surface curves like there."""
    lines = []
    for way in METHODS:
        found = step_of(at.config, at.recording, at.step, way)
        over = ended(at.recording, at.step, way)
        if found is None:
            gone = tr("✗ step {step}", step=over[0]) if over else "–"
            lines.append(TableRow(tr(SHORT[way]), theme.stroke(way), (gone, "–", "–"), (gone, None, None)))
            continue
        rest = rests_at(at.config, at.recording, at.step, way)
        kind = tr(PLACES[rest]) if rest else tr(SHAPES[found.hessian_shape])
        place = ", ".join(short_text(part, 3) for part in found.x)
        values = (", ".join(map(repr, found.x.tolist())), found.value, kind)
        cells = (f"({place})", value_text(found.value), kind)
        lines.append(TableRow(tr(SHORT[way]), theme.stroke(way), cells, values))
    return tr("At this step"), ("(x, y)", "f", tr("H here")), lines, METHODS.index(at.options.of)


def time_table(at: At, theme: Theme) -> Table:
    """The parts of a step, a line for each size that has been measured."""
    title, run = tr("The least time of up to {repeats}", repeats=at.config.repeats), at.recording
    columns = [run.column(name)[1:].tolist() for name in ("n", *PARTS) if name in run.names]
    lines = [
        TableRow(f"n = {n:.0f}", None, tuple(map(time_text, times)), tuple(times))
        for n, *times in zip(*columns, strict=True)
    ]
    return title, (tr("gradient"), tr("forming H"), tr("solving")), lines, at.step - 1


TABLES = {"curve": digit_table, "surface": place_table, "cost": time_table}


def time_text(seconds: float) -> str:
    """A time in the unit that suits it."""
    factor, unit = next((factor, unit) for limit, factor, unit in UNITS if seconds < limit)
    return f"{seconds * factor:.3g} {unit}"
