"""The network's answer for one example, class by class: bars with numbers, and the loss."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from engine.activations import Array
from engine.experiments.losses.classifier_inspection import NO_CLASS, Trace
from gui.look.language import tr
from gui.look.theme import GREY, VERMILION, Theme
from gui.plots.painting import LEFT, RIGHT, hairline, put_text
from gui.plots.panel import Panel
from gui.plots.ticks import value_text
from gui.views.losses.classifier_cells import bold, written_in


class ClassBars(Panel):
    """Base of a panel that draws a `Trace`: its bars of the classes, and its end."""

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.trace: Trace | None = None
        self.classes: tuple[str, ...] = ()

    def _row(self, painter: QPainter, rect: QRectF, k: int, count: int) -> QRectF:
        """The k-th of `count` lines around the middle, and a font that fits it."""
        height = min(rect.height() / count, float(self.theme.px(30)))
        painter.setFont(self.theme.font(max(self.theme.small_px, min(self.theme.text_px, int(0.8 * height)))))
        return QRectF(rect.left(), rect.center().y() + (k - count / 2) * height, rect.width(), height)

    def _listed(self, height: float) -> list[int]:
        """Return the classes that have room: the true one and the most likely ones."""
        assert self.trace is not None
        count = len(self.trace.logits)
        room = max(2, int(height / (1.15 * self.theme.small_px)))
        if count <= room:
            return list(range(count))
        likeliest = np.argsort(-self.trace.probabilities, kind="stable").tolist()
        ranked = [*dict.fromkeys((self._strong, *likeliest))]
        return sorted(ranked[:room])

    def _bars(self, painter: QPainter, rect: QRectF, values: Array, named: bool) -> None:
        """Draw one bar for each class, its number beside it; the true class is bold."""
        listed = self._listed(rect.height())
        self._row(painter, rect, 0, len(listed))
        metrics = QFontMetricsF(bold(painter.font()))
        widest = max(metrics.horizontalAdvance(self.classes[k] + " ✓") for k in listed)
        names = min(widest, max(0.4 * rect.width(), self.theme.px(28)))
        left = rect.left() + (names + 5 if named else 0)
        written = written_in(values[listed].tolist(), metrics, 0.6 * (rect.right() - left))
        numbers = max(map(metrics.horizontalAdvance, written)) + 2
        known = values[np.isfinite(values)]
        low = min(0.0, float(known.min(initial=0.0)))
        high = max(0.0, float(known.max(initial=0.0))) if named else 1.0
        unit = max(rect.right() - numbers - left - 6, 1.0) / ((high - low) or 1.0)
        for place, k in enumerate(listed):
            row = self._row(painter, rect, place, len(listed))
            if named:
                self._name(painter, row, k, names)
            value = float(values[k])
            if np.isfinite(value):
                zero, end = left - low * unit, left + (value - low) * unit
                bar = QRectF(
                    min(zero, end),
                    row.top() + 0.15 * row.height(),
                    max(abs(end - zero), 1.0),
                    0.7 * row.height(),
                )
                painter.fillRect(bar, QColor(self._colour(k)))
            self._emphasise(painter, k)
            numbers_at = QRectF(row.right() - numbers, row.top(), numbers, row.height())
            put_text(painter, numbers_at, RIGHT, written[place])
        if low < 0 and unit * (high - low) > self.theme.px(6):
            painter.setPen(hairline(self.theme))
            painter.drawLine(
                QPointF(left - low * unit, rect.top()), QPointF(left - low * unit, rect.bottom())
            )

    @property
    def _strong(self) -> int:
        """The class that is bold: the true one, or of a drawing the likeliest."""
        assert self.trace is not None
        return max(self.trace.predicted, 0) if self.trace.label == NO_CLASS else self.trace.label

    def _colour(self, k: int) -> str:
        """Of a bar: the true class, one that was chosen wrongly, and the others."""
        assert self.trace is not None
        if self.trace.label == NO_CLASS:
            return self.theme.accent if k == self.trace.predicted else GREY[self.theme.dark]
        if k == self.trace.label:
            return self.theme.stroke("right").colour
        return VERMILION[self.theme.dark] if k == self.trace.predicted else GREY[self.theme.dark]

    def _emphasise(self, painter: QPainter, k: int) -> None:
        """The pen for what is written about a class: quiet, unless it is the true one or was chosen."""
        assert self.trace is not None
        font = painter.font()
        font.setBold(k == self._strong)
        painter.setFont(font)
        chosen = k in (self.trace.label, self.trace.predicted)
        painter.setPen(QColor(self.theme.text if chosen else self.theme.quiet))

    def _name(self, painter: QPainter, row: QRectF, k: int, width: float) -> None:
        """The name of a class; ✓ is the true one, ✗ the one that was chosen wrongly."""
        assert self.trace is not None
        mark = " ✓" if k == self.trace.label else " ✗" if k == self.trace.predicted else ""
        mark = "" if self.trace.label == NO_CLASS else mark
        self._emphasise(painter, k)
        if mark == " ✗":
            painter.setPen(QColor(self.theme.ink(VERMILION[self.theme.dark])))
        put_text(painter, QRectF(row.left(), row.top(), width, row.height()), LEFT, self.classes[k] + mark)

    def _loss(self, painter: QPainter, rect: QRectF, trace: Trace) -> None:
        """Write the answer and the loss."""
        if trace.label == NO_CLASS:
            self._answer(painter, rect, trace)
            return
        right = trace.label == trace.predicted
        hard = float(trace.target[trace.label]) == 1.0
        how = f"−ln {value_text(float(trace.probabilities[trace.label]))}" if hard else "−Σ y·ln p"
        alarm = self.theme.ink(VERMILION[self.theme.dark])
        text = self.theme.text
        said = "–" if trace.predicted == NO_CLASS else self.classes[trace.predicted]
        lines = [
            (tr("true: {name}", name=self.classes[trace.label]), text, False),
            (tr("predicted: {name}", name=said), text if right else alarm, False),
            (how, self.theme.quiet, False),
            (f"= {value_text(trace.loss)}", text, True),
        ]
        self._lines(painter, rect, lines)

    def _answer(self, painter: QPainter, rect: QRectF, trace: Trace) -> None:
        """Write the class that a drawing is taken for, and its probability."""
        if trace.predicted == NO_CLASS:
            return
        share = value_text(float(trace.probabilities[trace.predicted]))
        said = tr("predicted: {name}", name=self.classes[trace.predicted])
        self._lines(painter, rect, [(said, self.theme.text, True), (f"p = {share}", self.theme.quiet, False)])

    def _lines(self, painter: QPainter, rect: QRectF, lines: Sequence[tuple[str, str, bool]]) -> None:
        """Words under each other, each with its colour, and whether it is bold."""
        for k, (words, colour, strong) in enumerate(lines):
            row = self._row(painter, rect, k, len(lines))
            font = painter.font()
            font.setBold(strong)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            put_text(painter, row, LEFT, words)
