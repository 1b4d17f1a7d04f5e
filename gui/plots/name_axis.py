"""An axis of names instead of numbers: classes, outcomes, rows and columns of a matrix."""

from collections.abc import Sequence
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.look.theme import Theme
from gui.plots.axes import Axes, draw_axis
from gui.plots.painting import CENTRE, put_text
from gui.plots.tick_axis import TickAxis

LONGEST = 6.0  # the greatest width of a name, in heights of a line of text; a longer one is shortened


class NameAxis(TickAxis):
    """An AxisItem below a plot with a name at each whole number from 0; as many as have room side by side."""

    lined = True  # whether the axis itself is drawn

    def __init__(self, theme: Theme, orientation: str = "bottom") -> None:
        self.names: tuple[str, ...] = ()
        self.caption = ""
        self.marked: int | None = None
        self.gap = 0.0  # pixels between the plot and the names, for other things that are drawn there
        super().__init__(orientation, theme)

    def setNames(
        self, names: Sequence[str], caption: str, marked: int | None = None, gap: float = 0.0
    ) -> None:
        """Show these names; one of them may be `marked` by its colour, bold letters and a line."""
        self.names, self.caption, self.marked, self.gap = tuple(names), caption, marked, gap

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if self.lined:
            draw_axis(painter, self.theme, axes, "bottom")
        rect, line = axes.plane.rect, self.theme.metrics().height()
        top = rect.bottom() + self.theme.px(3) + self.gap
        if self.names:
            self._draw_names(painter, axes, top)
            top += line
        painter.setFont(self.theme.font())
        below = QRectF(rect.left(), top, max(rect.width(), 60), line)
        put_text(painter, below, CENTRE, self.caption, self.theme.quiet)

    def _draw_names(self, painter: QPainter, axes: Axes, top: float) -> None:
        plane, rect = axes.plane, axes.plane.rect
        group, line = rect.width() / (plane.x[1] - plane.x[0]), self.theme.metrics().height()
        stride = self._stride(group, line)
        first, last = max(0, ceil(plane.x[0])), min(len(self.names) - 1, floor(plane.x[1]))
        for k in range(first, last + 1):
            near = self.marked is not None and abs(k - self.marked) < stride
            if k == self.marked or not (k % stride or (near and stride > 1)):
                middle = float(plane.px(k))
                spot = QRectF(middle - stride * group / 2, top, stride * group, line)
                self._draw_name(painter, spot, k, min(group / 3, self.theme.px(20)))

    def _stride(self, group: float, line: float) -> int:
        """Return k, if every k-th name is shown."""
        metrics = self.theme.metrics(bold=True)
        widest = min(max(map(metrics.horizontalAdvance, self.names), default=0.0), LONGEST * line)
        return max(1, ceil((widest + self.theme.px(3)) / group))

    def _draw_name(self, painter: QPainter, spot: QRectF, k: int, half: float) -> None:
        marked = k == self.marked
        painter.setFont(self.theme.font(bold=marked))
        put_text(painter, spot, CENTRE, self.names[k], self.theme.accent if marked else self.theme.quiet)
        if marked:
            painter.setPen(QPen(QColor(self.theme.accent), 2))
            x, y = spot.center().x(), spot.bottom() - 1  # under the letters, above the caption
            painter.drawLine(QPointF(x - half, y), QPointF(x + half, y))
