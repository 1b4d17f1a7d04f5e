"""The tables of Newton's method: right digits step by step, where the ways are on a surface, times."""

from math import isinf, isnan

import numpy as np

from engine.experiments.optimizers.newton import WAYS
from engine.experiments.optimizers.newton_inspection import ended, rests_at, step_of
from engine.quadratic_model import right_digits
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import Theme
from gui.plots.own.table import Line
from gui.plots.ticks import fixed_text, value_text
from gui.views.optimizers.newton_curves import PARTS, SHORT, At

SHAPES = {"bowl": "bowl", "saddle": "saddle", "hill": "hill", "flat": "flat"}
PLACES = {"bowl": "minimum", "saddle": "saddle point", "hill": "maximum", "flat": "undecided"}
UNITS = ((1e-3, 1e6, "µs"), (1.0, 1e3, "ms"), (np.inf, 1.0, "s"))


def _digits(error: float) -> float:
    return float(right_digits(np.array(error), 0.0))


def digits_text(error: float) -> str:
    """How many decimals are right; "all" when nothing is left that this number format could tell."""
    digits = _digits(error)
    if isnan(digits):
        return "–"
    return tr("all") if isinf(digits) or digits > 17 else fixed_text(digits, 1)


Table = tuple[str, tuple[str, ...], list[Line], int]  # title, heads of columns, lines, which is chosen


def digit_table(at: At, theme: Theme) -> Table:
    """The right digits of all ways, a line a step; at last x of one, left out where there is no room."""
    of, columns = at.options.of, [at.recording.column(f"{way}.error") for way in WAYS]
    lines = []
    for step, (x, *errors) in enumerate(zip(at.recording.column(f"{of}.x").tolist(), *columns, strict=True)):
        cells = (*map(digits_text, errors), short_text(x))
        lines.append(Line(str(step), None, cells, (*map(_digits, errors), x)))
    head = (*(tr(SHORT[way]) for way in WAYS), f"x ({tr(SHORT[of])})")
    return tr("Right decimals, step by step"), head, lines, at.step


def place_table(at: At, theme: Theme) -> Table:
    """Where each way is, how high, and what the surface curves like there."""
    lines = []
    for way in WAYS:
        found = step_of(at.config, at.recording, at.step, way)
        over = ended(at.recording, at.step, way)
        if found is None:
            gone = tr("✗ step {step}", step=over[0]) if over else "–"
            lines.append(Line(tr(SHORT[way]), theme.stroke(way), (gone, "–", "–"), (gone, None, None)))
            continue
        rest = rests_at(at.config, at.recording, at.step, way)
        kind = tr(PLACES[rest]) if rest else tr(SHAPES[found.hessian_shape])
        place = ", ".join(short_text(part, 3) for part in found.x)
        values = (", ".join(map(repr, found.x.tolist())), found.value, kind)
        cells = (f"({place})", value_text(found.value), kind)
        lines.append(Line(tr(SHORT[way]), theme.stroke(way), cells, values))
    return tr("At this step"), ("(x, y)", "f", tr("H here")), lines, WAYS.index(at.options.of)


def time_table(at: At, theme: Theme) -> Table:
    """The parts of a step, a line for each size that has been measured."""
    title, run = tr("The least time of up to {repeats}", repeats=at.config.repeats), at.recording
    columns = [run.column(name)[1:].tolist() for name in ("n", *PARTS) if name in run.names]
    lines = [
        Line(f"n = {n:.0f}", None, tuple(map(time_text, times)), tuple(times))
        for n, *times in zip(*columns, strict=True)
    ]
    return title, (tr("gradient"), tr("forming H"), tr("solving")), lines, at.step - 1


TABLES = {"curve": digit_table, "surface": place_table, "cost": time_table}


def time_text(seconds: float) -> str:
    """A time in the unit that suits it."""
    factor, unit = next((factor, unit) for limit, factor, unit in UNITS if seconds < limit)
    return f"{seconds * factor:.3g} {unit}"
