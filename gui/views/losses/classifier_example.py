"""One example on its way through a classifier: image → flatten → layers → logits → softmax → loss."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import ceil, sqrt

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from engine.activations import Array
from engine.data.training_data import TrainingData
from engine.experiments.losses.classifier_inspection import DRAWN, NO_CLASS, Trace
from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.described import Columns
from gui.plots.painting import CENTRE, LEFT, RIGHT, put_text
from gui.plots.ticks import value_text
from gui.views.losses.classifier_bars import ClassBars
from gui.views.losses.classifier_cells import broken, draw_cells, draw_column, draw_maps
from gui.views.losses.classifier_options import At

FEW_FEATURES = 8  # up to which they are written as numbers


@dataclass(frozen=True)
class Station:
    """A stop on the way: what stands above it, how wide it would be, how it is drawn."""

    caption: str
    width: float
    draw: Callable[[QPainter, QRectF], None]


class ExamplePanel(ClassBars):
    """Draws a `Trace` from left to right, with its numbers."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("One example, from input to loss"), theme)
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
        self.values = data.in_units(trace.features.ravel()) if data.about is not None else None
        held_out, training = (
            "Held-out example {n}, from input to loss",
            "Training example {n}, from input to loss",
        )
        seen = not np.isin(trace.example, data.held_out)
        self.title = tr(training if seen else held_out, n=trace.example)
        if trace.example == DRAWN:
            self.title = tr("Your drawing, from the picture to the probabilities")
        self.update()

    def table(self) -> Columns:
        """The numbers of the classes, then the input, then the activations of each layer."""
        if self.trace is None:
            return []
        trace = self.trace
        judged = [
            (tr("label"), trace.target),
            (tr("loss (nats)"), trace.terms),
            (tr("gradient"), trace.gradient),
        ]
        return [
            (tr("class"), self.classes),
            (tr("logit"), trace.logits),
            (tr("probability"), trace.probabilities),
            *(judged if trace.label != NO_CLASS else ()),
            *([] if self.values is None else [(tr("as in the table"), self.values)]),
            (self._input_words(), trace.features.ravel()),
            *([] if trace.maps is None else [(tr("vector"), trace.flat)]),
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
        parts = 1 if trace.maps is None else len(trace.maps.pooled)
        flatten = partial(draw_column, theme=self.theme, flat=trace.flat, parts=parts)
        first = [
            Station(tr("image"), side, lambda p, r: draw_cells(p, self.theme, r, trace.features)),
            *self._maps_station(trace, rect),
            Station(
                tr("flatten"),
                float(px(38 if trace.flat.size < 1000 else 50)),
                lambda p, r: flatten(p, rect=r),
            ),
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
            Station(
                tr("answer" if trace.label == NO_CLASS else "loss"),
                words,
                lambda p, r: self._loss(p, r, trace),
            ),
        ]

    def _maps_station(self, trace: Trace, rect: QRectF) -> list[Station]:
        """The maps as they are handed over, where there are filters."""
        if trace.maps is None:
            return []
        pooled = trace.maps.pooled
        across = ceil(sqrt(len(pooled)))
        shape = across / ceil(len(pooled) / across)
        width = min(0.2 * rect.width(), shape * rect.height(), float(self.theme.px(260)))
        return [Station(tr("feature maps"), width, lambda p, r: draw_maps(p, self.theme, r, pooled))]

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


def show_example(panel: ExamplePanel, at: At, trace: Trace) -> None:
    """The example that is followed."""
    panel.show_trace(trace, at.data)
