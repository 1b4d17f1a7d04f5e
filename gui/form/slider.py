"""A thin slider, on a linear or a logarithmic scale, of real or of whole numbers."""

import math

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from gui.look.theme import Theme

STEPS = 1000


class Slider(QSlider):
    """Emits `moved` with a float, or with an int where it is `whole`, while the user moves it, and never
    otherwise.

    The wheel moves it only while it has the focus, so that scrolling a form changes no setting.
    """

    moved = Signal(object)  # Signal(float) would turn the 50 of a whole number into 50.0

    def __init__(
        self,
        low: float,
        high: float,
        theme: Theme,
        log: bool = False,
        whole: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._log = log and low > 0
        self._low, self._high = (math.log10(low), math.log10(high)) if self._log else (low, high)
        self._whole, self._theme, self._quiet = whole, theme, False
        few = whole and not self._log and high - low <= STEPS
        self.setRange(0, int(high - low) if few else STEPS)
        self.setPageStep(max(1, self.maximum() // 10))
        self.setSingleStep(max(1, self.maximum() // 100))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(theme.px(18))
        self.valueChanged.connect(self._moved)
        self.actionTriggered.connect(self._go_on)

    def set_value(self, value: float) -> None:
        """Move to a value, or to the nearer end if the value is outside, without a signal."""
        bare = (math.log10(value) if value > 0 else -math.inf) if self._log else value
        share = (min(max(bare, self._low), self._high) - self._low) / (self._high - self._low)
        self._quiet = True
        self.setValue(round(share * self.maximum()))
        self._quiet = False

    def set_most(self, most: int) -> None:
        """Set the largest whole number, without a signal; a larger value is shown at the end."""
        value = self._number_at(self.value())
        self._high = float(max(most, self._low + 1))
        self._quiet = True
        self.setRange(0, int(self._high - self._low))
        self._quiet = False
        self.set_value(value)

    def _moved(self, position: int) -> None:
        if not self._quiet:
            self.moved.emit(self._number_at(position))

    def _number_at(self, position: int) -> float:
        """The number that a position stands for."""
        bare = self._low + (self._high - self._low) * position / self.maximum()
        value = 10**bare if self._log else bare
        digits = 3 if self._log else max(0, 3 - math.floor(math.log10(self._high - self._low)))
        return round(value) if self._whole else _rounded(value, digits, self._log)

    def _go_on(self) -> None:
        """Move to another number when a key or the wheel was used.

        Where one whole number has several positions, move over all of them."""
        start, place = self.value(), self.sliderPosition()
        way = (place > start) - (place < start)
        while way and 0 < place < self.maximum() and self._number_at(place) == self._number_at(start):
            place += way
        self.setSliderPosition(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump to the mouse at once and follow it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse while it is pressed."""
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stop following the mouse."""
        self.setSliderDown(False)
        self.update()

    def _follow(self, event: QMouseEvent) -> None:
        radius = self._radius()
        share = (event.position().x() - radius) / max(1.0, self.width() - 2 * radius)
        self.setValue(round(min(max(share, 0.0), 1.0) * self.maximum()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move the slider, only while it has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _radius(self) -> float:
        return self._theme.px(6) + 0.5

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a thin track, the part up to the handle in the accent colour, and a round handle."""
        theme, radius, middle = self._theme, self._radius(), self.height() / 2
        x = radius + (self.width() - 2 * radius) * self.value() / max(1, self.maximum())
        colour = QColor(theme.accent if self.isEnabled() else theme.quiet)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            thick = theme.px(3)
            painter.setBrush(QColor(theme.hairline))
            painter.drawRoundedRect(QRectF(0, middle - thick / 2, self.width(), thick), thick / 2, thick / 2)
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(0, middle - thick / 2, x, thick), thick / 2, thick / 2)
            if self.hasFocus():
                halo = QColor(colour)
                halo.setAlphaF(0.3)
                painter.setBrush(halo)
                painter.drawEllipse(
                    QRectF(x - radius - 2, middle - radius - 2, 2 * radius + 4, 2 * radius + 4)
                )
            painter.setBrush(colour if self.isSliderDown() else QColor(theme.plot))
            painter.setPen(colour)
            knob = radius - 1
            painter.drawEllipse(QRectF(x - knob, middle - knob, 2 * knob, 2 * knob))


def _rounded(value: float, digits: int, significant: bool) -> float:
    """Round to significant digits, or to digits after the point, so that a slider gives tidy numbers."""
    return float(f"{value:.{digits}g}") if significant else round(value, digits)
