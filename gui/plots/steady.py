"""A plot that stays where it is under the mouse, while the wheel zooms it or a drag pans it."""

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QWheelEvent

from gui.look.theme import Theme
from gui.plots.axes import Axes
from gui.plots.sight import SightPanel

AWAY = 24  # pixels; the plot is laid out anew when the mouse has gone so far from where it zoomed


class SteadyPanel(SightPanel):
    """A plot that is not laid out anew for each range while the mouse changes it.

    Narrower numbers would move the axes away from under the mouse, and names that find another place the
    whole plot. So the room for the numbers only grows, and names stay where they are, until the mouse goes
    elsewhere.
    """

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self._zoomed_at: QPointF | None = None  # where the mouse changed the range
        self._numbers = 0.0  # the room for the numbers of y on the screen

    @property
    def steady(self) -> bool:
        """Whether the mouse is where it has changed the range."""
        return self._zoomed_at is not None

    def room_kept(self, live: bool) -> float:
        """Return the least room for the numbers of y, in pixels; `live` on the screen, not on paper."""
        return self._numbers if live and self.steady else 0.0

    def _place(self, axes: Axes) -> None:
        super()._place(axes)
        if self.live:
            self._numbers = axes.numbers

    def keep_steady(self, place: QPointF) -> None:
        """Keep the layout from now on: the mouse changes the range at this place."""
        self._zoomed_at = place

    def be_anew(self, place: QPointF | None = None) -> None:
        """Lay it out anew, if the mouse is no longer where it has changed the range."""
        at = self._zoomed_at
        if at is not None and (place is None or (place - at).manhattanLength() > AWAY):
            self._zoomed_at = None
            self.redraw()

    def reset_zoom(self) -> None:
        self.be_anew()
        super().reset_zoom()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.keep_steady(event.position())
        super().wheelEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.be_anew()

    def _resized(self) -> None:
        self._zoomed_at = None
        super()._resized()
