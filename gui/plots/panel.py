"""A panel is one plot: a drawing that hears the mouse and the keys, moves, and has a menu."""

from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.motion import USUAL, Motion
from gui.plots.painting import draw_focus, saved
from gui.plots.sheet import Drawing, Sheet
from gui.plots.things import Spoken

CLICK = 5  # pixels the mouse may move and still click
FRONT = 1e6  # above all that is in a panel
# steps to the right and up
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}


class Panel(Spoken, Sheet):
    """Base of every plot. A subclass draws in `_draw` and gives its numbers in `table`.

    What the user can do to a plot (such as "Reset zoom") is in `actions()`, for the menu that whoever
    hears `menu_requested` (panel, place on the screen) opens. Every plot takes the focus, so that its menu
    can be opened by key, and shows that it has it.
    """

    menu_requested = Signal(object, QPoint)
    enlarge_wanted = Signal(object)  # this panel: as large as the page, or back to its place
    hovered = Signal(object)  # what is under the mouse, or None
    pointed = Signal(object)  # the key of the thing under the mouse that somebody speaks of, or None

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self.viewport().setMouseTracking(True)
        self.awaits = False  # whether what it is to show is still computed
        self.alone = False  # as large as the page: nothing beside it names what it shows
        self._pointer: QPointF | None = None  # where the mouse is, while it is over the plot
        self._asked: QPoint | None = None  # where the right button went down
        self._hovered: Any = None  # what is under it, or where the arrow keys have come to
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._motion: Motion | None = None  # made when something is to move
        self._focus_frame = Drawing(self._paint_frame, self.paper)
        self._focus_frame.setZValue(FRONT)
        self._glow = Drawing(self._paint_glow, self.paper)
        self._glow.setZValue(FRONT - 1)
        for item in (self._glow, self._focus_frame):
            self.scene().addItem(item)

    @property
    def empty_words(self) -> str:
        """What stands in a plot that has nothing to show."""
        return tr("Being computed …") if self.awaits else tr("No data yet")

    # How what is drawn came about

    def show_motion(self) -> None:
        """Show as a movement how what is drawn now came about."""
        if self._motion is None:
            self._motion = Motion(self)
            self._motion.valueChanged.connect(self._paint_motion)
        self._motion.begin(self._motion_time())

    def _motion_time(self) -> int:
        """How long the movement takes, in milliseconds."""
        return USUAL

    @property
    def share(self) -> float:
        """How much of the movement is over: all of it at rest, and on paper."""
        return self._motion.share if self._motion is not None and self.live else 1.0

    def pulse(self) -> None:
        """Draw the eye, once, to what can be dragged."""

    def _paint_motion(self) -> None:
        """Paint what moves again."""
        self.update()

    # The mouse and the keys

    def viewportEvent(self, event: QEvent) -> bool:
        """Know where the mouse is, whatever is done with it."""
        if isinstance(event, QMouseEvent):
            self._pointer = event.position()
            self.point(self._pointer)
        elif event.type() == QEvent.Type.Leave:
            self._pointer = None
            self.point(None)
        taken = super().viewportEvent(event)
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            self._let_go(event)
        return taken

    def _let_go(self, event: QMouseEvent) -> None:
        """Open the menu that was asked for as the right button went down, unless it has dragged since."""
        if event.button() == Qt.MouseButton.RightButton and self._asked is not None:
            asked, place = self._asked, event.globalPosition().toPoint()
            self._asked = None
            if (place - asked).manhattanLength() < CLICK:
                self._open_menu(place)

    def _open_menu(self, place: QPoint) -> None:
        """Ask for the menu; while it is open, and until the mouse moves again, nothing is pointed at."""
        self._pointer = None
        self._hover(None)
        self.point(None)
        self.menu_requested.emit(self, place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._click(event.position())
        event.accept()  # what is pressed here concerns nothing around

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._on_title(event.position()):
            self.enlarge_wanted.emit(self)
        else:
            super().mouseDoubleClickEvent(event)
        event.accept()

    def _on_title(self, place: QPointF) -> bool:
        return bool(self._title) and place.y() < self.content.top()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F: as large as the page, or back; Escape: back; arrow keys go on to the next of what is shown."""
        key, move = event.key(), ARROWS.get(Qt.Key(event.key()))
        if (key == Qt.Key.Key_F and not event.modifiers()) or (key == Qt.Key.Key_Escape and self.alone):
            self.enlarge_wanted.emit(self)
        elif move is None or not self._step_to(*move, event):
            super().keyPressEvent(event)

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        """Answer to an arrow key (steps to the right and up); whether it was for us."""
        return False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, place: QPointF | None) -> None:
        """Answer to the mouse being somewhere; None when it has left.

        Asked before each picture too, for that may move under a still mouse.
        """
        self._point_to(None if place is None else self._found_at(place))

    def _found_at(self, place: QPointF) -> Any:
        """What is at a place and can be pointed at, or None."""

    def _point_to(self, found: Any) -> None:
        """Tell of what is pointed at, or of nothing."""
        if found != self._hovered:
            self._hovered = found
            self.hovered.emit(found)
            self.update()

    def _click(self, place: QPointF) -> None:
        """Answer to the left button of the mouse."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._pointer is not None:
            self._hover(self._pointer)
        super().paintEvent(event)

    def _paint_glow(self, painter: QPainter) -> None:
        """Light what is spoken of."""
        if self.live and self.lit:
            with saved(painter):
                self.ready(painter)
                self.paint_lit(painter)

    def _paint_frame(self, painter: QPainter) -> None:
        """Show that the panel has the focus."""
        if self.live and self.hasFocus():
            draw_focus(painter, self.theme, self.paper())

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.setAccessibleDescription(self.description())  # before it is read
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu; where the right button still is down, which may drag, once it is let go."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if by_mouse and QGuiApplication.mouseButtons() & Qt.MouseButton.RightButton:
            self._asked = event.globalPos()
        else:
            self._open_menu(event.globalPos())


def paint_now(view: QWidget) -> None:
    """Paint what has changed in a view at once, every plot of it once."""
    for panel in view.findChildren(Panel):
        panel.flush()
    QCoreApplication.sendPostedEvents(view.window(), QEvent.Type.UpdateRequest.value)
