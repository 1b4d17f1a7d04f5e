"""Optimizers ▸ Moving averages: the series with its averages, and under it what each value still weighs."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSplitter, QVBoxLayout

from engine.averages import lag, noise_left, weight_sums, weights_of_past, window
from engine.config import Config, number, replaced
from engine.experiments.optimizers.averages import AveragesConfig, Drawn
from engine.recording import Recording
from gui.choices import kept_choice
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.numbers import short_text
from gui.old_view import OldView
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.panel import Panel
from gui.plots.ticks import factor_text, value_text
from gui.theme import DASH_DOT, DASHED, DOTTED, GREY, LONG, SOLID, Stroke, Theme

Vector = NDArray[np.float64]
DASHES = (SOLID, DASHED, DASH_DOT, LONG, DOTTED)
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


class AveragesView(OldView):
    """The series above, the weights of the past below, over one axis of time."""

    options_type: ClassVar[type[Config]] = AveragesOptions
    pace: ClassVar[float] = 60.0
    options: AveragesOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = AveragesConfig()
        self.ghosts: Sequence[Ghost] = ()
        self._shown: tuple[Recording, int] | None = None
        self.series = CurvesPanel(tr("The series and its averages"), theme)
        self.weights = CurvesPanel(tr("What each value of the past still weighs"), theme)
        for panel in (self.series, self.weights):
            panel.clicked.connect(lambda t: self.step_chosen.emit(max(0, round(t))))
        self.series.drawn.connect(self._draw_values)
        self.explained = QComboBox()
        self.explained.setAccessibleName(tr("Explain"))
        self.explained.setToolTip(tr("Whose numbers stand beside the formulas."))
        self.explained.activated.connect(self._explain)
        self._lay_out()

    def _lay_out(self) -> None:
        px = self.theme.px
        bar = QHBoxLayout()
        bar.setContentsMargins(px(8), px(6), px(8), px(6))
        self.hint = QLabel(tr("Draw in the plot with the mouse: the averages follow."))
        bar.addWidget(self.hint)
        bar.addStretch(1)
        bar.setSpacing(px(8))
        bar.addWidget(QLabel(tr("Explain")))
        bar.addWidget(self.explained)
        plots = QSplitter(Qt.Orientation.Vertical)
        plots.setHandleWidth(1)
        plots.setChildrenCollapsible(False)
        for panel, share in ((self.series, 3), (self.weights, 2)):
            plots.addWidget(panel)
            plots.setStretchFactor(plots.count() - 1, share)
        plots.setSizes([300, 200])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(plots, 1)

    @classmethod
    def followed(cls, options: Config, before: Config, after: Config) -> tuple[Config, Config]:
        assert isinstance(before, AveragesConfig)
        assert isinstance(after, AveragesConfig)
        return kept_choice(options, "explained", before.betas, after.betas), after

    def panels(self) -> list[Panel]:
        return [self.series, self.weights]

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, AveragesConfig)
        fresh = config.series != self.config.series or not self.series.curves
        self.config, self.ghosts = config, ghosts
        drawing = isinstance(config.series, Drawn)
        self.series.drawable = drawing
        self.hint.setVisible(drawing)
        names = [f"β = {short_text(beta)}" for beta in config.betas]
        if names != [self.explained.itemText(k) for k in range(self.explained.count())]:
            self.explained.clear()
            self.explained.addItems(names)
        self.explained.setCurrentIndex(self._index)
        if fresh:
            self._set_axes()

    def _set_axes(self) -> None:
        """Name the axes; a series that is drawn keeps room to draw in."""
        last = len(self.config.series.series(self.config.seed).values)
        limits = (0.0, float(last) + 0.5)
        drawn = self.config.series.values if isinstance(self.config.series, Drawn) else ()
        room = (min(-1.0, *drawn), max(2.0, *drawn)) if drawn else None
        self.series.set_axes((tr("step"), ""), (tr("value"), ""), x_limits=limits, y_limits=room)
        self.weights.set_axes((tr("step of the value"), ""), (tr("weight"), ""), x_limits=limits)

    @property
    def _index(self) -> int:
        """Which β is explained."""
        return min(self.options.explained, len(self.config.betas) - 1)

    def draw(self, recording: Recording, step: int) -> None:
        self._shown = (recording, step)
        if recording.last < 1:
            return
        self.series.set_curves([*self._ghost_curves(), *self._curves(recording)])
        self.series.set_cursor(step)
        self.weights.set_curves(self._weights(step))
        self.weights.restart()  # after them: the weights of the step before have no say in the axes
        self.weights.set_cursor(step)

    def _curves(self, recording: Recording) -> list[Curve]:
        time = np.arange(1.0, recording.last + 1)
        grey = Stroke(GREY[self.theme.dark])
        curves = [Curve("series", tr("series"), time, recording.column("series")[1:], grey, width=0.8)]
        signal = recording.column("signal")[1:]
        if np.isfinite(signal).any():
            bare = Stroke(GREY[self.theme.dark], DOTTED)
            curves.append(Curve("signal", tr("without noise"), time, signal, bare, width=1.2))
        return curves + self._averages(recording, time, ghost=False)

    def _averages(self, recording: Recording, time: Vector, ghost: bool, label: str = "") -> list[Curve]:
        count = sum(name.startswith("average.") for name in recording.names)
        curves = []
        for i in range(count):
            name = label if ghost and i == 0 else ("" if ghost else self.explained.itemText(i))
            values = recording.column(f"average.{i}")[1:]
            curves.append(Curve(f"average.{i}", name, time, values, self._stroke(i), ghost=ghost, width=2.0))
        return curves

    def _ghost_curves(self) -> list[Curve]:
        return [
            curve
            for ghost in self.ghosts
            if ghost.recording.last >= 1
            for curve in self._averages(
                ghost.recording, np.arange(1.0, ghost.recording.last + 1), True, ghost.label
            )
        ]

    def _stroke(self, i: int) -> Stroke:
        return Stroke(self.theme.class_colour(i), DASHES[i % len(DASHES)])

    def _weights(self, step: int) -> list[Curve]:
        """The weights as bars of width 1, each under its value."""
        edges = np.repeat(np.arange(0.5, step + 1), 2)[1:-1] if step else np.zeros(0)
        curves = []
        for i, beta in enumerate(self.config.betas):
            newest_first = weights_of_past(
                step, beta, corrected=self.config.corrected, convention=self.config.convention
            )
            heights = np.repeat(newest_first[::-1], 2)
            name = self.explained.itemText(i)
            curves.append(
                Curve(f"weight.{i}", name, edges, heights, self._stroke(i), width=1.4, fill=i == self._index)
            )
        return curves

    def _explain(self, index: int) -> None:
        self.set_option(explained=index)
        if self._shown is not None:
            self.draw(*self._shown)

    def _draw_values(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Put values along a stroke of the mouse, in a series that is drawn."""
        series = self.config.series
        if not isinstance(series, Drawn):
            return
        values, (left, right) = list(series.values), sorted((round(x0), round(x1)))
        for step in range(max(left, 1), min(right, len(values)) + 1):
            share = (step - x0) / (x1 - x0) if x1 != x0 else 1.0
            height = y0 + min(max(share, 0.0), 1.0) * (y1 - y0)
            values[step - 1] = float(f"{height:.4g}")
        self.edited.emit(replaced(self.config, series=Drawn(tuple(values))))

    def live(self, recording: Recording, step: int) -> list[Live]:
        config, i = self.config, self._index
        beta = config.betas[i]
        rule = Live(
            tr("The average, for β = {beta}", beta=short_text(beta)),
            RULES[config.convention, config.corrected],
            self._step_numbers(recording, step, beta),
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

    def _step_numbers(self, recording: Recording, step: int, beta: float) -> str:
        """The rule with the numbers of this step."""
        if step < 1 or recording.last < step:
            return tr("Nothing has come yet: v₀ = 0.")
        config = self.config
        values = recording.column(f"average.{self._index}")
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
