"""Entropy ▸ Fit Q to P on the screen: the losses, P beside Q, and the gradients of the logits."""

from dataclasses import replace
from typing import Annotated, NamedTuple

import numpy as np

from engine.config import Config, choice, plain
from engine.experiments.entropy.fit import FitConfig, checked
from engine.experiments.entropy.fit_config import LABELS
from engine.information.divergence_gradients import DIVERGENCES
from engine.information.shaped_distribution import Distribution
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import counted
from gui.look.splitters import side_by_side
from gui.look.theme import Theme
from gui.plots.bars import Bars, BarsPanel
from gui.plots.curves import Curve, CurvesPanel, Mark
from gui.plots.own.table import TablePanel, TableRow
from gui.plots.ticks import nice_step, value_text
from gui.screen.hero import WithHero
from gui.screen.options_widgets import Presets
from gui.screen.terms import Term, term
from gui.screen.view import Live, Moment, Room, View, show_one
from gui.views.bases import unit_of
from gui.views.curve_plots import Plot, fill_history, fill_plot, mark_step, over_steps
from gui.views.entropy.fit_formulas import end_block, loss_block, run_blocks
from gui.views.entropy.fit_words import end_of, explained, finding, inspection
from gui.views.pinned import column_curve, with_pinned
from gui.views.schedule_blocks import schedule_blocks, schedule_terms

ORDINARY = 2.0
WIDE, NARROW = 4.0, 1.6  # widths of two curves on each other: of the lower and of the upper one
LOW = 440  # in a lower view (pixels) there is no room for the table
NAMED = 0.05, 0.75  # as fractions of H(P): a smaller KL gets no name; a larger one leaves no room for H(P)'s
TELLING = 12  # the step at which both losses have clearly fallen, with the same distance as at the start
FLAT = 1e-9  # gradients below this in the whole run count as 0
MEASURES = {"loss": "Its own loss", "kl": "KL(P‖Q)", "distance": "Largest |q − p|"}
PLOTS = {"identity": "One run", "compared": "All runs"}
TITLES = {name: loss.title for name, loss in DIVERGENCES.items()}


class FitOptions(Config, frozen=True):
    """The options of the view."""

    explained: Annotated[str, choice("Explain", "Whose Q, gradient and formulas are shown.", TITLES)] = (
        "cross_entropy"
    )
    plot: Annotated[
        str, choice("Show", "Cross-entropy and KL of the run that is explained, or all runs.", PLOTS)
    ] = "identity"
    measure: Annotated[str, choice("Compare", "What is compared between the runs.", MEASURES)] = "loss"
    log: Annotated[bool, plain("Log axis", "Compare on a logarithmic axis.")] = False


At = Moment[FitConfig, FitOptions]


class FitView(View):
    """A large plot of one run or of all; small plots of P with Q and of the gradients; a table of the
    losses.
    """

    config_type, options_type = FitConfig, FitOptions
    pace = 30.0

    def build(self, theme: Theme) -> None:
        titles = {name: tr(title) for name, (title, _) in LABELS.items()}
        self.labels = Presets(tr("Set P to …"), tr("Set P to …"), tr("Give P a well-known shape."), titles)
        self.bar = self.options_bar(self.labels, "", "plot", "measure:", "log", "", "explained:")
        self.identity, self.compared = CurvesPanel("", theme), CurvesPanel("", theme)
        self.bars, self.slopes = BarsPanel(tr("P, the truth, and Q, the model"), theme), BarsPanel("", theme)
        self.bars.draggable = True
        self.bars.setToolTip(tr("Drag the bars of P; at step 0 those of Q too."))
        self.runs = TablePanel(tr("Every run at this step"), theme)
        self.questions.spare("checked")
        self.ask("checked", lambda at: (checked, at.config, at.recording, at.step, explained(at)))
        fill_plot(self, self.identity, identity)
        mark_step(self, self.identity)
        fill_history(self, self.compared, compared, told=True)
        self.fill(self.bars, show_bars)
        self.fill(self.slopes, show_slopes)
        self.fill(self.runs, show_runs)
        self.labels.chosen.connect(self._take_label)
        self.bars.dragged.connect(self._drag)
        self.on(self.runs.selected, lambda view, k: view.set_option(explained=view.at.config.losses[k]))
        self.tell(finding, opens_on=lambda at: TELLING if at.last >= TELLING else None)
        curves = side_by_side((self.identity, self.compared), (1, 1))
        self.lay_out(self.bar, WithHero(theme, curves, (self.bars, self.slopes, self.runs)))

    def arrange(self, at: At, room: Room) -> bool:
        """Hide the table if there is little room."""
        low = room.height < LOW
        show_one(at.options.plot, {"identity": self.identity, "compared": self.compared})
        self.runs.setVisible(not low)
        return low

    def offers(self, at: At) -> dict[str, object]:
        compares = at.options.plot == "compared"
        losses = {name: tr(TITLES[name]) for name in at.config.losses}
        return {"explained": losses, "measure": compares, "log": compares}

    def _take_label(self, name: str) -> None:
        self.labels.show_choice(None)
        self.edit(p=LABELS[name][1](self.at.config.p))

    def _drag(self, key: str, outcome: int, value: float) -> None:
        """Set P from a bar that was dragged; a bar of Q can be dragged only at the start, and sets the
        start.
        """
        config, found = self.at.config, inspection(self.at)
        if key == "p":
            self.edit(p=config.p.moved(outcome, value))
        elif self.at.step == 0 and found:
            moved = Distribution(tuple((found.q / found.q.sum()).tolist())).moved(outcome, value)
            self.edited.emit(config.starting_at(np.array(moved.values)))

    def terms(self, at: At) -> list[Term]:
        run, q = explained(at), (self.bars, "q")
        ran = (self.identity, f"{run}.cross_entropy"), (self.identity, f"{run}.kl")
        kl = tr("KL divergence from P to Q")
        return [
            term("H(P,Q)", tr("cross-entropy of P and Q"), ran[0]),
            term("H(P)", tr("entropy of P"), (self.identity, "entropy")),
            term(r"\mathrm{KL}(P\|Q)", kl, ran[1]),
            term(
                r"\frac{\partial H(P,Q)}{\partial z_j}",
                tr("slope of the cross-entropy"),
                (self.slopes, "cross_entropy"),
            ),
            term(r"\frac{\partial \mathrm{KL}}{\partial z_j}", tr("slope of KL"), (self.slopes, "kl")),
            *(term(f"p_{k}", tr("probability of an outcome in truth"), (self.bars, "p")) for k in "ijk"),
            *(term(f"q_{k}", tr("probability of an outcome in the model"), q) for k in "ijk"),
            *schedule_terms(at.settings.optimizer, at.step),
        ]

    def formulas(self, at: At) -> list[Live] | None:
        end, found = end_of(at, explained(at)), self.answer("checked")
        ended = [end_block(end)] if end is not None else []
        if inspection(at) is None:
            return [*ended, loss_block(explained(at))]
        if found is None:
            return None
        return [*ended, *run_blocks(at.config, *found), *schedule_blocks(at.settings.optimizer, at.step)]


def show_bars(panel: BarsPanel, at: At) -> None:
    """Show P, and the present Q."""
    found, p, stroke = inspection(at), at.config.p, panel.theme.stroke
    q = found.q if found is not None else np.full(len(p.values), np.nan)
    panel.set_axes((tr("outcome"), ""), (tr("probability"), ""), y_limits=(0.0, 1.0))
    panel.set_bars(
        counted(len(q)),
        [
            Bars("p", "P", np.array(p.values), stroke("p"), locked=frozenset(p.locked)),
            Bars("q", "Q", q, stroke("q"), still=at.step > 0 or found is None),
        ],
    )


def show_slopes(panel: BarsPanel, at: At) -> None:
    """Show the two gradients, and that of the run if it has a third loss; the range is fixed during the
    run.
    """
    found, name, stroke = inspection(at), explained(at), panel.theme.stroke
    blank = np.full(len(at.config.p.values), np.nan)
    of_cross, of_kl, own = (found.of_cross_entropy, found.of_kl, found.gradient) if found else (blank,) * 3
    series = [
        Bars("cross_entropy", "∂H(P, Q)/∂z", of_cross, stroke("cross_entropy")),
        Bars("kl", "∂KL(P‖Q)/∂z", of_kl, stroke("kl")),
    ]
    if name not in ("cross_entropy", "kl"):
        series.append(Bars(name, f"∂{DIVERGENCES[name].sign}/∂z", own, stroke(name)))
    alike = found is not None and found.difference == 0
    panel.title = tr("CE and KL: exactly the same gradient") if alike else tr("Gradient at each logit")
    panel.set_axes((tr("outcome"), ""), (tr("slope"), ""), y_limits=_steepest(at, own))
    panel.set_bars(counted(len(own)), series)


def _steepest(at: At, own: np.ndarray) -> tuple[float, float]:
    """Return a range for all gradients of the whole run."""
    distances = at.recording.column(f"{explained(at)}.distance")
    largest = float(np.fmax.reduce(distances, initial=0.0)) / DIVERGENCES["kl"].unit(at.config.b)
    largest = max(largest, float(np.fmax.reduce(np.abs(own), initial=0.0)))
    top = nice_step(largest, 1) if largest > FLAT else 1.0
    return -top, top


def show_runs(panel: TablePanel, at: At) -> None:
    """Show a line for every loss."""
    lines = []
    for name in at.config.losses:
        end = end_of(at, name)
        values = [at.value(f"{name}.{column}") for column in ("loss", "kl", "distance")]
        cells = [value_text(value) for value in values]
        if end is not None and end.step > 0:
            cells = [tr("✗ step {step}", step=end.step), "–", "–"]
        lines.append(
            TableRow(
                tr(TITLES[name]),
                panel.theme.stroke(name),
                tuple(cells),
                tuple(values),
                short=DIVERGENCES[name].sign,
            )
        )
    head = (tr("its loss"), "KL(P‖Q)", "max |q − p|")
    panel.set_lines(head, lines, at.config.losses.index(explained(at)))


def identity(at: At, theme: Theme) -> Plot:
    """Return H(P, Q) and KL(P‖Q) of one run: their difference is H(P), and H(P, Q) − H(P) is KL."""
    stroke, name = theme.stroke, explained(at)
    level = column_curve(at.recording, "entropy", "H(P)", stroke("entropy"))
    below, above = (ORDINARY, ORDINARY) if level.y[0] > 0 else (WIDE, NARROW)
    cross = column_curve(
        at.recording, f"{name}.cross_entropy", "H(P, Q)", stroke("cross_entropy"), width=below
    )
    kl = column_curve(at.recording, f"{name}.kl", "KL(P‖Q)", stroke("kl"), width=above)
    over = Curve("over", "", cross.x, cross.y, stroke("kl"), width=1.0, fill=True, base=level.y[0], aid=True)
    low, entropy, high = float(kl.y[at.step]), float(level.y[0]), float(cross.y[at.step])
    gaps = [Between("entropy", "H(P)", low, high, entropy)]
    if NAMED[0] * entropy < low < NAMED[1] * entropy:
        gaps.append(Between("kl", "KL", entropy, high, low))
    title = tr("Training Q with the loss {loss}", loss=DIVERGENCES[name].sign)
    axes = over_steps(at.config.steps, tr("surprise"), unit_of(at.config.base), title=title)
    lines, marks = zip(*(gap.drawn(float(at.step), theme) for gap in gaps), strict=True)
    return Plot(axes, [over, level, cross, kl, *lines], [mark for mark in marks if np.isfinite(mark.y)])


class Between(NamedTuple):
    """The difference of two curves at the playhead."""

    key: str
    name: str
    low: float
    high: float
    value: float

    def drawn(self, step: float, theme: Theme) -> tuple[Curve, Mark]:
        """Return a line from one to the other, and its name in the middle."""
        stroke, ends = theme.stroke(self.key), np.array([self.low, self.high])
        line = Curve(f"gap.{self.key}", "", np.full(2, step), ends, stroke, width=2.4, aid=True)
        return line, Mark(step, float(ends.mean()), f"{self.name} = {value_text(self.value)}", stroke)


def compared(at: At, theme: Theme) -> Plot:
    """Return one quantity of every run, those of pinned runs behind, all in the unit of this one."""
    measure, wanted = at.options.measure, at.config.b

    def runs(config: FitConfig, recording: Recording) -> list[Curve]:
        one = measure != "loss" or not recording.column("entropy")[0]  # then the first two are the same line
        curves, widths = [], {"cross_entropy": WIDE, "kl": NARROW} if one else {}
        for name in config.losses:
            loss, width = DIVERGENCES[name], widths.get(name, ORDINARY)
            title = loss.sign if at.tight else tr(loss.title)  # the legend has little room in a tight view
            curve = column_curve(recording, f"{name}.{measure}", title, theme.stroke(name), width=width)
            measured = {"loss": loss, "kl": DIVERGENCES["kl"]}.get(measure)
            if measured is not None and config.b != wanted:
                curve = replace(curve, y=curve.y * (measured.unit(config.b) / measured.unit(wanted)))
            curves.append(curve)
        return curves

    bare = measure == "distance" or (measure == "loss" and at.config.squared_error)  # no unit
    name = {"loss": tr("loss"), "kl": "KL", "distance": "|q − p|"}[measure]
    unit, title = unit_of(at.config.base), tr("{measure}, for every run", measure=tr(MEASURES[measure]))
    axes = over_steps(
        at.config.steps, name, "" if bare else unit, at.options.log, title=title, log_option="log"
    )
    return Plot(axes, with_pinned(at, runs))
