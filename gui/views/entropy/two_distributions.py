"""Entropy ▸ Two distributions: bars to drag, large numbers, the sums that meet, and the codes."""

from math import e, isinf, log
from typing import Annotated

from engine.config import Config, plain
from engine.experiments.entropy.two_distributions import (
    PRESETS,
    TwoDistributionsConfig,
    TwoDistributionsSnapshot,
)
from engine.information.bases import BASES
from engine.information.shaped_distribution import Distribution
from gui.look.language import tr
from gui.look.splitters import above_each_other
from gui.look.theme import Theme
from gui.plots.own.large_numbers import LargeNumbersPanel
from gui.plots.own.table import TablePanel
from gui.plots.stacks import StacksPanel
from gui.plots.ticks import listed
from gui.plots.ticks import value_text as text
from gui.screen.hero import WithHero
from gui.screen.options_widgets import Presets, push_button
from gui.screen.terms import Term, term
from gui.screen.view import Live, Moment, Room, View
from gui.views.bases import LOGS, unit_of
from gui.views.entropy.two_distributions_plots import (
    PairBars,
    outcome_name,
    show_bars,
    show_codes,
    show_numbers,
    show_stacks,
)

LOW = 440  # height, in pixels at the ordinary size, under which not everything can be shown at once
TITLES = {
    "coin": "A fair coin, taken for a biased one",
    "biased": "A biased coin, taken for a fair one",
    "die": "A fair die, taken for a loaded one",
    "one_hot": "A one-hot label and a prediction",
    "peaked": "Peaked and flat",
    "halves": "Powers of a half",
    "wrong": "The wrong code, counted exactly",
    "lecture": "Two that differ much",
    "disjoint": "Nothing in common",
    "padded": "A coin and a die: padded with zeros",
}


class TwoDistributionsOptions(Config, frozen=True):
    """How one looks at two distributions."""

    codes: Annotated[
        bool, plain("Codes", "In a low window: show the codes in the place of bars and sums.")
    ] = False


At = Moment[TwoDistributionsConfig, TwoDistributionsOptions]


class TwoDistributionsView(View):
    """Large the bars of P and Q; small the identity as two stacks, the numbers, and the code words.

    In a low window the words take the place of bars and stacks when asked for.
    """

    config_type, options_type = TwoDistributionsConfig, TwoDistributionsOptions

    def build(self, theme: Theme) -> None:
        self.numbers = LargeNumbersPanel(tr("Information"), theme)
        self.bars = PairBars("", theme)
        self.bars.entitle(tr("P and Q"), tr("drag the bars"))
        self.bars.draggable = self.bars.lockable = True
        self.bars.set_axes((tr("outcome"), ""), (tr("probability"), ""), (0.0, 1.0))
        self.stacks = StacksPanel(tr("Two sums that always meet"), theme)
        self.codes = TablePanel(tr("Huffman codes, in bits; mean over P"), theme)
        self._drag_of: tuple[str, int, Distribution, Distribution] | None = None
        self.fill(self.numbers, show_numbers)
        self.fill(self.bars, show_bars)
        self.fill(self.stacks, show_stacks)
        self.fill(self.codes, show_codes)
        self._make_bar()
        self._connect()
        px = theme.px
        self.setMinimumSize(px(260), px(220))
        self.stacks.setMinimumSize(px(140), px(100))
        self.codes.setMinimumSize(px(140), px(100))
        self.tell(finding)
        small = self.stacks, above_each_other((self.numbers, self.codes), (3, 4))
        self.lay_out(self.bar, WithHero(theme, self.bars, small, (5, 7)))

    def _make_bar(self) -> None:
        titles = {name: tr(TITLES[name]) for name in PRESETS}
        tip = tr("Sets P and Q to a pair worth looking at.")
        self.presets = Presets(tr("Preset"), tr("Choose a preset …"), tip, titles)
        self.presets.setMinimumContentsLength(18)
        tip = tr("KL is not the same both ways: exchange them and see.")
        self.swap = push_button("P ↔ Q", tip, name=tr("Exchange P and Q"))
        self.equal = push_button(tr("Q = P"), tr("Make the model right: KL becomes 0."))
        self.on(self.swap.clicked, lambda view: view.edit(p=view.at.config.q, q=view.at.config.p))
        self.on(self.equal.clicked, lambda view: view.edit(q=view.at.config.p))
        self.bar = self.options_bar(self.presets, self.swap, self.equal, "codes", "")

    def _connect(self) -> None:
        self.bars.dragged.connect(self._drag)
        self.bars.lock_toggled.connect(self._lock)
        self.bars.hovered.connect(self._hover)
        self.bars.clicked.connect(self._point)
        self.codes.selected.connect(self._point)
        self.presets.chosen.connect(self._take_preset)

    def arrange(self, at: At, room: Room) -> bool:
        """Everything, where there is room for it; else bars and sums, or the codes."""
        low, codes = room.height < LOW, at.options.codes
        for panel, on in ((self.bars, not codes), (self.stacks, not codes), (self.codes, codes)):
            panel.setVisible(on or not low)
        self.bar["codes"].setVisible(low)
        self.numbers.setVisible(codes or not low)
        pair = (at.config.p.values, at.config.q.values)
        self.presets.show_choice(next((name for name, preset in PRESETS.items() if preset == pair), None))
        self.equal.setEnabled(pair[0] != pair[1])
        return low

    def terms(self, at: At) -> list[Term]:
        number, p, q = self.numbers, (self.bars, "p"), (self.bars, "q")
        return [
            term("H(P,Q)", tr("cross-entropy of P and Q"), (self.stacks, "1"), (number, "2")),
            term("H(P)", tr("entropy of P"), (self.stacks, "0.0"), (number, "0")),
            term(r"\mathrm{KL}(P\|Q)", tr("KL divergence from P to Q"), (self.stacks, "0.1"), (number, "3")),
            term(r"\mathrm{JS}", tr("JS divergence"), (number, "5")),
            term("p_i", tr("probability of an outcome in truth"), p),
            term("q_i", tr("probability of an outcome in the model"), q),
            term("P", tr("the truth"), p),
            term("Q", tr("the model"), q),
            term(
                "L", tr("mean length of the code words"), (self.codes, "column.1"), (self.codes, "column.3")
            ),
            term(r"\ell_i", tr("length of a code word"), (self.codes, "column.1")),
        ]

    def formulas(self, at: At) -> list[Live]:
        """Entropy, cross-entropy, both KL divergences, JS, what the base does, and the code."""
        shot, unit, log_b = at.snapshot, unit_of(at.config.base), LOGS[at.config.base]
        base, most = BASES[at.config.base], text(log(2) / log(BASES[at.config.base]))
        return [
            Live(tr("Entropy and perplexity"), rf"H(P)=-\sum_i p_i {log_b}p_i", _entropies(shot, unit)),
            Live(
                tr("Cross-entropy: P is the truth"), rf"H(P,Q)=-\sum_i p_i {log_b}q_i", _crosses(shot, unit)
            ),
            Live(
                tr("KL divergence: not the same both ways"),
                rf"\mathrm{{KL}}(P\|Q)=\sum_i p_i {log_b}\frac{{p_i}}{{q_i}}\;\geq 0",
                _divergences(shot, unit),
            ),
            Live(
                tr("The identity"),
                r"H(P,Q)=H(P)+\mathrm{KL}(P\|Q)",
                f"{text(shot.cross_entropy)} = {text(shot.entropy_p)} + {text(shot.kl)}",
            ),
            Live(
                tr("JS divergence: the same both ways"),
                r"\mathrm{JS}=\tfrac12\mathrm{KL}(P\|M)+\tfrac12\mathrm{KL}(Q\|M),\quad M=\tfrac12(P+Q)",
                tr("{js} {unit}, of at most {most}", js=text(shot.js), unit=unit, most=most),
            ),
            Live(
                tr("Slope at the logits of Q"),
                r"\frac{\partial H(P,Q)}{\partial z_i}=\frac{q_i-p_i}{\ln b},\quad Q=\mathrm{softmax}(z)",
                _slope(base, shot),
                shot.slope_check,
            ),
            Live(tr("Mean length of a code"), r"L=\sum_i p_i\,\ell_i", _lengths(shot)),
        ]

    def _hover(self, found: tuple[str, int] | None) -> None:
        self._point(None if found is None else found[1])

    def _point(self, outcome: int | None) -> None:
        """Make an outcome stand out wherever it is; without one, the means: the last line of the table."""
        count = len(self.codes.lines) - 1
        line = count if outcome is None else min(outcome, count)
        self.stacks.set_highlight(outcome_name(line) if line < count else None)
        self.codes.set_lines(self.codes.head, self.codes.lines, line)

    def _drag(self, key: str, outcome: int, value: float) -> None:
        """The bar follows, the others of its distribution give way; on the way back they come back."""
        own: Distribution = getattr(self.at.config, key)
        begun = self._drag_of
        if begun is not None and begun[:2] == (key, outcome) and own in begun[2:]:
            own = begun[2]  # as it was before this bar was dragged
        moved = own.moved(outcome, value)
        self._drag_of = (key, outcome, own, moved)
        self.edit(**{key: moved})

    def _lock(self, key: str, outcome: int) -> None:
        own: Distribution = getattr(self.at.config, key)
        self.edit(**{key: own.with_lock(outcome, outcome not in own.locked)})

    def _take_preset(self, name: str) -> None:
        p, q = PRESETS[name]
        self.edit(p=Distribution(p), q=Distribution(q))


def finding(at: At) -> str:
    """What it costs to believe Q, and how much of it is the divergence."""
    shot, names = at.snapshot, {"h": "entropy_p", "cross": "cross_entropy", "kl": "kl", "js": "js"}
    slots = {slot: text(getattr(shot, name)) for slot, name in names.items()}
    slots |= {"unit": unit_of(at.config.base), "reverse": text(shot.reverse_kl)}
    if shot.impossible:
        return tr(
            "Outcome {n} comes, but Q says never: H(P, Q) and KL(P‖Q) are infinite, JS is {js} {unit}.",
            n=shot.impossible[0] + 1,
            **slots,
        )
    if (shot.p == shot.q).all():
        return tr("Q is P: H(P, Q) is no more than H(P), {h} {unit}, and KL is 0 both ways.", **slots)
    if shot.entropy_p == 0:
        return tr("P is certain, H(P) is 0: all of H(P, Q), {cross} {unit}, is KL(P‖Q).", **slots)
    return tr(
        "H(P, Q) is {cross} {unit}: the entropy H(P) = {h} plus KL(P‖Q) = {kl}."
        " The other way round, KL(Q‖P) is {reverse}.",
        **slots,
    )


def _entropies(shot: TwoDistributionsSnapshot, unit: str) -> str:
    return "\n".join(
        (
            tr(
                "H(P) = {p} {unit}, as hard to foresee as {many} equally likely outcomes",
                p=text(shot.entropy_p),
                unit=unit,
                many=text(shot.perplexity_p),
            ),
            tr(
                "H(Q) = {q} {unit}, perplexity {many}",
                q=text(shot.entropy_q),
                unit=unit,
                many=text(shot.perplexity_q),
            ),
        )
    )


def _crosses(shot: TwoDistributionsSnapshot, unit: str) -> str:
    numbers = f"H(P, Q) = {text(shot.cross_entropy)} {unit}"
    if not shot.impossible:
        return numbers
    k = shot.impossible[0]
    why = tr(
        "Outcome {n} comes with p = {p}, but Q says never: its surprise −log 0 is ∞.",
        n=k + 1,
        p=text(float(shot.p[k])),
    )
    return f"{numbers}\n{why}"


def _divergences(shot: TwoDistributionsSnapshot, unit: str) -> str:
    lines = [f"KL(P‖Q) = {text(shot.kl)} {unit}", f"KL(Q‖P) = {text(shot.reverse_kl)} {unit}"]
    if isinf(shot.reverse_kl):
        lines.append(tr("Q puts weight on outcome {n}, which P never brings.", n=shot.unseen[0] + 1))
    if shot.kl == 0:
        lines.append(tr("0, for Q is P: only then."))
    return "\n".join(lines)


def _slope(base: float, shot: TwoDistributionsSnapshot) -> str:
    """What the base does to the slope that a model learns from."""
    factor = "1" if base == e else text(1 / log(base))
    numbers = tr("1/ln b = {factor}: it multiplies loss and slope, and moves no minimum.", factor=factor)
    if shot.slope is None:
        return numbers + "\n" + tr("No slope: H(P, Q) is infinite.")
    return f"{numbers}\n{listed(shot.slope)}"


def _lengths(shot: TwoDistributionsSnapshot) -> str:
    own = tr("built for P: {bits} bits an outcome", bits=text(shot.mean_length))
    wrong = tr("built for Q, used on P: {bits} bits", bits=text(shot.mean_length_wrong))
    ideal, cross = text(shot.entropy_bits), text(shot.cross_entropy_bits)
    return f"{own} (H(P) {ideal})\n{wrong} (H(P, Q) {cross})"
