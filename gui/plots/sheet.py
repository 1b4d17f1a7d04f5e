"""The widget that every plot is drawn on: pyqtgraph's, with a title, and items in its scene.

Screen and export use the same drawing, so an export looks like the screen. `live` is true on the screen,
where drawing must be fast (a coarser surface, thinner lines) and where there are things that a picture
must not have (the readout under the mouse). Handles and marks of a choice are drawn on the screen, and in
pictures that ask for them: `marked`.
"""

from dataclasses import dataclass

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
from PySide6.QtWidgets import QGraphicsScene, QSizePolicy

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.described import Columns, described
from gui.plots.drawing import Drawing
from gui.plots.painting import CENTRE, HINTS, LEFT, put_text, saved, without_tail, wrapped

FLATTEST, HIGHEST = 0.5, 1.0  # the least and the greatest ratio of height to width on paper
SMALLEST, READABLE = 0.7, 12  # the least letters of a title: relative to the usual ones, and in pixels


@dataclass(frozen=True)
class Manner:
    """How a plot is painted."""

    marks: bool = True  # with handles, and the marks of a choice
    playhead: bool = True  # with the marks of the step: an animation needs them
    ground: bool = True  # on the background of the theme; else transparent


SCREEN = Manner()
PAPER = Manner(marks=False, playhead=False)


class Sheet(pg.GraphicsLayoutWidget):
    """A drawing in its frame, on the screen and on paper."""

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._title, self._invitation = title, ""
        self.setBackground(theme.plot)
        self._manner = SCREEN
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(theme.px(160), theme.px(100))
        self._sheet: QRectF | None = None  # the paper that is painted on; None: the screen
        self.to_paper = QTransform()  # from pixels of the panel to those of the painter
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
        """Set the title, and the invitation: what the user can do here. Exported figures do not have it."""
        self._title, self._invitation = title, invitation
        self.setAccessibleName(self.heading(live=True))
        self.update()

    def description(self) -> str:
        """What the plot shows, in words."""
        return described(self.table())

    def heading(self, live: bool) -> str:
        """Return the text over the plot."""
        if not (live and self._invitation):
            return self._title
        return tr("{title}: {invitation}", title=self._title, invitation=self._invitation)

    @property
    def live(self) -> bool:
        """Whether the screen is painted now, not paper."""
        return self._sheet is None

    def paper(self) -> QRectF:
        """The rectangle that is painted on: the whole panel, or a paper of another size."""
        return QRectF(self.rect()) if self._sheet is None else self._sheet

    def paint(self, painter: QPainter, rect: QRectF, manner: Manner = PAPER) -> None:
        """Paint the whole plot into `rect` (logical pixels, any size), as vectors.

        The scene is laid out for a paper of that size, rendered, and laid out for the screen again: letters
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
            self._manner, self._sheet, self.to_paper = SCREEN, None, QTransform()
            try:
                exporter.setExportMode(False)
            finally:  # also if an item that was added cannot do that
                self._settle()

    def _settle(self) -> None:
        """Lay the scene out for the rectangle that it is painted on."""
        self.ci.setGeometry(self.paper())

    def ready(self, painter: QPainter) -> None:
        """Set a painter to pixels of the panel and its font, whatever item was painted before."""
        painter.setTransform(self.to_paper)
        painter.setRenderHints(HINTS)
        painter.setFont(self.theme.font())
        if not self.live:  # QSvgGenerator keeps the clip of the ViewBox that was painted before
            painter.setClipRect(self.paper(), Qt.ClipOperation.ReplaceClip)

    def restart(self) -> None:
        """Forget what was kept from earlier pictures, such as a range that only grows."""

    @property
    def marked(self) -> bool:
        """Whether handles and marks of a choice are drawn now: on the screen, and on paper if asked for."""
        return self._manner.marks

    @property
    def tells_step(self) -> bool:
        """Whether the playhead is drawn now: on the screen, in an animation, on paper if asked for."""
        return self._manner.playhead

    @property
    def narrowest(self) -> float:
        """The least width in pixels at the ordinary size of text; on narrower paper it is scaled down."""
        return 0.0

    def height_on_paper(self, width: float) -> float:
        """Return the height for a given width: with the shape that it has on the screen, within limits."""
        shape = self.height() / max(self.width(), 1)
        return width * min(max(shape, FLATTEST), HIGHEST)

    def table(self) -> Columns:
        """Return the numbers behind the plot: (name with unit, values) for each column."""
        raise NotImplementedError

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        """Draw everything but background and title into `rect`."""
        raise NotImplementedError

    # Layout of the parts of a panel

    def _content(self, rect: QRectF) -> QRectF:
        """Return the part of `rect` that is left for the plot below its title."""
        edge = self.theme.px(8)
        top = self.theme.px(5) + self.title_height if self._title else edge
        return rect.adjusted(edge, top, -edge, -edge)

    @property
    def content(self) -> QRectF:
        """The part for the plot of the rectangle that is painted on now."""
        return self._content(self._below_title(self.paper(), self.live))

    def _say(self, painter: QPainter, rect: QRectF, text: str) -> None:
        """Write in the middle of the room why there is nothing to show."""
        put_text(painter, rect, CENTRE, text, self.theme.quiet)

    @property
    def _notes_room(self) -> QRectF:
        """Return where notes about the thing under the mouse may stand: the panel without a margin."""
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
        """Return the title broken into lines. On paper, where there is no tooltip, it is never cut."""
        heading = self.heading(live)
        if not heading:
            return [heading]
        metrics, room = self.theme.metrics(self.theme.title_px), self._title_room(rect)
        return [without_tail(heading, metrics, room)] if live else wrapped(heading, metrics, room)

    def _title_room(self, rect: QRectF) -> float:
        """Return the width of the title: that of the sheet, if nothing stands beside it."""
        return rect.width() - 2 * self.theme.px(8)

    def beside_title(self, content: QRectF) -> QRectF:
        """Return the free part of the line of the title, above the content; empty without a title."""
        metrics = self.theme.metrics(self.theme.title_px)
        last = self.title_lines(self.paper(), self.live)[-1]
        start = content.left() + metrics.horizontalAdvance(last) + self.theme.px(16)
        width = max(0.0, content.right() - start) if self._title else 0.0
        return QRectF(start, content.top() - self.title_height, width, metrics.height())

    def _below_title(self, rect: QRectF, live: bool) -> QRectF:
        """Return the room below the title, including its last line."""
        lines = len(self.title_lines(rect, live))
        return rect.adjusted(0, (lines - 1) * self.theme.metrics(self.theme.title_px).height(), 0, 0)

    def _paint_title(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if not self._title:
            return
        edge, high = self.theme.px(8), self.theme.metrics(self.theme.title_px).height()
        line = QRectF(rect.left() + edge, rect.top() + self.theme.px(5), self._title_room(rect), high)
        for text in self.title_lines(rect, live):
            painter.setFont(self._font_of_title(text, line.width()))
            put_text(painter, line, LEFT, text, self.theme.text)
            line.translate(0, high)

    def _font_of_title(self, text: str, room: float) -> QFont:
        """The font of a line of the title: smaller, within limits, if it would be cut."""
        usual, wide = self.theme.title_px, self.theme.metrics(self.theme.title_px).horizontalAdvance(text)
        share = min(1.0, room / wide) if wide else 1.0
        return self.theme.font(max(int(usual * share), round(SMALLEST * usual), READABLE))

    @property
    def title_height(self) -> float:
        """The height from the top of the title to the top of the plot."""
        return self.theme.text_px + self.theme.px(14) - self.theme.px(5)

    @property
    def metrics(self) -> QFontMetricsF:
        """The metrics of ordinary text."""
        return self.theme.metrics()

    @property
    def line_height(self) -> float:
        """The height of a line of ordinary text."""
        return self.metrics.height()

    def _paint_drawing(self, painter: QPainter) -> None:
        """Paint the contents of the panel as one drawing."""
        with saved(painter):
            self.ready(painter)
            self._paint(painter, self.paper(), self.live)

    # Qt

    def sizeHint(self) -> QSize:
        """Return the size hint of a plain widget (a GraphicsView would ask for that of its scene)."""
        return QSize()

    def minimumSizeHint(self) -> QSize:
        return QSize()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None:  # GraphicsView calls this once itself, before the panel is made
            self._resized()

    def _resized(self) -> None:
        """Handle another size."""

    def update(self) -> None:
        """Ask to be painted again.

        Only the scene is asked, not the widget: if both ask, the picture is painted twice.
        """
        self.scene().update()

    def flush(self) -> None:
        """Let items that have moved ask for a new picture now, and not only after the next one is painted."""
        QCoreApplication.sendPostedEvents(self.scene(), QEvent.Type.MetaCall.value)
