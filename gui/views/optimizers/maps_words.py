"""The texts of a map: the names of places, the legend with its fractions, and the numbers of the chosen
run.
"""

from dataclasses import replace
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.convergence.stability import convergence_factor, largest_rate
from engine.experiments.optimizers.maps import DIVERGED, UNDECIDED, MapsRun, MapsSnapshot, Points
from engine.experiments.optimizers.maps_config import MapAxis, MapsConfig, axes_of
from engine.experiments.optimizers.maps_summary import Summary
from engine.recording import Recording
from engine.surfaces.choice import surface_of
from engine.surfaces.classic import Booth, Bowl, Surface
from engine.surfaces.stationary_points import StationaryPoint
from gui.form.settings_text import value_text
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import Theme
from gui.plots.described import Columns
from gui.plots.own.table import TableRow
from gui.plots.ticks import value_text as tick_text
from gui.screen.moment import Moment
from gui.screen.notes import Live
from gui.views.optimizers.maps_colours import ends_of, hues, stripes, undecided_colour

PLACES = {
    "minimum": "minimum {place}",
    "saddle": "saddle point {place}",
    "maximum": "maximum {place}",
    "flat": "level place {place}",
}
SPEEDS = {
    "gradient_descent": r"r = \max_\lambda \left|1 - \eta\lambda\right|",
    "sgd": r"r = \max_\lambda \left|1 - \eta\lambda\right|",
    "momentum": r"r^2 - (1 + \beta - \eta\lambda)\, r + \beta = 0",
    "averaged_momentum": r"r^2 - (1 + \beta - \eta(1-\beta)\lambda)\, r + \beta = 0",
    "nesterov": r"r^2 - (1+\beta)(1-\eta\lambda)\, r + \beta(1-\eta\lambda) = 0",
    "damped_newton": r"r = \max_\lambda \left|1 - \frac{\eta\lambda}{\lambda + \lambda_d}\right|",
}
BORDERS = {
    "gradient_descent": r"0 < \eta < \frac{2}{\lambda_{\max}}",
    "sgd": r"0 < \eta < \frac{2}{\lambda_{\max}}",
    "momentum": r"0 < \eta < \frac{2 + 2\beta}{\lambda_{\max}}",
    "averaged_momentum": r"0 < \eta < \frac{2 + 2\beta}{(1-\beta)\,\lambda_{\max}}",
    "nesterov": r"0 < \eta < \frac{2 + 2\beta}{(1 + 2\beta)\,\lambda_{\max}}",
    "damped_newton": r"0 < \eta < 2\left(1 + \frac{\lambda_d}{\lambda_{\max}}\right)",
}


def place_text(x: float, y: float) -> str:
    """Return a short text of a place in the plane."""
    return f"({short_text(x + 0.0, 3)}, {short_text(y + 0.0, 3)})"


def point_text(point: StationaryPoint) -> str:
    """What kind of place a point is, and where."""
    return tr(PLACES[point.kind], place=coordinates_text(point))


def coordinates_text(point: StationaryPoint) -> str:
    """Return the coordinates of a point, rounded to 0 if they are nearly 0."""
    return place_text(*(0.0 if abs(part) < 5e-5 else part for part in (point.x, point.y)))


def place_name(points: Points, place: int) -> str:
    """Where a run ended."""
    if place >= 0:
        return point_text(points[place])
    return tr("diverged") if place == DIVERGED else tr("undecided") if place == UNDECIDED else ""


def end_text(points: Points, place: int, steps: int) -> str:
    """Where a run ended, and when it was there for good."""
    name = place_name(points, place)
    return tr("{place} after {steps} steps", place=name, steps=steps) if place >= 0 else name


def share_at(axis: MapAxis, coordinate: float) -> float:
    """Return the fraction of an axis before a place in the plot."""
    return axis.fraction_shown(10.0**coordinate if axis.log else coordinate)


def axis_text(axis: MapAxis, share: float) -> str:
    """An axis and what stands there on it."""
    return f"{axis.label} = {tick_text(float(axis.at(share)))}"


def runs_text(shot: MapsSnapshot, config: MapsConfig) -> str:
    """How many of its runs a map has by now."""
    return tr("{runs} of {all} runs", runs=shot.runs, all=config.side**2)


def pixel_text(config: MapsConfig, points: Points, shot: MapsSnapshot, x: float, y: float) -> str:
    """The pixel at axis coordinates: what its run was made with, and where it ended; "" beside the map."""
    texts, pixel = [], []
    for axis, place in zip(axes_of(config), (x, y), strict=True):
        share = share_at(axis, place)
        if not 0 <= share < 1:
            return ""
        pixel.append(int(share * len(shot.place)))
        texts.append(axis_text(axis, share))
    column, row = pixel
    ended = end_text(points, int(shot.place[row, column]), int(shot.steps[row, column]))
    return "\n".join(("   ".join(texts), ended))


def pixel_columns(config: MapsConfig, points: Points, shot: MapsSnapshot) -> Columns:
    """Every pixel: what stands at its middle on the axes, where its run ended (in words), and its steps."""
    side = len(shot.place)
    share = (np.arange(side) + 0.5) / side
    along, upward = axes_of(config)
    across, up = np.meshgrid(along.at(share), upward.at(share))
    names = {place: place_name(points, place) for place in np.unique(shot.place).tolist()}
    words = [names[place] for place in shot.place.ravel().tolist()]
    return [
        (along.label, across.ravel()),
        (upward.label, up.ravel()),
        (tr("ended at"), words),
        (tr("steps"), shot.steps.ravel()),
    ]


def legend_lines(
    points: Points, shot: MapsSnapshot, pinned: Recording | None, theme: Theme, drawn: bool = True
) -> list[TableRow]:
    """A line for each place where runs have ended, the most frequent first; then the runs that did not.

    Unless `drawn`, the places have no colours on the map.
    """
    chosen, steps = hues(points), _steps_by_place(shot)
    colours = {UNDECIDED: (undecided_colour(theme),) * 2, DIVERGED: stripes(theme)}
    order = sorted((place for place in steps if place >= 0), key=lambda place: -len(steps[place]))
    lines = []
    for place in [*order, *(place for place in colours if place in steps)]:
        area = colours.get(place) or ends_of(int(chosen[place]), theme)
        share, median = len(steps[place]) / shot.place.size, float(np.median(steps[place]))
        values: list[float | None] = [share, median if place >= 0 else None]
        cells = [percent(share), short_text(median, 6) if place >= 0 else "–"]
        if pinned is not None:
            other = _same_place(points, place, pinned.data)
            ghost: MapsSnapshot = pinned.snapshot(pinned.last)[1]
            before = None if other is None else float((ghost.place == other).mean())
            values.append(before)
            cells.append("–" if before is None else percent(before))
        shown = area if drawn or place < 0 else None
        name, short = place_name(points, place), coordinates_text(points[place]) if place >= 0 else ""
        lines.append(TableRow(name, None, tuple(cells), tuple(values), shown, short=short))
    return lines


def _steps_by_place(shot: MapsSnapshot) -> dict[int, NDArray[np.integer[Any]]]:
    """The steps of all runs, place by place."""
    order = np.argsort(shot.place, axis=None, kind="stable")
    places, begins = np.unique(shot.place.ravel()[order], return_index=True)
    return dict(zip(places.tolist(), np.split(shot.steps.ravel()[order], begins[1:]), strict=True))


def _same_place(points: Points, place: int, others: Points) -> int | None:
    """The index in a pinned run of the same place."""
    if place < 0:
        return place
    x, y = points[place].x, points[place].y
    near = 1e-6 * (1 + abs(x) + abs(y))
    return next((k for k, one in enumerate(others) if np.hypot(x - one.x, y - one.y) < near), None)


def percent(share: float) -> str:
    """A share of all runs."""
    return f"{100 * share:.1f} %" if share >= 0.0005 or share == 0 else "< 0.05 %"


def curvatures_of(surface: Surface) -> tuple[Any, Any] | None:
    """The eigenvalues of the Hessian, the smallest first, where it is the same everywhere and positive.

    Numbers, or arrays for a bowl of many condition numbers.
    """
    if not isinstance(surface, Bowl | Booth):
        return None
    xx, xy, yy = np.broadcast_arrays(*surface.hessian(0.0, 0.0))
    values = np.linalg.eigvalsh(np.stack((xx, xy, xy, yy), axis=-1).reshape(*xx.shape, 2, 2))
    return values[..., 0], values[..., 1]


def run_block(config: MapsConfig, points: Points, run: MapsRun) -> Live:
    """What is mapped, and the chosen run in words."""
    latex = {
        "basins": r"B(m) = \left\{x_0 : \lim_{t\to\infty} x_t = m\right\}",
        "rates": r"T = \min\left\{s : \left\|x_t - x^*\right\| \leq r\ \;\forall\, t \geq s\right\}",
    }[config.kind]
    end = end_text(points, run.place, run.steps)
    told = tr("from {start}: {end}", start=place_text(*config.start), end=end)
    return Live(tr("The chosen run"), latex, "\n".join((told, *([tr(run.why)] if run.why else []))))


def rule_blocks(config: MapsConfig) -> list[Live]:
    """The equations of the rule, with its settings."""
    rule = config.optimizer
    blocks = [Live("" if index else tr(rule.title), line.latex) for index, line in enumerate(rule.equations)]
    return [*blocks[:-1], replace(blocks[-1], numbers=value_text(rule, whole=True))]


def stability_blocks(config: MapsConfig, run: MapsRun) -> list[Live]:
    """On a quadratic: the border of what converges, and how fast theory says that the chosen run does."""
    curvatures, rule = curvatures_of(surface_of(config)), config.optimizer
    if curvatures is None or rule.name not in BORDERS:
        return []
    border, factor = largest_rate(rule, curvatures[1]), convergence_factor(rule, curvatures)
    if border is None or factor is None:
        return []
    eta, most = getattr(rule, "learning_rate", 1.0), float(border)
    low, high, there, here = (short_text(value, 4) for value in (*curvatures, most, eta))
    told = tr(
        "λ from {low} to {high}: the border is {border}; here η = {eta} {sign} {border}",
        low=low,
        high=high,
        border=there,
        eta=here,
        sign="<" if eta < most else "≥",
    )
    return [
        Live(tr("What converges on a quadratic"), BORDERS[rule.name], told),
        Live(tr("How fast"), SPEEDS[rule.name], _speed_text(config, run, float(factor))),
    ]


def _speed_text(config: MapsConfig, run: MapsRun, r: float) -> str:
    """By which factor a step the error shrinks; how many steps that makes, beside those that were needed."""
    text, radius = tick_text(r), config.radius
    if r >= 1:
        return tr("r = {r}: the error grows", r=text)
    told = tr("r = {r}: the error shrinks by this factor a step, in the long run", r=text)
    away = float(np.hypot(*(run.path[0] - run.path[-1])))
    if run.place < 0 or r <= 0 or away <= radius:
        return told
    guess = short_text(round(log(radius / away) / log(r)), 6)
    steps = tr(
        "about {guess} steps to come within {radius}; it took {steps}",
        guess=guess,
        radius=short_text(radius, 4),
        steps=run.steps,
    )
    return f"{told}\n{steps}"


def finding(at: Moment[MapsConfig, Any], summary: Summary | None) -> str:
    """Say the result of the whole map; while it is being computed, what a pixel means."""
    shot, basins = at.snapshot, at.config.kind == "basins"
    if summary is None:
        start = "Each pixel is a start: {runs} of {all} runs are done."
        setting = "Each pixel is a setting of the optimizer: {runs} of {all} runs are done."
        return tr(start if basins else setting, runs=shot.runs, all=shot.place.size)
    lost = percent(summary.diverged)
    if summary.largest < 0:
        return tr("No run comes to rest: {diverged} diverge, the others are undecided.", diverged=lost)
    if not basins:
        assert summary.fastest is not None
        *shares, steps = summary.fastest
        x, y = map(axis_text, axes_of(at.config), shares)
        return tr(
            "Fastest is {x}, {y}: {steps} steps; {arrived} of the settings arrive, {diverged} diverge.",
            x=x,
            y=y,
            steps=steps,
            arrived=percent(summary.arrived),
            diverged=lost,
        )
    place, most = place_name(at.data, summary.largest), percent(summary.most)
    if summary.nearest is None:
        return tr(
            "{most} of the starts end at the {place}, half of them within {steps} steps.",
            most=most,
            place=place,
            steps=short_text(summary.median, 6),
        )
    return tr(
        "{near} of the starts end at the minimum nearest to them; "
        "the largest basin, {most}, is that of the {place}.",
        near=percent(summary.nearest),
        most=most,
        place=place,
    )
