"""Entropy ▸ Two distributions: bars to drag, large numbers, the sums that meet, and the codes."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config, plain, replaced
from engine.experiments.entropy.distribution import Distribution
from engine.experiments.entropy.two_distributions import PRESETS, Snapshot, TwoDistributionsConfig
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.old_view import OldView
from gui.plots.large_numbers import LargeNumbersPanel
from gui.plots.panel import Panel
from gui.plots.stacks import StacksPanel
from gui.plots.table import TablePanel
from gui.splitters import above_each_other, side_by_side
from gui.theme import Theme
from gui.views.entropy.two_distributions_controls import Bar
from gui.views.entropy.two_distributions_formulas import formulas
from gui.views.entropy.two_distributions_plots import (
    PairBars,
    code_lines,
    large_numbers,
    series,
    stacks,
    unit_of,
)

LOW = 440  # height, in pixels at the ordinary size, under which not everything can be shown at once


class TwoDistributionsOptions(Config, frozen=True):
    """How one looks at two distributions."""

    codes: Annotated[
        bool, plain("Codes", "In a low window: show the codes in the place of bars and sums.")
    ] = False


class TwoDistributionsView(OldView):
    """On top the numbers, then the bars of P and Q; below the identity as two stacks, and the code words.

    In a low window bars and stacks stand side by side, and the words take their place when asked for.
    """

    options_type: ClassVar[type[Config]] = TwoDistributionsOptions
    options: TwoDistributionsOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = TwoDistributionsConfig()
        self.ghosts: Sequence[Ghost] = ()
        self.bar = Bar(theme)
        self.numbers = LargeNumbersPanel(tr("Information"), theme)
        self.bars = PairBars("", theme)
        self.bars.entitle(tr("P and Q"), tr("drag the bars"))
        self.bars.draggable = self.bars.lockable = True
        self.bars.set_axes((tr("outcome"), ""), (tr("probability"), ""), (0.0, 1.0))
        self.stacks = StacksPanel(tr("Two sums that always meet"), theme)
        self.codes = TablePanel(tr("Huffman codes, in bits; mean over P"), theme)
        self._unit = ""
        self._outcome: int | None = None  # that stands out
        self._drag_of: tuple[str, int, Distribution, Distribution] | None = None
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        self.bars.dragged.connect(self._drag)
        self.bars.lock_toggled.connect(self._lock)
        self.bars.hovered.connect(lambda found: self._point(None if found is None else found[1]))
        self.bars.clicked.connect(self._point)
        self.codes.selected.connect(self._point)
        self.bar.preset_chosen.connect(self._take_preset)
        self.bar.swapped.connect(lambda: self._edit(p=self.config.q, q=self.config.p))
        self.bar.equalled.connect(lambda: self._edit(q=self.config.p))
        self.bar.codes_wanted.connect(self._turn)

    def _lay_out(self) -> None:
        px = self.theme.px
        self.setMinimumSize(px(260), px(300))
        self.stacks.setMinimumSize(px(140), px(100))
        self.codes.setMinimumSize(px(140), px(100))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(self.bar)
        column.addWidget(self.numbers)
        self._below = side_by_side((self.stacks, self.codes), (21, 20))
        self._plots = above_each_other((self.bars, self._below), (50, 50))
        column.addWidget(self._plots, 1)
        self._arrange()

    @property
    def _low(self) -> bool:
        return self.height() < self.theme.px(LOW)

    def _arrange(self) -> None:
        """Everything, where there is room for it; else bars and sums, or the codes."""
        low, codes = self._low, self.options.codes
        self._plots.setOrientation(Qt.Orientation.Horizontal if low else Qt.Orientation.Vertical)
        for panel, on in ((self.bars, not codes), (self.stacks, not codes), (self.codes, codes)):
            panel.setVisible(on or not low)
        self.bar.codes.setVisible(low)
        self.bar.codes.setChecked(codes)

    def _turn(self, codes: bool) -> None:
        self.set_option(codes=codes)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._low == self.bar.codes.isHidden():
            self._arrange()

    def panels(self) -> list[Panel]:
        every = (self.numbers, self.bars, self.stacks, self.codes)
        return [panel for panel in every if not panel.isHidden()]

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, TwoDistributionsConfig)
        self.config, self.ghosts = config, ghosts
        self.bar.show_config(config)
        unit = unit_of(config)
        if unit != self._unit:
            self._unit = unit
            self.stacks.set_axes((tr("information"), unit))

    def draw(self, recording: Recording, step: int) -> None:
        shot: Snapshot = recording.snapshot(step)[1]
        self.numbers.set_numbers(large_numbers(shot, self._unit, self.theme, self._pinned()))
        self.bars.impossible = shot.impossible
        self.bars.set_bars([str(k + 1) for k in range(len(shot.p))], series(self.config, shot, self.theme))
        self.stacks.set_stacks(stacks(shot, self.theme))
        head, lines = code_lines(shot)
        self.codes.set_lines(head, lines, self._line(len(shot.p)))

    def _pinned(self) -> tuple[Snapshot, str] | None:
        """The numbers of the run that was pinned last, and their unit."""
        for ghost in reversed(self.ghosts):
            if ghost.recording.last >= 0 and isinstance(ghost.config, TwoDistributionsConfig):
                return ghost.recording.snapshot(0)[1], unit_of(ghost.config)
        return None

    def live(self, recording: Recording, step: int) -> list[Live]:
        return formulas(self.config, recording.snapshot(step)[1], self._unit)

    # What the user does

    def _point(self, outcome: int | None) -> None:
        """Make an outcome stand out wherever it is; without one, the means."""
        count = len(self.codes.lines) - 1
        self._outcome = outcome if outcome is not None and outcome < count else None
        self.stacks.set_highlight(None if self._outcome is None else str(self._outcome + 1))
        self.codes.set_lines(self.codes.head, self.codes.lines, self._line(count))

    def _line(self, count: int) -> int:
        """The line of the table that stands out, where there are so many outcomes: the last has the means."""
        return self._outcome if self._outcome is not None and self._outcome < count else count

    def _edit(self, **changes: object) -> None:
        self.edited.emit(replaced(self.config, **changes))

    def _drag(self, key: str, outcome: int, value: float) -> None:
        """The bar follows, the others of its distribution give way; on the way back they come back."""
        own: Distribution = getattr(self.config, key)
        begun = self._drag_of
        if begun is not None and begun[:2] == (key, outcome) and own in begun[2:]:
            own = begun[2]  # as it was before this bar was dragged
        moved = own.moved(outcome, value)
        self._drag_of = (key, outcome, own, moved)
        self._edit(**{key: moved})

    def _lock(self, key: str, outcome: int) -> None:
        own: Distribution = getattr(self.config, key)
        self._edit(**{key: own.with_lock(outcome, outcome not in own.locked)})

    def _take_preset(self, name: str) -> None:
        p, q = PRESETS[name]
        self._edit(p=Distribution(p), q=Distribution(q))


VIEW = TwoDistributionsView
