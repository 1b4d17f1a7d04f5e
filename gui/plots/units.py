"""A map of the units of a network, layer by layer: how active each is, with a cross on dead ones."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.cells import Cell
from gui.plots.colours import ink_on, shades, table
from gui.plots.described import Columns
from gui.plots.heatmap import HeatmapPanel
from gui.plots.painting import saved
from gui.plots.scale import FloatArray
from gui.plots.ticks import value_text

BLUNT = 12.0  # the greatest half width of a cross, in pixels


class UnitsPanel(HeatmapPanel):
    """A row for each layer, a cell for each unit. The colour is a fraction from 0 to 1; a cross: dead."""

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.numbers = False
        self._dead: NDArray[np.bool_] = np.zeros((0, 0), bool)

    def set_units(self, shares: FloatArray, dead: NDArray[np.bool_]) -> None:
        """Show the fraction of examples on which each unit is active, and the dead ones: (layers, units)."""
        layers, units = shares.shape
        self._dead = np.asarray(dead, bool)
        names = [tr("layer {n}", n=k + 1) for k in range(layers)]
        self.set_matrix(shares, names, [str(k + 1) for k in range(units)], limit=1.0)

    def table(self) -> Columns:
        """Return one row for each unit."""
        layers, units = self._values.shape
        return [
            (tr("layer"), np.repeat(np.arange(1, layers + 1), units)),
            (tr("hidden unit"), np.tile(np.arange(1, units + 1), layers)),
            (tr("fraction of examples"), self._values.ravel()),
            (tr("dead"), self._dead.ravel().astype(int)),
        ]

    def _told(self, cell: Cell) -> str:
        share = value_text(float(self._values[cell]))
        where = f"{self._label(0, cell[0])} · {self._label(1, cell[1])}: {share}"
        return f"{where} · {tr('dead')}" if self._is_dead(cell) else where

    def _is_dead(self, cell: Cell) -> bool:
        return cell[0] < self._dead.shape[0] and cell[1] < self._dead.shape[1] and bool(self._dead[cell])

    def _draw_marks(self, painter: QPainter, grid: QRectF) -> None:
        """Draw the crosses, each in black or white, whichever has more contrast with its cell."""
        if self._dead.shape != self._values.shape:
            return
        colours = shades(self._scale.unit(self._values[self._dead]), table("viridis"))
        size = self._cell(grid, 0, 0)
        half = min(BLUNT * self.theme.scale, 0.3 * min(size.width(), size.height()))
        first = size.center() - QPointF(0.5, 0.5)
        crosses: dict[tuple[int, ...], list[QLineF]] = {}  # by colour
        for (i, j), colour in zip(np.argwhere(self._dead).tolist(), colours.tolist(), strict=True):
            middle = first + QPointF(j * size.width(), i * size.height())
            crosses.setdefault(tuple(colour[:3]), []).extend(cross(middle, half))
        with saved(painter):
            for colour, lines in crosses.items():
                pen = QPen(ink_on(QColor(*colour)), max(1.0, min(2.0, 0.3 * half)) * self.theme.scale)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                painter.drawLines(lines)


def cross(middle: QPointF, half: float) -> list[QLineF]:
    """Return the two lines of a cross."""
    rise, fall = QPointF(half, -half), QPointF(half, half)
    return [QLineF(middle - rise, middle + rise), QLineF(middle - fall, middle + fall)]
