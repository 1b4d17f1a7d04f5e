"""Curves over a common axis, which may grow while they are shown; and handles that can be dragged."""

from PySide6.QtCore import SIGNAL, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent

from gui.look.theme import Theme
from gui.plots.change_lines import Turn, turn_at
from gui.plots.curve import Curve, Mark
from gui.plots.curves_picture import CurvesPicture
from gui.plots.grip import STILL, kept_within
from gui.plots.readout import NEAR, nearest_x
from gui.plots.snapping import stepped, tidy_at
from gui.plots.span import Span
from gui.plots.target import Handle, handle_at, spot_of

__all__ = ["Curve", "CurvesPanel", "Handle", "Mark", "Span", "Turn"]

CLICKED = SIGNAL("clicked(double)")
NEAR_LINE = 5.0  # pixels beside the playhead within which it can be grabbed
CURSORS = {
    "x": Qt.CursorShape.SizeHorCursor,
    "y": Qt.CursorShape.SizeVerCursor,
    "xy": Qt.CursorShape.SizeAllCursor,
}


class CurvesPanel(CurvesPicture):
    """Any number of curves, with a line at the playhead.

    `set_curves` may be called at every frame with longer arrays: the visible range only grows, in round
    steps, until `restart` begins a new run. `clicked` carries the x of a click, to jump there; if it is
    connected, the playhead can be dragged too, which also emits `clicked`.
    Handles can be dragged with the mouse or the arrow keys (Tab goes to the next); during this the visible
    range does not change. In a panel that is `drawable` the mouse draws: `drawn` carries each stroke, from
    (x, y) to (x, y). With `readout` the values of all curves stand beside the mouse; `hovered` carries its x.
    """

    clicked = Signal(float)
    handle_dragged = Signal(str, float, float)  # key, x, y
    drawn = Signal(float, float, float, float)

    def __init__(self, title: str, theme: Theme, legend: str = "auto") -> None:
        super().__init__(title, theme)
        self.legend = legend
        self.drawable = False
        self._pen: QPointF | None = None  # where a drawing mouse was last
        self._offset = QPointF()  # from the mouse to the middle of the handle that it holds
        self._steering = self._touched = False  # whether the playhead is held; whether it has not moved yet

    def _click(self, place: QPointF) -> None:
        turn = turn_at(self.axes(), self.turns, place.x(), self.theme.scale)
        self.clicked.emit(self.axes().values_at(place)[0] if turn is None else turn.x)

    @property
    def steers(self) -> bool:
        """Whether the playhead can be dragged: `clicked` is connected."""
        return self.playhead.isVisible() and self.receivers(CLICKED) > 0

    def _on_playhead(self, place: QPointF) -> bool:
        """Whether a place is near the playhead, of which half is outside the plot at the last step."""
        plane, reach = self.axes().plane, NEAR_LINE * self.theme.scale
        at = float(plane.px(self.playhead.value()))
        seen = plane.rect.left() - 1 <= at <= plane.rect.right() + 1
        within = plane.rect.top() <= place.y() <= plane.rect.bottom()
        return self.steers and seen and within and abs(at - place.x()) <= reach

    def _steer(self, place: QPointF) -> None:
        """Move the playhead to the mouse; with steps, to whole ones."""
        axes = self.axes()
        x = axes.x.value(kept_within(axes.plane.at(place)[0], axes.plane.x))
        self.clicked.emit(float(round(x)) if axes.x.whole else tidy_at(axes, place, self._fine)[0])

    # The mouse

    def _near(self, place: QPointF) -> Handle | None:
        return handle_at(self.axes(), self.handles, place, self.theme.scale)

    def _grab(self, place: QPointF) -> bool:
        self._held = self._near(place)
        if self._held is not None:
            self._chosen = self.handles.index(self._held)
            self._offset = spot_of(self.axes(), self._held) - place
            self.update()
        elif self._on_playhead(place):
            self._steering = self._touched = True
        elif self.drawable and not self.frame_action.isChecked() and self.axes().plane.rect.contains(place):
            self._pen = place  # the stroke begins as the mouse moves: a click may only mean the focus
        return self._held is not None or self._pen is not None or self._steering

    def _drag(self, place: QPointF) -> None:
        if self._held is not None:
            x, y = tidy_at(self.axes(), place + self._offset, self._fine)
            held = self._held
            self.handle_dragged.emit(
                held.key, x if "x" in held.free else held.x, y if "y" in held.free else held.y
            )
        elif self._steering:
            if not self._touched or (place - self._pressed).manhattanLength() > STILL:
                self._touched = False
                self._steer(place)
        elif self._pen is not None:
            self.drawn.emit(*self.axes().values_at(self._pen), *self.axes().values_at(place))
            self._pen = place

    def _drop(self, place: QPointF) -> None:
        dragged, self._held, self._pen = self._held is not None, None, None
        touched, self._steering, self._touched = self._touched, False, False
        if touched:
            self._clicked_at()
        if dragged:
            self._follow()
            self.redraw()

    def _hover(self, place: QPointF | None) -> None:
        before, self._mouse = self._mouse, self._meant(place)
        x = None if self._mouse is None else self._mouse[1]
        if x != (None if before is None else before[1]):
            self.hovered.emit(x)
        self.setCursor(self._shape(place))
        self._tell_more(place)
        if self.readout and self._mouse != before:
            self.update()

    def _tell_more(self, place: QPointF | None) -> None:
        """Write beside the mouse what was changed at the line that it points at, or the names of a legend."""
        turn = None if place is None else turn_at(self.axes(), self.turns, place.x(), self.theme.scale)
        names = "" if place is None else self.names_at(place)
        words = names if turn is None else turn.words
        if words != self.viewport().toolTip():
            self.viewport().setToolTip(words)

    def _shape(self, place: QPointF | None) -> Qt.CursorShape:
        """Return the shape of the pointer, which shows how the thing under it can be dragged."""
        near = self._near(place) if place is not None and self.handles else None
        if near is not None:
            return CURSORS[near.free]
        over = place is not None and self._on_playhead(place)
        return Qt.CursorShape.SplitHCursor if over or self._steering else Qt.CursorShape.ArrowCursor

    def _meant(self, place: QPointF | None) -> tuple[QPointF, float] | None:
        """Return the place inside the axes, and the x that the mouse means there."""
        axes = self.axes()
        if place is None or not axes.plane.rect.contains(place):
            return None
        xs = [curve.x for curve in self.curves if curve.name]
        at = axes.plane.at(place)[0]
        return place, nearest_x(xs, axes, at, NEAR * self.theme.scale)

    # The keys

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go to the next handle; after the last, let the focus go to the next widget."""
        wanted = self._index + (1 if forward else -1)
        if self.handles and 0 <= wanted < len(self.handles):
            self._chosen = wanted
            self.update()
            return True
        return super().focusNextPrevChild(forward)

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        if not self.handles:
            return False
        one, moved = self.handles[self._index], []
        for free, scale, value, way, seen in zip(
            "xy", (self.x_axis, self.y_axis), (one.x, one.y), (right, up), self.ranges, strict=True
        ):
            moved.append(stepped(scale, value, way if free in one.free else 0, seen, event))
        if moved != [one.x, one.y]:
            self.handle_dragged.emit(one.key, *moved)
        return True
