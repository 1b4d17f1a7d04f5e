"""What is drawn in the lines of a handout: formulas, figures, boxes to tick, lines to write on."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPen,
    QPicture,
    QPyTextObject,
    QTextDocument,
    QTextFormat,
)

from gui.look.formula import Typeset
from gui.look.theme import LIGHT
from gui.plots.painting import saved

OBJECT = QTextFormat.ObjectTypes.UserObject.value + 1
WHICH = QTextFormat.Property.UserProperty.value + 1
Paint = Callable[[QPainter, QRectF], None]


class InlineDrawing:
    """Something that stands in a line of text: its size, how it is painted, and whether it is centred there.

    What is not centred stands on the line.
    """

    def __init__(self, width: float, height: float, paint: Paint, middle: bool = False) -> None:
        self.size, self.paint, self.middle = QSizeF(width, height), paint, middle


class DrawnObjects(QPyTextObject):
    """Paints what stands in the lines of a document."""

    def __init__(self, parent: QTextDocument) -> None:
        super().__init__(parent)
        self.all: list[InlineDrawing] = []
        self.view = QRectF()  # what is painted now: the layout paints a little more

    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> QSizeF:
        return self.all[int(format.property(WHICH))].size

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        posInDocument: int,
        format: QTextFormat,
    ) -> None:
        if self.view.intersects(QRectF(rect)):
            with saved(painter):
                self.all[int(format.property(WHICH))].paint(painter, QRectF(rect))


def box(painter: QPainter, rect: QRectF) -> None:
    """A box to tick."""
    painter.setPen(QPen(QColor(LIGHT.text), 1))
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))


def ruled(words: str, unit: str, font: QFont) -> Paint:
    """A line to write on, with words before and a unit after."""

    def paint(painter: QPainter, rect: QRectF) -> None:
        painter.setFont(font)
        painter.setPen(QColor(LIGHT.quiet))
        line = rect.adjusted(0, 0, 0, -4)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, words)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, unit)
        painter.drawLine(rect.bottomLeft() - QPointF(0, 2), rect.bottomRight() - QPointF(0, 2))

    return paint


def formula(found: Typeset, scale: float, down: float) -> Paint:
    """A formula, `down` pixels below the top."""

    def paint(painter: QPainter, rect: QRectF) -> None:
        found.paint(painter, rect.topLeft() + QPointF(0, down), scale)

    return paint


def figure(strokes: QPicture, scale: float) -> Paint:
    """A figure, as it was recorded, in another size."""

    def paint(painter: QPainter, rect: QRectF) -> None:
        painter.translate(rect.topLeft())
        painter.scale(scale, scale)
        device = painter.device().logicalDpiX() / strokes.logicalDpiX()  # Qt plays it as large as the device
        painter.scale(1 / device, 1 / device)
        strokes.play(painter)

    return paint
