"""An AxisItem that is made quickly: its words are typeset when it has some."""

import pyqtgraph as pg


class LightAxis(pg.AxisItem):
    """AxisItem that typesets its words only where they change; pyqtgraph does it eight times at first."""

    _typeset = ""  # the words as they stand
    _worded = False  # whether they are to be shown, even if there are none

    def showLabel(self, show: bool = True) -> None:
        """Show or hide the words."""
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
