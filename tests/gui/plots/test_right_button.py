"""The right button as the window system sends it: the menu where it is let go, a drag in between."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.look.theme import LIGHT, Stroke
from gui.plots.contours import FieldPanel
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.own.surface3d import Surface3DPanel

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
PRESSED = QPoint(140, 120)


def curves():
    panel = CurvesPanel("Curves", LIGHT)
    panel.set_axes(("step", ""), ("f", ""), x_limits=(0, 10), y_limits=(0, 10))
    x = np.linspace(1.0, 10.0, 50)
    panel.set_curves([Curve("a", "a", x, x, Stroke("#0000C0"))])
    return panel


def field():
    panel = FieldPanel("Field", LIGHT)
    panel.set_field(np.add.outer(np.arange(5.0), np.arange(5.0)), ((0.0, 1.0), (0.0, 1.0)), levels=3)
    return panel


def landscape():
    panel = Surface3DPanel("Landscape", LIGHT)
    panel.set_surface(np.add.outer(np.arange(5.0), np.arange(5.0)), ((0.0, 1.0), (0.0, 1.0)))
    return panel


@pytest.fixture
def seen(shown, qtbot):
    """Show a panel as the window system does."""

    def show(make):
        panel = shown(make())
        qtbot.waitUntil(lambda: panel.windowHandle() is not None and panel.windowHandle().isExposed())
        return panel

    return show


def drag(panel, button, by):
    QTest.mousePress(panel.windowHandle(), button, pos=PRESSED)
    for place in (PRESSED + by / 2, PRESSED + by):
        QTest.mouseMove(panel.windowHandle(), place)
    QTest.mouseRelease(panel.windowHandle(), button, pos=PRESSED + by)


@pytest.mark.parametrize("make", [curves, field, landscape])
def test_the_menu_comes_as_the_button_is_let_go_where_it_was_pressed(seen, make):
    panel, asked = seen(make), []
    panel.menu_requested.connect(lambda _, place: asked.append(place))
    QTest.mousePress(panel.windowHandle(), RIGHT, pos=PRESSED)
    assert asked == []
    QTest.mouseRelease(panel.windowHandle(), RIGHT, pos=PRESSED)
    assert asked == [panel.mapToGlobal(PRESSED)]
    drag(panel, RIGHT, QPoint(60, 0))
    assert len(asked) == 1


@pytest.mark.parametrize("make", [curves, field])
def test_a_drag_stretches_the_plot(seen, make):
    panel = seen(make)
    (x0, x1), up = panel.ranges
    drag(panel, RIGHT, QPoint(60, 0))
    assert panel.ranges[0][1] - panel.ranges[0][0] < 0.9 * (x1 - x0)
    assert panel.ranges[1] == pytest.approx(up)


def test_while_the_menu_is_open_nothing_is_pointed_at(seen):
    panel = seen(curves)
    panel.setFocus()
    alone = panel.grab().toImage()
    QTest.mouseMove(panel.windowHandle(), PRESSED)
    assert panel.grab().toImage() != alone  # it says what is under the mouse
    QTest.mouseClick(panel.windowHandle(), RIGHT, pos=PRESSED)
    assert panel.grab().toImage() == alone


@pytest.mark.parametrize("make", [curves, field])
def test_the_first_drag_after_a_menu_pans(seen, make):
    panel = seen(make)
    QTest.mouseClick(panel.windowHandle(), RIGHT, pos=PRESSED)
    (x0, x1), _ = panel.ranges
    drag(panel, LEFT, QPoint(60, 0))
    assert panel.ranges[0][1] - panel.ranges[0][0] == pytest.approx(x1 - x0)
    assert panel.ranges[0][0] < x0 - 0.1 * (x1 - x0)
