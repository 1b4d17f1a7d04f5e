"""Where the window stands: wholly on a screen, with its frame, whatever was saved and whatever is left of it.

All rectangles are in logical pixels. A *place* is the window without its frame; `frame` is what the window
manager puts around it.
"""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMargins, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

WANTED = QSize(1440, 900)
SMALLEST = QSize(960, 600)
FRAME = QMargins(4, 40, 4, 8)  # more than most window managers need; they tell only when they have drawn it
SEEN = 0.25  # the part of a saved place that must be on some screen, or it is from one that is gone


def first_place(available: QRect, frame: QMargins = FRAME) -> QRect:
    """Where the window begins: as large as wanted, or as fits, in the middle of the screen."""
    room = available.marginsRemoved(frame)
    place = QRect(room.topLeft(), WANTED.boundedTo(room.size()))
    place.moveCenter(room.center())
    return place


def fitted(place: QRect, available: QRect, frame: QMargins = FRAME) -> QRect:
    """A place, moved and, where it must be, made smaller, so that its frame is all on the screen."""
    room = available.marginsRemoved(frame)
    size = place.size().boundedTo(room.size())
    left = min(max(place.left(), room.left()), room.left() + room.width() - size.width())
    top = min(max(place.top(), room.top()), room.top() + room.height() - size.height())
    return QRect(left, top, size.width(), size.height())


def kept_place(place: QRect, screens: Sequence[QRect], frame: QMargins = FRAME) -> QRect | None:
    """A saved place, fitted to the screen that shows most of it; None where none shows enough of it."""
    shown = [_area(place.intersected(screen)) for screen in screens]
    most = max(range(len(screens)), key=shown.__getitem__)
    if place.isEmpty() or shown[most] < SEEN * _area(place):
        return None
    return fitted(place, screens[most], frame)


def _area(rect: QRect) -> int:
    return max(0, rect.width()) * max(0, rect.height())


def place_window(window: QWidget, saved: QByteArray | None) -> None:
    """Put a window, before it is shown, where it was saved, or in the middle of the main screen."""
    main = QGuiApplication.primaryScreen().availableGeometry()
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    found = None
    if saved is not None and window.restoreGeometry(saved):
        place = (
            window.normalGeometry() if window.isMaximized() or window.isFullScreen() else window.geometry()
        )
        found = kept_place(place, screens)
    state = window.windowState()
    window.setWindowState(state.WindowNoState)
    window.setMinimumSize(SMALLEST.boundedTo(main.marginsRemoved(FRAME).size()))
    window.setGeometry(found or first_place(main))
    window.setWindowState(state)


def keep_on_screen(window: QWidget) -> None:
    """Bring a shown window back to its screen, if the frame that it has got by now reaches beyond."""
    if window.isMaximized() or window.isFullScreen():
        return
    place, outer = window.geometry(), window.frameGeometry()
    frame = QMargins(
        place.left() - outer.left(),
        place.top() - outer.top(),
        outer.right() - place.right(),
        outer.bottom() - place.bottom(),
    )
    wanted = fitted(place, window.screen().availableGeometry(), frame)
    if wanted != place:
        window.setGeometry(wanted)
