"""Optimizers ▸ Moving averages: the series with its averages, and under it what each value still weighs."""

from typing import Annotated

import numpy as np

from engine.averages import lag, noise_left, weight_sums, weights_of_past, window
from engine.config import Config, number
from engine.experiments.optimizers.averages import AveragesConfig, Drawn
from engine.recording import Recording
from gui.choices import kept_choice
from gui.language import tr
from gui.moment import Moment, whole_run
from gui.notes import Live
from gui.numbers import short_text
from gui.options_widgets import quiet_label
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.ticks import factor_text, value_text
from gui.splitters import above_each_other
from gui.strokes import class_stroke
from gui.theme import DOTTED, GREY, Stroke, Theme
from gui.view import Room, View

RULES = {
    ("average", False): r"v_t=\beta\,v_{t-1}+(1-\beta)\,x_t",
    ("average", True): r"v_t=\beta\,v_{t-1}+(1-\beta)\,x_t,\quad \hat v_t=\frac{v_t}{1-\beta^t}",
    ("sum", False): r"v_t=\beta\,v_{t-1}+x_t",
    ("sum", True): r"v_t=\beta\,v_{t-1}+x_t,\quad \hat v_t=\frac{v_t\,(1-\beta)}{1-\beta^t}",
}


class AveragesOptions(Config, frozen=True):
    """How one looks at the averages."""

    explained: Annotated[
        int, number("Explain", "Whose numbers stand beside the formulas.", ge=0, le=4, of="betas")
    ] = 1


At = Moment[AveragesConfig, AveragesOptions]


class AveragesView(View):
    """The series above, the weights of the past below, over one axis of time."""

    config_type, options_type = AveragesConfig, AveragesOptions
    pace = 60.0

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.series = CurvesPanel(tr("The series and its averages"), theme)
        self.weights = CurvesPanel(tr("What each value of the past still weighs"), theme)
        self.hint = quiet_label(tr("Draw in the plot with the mouse: the averages follow."))
        self.bar = self.options_bar(self.hint, "", "explained:")
        self.fill(self.series, show_series_axes, by=series_of, early=True)
        self.fill(self.series, show_series, by=whole_run)
        self.fill(self.series, show_playhead)
        self.fill(self.weights, show_weight_axes, by=series_of, early=True)
        self.fill(self.weights, show_weights)
        for panel in (self.series, self.weights):
            panel.clicked.connect(self.jump)
        self.series.drawn.connect(self._draw_values)
        self.lay_out(self.bar, above_each_other((self.series, self.weights), (3, 2)))

    @classmethod
    def followed(cls, options: Config, before: Config, after: Config) -> tuple[Config, Config]:
        assert isinstance(before, AveragesConfig)
        assert isinstance(after, AveragesConfig)
        return kept_choice(options, "explained", before.betas, after.betas), after

    def offers(self, at: At) -> dict[str, object]:
        return {"explained": names(at)}

    def arrange(self, at: At, room: Room) -> bool:
        self.series.drawable = isinstance(at.config.series, Drawn)
        self.hint.setVisible(self.series.drawable)
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
            values[step - 1] = float(f"{height:.4g}")
        self.edit(series=Drawn(tuple(values)))

    def formulas(self, at: At) -> list[Live]:
        config, i, step = at.config, index(at), at.step
        beta = config.betas[i]
        rule = Live(
            tr("The average, for β = {beta}", beta=short_text(beta)),
            RULES[config.convention, config.corrected],
            _step_numbers(at, beta),
        )
        share = float(weight_sums(max(step, 1), beta, config.convention)[-1]) if step else 0.0
        sums = (
            r"\sum_k w_k=1-\beta^t"
            if config.convention == "average"
            else r"\sum_k w_k=\frac{1-\beta^t}{1-\beta}"
        )
        return [
            rule,
            Live(
                tr("All weights together"),
                sums,
                tr("{sum} at step {step}", sum=value_text(share), step=step)
                + ("\n" + tr("divided by it: 1") if config.corrected else ""),
            ),
            Live(tr("Effective window"), r"\frac{1}{1-\beta}", tr("{n} values", n=value_text(window(beta)))),
            Live(
                tr("Noise that is left, and delay along a ramp"),
                r"\sqrt{\frac{1-\beta}{1+\beta}}\qquad \frac{\beta}{1-\beta}",
                tr("{share} of the noise's standard deviation · {lag} steps late",
                   share=value_text(noise_left(beta)), lag=value_text(lag(beta))),
            ),
        ]  # fmt: skip


def names(at: At) -> list[str]:
    """What each average is called."""
    return [f"β = {short_text(beta)}" for beta in at.config.betas]


def index(at: At) -> int:
    """Which β is explained."""
    return min(at.options.explained, len(at.config.betas) - 1)


def series_of(at: At) -> object:
    """What the axes depend on."""
    return at.config.series


def _across(at: At) -> tuple[float, float]:
    return 0.0, float(len(at.config.series.series(at.config.seed).values)) + 0.5


def show_series_axes(panel: CurvesPanel, at: At) -> None:
    """Value against steps; a series that is drawn keeps room to draw in."""
    drawn = at.config.series.values if isinstance(at.config.series, Drawn) else ()
    room = (min(-1.0, *drawn), max(2.0, *drawn)) if drawn else None
    panel.set_axes((tr("step"), ""), (tr("value"), ""), x_limits=_across(at), y_limits=room)


def show_series(panel: CurvesPanel, at: At) -> None:
    """The series, what it is without noise, its averages, and those of pinned runs."""
    if at.last < 1:
        return
    time, grey = np.arange(1.0, at.last + 1), GREY[panel.theme.dark]
    curves = [
        curve
        for ghost in at.ghosts
        if ghost.recording.last >= 1
        for curve in _averages(ghost.recording, panel.theme, [ghost.label], ghost=True)
    ]
    values, signal = (at.recording.column(name)[1:] for name in ("series", "signal"))
    curves.append(Curve("series", tr("series"), time, values, Stroke(grey), width=0.8))
    if np.isfinite(signal).any():
        curves.append(Curve("signal", tr("without noise"), time, signal, Stroke(grey, DOTTED), width=1.2))
    panel.set_curves(curves + _averages(at.recording, panel.theme, names(at)))


def _averages(recording: Recording, theme: Theme, titles: list[str], ghost: bool = False) -> list[Curve]:
    """The averages of a run; a name for the first ones."""
    time = np.arange(1.0, recording.last + 1)
    count = sum(name.startswith("average.") for name in recording.names)
    titles = titles + [""] * count
    return [
        Curve(f"average.{i}", titles[i], time, recording.column(f"average.{i}")[1:], class_stroke(theme, i),
              ghost=ghost, width=2.0)
        for i in range(count)
    ]  # fmt: skip


def show_playhead(panel: CurvesPanel, at: At) -> None:
    """Mark the step."""
    panel.set_cursor(at.step)


def show_weight_axes(panel: CurvesPanel, at: At) -> None:
    """Weight against the step of the value."""
    panel.set_axes((tr("step of the value"), ""), (tr("weight"), ""), x_limits=_across(at))


def show_weights(panel: CurvesPanel, at: At) -> None:
    """The weights as bars of width 1, each under its value."""
    if at.last < 1:
        return
    edges = np.repeat(np.arange(0.5, at.step + 1), 2)[1:-1] if at.step else np.zeros(0)
    corrected, convention, curves = at.config.corrected, at.config.convention, []
    for i, (beta, name) in enumerate(zip(at.config.betas, names(at), strict=True)):
        newest_first = weights_of_past(at.step, beta, corrected=corrected, convention=convention)
        heights = np.repeat(newest_first[::-1], 2)
        stroke = class_stroke(panel.theme, i)
        curves.append(Curve(f"weight.{i}", name, edges, heights, stroke, width=1.4, fill=i == index(at)))
    panel.set_curves(curves)
    panel.restart()  # after them: the weights of the step before have no say in the axes
    panel.set_cursor(at.step)


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
