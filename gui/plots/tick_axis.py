"""An AxisItem with our own ticks and texts, which the panel lays out before anything is painted."""

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
from gui.plots.ticks import Ticks


class HouseAxis(Part, LightAxis):
    """An AxisItem that is painted in pixels of the panel, and has no SI prefixes.

    pyqtgraph measures its numbers while it paints, and then lays everything out again. Here the room is known
    as soon as the range changes, so that the first picture is right, also on paper.
    """

    def __init__(self, orientation: str, theme: Theme) -> None:
        self.theme = theme
        super().__init__(orientation, showValues=False)
        self.autoSIPrefix = False
        self.label.hide()

    def updateAutoSIPrefix(self) -> None:
        """Do nothing: there are no SI prefixes."""

    def _updateMaxTextSize(self, x: int) -> None:
        """Do nothing: the room is known before anything is painted."""

    def boundingRect(self) -> QRectF:
        """Return its rectangle with room for texts that reach over its ends."""
        reach = self.theme.px(60)
        return self.mapRectFromParent(self.geometry()).adjusted(-reach, -reach, reach, reach)


class TickAxis(HouseAxis):
    """An AxisItem whose ticks are written as 0.25, −2, 4×10⁵, 10⁻³ (`gui.plots.ticks`)."""

    told: Ticks | None = None  # those that a user has set

    def setLabel(self, text: str | None = None, units: str | None = None, *rest: Any, **style: Any) -> None:
        """Set the name of the axis instead of the page's; without a text, restore the page's."""
        self.labelText, self.labelUnits = plain(text or ""), plain(units or "")
        panel = self.getViewWidget()
        if panel is not None:
            panel.redraw()

    def setTicks(self, ticks: Any) -> None:
        """Set the ticks, [[(place, text), …], …], instead of those that fit; None restores these."""
        found = sorted((float(place), str(text)) for level in ticks or () for place, text in level)
        places, labels = tuple(place for place, _ in found), tuple(text for _, text in found)
        self.told = None if ticks is None else Ticks(places, labels)
        panel = self.getViewWidget()
        if panel is not None:
            panel.redraw()

    def named(self, scale: Scale) -> Scale:
        """Return the scale with the name and the ticks that have been set here, if there are any."""
        if self.told is not None:
            scale = replace(scale, told=self.told)
        if not (self.labelText or self.labelUnits):
            return scale
        return replace(scale, label=self.labelText, unit=self.labelUnits)

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        draw_axis(painter, self.theme, axes, self.orientation)
