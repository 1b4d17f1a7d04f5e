"""Vectors and images as cells of colour, and numbers in the room there is."""

from collections.abc import Sequence
from math import ceil, sqrt

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from engine.activations import Array
from gui.look.theme import Theme
from gui.plots.colours import crisp, image, shades, table
from gui.plots.painting import LEFT, hairline, level, put_text
from gui.plots.ticks import texts

FAST = QImage.Format.Format_ARGB32_Premultiplied  # which Qt scales twenty times faster than others


def draw_cells(painter: QPainter, theme: Theme, rect: QRectF, values: Array, signed: bool = False) -> None:
    """Draw square cells [rows, columns]: ink on paper, or signed in a map centred on 0."""
    rows, columns = values.shape
    side = min(rect.width() / columns, rect.height() / rows)
    area = QRectF(rect.left(), rect.center().y() - side * rows / 2, side * columns, side * rows)
    draw_picture(painter, theme, area, values, signed)


def draw_maps(painter: QPainter, theme: Theme, rect: QRectF, maps: Array) -> None:
    """Draw maps [maps, rows, columns] as a block of pictures, in the order in which they are read."""
    count, rows, columns = maps.shape
    gap, limit = theme.px(3), float(np.abs(maps[np.isfinite(maps)]).max(initial=0.0)) or 1.0
    across = min(count, max(1, round(sqrt(count * rect.width() / max(rect.height(), 1.0) * rows / columns))))
    down = ceil(count / across)
    side = min((rect.width() + gap) / across - gap, ((rect.height() + gap) / down - gap) * columns / rows)
    high = side * rows / columns
    top = rect.center().y() - (down * (high + gap) - gap) / 2
    for k, values in enumerate(maps):
        row, column = divmod(k, across)
        spot = QRectF(rect.left() + column * (side + gap), top + row * (high + gap), side, high)
        draw_picture(painter, theme, spot, values, limit=limit)


def draw_column(painter: QPainter, theme: Theme, rect: QRectF, flat: Array, parts: int = 1) -> None:
    """Draw all numbers of an image in one column, and how many there are; a line after each of the parts."""
    wide = float(theme.px(8))
    area = QRectF(rect.center().x() - wide / 2, rect.top(), wide, rect.height())
    draw_picture(painter, theme, area, flat[:, None])
    painter.setPen(QColor(theme.quiet))
    for k in range(1, parts):
        level(painter, area.adjusted(-2, 0, 2, 0), area.top() + k * area.height() / parts)
    painter.setPen(QColor(theme.quiet))
    painter.setFont(theme.font(theme.small_px))
    line = QFontMetricsF(painter.font()).height()
    put_text(painter, QRectF(area.right() + 3, area.top(), 4 * line, line), LEFT, str(flat.size))


def draw_picture(
    painter: QPainter,
    theme: Theme,
    area: QRectF,
    values: Array,
    signed: bool = False,
    limit: float | None = None,
) -> None:
    """Draw cells [rows, columns] over all of an area; `limit` is the largest value of the colours."""
    put_picture(painter, theme, area, pictures(values[None], theme, signed, limit)[0])


def pictures(values: Array, theme: Theme, signed: bool = False, limit: float | None = None) -> list[QImage]:
    """Pictures of values [pictures, rows, columns] with colours of the same scale."""
    known = values[np.isfinite(values)]
    unit = values / (limit or float(np.abs(known).max(initial=0.0)) or 1.0)
    if signed:
        colours = shades((unit + 1) / 2, table("diverging", theme.plot))
    else:
        colours = shades(unit if theme.dark else 1 - unit, table("gray"))
    return [image(one).convertToFormat(FAST) for one in colours]


def put_picture(painter: QPainter, theme: Theme, area: QRectF, picture: QImage, live: bool = False) -> None:
    """Draw a picture over all of an area, in a frame; its pixels stay crisp.

    On the screen, `live`, they are so as they are; some readers of files would smooth them.
    """
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(area, picture if live else crisp(picture, 256))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(hairline(theme))
    painter.drawRect(area)


def broken(values: Array, rect: QRectF) -> Array:
    """Break a vector into rows, about in the proportions of `rect`; NaN fills the last row."""
    columns = max(1, round(sqrt(values.size * rect.width() / max(rect.height(), 1.0))))
    rows = ceil(values.size / columns)
    block = np.full(rows * columns, np.nan)
    block[: values.size] = values
    return block.reshape(rows, columns)


def bold(font: QFont) -> QFont:
    """The same font, heavier."""
    heavy = QFont(font)
    heavy.setBold(True)
    return heavy


def written_in(values: Sequence[float], metrics: QFontMetricsF, room: float) -> list[str]:
    """Write numbers with four digits, or with fewer decimals where there is less room."""
    ways = texts(values)
    return next((way for way in ways if max(map(metrics.horizontalAdvance, way)) <= room), ways[-1])
