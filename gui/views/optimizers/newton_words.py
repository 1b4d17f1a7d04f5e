"""The formulas of Newton's method with the numbers of the step on show."""

import numpy as np

from engine.experiments.optimizers.newton_config import NewtonConfig, function_of, surface_of
from engine.experiments.optimizers.newton_inspection import Checks, Step, ended, rests_at
from engine.gradient_check import GradientCheck
from engine.newton_cost import power
from engine.recording import Recording
from gui.look.language import problem_text, tr
from gui.plots.ticks import fixed_text, value_text
from gui.screen.notes import Check, Live
from gui.views.optimizers.newton_curves import TITLES, place_name
from gui.views.optimizers.newton_tables import PLACES, digits_text, time_text

BENT = {"newton": r"f''(x_t)", "damped_newton": r"\left(f''(x_t)+\lambda\right)",
        "gradient_descent": r"\frac{1}{\eta}"}  # fmt: skip
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
OPENS = {
    "bowl": "It opens upward: the vertex is its lowest point.",
    "hill": "It opens downward: the vertex is its top.",
    "saddle": "It is a saddle: the vertex is where it is level, not where it is lowest.",
    "flat": "It has no curvature in some direction: no single vertex.",
}


def checked(found: GradientCheck | None) -> Check | None:
    """A badge, where something could be compared."""
    return Check(found.max_relative_error, found.passed) if found else None


def _vector(x: np.ndarray) -> str:
    return "(" + ", ".join(value_text(float(part)) for part in x) + ")"


def curve_blocks(config: NewtonConfig, found: Step, way: str, step: int, tested: Checks) -> list[Live]:
    """The curve, the parabola and the way to its vertex."""
    function, text = function_of(config), value_text
    slope, bend = float(found.gradient[0]), float(found.hessian[0, 0])
    believed = float(found.model.curvature[0, 0])
    here = f"{place_name(step)} = {text(float(found.x[0]))}"
    arithmetic = ""
    if found.vertex is not None:
        x, vertex = text(float(found.x[0])), text(float(found.vertex[0]))
        arithmetic = f"{x} − ({text(slope)}) / ({text(believed)}) = {vertex}"
    return [
        Live(tr("The curve"), function.latex,
             f"{here}\nf = {text(found.value)},  f′ = {text(slope)}", checked(tested.gradient),
             function.plain),
        Live(tr("Its parabola"),
             rf"q(x)=f(x_t)+f'(x_t)\,(x-x_t)+\frac{{1}}{{2}}\,{BENT[way]}\,(x-x_t)^2",
             f"f″ = {text(bend)}" + (f"\n{_taken(way, believed)}" if way != "newton" else ""),
             checked(tested.hessian)),
        Live(tr("One step to its vertex: {name}", name=tr(TITLES[way])), STEPS_1D[way],
             "\n".join(filter(None, (arithmetic, _verdict(found))))),
    ]  # fmt: skip


def _taken(way: str, believed: float) -> str:
    curvature = value_text(believed)
    if way == "damped_newton":
        return tr("taken for it: f″ + λ = {curvature}", curvature=curvature)
    return tr("taken for it: 1/η = {curvature}, everywhere", curvature=curvature)


def _verdict(found: Step) -> str:
    """What the vertex is, and whether the step begins uphill."""
    return " ".join(
        (tr(OPENS[found.shape]), tr("This step sets out uphill.") if found.uphill else "")
    ).strip()


def error_block(recording: Recording, step: int, way: str) -> Live | None:
    """How the error shrinks from this step to the next."""
    error = recording.column(f"{way}.error")
    if not step < recording.last or not np.isfinite(error[step : step + 2]).all():
        return None
    now, then = float(error[step]), float(error[step + 1])
    numbers = tr("error {now} → {then}\nright digits {before} → {after}", now=value_text(now),
                 then=value_text(then), before=digits_text(now), after=digits_text(then))  # fmt: skip
    if now > 0 and then > 0 and now * now > 0:
        numbers += f"\neₜ₊₁ / eₜ = {value_text(then / now)}\neₜ₊₁ / eₜ² = {value_text(then / now**2)}"
    return Live(tr("Quadratic or linear?"), r"e_t=|x_t-x^*|", numbers)


def surface_blocks(config: NewtonConfig, found: Step, way: str, tested: Checks) -> list[Live]:
    """The surface, its Hessian, and the step."""
    surface, text = surface_of(config), value_text
    low, high = map(float, np.linalg.eigvalsh(found.hessian))
    x, g = _vector(found.x), _vector(found.gradient)
    rows = f"H = [{_vector(found.hessian[0])}, {_vector(found.hessian[1])}]"
    numbers = ""
    if found.vertex is not None:
        numbers = tr("d = {d}, to {x}", d=_vector(found.x - found.vertex), x=_vector(found.vertex))
    return [
        Live(tr(surface.title), surface.latex,
             tr("at {x}: f = {f}, g = {g}", x=x, f=text(found.value), g=g), checked(tested.gradient)),
        Live(tr("Its Hessian"), HESSIAN,
             rows + "\n" + tr("eigenvalues {low}, {high}", low=text(low), high=text(high)),
             checked(tested.hessian)),
        Live(tr("One step to its vertex: {name}", name=tr(TITLES[way])), STEPS[way],
             "\n".join(filter(None, (numbers, _verdict(found))))),
    ]  # fmt: skip


def rest_block(config: NewtonConfig, recording: Recording, step: int, way: str) -> Live | None:
    """At what kind of place a way has come to rest."""
    rest = rests_at(config, recording, step, way)
    if rest is None:
        return None
    return Live(tr("At rest"), r"g=0", tr("A stationary point of f: {kind}.", kind=tr(PLACES[rest])))


def end_block(config: NewtonConfig, recording: Recording, step: int, way: str) -> Live:
    """When and why a way could not go on."""
    over = ended(recording, step, way)
    title = tr("{name} cannot go on", name=tr(TITLES[way]))
    formula = (STEPS_1D if config.scene == "curve" else STEPS)[way]
    if over is None:
        return Live(title, formula)
    return Live(title, formula, "\n".join((tr("✗ step {step}", step=over[0]), problem_text(over[1]))))


def cost_blocks(config: NewtonConfig, recording: Recording, step: int, tested: Checks) -> list[Live]:
    """The three parts of a step, each with what it should cost and what it took."""

    def took(part: str) -> str:
        if not 0 < step <= recording.last or "n" not in recording.names:
            return ""
        n, seconds = recording.column("n")[1 : recording.last + 1], recording.column(part)[1:]
        told = f"n = {n[step - 1]:.0f}: {time_text(float(seconds[step - 1]))}"
        slope = power(n, seconds)
        return told + (
            "\n" + tr("grows as n to the power {slope}", slope=fixed_text(slope, 2)) if slope == slope else ""
        )

    residual = ""
    if took("solving"):
        residual = f"\n‖Hd − g‖ / ‖g‖ = {value_text(float(recording.column('residual')[step]))}"
    return [
        Live(tr("Gradient: 4mn"), r"g=A^T\sigma(A\,w)+w", took("gradient"),
             checked(tested.gradient)),
        Live(tr("Forming H: 2mn²"), r"H=A^T\,\mathrm{diag}\left(\sigma(1-\sigma)\right)A+I",
             took("forming"), checked(tested.hessian)),
        Live(tr("Solving: ⅔n³"), r"H\,d=g", took("solving") + residual),
        Live(tr("Room for H"), r"8\,n^2",
             tr("{small} MB for n = {n}, {large} TB for a million", small=f"{8e-6 * config.largest**2:.3g}",
                n=config.largest, large="8")),
    ]  # fmt: skip
