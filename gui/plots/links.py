"""Plots over the same steps show the same range: a zoom or pan of one along x moves the others."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from gui.plots.zoom import ZoomPanel


class Links(QObject):
    """Links the x axes of those plots of a page that have the same name, unit and scale.

    Axes of steps and epochs are linked automatically; a plot that is not `linked` stays independent.
    """

    def __init__(self, panels: Sequence[ZoomPanel], page: QObject) -> None:
        super().__init__(page)
        self._moving = False
        for panel in panels:
            panel.view_changed.connect(self._follow)

    def _follow(self) -> None:
        one, page = self.sender(), self.parent()
        if self._moving or page is None or not isinstance(one, ZoomPanel) or not one.linked:
            return
        self._moving = True
        try:
            for other in page.findChildren(ZoomPanel):
                if other is not one and other.linked and other.x_axis == one.x_axis:
                    other.follow_x(one)
        finally:
            self._moving = False
