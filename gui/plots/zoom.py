"""A panel over two axes that one can zoom, pan and click in."""

from dataclasses import replace

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from gui.language import tr
from gui.plots.axes import Axes, Axis, Range
from gui.plots.layers import LayeredPanel
from gui.theme import Theme

CLICK = 4.0  # pixels the mouse may move and still click
ZOOM = 1.0015  # for each eighth of a degree of the wheel


class ZoomPanel(LayeredPanel[Axes]):
    """Base of the plots over two axes.

    `home` is the view the data ask for; the view of a user who has zoomed or panned stays until a
    double click or "Reset zoom". A double click does nothing else: a click that it would begin with waits
    until it cannot become one, in a plot that is zoomed, or that is `patient` because its clicks change
    settings.
    """

    view_changed = Signal()

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self.x_axis, self.y_axis = Axis(), Axis()
        self.home: tuple[Range, Range] = ((0.0, 1.0), (0.0, 1.0))
        self._zoomed: tuple[Range, Range] | None = None
        self._pressed: QPointF | None = None
        self._panning: tuple[Range, Range] | None = None
        self._grabbed = self._double = False
        self.patient = False
        self._clicked: QPointF | None = None  # a click that waits
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.answer_click)
        self.setMouseTracking(True)
        self.reset_action = QAction(tr("Reset zoom"), self)
        self.reset_action.triggered.connect(self.reset_zoom)
        self.addAction(self.reset_action)

    # The view

    @property
    def ranges(self) -> tuple[Range, Range]:
        """What is seen, in axis coordinates."""
        return self._zoomed or self.home

    @property
    def zoomed(self) -> bool:
        """Whether the user has chosen the view."""
        return self._zoomed is not None

    def reset_zoom(self) -> None:
        """See everything again."""
        self._look(None)

    def zoom(self, factor: float, around: tuple[float, float] | None = None) -> None:
        """Enlarge around a point in axis coordinates, or around the middle."""
        x, y = around or tuple((low + high) / 2 for low, high in self.ranges)
        new = tuple(
            (middle - (middle - low) / factor, middle + (high - middle) / factor)
            for middle, (low, high) in zip((x, y), self.ranges, strict=True)
        )
        spans = [(high - low, max(abs(low), abs(high))) for low, high in new]
        if all(1e-9 * size < span < 1e9 * max(home[1] - home[0], 1e-300)
               for (span, size), home in zip(spans, self.home, strict=True)):  # fmt: skip
            self._look(new)  # type: ignore[arg-type]

    def look_like(self, other: "ZoomPanel") -> None:
        """See the part of the plot that is seen in another one, of the same data."""
        self._look(other._zoomed)

    def look_at(self, ranges: tuple[Range, Range]) -> None:
        """See a part of the plot, in axis coordinates."""
        self._look(ranges)

    def _look(self, ranges: tuple[Range, Range] | None) -> None:
        self._zoomed = ranges
        self.redraw()
        self.view_changed.emit()

    def axes(self) -> Axes:
        """The axes on the screen."""
        return self.placed()

    # The mouse and the keys. Subclasses say what can be grabbed and what a click means.

    def _grab(self, place: QPointF) -> bool:
        """Begin to drag what is at `place`, if there is anything."""
        return False

    def _drag(self, place: QPointF) -> None:
        """Move what was grabbed."""

    def _drop(self, place: QPointF) -> None:
        """Let go what was grabbed."""

    def _click(self, place: QPointF) -> None:
        """Answer to a click inside the axes."""

    def _hover(self, place: QPointF | None) -> None:
        """Answer to the mouse being somewhere; None when it has left."""

    def _look_under(self, mouse: QPointF) -> None:
        self._hover(mouse)

    def answer_click(self) -> None:
        """Answer a click that waits, if one does: it was no half of a double click."""
        place, self._clicked = self._clicked, None
        self._patience.stop()
        if place is not None:
            self._click(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.answer_click()
            self._press(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of two: what it holds can be dragged; where nothing is, the zoom is reset."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._clicked = None
            self._patience.stop()
            self._press(event.position())
            self._double = self._grabbed  # it may be dragged yet: released where it is, it was a double click
            if not self._grabbed:
                self.reset_zoom()
                self._pressed = None

    def _press(self, place: QPointF) -> None:
        self._grabbed = self._grab(place)
        if self._grabbed or self.axes().plane.rect.contains(place):
            self._pressed = place

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._pressed is None:
            self._hover(place)
        elif self._grabbed:
            self._drag(place)
        elif self._panning or (place - self._pressed).manhattanLength() > CLICK:
            self._pan(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        pressed, self._pressed = self._pressed, None
        double, self._double = self._double, False
        still = pressed is None or (event.position() - pressed).manhattanLength() <= CLICK
        if self._grabbed:
            self._drop(event.position())
        elif pressed is not None and self._panning is None:
            self._clicked = pressed
            if self._serious(pressed) or self.zoomed:
                self._patience.start(QGuiApplication.styleHints().mouseDoubleClickInterval())
            else:
                self.answer_click()
        self._panning, self._grabbed = None, False
        if double and still:
            self.reset_zoom()
        self.update()

    def _serious(self, place: QPointF) -> bool:
        """Whether a click at a place changes settings."""
        return self.patient

    def leaveEvent(self, event: object) -> None:
        self._hover(None)

    def _pan(self, place: QPointF) -> None:
        assert self._pressed is not None
        self._panning = self._panning or self.ranges
        plane = replace(self.axes().plane, x=self._panning[0], y=self._panning[1])
        (x, y), (x0, y0) = plane.at(place), plane.at(self._pressed)
        across, up = self._panning
        self._look(((across[0] - x + x0, across[1] - x + x0), (up[0] - y + y0, up[1] - y + y0)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.axes().plane.rect.contains(event.position()):
            event.ignore()
            return
        self.zoom(ZOOM ** event.angleDelta().y(), self.axes().plane.at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1.25)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom(0.8)
        elif event.key() == Qt.Key.Key_0:
            self.reset_zoom()
        else:
            event.ignore()
