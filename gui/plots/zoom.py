"""A panel over two axes that one can zoom, pan and click in: a PlotItem and what the house adds to it."""

from collections.abc import Callable, Iterator
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QGraphicsItem, QWidget

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.axes import Axes
from gui.plots.grid import draw_grid
from gui.plots.motion import Motion
from gui.plots.painting import faded, level, picture_of, put_note, reported, upright
from gui.plots.panel import CLICK, Drawing, Panel
from gui.plots.part import Layer, Part
from gui.plots.plot import Plot
from gui.plots.scale import Scale
from gui.plots.snapping import fine
from gui.plots.ticks import value_text
from gui.plots.view import Ranges

NO_CONTENTS = QGraphicsItem.GraphicsItemFlag.ItemHasNoContents
PULSE = 1200  # ms
# where the kept picture lies among the items, and what moves over it
UNDER, OVER, FRONT = -1000.0, 50.0, 100.0


class ZoomPanel(Panel):
    """Base of the plots over two axes: `plot` is pyqtgraph's PlotItem, `plot.vb` its ViewBox.

    `home` is the view the data ask for; the view of a user who has zoomed or panned stays until a
    double click or "Reset zoom". A double click does nothing else: a click that it would begin with waits
    until it cannot become one, in a plot that is zoomed, or that is `patient` because its clicks change
    settings.

    What stands where is found by `_lay_out` before anything is painted. Items that stay while only the
    playhead moves (`Part.still`) are painted into one picture: `redraw` paints it anew, `update` what moves.
    """

    view_changed = Signal()

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self._scales = [Scale(), Scale()]
        self._home: Ranges = ((0.0, 1.0), (0.0, 1.0))
        self._layer: QPixmap | None = None
        self._placed: Axes | None = None
        self.plot = Plot(theme)
        self.addItem(self.plot, 0, 0)
        self.ci.layout.setContentsMargins(0, 0, 0, 0)
        self.ci.itemBorders[self.plot].hide()  # it has no pen, but a picture would hold its path
        self._kept = Drawing(self._paint_kept, self.paper)
        self._kept.setZValue(UNDER)
        self._drawing.setZValue(UNDER)
        self._kept.setParentItem(self.plot)
        self._add_layers()
        self._add_layer(Layer(self._draw_cross, FRONT, still=False))
        self.plot.vb.setHome(self._home)
        self.plot.vb.sigRangeChanged.connect(self.redraw)
        self.plot.vb.sigRangeChangedManually.connect(self.view_changed)
        self.plot.vb.clicked.connect(self._clicked_at)
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

    def _shares_x(self) -> Iterator[bool]:
        """Of each other plot on the page, whether it has the same axis across."""
        for other in self.window().findChildren(ZoomPanel):
            yield other is not self and other.isVisible() and other.x_axis == self.x_axis

    def _choose_mode(self) -> None:
        """Let a drag draw a rectangle to zoom into, or pan."""
        view = self.plot.vb
        view.setMouseMode(view.RectMode if self.frame_action.isChecked() else view.PanMode)

    # What it consists of

    def _add_layers(self) -> None:
        """Add what the plot consists of."""
        self._add_layer(Layer(self._draw_under, UNDER + 1))
        self._add_layer(Layer(self._draw_over, 0.0))
        self._add_layer(Layer(self._draw_hands, OVER, still=False))

    def _add_layer(self, layer: Layer) -> None:
        layer.setParentItem(self.plot)

    def _draw_under(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw what lies under the data."""
        draw_grid(painter, self.theme, axes, live, self.plot.gridded)

    def _draw_over(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw what lies over the data and beside them."""

    def _draw_hands(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw what follows the mouse and the keys."""

    def _draw_cross(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Hairlines through the mouse, and where they meet the axes, the values there."""
        rect, at = axes.plane.rect, self._pointer
        if not (live and self.cross_action.isChecked() and at is not None and rect.contains(at)):
            return
        painter.setPen(QPen(QColor(self.theme.quiet), 1, Qt.PenStyle.DotLine))
        upright(painter, rect, at.x())
        level(painter, rect, at.y())
        x, y = axes.plane.at(at)
        line = self.line_height + self.theme.px(2)
        put_note(painter, self.theme, QPointF(at.x() + 2, rect.bottom() - line), value_text(axes.x.value(x)))
        put_note(painter, self.theme, QPointF(rect.left() + 2, at.y() - line), value_text(axes.y.value(y)))

    def _parts(self) -> list[Any]:
        """The items that stay, from back to front."""
        return [item for item in seen_below(self.plot) if isinstance(item, Part) and item.still]

    @property
    def x_axis(self) -> Scale:
        """The scale across, with the name that `plot.setLabel("bottom", …)` has given it, if it has."""
        scale: Scale = self.plot.getAxis("bottom").named(self._scales[0])
        return scale

    @x_axis.setter
    def x_axis(self, scale: Scale) -> None:
        self._scales[0] = scale

    @property
    def y_axis(self) -> Scale:
        """The scale up and down, named in the same way."""
        scale: Scale = self.plot.getAxis("left").named(self._scales[1])
        return scale

    @y_axis.setter
    def y_axis(self, scale: Scale) -> None:
        self._scales[1] = scale

    def switch_logs(self, x: bool | None, y: bool | None) -> None:
        """Make axes logarithmic, or linear; None leaves one as it is."""
        if x or y:
            raise ValueError("The axes of this plot are linear.")

    # What stands where

    def _lay_out(self, rect: QRectF, live: bool) -> Axes:
        """Decide what stands where in `rect`."""
        raise NotImplementedError

    def axes(self) -> Axes:
        """What stands where now: on the screen, or on the paper that is painted."""
        if self._placed is None:
            self._placed = self._lay_out(self.content, self.live)
            self._place(self._placed)
        return self._placed

    def _place(self, axes: Axes) -> None:
        """Put the items of pyqtgraph that have a place of their own where `axes` wants them."""
        self.plot.place(axes, self.content, self.paper())

    def things_room(self) -> QRectF:
        return self.axes().plane.rect

    def redraw(self) -> None:
        """Draw everything anew, what stays too."""
        self._layer = self._placed = None
        self.update()

    def _resized(self) -> None:
        self.redraw()

    def _settle(self) -> None:
        """Find what stands where on other paper; afterwards, on the screen: what is painted there again."""
        self._placed = None
        for part in self._parts():
            part.setFlag(NO_CONTENTS, False)
        super()._settle()
        if self.live:
            for part in self._parts():
                part.setFlag(NO_CONTENTS, True)
        self.axes()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        self.axes()
        super().paintEvent(event)

    def _paint_kept(self, painter: QPainter) -> None:
        if self.live:
            self._layer = self._layer or picture_of(self, self._paint_still)
            painter.drawPixmap(0, 0, self._layer)

    def _paint_still(self, painter: QPainter) -> None:
        """Paint what stays into the picture that is kept of it."""
        self.ready(painter)
        for part in self._parts():
            with reported():  # the others are seen, and it is told once, not with every picture
                part.draw_within(painter, self.axes(), True)
            part.setFlag(NO_CONTENTS, True)  # Qt need not ask it at each picture: it is in this one

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        """Below the title it is the scene that paints."""

    # What can be dragged

    def hands(self) -> list[QPointF]:
        """Where something can be dragged, in pixels."""
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
        """A ring that grows around each, and fades."""
        share = self._pulse.share if self._pulse is not None and live else 1.0
        if share < 1.0:
            radius = self.theme.px(8) + share * self.theme.px(22)
            painter.setPen(QPen(faded(self.theme.accent, 1.0 - share), self.theme.px(3)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for place in self.hands():
                painter.drawEllipse(place, radius, radius)

    # The view

    @property
    def home(self) -> Ranges:
        """The view the data ask for, in axis coordinates."""
        return self._home

    @home.setter
    def home(self, home: Ranges) -> None:
        self._home = home
        self.plot.vb.setHome(home)

    @property
    def sight(self) -> object:
        """What there is to see: where it is another, a closer look of before says nothing."""
        return self.home

    @property
    def ranges(self) -> Ranges:
        """What is seen, in axis coordinates."""
        return self.plot.vb.ranges

    @property
    def zoomed(self) -> bool:
        """Whether the user has chosen the view."""
        return self.plot.vb.zoomed

    def reset_zoom(self) -> None:
        """See everything again."""
        self.plot.vb.lookHome()

    def zoom(self, factor: float, around: tuple[float, float] | None = None) -> None:
        """Enlarge around a point in axis coordinates, or around the middle."""
        view = self.plot.vb
        x, y = (1 / factor if on else None for on in view.state["mouseEnabled"])
        view.scaleBy(x=x, y=y, center=around)
        view.sigRangeChangedManually.emit([True, True])

    def look_like(self, other: "ZoomPanel") -> None:
        """See the part of the plot that is seen in another one, of the same data."""
        chosen = zip(other.plot.vb.state["autoRange"], other.ranges, strict=True)
        self.plot.vb.lookHome()
        self.plot.vb.look(*(seen if on is False else None for on, seen in chosen))

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

    def look_at(self, ranges: Ranges) -> None:
        """See a part of the plot, in axis coordinates."""
        self.plot.vb.look(*ranges)

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


def seen_below(item: Any) -> Iterator[Any]:
    """All that is visible in an item of a scene, from back to front."""
    for child in item.childItems():  # in the order in which they are painted
        if child.isVisible() and child.opacity():
            yield child
            yield from seen_below(child)
