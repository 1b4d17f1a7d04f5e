"""The words that say how many values a log axis could not show."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.look.language import tr
from gui.plots.painting import RIGHT, put_text
from gui.plots.panel import Panel


def free_of_title(panel: Panel, content: QRectF, live: bool) -> QRectF:
    """What the title leaves free of its line, above the content; empty where there is no title."""
    metrics = QFontMetricsF(panel.title_font)
    last = panel.title_lines(panel.paper(), live)[-1]
    start = content.left() + metrics.horizontalAdvance(last) + panel.theme.px(16)
    width = max(0.0, content.right() - start) if panel.title else 0.0
    return QRectF(start, content.top() - panel.title_height, width, metrics.height())


def words_for(count: int) -> list[str]:
    """How many values there are that are not shown, the longest way to say it first."""
    if count == 1:
        return [tr("1 value is not above 0 and has no place on a log axis"), tr("1 value is not above 0")]
    return [tr("{n} values are not above 0 and have no place on a log axis", n=count),
            tr("{n} values are not above 0", n=count)]  # fmt: skip


def draw_left_out(painter: QPainter, beside: QRectF, count: int) -> None:
    """Say it beside the title, as far as it has room there."""
    metrics = QFontMetricsF(painter.font())
    fitting = [text for text in words_for(count) if metrics.horizontalAdvance(text) <= beside.width()]
    if fitting:
        put_text(painter, beside, RIGHT, fitting[0])
