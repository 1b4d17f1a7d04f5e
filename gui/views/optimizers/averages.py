"""Optimizers ▸ Moving averages: the series with its averages, and under it what each value still weighs."""

from math import inf
from typing import Annotated

import numpy as np

from engine.averages import lag, noise_left, weight_sums, weights_of_past, window
from engine.config import Config, number
from engine.experiments.optimizers.averages import AveragesConfig, Drawn
from engine.recording import Recording
from gui.look.arithmetic import exact_text
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.strokes import class_stroke
from gui.look.theme import DOTTED, GREY, Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel, Span
from gui.plots.ticks import factor_text, value_text
from gui.screen.hero import WithHero
from gui.screen.moment import Moment, this_step
from gui.screen.notes import Live
from gui.screen.options_widgets import quiet_label
from gui.screen.terms import Term, term
from gui.screen.view import Room, Urgency, View
from gui.views.curve_plots import CurveAxes, fill_axes, fill_steps
from gui.views.optimizers.averages_finding import finding
from gui.views.pinned import with_pinned

RULES = {
    ("average", False): r"v_t=\beta\,v_{t-1}+(1-\beta)\,x_t",
    ("average", True): r"v_t=\beta\,v_{t-1}+(1-\beta)\,x_t,\quad \hat v_t=\frac{v_t}{1-\beta^t}",
    ("sum", False): r"v_t=\beta\,v_{t-1}+x_t",
    ("sum", True): r"v_t=\beta\,v_{t-1}+x_t,\quad \hat v_t=\frac{v_t\,(1-\beta)}{1-\beta^t}",
}
SUMS = {"average": r"\sum_k w_k=1-\beta^t", "sum": r"\sum_k w_k=\frac{1-\beta^t}{1-\beta}"}


class AveragesOptions(Config, frozen=True):
    """How one looks at the averages."""

    explained: Annotated[
        int, number("Explain", "Whose numbers stand beside the formulas.", ge=0, le=4, of="betas")
    ] = 1


LOW = 340  # a lecture lower than this has no room for the weights: the shade tells of them
ROOM = 1.08  # heights of the largest weight
REACH = 5.0  # windows, after which a weight is e⁻⁵ of the newest
At = Moment[AveragesConfig, AveragesOptions]


class AveragesView(View):
    """The series above, with the window of one average shaded, the weights of its past below."""

    config_type, options_type = AveragesConfig, AveragesOptions
    pace = 60.0

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.series = CurvesPanel(tr("The series and its averages"), theme)
        self.weights = CurvesPanel(tr("What each value of the past still weighs"), theme)
        self.hint = quiet_label(tr("Draw in the plot with the mouse: the averages follow."))
        self.bar = self.options_bar("explained:", "", self.hint)
        fill_steps(self, self.series, series_curves, series_axes)
        self.fill(self.weights, show_weights)
        fill_axes(self, self.weights, weight_axes)
        self.fill(self.series, clear_window, by=this_step)
        self.fill(self.series, show_window, Urgency.SETTLED, by=this_step)
        self.weights.clicked.connect(self._go_back)
        self.series.drawn.connect(self._draw_values)
        self.tell(finding)
        self.lay_out(self.bar, WithHero(theme, self.series, (self.weights,), share=70, wide=inf))

    def offers(self, at: At) -> dict[str, object]:
        return {"explained": names(at.config)}

    def arrange(self, at: At, room: Room) -> bool:
        self.series.drawable = isinstance(at.config.series, Drawn)
        self.hint.setVisible(self.series.drawable)
        self.weights.setVisible(not self.theme.presenting or room.height >= LOW)
        return False

    def opens_on(self, at: At) -> int | None:
        """In the midst of the series: what has been is felt, what comes is seen."""
        return 3 * at.last // 4 if at.last > 0 else None

    def _go_back(self, ago: float) -> None:
        self.jump(self.at.step + ago)

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

    def formulas(self, at: At) -> list[Live]:
        config, step, beta = at.config, at.step, at.config.betas[index(at)]
        share = float(weight_sums(step, beta, config.convention)[-1]) if step else 0.0
        together = tr("{sum} at step {step}", sum=value_text(share), step=step)
        if config.corrected:
            together += "\n" + tr("divided by it: 1")
        rule = RULES[config.convention, config.corrected]
        return [
            Live(tr("The average, for β = {beta}", beta=short_text(beta)), rule, _step_numbers(at, beta)),
            Live(tr("All weights together"), SUMS[config.convention], together),
            Live(tr("Effective window"), r"\frac{1}{1-\beta}", tr("{n} values", n=value_text(window(beta)))),
            Live(tr("Noise that is left, and delay along a ramp"),
                 r"\sqrt{\frac{1-\beta}{1+\beta}}\qquad \frac{\beta}{1-\beta}",
                 tr("{share} of the noise's standard deviation · {lag} steps late",
                    share=value_text(noise_left(beta)), lag=value_text(lag(beta)))),
        ]  # fmt: skip

    def terms(self, at: At) -> list[Term]:
        k, beta = index(at), at.config.betas[index(at)]
        own, weights = (self.series, f"average.{k}"), (self.weights, f"weight.{k}")
        return [
            term("v_t", tr("the average"), own),
            term(r"\hat v_t", tr("the average, corrected for its beginning at 0"), own),
            term("x_t", tr("the series"), (self.series, "series")),
            term("w_k", tr("weight of a value of the past"), weights),
            term(r"\beta", tr("how much of the past is kept"), weights, own, value=exact_text(beta)),
        ]


def names(config: AveragesConfig) -> list[str]:
    """What each average is called."""
    return [f"β = {short_text(beta)}" for beta in config.betas]


def index(at: At) -> int:
    """Which β is explained."""
    return min(at.options.explained, len(at.config.betas) - 1)


def _across(at: At) -> tuple[float, float]:
    return 0.0, float(len(at.config.series.series(at.config.seed).values)) + 0.5


def series_axes(at: At) -> CurveAxes:
    """Value against steps; a series that is drawn keeps room to draw in."""
    drawn = at.config.series.values if isinstance(at.config.series, Drawn) else ()
    room = (min(-1.0, *drawn), max(2.0, *drawn)) if drawn else None
    return CurveAxes((tr("step"), ""), (tr("value"), ""), x_limits=_across(at), y_limits=room)


def series_curves(at: At, theme: Theme) -> list[Curve]:
    """The series, what it is without noise, its averages, and those of pinned runs."""
    grey = GREY[theme.dark]
    curves = [
        _since_step_1(at.recording, "series", tr("series"), Stroke(grey), 0.8),
        _since_step_1(at.recording, "signal", tr("without noise"), Stroke(grey, DOTTED), 1.2),
    ]
    known = [curve for curve in curves if np.isfinite(curve.y).any()]

    def averages(config: AveragesConfig, recording: Recording) -> list[Curve]:
        return [
            _since_step_1(recording, f"average.{i}", name, class_stroke(theme, i), 2.0)
            for i, name in enumerate(names(config))
        ]

    return known + with_pinned(at, averages)


def _since_step_1(recording: Recording, column: str, name: str, stroke: Stroke, width: float) -> Curve:
    values = recording.column(column)[1:] if column in recording.names else np.zeros(0)
    return Curve(column, name, np.arange(1.0, len(values) + 1), values, stroke, width=width)


def reach(at: At) -> float:
    """How many steps back the weights are on show: as far as one sees those that are explained."""
    return min(_across(at)[1] - 0.5, REACH * window(at.config.betas[index(at)]))


def weight_axes(at: At) -> CurveAxes:
    """Weight against how long ago the value has come."""
    newest = [weights_of_past(1, beta, convention=at.config.convention)[0] for beta in at.config.betas]
    height = None if at.config.corrected else (0.0, ROOM * float(max(newest)))
    across = (0.5 - reach(at), 0.5)
    return CurveAxes(
        (tr("steps from the playhead"), ""), (tr("weight"), ""), x_limits=across, y_limits=height
    )


def show_weights(panel: CurvesPanel, at: At) -> None:
    """The weights as bars of width 1, the newest at the right."""
    edges = np.repeat(np.arange(0.5, at.step + 1), 2)[1:-1] - at.step if at.step else np.zeros(0)
    corrected, convention, curves = at.config.corrected, at.config.convention, []
    for i, (beta, name) in enumerate(zip(at.config.betas, names(at.config), strict=True)):
        newest_first = weights_of_past(at.step, beta, corrected=corrected, convention=convention)
        heights, stroke = np.repeat(newest_first[::-1], 2), class_stroke(panel.theme, i)
        curves.append(Curve(f"weight.{i}", name, edges, heights, stroke, width=1.4, fill=i == index(at)))
    panel.set_curves(curves)
    panel.restart()  # after them: the weights of the step before have no say in the axes


def clear_window(panel: CurvesPanel, at: At) -> None:
    """Shade nothing while the playhead moves."""
    panel.set_spans(())


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
    values = recording.column(f"average.{index(at)}")
    sums = weight_sums(step, beta, config.convention) if config.corrected else np.ones(step)
    # What is recorded is v̂ when it is corrected; the rule runs on v.
    before = float(values[step - 1] * sums[step - 2]) if step > 1 else 0.0
    now = float(values[step] * sums[step - 1])
    x = float(recording.column("series")[step])
    share = "" if config.convention == "sum" else f"{short_text(1 - beta, 4)} · "
    new = f"{share}{factor_text(x)}"
    text = f"v = {short_text(beta)} · {factor_text(before)} + {new} = {value_text(now)}"
    if config.corrected:
        of = float(weight_sums(step, beta)[-1])
        by = now * (1 - beta) if config.convention == "sum" else now
        text += f"\nv̂ = {value_text(by)} / {value_text(of)} = {value_text(float(values[step]))}"
    return text


VIEW = AveragesView
