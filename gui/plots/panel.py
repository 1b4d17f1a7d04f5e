"""A panel is one plot: pyqtgraph's widget with what it shows as items in its scene; it hands out its data.

Screen and export go through the same drawing, so what is exported is what was seen. `live` tells the
two apart where the screen must be fast (a coarser surface, thinner lines) or shows what a picture
should not (the readout under the mouse). What only leads through a run, such as the playhead, is on the
screen and on a picture that asks for it: `marked`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from weakref import WeakMethod

import pyqtgraph as pg
from pyqtgraph.exporters.Exporter import Exporter
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QSizePolicy, QStyleOptionGraphicsItem, QWidget

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.described import Columns, described
from gui.plots.motion import USUAL, Motion
from gui.plots.painting import CENTRE, HINTS, LEFT, draw_focus, put_text, reported, saved, wrapped
from gui.plots.things import Spoken

CLICK = 5  # pixels the mouse may move and still click
FRONT = 1e6  # above all that is in a panel
FLATTEST, HIGHEST = 0.5, 1.0  # height over width on paper
# steps to the right and up
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}


@dataclass(frozen=True)
class Manner:
    """How a plot is painted beside what it shows."""

    marks: bool = True  # with handles, and what is chosen
    playhead: bool = True  # with what tells the step, without which an animation would stand still
    ground: bool = True  # on the background of the theme, not on whatever is below


SCREEN = Manner()
PAPER = Manner(marks=False, playhead=False)


class Drawing(QGraphicsItem):
    """Something that is painted in pixels of the panel; an error there is reported, and kills nothing.

    Whoever paints owns the item, so it is held weakly.
    """

    def __init__(self, paint: Callable[[QPainter], None], area: Callable[[], QRectF]) -> None:
        super().__init__()
        self._paint, self._area = WeakMethod(paint), WeakMethod(area)

    def boundingRect(self) -> QRectF:
        area = self._area()
        return QRectF() if area is None else area()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        paint = self._paint()
        if paint is not None:
            with reported():
                paint(painter)


class Panel(Spoken, pg.GraphicsLayoutWidget):
    """Base of every plot. A subclass draws in `_draw` and gives its numbers in `table`.

    What the user can do to a plot (such as "Reset zoom") is in `actions()`, for the menu that whoever
    hears `menu_requested` (panel, place on the screen) opens. Every plot takes the focus, so that its menu
    can be opened by key, and shows that it has it.
    """

    menu_requested = Signal(object, QPoint)
    enlarge_wanted = Signal(object)  # this panel: as large as the page, or back to its place
    hovered = Signal(object)  # what is under the mouse, or None
    pointed = Signal(object)  # the key of the thing under the mouse that somebody speaks of, or None
    narrowest: ClassVar[float] = 0.0  # pixels at the ordinary size of text; on narrower paper it is reduced

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._title, self._invitation = title, ""
        self.setBackground(theme.plot)
        self.viewport().setMouseTracking(True)
        self.alone = False  # as large as the page: nothing beside it names what it shows
        self._pointer: QPointF | None = None  # where the mouse is, while it is over the plot
        self._asked: QPoint | None = None  # where the right button went down
        self._hovered: Any = None  # what is under it, or where the arrow keys have come to
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._manner = SCREEN
        self.setAccessibleName(title)
        self._motion: Motion | None = None  # made when something is to move
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(theme.px(160), theme.px(100))
        self._sheet: QRectF | None = None  # what is painted on, if not the screen
        self.to_paper = QTransform()  # from pixels of the panel to the painter's
        self.scene().setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._drawing = Drawing(self._paint_drawing, self.paper)
        self._focus_frame = Drawing(self._paint_frame, self.paper)
        self._focus_frame.setZValue(FRONT)
        self._glow = Drawing(self._paint_glow, self.paper)
        self._glow.setZValue(FRONT - 1)
        for item in (self._drawing, self._glow, self._focus_frame):
            self.scene().addItem(item)

    @property
    def title(self) -> str:
        """What the plot shows, in the language of the window."""
        return self._title

    @title.setter
    def title(self, title: str) -> None:
        self.entitle(title)

    def entitle(self, title: str, invitation: str = "") -> None:
        """Set the title, and what one is invited to do here, which is no part of an exported figure."""
        self._title, self._invitation = title, invitation
        self.setAccessibleName(self.heading(live=True))
        self.update()

    def description(self) -> str:
        """What the plot shows, in words."""
        return described(self.table())

    def heading(self, live: bool) -> str:
        """What stands over the plot."""
        if not (live and self._invitation):
            return self._title
        return tr("{title}: {invitation}", title=self._title, invitation=self._invitation)

    @property
    def live(self) -> bool:
        """Whether it is the screen that is painted now."""
        return self._sheet is None

    def paper(self) -> QRectF:
        """What is painted on: all of the panel on the screen, or a sheet of another size."""
        return QRectF(self.rect()) if self._sheet is None else self._sheet

    def paint(self, painter: QPainter, rect: QRectF, manner: Manner = PAPER) -> None:
        """Paint the whole plot into `rect` (logical pixels, any size), as vectors.

        The scene is laid out for a sheet of that size, rendered and laid out for the screen again: letters
        keep their size, and nothing on the screen changes.
        """
        self._manner, self._sheet = manner, QRectF(0, 0, rect.width(), rect.height())
        self.to_paper = QTransform.fromTranslate(rect.left(), rect.top()) * painter.worldTransform()
        exporter = Exporter(self.scene())
        try:
            self._settle()
            exporter.setExportMode(True, {"painter": painter, "antialias": True, "background": None})
            with saved(painter):
                self.scene().render(painter, rect, self._sheet)
        finally:
            exporter.setExportMode(False)
            self._manner, self._sheet, self.to_paper = SCREEN, None, QTransform()
            self._settle()

    def _settle(self) -> None:
        """Lay the scene out for what it is painted on."""
        self.ci.setGeometry(self.paper())

    def ready(self, painter: QPainter) -> None:
        """Let a painter paint in pixels of the panel, with its letters, wherever an item was."""
        painter.setTransform(self.to_paper)
        painter.setRenderHints(HINTS)
        painter.setFont(self.theme.font())
        if not self.live:  # QSvgGenerator keeps the clip of a ViewBox that was painted before
            painter.setClipRect(self.paper(), Qt.ClipOperation.ReplaceClip)

    def restart(self) -> None:
        """Forget what earlier pictures asked for, such as a range that only grows."""

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

    @property
    def marked(self) -> bool:
        """Whether handles and what is chosen are drawn now: not on paper, unless asked for."""
        return self._manner.marks

    @property
    def tells_step(self) -> bool:
        """Whether the playhead is drawn now: on the screen, in an animation, on paper if asked for."""
        return self._manner.playhead

    def height_on_paper(self, width: float) -> float:
        """How high the plot is where only a width is asked for: like on the screen, within reason."""
        shape = self.height() / max(self.width(), 1)
        return width * min(max(shape, FLATTEST), HIGHEST)

    def table(self) -> Columns:
        """Return the numbers behind the plot: (name with unit, values) for each column."""
        raise NotImplementedError

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        """Draw everything but background and title into `rect`."""
        raise NotImplementedError

    # How the parts of a panel are laid out

    def _content(self, rect: QRectF) -> QRectF:
        """The part of `rect` that is left for the plot below its title."""
        edge = self.theme.px(8)
        top = self.theme.px(5) + self.title_height if self._title else edge
        return rect.adjusted(edge, top, -edge, -edge)

    @property
    def content(self) -> QRectF:
        """The same of what is painted on now."""
        return self._content(self._below_title(self.paper(), self.live))

    def _say(self, painter: QPainter, rect: QRectF, text: str) -> None:
        """Say in the middle of the room why nothing is to be seen there."""
        put_text(painter, rect, CENTRE, text, self.theme.quiet)

    @property
    def _notes_room(self) -> QRectF:
        """Where notes about what is under the mouse may stand: all of the panel, a little off its edges."""
        edge = self.theme.px(4)
        return self.paper().adjusted(edge, edge, -edge, -edge)

    def _paint(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        painter.setRenderHints(HINTS)
        if self._manner.ground and not live:
            painter.fillRect(rect, QColor(self.theme.plot))
        self._paint_title(painter, rect, live)
        painter.setFont(self.theme.font())
        content = self.content
        if content.width() > 10 and content.height() > 10:
            self._draw(painter, content, live)

    def title_lines(self, rect: QRectF, live: bool) -> list[str]:
        """The title as it is broken into lines. On paper nobody can hover: nothing is cut."""
        heading = self.heading(live)
        if live or not heading:
            return [heading]
        return wrapped(heading, QFontMetricsF(self.title_font), rect.width() - 2 * self.theme.px(8))

    def _below_title(self, rect: QRectF, live: bool) -> QRectF:
        """The room with the last line of the title."""
        lines = len(self.title_lines(rect, live))
        return rect.adjusted(0, (lines - 1) * QFontMetricsF(self.title_font).height(), 0, 0)

    def _paint_title(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if not self._title:
            return
        edge, high = self.theme.px(8), QFontMetricsF(self.title_font).height()
        painter.setFont(self.title_font)
        line = QRectF(rect.left() + edge, rect.top() + self.theme.px(5), rect.width() - 2 * edge, high)
        for text in self.title_lines(rect, live):
            put_text(painter, line, LEFT, text, self.theme.text)
            line.translate(0, high)

    @property
    def title_font(self) -> QFont:
        """The letters of the title."""
        return self.theme.font(self.theme.title_px)

    @property
    def title_height(self) -> float:
        """From the top of the title to the top of the plot."""
        return self.theme.text_px + self.theme.px(14) - self.theme.px(5)

    @property
    def metrics(self) -> QFontMetricsF:
        """The measures of ordinary text."""
        return QFontMetricsF(self.theme.font())

    @property
    def line_height(self) -> float:
        """Height of a line of ordinary text."""
        return self.metrics.height()

    # Qt

    def sizeHint(self) -> QSize:
        """As a plain widget: whatever room there is (a GraphicsView would ask for that of its scene)."""
        return QSize()

    def minimumSizeHint(self) -> QSize:
        return QSize()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None:  # GraphicsView calls this once itself, before anything is there
            self._resized()

    def _resized(self) -> None:
        """Answer to another size."""

    def update(self) -> None:
        """Paint again, soon.

        The scene is told, not the widget: where both ask for a picture it is painted twice.
        """
        self.scene().update()

    def flush(self) -> None:
        """Let what has moved in the scene ask for its picture now, and not after the next one is painted."""
        QCoreApplication.sendPostedEvents(self.scene(), QEvent.Type.MetaCall.value)

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

    def _paint_drawing(self, painter: QPainter) -> None:
        """Paint what is in the panel as one drawing."""
        with saved(painter):
            self.ready(painter)
            self._paint(painter, self.paper(), self.live)

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
