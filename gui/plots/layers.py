"""A panel in two layers: what stays is kept as a picture, what moves is drawn over it at every frame."""

from abc import abstractmethod
from typing import Generic, TypeVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from gui.plots.panel import Panel
from gui.theme import Theme

LayoutT = TypeVar("LayoutT")


class LayeredPanel(Panel, Generic[LayoutT]):
    """`redraw` draws everything anew, Qt's own `update` only what moves."""

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self._layer: QPixmap | None = None
        self._placed: LayoutT | None = None

    @abstractmethod
    def _lay_out(self, rect: QRectF, live: bool) -> LayoutT:
        """Decide what stands where in `rect`."""

    @abstractmethod
    def _draw_still(self, painter: QPainter, layout: LayoutT, live: bool) -> None:
        """Draw what stays from frame to frame."""

    @abstractmethod
    def _draw_moving(self, painter: QPainter, layout: LayoutT, live: bool) -> None:
        """Draw what moves."""

    def placed(self) -> LayoutT:
        """What stands where on the screen."""
        if self._placed is None:
            self._placed = self._lay_out(self._content(QRectF(self.rect())), live=True)
        return self._placed

    def redraw(self) -> None:
        """Draw everything anew, the still layer too."""
        self._layer = self._placed = None
        self.update()

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if live:
            layout = self.placed()
            self._layer = self._layer or self._still_picture(layout)
            painter.drawPixmap(0, 0, self._layer)
        else:
            layout = self._lay_out(rect, live)
            self._draw_still(painter, layout, live)
        self._draw_moving(painter, layout, live)

    def _still_picture(self, layout: LayoutT) -> QPixmap:
        ratio = self.devicePixelRatioF()
        layer = QPixmap((self.size().toSizeF() * ratio).toSize())
        layer.setDevicePixelRatio(ratio)
        layer.fill(Qt.GlobalColor.transparent)
        with QPainter(layer) as painter:
            painter.setRenderHints(
                QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
            )
            painter.setFont(self.theme.font())
            self._draw_still(painter, layout, live=True)
        return layer

    def _resized(self) -> None:
        self.redraw()
