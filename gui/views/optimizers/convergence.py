"""Optimizers ▸ Convergence rates: f − f* as measured, under the bounds of a theorem, and the fitted slope."""

from html import escape
from math import inf
from typing import Annotated

import numpy as np
from PySide6.QtWidgets import QLabel, QSizePolicy

from engine.config import Config, choice, plain
from engine.experiments.optimizers.convergence import Comparison, ConvergenceConfig, comparison, fitted
from engine.experiments.optimizers.convergence_trial import Measured
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import DASHED, Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel, Handle, Span
from gui.plots.own.table import TablePanel, TableRow
from gui.plots.ticks import value_text
from gui.screen.hero import WithHero
from gui.screen.terms import Term, term
from gui.screen.view import Live, Moment, Room, View, config_of, whole_run
from gui.views.curve_plots import CurveAxes, Plot, fill_plot, set_legend
from gui.views.optimizers import convergence_words as words
from gui.views.pinned import with_pinned

AXES = {"auto": "As the theorem has it", "loglog": "Log–log", "loglin": "Only f on a log axis"}
FLAT = 1e-9
ROOMY = 420  # height from which a lecture has room for the table too
LOW = 340  # a view lower than this has no room for names in the plot
DEEPEST, HIGHEST = 1e-30, 1e4  # of the first f − f*: what of a curve is on show


class ConvergenceOptions(Config, frozen=True):
    """The options of the view."""

    axes: Annotated[
        str, choice("Axes", "A power of k is straight on log–log axes, a factor a step on linear k.", AXES)
    ] = "auto"
    window: Annotated[
        tuple[float, float],
        plain(
            "Window",
            "The steps over which the slope is fitted; 0, 0 for the last nine tenths.",
            kind="span",
            told={(0.0, 0.0): "the last nine tenths"},
        ),
    ] = (0.0, 0.0)


At = Moment[ConvergenceConfig, ConvergenceOptions]


class ConvergenceView(View):
    """One large plot, a line with the assumptions over it, and a table under it."""

    config_type, options_type = ConvergenceConfig, ConvergenceOptions
    pace = 60.0

    def build(self, theme: Theme) -> None:
        self.words = Words(theme)
        self.bar = self.options_bar(self.words, "axes:")
        self.gaps = CurvesPanel(tr("f − f*, measured and guaranteed"), theme)
        self.rates = TablePanel(tr("At this step, and over the window"), theme)
        self.fill(self.words, show_words, by=config_of, early=True)
        fill_plot(self, self.gaps, gaps, by=whole_run)
        self.fill(self.gaps, lambda panel, at: panel.set_cursor(max(at.step, int(log_k(at)))))
        self.fill(self.rates, show_rates)
        self.gaps.clicked.connect(self.jump)
        self.gaps.handle_dragged.connect(self._drag)
        self.tell(finding)
        self.lay_out(self.bar, WithHero(theme, self.gaps, (self.rates,), share=74, wide=inf))

    def arrange(self, at: At, room: Room) -> bool:
        """In a low window there is no room for names in the plot; the table names the methods too."""
        low = room.height < LOW
        self.rates.setVisible(not self.theme.presenting or room.height >= ROOMY)
        set_legend(self.gaps, "paper" if low and not self.theme.presenting else "auto")
        return low

    def _drag(self, key: str, k: float, _: float) -> None:
        first, last = span(self.at)
        k = float(round(k))
        self.set_option(window=(min(k, last - 1), last) if key == "from" else (first, max(k, first + 1)))

    def terms(self, at: At) -> list[Term]:
        names = [*_found(at).methods]
        bounds = {name: words.bound_of(at.config, name) for name in names}
        return [
            *(
                term(bound.right, tr("what the theorem guarantees"), (self.gaps, f"bound.{name}"))
                for name, bound in bounds.items()
                if bound is not None
            ),
            term("f_k-f^*", tr("distance of f from its minimum"), *((self.gaps, name) for name in names)),
            term("p", tr("slope on logarithmic axes"), (self.rates, "column.0")),
            term("k", tr("step"), value=str(at.step)),
        ]

    def formulas(self, at: At) -> list[Live]:
        found, names, (first, last) = _found(at), words.method_names(), span(at)
        fits = [f"{names[name]}: {short_text(_fit(at, one), 4)}" for name, one in found.methods.items()]
        text = tr("from step {first} to {last}", first=round(first), last=round(last))
        fits_as = at.config.theorem.fits
        fit = Live(tr(words.FIT_TITLES[fits_as]), words.FITS[fits_as], "\n".join((text, *fits)))
        return [fit, *words.blocks(at.config, found, at.step)]


class Words(QLabel):
    """A sentence that may take several lines."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)


def show_words(label: Words, at: At) -> None:
    """Show the assumptions of the theorem, and which of them does not hold."""
    text = f'<span style="color:{label.theme.quiet}">{_html(words.assumptions(at.config))}</span>'
    if wrong := words.broken(at.config):
        ink = label.theme.ink(label.theme.stroke("wrong").colour)
        text += f' <span style="color:{ink}">{_html(wrong)}</span>'
    label.setText(text)


def _found(at: At) -> Comparison:
    return at.once(_comparison, at.recording, at.last)


def _comparison(recording: Recording, last: int) -> Comparison:
    return comparison(recording)


def log_k(at: At) -> bool:
    """Whether the steps are on a logarithmic axis."""
    return at.config.theorem.fits == "slope" if at.options.axes == "auto" else at.options.axes == "loglog"


def span(at: At) -> tuple[float, float]:
    """Return the steps over which the slope is fitted, within those of the run."""
    steps = at.config.theorem.steps
    first, last = at.options.window
    if 0 <= first < last <= steps:
        return first, last
    return (0.0, steps) if at.config.theorem.fits == "order" else (max(1.0, steps // 10), steps)


def stroke_of(theme: Theme, method: str) -> Stroke:
    """Return the stroke of a method; the heavy ball differs from Nesterov, because bounds have the same
    colours.
    """
    return Stroke(theme.class_colour(1)) if method == "momentum" else theme.stroke(method)


def gaps(at: At, theme: Theme) -> Plot:
    """Return the measured curve and the bound of each method, those of pinned runs behind.

    Handles are at both ends of the steps over which the slope is fitted.
    """
    first, names, (begin, end) = int(log_k(at)), words.method_names(), span(at)

    def of_run(config: ConvergenceConfig, recording: Recording) -> list[Curve]:
        curves = []
        for name, measured in at.once(_comparison, recording, recording.last).methods.items():
            k = np.arange(first, float(len(measured.gap)))
            curves.append(Curve(name, names[name], k, measured.gap[first:], stroke_of(theme, name)))
            bound = words.bound_of(config, name)
            if bound is not None and recording is at.recording:
                values, stroke = measured.bound[first:], Stroke(stroke_of(theme, name).colour, DASHED)
                curves.append(Curve(f"bound.{name}", bound.short, k, values, stroke, width=1.4))
        return curves

    begin, (low, high) = max(begin, float(first)), _limits(_found(at))
    height, stroke = low * (high / low) ** 0.06, Stroke(theme.accent)
    steps = (float(first), float(at.config.theorem.steps))
    return Plot(
        CurveAxes(("k", ""), ("f − f*", ""), log_k(at), True, steps, (low, high), True),
        with_pinned(at, of_run),
        handles=[Handle(key, "", k, height, stroke, "x") for key, k in (("from", begin), ("to", end))],
        spans=[Span(begin, end, tr("fitted here"))],
    )


def _fit(at: At, measured: Measured) -> float:
    """Return the slope fitted to one method; exactly 0 for a constant curve."""
    found = fitted(at.config, measured, span(at))
    return 0.0 if abs(found) < FLAT else found


def show_rates(panel: TablePanel, at: At) -> None:
    """A line for every method: what is fitted, what is measured and promised at this step."""
    lines, names = [], words.method_names()
    for name, measured in _found(at).methods.items():
        promised, gap = words.bound_of(at.config, name), float(measured.gap[at.step])
        bound = float(measured.bound[at.step])
        numbers = (_fit(at, measured), gap, bound, gap / bound if bound > 0 else float("nan"))
        told = (words.verdict(measured), promised.plain if promised else "–")
        cells = (*map(value_text, numbers), *told)
        lines.append(TableRow(names[name], stroke_of(panel.theme, name), cells, (*numbers, *told)))
    fit = tr(words.FIT_NAMES[at.config.theorem.fits])
    panel.set_lines((fit, "f − f*", tr("bound"), tr("ratio"), tr("holds"), tr("formula")), lines)


def finding(at: At) -> str:
    """Say how fast f − f* falls for the methods, and whether the bounds hold."""
    found, window = _found(at), span(at)
    if 0 < window[1] <= at.step:
        fits = at.once(_fits, at.config, at.recording, at.last, window)
        return words.rates(at.config, found, at.step, fits)
    return words.standing(found, at.step)


def _fits(
    config: ConvergenceConfig, recording: Recording, last: int, window: tuple[float, float]
) -> dict[str, float]:
    """What is fitted to every method."""
    methods = comparison(recording).methods
    return {name: fitted(config, measured, window) for name, measured in methods.items()}


def _html(text: str) -> str:
    """The text as it is, with no line broken within a fraction."""
    return escape(text).replace("/", "/\u2060")


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
