"""An item that a panel paints itself, in its own pixels, between the items of pyqtgraph."""

from collections.abc import Callable
from weakref import WeakMethod

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.plots.painting import reported


class Drawing(QGraphicsItem):
    """An item that is painted in pixels of the panel; an error there is reported, and ends nothing.

    The object whose method paints owns the item, so the method is held weakly.
    """

    def __init__(self, paint: Callable[[QPainter], None], area: Callable[[], QRectF]) -> None:
        super().__init__()
        self._paint, self._area = WeakMethod(paint), WeakMethod(area)

    def boundingRect(self) -> QRectF:
        area = self._area()
        return QRectF() if area is None else area()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        paint = self._paint()
        if paint is not None:
            with reported():
                paint(painter)
