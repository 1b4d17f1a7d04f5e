"""Losses ▸ Sigmoid: what both neurons predict at every step; small, where they are and their gradients."""

from dataclasses import replace

import numpy as np

from engine.activations import Array, sigmoid
from engine.experiments.losses.neuron import NeuronConfig
from engine.losses.neuron import NEURON_LOSSES
from engine.recording import Recording
from gui.look.language import tr
from gui.look.splitters import above_each_other
from gui.look.theme import Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel, Handle, Mark
from gui.plots.own.table import TablePanel
from gui.plots.snapping import short
from gui.plots.ticks import nice_step
from gui.screen.hero import WithHero
from gui.screen.terms import Term, term
from gui.screen.view import Live, View, whole_run
from gui.views.curve_plots import CurveAxes, Plot, fill_history, fill_plot, over_steps
from gui.views.losses.neuron_formulas import (
    At,
    begun,
    finding,
    formulas,
    rate_terms,
    show_parts,
    stroke_of,
)
from gui.views.pinned import level, with_pinned

NARROWEST, WIDEST = 8.0, 60.0  # the least and the greatest |z| that is shown
TANGENT = 0.22  # half the length of a tangent, as a fraction of the width
ASIDE = 0.04  # the distance of the target's handle from the numbers of the axis, as a fraction of the steps

LARGEST_BIAS = 100.0


class NeuronView(View):
    """Plots of the sigmoid and of ∂L/∂z against z, of p and of |∂L/∂z| against the steps, and a table of
    factors.
    """

    config_type = NeuronConfig
    pace = 30.0

    def build(self, theme: Theme) -> None:
        self.sigmoid = CurvesPanel(tr("Both neurons on the sigmoid"), theme, "none")
        self.answers = CurvesPanel(tr("Prediction p over the steps"), theme)
        # On the screen the large plot tells the lines of these two apart.
        self.pulls = CurvesPanel(tr("∂L/∂z against z; squared error is ½(p − y)²"), theme, "paper")
        self.slopes = CurvesPanel(tr("|∂L/∂z| over the steps"), theme, "paper")
        self.parts = TablePanel(tr("∂L/∂z by the chain rule, at this step"), theme)
        fill_plot(self, self.sigmoid, places)
        fill_history(self, self.answers, answers)
        fill_plot(self, self.pulls, pulls, by=whole_run)
        self.fill(self.pulls, mark_pulls)
        fill_history(self, self.slopes, slopes)
        self.fill(self.parts, show_parts)
        for panel in (self.sigmoid, self.answers):
            panel.handle_dragged.connect(self._drag)
        self.setMinimumSize(self.theme.px(260), self.theme.px(240))
        self.tell(finding, opens_on=lambda at: at.once(furthest_apart, at.recording, at.last))
        small = (self.sigmoid, self.pulls, above_each_other((self.slopes, self.parts), (8, 6)))
        self.lay_out(WithHero(theme, self.answers, small, (10, 8, 14)))

    def _drag(self, key: str, x: float, y: float) -> None:
        """The start is dragged by its bias; the weight stays."""
        if key == "target":
            self.edit(target=round(min(max(y, 0.0), 1.0), 3))
        else:
            bias = x - self.at.config.weight * self.at.config.input
            self.edit(bias=short(min(max(bias, -LARGEST_BIAS), LARGEST_BIAS), 3, self.at.config.bias))

    def terms(self, at: At) -> list[Term]:
        both = "squared_error", "cross_entropy"
        slopes = (*((self.pulls, name) for name in both), *((self.slopes, name) for name in both))
        return [
            term(
                r"\frac{\partial L}{\partial z}",
                tr("gradient with respect to z"),
                *slopes,
                (self.parts, "column.3"),
            ),
            term(
                r"\sigma'(z)",
                tr("slope of the sigmoid"),
                (self.sigmoid, "sigmoid"),
                *((self.sigmoid, f"{name}.tangent") for name in both),
                (self.parts, "column.2"),
            ),
            term(
                "p",
                tr("prediction of the neuron"),
                (self.parts, "column.0"),
                *((self.answers, name) for name in both),
            ),
            term("y", "", (self.answers, "target")),
            term(r"\Delta b", tr("step of the bias")),
            term(r"\Delta w", tr("step of the weight")),
            *rate_terms(at),
        ]

    def formulas(self, at: At) -> list[Live]:
        return formulas(at) if begun(at.recording) else []


def furthest_apart(recording: Recording, last: int) -> int | None:
    """Return the step at which the two answers differ most; None if they are equal, or not computed yet."""
    if last < 1:
        return None
    one, other = (recording.column(f"{name}.p") for name in NEURON_LOSSES)
    return int(np.abs(one - other).argmax()) or None


# Over z


def _over_z(at: At, name: str, room: tuple[float, float]) -> tuple[CurveAxes, float, Array]:
    """The axes, how far they reach for the whole run of both neurons, and z from end to end."""
    farthest = max(float(np.abs(at.recording.column(f"{name}.z")).max()) for name in NEURON_LOSSES)
    wanted = 1.15 * max(farthest, abs(at.config.start))
    reach = min(max(NARROWEST, nice_step(wanted, 1) if wanted > 0 else 0.0), WIDEST)
    axes = CurveAxes(("z = w·x + b", ""), (name, ""), x_limits=(-reach, reach), y_limits=room)
    return axes, reach, np.linspace(-reach, reach, 301)


def places(at: At, theme: Theme) -> Plot:
    """The sigmoid, and both neurons as points with its tangents there; the start is dragged."""
    axes, reach, grid = _over_z(at, "p = σ(z)", (-0.2, 1.04))
    curves, marks = [Curve("sigmoid", "σ(z)", grid, sigmoid(grid), Stroke(theme.quiet))], []
    for name, loss in NEURON_LOSSES.items():
        z, p, sigma = (at.value(f"{name}.{key}") for key in ("z", "p", "sigma"))
        marks.append(Mark(z, p, tr(loss.title), stroke_of(theme, name)))
        # A stretch of the tangent, not steeper off the plot than it is high.
        half = min(TANGENT * reach, 0.3 / max(sigma, 1e-3)) * np.array([-1.0, 1.0])
        ends = z + half, p + sigma * half
        curves.append(Curve(f"{name}.tangent", "", *ends, stroke_of(theme, name), width=2.6, aid=True))
    start, quiet = at.config.start, Stroke(theme.quiet)
    handle = Handle("start", tr("start"), start, float(sigmoid(np.array(start))), quiet, "x")
    return Plot(axes, curves if begun(at.recording) else [], marks, [handle])


def pulls(at: At, theme: Theme) -> Plot:
    """∂L/∂z for every z, of both losses, and 0; p − y is never outside."""
    axes, reach, grid = _over_z(at, "∂L/∂z", (-0.06 - at.config.target, 1.06 - at.config.target))
    curves = [
        Curve(
            name,
            tr(loss.title),
            grid,
            loss.chain(grid, at.config.target).by_z,
            stroke_of(theme, name),
            width=2.0,
        )
        for name, loss in NEURON_LOSSES.items()
    ]
    curves.append(level("zero", "", (-reach, reach), 0.0, theme.stroke("bound"), width=1.0))
    return Plot(axes, curves if begun(at.recording) else [])


def mark_pulls(panel: CurvesPanel, at: At) -> None:
    """Both neurons as points on the curves of their pulls."""
    panel.set_marks(
        [
            Mark(at.value(f"{name}.z"), at.value(f"{name}.by_z"), "", stroke_of(panel.theme, name))
            for name in NEURON_LOSSES
        ]
    )


# Over the steps


def answers(at: At, theme: Theme) -> Plot:
    """p of both towards the target, which is dragged, and where each has recovered."""
    target, off, steps = at.config.target, at.config.tolerance, at.config.steps
    ends = (-1.0, steps + 1.0)  # beyond the playhead, which so sets no dot on them
    lines = [(target, Stroke(theme.quiet))]  # the target, and between which lines one has recovered
    lines += [(edge, theme.stroke("bound")) for edge in (target - off, target + off) if 0 <= edge <= 1]
    named = {1: tr("recovery threshold")}  # one name for both edges, which are aids nevertheless: no data
    band = [
        replace(level(f"level{k}", "", ends, *line, width=1.1), name=named.get(k, ""))
        for k, line in enumerate(lines)
    ]
    known = NEURON_LOSSES if begun(at.recording) else ()
    marks = [
        Mark(
            step,
            float(at.recording.column(f"{name}.p")[step]),
            tr("step {step}", step=step),
            stroke_of(theme, name),
        )
        for name in known
        if (step := at.snapshot[name].step) is not None
    ]
    handle = Handle("target", f"y = {target:g}", ASIDE * steps, target, Stroke(theme.text), "y")
    axes = over_steps(steps, "p", limits=(-0.04, 1.04))
    return Plot(axes, [*_both(at, theme, "p"), *(band if known else ())], marks, [handle])


def slopes(at: At, theme: Theme) -> Plot:
    """The size of the pull on both, with a logarithm where there is one (0 has none)."""
    log = any(at.recording.column(f"{name}.by_z").any() for name in NEURON_LOSSES)
    return Plot(over_steps(at.config.steps, "|∂L/∂z|", log=log), _both(at, theme, "by_z"))


def _both(at: At, theme: Theme, key: str) -> list[Curve]:
    return with_pinned(
        at,
        lambda _, recording: [
            Curve(
                name,
                tr(loss.title),
                np.arange(recording.last + 1.0),
                np.abs(recording.column(f"{name}.{key}")),
                stroke_of(theme, name),
                width=2.0,
            )
            for name, loss in NEURON_LOSSES.items()
            if begun(recording)
        ],
    )
