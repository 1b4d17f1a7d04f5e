"""Points in a plot: dragged, added and taken away with the mouse and the keys."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from gui.look.theme import LIGHT, Stroke
from gui.plots.curves import Curve, Handle
from gui.plots.points import PointsPanel

STROKE = Stroke(LIGHT.text)


@pytest.fixture
def panel(qtbot):
    panel = PointsPanel("Points", LIGHT)
    qtbot.addWidget(panel)
    panel.resize(500, 400)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.set_axes(("x", ""), ("y", ""), x_limits=(0.0, 10.0), y_limits=(0.0, 10.0))
    panel.set_curves([Curve("line", "line", np.array([0.0, 10.0]), np.array([0.0, 10.0]), STROKE)])
    panel.set_handles(
        [Handle(str(k), "", x, y, STROKE, dot=True) for k, (x, y) in enumerate([(2, 3), (7, 6)])]
    )
    panel.repaint()
    return panel


def place(panel, x, y):
    return panel.axes().plane.point(x, y).toPoint()


CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_click_with_ctrl_adds_a_point(panel, qtbot):
    with qtbot.waitSignal(panel.added) as added:
        qtbot.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, CTRL, pos=place(panel, 5, 8))
    assert added.args == pytest.approx([5, 8], abs=0.05)
    assert len(f"{added.args[0]:g}") <= 5  # as round as a pixel is


def test_a_click_with_ctrl_on_a_point_removes_it(panel, qtbot):
    with qtbot.waitSignal(panel.removed) as removed:
        qtbot.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, CTRL, pos=place(panel, 7, 6))
    assert removed.args == ["1"]


def test_a_double_click_resets_the_zoom_and_does_nothing_else(panel, qtbot):
    panel.zoom(2.0)
    before = panel.ranges
    with qtbot.assertNotEmitted(panel.added), qtbot.assertNotEmitted(panel.removed):
        qtbot.mouseDClick(panel.viewport(), Qt.MouseButton.RightButton, pos=place(panel, 5, 5))
        qtbot.mouseRelease(panel.viewport(), Qt.MouseButton.RightButton, pos=place(panel, 5, 5))
        assert panel.ranges == before
        for at in ((5, 5), (7, 6)):  # on a point too
            panel.zoom(1.1)
            qtbot.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=place(panel, *at))
            qtbot.mouseDClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=place(panel, *at))
            qtbot.mouseRelease(panel.viewport(), Qt.MouseButton.LeftButton, pos=place(panel, *at))
            assert panel.ranges == panel.home


def test_outside_the_axes_there_is_nothing_to_add(panel, qtbot):
    with qtbot.assertNotEmitted(panel.added):
        qtbot.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, CTRL, pos=place(panel, 0, 0) / 2)


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_delete_removes_the_point_that_was_dragged_last(panel, qtbot, key):
    panel.setFocus()
    at = place(panel, 7, 6)
    with qtbot.waitSignal(panel.handle_dragged) as dragged:
        qtbot.mousePress(panel.viewport(), Qt.MouseButton.LeftButton, pos=at)
        qtbot.mouseMove(panel.viewport(), place(panel, 8, 4))
    qtbot.mouseRelease(panel.viewport(), Qt.MouseButton.LeftButton, pos=place(panel, 8, 4))
    assert dragged.args[0] == "1"
    assert dragged.args[1:] == pytest.approx([8, 4], abs=0.05)
    with qtbot.waitSignal(panel.removed) as removed:
        qtbot.keyClick(panel, key)
    assert removed.args == ["1"]


def test_insert_adds_a_point_in_the_middle(panel, qtbot):
    panel.setFocus()
    with qtbot.waitSignal(panel.added) as added:
        qtbot.keyClick(panel, Qt.Key.Key_Insert)
    assert added.args == [5, 5]


def test_a_point_can_be_chosen_for_the_keys(panel, qtbot):
    panel.choose("1")
    assert panel.chosen == "1"
    panel.setFocus()
    with qtbot.waitSignal(panel.handle_dragged) as dragged:
        qtbot.keyClick(panel, Qt.Key.Key_Up)
    assert dragged.args[0] == "1"
    panel.set_handles(())
    assert panel.chosen is None
    with qtbot.assertNotEmitted(panel.removed):
        qtbot.keyClick(panel, Qt.Key.Key_Delete)
