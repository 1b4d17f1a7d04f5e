"""Data points that can be dragged, added and removed, with curves through them."""

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from gui.plots.curves import CurvesPanel
from gui.plots.snapping import fine, tidy_at


class PointsPanel(CurvesPanel):
    """A plot of curves whose handles are points.

    A click with Ctrl adds a point, on a point it removes it; so do Insert (in the middle of the view) and
    Delete for the point that the keys move. `added` carries (x, y), `removed` the key of the handle.
    """

    added = Signal(float, float)
    removed = Signal(str)

    @property
    def chosen(self) -> str | None:
        """The key of the point that the keys move (the one dragged last); None without points."""
        return self.handles[self._index].key if self.handles else None

    def choose(self, key: str) -> None:
        """Let the keys move this point."""
        for index, one in enumerate(self.handles):
            if one.key == key:
                self._chosen = index
                self.update()

    def add_in_the_middle(self) -> None:
        """Ask for a new point in the middle of the view, from where it can be dragged."""
        axes = self.axes()
        self.added.emit(*tidy_at(axes, axes.plane.rect.center()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.button() == Qt.MouseButton.LeftButton:
                self._add_or_remove(event.position(), fine(event))
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.mousePressEvent(event)  # two quick clicks add two points
        else:
            super().mouseDoubleClickEvent(event)

    def _add_or_remove(self, place: QPointF, fine: bool) -> None:
        near = self._near(place)
        if near is not None:
            self.removed.emit(near.key)
        elif self.axes().plane.rect.contains(place):
            self.added.emit(*tidy_at(self.axes(), place, fine))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.chosen is not None:
            self.removed.emit(self.chosen)
        elif key == Qt.Key.Key_Insert:
            self.add_in_the_middle()
        else:
            super().keyPressEvent(event)
