"""Optimizers ▸ Convergence rates: f − f* as measured, under the bounds of a theorem, and the fitted slope."""

from collections.abc import Sequence
from html import escape
from typing import Annotated, ClassVar

import numpy as np
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.config import Config, choice, plain
from engine.experiments.optimizers.convergence import Comparison, ConvergenceConfig, comparison, fitted
from engine.experiments.optimizers.convergence_theorems import Measured
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.numbers import short_text
from gui.old_view import OldView
from gui.plots.curves import Curve, CurvesPanel, Handle, Span
from gui.plots.panel import Panel
from gui.plots.table import Line, TablePanel
from gui.plots.ticks import value_text
from gui.splitters import above_each_other
from gui.theme import Stroke, Theme
from gui.views.optimizers.convergence_words import (
    BOUNDS,
    FITS,
    assumptions,
    blocks,
    broken,
    fit_name,
    kind,
    method_names,
    verdict,
)

AXES = {"auto": "As the theorem has it", "loglog": "Log–log", "loglin": "Only f on a log axis"}
FLAT = 1e-9
LOW = 400  # a view lower than this has no room for names in the plot
DEEPEST, HIGHEST = 1e-30, 1e4  # of the first f − f*: what of a curve is on show


class ConvergenceOptions(Config, frozen=True):
    """How one looks at the rates."""

    axes: Annotated[
        str,
        choice("Axes", "A power of k is straight on log–log axes, a factor a step on linear k.", AXES),
    ] = "auto"
    window: Annotated[
        tuple[float, float],
        plain("Window", "The steps over which the slope is fitted; 0, 0 for the last nine tenths."),
    ] = (0.0, 0.0)


class ConvergenceView(OldView):
    """One large plot, a line with the assumptions over it, and a table under it."""

    options_type: ClassVar[type[Config]] = ConvergenceOptions
    pace: ClassVar[float] = 60.0
    options: ConvergenceOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = ConvergenceConfig()
        self.ghosts: Sequence[Ghost] = ()
        self._shown: tuple[Recording, int] | None = None
        self._drawn: tuple[Recording, int] | None = None  # whose curves are in the plot
        self.gaps = CurvesPanel(tr("f − f*, measured and promised"), theme)
        self.rates = TablePanel(tr("At this step, and over the window"), theme)
        self.gaps.clicked.connect(lambda k: self.step_chosen.emit(max(0, round(k))))
        self.gaps.handle_dragged.connect(self._drag)
        self.axes = QComboBox()
        for name, title in AXES.items():
            self.axes.addItem(tr(title), name)
        self.axes.setCurrentIndex(self.axes.findData(self.options.axes))
        self.axes.setAccessibleName(tr("Axes"))
        self.axes.setToolTip(tr("A power of k is straight on log–log axes, a factor a step on linear k."))
        self.axes.activated.connect(lambda index: self._choose(self.axes.itemData(index)))
        self.words = QLabel()
        self.words.setWordWrap(True)
        self._lay_out()

    def _lay_out(self) -> None:
        px = self.theme.px
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(px(8), px(6), px(8), px(6))
        row.setSpacing(px(8))
        row.addWidget(self.words, 1)
        row.addWidget(QLabel(tr("Axes")))
        row.addWidget(self.axes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(above_each_other((self.gaps, self.rates), (74, 26)), 1)

    def panels(self) -> list[Panel]:
        return [self.gaps, self.rates]

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, ConvergenceConfig)
        self.config, self.ghosts = config, ghosts
        self._drawn = None
        text = f'<span style="color:{self.theme.quiet}">{_html(assumptions(config))}</span>'
        if wrong := broken(config):
            text += f' <span style="color:{self.theme.stroke("wrong").colour}">{_html(wrong)}</span>'
        self.words.setText(text)

    @property
    def _log_k(self) -> bool:
        if self.options.axes == "auto":
            return self.config.theorem.fits == "slope"
        return self.options.axes == "loglog"

    @property
    def span(self) -> tuple[float, float]:
        """The steps over which is fitted, within those of the run."""
        steps = self.config.theorem.steps
        first, last = self.options.window
        if 0 <= first < last <= steps:
            return first, last
        return (0.0, steps) if self.config.theorem.fits == "order" else (max(1.0, steps // 10), steps)

    def draw(self, recording: Recording, step: int) -> None:
        self._shown = (recording, step)
        found = comparison(recording)
        if self._drawn != (recording, recording.last):
            self._drawn = (recording, recording.last)
            self._draw_curves(found)
        self.gaps.set_cursor(max(step, 1) if self._log_k else step)
        self._draw_window()
        self._draw_table(found, step)

    def _draw_curves(self, found: Comparison) -> None:
        first = 1 if self._log_k else 0
        names, curves = method_names(), self._ghost_curves(first)
        for name, measured in found.methods.items():
            k = np.arange(first, float(len(measured.gap)))
            curves.append(Curve(name, names[name], k, measured.gap[first:], self.theme.stroke(name)))
            words = BOUNDS.get((kind(self.config), name))
            if words is not None:
                bound = self.theme.stroke("bound")
                curves.append(Curve(f"bound.{name}", words[2], k, measured.bound[first:], bound, width=1.4))
        self._limits = _limits(found)
        steps = (float(max(first, 0)), float(self.config.theorem.steps))
        self.gaps.set_axes(("k", ""), ("f − f*", ""), log_x=self._log_k, log_y=True, x_limits=steps,
                           y_limits=self._limits)  # fmt: skip
        self.gaps.set_curves(curves)

    def _ghost_curves(self, first: int) -> list[Curve]:
        curves, names = [], method_names()
        for ghost in self.ghosts:
            if ghost.recording.last < 1:
                continue
            pinned = comparison(ghost.recording)
            for index, (name, measured) in enumerate(pinned.methods.items()):
                k = np.arange(float(len(measured.gap)))[first:]
                label = ghost.label if index == 0 else ""
                gap = measured.gap[first:]
                stroke, column = self.theme.stroke(name), f"{names[name]} · {ghost.label}"
                curves.append(Curve(f"ghost.{name}", label, k, gap, stroke, ghost=True, column=column))
        return curves

    def _draw_window(self) -> None:
        low, high = self._limits
        height = low * (high / low) ** 0.06
        stroke = Stroke(self.theme.accent)
        first, last = self.span
        at = max(first, 1.0) if self._log_k else first
        self.gaps.set_handles([Handle("from", "", at, height, stroke, "x"),
                               Handle("to", "", last, height, stroke, "x")])  # fmt: skip
        self.gaps.set_spans([Span(at, last, tr("fitted here"))])

    def _fit(self, measured: Measured) -> float:
        """What is fitted to one method in the window; a level curve has slope 0, not some rounding."""
        found = fitted(self.config, measured, self.span)
        return 0.0 if abs(found) < FLAT else found

    def _draw_table(self, found: Comparison, step: int) -> None:
        lines, names = [], method_names()
        for name, measured in found.methods.items():
            words = BOUNDS.get((kind(self.config), name))
            numbers = (
                self._fit(measured),
                float(measured.gap[step]),
                float(measured.bound[step]),
                _ratio(measured, step),
            )
            told = (verdict(measured), words[1] if words else "–")
            cells = (*map(value_text, numbers), *told)
            lines.append(Line(names[name], self.theme.stroke(name), cells, (*numbers, *told)))
        head = (fit_name(self.config), "f − f*", tr("bound"), tr("ratio"), tr("holds"), tr("formula"))
        self.rates.set_lines(head, lines)

    # What the user does

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = self.height() < self.theme.px(LOW)
        if self.gaps.legend != (legend := "paper" if low else "auto"):  # the table names the methods too
            self.gaps.legend = legend
            self.gaps.redraw()

    def _choose(self, axes: str) -> None:
        self.set_option(axes=axes)
        self._drawn = None
        self._again()

    def _drag(self, key: str, k: float, _: float) -> None:
        first, last = self.span
        k = float(round(k))
        window = (min(k, last - 1), last) if key == "from" else (first, max(k, first + 1))
        self.set_option(window=window)
        self._again()

    def _again(self) -> None:
        if self._shown is not None:
            self.draw(*self._shown)
            self.live_changed.emit()

    def live(self, recording: Recording, step: int) -> list[Live]:
        found = comparison(recording)
        names, (first, last) = method_names(), self.span
        fits = [
            f"{names[name]}: {short_text(self._fit(measured), 4)}" for name, measured in found.methods.items()
        ]
        text = tr("from step {first} to {last}", first=round(first), last=round(last))
        return [
            Live(fit_name(self.config), FITS[self.config.theorem.fits], "\n".join((text, *fits))),
            *blocks(self.config, found, step),
        ]


def _html(text: str) -> str:
    """The text as it is, with no line broken within a fraction."""
    return escape(text).replace("/", "/\u2060")


def _ratio(measured: Measured, step: int) -> float:
    bound = float(measured.bound[step])
    return float(measured.gap[step]) / bound if bound > 0 else float("nan")


def _limits(found: Comparison) -> tuple[float, float]:
    """The range of f − f* to show: all of it, but no more of what explodes or vanishes than one can read."""
    finite = [measured.gap[np.isfinite(measured.gap)] for measured in found.methods.values()]
    start = max((float(gap[0]) for gap in finite if len(gap)), default=0.0)
    values = np.concatenate([np.concatenate(measured) for measured in found.methods.values()])
    known = values[np.isfinite(values) & (values > 0)]
    if not len(known):
        return 0.1, 10.0
    low = max(float(known.min()), DEEPEST * start)
    high = min(float(known.max()), HIGHEST * start)
    high = max(high, 10 * low)
    return low / 2, high * 2 * (high / low) ** 0.08  # room for the words at the top


VIEW = ConvergenceView
