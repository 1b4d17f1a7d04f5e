"""The plots of two distributions: bars with the cause of an ∞, numbers, sums."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from engine.experiments.entropy.two_distributions import TwoDistributionsSnapshot
from gui.look.language import tr
from gui.look.numbers import counted
from gui.plots.axes import Axes
from gui.plots.bars import Bars, BarsPanel
from gui.plots.own.large_numbers import LargeNumber, LargeNumbersPanel
from gui.plots.painting import CENTRE, RIGHT, put_text
from gui.plots.stacks import Stack, StacksPanel, SumPart
from gui.views.bases import unit_of
from gui.views.entropy.two_distributions_options import At


class PairBars(BarsPanel):
    """Bars of P and Q. Where q = 0 and p > 0, an ∞ is written in the place of Q's bar."""

    impossible: tuple[int, ...] = ()

    def _draw_over(self, painter: QPainter, axes: Axes, live: bool) -> None:
        super()._draw_over(painter, axes, live)
        if not self.impossible or len(self.series) < 2:
            return
        size = min(self.theme.px(24), max(self.theme.px(12), int(1.1 * self._slot(axes, 1, 0).width())))
        base = axes.plane.rect.bottom() - self.line_height  # above the 0 that is written there
        painter.setPen(QColor(self.theme.ink(self.theme.stroke("cross_entropy").colour)))
        painter.setFont(self.theme.font(size, bold=True))
        for k in self.impossible:
            x = self._slot(axes, 1, k).center().x()
            painter.drawText(QRectF(x - size, base - 1.2 * size, 2 * size, 1.2 * size), CENTRE, "∞")
        painter.setFont(self.theme.font())
        self._explain(painter, self._head(axes))

    def _explain(self, painter: QPainter, rect: QRectF) -> None:
        """Write beside the title where the first ∞ comes from; shorter in a narrow plot."""
        metrics = QFontMetricsF(painter.font())
        room = rect.width() - metrics.horizontalAdvance(self.title) - self.theme.px(16)
        text = tr("outcome {n} comes, Q says never: −log 0 = ∞", n=self.impossible[0] + 1)
        text = text if metrics.horizontalAdvance(text) <= room else "−log 0 = ∞"
        top = rect.top() - self.line_height - self.theme.px(6)
        line = QRectF(rect.right() - room, top, room, self.line_height)
        if metrics.horizontalAdvance(text) <= room:
            put_text(painter, line, RIGHT, text)


def show_bars(panel: PairBars, at: At) -> None:
    """Show P and Q; the zeros that fill up the shorter one are marked."""
    shot: TwoDistributionsSnapshot = at.snapshot
    panel.impossible, count = shot.impossible, len(shot.p)
    panel.set_bars(
        counted(count),
        [
            Bars(
                key,
                name,
                values,
                panel.theme.stroke(key),
                frozenset(own.locked),
                frozenset(range(len(own.values), count)),
            )
            for key, name, values, own in (
                ("p", tr("P, the truth"), shot.p, at.config.p),
                ("q", tr("Q, the model"), shot.q, at.config.q),
            )
        ],
    )


def show_numbers(panel: LargeNumbersPanel, at: At) -> None:
    """Show the large numbers, with those of the run that was pinned last."""
    unit = unit_of(at.config.base)
    pinned = at.ghosts[-1] if at.ghosts else None
    before = unit if pinned is None else unit_of(pinned.config.base)

    def one(name: str, field: str, stroke: str, unit: str = unit) -> LargeNumber:
        was = ""
        if pinned is not None:
            was = tr("was {value}", value=getattr(pinned.recording.snapshot(0)[1], field))
            was += f" {before}" if field != "perplexity_p" and before != unit else ""
        return LargeNumber(name, getattr(at.snapshot, field), unit, panel.theme.stroke(stroke), was)

    panel.set_numbers(
        [
            one("H(P)", "entropy_p", "entropy"),
            one("H(Q)", "entropy_q", "q"),
            one("H(P, Q)", "cross_entropy", "cross_entropy"),
            one("KL(P‖Q)", "kl", "kl"),
            one("KL(Q‖P)", "reverse_kl", "reverse_kl"),
            one("JS(P, Q)", "js", "js"),
            one(tr("perplexity"), "perplexity_p", "p", tr("of P")),
        ]
    )


def outcome_name(k: int) -> str:
    """Return the name of an outcome before its number in a stack, with a colon to separate the two."""
    return f"{k + 1}:"


def show_stacks(panel: StacksPanel, at: At) -> None:
    """Show both sides of the identity: entropy plus divergence, and the terms of the cross-entropy."""
    shot, stroke = at.snapshot, panel.theme.stroke
    terms = [
        SumPart(outcome_name(k), float(term), stroke("cross_entropy"))
        for k, term in enumerate(shot.cross_terms)
        if term > 0
    ]
    divergence = SumPart("KL", shot.kl, stroke("kl"), gap=True)
    sums = (SumPart("H(P)", shot.entropy_p, stroke("entropy")), divergence)
    if panel.y_axis.unit != (unit := unit_of(at.config.base)):
        panel.set_axes((tr("information"), unit))
    panel.set_stacks([Stack("H(P) + KL", sums), Stack("H(P, Q)", terms)])
