"""Optimizers ▸ Moving averages: the series with its averages, and under it what each value still weighs."""

from math import inf
from typing import Annotated, NamedTuple

import numpy as np

from engine.config import Config, number
from engine.experiments.optimizers.averages import AveragesConfig, Drawn
from engine.optimizers.averages import Array, lag, noise_left, weight_sums, weights_of_past, window
from engine.recording import Recording
from gui.look.arithmetic import exact_text
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.strokes import class_stroke
from gui.look.theme import GREY, Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel, Span
from gui.plots.ticks import factor_text, value_text
from gui.screen.hero import WithHero
from gui.screen.options_widgets import quiet_label
from gui.screen.terms import Term, term
from gui.screen.view import Live, Moment, Room, Urgency, View, this_step
from gui.views.curve_plots import CurveAxes, Plot, fill_history, fill_plot
from gui.views.pinned import with_pinned
from gui.views.words import told

RULES = {
    ("average", False): r"v_t=\beta\,v_{t-1}+(1-\beta)\,x_t",
    ("average", True): r"v_t=\beta\,v_{t-1}+(1-\beta)\,x_t,\quad \hat v_t=\frac{v_t}{1-\beta^t}",
    ("sum", False): r"v_t=\beta\,v_{t-1}+x_t",
    ("sum", True): r"v_t=\beta\,v_{t-1}+x_t,\quad \hat v_t=\frac{v_t\,(1-\beta)}{1-\beta^t}",
}
SUMS = {"average": r"\sum_k w_k=1-\beta^t", "sum": r"\sum_k w_k=\frac{1-\beta^t}{1-\beta}"}


class AveragesOptions(Config, frozen=True):
    """The options of the view."""

    explained: Annotated[
        int, number("Explain", "Whose numbers stand beside the formulas.", ge=0, le=4, of="betas")
    ] = 1


LOW = 420  # a lower lecture has no room for the weights, which the shade shows too
ROOM = 1.08  # the height of the plot, in heights of the largest weight
REACH = 5.0  # windows that are shown: after them a weight is e⁻⁵ of the newest
At = Moment[AveragesConfig, AveragesOptions]


class AveragesView(View):
    """The series, with the window of one average shaded; below it the weights of past values."""

    config_type, options_type = AveragesConfig, AveragesOptions
    pace = 60.0

    def build(self, theme: Theme) -> None:
        self.series = CurvesPanel(
            tr("The series and its averages; shaded: 1, 2 and 3 windows 1/(1 − β) of the explained β"), theme
        )
        self.weights = CurvesPanel(tr("Weight of each past value"), theme)
        self.hint = quiet_label(tr("Draw in the plot with the mouse: the averages follow."))
        self.bar = self.options_bar("explained:", "", self.hint)
        fill_history(self, self.series, series)
        fill_plot(self, self.weights, weights)
        # After them: the weights of the step before have no say in the axes.
        self.fill(self.weights, lambda panel, at: panel.restart())
        self.fill(self.series, lambda panel, at: panel.set_spans(()), by=this_step)  # while the step moves
        self.fill(self.series, show_window, Urgency.SETTLED, by=this_step)
        self.on(self.weights.clicked, lambda view, ago: view.jump(view.at.step + ago))
        self.series.drawn.connect(self._draw_values)
        # It opens in the middle of the series.
        self.tell(finding, opens_on=lambda at: 3 * at.last // 4 if at.last > 0 else None)
        self.lay_out(self.bar, WithHero(theme, self.series, (self.weights,), share=70, wide=inf))

    def offers(self, at: At) -> dict[str, object]:
        return {"explained": names(at.config)}

    def arrange(self, at: At, room: Room) -> bool:
        self.series.drawable = isinstance(at.config.series, Drawn)
        self.hint.setVisible(self.series.drawable)
        self.weights.setVisible(not self.theme.presenting or room.height >= LOW)
        return False

    def _draw_values(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Put values along a stroke of the mouse, in a series that is drawn."""
        series = self.at.config.series
        if not isinstance(series, Drawn):
            return
        values, (left, right) = list(series.values), sorted((round(x0), round(x1)))
        for step in range(max(left, 1), min(right, len(values)) + 1):
            share = (step - x0) / (x1 - x0) if x1 != x0 else 1.0
            height = y0 + min(max(share, 0.0), 1.0) * (y1 - y0)
            values[step - 1] = float(f"{height:.3g}")
        self.edit(series=Drawn(tuple(values)))

    def terms(self, at: At) -> list[Term]:
        k, beta = index(at), at.config.betas[index(at)]
        own, weights = (self.series, f"{k}.average"), (self.weights, f"weight.{k}")
        return [
            term("v_t", tr("the average"), own),
            term(r"\hat v_t", tr("the average, corrected for its beginning at 0"), own),
            term("x_t", tr("the series"), (self.series, "series")),
            term("w_k", tr("weight of a value of the past"), weights),
            term(r"\beta", tr("how much of the past is kept"), weights, own, value=exact_text(beta)),
        ]

    def formulas(self, at: At) -> list[Live]:
        config, step, beta = at.config, at.step, at.config.betas[index(at)]
        share = float(weight_sums(step, beta, config.convention)[-1]) if step else 0.0
        together = tr("{sum} at step {step}", sum=share, step=step)
        if config.corrected:
            together += "\n" + tr("divided by it: 1")
        rule = RULES[config.convention, config.corrected]
        return [
            Live(tr("The average, for β = {beta}", beta=short_text(beta)), rule, _step_numbers(at, beta)),
            Live(tr("All weights together"), SUMS[config.convention], together),
            Live(tr("Effective window"), r"\frac{1}{1-\beta}", tr("{n} values", n=window(beta))),
            Live(
                tr("Noise that is left, and delay along a ramp"),
                r"\sqrt{\frac{1-\beta}{1+\beta}}\qquad \frac{\beta}{1-\beta}",
                tr(
                    "{share} of the noise's standard deviation · {lag} steps late",
                    share=noise_left(beta),
                    lag=lag(beta),
                ),
            ),
        ]


def names(config: AveragesConfig) -> list[str]:
    """Return the name of each average."""
    return [f"β = {short_text(beta)}" for beta in config.betas]


def index(at: At) -> int:
    """Return the index of the β that is explained."""
    return min(at.options.explained, len(at.config.betas) - 1)


def _across(at: At) -> tuple[float, float]:
    return 0.0, float(len(at.config.series.series(at.config.seed).values)) + 0.5


def series(at: At, theme: Theme) -> Plot:
    """The series, what it is without noise, its averages, and those of pinned runs.

    A series that is drawn keeps room to draw in.
    """
    drawn = at.config.series.values if isinstance(at.config.series, Drawn) else ()
    room = (min(-1.0, *drawn), max(2.0, *drawn)) if drawn else None
    axes = CurveAxes((tr("step"), ""), (tr("value"), ""), x_limits=_across(at), y_limits=room)
    grey = GREY[theme.dark]
    curves = [
        _since_step_1(at.recording, "series", tr("series"), Stroke(grey), 0.8),
        _since_step_1(at.recording, "signal", tr("without noise"), Stroke(theme.text), 1.6),
    ]
    known = [curve for curve in curves if np.isfinite(curve.y).any()]

    def averages(config: AveragesConfig, recording: Recording) -> list[Curve]:
        return [
            _since_step_1(recording, f"{i}.average", name, class_stroke(theme, i), 2.0)
            for i, name in enumerate(names(config))
        ]

    return Plot(axes, known + with_pinned(at, averages))


def _since_step_1(recording: Recording, column: str, name: str, stroke: Stroke, width: float) -> Curve:
    values = recording.column(column)[1:] if column in recording.names else np.zeros(0)
    return Curve(column, name, np.arange(1.0, len(values) + 1), values, stroke, width=width)


def weights(at: At, theme: Theme) -> Plot:
    """The weights as bars of width 1, the newest at the right; as far back as one sees the explained ones."""
    edges = np.repeat(np.arange(0.5, at.step + 1), 2)[1:-1] - at.step if at.step else np.zeros(0)
    corrected, convention, betas, curves = at.config.corrected, at.config.convention, at.config.betas, []
    for i, (beta, name) in enumerate(zip(betas, names(at.config), strict=True)):
        newest_first = weights_of_past(at.step, beta, corrected=corrected, convention=convention)
        heights, stroke = np.repeat(newest_first[::-1], 2), class_stroke(theme, i)
        curves.append(Curve(f"weight.{i}", name, edges, heights, stroke, width=1.4, fill=i == index(at)))
    newest = max(weights_of_past(1, beta, convention=convention)[0] for beta in betas)
    across = 0.5 - min(_across(at)[1] - 0.5, REACH * window(betas[index(at)])), 0.5
    return Plot(
        CurveAxes(
            (tr("steps from the playhead"), ""),
            (tr("weight"), ""),
            x_limits=across,
            y_limits=None if corrected else (0.0, ROOM * float(newest)),
        ),
        curves,
    )


def show_window(panel: CurvesPanel, at: At) -> None:
    """Shade what the explained average still feels: fainter, the less of its weight lies there."""
    k, step = index(at), float(at.step)
    stroke, back = class_stroke(panel.theme, k), window(at.config.betas[k])
    first = [max(0.5, step + 0.5 - times * back) for times in (1, 2, 3)]
    panel.set_spans([Span(begin, step + 0.5, "", stroke) for begin in first] if at.step else ())


def _step_numbers(at: At, beta: float) -> str:
    """The rule with the numbers of this step."""
    config, recording, step = at.config, at.recording, at.step
    if step < 1 or recording.last < step:
        return tr("Nothing has come yet: v₀ = 0.")
    values = recording.column(f"{index(at)}.average")
    sums = weight_sums(step, beta, config.convention) if config.corrected else np.ones(step)
    # What is recorded is v̂ when it is corrected; the rule runs on v.
    before = float(values[step - 1] * sums[step - 2]) if step > 1 else 0.0
    now = float(values[step] * sums[step - 1])
    x = at.value("series")
    share = "" if config.convention == "sum" else f"{short_text(1 - beta, 4)} · "
    new = f"{share}{factor_text(x)}"
    text = f"v = {short_text(beta)} · {factor_text(before)} + {new} = {value_text(now)}"
    if config.corrected:
        of = float(weight_sums(step, beta)[-1])
        by = now * (1 - beta) if config.convention == "sum" else now
        text += f"\nv̂ = {value_text(by)} / {value_text(of)} = {value_text(float(values[step]))}"
    return text


class Spread(NamedTuple):
    """Root mean squares over the steps 1 … t, for t = 0 …: of the series first, then of each average."""

    known: bool  # whether it is the distance from the series without noise; else the change a step
    sizes: list[Array]


def finding(at: At) -> str:
    """Say which average is nearest to the signal so far; without a known signal, which is smoothest."""
    config, step = at.config, at.step
    if step == 0 or at.last < step:
        begin = "Each average keeps β of itself and takes the rest from the new value: how far does it lag?"
        return tr(begin)
    if config.convention == "sum" and not config.corrected:
        return _sum(at)
    spread = at.once(_spread, at.recording, len(config.betas), at.last)
    own, *others = (float(sizes[step]) for sizes in spread.sizes)
    best = min(range(len(others)), key=lambda k: others[k])
    slots = {"t": step, "beta": short_text(config.betas[best]), "off": told(others[best]), "own": told(own)}
    if not spread.known:
        return tr(
            "Over {t} steps β = {beta} is calmest: it moves {off} a step, the series {own} (RMS).", **slots
        )
    if own <= others[best]:
        return tr(
            "Over {t} steps the series is nearest to the signal: {own} off; β = {beta} is {off} off.", **slots
        )
    return tr(
        "Over {t} steps β = {beta} is nearest to the signal: {off} off (RMS); the series is {own} off.",
        **slots,
    )


def _sum(at: At) -> str:
    """Say by which factor a sum is larger than the average of the same values."""
    config = at.config
    i = index(at)
    return tr(
        "At step {t} the sum for β = {beta} is {value}, {times} times the average of the same values.",
        t=at.step,
        beta=short_text(config.betas[i]),
        value=told(at.value(f"{i}.average")),
        times=short_text(window(config.betas[i]), 4),
    )


def _spread(recording: Recording, averages: int, last: int) -> Spread:
    """How far the series and its averages are from the signal, or by how much they move at each step."""
    names = ["series", *(f"{i}.average" for i in range(averages))]
    values = [recording.column(name)[1:] for name in names]
    signal = recording.column("signal")[1:]
    known = bool(np.isfinite(signal).all())
    steps = np.arange(1, last + 1)
    off = [one - signal if known else np.diff(one, prepend=one[:1]) for one in values]
    return Spread(known, [np.append(0.0, np.sqrt(np.cumsum(one**2) / steps)) for one in off])
