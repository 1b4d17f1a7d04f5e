from itertools import combinations, product

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from gui.look.theme import DARK, LIGHT, Stroke
from gui.plots.contours import Track
from gui.plots.own.landscape import HEIGHT, BoxView, Camera
from gui.plots.own.surface3d import Surface3DPanel
from tests.gui.plots.conftest import has_colour, mouse, painted, wheel

BOUNDS = ((-2.0, 2.0), (-2.0, 2.0))
X, Y = np.meshgrid(np.linspace(-2, 2, 50), np.linspace(-2, 2, 50))
BOWL = X**2 + 3 * Y**2


def panel(values=BOWL, log=False, theme=LIGHT):
    plot = Surface3DPanel("Landscape", theme)
    plot.set_surface(values, BOUNDS, log)
    plot.set_paths(
        [
            Track("adam", "Adam", np.array([[-1.5, -1.5], [0.5, 0.0], [0.0, 0.0]]), theme.stroke("adam")),
            Track(
                "lion",
                "Lion",
                np.array([[0, 0], [1e300, 1], [np.nan, 2]]),
                theme.stroke("lion"),
                diverged=True,
            ),
        ]
    )
    plot.set_start(-1.5, -1.5)
    plot.set_minima([(0, 0)])
    return plot


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_path_stays_visible_on_the_surface(qapp, theme):
    assert has_colour(painted(panel(theme=theme)), theme.stroke("adam").colour)


@pytest.mark.parametrize(
    "values", [np.full((9, 9), np.nan), np.zeros((9, 9)), np.exp(300 * X), np.where(X > 0, X, np.nan)]
)
@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("size", [(400, 300), (60, 40)])
def test_extremes_are_drawn(qapp, values, log, size):
    painted(panel(values, log), *size)


def test_from_above_the_axes_lie_as_on_paper():
    scene = BoxView.seen(QRectF(0, 0, 400, 400), Camera(-90, 90, 1), 10, LIGHT)
    origin, right, up = scene.at(0, 0, 0), scene.at(1, 0, 0), scene.at(0, 1, 0)
    assert right.x() > origin.x()
    assert right.y() == pytest.approx(origin.y())
    assert up.y() < origin.y()
    assert up.x() == pytest.approx(origin.x())


def test_turning_by_mouse_and_keys_and_back(qtbot, shown):
    plot = shown(panel())
    first = plot.camera
    mouse(plot, "press", QPointF(200, 200))
    mouse(plot, "move", QPointF(240, 180))
    assert plot.camera != first
    assert plot.scene_on(QRectF(0, 0, 400, 300), True).size == 40  # coarse while it is turned
    mouse(plot, "release", QPointF(240, 180))
    assert plot.scene_on(QRectF(0, 0, 400, 300), True).size == 60
    wheel(plot, QPointF(200, 200), 120)
    assert plot.camera[2] > first[2]
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    mouse(plot, "double", QPointF(200, 200))
    assert plot.camera == first


def test_the_camera_stays_in_bounds(qapp):
    plot = panel()
    plot.camera = (725, 200, 1000)
    assert plot.camera == (5, 90, 8)


def test_no_number_of_an_axis_stands_over_another_text_however_far_it_is_zoomed(shown):
    plot = shown(panel(), 330, 300)
    plot.set_paths([])
    rooms: dict[tuple[float, ...], str] = {}

    class Pen(QPainter):
        def drawText(self, *arguments):
            if isinstance(arguments[0], QRectF):  # else it is the title
                rooms[arguments[0].getRect()] = arguments[-1]

    for azimuth in (-62.0, 118.0):
        plot.camera = (azimuth, 34.0, 8.0)
        for _ in range(5):  # down to 0.3, where it ends
            wheel(plot, QPointF(165, 170), -480)
            rooms.clear()
            paper = QPixmap(330, 300)
            with Pen(paper) as painter:
                plot.paint(painter, QRectF(0, 0, 330, 300))
            assert {"x", "y", "f"} <= set(rooms.values())
            written = [QRectF(*room) for room in rooms]
            assert not any(one.intersects(other) for one, other in combinations(written, 2))
            assert all(plot.content.contains(room) for room in written)
        assert plot.camera[2] == 0.3


def test_the_table_is_the_paths_or_the_surface(qapp):
    plot = panel()
    assert [name for name, _ in plot.table()][:2] == ["Adam x", "Adam y"]
    plot.set_paths([])
    assert [name for name, _ in plot.table()] == ["x", "y", "f"]


def test_what_lies_outside_the_ground_is_not_drawn_on_its_edge(qapp):
    plot = panel()
    plot.set_paths([])
    plot.set_start(None)
    plot.set_minima([])
    plot.camera = (30.0, 40.0, 0.3)  # far enough away for a good deal around it to be on the paper
    bare = painted(plot)
    plot.set_start(5.0, 0.0)
    plot.set_minima([(-7.0, 1e300)])
    np.testing.assert_array_equal(painted(plot), bare)
    stroke = LIGHT.stroke("adam")
    left = np.array([[0.0, 0.0], [1.9, 0.0], [3.0, 0.0]])
    plot.set_paths([Track("adam", "", left, stroke)])
    gone = painted(plot)
    plot.set_paths([Track("adam", "", left[:2], stroke)])
    assert (painted(plot) != gone).any()  # here its head is a dot at its end


@pytest.mark.parametrize("azimuth", [-135.0, -62.0, 0.0, 45.0, 90.0])
@pytest.mark.parametrize("elevation", [5.0, 34.0, 60.0, 90.0])
def test_the_whole_box_is_seen_however_it_is_turned(azimuth, elevation):
    rect = QRectF(0, 26, 480, 334)
    scene = BoxView.seen(rect, Camera(azimuth, elevation), 60, LIGHT)
    for x, y, z in product((-1, 1), (-1, 1), (-HEIGHT, HEIGHT)):
        assert rect.contains(scene.at(x, y, z))


def test_stalks_lead_from_the_ground_to_the_values_that_are_really_there(qapp):
    values = np.tile(np.linspace(0.0, 4.0, 9), (9, 1))  # f = x over 0…4

    def painted_with(real):
        panel = Surface3DPanel("p", LIGHT)
        panel.set_surface(values, ((0.0, 4.0), (0.0, 4.0)), log_height=False)
        xy = np.array([(1.0, 1.0), (2.0, 2.0), (3.0, 3.0)])
        panel.set_paths([Track("a", "", xy, Stroke("#C00000"), values=real)])
        return panel, painted(panel)

    panel, bare = painted_with(None)
    _, same = painted_with(np.array([1.0, 2.0, 3.0]))
    _, higher = painted_with(np.array([1.0, 2.0, 4.0]))
    scene = panel.scene_on(panel._content(QRectF(0, 0, 480, 360)), live=False)
    mesh = panel._mesh(scene.size)
    assert mesh.height_of(np.array([0.0, 2.0, 4.0])) == pytest.approx([-HEIGHT, 0.0, HEIGHT])
    top = scene.at(0.5, 0.5, HEIGHT)  # over (3, 3), where 4 stands
    around = np.s_[round(top.y()) - 3 : round(top.y()) + 4, round(top.x()) - 3 : round(top.x()) + 4]
    assert (higher != bare)[around].any()
    assert not (same != bare)[around].any()
