"""An AxisItem with the house's ticks and words, which the panel has laid out before anything is painted."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.look.theme import Theme
from gui.plots.axes import Axes, draw_axis
from gui.plots.light_axis import LightAxis
from gui.plots.painting import plain
from gui.plots.part import Part
from gui.plots.scale import Scale


class HouseAxis(Part, LightAxis):
    """AxisItem that is painted in pixels of the panel, and has no SI prefixes.

    pyqtgraph finds out while it paints how much room its numbers need, and lays everything out anew. Here the
    room is known when the range changes, so that the first picture is right, also on paper.
    """

    def __init__(self, orientation: str, theme: Theme) -> None:
        self.theme = theme
        super().__init__(orientation, showValues=False)
        self.autoSIPrefix = False
        self.label.hide()

    def updateAutoSIPrefix(self) -> None:
        """No prefixes."""

    def _updateMaxTextSize(self, x: int) -> None:
        """The room is known before anything is painted."""

    def boundingRect(self) -> QRectF:
        """With the room for words that reach over its ends."""
        reach = self.theme.px(60)
        return self.mapRectFromParent(self.geometry()).adjusted(-reach, -reach, reach, reach)


class TickAxis(HouseAxis):
    """AxisItem whose ticks are 0.25, −2, 4×10⁵, 10⁻³ (`gui.plots.ticks`)."""

    def setLabel(self, text: str | None = None, units: str | None = None, *rest: Any, **style: Any) -> None:
        """Name the axis, whatever its page calls it; without words, as its page does."""
        self.labelText, self.labelUnits = plain(text or ""), plain(units or "")
        panel = self.getViewWidget()
        if panel is not None:
            panel.redraw()

    def named(self, scale: Scale) -> Scale:
        """A scale with the name that has been set here, if one has."""
        if not (self.labelText or self.labelUnits):
            return scale
        return replace(scale, label=self.labelText, unit=self.labelUnits)

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        draw_axis(painter, self.theme, axes, self.orientation)
