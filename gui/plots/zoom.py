"""A panel over two axes that can be zoomed, panned and clicked: a PlotItem with our additions."""

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

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.axes import Axes
from gui.plots.motion import Motion
from gui.plots.painting import faded, level, put_note, upright
from gui.plots.panel import CLICK
from gui.plots.part import Layer
from gui.plots.plot import HousePlot
from gui.plots.plot_panel import FRONT
from gui.plots.snapping import fine
from gui.plots.steady import SteadyPanel
from gui.plots.ticks import value_text

PULSE = 700  # ms
WAYS = {"x": ((-1, 0), (1, 0)), "y": ((0, -1), (0, 1))}  # directions of a handle that is free along x, y


class ZoomPanel(SteadyPanel):
    """Base of the plots over two axes: `plot` is pyqtgraph's PlotItem, `plot.vb` its ViewBox.

    A double click resets the zoom and does nothing else. So in a plot that is zoomed, or that is `patient`
    because its clicks change settings, a click has its effect only when it can no longer become a double
    click.
    """

    named_x = False  # whether the x axis has names instead of numbers

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self._grabbed = self._double = self._fine = False
        self._pressed, self._down = QPointF(), False
        self._pulse: Motion | None = None  # made when it is shown for the first time
        self.patient = False
        self._clicked: QPointF | None = None  # where a waiting click was
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.answer_click)
        self.scene().setMoveDistance(CLICK)
        self.scene().minDragTime = float("inf")  # a press without movement is a click, however long it takes

    def _join(self, plot: HousePlot) -> None:
        super()._join(plot)
        self._add_actions()
        self._add_layer(Layer(self._draw_cross, FRONT, still=False))
        plot.vb.clicked.connect(self._clicked_at)

    def _add_actions(self) -> None:
        """Make the actions of the plot, for its menu."""
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
        """Return the actions that are possible now."""
        self.link_action.setVisible(self.x_axis.whole and any(self._shares_x()))
        return super().actions()

    def _choose_mode(self) -> None:
        """Set whether a drag draws a rectangle to zoom into, or pans."""
        view = self.plot.vb
        view.setMouseMode(view.RectMode if self.frame_action.isChecked() else view.PanMode)

    def _draw_cross(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw thin lines through the mouse, and the values where they meet the axes."""
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
        """Return the values where the lines meet the axes; "" for an axis with names."""
        x, y = axes.values_at(at)
        return "" if self.named_x else value_text(x), value_text(y)

    def switch_logs(self, x: bool | None, y: bool | None) -> None:
        """Make axes logarithmic, or linear; None leaves one as it is."""
        if x or y:
            raise ValueError("The axes of this plot are linear.")

    # Things that can be dragged

    def hands(self) -> list[tuple[QPointF, str]]:
        """Return the places (pixels) of things that can be dragged, and along what: "x", "y" or "xy"."""
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
        """Draw arrowheads that move away from each handle in the directions of a drag, and fade out."""
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
        """Whether its x range is linked to the plots over the same steps."""
        return self.x_axis.whole and self.link_action.isChecked()

    def follow_x(self, other: "ZoomPanel") -> None:
        """Show the same steps as another plot; all of them if that plot shows all."""
        if other.plot.vb.state["autoRange"][0] is False:
            self.plot.vb.look(other.ranges[0])
        else:
            self.plot.vb.enableAutoRange(x=True)
            self.plot.vb.updateAutoRange()

    def _shares_x(self) -> Iterator[bool]:
        """Yield for each other plot on the page whether it has the same x axis."""
        for other in self.window().findChildren(ZoomPanel):
            yield other is not self and other.isVisible() and other.x_axis == self.x_axis

    # The mouse and the keys: what can be grabbed, and what a click does; pyqtgraph handles the rest

    def _grab(self, place: QPointF) -> bool:
        """Begin to drag the thing at `place`; return whether there is one."""
        return False

    def _drag(self, place: QPointF) -> None:
        """Move the thing that was grabbed."""

    def _drop(self, place: QPointF) -> None:
        """End the drag."""

    def _click(self, place: QPointF) -> None:
        """Handle a click inside the axes."""

    def _clicked_at(self) -> None:
        """Handle a click inside the axes that no item has handled."""
        place = self._clicked = self._pressed  # the scene rounds to whole pixels
        if self._serious(place) or self.zoomed:
            self._patience.start(QGuiApplication.styleHints().mouseDoubleClickInterval())
        else:
            self.answer_click()

    def answer_click(self) -> None:
        """Handle a waiting click, if there is one: it was not part of a double click."""
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
            event.accept()  # also if no item has accepted it

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Handle the second press: a thing under it can be dragged; without one, the zoom is reset."""
        place = event.position()
        if event.button() != Qt.MouseButton.LeftButton or self._on_title(place):
            super().mouseDoubleClickEvent(event)
            return
        self._clicked = None
        self._patience.stop()
        self._grabbed, self._pressed = self._grab(place), place
        self._double = self._grabbed  # released without a drag, it was a double click
        if not self._grabbed:
            self.reset_zoom()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed:
            self._fine = fine(event)
            self._drag(event.position())
            return
        if event.buttons():
            self.keep_steady(event.position())
        else:
            self.be_anew(event.position())
        if self._down:  # a drag that pyqtgraph handles
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
        elif event.key() in (Qt.Key.Key_0, Qt.Key.Key_A):  # A: the name of the button in the corner
            self.reset_zoom()
        else:
            super().keyPressEvent(event)
