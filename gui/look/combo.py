"""The one combo box of the house: flat, in the colours of the palette, however narrow it is."""

from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox

BEFORE, AFTER = 6, 20  # pixels beside its text, where its letters have the ordinary size
HIGH = 1.9  # times the size of its letters


class Combo(QComboBox):
    """A flat combo box, which the wheel changes only while it has the focus; its text is shortened with …"""

    def __init__(self, narrow: bool = False) -> None:
        """As wide as its entries ask for; a narrow one gives way where there is not so much room."""
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        if narrow:
            self.setMinimumContentsLength(8)

    @property
    def _unit(self) -> float:
        """A pixel at the ordinary size of text."""
        return self.fontInfo().pixelSize() / 13

    def wide_of(self, text: str) -> int:
        """How wide it has to be for a text."""
        return self.fontMetrics().horizontalAdvance(text) + ceil((BEFORE + AFTER) * self._unit) + 1

    @property
    def wide(self) -> int:
        """How wide it has to be for each entry that can be chosen."""
        flags = (self.model().index(k, 0).flags() for k in range(self.count()))
        able = [bool(flag & Qt.ItemFlag.ItemIsEnabled) for flag in flags]
        return max((self.wide_of(self.itemText(k)) for k, on in enumerate(able) if on), default=0)

    def showPopup(self) -> None:
        """Open the list, as wide as its entries are."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + round(2 * AFTER * self._unit))
        super().showPopup()

    def sizeHint(self) -> QSize:
        return self._grown(super().sizeHint(), self._widest())

    def minimumSizeHint(self) -> QSize:
        return self._grown(super().minimumSizeHint(), 0 if self.minimumContentsLength() else self._widest())

    def _widest(self) -> int:
        """The width in which every entry is painted whole."""
        texts = [self.placeholderText(), *(self.itemText(k) for k in range(self.count()))]
        return max(map(self.wide_of, texts))

    def _grown(self, size: QSize, wide: int) -> QSize:
        return QSize(max(size.width(), wide), max(size.height(), round(HIGH * self.fontInfo().pixelSize())))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change with the focus only."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A frame like that of the boxes, the text shortened where it must be, an arrow."""
        unit, role = self._unit, QPalette.ColorRole
        colour = self.palette().color
        frame = role.Highlight if self.hasFocus() else role.PlaceholderText if self.underMouse() else role.Mid
        chosen = self.currentIndex() >= 0
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(colour(role.Base))
            painter.setPen(colour(frame))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4 * unit, 4 * unit)
            self._draw_arrow(painter, unit)
            painter.setPen(colour(role.Text if self.isEnabled() and chosen else role.PlaceholderText))
            room = self.rect().adjusted(round(BEFORE * unit), 0, -round(AFTER * unit), 0)
            words = self.fontMetrics().elidedText(
                self.currentText() if chosen else self.placeholderText(), Qt.TextElideMode.ElideRight,
                room.width(),
            )  # fmt: skip
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def _draw_arrow(self, painter: QPainter, unit: float) -> None:
        at, half = QPointF(self.width() - 13 * unit, self.height() / 2 + 2 * unit), 4 * unit
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), 1.4 * unit))
        painter.drawPolyline([at + QPointF(-half, -half), at, at + QPointF(half, -half)])
