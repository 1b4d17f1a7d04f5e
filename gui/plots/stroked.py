"""A PlotCurveItem whose pen is one of our strokes, or one that is set as in pyqtgraph."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from gui.look.theme import Stroke
from gui.plots.part import InView
from gui.plots.scale import FloatArray


class StrokedCurve(InView, pg.PlotCurveItem):
    """A PlotCurveItem painted in pixels: `setData(x, y)`, `setPen("r")`, `opts["pen"]` as in pyqtgraph.

    It has the stroke of the curve that it shows, until a pen is set; from then on that pen.
    """

    def __init__(self, stroke: Stroke, width: float, **options: Any) -> None:
        self.stroke, self.width = stroke, width
        self._own = False  # whether a pen has been set
        super().__init__(pen=None, **options)  # without this, pyqtgraph makes a white pen
        self.opts["pen"] = pg.mkPen(stroke.colour, width=width)

    def setStroke(self, stroke: Stroke, width: float) -> None:
        """Set the stroke of the curve that is shown, unless a pen has been set."""
        if not self._own and (stroke, width) != (self.stroke, self.width):
            self.stroke, self.width = stroke, width
            self.opts["pen"] = pg.mkPen(stroke.colour, width=width)

    def setPen(self, *pen: Any, **options: Any) -> None:
        """Set the pen as in pyqtgraph; names of curves and the readout get its colour too."""
        super().setPen(*pen, **options)
        line: QPen = self.opts["pen"] or QPen(Qt.PenStyle.NoPen)
        self._own, self.width = True, max(line.widthF(), 1.0)
        dash = tuple(part * self.width for part in line.dashPattern())
        self.stroke = Stroke(line.color().name(), dash)
        self.setVisible(line.style() != Qt.PenStyle.NoPen)

    def setPoints(self, x: FloatArray, y: FloatArray) -> None:
        """Set the points of the line."""
        raise NotImplementedError

    def setData(self, *arguments: Any, **options: Any) -> None:
        """Set other points of the same curve: `setData(x, y)`, `setData(y)` and `pen=` as in pyqtgraph."""
        if "pen" in options and "pen" in self.opts:
            self.setPen(options["pen"])
        x, y = options.get("x"), options.get("y")
        if arguments:
            x, y = arguments if len(arguments) == 2 else (None, arguments[0])
        if y is not None:
            y = np.asarray(y, float)
            self.setPoints(np.arange(len(y), dtype=float) if x is None else np.asarray(x, float), y)
            self.update()

    updateData = setData
