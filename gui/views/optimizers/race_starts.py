"""The race from many starts: where every racer ends, how often it is first and arrives; table and
sentence.
"""

from collections.abc import Sequence

import numpy as np

from engine.config import replaced
from engine.experiments.optimizers.race_starts import StartSweep, running_from_starts
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.strokes import racer_names
from gui.look.theme import Theme
from gui.plots.curves import Curve
from gui.plots.own.table import TablePanel, TableRow
from gui.screen.finding import Finding
from gui.screen.view import Question
from gui.views.curve_plots import CurveAxes, Plot
from gui.views.optimizers.race_curves import FLOOR, name_of_height
from gui.views.optimizers.race_options import At, inspected, minima_of, offset, racers_of
from gui.views.optimizers.race_rates import without_changes
from gui.views.optimizers.race_words import of_steps
from gui.views.surface_grid import chosen_surface

LEAST_RANGE = 2.0  # the least end of the axis of τ


# Questions


def starts_key(at: At) -> object:
    """Return the key: only while it is visible, everything but the step."""
    return at.options.layout == "starts" and (at.config, at.options.sample, at.recording, minima_of(at))


def starts_wanted(at: At) -> Question | None:
    """Ask for the runs from many starts, if they are visible; the run of the race is not used."""
    if at.options.layout != "starts":
        return None
    config = replaced(at.config, start=(0.0, 0.0))
    return running_from_starts, config, minima_of(at), int(at.options.sample)


# Plots


def distribution(at: At, theme: Theme, sweep: StartSweep) -> Plot:
    """Return f at the end of every racer's runs, from the lowest to the highest."""
    name, above = name_of_height(at), offset(at)
    every = [sweep.quantiles(index) for index in range(len(sweep.outcomes))]
    heights = np.concatenate([f for _, f in every]) - above
    highest = float(chosen_surface(at).value(*sweep.starts.T).max()) - above
    limits = _limits(heights, abs(above), highest) if at.options.log and name != "f" else None
    floor = limits[0] if limits else -np.inf
    curves = []
    for index, (racer, stroke) in enumerate(racers_of(at, theme)):
        share, f = every[index]
        f = np.where(np.isfinite(f), np.maximum(f - above, floor), np.nan)
        curves.append(Curve(str(index), racer, share, f, stroke))
    title = tr(
        "{value} after {steps}, from {n} starts: the runs in order",
        value=name,
        steps=of_steps(at.config, sweep.steps),
        n=len(sweep.starts),
    )
    title += without_changes(at)
    axes = CurveAxes(
        (tr("share of the starts"), "%"),
        (name, ""),
        False,
        at.options.log,
        (0.0, 100.0),
        limits,
        title=title,
        log_option="log",
    )
    return Plot(axes, curves)


def _limits(heights: np.ndarray, level: float, start: float) -> tuple[float, float] | None:
    """From the rounding of f, on which lower heights lie, up to the highest start."""
    seen = heights[(heights > 0) & (heights <= start)]
    if not len(seen):
        return None
    low = max(FLOOR * max(1.0, level), 10.0 ** np.floor(np.log10(seen.min())))
    return low, max(10.0 ** np.ceil(np.log10(seen.max())), 10 * low)


def profile(at: At, theme: Theme, sweep: StartSweep) -> Plot:
    """Return the performance profile of every racer."""
    found = sweep.profiles
    far = LEAST_RANGE
    for one in found:
        far = max(far, 1.1 * float(one.tau[-1]))
    curves = []
    for index, (racer, stroke) in enumerate(racers_of(at, theme) if sweep.known else ()):
        tau, share = found[index].until(far)
        curves.append(Curve(str(index), racer, tau, np.round(100.0 * share, 9), stroke))
    tolerance = short_text(at.config.tolerance)
    title = tr("Performance profile: f − f* ≤ {tolerance}", tolerance=tolerance)
    if not sweep.known:
        title = tr("Performance profile") + " · " + tr("f* is not known")
    x = tr("τ = steps ÷ fewest")
    if at.config.budget != "steps":
        x = tr("τ = evaluations ÷ fewest")
    axes = CurveAxes((x, ""), (tr("arrived"), "%"), True, False, (1.0, far), (0.0, 100.0), title=title)
    return Plot(axes, curves)


def show_table(panel: TablePanel, at: At, sweep: StartSweep) -> None:
    """The median, how often each racer is first, arrives and diverges."""
    panel.title = tr("Of {n} starts · %: first, arrived, lost", n=len(sweep.starts))
    lines = []
    for index, (racer, stroke) in enumerate(racers_of(at, panel.theme)):
        found = sweep.profiles[index]
        shares = [_percent(share) for share in (found.first, found.solved)] if sweep.known else [None, None]
        values = (*shares, _percent(sweep.lost(index)), sweep.median(index) - offset(at))
        cells = (*map(_share, values[:3]), _height(values[3]))
        lines.append(TableRow(racer, stroke, cells, values))
    head = (tr("first"), tr("arrived"), tr("lost"), tr("median"))
    panel.set_lines(head, lines, inspected(at))


def _height(height: float) -> str:
    return short_text(height, 2) if np.isfinite(height) else "✗"


def _percent(share: float) -> float:
    """A share in percent, without what rounding has left: 57, not 56.99999999999999."""
    return round(100.0 * share, 9)


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.0f}"


# The sentence


def waiting() -> str:
    """Return the sentence before the runs are done."""
    return tr("Every racer runs from many starts …")


def show_finding(line: Finding, at: At, sweep: StartSweep) -> None:
    """Say which racer is first most often, and which arrives most often."""
    if at.options.layout == "starts":
        line.set_text(told(racer_names(at.config.racers), sweep, short_text(at.config.tolerance)))


def told(names: Sequence[str], sweep: StartSweep, tolerance: str) -> str:
    """The finding for racers of these names."""
    found, n = sweep.profiles, len(sweep.starts)
    if not sweep.known or not any(one.solved for one in found):
        medians = [sweep.median(index) for index in range(len(names))]
        if min(medians) == np.inf:
            return tr("From {n} starts most runs of every racer diverge.", n=n)
        lowest = names[medians.index(min(medians))]
        if not sweep.known:
            return tr("From {n} starts {name} has the lowest median.", n=n, name=lowest)
        return tr(
            "From {n} starts none reaches f − f* ≤ {tolerance}; {name} has the lowest median.",
            n=n,
            tolerance=tolerance,
            name=lowest,
        )
    first = max(range(len(names)), key=lambda k: found[k].first)
    most = max(range(len(names)), key=lambda k: (found[k].solved, k == first))
    slots = {"n": n, "first": names[first], "most": names[most]}
    slots |= {"share": f"{100 * found[first].first:.0f}", "there": f"{100 * found[most].solved:.0f}"}
    if first == most:
        return tr(
            "From {n} starts {first} is first most often, on {share} %, and also arrives most, on {there} %.",
            **slots,
        )
    return tr(
        "From {n} starts {first} is first most often, on {share} %; {most} arrives most often, on {there} %.",
        **slots,
    )
