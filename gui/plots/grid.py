"""The grid under a plot: a faint line at every tick."""

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from gui.look.theme import Theme
from gui.plots.axes import Axes
from gui.plots.painting import mixed, saved


def draw_grid(painter: QPainter, theme: Theme, axes: Axes, shown: tuple[bool, bool] = (True, True)) -> None:
    """Draw a line at every tick, fainter ones at the minor ticks; for x and y as `shown` says.

    The lines have an opaque colour, mixed with the background: a transparent vertical line takes ten times as
    long, because each row of the picture is blended separately.
    """
    plane, x, y = axes.plane, axes.x_ticks, axes.y_ticks
    with saved(painter):
        for across, up, share in ((x.minor, y.minor, 0.25), (x.places, y.places, 0.8)):
            at = plane.px(across if shown[0] else ()), plane.py(up if shown[1] else ())
            _draw_lines(painter, plane.rect, *at, mixed(theme.hairline, theme.plot, share))


def _draw_lines(
    painter: QPainter, rect: QRectF, across: Iterable[float], down: Iterable[float], colour: QColor
) -> None:
    """Draw grid lines as thin filled rectangles, which is fastest."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRects([QRectF(x - 0.5, rect.top(), 1, rect.height()) for x in across])
    for y in down:
        painter.fillRect(QRectF(rect.left(), y - 0.5, rect.width(), 1), colour)
