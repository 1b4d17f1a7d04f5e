"""Entropy ▸ Two distributions: bars to drag, large numbers, the sums that meet, and the codes."""

from typing import Annotated

from PySide6.QtCore import Qt

from engine.config import Config, plain
from engine.distribution import Distribution
from engine.experiments.entropy.two_distributions import PRESETS, TwoDistributionsConfig
from gui.look.language import tr
from gui.look.splitters import above_each_other, side_by_side
from gui.look.theme import Theme
from gui.plots.own.large_numbers import LargeNumbersPanel
from gui.plots.own.table import TablePanel
from gui.plots.stacks import StacksPanel
from gui.screen.moment import Moment
from gui.screen.notes import Live
from gui.screen.options_widgets import Presets, push_button
from gui.screen.view import Room, View
from gui.views.bases import unit_of
from gui.views.entropy.two_distributions_formulas import formulas
from gui.views.entropy.two_distributions_plots import (
    PairBars,
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
    """On top the numbers, then the bars of P and Q; below the identity as two stacks, and the code words.

    In a low window bars and stacks stand side by side, and the words take their place when asked for.
    """

    config_type, options_type = TwoDistributionsConfig, TwoDistributionsOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
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
        self.fill(
            self.stacks,
            lambda panel, at: panel.set_axes((tr("information"), unit_of(at.config.base))),
            by=lambda at: at.config.base,
        )
        self.fill(self.stacks, show_stacks)
        self.fill(self.codes, show_codes)
        self._make_bar()
        self._connect()
        px = theme.px
        self.setMinimumSize(px(260), px(300))
        self.stacks.setMinimumSize(px(140), px(100))
        self.codes.setMinimumSize(px(140), px(100))
        below = side_by_side((self.stacks, self.codes), (21, 20))
        self._plots = above_each_other((self.bars, below), (50, 50))
        self.lay_out(self.bar, self.numbers, self._plots)

    def _make_bar(self) -> None:
        titles = {name: tr(TITLES[name]) for name in PRESETS}
        tip = tr("Sets P and Q to a pair worth looking at.")
        self.presets = Presets(tr("Preset"), tr("Choose a preset …"), tip, titles)
        self.presets.setMinimumContentsLength(18)
        tip = tr("KL is not the same both ways: exchange them and see.")
        self.swap = push_button("P ↔ Q", tip, self._exchange, tr("Exchange P and Q"))
        self.equal = push_button(tr("Q = P"), tr("Make the model right: KL becomes 0."), self._make_equal)
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
        self._plots.setOrientation(Qt.Orientation.Horizontal if low else Qt.Orientation.Vertical)
        for panel, on in ((self.bars, not codes), (self.stacks, not codes), (self.codes, codes)):
            panel.setVisible(on or not low)
        self.bar["codes"].setVisible(low)
        pair = (at.config.p.values, at.config.q.values)
        self.presets.show_choice(next((name for name, preset in PRESETS.items() if preset == pair), None))
        self.equal.setEnabled(pair[0] != pair[1])
        return low

    def formulas(self, at: At) -> list[Live]:
        return formulas(at.config, at.snapshot)

    # What the user does

    def _hover(self, found: tuple[str, int] | None) -> None:
        self._point(None if found is None else found[1])

    def _point(self, outcome: int | None) -> None:
        """Make an outcome stand out wherever it is; without one, the means: the last line of the table."""
        count = len(self.codes.lines) - 1
        line = count if outcome is None else min(outcome, count)
        self.stacks.set_highlight(str(line + 1) if line < count else None)
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

    def _exchange(self) -> None:
        self.edit(p=self.at.config.q, q=self.at.config.p)

    def _make_equal(self) -> None:
        self.edit(q=self.at.config.p)


VIEW = TwoDistributionsView
