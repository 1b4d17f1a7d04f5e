"""The cost of each racer: a table of evaluations, time, memory; and a line when the costs differ."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.experiments.optimizers.race import RaceConfig
from engine.experiments.optimizers.race_ledger import Spent, ledger
from engine.optimizers.newton import ObjectiveRule
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.strokes import racer_names
from gui.look.theme import Theme
from gui.plots.own.table import TablePanel, TableRow
from gui.plots.painting import faded
from gui.screen.growing_text import GrowingText
from gui.views.optimizers.race_options import At, inspected, racers_of

NARROW = 500  # pixels of width below which the line needs two rows


class Uneven(GrowingText):
    """The line over the curves while the racers have different costs; its room is kept at all steps."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, theme.small_px, Qt.AlignmentFlag.AlignVCenter, (theme.px(8), 0))
        self._reserved = False
        self.setToolTip(tr("The racers have not spent the same: f and ∇f count 1, ∇²f counts 2."))

    def reserve(self, on: bool) -> None:
        """Set whether the costs can differ in this run, so that there is room for the line from the start."""
        if on != self._reserved:
            self._reserved = on
            self.forget_height()
            self._grow()

    def _least(self) -> int:
        rows = 2 if self.width() < self._theme.px(NARROW) else 1
        return self._rows(rows) + self._theme.px(6) if self._reserved else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        """A tinted strip while there is something to say."""
        if self.text:
            with QPainter(self) as painter:
                painter.fillRect(self.rect(), faded(self._theme.accent, 0.12))
        super().paintEvent(event)


class UnderLine(QWidget):
    """Plots, one of which is visible at a time, and the line above them."""

    def __init__(self, line: QWidget, *plots: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line)
        for plot in plots:
            column.addWidget(plot, 1)


def can_differ(config: RaceConfig) -> bool:
    """Whether the costs of a step can differ: some racer has a line search or uses the Hessian."""
    return len(config.racers) > 1 and any(isinstance(racer, ObjectiveRule) for racer in config.racers)


def show_uneven(line: Uneven, at: At) -> None:
    """Say which racers have the least and the greatest cost."""
    differ = can_differ(at.config)
    line.reserve(differ)
    paid = at.step if at.config.budget == "evaluations" else 0
    spent = ledger(at.config, at.recording, at.step) if differ else []
    line.set_text(uneven(racer_names(at.config.racers), spent, paid))


def uneven(names: Sequence[str], spent: Sequence[Spent], paid: int = 0) -> str:
    """Return the least and the greatest cost, in gradient evaluations; "" if all are the same.

    Racers that have ended are not compared. In a race of equal evaluations, a racer in the middle of a step
    has the cost `paid`.
    """
    prices = {
        name: one.calls.price() if one.rests else max(one.calls.price(), paid)
        for name, one in zip(names, spent, strict=False)
        if not one.ended
    }
    least, most = (pick(prices, key=prices.__getitem__, default="") for pick in (min, max))
    if not prices or prices[least] == prices[most]:
        return ""
    return tr(
        "{less} has spent as much as {n} gradient evaluations, {more} {m}.",
        less=least,
        n=prices[least],
        more=most,
        m=prices[most],
    )


def show_spent(panel: TablePanel, at: At) -> None:
    """Show the evaluations of each kind and in total, time, memory."""
    panel.title = tr("Spent so far · Σ = f + ∇f + 2 ∇²f")
    if at.last < 0:
        return
    lines = []
    racers = zip(racers_of(at, panel.theme), ledger(at.config, at.recording, at.step), strict=True)
    for (name, stroke), spent in racers:
        values = (*spent.calls, spent.calls.price(), 1000 * spent.seconds, spent.numbers)
        cells = tuple(short_text(value, 2) if isinstance(value, float) else str(value) for value in values)
        lines.append(TableRow(name, stroke, cells, values))
    panel.set_lines(("f", "∇f", "∇²f", "Σ", tr("ms"), tr("memory")), lines, inspected(at))
