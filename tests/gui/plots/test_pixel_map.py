"""A map of pixels: where they are on the paper, what is said under the mouse, what can be dragged."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from gui.look.theme import LIGHT
from gui.plots.colours import FieldScale
from gui.plots.field import GridField
from gui.plots.pixel_map import PixelMapPanel
from gui.plots.scale import Scale
from tests.gui.plots.conftest import click, mouse, painted

RED, BLUE = (200, 0, 0, 255), (0, 0, 200, 255)


@pytest.fixture
def panel(shown):
    panel = PixelMapPanel("Map", LIGHT)
    panel.set_map(Scale("η", "", log=True), Scale("β"), ((-3.0, 0.0), (0.0, 1.0)))
    panel.set_words(lambda x, y: f"at {x:.1f}, {y:.1f}", lambda: [("η", [1.0])])
    panel.set_pixels(np.array([[RED, RED], [BLUE, (0, 0, 0, 0)]], np.uint8), None)
    return shown(panel)


def test_rows_go_up_and_what_is_unknown_is_hatched(panel):
    pixels, plane = painted(panel), panel.axes().plane

    def colour(x, y):
        place = plane.point(x, y)
        return pixels[round(place.y()), round(place.x())].tolist()

    assert colour(-2.5, 0.2) == [200, 0, 0]
    assert colour(-0.5, 0.2) == [200, 0, 0]
    assert colour(-2.5, 0.8) == [0, 0, 200]
    corner, end = plane.point(-1.2, 0.9), plane.point(-0.3, 0.6)
    unknown = pixels[round(corner.y()) : round(end.y()), round(corner.x()) : round(end.x())]
    assert len(np.unique(unknown.reshape(-1, 3), axis=0)) > 1, "stripes"
    assert not (unknown == [200, 0, 0]).all(axis=-1).any()


def test_pixels_do_not_run_together_on_the_screen(panel):
    screen, plane = panel.grab().toImage(), panel.axes().plane
    x, top, bottom = (round(part) for part in (plane.px(-2.5), plane.py(0.7), plane.py(0.3)))
    ratio = screen.devicePixelRatio()
    seen = {screen.pixelColor(round(ratio * x), round(ratio * y)).name() for y in range(top, bottom)}
    assert seen == {"#0000c8", "#c80000"}


def test_the_ring_is_dragged_in_axis_coordinates(panel, qtbot):
    panel.set_start(-2.0, 0.5)
    place = panel.axes().plane.point
    mouse(panel, "press", place(-2.0, 0.5))
    with qtbot.waitSignal(panel.start_dragged) as told:
        mouse(panel, "move", place(-1.0, 0.25))
    mouse(panel, "release", place(-1.0, 0.25))
    assert told.args == pytest.approx([-1.0, 0.25], abs=0.02)
    with qtbot.waitSignal(panel.clicked) as told:
        click(panel, place(-2.5, 0.9))
    assert told.args == pytest.approx([-2.5, 0.9], abs=0.02)


def test_another_frame_resets_the_zoom_and_a_bar_explains_the_colours(panel):
    panel.zoom(2.0)
    panel.set_map(panel.x_axis, panel.y_axis, panel.home)
    assert panel.zoomed
    wide = panel.axes().plane.rect.width()
    panel.set_pixels(np.full((2, 2, 4), 100, np.uint8), FieldScale(0, 2, log=True))
    assert panel.axes().plane.rect.width() < wide
    panel.set_map(panel.x_axis, panel.y_axis, ((-4.0, 0.0), (0.0, 1.0)))
    assert not panel.zoomed
    panel.zoom(2.0)
    panel.set_map(panel.x_axis, Scale("ρ"), panel.home)
    assert not panel.zoomed


def test_lines_lie_over_the_pixels(panel):
    before = painted(panel)
    x, y = np.meshgrid(np.linspace(-1, 1, 20), np.linspace(-1, 1, 20))
    panel.set_lines(GridField(x * x + y * y, panel.home, FieldScale(0, 2), 5))
    assert (painted(panel) != before).any()
    panel.set_lines(None)
    assert (painted(panel) == before).all()


def test_words_stand_under_the_mouse_on_the_screen_only(panel):
    panel._hover(panel.axes().plane.point(-1.5, 0.5))
    on_screen = panel.grab().toImage()
    panel._hover(None)
    assert panel.grab().toImage() != on_screen
    panel._hover(QPointF(-5, -5))
    painted(panel)
    assert panel.table() == [("η", [1.0])]
