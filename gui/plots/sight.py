"""A panel over two axes and its visible range: the home range of the data, or the user's zoom."""

from contextlib import nullcontext
from weakref import ref

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter

from gui.look.theme import Theme
from gui.plots.guests import at_full_width, visited
from gui.plots.plot import HousePlot
from gui.plots.plot_panel import PlotPanel
from gui.plots.sheet import PAPER, Manner
from gui.plots.view import Ranges


class SightPanel(PlotPanel):
    """A plot that can be zoomed and panned.

    `home` is the range that the data ask for. After the user has zoomed or panned, that range stays until the
    zoom is reset.
    """

    view_changed = Signal()

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self._home: Ranges = ((0.0, 1.0), (0.0, 1.0))
        self._model: ref[SightPanel] | None = None  # the plot that it looks like

    def _join(self, plot: HousePlot) -> None:
        super()._join(plot)
        plot.vb.setHome(self._home)
        plot.vb.sigRangeChangedManually.connect(self.view_changed)

    @property
    def content(self) -> QRectF:
        """The part for the plot, without the room of axes at the right and at the top that a user shows."""
        rect = super().content
        if not self.made:
            return rect
        return rect.adjusted(0, self.plot.room_of("top"), -self.plot.room_of("right"), 0)

    @property
    def home(self) -> Ranges:
        """The range that the data ask for, in axis coordinates."""
        return self._home

    @home.setter
    def home(self, home: Ranges) -> None:
        self._home = home
        if self.made:
            self.plot.vb.setHome(home)

    @property
    def sight(self) -> object:
        """Return what identifies the content: if it differs from before, an older zoom has no meaning."""
        return self.home

    @property
    def zoomed(self) -> bool:
        """Whether the user has chosen the visible range."""
        return self.made and self.plot.vb.zoomed

    def reset_zoom(self) -> None:
        """Show everything again."""
        self.plot.vb.lookHome()

    def zoom(self, factor: float, around: tuple[float, float] | None = None) -> None:
        """Zoom in by `factor` around a point in axis coordinates, or around the middle."""
        view = self.plot.vb
        x, y = (1 / factor if on else None for on in view.state["mouseEnabled"])
        view.scaleBy(x=x, y=y, center=around)
        view.sigRangeChangedManually.emit([True, True])

    def look_like(self, other: "SightPanel") -> None:
        """Take over the visible range of another plot of the same data, and on paper what was added to it."""
        self._model = ref(other)
        chosen = zip(other.plot.vb.state["autoRange"], other.ranges, strict=True)
        self.plot.vb.lookHome()
        self.plot.vb.look(*(seen if on is False else None for on, seen in chosen))

    def look_at(self, ranges: Ranges) -> None:
        """Show a part of the plot, given in axis coordinates."""
        self.plot.vb.look(*ranges)

    def paint(self, painter: QPainter, rect: QRectF, manner: Manner = PAPER) -> None:
        model = self._model() if self._model is not None else None
        visit = visited(self.plot, model.plot) if model is not None and model.made else nullcontext()
        with visit, at_full_width(self.plot, painter):
            super().paint(painter, rect, manner)
