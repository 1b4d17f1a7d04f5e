"""The window is on the screen as a whole: small ones, large ones, and those that are gone."""

import pytest
from PySide6.QtCore import QByteArray, QMargins, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from gui.app.placement import first_place, fitted, keep_on_screen, kept_place, place_window

FRAME = QMargins(4, 30, 4, 6)


@pytest.mark.parametrize(
    ("available", "place"),
    [  # by hand: the room inside the frame, and the wanted 1440 × 900 where there is more of it
        (QRect(0, 0, 1280, 720), QRect(4, 30, 1272, 684)),
        (QRect(0, 0, 1366, 768), QRect(4, 30, 1358, 732)),
        (QRect(0, 27, 1366, 741), QRect(4, 57, 1358, 705)),  # a bar on top of the screen
        (QRect(0, 0, 1440, 900), QRect(4, 30, 1432, 864)),
        (QRect(0, 0, 3840, 2160), QRect(1200, 642, 1440, 900)),
        (QRect(1920, 0, 1280, 720), QRect(1924, 30, 1272, 684)),  # to the right of another screen
    ],
)
def test_a_first_start_fits_the_screen(available, place):
    assert first_place(available, FRAME) == place
    assert available.contains(place.marginsAdded(FRAME))


SMALL, LARGE = QRect(0, 0, 1280, 720), QRect(0, 0, 2560, 1440)


@pytest.mark.parametrize(
    ("saved", "screens", "place"),
    [
        (QRect(100, 100, 1000, 600), [LARGE], QRect(100, 100, 1000, 600)),  # as it was
        (QRect(100, 60, 2000, 1200), [SMALL], QRect(4, 30, 1272, 684)),  # from a larger screen
        (QRect(3000, 100, 1440, 900), [LARGE], None),  # from a screen that is gone
        (QRect(-1500, 100, 1440, 900), [LARGE], None),
        (QRect(-400, -20, 1000, 640), [LARGE], QRect(4, 30, 1000, 640)),  # partly out of sight
        (QRect(2100, 900, 1000, 640), [LARGE], QRect(1556, 794, 1000, 640)),
        (QRect(2700, 100, 1000, 600), [LARGE, QRect(2560, 0, 1280, 720)], QRect(2700, 100, 1000, 600)),
        (QRect(0, 0, 0, 0), [LARGE], None),
    ],
)
def test_a_saved_place_is_used_where_it_still_is(saved, screens, place):
    assert kept_place(saved, screens, FRAME) == place


def test_what_fits_stays_and_what_does_not_is_made_smaller():
    inside = QRect(10, 40, 900, 600)
    assert fitted(inside, SMALL, FRAME) == inside
    assert fitted(QRect(0, 0, 5000, 100), SMALL, FRAME) == QRect(4, 30, 1272, 100)


@pytest.mark.parametrize("maximised", [False, True])
def test_a_window_of_a_larger_screen_comes_back_onto_this_one(qtbot, maximised):
    available = QGuiApplication.primaryScreen().availableGeometry()
    before, after = QMainWindow(), QMainWindow()
    qtbot.addWidget(before)
    qtbot.addWidget(after)
    before.setGeometry(QRect(60, 60, available.width() + 500, available.height() + 300))
    if maximised:
        before.showMaximized()
    place_window(after, before.saveGeometry())
    assert after.isMaximized() == maximised
    assert after.minimumWidth() <= available.width()
    if not maximised:
        assert available.contains(after.geometry())
        after.show()
        after.setGeometry(after.geometry().translated(available.width(), 0))
        keep_on_screen(after)
        assert available.contains(after.frameGeometry())


def test_a_first_start_and_a_broken_memory_are_placed_alike(qtbot):
    first, broken = QMainWindow(), QMainWindow()
    qtbot.addWidget(first)
    qtbot.addWidget(broken)
    place_window(first, None)
    place_window(broken, QByteArray(b"damaged"))
    assert first.geometry() == broken.geometry()
