"""An AxisItem that is made quickly: its label is typeset only when there is one."""

import pyqtgraph as pg


class LightAxis(pg.AxisItem):
    """An AxisItem that typesets its label only when it changes; pyqtgraph does it eight times at first."""

    _typeset = ""  # the label as it was typeset last
    _worded = False  # whether the label is to be shown, even if it is empty

    def showLabel(self, show: bool = True) -> None:
        """Show or hide the label."""
        self._worded = show
        super().showLabel(show)
        if show:
            self._updateLabel()

    def _updateLabel(self) -> None:
        words = self.labelString() if self._worded or self.labelText or self.labelUnits else ""
        if words != self._typeset:
            self._typeset = words
            self.label.setHtml(words)
        self._adjustSize()
        self.picture = None
        self.update()
