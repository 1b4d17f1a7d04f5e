"""One example on its way through a classifier: image → flatten → layers → logits → softmax → loss."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from engine.activations import Array
from engine.data.training_data import TrainingData
from engine.experiments.losses.classifier_inspection import NO_CLASS, Trace
from gui.look.language import tr
from gui.look.theme import GREY, VERMILION, Theme
from gui.plots.described import Columns
from gui.plots.painting import CENTRE, LEFT, RIGHT, hairline, put_text
from gui.plots.panel import Panel
from gui.plots.ticks import value_text
from gui.views.losses.classifier_cells import bold, broken, draw_cells, draw_column, written_in
from gui.views.losses.classifier_options import At

FEW_FEATURES = 8  # up to which they are written as numbers


@dataclass(frozen=True)
class Station:
    """A stop on the way: what stands above it, how wide it would be, how it is drawn."""

    caption: str
    width: float
    draw: Callable[[QPainter, QRectF], None]


class ExamplePanel(Panel):
    """Draws a `Trace` from left to right, with its numbers."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("One example, from input to loss"), theme)
        self.trace: Trace | None = None
        self.classes: tuple[str, ...] = ()
        self.features: tuple[str, ...] = ()
        self.values: Array | None = None  # the input as it stands in a table of the user's own

    @property
    def narrowest(self) -> float:
        return 600.0

    def show_nothing(self) -> None:
        """Show nothing, until there is something."""
        self.title, self.trace = tr("One example, from input to loss"), None
        self.update()

    def show_trace(self, trace: Trace, data: TrainingData) -> None:
        """Show an example of some data."""
        self.trace, self.classes, self.features = trace, data.class_names, data.feature_names
        self.values = data.in_units(trace.flat) if data.about is not None else None
        held_out, training = (
            "Held-out example {n}, from input to loss",
            "Training example {n}, from input to loss",
        )
        seen = not np.isin(trace.example, data.held_out)
        self.title = tr(training if seen else held_out, n=trace.example)
        self.update()

    def table(self) -> Columns:
        """The numbers of the classes, then the input, then the activations of each layer."""
        if self.trace is None:
            return []
        trace = self.trace
        return [
            (tr("class"), self.classes),
            (tr("logit"), trace.logits),
            (tr("probability"), trace.probabilities),
            (tr("label"), trace.target),
            (tr("loss (nats)"), trace.terms),
            (tr("gradient"), trace.gradient),
            *([] if self.values is None else [(tr("as in the table"), self.values)]),
            (self._input_words(), trace.flat),
            *((tr("layer {k}", k=k), layer.a) for k, layer in enumerate(trace.layers, start=1)),
        ]

    def _input_words(self) -> str:
        """What the numbers are that the network is given."""
        scaled = self.values is not None and self.trace is not None and self.trace.features.ndim == 1
        return tr("input, standardised") if scaled else tr("input")

    # Where things are

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if self.trace is None:
            painter.setPen(QColor(self.theme.quiet))
            put_text(painter, rect, CENTRE, tr("No data yet"))
            return
        painter.setFont(self.theme.font(self.theme.px(12)))
        line = QFontMetricsF(painter.font()).height()
        below = rect.adjusted(0, line + self.theme.px(2), 0, 0)
        stations = self._stations(self.trace, below)
        gap = float(self.theme.px(20 if rect.width() > self.theme.px(560) else 14))
        free = rect.width() - sum(station.width for station in stations) - gap * (len(stations) - 1)
        growing = [station.width == 0 for station in stations]
        x = rect.left()
        for station, grows in zip(stations, growing, strict=True):
            width = max(free / max(sum(growing), 1), 24.0) if grows else station.width
            if x > rect.left():
                self._arrow(painter, QPointF(x - gap / 2, below.center().y()))
            painter.setFont(self.theme.font(self.theme.px(12)))
            painter.setPen(QColor(self.theme.quiet))
            put_text(painter, QRectF(x, rect.top(), width + gap / 2, line), LEFT, station.caption)
            station.draw(painter, QRectF(x, below.top(), width, below.height()))
            x += width + gap

    def _stations(self, trace: Trace, rect: QRectF) -> list[Station]:
        """What the example passes; a width of 0 takes what the others leave."""
        px, wide, deep = self.theme.px, rect.width(), len(trace.layers)
        picture = trace.features.ndim == 2
        side = min(rect.height(), (0.16 if deep < 3 else 0.12) * wide, float(px(220)))
        words = min(0.17 * wide, float(px(118)))
        hidden = min(0.22 * wide / max(deep, 1), 0.8 * rect.height(), float(px(150)))
        first = [
            Station(tr("image"), side, lambda p, r: draw_cells(p, self.theme, r, trace.features)),
            Station(tr("flatten"), float(px(38)), lambda p, r: draw_column(p, self.theme, r, trace.flat)),
        ]
        if not picture:
            written = self.values is not None and trace.flat.size <= FEW_FEATURES
            first = [
                Station(
                    tr("as in the table") if written else self._input_words(),
                    words if deep < 3 else 0.75 * words,
                    lambda p, r: self._inputs(p, r, trace),
                )
            ]
        layers = [
            Station(tr("layer {k}", k=k), hidden, partial(self._block, values=layer.a))
            for k, layer in enumerate(trace.layers, start=1)
        ]
        return [
            *first,
            *layers,
            Station(tr("logits"), 0.0, lambda p, r: self._bars(p, r, trace.logits, named=True)),
            Station(tr("softmax"), 0.0, lambda p, r: self._bars(p, r, trace.probabilities, named=False)),
            Station(tr("loss"), words, lambda p, r: self._loss(p, r, trace)),
        ]

    def _arrow(self, painter: QPainter, middle: QPointF) -> None:
        half, head = self.theme.px(5), self.theme.px(3)
        tip = middle + QPointF(half, 0)
        painter.setPen(QPen(QColor(self.theme.quiet), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawLine(middle - QPointF(half, 0), tip)
        painter.drawPolyline(QPolygonF([tip + QPointF(-head, -head), tip, tip + QPointF(-head, head)]))

    # The stations

    def _block(self, painter: QPainter, rect: QRectF, values: Array) -> None:
        """A vector, broken into rows."""
        draw_cells(painter, self.theme, rect, broken(values, rect), signed=True)

    def _inputs(self, painter: QPainter, rect: QRectF, trace: Trace) -> None:
        """A few features as numbers, many as colours."""
        if trace.flat.size > FEW_FEATURES:
            self._block(painter, rect, trace.flat)
            return
        names = self.features or tuple(map(str, range(1, trace.flat.size + 1)))
        values = trace.flat if self.values is None else self.values
        numbers = [value_text(value) for value in values.tolist()]
        self._row(painter, rect, 0, len(numbers))
        wide = max(map(QFontMetricsF(painter.font()).horizontalAdvance, numbers)) + 2
        for k, (name, number) in enumerate(zip(names, numbers, strict=True)):
            row = self._row(painter, rect, k, len(numbers))
            painter.setPen(QColor(self.theme.quiet))
            put_text(painter, row.adjusted(0, 0, -wide - 2, 0), LEFT, name)
            painter.setPen(QColor(self.theme.text))
            put_text(painter, row.adjusted(row.width() - wide, 0, 0, 0), RIGHT, number)

    def _row(self, painter: QPainter, rect: QRectF, k: int, count: int) -> QRectF:
        """The k-th of `count` lines around the middle, and a font that fits it."""
        height = min(rect.height() / count, float(self.theme.px(30)))
        painter.setFont(self.theme.font(max(self.theme.small_px, min(self.theme.text_px, int(0.8 * height)))))
        return QRectF(rect.left(), rect.center().y() + (k - count / 2) * height, rect.width(), height)

    def _listed(self, height: float) -> list[int]:
        """The classes for which there is room: the true one and the likeliest."""
        assert self.trace is not None
        count = len(self.trace.logits)
        room = max(2, int(height / (1.15 * self.theme.small_px)))
        if count <= room:
            return list(range(count))
        likeliest = np.argsort(-self.trace.probabilities, kind="stable").tolist()
        ranked = [self.trace.label, *(k for k in likeliest if k != self.trace.label)]
        return sorted(ranked[:room])

    def _bars(self, painter: QPainter, rect: QRectF, values: Array, named: bool) -> None:
        """One bar a class, its number beside it; the true class is bold."""
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

    def _colour(self, k: int) -> str:
        """Of a bar: the true class, one that was chosen wrongly, and the others."""
        assert self.trace is not None
        if k == self.trace.label:
            return self.theme.stroke("right").colour
        return VERMILION[self.theme.dark] if k == self.trace.predicted else GREY[self.theme.dark]

    def _emphasise(self, painter: QPainter, k: int) -> None:
        """The pen for what is written about a class: quiet, unless it is the true one or was chosen."""
        assert self.trace is not None
        font = painter.font()
        font.setBold(k == self.trace.label)
        painter.setFont(font)
        chosen = k in (self.trace.label, self.trace.predicted)
        painter.setPen(QColor(self.theme.text if chosen else self.theme.quiet))

    def _name(self, painter: QPainter, row: QRectF, k: int, width: float) -> None:
        """The name of a class; ✓ is the true one, ✗ the one that was chosen wrongly."""
        assert self.trace is not None
        mark = " ✓" if k == self.trace.label else " ✗" if k == self.trace.predicted else ""
        self._emphasise(painter, k)
        if mark == " ✗":
            painter.setPen(QColor(self.theme.ink(VERMILION[self.theme.dark])))
        put_text(painter, QRectF(row.left(), row.top(), width, row.height()), LEFT, self.classes[k] + mark)

    def _loss(self, painter: QPainter, rect: QRectF, trace: Trace) -> None:
        """What was said, and what it costs."""
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
        for k, (words, colour, strong) in enumerate(lines):
            row = self._row(painter, rect, k, len(lines))
            font = painter.font()
            font.setBold(strong)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            put_text(painter, row, LEFT, words)


def show_example(panel: ExamplePanel, at: At, trace: Trace) -> None:
    """The example that is followed."""
    panel.show_trace(trace, at.data)
