"""Entropy ▸ Two distributions: bars to drag, large numbers, sums that are equal, and codes."""

from engine.config import Config, replaced
from engine.experiments.entropy.two_distributions import PRESETS, TwoDistributionsConfig
from engine.experiments.entropy.two_distributions_message import message_costs, narrowing
from engine.information.shaped_distribution import Distribution
from gui.look.language import tr
from gui.look.splitters import above_each_other, side_by_side
from gui.look.theme import Theme
from gui.plots.curves import CurvesPanel
from gui.plots.own.code_tree import CodeTreePanel
from gui.plots.own.large_numbers import LargeNumbersPanel
from gui.plots.own.shrinking import ShrinkingPanel
from gui.plots.own.table import TablePanel
from gui.plots.stacks import StacksPanel
from gui.screen.hero import WithHero
from gui.screen.options_bar import Switches
from gui.screen.options_widgets import Presets, push_button
from gui.screen.terms import Term, term
from gui.screen.view import Live, Question, Room, View, nothing
from gui.views.curve_plots import fill_plot
from gui.views.entropy.two_distributions_codes import code_of, show_codes, show_lengths, show_tree, turns
from gui.views.entropy.two_distributions_message import message_curves, show_costs, show_interval
from gui.views.entropy.two_distributions_options import At, TwoDistributionsOptions
from gui.views.entropy.two_distributions_plots import (
    PairBars,
    outcome_name,
    show_bars,
    show_numbers,
    show_stacks,
)
from gui.views.entropy.two_distributions_words import (
    code_formulas,
    finding,
    information_formulas,
    message_formulas,
)

LOW = 500  # height, in pixels at the ordinary size, under which not everything can be shown at once
TITLES = {
    "coin": "A fair coin, taken for a biased one",
    "biased": "A biased coin, taken for a fair one",
    "die": "A fair die, taken for a loaded one",
    "one_hot": "A one-hot label and a prediction",
    "peaked": "Peaked and flat",
    "halves": "Powers of a half",
    "wrong": "The wrong code, counted exactly",
    "rare": "A rare event: whole bits waste much",
    "lecture": "Two that differ much",
    "disjoint": "Nothing in common",
    "padded": "A coin and a die: padded with zeros",
}


class TwoDistributionsView(View):
    """A large plot of the bars of P and Q, of a code as a tree, or of the bits of a long message; small plots
    that belong to it.

    In a low window the code words replace bars and stacks if the user chooses them.
    """

    config_type, options_type = TwoDistributionsConfig, TwoDistributionsOptions

    def build(self, theme: Theme) -> None:
        self._make_plots(theme)
        self._drag_of: tuple[str, int, Distribution, Distribution] | None = None
        self._fill_all()
        self._make_bar()
        self._connect()
        px = theme.px
        self.setMinimumSize(px(260), px(220))
        for panel in (self.stacks, self.lengths, self.interval, self.codes, self.costs):
            panel.setMinimumSize(px(140), px(100))
        self.tell(finding)
        first, second = (self.interval, self.costs) if theme.presenting else (self.costs, self.interval)
        small = (  # of the message the interval has the larger part, and in a lecture the only one
            above_each_other((self.stacks, self.lengths, first), (1, 1, 1)),
            above_each_other((self.numbers, self.codes, second), (3, 4, 4)),
        )
        hero = side_by_side((self.bars, self.tree, self.message), (1, 1, 1))
        self.lay_out(self.bar, WithHero(theme, hero, small, (3, 5)))

    def _make_plots(self, theme: Theme) -> None:
        self.numbers = LargeNumbersPanel(tr("Information"), theme)
        self.bars = PairBars("", theme)
        self.bars.entitle(tr("P and Q"), tr("drag the bars"))
        self.bars.draggable = self.bars.lockable = True
        self.bars.set_axes((tr("outcome"), ""), (tr("probability"), ""), (0.0, 1.0))
        self.stacks = StacksPanel(tr("Two sums that always meet"), theme)
        self.codes = TablePanel(tr("Huffman codes, in bits; mean over P"), theme)
        self.tree = CodeTreePanel("", theme)
        self.lengths = StacksPanel(tr("Mean length over P"), theme)
        self.message = CurvesPanel(tr("Bits per outcome as a message grows"), theme)
        self.interval = ShrinkingPanel("", theme)
        self.costs = TablePanel(tr("The whole message"), theme)

    def _fill_all(self) -> None:
        self.ask("costs", costs_wanted, by=message_key)
        self.ask("interval", interval_wanted, by=lambda at: (message_key(at), at.options.coded))
        self.fill(self.numbers, show_numbers)
        self.fill(self.bars, show_bars)
        self.fill(self.stacks, show_stacks)
        self.fill(self.codes, show_codes)
        self.fill(self.tree, show_tree)
        self.fill(self.lengths, show_lengths)
        fill_plot(self, self.message, message_curves, of="costs")
        self.fill(self.interval, show_interval, of="interval", by=nothing)
        self.fill(self.costs, show_costs, of="costs", by=nothing)

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
        panes = Switches(
            "pane",
            {
                "bars": tr("P and Q as bars to drag, and the sums that meet."),
                "tree": tr(
                    "Huffman's code as it is made: the two rarest groups are joined, again and again."
                ),
                "message": tr("A long message, coded outcome by outcome, in blocks, and as one number."),
            },
        )
        self.bar = self.options_bar(
            panes, self.presets, self.swap, self.equal, "model", "merges:", "coded:", "codes", ""
        )

    def _connect(self) -> None:
        self.bars.dragged.connect(self._drag)
        self.bars.lock_toggled.connect(self._lock)
        self.bars.hovered.connect(self._hover)
        self.bars.clicked.connect(self._point)
        self.codes.selected.connect(self._point)
        self.tree.hovered.connect(self._point_word)
        self.tree.selected.connect(self._point_word)
        self.on(self.tree.merged, lambda view, merges: view.set_option(merges=merges))
        self.on(self.message.clicked, lambda view, x: view.code(x))
        self.on(self.interval.moved, lambda view, by: view.code(view.at.options.coded + by))
        self.presets.chosen.connect(self._take_preset)

    def arrange(self, at: At, room: Room) -> bool:
        """Show all plots of the pane if there is room; else bars and sums, or the codes."""
        low, codes, pane = room.height < LOW, at.options.codes, at.options.pane
        bars = pane == "bars"
        for panel, on in ((self.bars, bars and not codes), (self.stacks, bars and not codes)):
            panel.setVisible(on or (bars and not low))
        self.codes.setVisible(not low if pane == "tree" else bars and (codes or not low))
        self.numbers.setVisible(bars and (codes or not low))
        self.tree.setVisible(pane == "tree")
        self.lengths.setVisible(pane == "tree")
        for panel in (self.message, self.interval):
            panel.setVisible(pane == "message")
        self.costs.setVisible(pane == "message" and not low)
        self.swap.setVisible(bars)
        self.equal.setVisible(bars)
        self.bar["codes"].setVisible(low and bars)
        pair = (at.config.p.values, at.config.q.values)
        self.presets.show_choice(next((name for name, preset in PRESETS.items() if preset == pair), None))
        self.equal.setEnabled(pair[0] != pair[1])
        return low

    def offers(self, at: At) -> dict[str, object]:
        """Offer the merges of the code and the outcomes of the message."""
        pane = at.options.pane
        return {
            "model": pane != "bars",
            "merges": pane == "tree" and (range(turns(at) + 1) if at.last >= 0 else True),
            "coded": pane == "message" and range(1, at.config.length + 1),
        }

    @classmethod
    def followed(cls, options: Config, before: Config, after: Config) -> tuple[Config, Config]:
        """Show the message when one of its settings was changed."""
        if any(getattr(before, name) != getattr(after, name) for name in ("length", "block", "seed")):
            options = replaced(options, pane="message")
        return options, after

    def terms(self, at: At) -> list[Term]:
        return {"bars": self._bar_terms, "tree": self._tree_terms, "message": self._message_terms}[
            at.options.pane
        ]()

    def _bar_terms(self) -> list[Term]:
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

    def _tree_terms(self) -> list[Term]:
        tree, codes = self.tree, self.codes
        return [
            term("H(P)", tr("entropy of P"), (codes, "column.0")),
            term("p_i", tr("probability of an outcome in truth"), (codes, "column.0")),
            term("L", tr("mean length of the code words"), (self.lengths, "0"), (self.lengths, "1")),
            term(r"\ell_i", tr("length of a code word"), (tree, "leaves")),
        ]

    def _message_terms(self) -> list[Term]:
        message, interval = self.message, self.interval
        return [
            term("H(P,Q)", tr("cross-entropy of P and Q"), (message, "cross_entropy")),
            term("H(P)", tr("entropy of P"), (message, "entropy")),
            term("w", tr("width of the interval"), (interval, "interval")),
            term(r"\ell", tr("length of the word of the message"), (interval, "word")),
            term("L_k", tr("mean length of the words for blocks"), (message, "blocks")),
        ]

    def formulas(self, at: At) -> list[Live] | None:
        """Return the formulas of the pane: of information, of the code, or of the message."""
        if at.options.pane == "bars":
            return information_formulas(at)
        if at.options.pane == "tree":
            return code_formulas(at)
        costs, found = self.answer("costs"), self.answer("interval")
        return None if costs is None or found is None else message_formulas(at, costs, found)

    def code(self, outcomes: float) -> None:
        """Show the message after this many outcomes."""
        self.set_option(coded=min(max(1, round(outcomes)), self.at.config.length))

    def _point_word(self, word: str | None) -> None:
        """Emphasise the outcome of a word; None: no outcome."""
        words = code_of(self.at).words
        self._point(words.index(word) if word in words else None)

    def _hover(self, found: tuple[str, int] | None) -> None:
        self._point(None if found is None else found[1])

    def _point(self, outcome: int | None) -> None:
        """Emphasise an outcome in all plots; without one, the last line of the table, the means."""
        count = len(self.codes.lines) - 1
        line = count if outcome is None else min(outcome, count)
        self.stacks.set_highlight(outcome_name(line) if line < count else None)
        self.lengths.set_highlight(outcome_name(line) if line < count else None)
        self.codes.set_lines(self.codes.head, self.codes.lines, line)
        word = code_of(self.at).words[line] if line < count else None
        self.tree.choose(word)

    def _drag(self, key: str, outcome: int, value: float) -> None:
        """Set a bar that is dragged; the others of its distribution change so that the sum stays 1.

        They are computed from the values before the drag, so dragging back restores them.
        """
        own: Distribution = getattr(self.at.config, key)
        begun = self._drag_of
        if begun is not None and begun[:2] == (key, outcome) and own in begun[2:]:
            own = begun[2]  # the distribution before this bar was dragged
        moved = own.moved(outcome, value)
        self._drag_of = (key, outcome, own, moved)
        self.edit(**{key: moved})

    def _lock(self, key: str, outcome: int) -> None:
        own: Distribution = getattr(self.at.config, key)
        self.edit(**{key: own.with_lock(outcome, outcome not in own.locked)})

    def _take_preset(self, name: str) -> None:
        p, q = PRESETS[name]
        self.edit(p=Distribution(p), q=Distribution(q))


def message_key(at: At) -> object:
    """Return what the message and its codes depend on; nothing while they are not shown."""
    return (at.config, at.options.model) if at.options.pane == "message" else ()


def costs_wanted(at: At) -> Question | None:
    """Ask for the bits of the message, if it is shown."""
    return (message_costs, at.config, at.options.model) if at.options.pane == "message" else None


def interval_wanted(at: At) -> Question | None:
    """Ask for the intervals at the chosen place of the message."""
    if at.options.pane != "message":
        return None
    return narrowing, at.config, at.options.model, at.options.coded
