"""One column of stacked parts as a BarGraphItem."""

from math import inf, isfinite
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPen

from gui.look.theme import Theme
from gui.plots.axes import Axes
from gui.plots.bar_graph import HouseBars
from gui.plots.painting import CENTRE, faded, mixed, put_text, saved
from gui.plots.scale import VAST
from gui.plots.stack import Stack, SumPart, height_of

STRONG, FAINT, GAP = 0.75, 0.42, 0.1  # opacity of a highlighted part, of others, and of a gap


class Column(HouseBars):
    """A BarGraphItem of the parts of a sum, the first at the bottom.

    Infinite parts fill the rest of the plot above the others, and fade out at the top.
    """

    def __init__(self, theme: Theme) -> None:
        self.theme, self.stack = theme, Stack("", ())
        self.wide = 10.0  # its width in pixels, set by its panel
        self.highlight: str | None = None  # the name of highlighted parts
        self.pointed: int | None = None  # the part under the mouse
        super().__init__()
        reach = 1.5 * theme.text_px
        self.edge = (self.edge[0], -reach, self.edge[2], self.edge[3])

    def setStack(self, stack: Stack, left: float) -> None:
        """Show a sum, with its left edge at `left`."""
        self.stack = stack
        heights = np.array([height_of(part) for part in stack.parts])
        feet = (np.cumsum(heights) - heights).clip(max=VAST)
        count = len(stack.parts)
        pens: list[Any] = [pg.mkPen(part.stroke.colour, width=1.2) for part in stack.parts]
        brushes = [QBrush(faded(part.stroke.colour, FAINT)) for part in stack.parts]
        self.setOpts(
            x0=np.full(count, left),
            width=np.full(count, 0.42),
            y0=feet,
            height=heights,
            name=stack.name,
            pens=pens or None,
            brushes=brushes,
        )

    def boxes(self, axes: Axes) -> list[QRectF]:
        """Return where the parts are; parts of 0 have no height, infinite ones share the rest above."""
        plane, parts = axes.plane, self.stack.parts
        endless = sum(part.value == inf for part in parts)
        roof = float(plane.py(min(sum(map(height_of, parts)), VAST)))
        rest = max(roof - plane.rect.top() + 0.7 * self.line_height, 0.0) / max(endless, 1)
        taken, boxes = 0, []
        for k, part in enumerate(parts):
            left = float(plane.px(self.opts["x0"][k]))
            if part.value == inf:
                bottom, top = roof - taken * rest, roof - (taken + 1) * rest
                taken += 1
            else:
                foot, height = self.opts["y0"][k], self.opts["height"][k]
                bottom, top = float(plane.py(foot)), float(plane.py(foot + height))
            boxes.append(QRectF(QPointF(left, top), QPointF(left + self.wide, bottom)))
        return boxes

    @property
    def line_height(self) -> float:
        """Height of a line of ordinary text."""
        height: float = self.getViewWidget().line_height
        return height

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        told = self.highlight if self.getViewWidget().marked else None
        for k, (part, box) in enumerate(zip(self.stack.parts, self.boxes(axes), strict=True)):
            held = (live and k == self.pointed) or part.name == told
            strength = STRONG if held else GAP if part.gap else FAINT
            painter.setPen(QPen(QColor(part.stroke.colour), 2.4 if held else 1.2))
            painter.setBrush(faded(part.stroke.colour, strength))
            if part.value == inf:
                self._draw_endless(painter, box, part, strength)
            elif part.value != 0 and isfinite(part.value):
                if part.gap:
                    self._draw_gap(painter, box)
                else:
                    painter.drawRect(box)

    def _draw_gap(self, painter: QPainter, box: QRectF) -> None:
        """A box with broken sides, and an arrow from its foot to its top and back, as a length is marked."""
        pen, head, x = painter.pen(), self.theme.px(4), box.center().x()
        painter.fillRect(box, painter.brush())
        painter.setPen(QPen(pen.color(), pen.widthF(), Qt.PenStyle.DashLine))
        painter.drawLine(box.topLeft(), box.bottomLeft())
        painter.drawLine(box.topRight(), box.bottomRight())
        painter.setPen(QPen(pen.color(), max(pen.widthF(), self.theme.px(2))))
        if box.height() > 3 * head:
            for end, way in ((QPointF(x, box.top()), head), (QPointF(x, box.bottom()), -head)):
                painter.drawPolyline([end + QPointF(-head, way), end, end + QPointF(head, way)])
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))

    def _draw_endless(self, painter: QPainter, box: QRectF, part: SumPart, strength: float) -> None:
        """Draw an infinite part: it fades out at the top, under the sign ∞."""
        colour, ground = part.stroke.colour, self.theme.plot
        fade = QLinearGradient(box.bottomLeft(), box.topLeft())
        fade.setColorAt(0.0, mixed(colour, ground, strength))  # opaque colours: PDF has no other gradients
        fade.setColorAt(1.0, QColor(ground))
        painter.fillRect(box, fade)
        painter.drawPolyline([box.topLeft(), box.bottomLeft(), box.bottomRight(), box.topRight()])
        with saved(painter):
            painter.setPen(QColor(self.theme.text))
            painter.setFont(self.theme.font(self.theme.px(22), bold=True))
            height = min(box.height(), 1.6 * self.line_height)
            put_text(painter, QRectF(box.left(), box.top(), box.width(), height), CENTRE, "∞")
