"""A panel over two axes, and what is seen of it: all that the data ask for, or a part the user has chosen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui.look.theme import Theme
from gui.plots.plot import HousePlot
from gui.plots.plot_panel import PlotPanel
from gui.plots.view import Ranges


class SightPanel(PlotPanel):
    """A plot that can be looked at closely.

    `home` is the view the data ask for; the view of a user who has zoomed or panned stays until the zoom is
    reset.
    """

    view_changed = Signal()

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self._home: Ranges = ((0.0, 1.0), (0.0, 1.0))

    def _join(self, plot: HousePlot) -> None:
        super()._join(plot)
        plot.vb.setHome(self._home)
        plot.vb.sigRangeChangedManually.connect(self.view_changed)

    @property
    def home(self) -> Ranges:
        """The view the data ask for, in axis coordinates."""
        return self._home

    @home.setter
    def home(self, home: Ranges) -> None:
        self._home = home
        if self.made:
            self.plot.vb.setHome(home)

    @property
    def sight(self) -> object:
        """What there is to see: where it is another, a closer look of before says nothing."""
        return self.home

    @property
    def zoomed(self) -> bool:
        """Whether the user has chosen the view."""
        return self.made and self.plot.vb.zoomed

    def reset_zoom(self) -> None:
        """See everything again."""
        self.plot.vb.lookHome()

    def zoom(self, factor: float, around: tuple[float, float] | None = None) -> None:
        """Enlarge around a point in axis coordinates, or around the middle."""
        view = self.plot.vb
        x, y = (1 / factor if on else None for on in view.state["mouseEnabled"])
        view.scaleBy(x=x, y=y, center=around)
        view.sigRangeChangedManually.emit([True, True])

    def look_like(self, other: "SightPanel") -> None:
        """See the part of the plot that is seen in another one, of the same data."""
        chosen = zip(other.plot.vb.state["autoRange"], other.ranges, strict=True)
        self.plot.vb.lookHome()
        self.plot.vb.look(*(seen if on is False else None for on, seen in chosen))

    def look_at(self, ranges: Ranges) -> None:
        """See a part of the plot, in axis coordinates."""
        self.plot.vb.look(*ranges)
