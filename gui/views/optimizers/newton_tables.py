"""The tables of Newton's method: right digits step by step, where the ways are on a surface, times."""

from math import isinf, isnan

import numpy as np

from engine.experiments.optimizers.newton import WAYS
from engine.experiments.optimizers.newton_config import NewtonConfig
from engine.experiments.optimizers.newton_inspection import ended, rests_at, step_of
from engine.quadratic_model import right_digits
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import Theme
from gui.plots.own.table import Line
from gui.plots.ticks import fixed_text, value_text
from gui.views.optimizers.newton_curves import PARTS, SHORT

SHAPES = {"bowl": "bowl", "saddle": "saddle", "hill": "hill", "flat": "flat"}
PLACES = {"bowl": "minimum", "saddle": "saddle point", "hill": "maximum", "flat": "undecided"}
UNITS = ((1e-3, 1e6, "µs"), (1.0, 1e3, "ms"), (np.inf, 1.0, "s"))


def digits_text(error: float) -> str:
    """How many decimals are right; "all" when nothing is left that this number format could tell."""
    digits = float(right_digits(np.array(error), 0.0))
    if isnan(digits):
        return "–"
    return tr("all") if isinf(digits) or digits > 17 else fixed_text(digits, 1)


def digit_head(way: str) -> tuple[str, ...]:
    """The right digits of all ways; at last x of one, which is left out where there is no room."""
    return (*(tr(SHORT[name]) for name in WAYS), f"x ({tr(SHORT[way])})")


def digit_lines(recording: Recording, way: str) -> list[Line]:
    """A line for each step."""
    x = recording.column(f"{way}.x")
    columns = [recording.column(f"{name}.error") for name in WAYS]
    return [
        Line(
            str(step),
            None,
            (*(digits_text(float(column[step])) for column in columns), _place(place)),
            (*(float(right_digits(np.array(column[step]), 0.0)) for column in columns), place),
        )
        for step, place in enumerate(x.tolist())
    ]


def _place(x: float) -> str:
    return short_text(x)


def place_head() -> tuple[str, ...]:
    """Where a way is, how high, and what the surface curves like there."""
    return ("(x, y)", "f", tr("H here"))


def place_lines(config: NewtonConfig, recording: Recording, step: int, theme: Theme) -> list[Line]:
    """A line for each way."""
    lines = []
    for way in WAYS:
        found, over = step_of(config, recording, step, way), ended(recording, step, way)
        if found is None:
            cells = (tr("✗ step {step}", step=over[0]) if over else "–", "–", "–")
            values: tuple[object, ...] = (cells[0], None, None)
        else:
            rest = rests_at(config, recording, step, way)
            kind = tr(PLACES[rest]) if rest else tr(SHAPES[found.hessian_shape])
            place = ", ".join(short_text(part, 3) for part in found.x)
            cells = (f"({place})", value_text(found.value), kind)
            values = (", ".join(map(repr, map(float, found.x))), found.value, kind)
        lines.append(Line(tr(SHORT[way]), theme.stroke(way), cells, values))
    return lines


def time_head() -> tuple[str, ...]:
    """The parts of a step."""
    return (tr("gradient"), tr("forming H"), tr("solving"))


def time_lines(recording: Recording) -> list[Line]:
    """A line for each size that has been measured."""
    if "n" not in recording.names:
        return []
    columns = [recording.column(part)[1:].tolist() for part in PARTS]
    return [
        Line(f"n = {n:.0f}", None, tuple(map(time_text, times)), tuple(times))
        for n, *times in zip(recording.column("n")[1:].tolist(), *columns, strict=True)
    ]


def time_text(seconds: float) -> str:
    """A time in the unit that suits it."""
    factor, unit = next((factor, unit) for limit, factor, unit in UNITS if seconds < limit)
    return f"{seconds * factor:.3g} {unit}"
