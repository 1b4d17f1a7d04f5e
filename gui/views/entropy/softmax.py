"""Entropy ▸ Softmax and sigmoid: logits to drag, the chain to the probabilities, and three other views."""

from functools import partial
from math import exp, inf
from typing import Annotated

import numpy as np
from PySide6.QtWidgets import QWidget

from engine.config import Config, choice, number
from engine.experiments.entropy.softmax import (
    COLDEST,
    FEWEST,
    HOTTEST,
    LARGEST,
    MOST,
    SoftmaxSigmoidConfig,
    with_logit_against,
)
from engine.information.softmax_numerics import Stable
from gui.look.language import tr
from gui.look.numbers import counted, short_text
from gui.look.splitters import side_by_side
from gui.look.theme import Theme
from gui.plots.bars import Bars, BarsPanel
from gui.plots.curves import CurvesPanel
from gui.plots.own.chain import ChainColumn, ChainPanel
from gui.plots.snapping import short
from gui.plots.ticks import value_text
from gui.screen.hero import WIDE, WithHero
from gui.screen.options_bar import Switches
from gui.screen.options_widgets import push_button
from gui.screen.terms import Term, term
from gui.screen.view import Live, Room, View, show_one
from gui.views.curve_plots import fill_plot
from gui.views.entropy import softmax_panes as panes
from gui.views.entropy.softmax_formulas import formulas
from gui.views.entropy.softmax_panes import At, chosen

LOW = 250  # a lower chain (pixels, at the ordinary size of text) has fewer texts
HEIGHTS = (5.0, 10.0, 30.0, 100.0, 300.0, LARGEST)  # possible ends of the axis of the logits
PANES = {"chain": "Chain", "naive": "Naive formula", "sigmoid": "Sigmoid", "temperature": "Temperature"}
FAILURES = {"overflow": "Σ = ∞", "vanished": "Σ = 0", "lost": "p = 0"}
TIPS = {
    "chain": "Every step from the logits to the probabilities",
    "naive": "The formula as it is printed, in float32 and in float64: where it overflows",
    "sigmoid": "One class against all others is a sigmoid",
    "temperature": "Probabilities and entropy at every temperature",
}


class SoftmaxSigmoidOptions(Config, frozen=True):
    """The options of the view."""

    pane: Annotated[str, choice("Show", "What the large picture shows.", PANES)] = "chain"
    chosen: Annotated[
        int, number("Class", "Which class is set against all others, from 0.", ge=0, le=MOST - 1)
    ] = 0


class SoftmaxSigmoidView(View):
    """A large plot of the chain or another view; small bars of the logits and of the probabilities."""

    config_type, options_type = SoftmaxSigmoidConfig, SoftmaxSigmoidOptions

    def build(self, theme: Theme) -> None:
        self.logits = BarsPanel("", theme)
        self.logits.entitle(tr("Logits z"), tr("drag the bars"))
        self.logits.draggable = True
        self.shares = BarsPanel(tr("Probabilities p"), theme)
        self.shares.set_axes((tr("class"), ""), ("p", ""), (0.0, 1.0))
        self.chain = ChainPanel(tr("The stable way, in float64"), theme)
        self.chain.selectable = False
        self._make_panes()
        self.fewer = push_button(tr("− class"), tr("One class less"), self._remove_class)
        self.more = push_button(tr("+ class"), tr("One class more"), self._add_class)
        tips = {name: tr(tip) for name, tip in TIPS.items()}
        self.bar = self.options_bar(Switches("pane", tips), "", self.fewer, self.more)
        self.tell(finding)
        self._fill_all()
        self._connect()
        self.setMinimumSize(theme.px(260), theme.px(220))
        hero = side_by_side([*self._panes.values()], (1, 1, 1, 1))
        wide = WIDE if theme.presenting else inf  # six columns need the width, four the height
        self.lay_out(self.bar, WithHero(theme, hero, (self.logits, self.shares), wide=wide))

    def _make_panes(self) -> None:
        theme = self.theme
        self.single, self.double = ChainPanel("float32", theme), ChainPanel("float64", theme)
        self.single.selectable = self.double.selectable = False
        self.curve = CurvesPanel(tr("One class against all others: σ(u)"), theme)
        self.table = ChainPanel(tr("Each class by its sigmoid"), theme)
        self.temperature_shares = CurvesPanel(tr("Probabilities against temperature"), theme)
        self.entropy = CurvesPanel(tr("Entropy against temperature"), theme)
        self._panes: dict[str, QWidget] = {
            "chain": self.chain,
            "naive": side_by_side((self.single, self.double), (1, 1)),
            "sigmoid": side_by_side((self.curve, self.table), (3, 2)),
            "temperature": side_by_side((self.temperature_shares, self.entropy), (1, 1)),
        }

    def _fill_all(self) -> None:
        self.fill(self.logits, show_logits)
        self.fill(self.shares, show_shares)
        self.fill(self.chain, show_chain)
        self.fill(self.single, partial(panes.show_naive, precision="float32"))
        self.fill(self.double, partial(panes.show_naive, precision="float64"))
        fill_plot(self, self.curve, panes.sigmoid, steady=True)
        self.fill(self.table, panes.show_table)
        fill_plot(self, self.temperature_shares, panes.warm_shares, steady=True)
        fill_plot(self, self.entropy, panes.entropy, steady=True)

    def _connect(self) -> None:
        self.on(self.logits.dragged, lambda view, key, k, value: view.set_logit(k, round(value, 2)))
        self.on(self.shares.clicked, lambda view, k: view.set_option(pane="sigmoid", chosen=k))
        self.curve.handle_dragged.connect(self._drag_against)
        self.on(self.table.selected, lambda view, column, row: view.set_option(chosen=row))
        self.entropy.handle_dragged.connect(self._drag_temperature)

    def arrange(self, at: At, room: Room) -> bool:
        show_one(at.options.pane, self._panes)
        for panel in (self.double, self.table, self.entropy):  # a lecture shows one large plot
            panel.setVisible(not self.theme.presenting)
        self.fewer.setEnabled(len(at.config.logits) > FEWEST)
        self.more.setEnabled(len(at.config.logits) < MOST)
        return room.height < LOW

    def terms(self, at: At) -> list[Term]:
        p, x, z = (self.shares, "p"), (self.chain, "1"), (self.logits, "z")
        return [
            *(term(f"p_{k}", tr("probability of a class"), p, (self.chain, "4")) for k in "ij1"),
            *(term(f"z_{k}", tr("logit of a class"), z) for k in "ij"),
            *(term(f"x_{k}", tr("logit, shifted and divided by T"), x) for k in "ij12"),
            term("m", tr("the largest x"), (self.chain, "2"), value=at.snapshot.stable.largest),
            term("u_i", tr("logit against all other classes"), (self.table, "2"), (self.curve, "u")),
            term(r"\sigma(u_i)", tr("sigmoid of u"), (self.table, "3"), (self.curve, "sigma")),
            term("H", tr("entropy"), (self.entropy, "entropy"), value=at.snapshot.entropy),
            term("T", "", (self.entropy, "T")),
        ]

    def formulas(self, at: At) -> list[Live]:
        return formulas(at.config, at.snapshot, chosen(at))

    def set_logit(self, index: int, value: float) -> None:
        """Set one logit, if it exists."""
        logits = self.at.config.logits
        bounded = min(max(value, -LARGEST), LARGEST)
        self.edit(logits=(*logits[:index], bounded, *logits[index + 1 :]))

    def _drag_against(self, key: str, x: float, y: float) -> None:
        """Set the logit of a class whose point on the sigmoid was moved."""
        own = chosen(self.at)
        logit = with_logit_against(self.at.config, own, x)[own]
        self.set_logit(own, short(logit, 3, self.at.config.logits[own]))

    def _drag_temperature(self, key: str, x: float, y: float) -> None:
        self.edit(temperature=min(max(float(f"{x:.3g}"), COLDEST), HOTTEST))

    def _add_class(self) -> None:
        """Add a class, with the logit 0."""
        self.edit(logits=(*self.at.config.logits, 0.0)[:MOST])

    def _remove_class(self) -> None:
        self.edit(logits=self.at.config.logits[: max(len(self.at.config.logits) - 1, FEWEST)])


def finding(at: At) -> str:
    """Say where the naive formula fails, or by how much the first class leads."""
    shot, p = at.snapshot, at.snapshot.stable.p
    best = chosen(at) if at.options.pane == "sigmoid" else int(np.argmax(p))
    slots = {"k": best + 1, "p": float(p[best])}
    if at.options.pane == "sigmoid":
        return tr(
            "Class {k} against all others is a sigmoid: at u = {u} it is σ(u) = {p}, the p of softmax.",
            u=float(shot.against[best]),
            **slots,
        )
    if at.options.pane == "temperature":
        return tr(
            "At T = {t} the entropy is {h} of at most {most} nats, and class {k} has p = {p}.",
            t=short_text(at.config.temperature, 4),
            h=shot.entropy,
            most=float(np.log(len(p))),
            **slots,
        )
    if shot.double.failure:
        return tr(
            "Even in float64 the naive formula ends in {what}; the stable one gives class {k} p = {p}.",
            what=FAILURES[shot.double.failure],
            **slots,
        )
    if shot.single.failure:
        return tr(
            "In float32 the naive formula ends in {what}; the stable one gives class {k} p = {p}.",
            what=FAILURES[shot.single.failure],
            **slots,
        )
    if at.options.pane == "naive":
        return tr(
            "Here the naive formula is right too, in float32 as in float64: Σ exp(x) is {sum}.",
            sum=shot.double.total,
        )
    return _lead(shot.stable, best)


def _lead(stable: Stable, best: int) -> str:
    """Say by how much the first class leads over the second one."""
    second, first = sorted(float(x) for x in stable.moved)[-2:]
    p, lead = float(stable.p[best]), first - second
    if first == second:
        many = int(np.count_nonzero(stable.moved == first))
        return tr("{n} classes share the largest logit, and so the largest p: {p} each.", n=many, p=p)
    if stable.p[best] == 1.0:
        return tr("Class {k} leads by {lead} in x = (z + c)/T, and takes all: p = 1.", k=best + 1, lead=lead)
    return tr(
        "Class {k} has p = {p}: it leads by {lead} in x = (z + c)/T, which makes it {times} times the next.",
        k=best + 1,
        p=p,
        lead=lead,
        times=exp(first - second),
    )


def _marked(at: At) -> int | None:
    """Return the class that is emphasised."""
    return chosen(at) if at.options.pane == "sigmoid" else None


def show_logits(panel: BarsPanel, at: At) -> None:
    """Show the logits, on an axis that does not shrink during a drag."""
    largest, held = max(map(abs, at.config.logits)), panel.limits[1] if panel.limits else 0.0
    if held < 1.02 * largest or largest <= held / 10:
        height = next((height for height in HEIGHTS if height >= largest), LARGEST)
        panel.set_axes((tr("class"), ""), ("z", ""), (-height, height))
    bars = [Bars("z", "z", np.array(at.config.logits), panel.theme.stroke("logit"))]
    panel.set_bars(counted(len(at.config.logits)), bars, _marked(at))


def show_shares(panel: BarsPanel, at: At) -> None:
    """Show the probabilities, and those of pinned runs with the same number of classes."""
    stroke = panel.theme.stroke
    pinned = [
        Bars(f"ghost{k}", ghost.label, ghost.recording.snapshot(0)[1].stable.p, stroke("bound"))
        for k, ghost in enumerate(at.ghosts)
        if len(ghost.config.logits) == len(at.config.logits)
    ]
    bars = [Bars("p", "p", at.snapshot.stable.p, stroke("q")), *pinned]
    panel.set_bars(counted(len(at.config.logits)), bars, _marked(at))


def show_chain(panel: ChainPanel, at: At) -> None:
    """Show every step from the logits to the probabilities."""
    shot, config, stable = at.snapshot, at.config, at.snapshot.stable
    z, p, quiet = panel.theme.stroke("logit"), panel.theme.stroke("q"), panel.theme.stroke("bound")
    settings = short_text(config.shift, 4), short_text(config.temperature, 4), value_text(stable.largest)
    notes = ["" if at.tight else f"{name} = {text}" for name, text in zip("cTm", settings, strict=True)]
    total, sure = f"Σ = {value_text(stable.total)}", f"Σ = {value_text(float(stable.p.sum()))}"
    columns = [
        ChainColumn("z + c", notes[0], shot.shifted, z, signed=True),
        ChainColumn("x", notes[1], shot.scaled, z, signed=True),
        ChainColumn("x − m", notes[2], stable.moved, z, signed=True),
        ChainColumn("exp(x−m)", "", stable.exponentials, quiet, foot=total),
        ChainColumn("p", "", stable.p, p, foot=sure, limit=1.0),
        ChainColumn("ln p", "", stable.log_p, p),
    ]
    seen = slice(1, 5) if panel.theme.presenting else slice(0, 6)  # in a lecture only those from x to p
    arrows = ["÷ T", "− m", "exp", "÷ Σ", "ln", ""][seen]
    panel.set_columns(columns[seen], counted(len(config.logits)), arrows, highlight=_marked(at))
