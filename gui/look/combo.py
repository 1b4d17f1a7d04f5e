"""The one combo box of the house: flat, in the colours of the palette, however narrow it is."""

from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPalette, QPen, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QWidget

BEFORE, AFTER = 6, 20  # pixels beside its text, where its letters have the ordinary size
HIGH = 1.9  # times the size of its letters


class Combo(QComboBox):
    """A flat combo box, which the wheel changes only while it has the focus; its text is shortened with …"""

    def __init__(self, narrow: bool = False, parent: QWidget | None = None) -> None:
        """As wide as its entries ask for; a narrow one gives way where there is not so much room.

        It measures itself, once for all of its entries: Qt would do so again for each entry that is added.
        Made without its parent it would be polished twice, and with it the ten widgets of its list.
        """
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._wide: dict[str, int] = {}  # of each text, in the letters of now
        self._sizes: dict[tuple[str, ...], QSize] = {}  # for these texts
        self._watched = False  # whether its place hears of other entries
        if narrow:
            self.setMinimumContentsLength(8)

    def showEvent(self, event: QShowEvent) -> None:
        """From now on the layout around it is told when the entries change."""
        super().showEvent(event)
        if not self._watched:
            self._watched, model = True, self.model()
            for changed in (model.rowsInserted, model.rowsRemoved, model.dataChanged, model.modelReset):
                changed.connect(self.updateGeometry)

    @property
    def _unit(self) -> float:
        """A pixel at the ordinary size of text."""
        return self.fontInfo().pixelSize() / 13

    def wide_of(self, text: str) -> int:
        """The width it needs to show a text whole."""
        if text not in self._wide:
            room = ceil((BEFORE + AFTER) * self._unit) + 1
            self._wide[text] = self.fontMetrics().horizontalAdvance(text) + room
        return self._wide[text]

    def changeEvent(self, event: QEvent) -> None:
        """Measure again: in another font the texts have other widths."""
        self._wide.clear()
        self._sizes.clear()
        super().changeEvent(event)

    @property
    def wide(self) -> int:
        """The width it needs for each entry that can be chosen."""
        flags = (self.model().index(k, 0).flags() for k in range(self.count()))
        able = [bool(flag & Qt.ItemFlag.ItemIsEnabled) for flag in flags]
        return max((self.wide_of(self.itemText(k)) for k, on in enumerate(able) if on), default=0)

    def showPopup(self) -> None:
        """Open the list, as wide as its entries are."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + round(2 * AFTER * self._unit))
        super().showPopup()

    def sizeHint(self) -> QSize:
        return self._with_frame(self._texts())

    def minimumSizeHint(self) -> QSize:
        return self._with_frame((self.placeholderText(),) if self.minimumContentsLength() else self._texts())

    def _texts(self) -> tuple[str, ...]:
        return self.placeholderText(), *map(self.itemText, range(self.count()))

    def _with_frame(self, texts: tuple[str, ...]) -> QSize:
        """The size in which each text is painted whole."""
        if texts not in self._sizes:
            self._sizes[texts] = self._measured(texts)
        return self._sizes[texts]

    def _measured(self, texts: tuple[str, ...]) -> QSize:
        option, metrics, least = QStyleOptionComboBox(), self.fontMetrics(), self.minimumContentsLength()
        self.initStyleOption(option)
        wide = [metrics.boundingRect(text).width() for text in texts]
        high = ceil(QFontMetricsF(self.font()).height())
        inside = QSize(max([least * metrics.horizontalAdvance("X"), *wide]), max(high, 14) + 2)
        size = self.style().sizeFromContents(QStyle.ContentsType.CT_ComboBox, option, inside, self)
        least_high = round(HIGH * self.fontInfo().pixelSize())
        return size.expandedTo(QSize(max(map(self.wide_of, texts)), least_high))

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
                self.currentText() if chosen else self.placeholderText(),
                Qt.TextElideMode.ElideRight,
                room.width(),
            )
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def _draw_arrow(self, painter: QPainter, unit: float) -> None:
        at, half = QPointF(self.width() - 13 * unit, self.height() / 2 + 2 * unit), 4 * unit
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), 1.4 * unit))
        painter.drawPolyline([at + QPointF(-half, -half), at, at + QPointF(half, -half)])
