"""The words that say how many values a log axis could not show."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.painting import RIGHT, put_note, put_text
from gui.plots.panel import Panel
from gui.plots.room import Pixels, bands, last_free_row


def free_of_title(panel: Panel, content: QRectF, live: bool) -> QRectF:
    """What the title leaves free of its line, above the content; empty where there is no title."""
    metrics = QFontMetricsF(panel.theme.font())
    start = content.left() + metrics.horizontalAdvance(panel.heading(live)) + panel.theme.px(16)
    width = max(0.0, content.right() - start) if panel.title else 0.0
    return QRectF(start, content.top() - panel.title_height, width, metrics.height())


def words_for(count: int) -> list[str]:
    """How many values there are that are not shown, the longest way to say it first."""
    if count == 1:
        return [tr("1 value ≤ 0 is not shown"), tr("1 value ≤ 0")]
    return [tr("{n} values ≤ 0 are not shown", n=count), tr("{n} values ≤ 0", n=count)]


def draw_left_out(
    painter: QPainter, theme: Theme, plot: QRectF, beside: QRectF, lines: Sequence[Pixels], count: int
) -> None:
    """Say it beside the title, or low in the plot where no curve is; where neither has room, not at all."""
    metrics = QFontMetricsF(painter.font())
    ways = words_for(count)
    fitting = [text for text in ways if metrics.horizontalAdvance(text) <= beside.width()]
    if fitting:
        put_text(painter, beside, RIGHT, fitting[0])
        return
    wide, high = metrics.horizontalAdvance(ways[-1]) + theme.px(8), metrics.height() + theme.px(2)
    if wide > plot.width() - 8:
        return
    left, bottom = plot.left() + 4, plot.bottom() - 2
    row = last_free_row(bands(lines, left, left + wide), plot.top(), bottom, high)
    put_note(painter, theme, QPointF(left, bottom - high if row is None else row), ways[-1])
