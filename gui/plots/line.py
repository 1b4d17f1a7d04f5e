"""A curve as a PlotCurveItem that is fast for any length and width, and exported as real vectors."""

from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from gui.look.theme import Theme
from gui.plots.axes import Axes, Plane
from gui.plots.curve import Curve
from gui.plots.lines import curve_pixels, dot, draw_line, pieces, polygon
from gui.plots.painting import faded
from gui.plots.part import EDGE
from gui.plots.room import Pixels
from gui.plots.scale import FloatArray, Scale
from gui.plots.stroked import StrokedCurve

FEW = 60  # up to this many sparse measurements get a marker each
MOST = 2000  # the most markers of one curve
CLOUD = 0.55  # opacity of the points of a cloud
FILL = 0.16  # opacity of the area under a filled curve


class CurveLine(StrokedCurve):
    """The PlotCurveItem of a `Curve`: x never decreases, NaN is a gap, axes may be logarithmic.

    On the screen it draws the envelope of long data (smallest and largest value of each pixel column) as
    several thin lines, which Qt draws twenty times as fast as one wide antialiased line. On paper it uses one
    wide pen, cut at the edges. The arrays are not copied, and must not change.
    """

    edge = EDGE  # of a line at the edge of the plot, half is visible
    spots = False  # whether its values are drawn as points, also in the legend

    def __init__(self, theme: Theme, curve: Curve) -> None:
        self.theme, self.curve = theme, curve
        self._pixels: tuple[Plane, tuple[bool, bool], Pixels] | None = None
        super().__init__(curve.stroke, curve.width)
        self.setCurve(curve)

    def setCurve(self, curve: Curve) -> None:
        """Show this curve from now on."""
        self.curve, self._pixels = curve, None
        self.xData, self.yData = curve.measured()
        self.opts["name"] = curve.name
        self.setStroke(curve.stroke, curve.width)
        self._boundsCache = [None, None]
        self.informViewBoundsChanged()
        self.sigPlotChanged.emit(self)

    @property
    def told(self) -> Curve:
        """Return the curve with the stroke that it is drawn with."""
        return self.curve if self.stroke == self.curve.stroke else replace(self.curve, stroke=self.stroke)

    def setPoints(self, x: FloatArray, y: FloatArray) -> None:
        self.setCurve(replace(self.curve, x=x, y=y))

    def dataBounds(self, ax: int, frac: float = 1.0, orthoRange: object = None) -> tuple[Any, Any]:
        """Return the range of the finite values along an axis, in axis coordinates."""
        panel = self.getViewWidget()
        scale = Scale() if panel is None else (panel.x_axis, panel.y_axis)[ax]
        known = scale.coordinate((self.xData, self.yData)[ax])
        known = known[np.isfinite(known)]
        return (float(known.min()), float(known.max())) if known.size else (None, None)

    def pixels(self, axes: Axes) -> Pixels:
        """Return the curve in pixels of the panel, with fewer points if it is long."""
        key = axes.x.log, axes.y.log
        if self._pixels is None or self._pixels[0] is not axes.plane or self._pixels[1] != key:
            self._pixels = axes.plane, key, curve_pixels(self.xData, self.yData, axes.plane, (axes.x, axes.y))
        return self._pixels[2]

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        x, y = self.pixels(axes)
        if self.curve.fill:
            # On the screen the line covers the edge; without antialiasing a fill is four times as fast.
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, not live)
            self._draw_area(painter, axes, x, y)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        width, alpha = self.width * self.theme.scale, self.curve.alpha
        draw_line(painter, x, y, self.stroke, width, alpha=alpha, live=live, within=axes.plane.rect)
        self._draw_markers(painter, axes.plane.rect, x, y)

    def _draw_markers(self, painter: QPainter, rect: QRectF, x: FloatArray, y: FloatArray) -> None:
        """Draw a dot at each of a few measurements, and at each value between two gaps."""
        known = np.isfinite(y)
        if not self.curve.sparse and len(y) > 1 and known.all():
            return
        single = known.copy()
        single[1:] &= ~known[:-1]
        single[:-1] &= ~known[1:]
        marked = known if self.curve.sparse and known.sum() <= FEW else single
        radius, colour = self.width * self.theme.scale + 1.0, self.stroke.colour
        painter.setOpacity(self.curve.alpha)
        for px, py in zip(x[marked][:MOST].tolist(), y[marked][:MOST].tolist(), strict=True):
            if px == px and rect.contains(px, py):  # on a log axis, step 0 has no place
                dot(painter, px, py, radius, colour, self.theme.plot)
        painter.setOpacity(1.0)

    def _draw_area(self, painter: QPainter, axes: Axes, x: FloatArray, y: FloatArray) -> None:
        """Shade from a curve down (or up) to its base, or to the bottom of a log axis."""
        plane = axes.plane
        low, high = plane.y
        zero = float(plane.py(low if axes.y.log else min(max(self.curve.base, low), high)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(self.stroke.colour, FILL * self.curve.alpha))
        within = x.clip(plane.rect.left(), plane.rect.right())
        for left, top in pieces(within, y.clip(plane.rect.top(), plane.rect.bottom())):
            ends = np.array([left[-1], left[0]])
            painter.drawPolygon(polygon(np.append(left, ends), np.append(top, [zero, zero])))


class Dots(CurveLine):
    """Points that may overlap, with a gap after each."""

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        x, y = self.pixels(axes)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(self.stroke.colour, CLOUD))
        radius = 2 * self.width * self.theme.scale
        known = np.isfinite(y)  # where what is seen begins with a gap, these are not every second one
        for at in zip(x[known].tolist(), y[known].tolist(), strict=True):
            if axes.plane.rect.contains(*at):
                painter.drawEllipse(QPointF(*at), radius, radius)
