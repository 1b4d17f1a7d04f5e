"""A plot to sketch in: the curve that the user expects, and the real one."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QWheelEvent

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.curve import Curve
from gui.plots.curves import CurvesPanel
from gui.plots.scale import FloatArray
from gui.plots.target import Handle


class SketchPanel(CurvesPanel):
    """A curve over the steps 0 … n that is drawn with the mouse, or with a pencil that the arrow keys move.

    `values` are those of the sketch, NaN where nothing is drawn yet. The axes are those of the question and
    stay as they are; the wheel scrolls what is around. Ctrl+Z or Backspace takes the last stroke back.
    """

    def __init__(self, title: str, theme: Theme, steps: int, low: float, high: float) -> None:
        super().__init__(title, theme, "strip")
        self._x, self.values = np.arange(steps + 1.0), np.full(steps + 1, np.nan)
        self._low, self._high = low, high
        self._came: FloatArray = np.zeros(0)
        self._pencil = 0.0, (low + high) / 2
        self._before: list[tuple[FloatArray, tuple[float, float]]] = []  # what was there before each stroke
        self.drawable = True
        self.set_axes((tr("step"), ""), ("", ""), x_limits=(0.0, float(steps)), y_limits=(low, high))
        self.plot.vb.setMouseEnabled(False, False)
        self.drawn.connect(self._stroke)
        self.handle_dragged.connect(self._move_pencil)
        self._show()

    @property
    def empty_words(self) -> str:
        """What stands in it before anything is drawn."""
        return tr("Draw the curve here")

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what is around."""
        event.ignore()

    def show_curve(self, curve: FloatArray) -> None:
        """Show the real curve beside the sketch."""
        self._came = curve[: len(self._x)]
        self._show()

    def take_back(self) -> None:
        """Take the last stroke back."""
        if self._before:
            self.values, self._pencil = self._before.pop()
            self._show()

    def _grab(self, place: QPointF) -> bool:
        """Keep what is there before a stroke."""
        grabbed = super()._grab(place)
        if grabbed:
            self._remember()
        return grabbed

    def _drop(self, place: QPointF) -> None:
        super()._drop(place)
        self._forget_nothing()

    def _forget_nothing(self) -> None:
        """Forget a stroke of which nothing is drawn."""
        if self._before and np.array_equal(self._before[-1][0], self.values, equal_nan=True):
            self._before.pop()

    def _remember(self) -> None:
        self._before.append((self.values.copy(), self._pencil))

    def event(self, event: QEvent) -> bool:
        """Let Ctrl+Z be of the sketch, not of the window, while there is a stroke to take back."""
        asked = event.type() == QEvent.Type.ShortcutOverride and bool(self._before)
        if asked and isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        back = event.matches(QKeySequence.StandardKey.Undo) or event.key() == Qt.Key.Key_Backspace
        if back and self._before:
            self.take_back()
        else:
            super().keyPressEvent(event)

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        self._remember()
        taken = super()._step_to(right, up, event)
        self._forget_nothing()
        return taken

    def _move_pencil(self, key: str, x: float, y: float) -> None:
        self._stroke(*self._pencil, x, y)

    def _stroke(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a line from one place to another; it replaces the sketch over these steps."""
        last = len(self._x) - 1
        (x0, x1), (y0, y1) = np.clip((x0, x1), 0, last), np.clip((y0, y1), self._low, self._high)
        first, end = round(min(x0, x1)), round(max(x0, x1))
        if x0 == x1:
            self.values[first] = y1
        else:
            ends = ((x0, y0), (x1, y1)) if x0 < x1 else ((x1, y1), (x0, y0))
            (left, at_left), (right, at_right) = ends
            steps = np.arange(first, end + 1)
            self.values[first : end + 1] = np.interp(steps, (left, right), (at_left, at_right))
        self._pencil = float(x1), float(y1)
        self._show()

    def _show(self) -> None:
        """Show the curves; the name of the sketch stands there before it, or it would move under the pen."""
        theme, drawn = self.theme, 0 if np.isnan(self.values).all() else len(self._x)
        x, values = self._x[:drawn], self.values[:drawn].copy()
        curves = [Curve("sketch", tr("your sketch"), x, values, theme.stroke("adam"), width=2.4)]
        if len(self._came):
            x = self._x[: len(self._came)]
            curves.append(Curve("came", tr("this run"), x, self._came, theme.stroke("gradient_descent")))
        self.set_curves(curves)
        self.set_handles([Handle("pencil", "", *self._pencil, theme.stroke("adam"))])
