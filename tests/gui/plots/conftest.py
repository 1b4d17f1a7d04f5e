"""What the tests of plots share: a shown panel, a picture of it, and the colours in a picture."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication

from gui.plots.panel import Panel
from gui.plots.sheet import SCREEN


@pytest.fixture
def shown(qtbot) -> Callable[..., Panel]:
    """Show a panel and wait until it has been painted."""

    def show(panel: Panel, width: int = 480, height: int = 360) -> Panel:
        panel.resize(width, height)
        qtbot.addWidget(panel)
        panel.show()
        qtbot.waitExposed(panel)
        return panel

    return show


def painted(panel, width: int = 480, height: int = 360) -> np.ndarray:
    """Pixels (rows, columns, RGB) of the panel, painted as for a picture with playhead and selection."""
    image = QImage(width, height, QImage.Format.Format_RGBA8888)
    with QPainter(image) as painter:
        panel.paint(painter, QRectF(0, 0, width, height), SCREEN)
    return np.frombuffer(image.constBits(), np.uint8).reshape(height, width, 4)[..., :3].astype(int)


def pixels_of(image):
    """The pixels of a picture (rows, columns, RGB)."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    shape = image.height(), image.width(), 4
    return np.frombuffer(image.constBits(), np.uint8).reshape(shape)[..., :3].astype(int)


def has_colour(pixels: np.ndarray, colour: str, within: int = 12) -> bool:
    """Whether some pixel is (nearly) of a colour."""
    wanted = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return bool((np.abs(pixels - wanted).max(axis=-1) <= within).any())


def mouse(panel, kind: str, place: QPointF, keys=Qt.KeyboardModifier.NoModifier) -> None:
    """Press, move or release the left button at a place, exactly; "hover" moves without it."""
    types = {
        "press": QEvent.Type.MouseButtonPress,
        "move": QEvent.Type.MouseMove,
        "hover": QEvent.Type.MouseMove,
        "release": QEvent.Type.MouseButtonRelease,
        "double": QEvent.Type.MouseButtonDblClick,
    }
    button = Qt.MouseButton.NoButton if kind in ("move", "hover") else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind in ("release", "hover") else Qt.MouseButton.LeftButton
    event = QMouseEvent(types[kind], place, panel.mapToGlobal(place), button, held, keys)
    QApplication.sendEvent(panel.viewport(), event)


def click(panel, place: QPointF) -> None:
    """Press and release."""
    mouse(panel, "press", place)
    mouse(panel, "release", place)


def wheel(panel, place: QPointF, turn: int) -> None:
    """Turn the wheel by eighths of a degree."""
    from PySide6.QtCore import QPoint

    QApplication.sendEvent(
        panel.viewport(),
        QWheelEvent(
            place,
            panel.mapToGlobal(place),
            QPoint(),
            QPoint(0, turn),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )
