"""What is measured of the hero of each page is what one sees of it."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from gui.look.theme import LIGHT
from gui.plots.panel import Panel
from tests.gui.data_area import LEAST, PAGE, WINDOW, data_of, data_share, heroes


def test_the_smallest_window_leaves_a_page_the_room_in_which_it_is_measured(window):
    assert window.size().toTuple() == WINDOW
    assert window.on_screen.size().toTuple() == PAGE


def test_a_hero_that_gives_its_room_away_is_found(on_screen):
    screen = on_screen("entropy.binary", size=PAGE, notes=False)
    assert heroes(screen.view) == [screen.view.entropy]
    assert data_share(screen.view) >= LEAST
    hero = screen.view.entropy.parentWidget()
    hero.setSizes([1, 1])
    assert data_share(screen.view) < LEAST


class Painted(Panel):
    """A drawing of one rectangle."""

    def table(self):
        return []

    def _draw(self, painter, rect, live):
        painter.fillRect(QRectF(40, 50, 100, 60), QColor("#0072B2"))


def test_a_drawing_is_as_large_as_what_is_drawn_under_its_title(qtbot):
    panel = Painted("Title", LIGHT)
    qtbot.addWidget(panel)
    panel.resize(300, 200)
    with qtbot.waitExposed(panel):
        panel.show()
    assert data_of(panel).size().toTuple() == pytest.approx((100, 60), abs=1)
