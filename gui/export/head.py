"""The head of a figure: its title, and under it the settings, in as many lines as they take."""

import re
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gui.export.paper import Paper
from gui.look.theme import Theme
from gui.plots.painting import LEFT, put_text, wrapped

SEPARATOR = " · "  # between two settings
ENTRIES = re.compile(r"(?<=[,，、]) ?(?![^(（]*[)）])")  # between two entries of a list, not inside brackets


@dataclass(frozen=True)
class FigureHead:
    """Title and settings, if the paper asks for them, in a width of logical pixels."""

    title: str
    subtitle: str
    theme: Theme
    paper: Paper
    width: float

    @property
    def height(self) -> float:
        """Its height over the plots, in logical pixels."""
        lines = self.lines()
        return sum(self.theme.text_px * share for *_, share in lines) + (6 if lines else 0)

    def paint(self, painter: QPainter, corner: QPointF) -> None:
        """Paint it, with the upper left corner at `corner`."""
        y, px = corner.y(), self.theme.text_px
        for text, colour, size, share in self.lines():
            painter.setFont(self.theme.font(size, bold=size > px))
            painter.setPen(QColor(colour))
            put_text(painter, QRectF(corner.x(), y, self.width, share * px), LEFT, text)
            y += share * px

    def lines(self) -> list[tuple[str, str, int, float]]:
        """Return its lines: text, colour, size, and height in `text_px`."""
        px, large = self.theme.text_px, round(1.25 * self.theme.text_px)
        metrics = QFontMetricsF(self.theme.font(large, bold=True))
        title = wrapped(self.title, metrics, self.width) if self.paper.title and self.title else []
        lines = [(line, self.theme.text, large, 1.7) for line in title]
        return lines + [(line, self.theme.quiet, px, 1.5) for line in self._settings()]

    def _settings(self) -> list[str]:
        """Return the subtitle in lines, broken between settings, else between entries or words."""
        if not self.paper.settings:
            return []
        metrics, room = QFontMetricsF(self.theme.font()), self.width
        lines: list[str] = []
        for part in filter(None, self.subtitle.split(SEPARATOR)):
            whole = metrics.horizontalAdvance(part) <= room
            for k, piece in enumerate([part] if whole else ENTRIES.split(part)):
                longer = (lines[-1] + (" " if k else SEPARATOR) if lines else "") + piece
                if lines and metrics.horizontalAdvance(longer) <= room:
                    lines[-1] = longer
                else:
                    lines += wrapped(piece, metrics, room)
        return lines
