"""The pictures of a sweep: a curve with quartiles and every seed, or a map of two settings."""

from math import inf, isfinite, nan
from typing import Any

import numpy as np

from engine.config import Config
from engine.sweeps.evidence import SweepCell, best, cells
from engine.sweeps.execute import Finished
from engine.sweeps.measure import SweepMeasure
from engine.sweeps.one_run import RunResult
from engine.sweeps.plan import SweepPlan, SweepRun
from gui.app.sweep_words import measure_words, setting_title, value_words
from gui.look.language import tr
from gui.plots.curves import Curve, CurvesPanel, Mark
from gui.plots.number_map import NumberMap

WIDE = 100.0  # the ratio of the largest to the smallest median from which on the axis is logarithmic


def is_curve(plan: SweepPlan) -> bool:
    """Whether the result is a curve: one setting, of numbers."""
    return len(plan.axes) == 1 and plan.axes[0].is_numeric and len(plan.axes[0].values) > 1


def show_curve(panel: CurvesPanel, plan: SweepPlan, config: Config, known: list[SweepCell]) -> None:
    """The median of every value with its quartiles, a dot for every seed, the best one named."""
    measure, axis = SweepMeasure(plan.measure), plan.axes[0]
    known = sorted(known, key=lambda cell: float(cell.values[0]))
    x = np.array([cell.values[0] for cell in known], float)
    rows = np.array([(cell.low, cell.median, cell.high) for cell in known], float).reshape(-1, 3)
    rows[~np.isfinite(rows)] = nan
    finite = [number for cell in known for number in cell.numbers.values() if isfinite(number)]
    name = measure_words(config, plan.experiment, measure)
    panel.title = tr("{name} against {setting}", name=name, setting=setting_title(config, axis.path))
    log_y = spans_decades(np.array(finite))
    ends = (float(min(axis.values)), float(max(axis.values)))
    across = (setting_title(config, axis.path), "")
    panel.set_axes(across, (name, ""), axis.is_logarithmic, log_y, x_limits=ends)
    stroke = panel.theme.stroke("gradient_descent")
    parts = (("low", "25 %", rows[:, 0]), ("high", "75 %", rows[:, 2]))
    curves = [Curve("median", tr("median"), x, rows[:, 1], stroke)]
    if plan.seeds > 1:
        curves += [Curve(key, title, x, y, stroke, ghost=True) for key, title, y in parts]
    panel.set_curves(curves)
    panel.set_marks(_dots(panel, plan, config, known, measure))


def _dots(
    panel: CurvesPanel, plan: SweepPlan, config: Config, known: list[SweepCell], measure: SweepMeasure
) -> list[Mark]:
    """A dot for each run, and a text at the best median."""
    plain = panel.theme.stroke("gradient_descent")
    dots = [
        Mark(float(cell.values[0]), number, "", plain)
        for cell in known
        for number in cell.numbers.values()
        if isfinite(number)
    ]
    first = best(known, measure)
    if first is not None:
        words = tr("best {value}", value=value_words(config, plan.axes[0].path, first.values[0]))
        dots.append(Mark(float(first.values[0]), first.median, words, panel.theme.stroke("adam")))
    return dots


def run_at(plan: SweepPlan, results: Finished, x: float, row: int) -> SweepRun | None:
    """The run that a click means: near a value of a curve, or in a cell of the map.

    Of several seeds it is the one whose number is nearest to the median.
    """
    first = plan.axes[0].values
    if is_curve(plan):
        scale = np.log if plan.axes[0].is_logarithmic else np.asarray
        values: tuple[Any, ...] = (first[int(np.argmin(np.abs(scale(np.array(first, float)) - scale(x))))],)
    else:
        values = (first[int(x)], *(axis.values[row] for axis in plan.axes[1:]))
    measure = SweepMeasure(plan.measure)
    able = [(run, result) for run, result in results if run.values == values and run.config is not None]
    if not is_curve(plan) and len(plan.axes) == 1:
        return next((run for run, _ in able if run.seed == row), None)
    known = next((cell for cell in cells(plan, results, measure) if cell.values == values), None)
    if known is None or not able:
        return None

    def away(one: tuple[SweepRun, RunResult]) -> float:
        number = one[1].number(measure)
        apart = abs(nan if number is None else number - known.median)
        return apart if isfinite(apart) else inf

    return min(able, key=away)[0]


def show_map(panel: NumberMap, plan: SweepPlan, config: Config, known: list[SweepCell]) -> None:
    """The medians over two settings; of one setting that has no numbers, every seed is a row."""
    measure, across = SweepMeasure(plan.measure), plan.axes[0]
    columns = [value_words(config, across.path, value) for value in across.values]
    place = {value: k for k, value in enumerate(across.values)}
    if len(plan.axes) == 2:
        up = plan.axes[1]
        rows = [value_words(config, up.path, value) for value in up.values]
        height = {value: k for k, value in enumerate(up.values)}
        values = np.full((len(rows), len(columns)), nan)
        for cell in known:
            values[height[cell.values[1]], place[cell.values[0]]] = cell.median
        caption = setting_title(config, up.path)
    else:
        rows = [str(getattr(config, "seed", 0) + k) for k in range(plan.seeds)]
        values = np.full((plan.seeds, len(columns)), nan)
        for cell in known:
            for seed, number in cell.numbers.items():
                values[seed, place[cell.values[0]]] = number
        caption = tr("seed")
    panel.title = measure_words(config, plan.experiment, measure)
    if len(plan.axes) == 2 and plan.seeds > 1:
        whole = len(known) == values.size and all(len(cell.numbers) == plan.seeds for cell in known)
        panel.title += " · " + (
            tr("median of {n} seeds", n=plan.seeds) if whole else tr("median of the seeds so far")
        )
    panel.set_captions(caption, setting_title(config, across.path))
    log = spans_decades(values[np.isfinite(values)])
    if log:
        panel.title += " · " + tr("colours: log₁₀")
    panel.set_numbers(values, rows, columns, log=log)
    first = best(known, measure) if len(plan.axes) == 2 else None
    panel.mark_best(None if first is None else (height[first.values[1]], place[first.values[0]]))


def spans_decades(numbers: np.ndarray) -> bool:
    """Whether numbers are better told apart on a logarithmic scale."""
    return bool(numbers.size and numbers.min() > 0 and numbers.max() > WIDE * numbers.min())
