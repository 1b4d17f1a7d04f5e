"""A panel with a camera: turned by dragging, zoomed by the wheel, and both by keys."""

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QWheelEvent

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.own.landscape import Camera
from gui.plots.panel import Panel

LOW, HIGH = 5.0, 90.0  # degrees of elevation


class TurnedPanel(Panel):
    """The base of panels that can be turned. While it is turned, it may be drawn coarsely (`_turning`)."""

    camera_changed = Signal()

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self._camera = Camera()
        self._held: QPointF | None = None
        self._turning = False
        self.reset_action = QAction(tr("Reset view"), self)
        self.reset_action.triggered.connect(self.reset_camera)
        self.addAction(self.reset_action)

    def redraw(self) -> None:
        """Draw everything again."""
        self.update()

    @property
    def camera(self) -> tuple[float, float, float]:
        """Azimuth and elevation in degrees, and the magnification."""
        return self._camera.azimuth, self._camera.elevation, self._camera.zoom

    @camera.setter
    def camera(self, camera: tuple[float, float, float]) -> None:
        azimuth, elevation, zoom = camera
        self._camera = Camera(
            (azimuth + 180) % 360 - 180, min(max(elevation, LOW), HIGH), min(max(zoom, 0.3), 8.0)
        )
        self.redraw()
        self.camera_changed.emit()

    def reset_camera(self) -> None:
        """Restore the first camera."""
        first = Camera()
        self.camera = (first.azimuth, first.elevation, first.zoom)

    # The mouse and the keys

    def begin_turning(self) -> None:
        """Draw a coarser mesh while the view is being turned."""
        self._turning = True

    def end_turning(self) -> None:
        """Draw the fine mesh again."""
        self._turning = False
        self.redraw()

    def _click(self, place: QPointF) -> None:
        self._held = place
        self.begin_turning()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            moved = event.position() - self._held
            self._held = event.position()
            self._turn(-0.45 * moved.x(), 0.35 * moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = None
            self.end_turning()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset_camera()

    def wheelEvent(self, event: QWheelEvent) -> None:
        azimuth, elevation, zoom = self.camera
        self.camera = (azimuth, elevation, zoom * 1.0015 ** event.angleDelta().y())

    def _turn(self, around: float, over: float) -> None:
        azimuth, elevation, zoom = self.camera
        self.camera = (azimuth + around, elevation + over, zoom)

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        self._turn(-5 * right, 5 * up)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, (azimuth, elevation, zoom) = Qt.Key(event.key()), self.camera
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.camera = (azimuth, elevation, zoom * (0.8 if key == Qt.Key.Key_Minus else 1.25))
        elif key == Qt.Key.Key_0:
            self.reset_camera()
        else:
            super().keyPressEvent(event)
