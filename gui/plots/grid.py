"""The grid under a plot: a faint line at every tick."""

from collections.abc import Iterable

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter

from gui.look.theme import Theme
from gui.plots.axes import Axes
from gui.plots.painting import faded, saved


def draw_grid(
    painter: QPainter, theme: Theme, axes: Axes, live: bool = False, shown: tuple[bool, bool] = (True, True)
) -> None:
    """Draw a line at every tick, fainter ones at the minor ticks; across and up where they are `shown`."""
    plane, x, y = axes.plane, axes.x_ticks, axes.y_ticks
    with saved(painter):
        for across, up, share in ((x.minor, y.minor, 0.25), (x.places, y.places, 0.8)):
            at = plane.px(across if shown[0] else ()), plane.py(up if shown[1] else ())
            _draw_grid(painter, plane.rect, *at, faded(theme.hairline, share), live)


def _draw_grid(
    painter: QPainter,
    rect: QRectF,
    across: Iterable[float],
    down: Iterable[float],
    colour: QColor,
    live: bool,
) -> None:
    """Draw grid lines, as the thin rectangles that are the quickest to fill."""
    upright = [QRectF(x - 0.5, rect.top(), 1, rect.height()) for x in across]
    if live and painter.device().devicePixelRatio() == 1:
        _fill_upright(painter, upright, colour)
    else:
        _fill(painter, upright, colour)
    for y in down:
        painter.fillRect(QRectF(rect.left(), y - 0.5, rect.width(), 1), colour)


def _fill(painter: QPainter, rects: list[QRectF], colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRects(rects)


def _fill_upright(painter: QPainter, rects: list[QRectF], colour: QColor) -> None:
    """Fill rectangles of one height that stand side by side: one row of them, repeated downwards.

    By itself a thin rectangle touches every row of the picture, which takes five times as long.
    """
    if not rects:
        return
    left, right = int(min(map(QRectF.left, rects))) - 1, int(max(map(QRectF.right, rects))) + 2
    top, bottom = round(rects[0].top()), round(rects[0].bottom())
    row = QImage(right - left, 1, QImage.Format.Format_ARGB32_Premultiplied)
    row.fill(0)
    with QPainter(row) as one:
        one.setRenderHint(QPainter.RenderHint.Antialiasing)
        _fill(one, [QRectF(rect.left() - left, 0, rect.width(), 1) for rect in rects], colour)
    painter.setBrushOrigin(left, top)
    painter.fillRect(QRect(left, top, right - left, bottom - top), QBrush(row))
    painter.setBrushOrigin(0, 0)
