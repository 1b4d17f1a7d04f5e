"""What the plots of two distributions show: bars with the cause of an ∞, numbers, sums, code words."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from engine.experiments.entropy.two_distributions import Snapshot, TwoDistributionsConfig
from gui.language import tr
from gui.plots.axes import Axes
from gui.plots.bars import Bars, BarsPanel
from gui.plots.own.large_numbers import LargeNumber
from gui.plots.own.table import Line
from gui.plots.painting import CENTRE, RIGHT, put_text
from gui.plots.stacks import Part, Stack
from gui.plots.ticks import value_text
from gui.theme import Theme


def unit_of(config: TwoDistributionsConfig) -> str:
    """The unit of information, translated."""
    return {"2": tr("bits"), "e": tr("nats"), "10": tr("dits")}[config.base]


class PairBars(BarsPanel):
    """Bars of P and Q. Where Q holds to be impossible what P brings, an ∞ stands in the place of Q's bar."""

    impossible: tuple[int, ...] = ()

    def _draw_over(self, painter: QPainter, axes: Axes, live: bool) -> None:
        super()._draw_over(painter, axes, live)
        if not self.impossible or len(self.series) < 2:
            return
        size = min(self.theme.px(24), max(self.theme.px(12), int(1.1 * self._slot(axes, 1, 0).width())))
        base = axes.plane.rect.bottom() - self.line_height  # above the 0 that is written there
        painter.setPen(QColor(self.theme.stroke("cross_entropy").colour))
        painter.setFont(self.theme.font(size, bold=True))
        for k in self.impossible:
            x = self._slot(axes, 1, k).center().x()
            painter.drawText(QRectF(x - size, base - 1.2 * size, 2 * size, 1.2 * size), CENTRE, "∞")
        painter.setFont(self.theme.font())
        self._explain(painter, self._head(axes))

    def _explain(self, painter: QPainter, rect: QRectF) -> None:
        """On the line of the title, where the first ∞ comes from; in a narrow plot only how."""
        metrics = QFontMetricsF(painter.font())
        room = rect.width() - metrics.horizontalAdvance(self.title) - self.theme.px(16)
        text = tr("outcome {n} comes, Q says never: −log 0 = ∞", n=self.impossible[0] + 1)
        text = text if metrics.horizontalAdvance(text) <= room else "−log 0 = ∞"
        top = rect.top() - self.line_height - self.theme.px(6)
        line = QRectF(rect.right() - room, top, room, self.line_height)
        if metrics.horizontalAdvance(text) <= room:
            put_text(painter, line, RIGHT, text)


def series(config: TwoDistributionsConfig, shot: Snapshot, theme: Theme) -> list[Bars]:
    """The bars of P and Q; what the shorter one is filled up with is marked as such."""
    count = len(shot.p)
    return [
        Bars(key, name, values, theme.stroke(key), frozenset(own.locked),
             frozenset(range(len(own.values), count)))
        for key, name, values, own in (("p", tr("P, the truth"), shot.p, config.p),
                                       ("q", tr("Q, the model"), shot.q, config.q))
    ]  # fmt: skip


def large_numbers(
    shot: Snapshot, unit: str, theme: Theme, pinned: tuple[Snapshot, str] | None
) -> list[LargeNumber]:
    """The numbers that are read from afar; of a pinned run its numbers too."""

    def one(name: str, field: str, stroke: str, unit: str = unit) -> LargeNumber:
        before = ""
        if pinned is not None:
            before = tr("was {value}", value=value_text(getattr(pinned[0], field)))
            before += f" {pinned[1]}" if field != "perplexity_p" and pinned[1] != unit else ""
        return LargeNumber(name, getattr(shot, field), unit, theme.stroke(stroke), before)

    return [
        one("H(P)", "entropy_p", "entropy"),
        one("H(Q)", "entropy_q", "q"),
        one("H(P, Q)", "cross_entropy", "cross_entropy"),
        one("KL(P‖Q)", "kl", "kl"),
        one("KL(Q‖P)", "reverse_kl", "reverse_kl"),
        one("JS(P, Q)", "js", "js"),
        one(tr("perplexity"), "perplexity_p", "p", tr("of P")),
    ]


def stacks(shot: Snapshot, theme: Theme) -> list[Stack]:
    """Both sides of the identity: entropy and divergence; what each outcome adds to the cross-entropy."""
    stroke = theme.stroke
    terms = [
        Part(str(k + 1), float(term), stroke("cross_entropy"))
        for k, term in enumerate(shot.cross_terms)
        if term > 0
    ]
    return [
        Stack("H(P) + KL", (Part("H(P)", shot.entropy_p, stroke("entropy")),
                                 Part("KL(P‖Q)", shot.kl, stroke("kl"), "KL"))),
        Stack("H(P, Q)", terms),
    ]  # fmt: skip


def code_lines(shot: Snapshot) -> tuple[Sequence[str], list[Line]]:
    """The bits an outcome should take and the word it gets, for P and for Q; and their means as P comes."""
    head = ("−log₂ p", tr("P's code"), "−log₂ q", tr("Q's code"))
    words = zip(shot.ideal, shot.code_p.words, shot.ideal_q, shot.code_q.words, strict=True)
    lines = [
        Line(
            str(k + 1),
            None,
            (value_text(float(p)), _word(own), value_text(float(q)), _word(other)),
            (float(p), own, float(q), other),
        )
        for k, (p, own, q, other) in enumerate(words)
    ]
    means = (shot.entropy_bits, shot.mean_length, shot.cross_entropy_bits, shot.mean_length_wrong)
    lines.append(Line(tr("mean"), None, tuple(map(value_text, means)), means))
    return head, lines


def _word(word: str | None) -> str:
    """A word of bits; ε is the empty one, – none at all."""
    return "–" if word is None else word or "ε"
