"""What can be caught in a plot, rings, points, bars and starts, and a mouse that drags it as a hand would."""

from collections.abc import Iterator
from math import cos, sin

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from gui.plots.bars import BarsPanel
from gui.plots.contours import FieldPanel
from gui.plots.curves import CurvesPanel
from gui.plots.own.drawing_pad import DrawingPad
from gui.plots.panel import Panel
from gui.plots.target import spots_of
from gui.views.entropy.three_classes_panel import TrianglePanel

EACH = 2  # of a plot's points, and of each series of bars
REACH = 24.0  # pixels from where it was, there and back
PEN = 90.0  # … of a pen: at each move its stroke is longer
PRESS, MOVE, RELEASE = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonRelease,
)


def handles(panel: Panel) -> Iterator[tuple[str, QPointF]]:
    """Where something in a plot can be caught."""
    if isinstance(panel, CurvesPanel):
        spots = spots_of(panel.axes(), panel.handles)
        yield from ((one.key, spot) for one, spot in list(zip(panel.handles, spots, strict=True))[:EACH])
    elif isinstance(panel, BarsPanel):
        every = [(n, k) for n in range(len(panel.series)) for k in range(min(EACH, len(panel.labels)))]
        for n, k in filter(panel._free, every):
            yield f"{panel.series[n].key} {k}", panel._bar(panel.axes(), n, k).center()
    elif isinstance(panel, DrawingPad):
        yield "pen", panel.square.center()
    elif isinstance(panel, TrianglePanel):
        yield from ((key, panel.axes().plane.point(*place)) for key, place in panel.places.items())
    elif isinstance(panel, FieldPanel) and panel.start is not None:
        yield "start", panel.axes().plane.point(*panel.start)


class Mouse:
    """The left button held down over a plot."""

    def __init__(self, panel: Panel, spot: QPointF) -> None:
        self.panel, self.spot = panel, spot
        self.reach = PEN if isinstance(panel, DrawingPad) else REACH
        self._send(PRESS, spot)

    def move(self, turn: int) -> None:
        """Go a little further on a small loop."""
        self._send(MOVE, self.spot + QPointF(self.reach * sin(turn / 8), self.reach * (cos(turn / 8) - 1)))

    def release(self) -> None:
        """Let go."""
        self._send(RELEASE, self.spot)

    def _send(self, kind: QEvent.Type, place: QPointF) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        changed, held = none if kind == MOVE else left, none if kind == RELEASE else left
        event = QMouseEvent(
            kind, place, self.panel.mapToGlobal(place), changed, held, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(self.panel.viewport(), event)
