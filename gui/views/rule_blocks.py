"""The formulas of a surface and of an update rule with the numbers of a step, for several pages."""

import re
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from engine.experiments.optimizers.race import RaceInspection
from engine.gradient_check import check_gradient
from engine.optimizers.equation import Equation
from engine.optimizers.newton import STOPS
from engine.optimizers.update_rule import UpdateRule
from engine.optimizers.walk import WalkEnd
from engine.surfaces.choice import OnSurface, surface_of
from gui.look.arithmetic import exact_text, set_powers
from gui.look.language import problem_text, tr
from gui.plots.ticks import value_text
from gui.screen.notes import Check, Live
from gui.screen.terms import Spot, Term
from gui.views.rule_terms import rule_terms

SIGNS = (("**", "^"), ("*", "·"), ("@", "·"), ("-", "−"))
SHORT = {"True": "1", "False": "0"}


def surface_block(config: OnSurface, at: tuple[float, float]) -> Live:
    """Return the surface's formula at a point, with the gradient check of its hand-written derivative."""
    surface = surface_of(config)
    x, y = at
    gradient = surface.gradient(x, y)
    numbers = tr(
        "where g is measured, ({x}, {y}): f = {f}, ∇f = ({gx}, {gy})",
        x=x,
        y=y,
        f=surface.value(x, y),
        gx=gradient[0],
        gy=gradient[1],
    )
    check = None
    if np.isfinite([*at, *gradient]).all():
        found = check_gradient(lambda point: surface.value(*point), gradient, at)
        check = Check(found.max_relative_error, found.passed)
    return Live(tr(surface.title), surface.latex, numbers, check, surface.plain)


def rule_blocks(inspection: RaceInspection, name: str) -> list[Live]:
    """Return the update rule, line by line, with the numbers of the step in both coordinates."""
    blocks: list[Live] = []
    for equation in inspection.equations:
        title = "" if blocks else tr("{name}, step {step}", name=name, step=inspection.number)
        blocks.append(Live(title, equation.latex, _numbers(equation, inspection)))
    if inspection.looks_ahead:
        note = tr("x is the look-ahead point; the path shows the classical iterate θ = x + ηβv.")
        blocks[-1] = Live(blocks[-1].title, blocks[-1].latex, f"{blocks[-1].numbers}\n{note}")
    if inspection.averages:
        note = tr("g is measured at x; the path shows the average x̄.")
        blocks[-1] = Live(blocks[-1].title, blocks[-1].latex, f"{blocks[-1].numbers}\n{note}")
    if any(inspection.tilt):
        noise = tr(
            "g is ∇f plus the noise of this step, ({x}, {y}).",
            x=_value(inspection.tilt[0]),
            y=_value(inspection.tilt[1]),
        )
        blocks.append(Live("", "", noise))
    if inspection.stopped:
        blocks.append(Live("", "", tr(STOPS.get(inspection.stopped, inspection.stopped))))
    return blocks


def race_terms(
    found: RaceInspection | None, racer: UpdateRule, spots: Mapping[str, tuple[Spot, ...]]
) -> list[Term]:
    """The terms of the rule of a racer, with their values in both coordinates at a step that was taken."""
    values = None
    if found is not None:
        both = [found.values(coordinate) for coordinate in range(len(found.states))]
        alike = found.alike

        def values(name: str) -> Any:
            parts = [one[name] for one in both[: 1 if name in alike else 2]]
            return tuple(np.ravel(parts)) if len(np.ravel(parts)) > 1 else parts[0]

    return rule_terms(racer.equations if found is None else found.equations, values, spots)


def end_block(end: WalkEnd) -> Live:
    """Say at which step a racer could not go on, and why."""
    return Live("", "", "\n".join((tr("✗ step {step}", step=end.step), problem_text(end.problem))))


def _numbers(equation: Equation, inspection: RaceInspection) -> str:
    whole = equation.result in inspection.alike or len(inspection.states) == 1
    settings = inspection.racer.hyperparameters
    lines = []
    for coordinate, axis in enumerate("x" if whole else "xy"):
        values = inspection.values(coordinate)
        result = values["x_after" if equation.result == "x" else equation.result]
        left = "" if whole else f"{axis}:  "
        arithmetic = f"{with_values(equation.numbers, values, settings)} = " if equation.numbers else ""
        lines.append(f"{left}{arithmetic}{_value(result)}")
    return "\n".join(lines)


def with_values(arithmetic: str, values: dict[str, Any], hyperparameters: Collection[str]) -> str:
    """The arithmetic with each name replaced by its number, in typographic signs; hyperparameters exactly."""

    def put(found: re.Match[str]) -> str:
        word = found[0]
        if word not in values:
            return word
        value = values[word]
        exact = word in hyperparameters and isinstance(value, float)
        text = exact_text(value) if exact else _value(value)
        alone = arithmetic[: found.start()].endswith("(") and arithmetic[found.end() :].startswith(")")
        compound = text.startswith("−") and found.start() > 0 and not alone
        compound = compound or ("×" in text and arithmetic[found.end() :].startswith("^"))
        return f"({text})" if compound else text

    for plain, sign in SIGNS:
        arithmetic = arithmetic.replace(plain, f" {sign} " if sign == "−" else sign)
    arithmetic = re.sub(r"\s+", " ", arithmetic)
    return set_powers(re.sub(r"[A-Za-z_]\w*", put, arithmetic))


def _value(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.ndim:
        return "(" + ", ".join(_value(part) for part in value) + ")"
    if isinstance(value, bool):
        return SHORT[str(value)]
    if isinstance(value, int):
        return str(value)
    return value_text(float(value))
