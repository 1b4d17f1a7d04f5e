"""What every plot is drawn on: pyqtgraph's widget with what it shows as items in its scene, a title over it.

Screen and export go through the same drawing, so what is exported is what was seen. `live` tells the
two apart where the screen must be fast (a coarser surface, thinner lines) or shows what a picture
should not (the readout under the mouse). What only leads through a run, such as the playhead, is on the
screen and on a picture that asks for it: `marked`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakMethod

import pyqtgraph as pg
from pyqtgraph.exporters.Exporter import Exporter
from PySide6.QtCore import QCoreApplication, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QSizePolicy, QStyleOptionGraphicsItem, QWidget

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.described import Columns, described
from gui.plots.painting import CENTRE, HINTS, LEFT, put_text, reported, saved, wrapped

FLATTEST, HIGHEST = 0.5, 1.0  # height over width on paper


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


class Sheet(pg.GraphicsLayoutWidget):
    """A drawing in its frame, on the screen and on paper."""

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._title, self._invitation = title, ""
        self.setBackground(theme.plot)
        self._manner = SCREEN
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(theme.px(160), theme.px(100))
        self._sheet: QRectF | None = None  # what is painted on, if not the screen
        self.to_paper = QTransform()  # from pixels of the panel to the painter's
        self.scene().setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._drawing = Drawing(self._paint_drawing, self.paper)
        self.scene().addItem(self._drawing)

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

    @property
    def marked(self) -> bool:
        """Whether handles and what is chosen are drawn now: not on paper, unless asked for."""
        return self._manner.marks

    @property
    def tells_step(self) -> bool:
        """Whether the playhead is drawn now: on the screen, in an animation, on paper if asked for."""
        return self._manner.playhead

    @property
    def narrowest(self) -> float:
        """Pixels at the ordinary size of text; on narrower paper it is reduced."""
        return 0.0

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
        return wrapped(heading, self.theme.metrics(self.theme.title_px), rect.width() - 2 * self.theme.px(8))

    def beside_title(self, content: QRectF) -> QRectF:
        """What the title leaves free of its line, above the content; empty where there is no title."""
        metrics = self.theme.metrics(self.theme.title_px)
        last = self.title_lines(self.paper(), self.live)[-1]
        start = content.left() + metrics.horizontalAdvance(last) + self.theme.px(16)
        width = max(0.0, content.right() - start) if self._title else 0.0
        return QRectF(start, content.top() - self.title_height, width, metrics.height())

    def _below_title(self, rect: QRectF, live: bool) -> QRectF:
        """The room with the last line of the title."""
        lines = len(self.title_lines(rect, live))
        return rect.adjusted(0, (lines - 1) * self.theme.metrics(self.theme.title_px).height(), 0, 0)

    def _paint_title(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if not self._title:
            return
        edge, high = self.theme.px(8), self.theme.metrics(self.theme.title_px).height()
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
        return self.theme.metrics()

    @property
    def line_height(self) -> float:
        """Height of a line of ordinary text."""
        return self.metrics.height()

    def _paint_drawing(self, painter: QPainter) -> None:
        """Paint what is in the panel as one drawing."""
        with saved(painter):
            self.ready(painter)
            self._paint(painter, self.paper(), self.live)

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
