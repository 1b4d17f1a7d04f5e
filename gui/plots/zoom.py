"""A panel over two axes that one can zoom, pan and click in: a PlotItem and what the house adds to it."""

from collections.abc import Callable, Iterator

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QColor,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QWidget

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.axes import Axes
from gui.plots.motion import Motion
from gui.plots.painting import faded, level, put_note, upright
from gui.plots.panel import CLICK
from gui.plots.part import Layer
from gui.plots.plot import HousePlot
from gui.plots.plot_panel import FRONT
from gui.plots.sight import SightPanel
from gui.plots.snapping import fine
from gui.plots.ticks import value_text

PULSE = 700  # ms
WAYS = {"x": ((-1, 0), (1, 0)), "y": ((0, -1), (0, 1))}  # where what is free to move can be dragged


class ZoomPanel(SightPanel):
    """Base of the plots over two axes: `plot` is pyqtgraph's PlotItem, `plot.vb` its ViewBox.

    A double click resets the zoom and does nothing else: a click that it would begin with waits until it
    cannot become one, in a plot that is zoomed, or that is `patient` because its clicks change settings.
    """

    named_x = False  # the axis across has names and no numbers

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self._grabbed = self._double = self._fine = False
        self._pressed, self._down = QPointF(), False
        self._pulse: Motion | None = None  # made when it is to be seen
        self.patient = False
        self._clicked: QPointF | None = None  # a click that waits
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.answer_click)
        self.scene().setMoveDistance(CLICK)
        self.scene().minDragTime = float("inf")  # however long it takes, a click is a click
        self._add_actions()

    def _join(self, plot: HousePlot) -> None:
        super()._join(plot)
        self._add_layer(Layer(self._draw_cross, FRONT, still=False))
        plot.vb.clicked.connect(self._clicked_at)

    def _add_actions(self) -> None:
        """What one can do to the plot, for its menu."""
        self.reset_action = QAction(tr("Reset zoom"), self)
        self.reset_action.triggered.connect(self.reset_zoom)
        self.frame_action = self._switch(tr("Zoom into a rectangle"), self._choose_mode)
        self.cross_action = self._switch(tr("Cross-hair"), self.update)
        self.link_action = self._switch(tr("Zoom with the plots over the same steps"), self.update)
        self.link_action.setChecked(True)
        self.link_action.setVisible(False)
        self.addActions([self.reset_action, self.frame_action, self.cross_action, self.link_action])

    def _switch(self, text: str, heard: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.setCheckable(True)
        action.toggled.connect(heard)
        return action

    def actions(self) -> list[QAction]:
        """What one can do to the plot now."""
        self.link_action.setVisible(self.x_axis.whole and any(self._shares_x()))
        return super().actions()

    def _choose_mode(self) -> None:
        """Let a drag draw a rectangle to zoom into, or pan."""
        view = self.plot.vb
        view.setMouseMode(view.RectMode if self.frame_action.isChecked() else view.PanMode)

    def _draw_cross(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Hairlines through the mouse, and where they meet the axes, the values there."""
        rect, at = axes.plane.rect, self._pointer
        if not (live and self.cross_action.isChecked() and at is not None and rect.contains(at)):
            return
        painter.setPen(QPen(QColor(self.theme.quiet), 1, Qt.PenStyle.DotLine))
        upright(painter, rect, at.x())
        level(painter, rect, at.y())
        line = self.line_height + self.theme.px(2)
        spots = QPointF(at.x() + 2, rect.bottom() - line), QPointF(rect.left() + 2, at.y() - line)
        for spot, value in zip(spots, self._told_by_cross(axes, at), strict=True):
            if value:
                put_note(painter, self.theme, spot, value)

    def _told_by_cross(self, axes: Axes, at: QPointF) -> tuple[str, str]:
        """What the hairlines say where they meet the axes; "" where an axis has names and no numbers."""
        x, y = axes.values_at(at)
        return "" if self.named_x else value_text(x), value_text(y)

    def switch_logs(self, x: bool | None, y: bool | None) -> None:
        """Make axes logarithmic, or linear; None leaves one as it is."""
        if x or y:
            raise ValueError("The axes of this plot are linear.")

    # What can be dragged

    def hands(self) -> list[tuple[QPointF, str]]:
        """Where something can be dragged, in pixels, and which way: "x", "y" or "xy"."""
        return []

    def pulse(self) -> None:
        if not self.hands():
            return
        if self._pulse is None:
            self._pulse = Motion(self)
            self._pulse.valueChanged.connect(self.update)
            self._add_layer(Layer(self._draw_pulse, FRONT, still=False))
        self._pulse.begin(PULSE)

    def _draw_pulse(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Arrowheads that leave each for where it can be dragged, and fade: no data look like them."""
        share = self._pulse.share if self._pulse is not None and live else 1.0
        if share == 1.0:
            return
        px, out = self.theme.px, self.theme.px(14) + share * self.theme.px(12)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((self.theme.plot, px(5)), (self.theme.accent, px(2.5))):
            painter.setPen(QPen(faded(colour, 1.0 - share), width))
            for place, free in self.hands():
                for x, y in (way for axis in free for way in WAYS[axis]):
                    way, aside = QPointF(x, y), QPointF(y, x)
                    tip = place + way * out
                    painter.drawPolyline([tip - (way - aside) * px(5), tip, tip - (way + aside) * px(5)])

    # Plots that are zoomed together

    @property
    def linked(self) -> bool:
        """Whether it is zoomed along x together with the plots over the same steps."""
        return self.x_axis.whole and self.link_action.isChecked()

    def follow_x(self, other: "ZoomPanel") -> None:
        """See the same steps as another plot: all of them where that shows all."""
        if other.plot.vb.state["autoRange"][0] is False:
            self.plot.vb.look(other.ranges[0])
        else:
            self.plot.vb.enableAutoRange(x=True)
            self.plot.vb.updateAutoRange()

    def _shares_x(self) -> Iterator[bool]:
        """Of each other plot on the page, whether it has the same axis across."""
        for other in self.window().findChildren(ZoomPanel):
            yield other is not self and other.isVisible() and other.x_axis == self.x_axis

    # The mouse and the keys: what can be grabbed, and what a click means; the rest is pyqtgraph's

    def _grab(self, place: QPointF) -> bool:
        """Begin to drag what is at `place`, if there is anything."""
        return False

    def _drag(self, place: QPointF) -> None:
        """Move what was grabbed."""

    def _drop(self, place: QPointF) -> None:
        """Let go what was grabbed."""

    def _click(self, place: QPointF) -> None:
        """Answer to a click inside the axes."""

    def _clicked_at(self) -> None:
        """A click inside the axes that nothing else has answered."""
        place = self._clicked = self._pressed  # the scene rounds to whole pixels
        if self._serious(place) or self.zoomed:
            self._patience.start(QGuiApplication.styleHints().mouseDoubleClickInterval())
        else:
            self.answer_click()

    def answer_click(self) -> None:
        """Answer a click that waits, if one does: it was no half of a double click."""
        place, self._clicked = self._clicked, None
        self._patience.stop()
        if place is not None:
            self._click(place)

    def _serious(self, place: QPointF) -> bool:
        """Whether a click at a place changes settings."""
        return self.patient

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grabbed = False
        if event.button() == Qt.MouseButton.LeftButton:
            self.answer_click()
            self._fine = fine(event)
            self._grabbed, self._pressed = self._grab(event.position()), event.position()
            self._down = True
        if not self._grabbed:
            pg.GraphicsLayoutWidget.mousePressEvent(self, event)
            event.accept()  # also where no item has taken it

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of two: what it holds can be dragged; where nothing is, the zoom is reset."""
        place = event.position()
        if event.button() != Qt.MouseButton.LeftButton or self._on_title(place):
            super().mouseDoubleClickEvent(event)
            return
        self._clicked = None
        self._patience.stop()
        self._grabbed, self._pressed = self._grab(place), place
        self._double = self._grabbed  # it may be dragged yet: released where it is, it was a double click
        if not self._grabbed:
            self.reset_zoom()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed:
            self._fine = fine(event)
            self._drag(event.position())
            return
        if self._down:  # what is dragged by pyqtgraph
            pg.GraphicsLayoutWidget.mouseMoveEvent(self, event)
        else:
            super().mouseMoveEvent(event)
        if self.cross_action.isChecked():
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._down = False
        if not self._grabbed or event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        double, self._double, self._grabbed = self._double, False, False
        self._drop(event.position())
        if double and (event.position() - self._pressed).manhattanLength() < CLICK:
            self.reset_zoom()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1.25)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom(0.8)
        elif event.key() in (Qt.Key.Key_0, Qt.Key.Key_A):  # A as on the button in the corner
            self.reset_zoom()
        else:
            super().keyPressEvent(event)
