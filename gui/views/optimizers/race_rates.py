"""Each racer at its best learning rate: its end against η, a table of present and best, and the sentence.

On its curve each racer has a ring at its present rate, which can be dragged along the axis, and a dot at the
best one.
"""

import numpy as np
from PySide6.QtWidgets import QPushButton

from engine.experiments.optimizers.race_rates import (
    RateSweep,
    each_at_its_best,
    own_rates,
    second_of,
    sweeping_rates,
    swept_steps,
)
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.strokes import racer_names
from gui.look.theme import Theme
from gui.plots.curves import Curve, CurvesPanel, Handle, Mark
from gui.plots.heatmap import HeatmapPanel
from gui.plots.own.table import TablePanel, TableRow
from gui.screen.finding import Finding
from gui.screen.view import Question
from gui.views.curve_plots import CurveAxes, Plot
from gui.views.optimizers.race_curves import FLOOR, height_limits, name_of_height
from gui.views.optimizers.race_options import At, inspected, offset, racers_of
from gui.views.optimizers.race_words import of_steps, turned_round

SYMBOLS = {"beta": "β", "beta1": "β₁", "rho": "ρ"}
QUARTILES = {0.25: "25 %", 0.75: "75 %"}


# Questions


def sweep_key(at: At) -> object:
    """Return the key: only while it is visible, everything but the step."""
    options = at.options
    return options.layout == "rates" and (at.config, options.starts, options.second, at.recording)


def sweep_wanted(at: At) -> Question | None:
    """Ask for the sweep of all racers, if it is visible."""
    if at.options.layout != "rates":
        return None
    return sweeping_rates, at.config, int(at.options.starts), at.options.second


def drawn_by(at: At) -> object:
    """How one looks at it, and what f is measured from."""
    return at.options, at.tight, offset(at)


def present_key(at: At) -> object:
    """The racers and where they end."""
    return at.config, at.options, at.recording, at.last


# Plots


def plot(at: At, theme: Theme, sweep: RateSweep) -> Plot:
    """f at the end of every racer against its learning rate, a dot at the best."""
    name, curves, marks = name_of_height(at), [], []
    limits = height_limits(at, _least(at, sweep))
    floor = limits[0] if limits else -np.inf
    for index, (racer, stroke) in enumerate(racers_of(at, theme)):
        swept = sweep.racers[index]
        heights = [_above(at, values, floor) for values in (swept.median, *map(swept.quartile, QUARTILES))]
        ends = sweep.rates if swept.tunable else sweep.rates[[0, -1]]
        middle, *quartiles = (np.resize(height, ends.shape) for height in heights)
        curves.append(Curve(str(index), racer, ends, middle, stroke))
        if len(sweep.starts) > 1 and index == inspected(at):
            curves += [
                Curve(f"{index}.{share}", "", ends, y, stroke, ghost=True, column=f"{racer} · {share}")
                for share, y in zip(QUARTILES.values(), quartiles, strict=True)
            ]
        best = sweep.best_rate(index)
        if best is not None and swept.best is not None:
            text = " · ".join(filter(None, (short_text(best), _second(sweep, index))))
            marks.append(Mark(best, float(middle[swept.best]), text, stroke))
    steps = of_steps(at.config, sweep.steps)
    title = tr("{value} after {steps}, against the learning rate", value=name, steps=steps)
    if len(sweep.starts) > 1:
        title += " · " + tr("median of {n} starts", n=len(sweep.starts))
    if at.options.second:
        title += " · " + tr("with the best β or ρ")
    title += without_changes(at)
    across = float(sweep.rates[0]), float(sweep.rates[-1])
    axes = CurveAxes(
        ("η", ""), (name, ""), True, at.options.log, across, limits, title=title, log_option="log"
    )
    return Plot(axes, curves, marks)


def without_changes(at: At) -> str:
    """The end of a title: the runs that are tried have the settings of the start, whatever changes later."""
    return " · " + tr("without the changes on the way") if at.config.changes else ""


def has_map(at: At) -> bool:
    """Whether the inspected racer is tried with several values of a second setting."""
    return at.options.second and bool(second_of(at.config.racers[inspected(at)]))


def show_map(panel: HeatmapPanel, at: At, sweep: RateSweep) -> None:
    """The end of the inspected racer for every pair of a rate and a value of its second setting."""
    racer = inspected(at)
    swept, name = sweep.racers[racer], racers_of(at, panel.theme)[racer][0]
    if swept.medians is None or swept.tried is None:
        panel.set_matrix(np.zeros((0, 0)))
        return
    symbol = SYMBOLS[swept.second]
    above = np.where(np.isnan(swept.medians), np.nan, np.maximum(swept.medians - offset(at), FLOOR))
    panel.title = tr(
        "{racer}: log₁₀ ({value}) for each η and {symbol}",
        racer=name,
        value=name_of_height(at),
        symbol=symbol,
    )
    panel.set_captions(symbol, "η")
    rows, columns = (list(map(short_text, values)) for values in (swept.tried, sweep.rates))
    panel.set_matrix(
        np.log10(above), rows, columns, limit=max(1.0, float(np.log10(np.nanmax(above, initial=FLOOR))))
    )
    value, best = sweep.best_second(racer), swept.best
    panel.select(None if value is None or best is None else (int(np.searchsorted(swept.tried, value)), best))


def pair_at(sweep: RateSweep, racer: int, row: int, column: int) -> dict[str, float]:
    """The settings of a cell of the map."""
    swept = sweep.racers[racer]
    if swept.tried is None:
        return {}
    return {"learning_rate": float(sweep.rates[column]), swept.second: float(swept.tried[row])}


def show_present(panel: CurvesPanel, at: At) -> None:
    """Show a ring for each racer at its present rate and its end in this race."""
    end = swept_steps(at.config)
    if at.last < end or not panel.curves:
        panel.set_handles(())
        return
    rings = []
    for index, (name, stroke) in enumerate(racers_of(at, panel.theme)):
        rate = getattr(at.config.racers[index], "learning_rate", None)
        if rate is not None:
            f = float(at.recording.column(f"{index}.f")[end]) - offset(at)
            height = f if f == f else np.inf  # who diverged is at the upper edge
            rings.append(Handle(str(index), name, rate, height, stroke, "x"))
    panel.set_handles(rings)


def show_first_present(panel: CurvesPanel, at: At, sweep: RateSweep) -> None:
    """The rings, when the curves that they are on have come."""
    if not panel.handles:
        show_present(panel, at)


def _least(at: At, sweep: RateSweep) -> float:
    """The lowest f − f* of all, where it is above 0."""
    medians = np.concatenate([swept.median for swept in sweep.racers]) - offset(at)
    return float(np.min(medians, where=medians > 0, initial=np.inf))


def _above(at: At, values: np.ndarray, floor: float) -> np.ndarray:
    """f − f*, at least what the axis begins with: lower is rounding."""
    return np.asarray(np.maximum(values - offset(at), floor))


def show_table(panel: TablePanel, at: At, sweep: RateSweep) -> None:
    """Show every racer's rate and end, now and at its best, and the change of its rank."""
    name = name_of_height(at)
    panel.title = tr("After {steps} · now and at the best η", steps=of_steps(at.config, sweep.steps))
    ranks = zip(sweep.ranks(tuned=False), sweep.ranks(tuned=True), strict=True)
    racers = zip(racers_of(at, panel.theme), sweep.racers, ranks, strict=True)
    lines = []
    for index, ((racer, stroke), swept, (before, after)) in enumerate(racers):
        now, best, then = swept.now - offset(at), sweep.best_rate(index), swept.lowest - offset(at)
        rank = f"{_place(before)} → {_place(after)}"
        pairs: list[tuple[str, object]] = [(_rate(best), best), (rank, rank), (_height(now), now)]
        pairs.append((_height(then), then))  # in little room the last ones are left out
        if at.options.second:
            pairs.insert(1, (_second(sweep, index) or "–", sweep.best_second(index)))
        cells, values = zip(*pairs, strict=True)
        lines.append(TableRow(racer, stroke, cells, values))
    head = (tr("best η"), *((tr("second"),) if at.options.second else ()), tr("place"), name, tr("then"))
    panel.set_lines(head, lines, inspected(at))


def _second(sweep: RateSweep, racer: int) -> str:
    """The best value of a racer's second setting, with its symbol."""
    value = sweep.best_second(racer)
    return "" if value is None else f"{SYMBOLS[sweep.racers[racer].second]} {short_text(value)}"


def _rate(rate: float | None) -> str:
    return "–" if rate is None else short_text(rate)


def _height(height: float) -> str:
    return "✗" if height != height else short_text(height, 2)


def _place(rank: int | None) -> str:
    return "✗" if rank is None else str(rank)


def show_button(button: QPushButton, at: At, sweep: RateSweep) -> None:
    """Enable the button if some racer is not at its best rate."""
    button.setEnabled(each_at_its_best(at.config, sweep) != at.config)


# The sentence


def waiting(at: At) -> str:
    """Return the sentence before the sweep is done."""
    if own_rates(at.config):
        return tr("Every racer is tried at many learning rates …")
    return tr("No racer here has a learning rate.")


def show_finding(line: Finding, at: At, sweep: RateSweep) -> None:
    """Say whether the ranking changes."""
    if at.options.layout == "rates" and own_rates(at.config):
        line.set_text(at.once(turned_round, tuple(racer_names(at.config.racers)), sweep, at.config))
