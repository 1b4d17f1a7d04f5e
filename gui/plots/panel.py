"""A panel is one plot: a drawing that handles the mouse and the keys, can be animated, and has a menu."""

from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QToolTip

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.drawing import Drawing
from gui.plots.motion import USUAL, Motion
from gui.plots.painting import draw_focus, saved
from gui.plots.sheet import Sheet
from gui.plots.things import Spoken

CLICK = 5  # the most pixels that the mouse may move during a click
FRONT = 1e6  # the layer above everything else in a panel
# steps to the right and up
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}


class Panel(Spoken, Sheet):
    """Base of every plot. A subclass draws in `_draw` and gives its numbers in `table`.

    What the user can do with a plot (such as "Reset zoom") is in `actions()`, for the menu, which the
    receiver of `menu_requested` (panel, place on the screen) opens. Every plot takes the focus, so that its
    menu can be opened by key, and shows a frame while it has the focus.
    """

    menu_requested = Signal(object, QPoint)
    enlarge_wanted = Signal(object)  # this panel: as large as the page, or back to its place
    hovered = Signal(object)  # what is under the mouse, or None
    pointed = Signal(object)  # the key of the thing under the mouse that stands in a formula, or None

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.viewport().setMouseTracking(True)
        self.awaits = False  # whether its content is still being computed
        self.alone = False  # whether it is as large as the page, so that no other plot shows its names
        self._pointer: QPointF | None = None  # where the mouse is, while it is over the plot
        self._asked: QPoint | None = None  # where the right button went down
        self._hovered: Any = None  # the thing under it, or the thing that the arrow keys have chosen
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._motion: Motion | None = None  # made at the first animation
        self._focus_frame = Drawing(self._paint_frame, self.paper)
        self._focus_frame.setZValue(FRONT)
        self._glow = Drawing(self._paint_glow, self.paper)
        self._glow.setZValue(FRONT - 1)
        for item in (self._glow, self._focus_frame):
            self.scene().addItem(item)

    @property
    def empty_words(self) -> str:
        """Return the text of a plot that has nothing to show."""
        return tr("Being computed …") if self.awaits else tr("No data yet")

    # Animation of one step

    def show_motion(self) -> None:
        """Show as an animation how the present picture follows from the one before."""
        if self._motion is None:
            self._motion = Motion(self)
            self._motion.valueChanged.connect(self._paint_motion)
        self._motion.begin(self._motion_time())

    def _motion_time(self) -> int:
        """Return how long the animation takes, in milliseconds."""
        return USUAL

    @property
    def share(self) -> float:
        """How much of the animation is over, from 0 to 1; 1 while nothing moves, and on paper."""
        return self._motion.share if self._motion is not None and self.live else 1.0

    def pulse(self) -> None:
        """Show once, by an animation, what can be dragged."""

    def _paint_motion(self) -> None:
        """Paint the moving parts again."""
        self.update()

    # The mouse and the keys

    def viewportEvent(self, event: QEvent) -> bool:
        """Keep the place of the mouse, before the event is handled; tell a title that has no room whole."""
        if isinstance(event, QHelpEvent) and self._on_title(QPointF(event.pos())):
            whole = self.heading(live=True)
            cut = self.theme.metrics(self.theme.title_px).horizontalAdvance(whole) > self.paper().width()
            QToolTip.showText(event.globalPos(), whole if cut else "", self)
            return True
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
        """Open the menu when the right button is released, unless the mouse was dragged."""
        if event.button() == Qt.MouseButton.RightButton and self._asked is not None:
            asked, place = self._asked, event.globalPosition().toPoint()
            self._asked = None
            if (place - asked).manhattanLength() < CLICK:
                self._open_menu(place)

    def _open_menu(self, place: QPoint) -> None:
        """Emit `menu_requested`; until the menu closes and the mouse moves, nothing is pointed at."""
        self._pointer = None
        self._hover(None)
        self.point(None)
        self.menu_requested.emit(self, place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._click(event.position())
        event.accept()  # the press is not passed on to the widget around

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._on_title(event.position()):
            self.enlarge_wanted.emit(self)
        else:
            super().mouseDoubleClickEvent(event)
        event.accept()

    def _on_title(self, place: QPointF) -> bool:
        return bool(self._title) and place.y() < self.content.top()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F: as large as the page, or back; Escape: back; arrow keys choose the next thing."""
        key, move = event.key(), ARROWS.get(Qt.Key(event.key()))
        if (key == Qt.Key.Key_F and not event.modifiers()) or (key == Qt.Key.Key_Escape and self.alone):
            self.enlarge_wanted.emit(self)
        elif move is None or not self._step_to(*move, event):
            super().keyPressEvent(event)

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        """Handle an arrow key (steps to the right and up); return whether it had an effect."""
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
        """Handle the place of the mouse; None when it has left.

        This is also called before each picture, because the content may move under a still mouse.
        """
        self._point_to(None if place is None else self._found_at(place))

    def _found_at(self, place: QPointF) -> Any:
        """Return the thing at a place that can be pointed at, or None."""

    def _point_to(self, found: Any) -> None:
        """Emit what is pointed at, if it has changed."""
        if found != self._hovered:
            self._hovered = found
            self.hovered.emit(found)
            self.update()

    def _click(self, place: QPointF) -> None:
        """Handle a click of the left button."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._pointer is not None:
            self._hover(self._pointer)
        super().paintEvent(event)

    def _paint_glow(self, painter: QPainter) -> None:
        """Paint the light around things that a formula speaks of."""
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
        """Open the menu; while the right button is down, which may drag, wait until it is released."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if by_mouse and QGuiApplication.mouseButtons() & Qt.MouseButton.RightButton:
            self._asked = event.globalPos()
        else:
            self._open_menu(event.globalPos())
