import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt

from gui.look.theme import DARK, LIGHT
from gui.plots.colours import FieldScale, ink_on, shades, table
from gui.plots.contours import Arrow, FieldPanel, Track
from gui.plots.field import interpolated
from gui.plots.labels import Tags
from gui.plots.marks import inside
from gui.plots.own.surface3d import Surface3DPanel
from gui.plots.panel import Panel
from tests.gui.plots.conftest import click, has_colour, mouse, painted
from tests.gui.words_seen import read

BOUNDS = ((-2.0, 2.0), (-1.0, 3.0))
X, Y = np.meshgrid(np.linspace(-2, 2, 81), np.linspace(-1, 3, 81))
ROSENBROCK = (1 - X) ** 2 + 100 * (Y - X * X) ** 2


def panel(theme=LIGHT, values=ROSENBROCK, log=True, **more):
    made = FieldPanel("Race", theme)
    made.set_field(values, BOUNDS, log, **more)
    return made


def path(key="adam", xy=((-1.0, 1.0), (0.0, 0.5), (1.0, 1.0)), **more):
    return Track(key, key, np.array(xy, float), LIGHT.stroke(key), **more)


def dressed(theme=LIGHT, **more):
    plot = panel(theme, **more)
    plot.set_paths(
        [path(), path("momentum", ghost=True), path("lion", ((0, 0), (1e200, 1), (np.inf, 2)), diverged=True)]
    )
    plot.set_arrows(
        [
            Arrow(0, 0, 0.5, 0.5, "−η∇f", LIGHT.stroke("gradient_vector")),
            Arrow(0, 0, 0, 0, "", LIGHT.stroke("lion")),
        ]
    )
    plot.set_minima([(1, 1, 0.0)])
    plot.set_start(-1.2, 1)
    return plot


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_field_and_path_are_drawn(qapp, theme):
    plot = panel(theme)
    assert has_colour(painted(plot), "#21918c", 20)  # the middle of viridis
    stroke = LIGHT.stroke("adam")
    assert not has_colour(painted(plot), stroke.colour)
    plot.set_paths([path()])
    assert has_colour(painted(plot), stroke.colour)


def test_an_arrow_too_short_to_be_seen_has_no_name(qapp, monkeypatch):
    named, plot = [], panel()
    monkeypatch.setattr(Tags, "beside_shaft", lambda _tags, _tail, _tip, text, _colour: named.append(text))
    stroke = LIGHT.stroke("gradient_vector")
    plot.set_arrows([Arrow(0, 0, 1.0, 0.0, "long", stroke), Arrow(0, 0, 1e-3, 1e-3, "short", stroke)])
    painted(plot)
    assert set(named) == {"long"}


def test_a_shorter_arrow_is_seen_on_a_longer_one_from_the_same_place(qapp):
    plot, (short, long) = panel(), (LIGHT.stroke(f"{name}_vector") for name in ("gradient", "step"))
    for turned in ((1.0, 0.5), (1.0, 0.53)):  # quite the same direction, and nearly
        plot.set_arrows([Arrow(0, 0, 0.5, 0.25, "", short), Arrow(0, 0, *turned, "", long)])
        picture = painted(plot)
        assert has_colour(picture, short.colour, 20)
        assert has_colour(picture, long.colour, 20)


def test_heads_at_one_place_all_have_their_names_and_the_star_is_seen_between_them(shown):
    plot = shown(panel(), 600, 400)
    names = "sgd", "momentum", "rmsprop", "adam"
    plot.set_paths([path(name, ((-1.0, 1.0), (1.0, 1.0 + k / 100))) for k, name in enumerate(names)])
    bare = painted(plot)
    plot.set_minima([(1, 1, 0.0)])
    assert (painted(plot) != bare).any(axis=2).sum() > 50
    assert {word.text for word in read(plot).words} >= set(names)


def test_the_head_of_a_path_that_has_left_has_its_name_within_the_plot(shown):
    plot = shown(panel(), 600, 400)
    plot.set_paths(
        [path("lion", ((0.0, 0.0), (9.0, 9.0))), path("adam", ((0.0, 0.0), (9.0, 9.0)), ghost=True)]
    )
    rect = plot.axes().plane.rect
    assert [rect.contains(word.box) for word in read(plot).words if word.text == "lion"] == [True]
    assert "adam" not in {word.text for word in read(plot).words}


def test_an_arrow_too_short_to_be_seen_leaves_the_head_its_colour(shown):
    plot = shown(panel(), 600, 400)
    plot.set_paths([path("adam", ((1.0, 1.0), (1.0, 1.0)))])
    before = painted(plot)
    plot.set_arrows([Arrow(1, 1, 1e-3, 1e-3, "", LIGHT.stroke("gradient_vector"))])
    assert (painted(plot) == before).all()


def test_a_name_leaves_the_cross_of_a_lost_path_free(qapp):
    """The head is far away, its cross at the edge of the plot: the name stands beside that."""
    plot, crosses = panel(), []
    for name in ("", "Gradient descent"):
        lost = Track("lost", name, np.array([(0.0, 0.0), (1e4, 1e4)]), LIGHT.stroke("adam"), diverged=True)
        plot.set_paths([lost])
        rect = plot._lay_out(plot._content(QRectF(0, 0, 480, 360)), live=False).plane.rect
        at = inside(QPointF(rect.right() + 500, rect.top() - 500), rect, 8)
        row, column = round(at.y()), round(at.x())
        crosses.append(painted(plot)[row - 4 : row + 5, column - 4 : column + 5])
    np.testing.assert_array_equal(*crosses)


@pytest.mark.parametrize("size", [(400, 300), (1000, 640), (60, 40)])
@pytest.mark.parametrize(
    "values",
    [
        np.full((9, 9), np.nan),
        np.full((9, 9), 3.0),
        np.zeros((9, 9)),
        np.exp(300 * X),
        np.where(X > 0, np.log(np.abs(X) + 1e-9), np.nan),
        np.where(X > 0, np.inf, 1.0),
        X - Y,
        np.full((2, 2), -1e308),
    ],
)
@pytest.mark.parametrize("log", [False, True])
def test_extremes_are_drawn(qapp, values, log, size):
    painted(dressed(values=values, log=log), *size)


def test_the_scale_of_a_positive_field_counts_decades():
    scale = FieldScale.of(np.geomspace(1e-3, 1e3, 2001), log=True)
    assert scale.unit([1e-3, 1.0, 1e3]) == pytest.approx([0, 0.5, 1], abs=0.01)
    assert scale.ticks(8).labels == ("10⁻²", "10⁻¹", "10⁰", "10¹", "10²", "10³")


def test_the_scale_of_a_field_below_zero_is_shifted_and_says_true_values():
    scale = FieldScale.of(np.linspace(-39, 250, 400), log=True)
    assert scale.shift == -39
    assert scale.value(1.0) == pytest.approx(250)
    assert scale.ticks(2).labels[-1] == "250.0"


def test_holes_have_no_colour():
    colours = shades(np.array([[0.0, np.nan]]), table("viridis"))
    assert colours[0, 0].tolist() == [0x44, 0x01, 0x54, 255]
    assert colours[0, 1, 3] == 0


def test_ink_is_readable_on_every_colour():
    from PySide6.QtGui import QColor

    assert ink_on(QColor("#fde725")).name() == "#000000"
    assert ink_on(QColor("#440154")).name() == "#ffffff"


def test_values_between_the_points_of_the_grid():
    plane = 2 * X - 3 * Y + 1
    x, y = np.array([0.123, -1.9, 5.0]), np.array([2.2, -0.3, 0.0])
    assert interpolated(plane, BOUNDS, x, y)[:2] == pytest.approx(2 * x[:2] - 3 * y[:2] + 1)
    assert np.isnan(interpolated(plane, BOUNDS, x, y)[2])


def test_the_start_is_dragged_and_dropped(qtbot, shown):
    plot = shown(dressed())
    plane = plot.axes().plane
    with qtbot.waitSignals([plot.start_dragged, plot.start_dropped]):
        mouse(plot, "press", plane.point(-1.2, 1))
        mouse(plot, "move", plane.point(0.5, 2))
        mouse(plot, "release", plane.point(0.5, 2))
    assert plot.start == pytest.approx((0.5, 2.0))
    assert not plot.zoomed


def test_the_start_stays_inside(shown):
    plot = shown(dressed())
    mouse(plot, "press", plot.axes().plane.point(-1.2, 1))
    mouse(plot, "move", QPointF(-500, 1e6))
    assert plot.start == pytest.approx((-2.0, -1.0))


def test_the_start_moves_by_keys(qtbot, shown):
    plot = shown(dressed())
    with qtbot.waitSignals([plot.start_dragged, plot.start_dropped]):
        qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.start == (-1.15, 1.0)
    qtbot.keyClick(plot, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert plot.start == (-1.15, 1.005)


def test_a_click_on_an_empty_place(qtbot, shown):
    plot = shown(dressed())
    with qtbot.waitSignal(plot.clicked) as heard:
        click(plot, plot.axes().plane.point(1.5, -0.5))
    assert heard.args == pytest.approx([1.5, -0.5])


def test_a_click_on_a_point_of_a_path(qtbot, shown):
    plot = shown(dressed())
    with qtbot.waitSignal(plot.point_clicked) as heard:
        click(plot, plot.axes().plane.point(0, 0.5) + QPointF(3, 2))
    assert heard.args == ["adam", 1]


def test_the_readout_follows_the_mouse(shown):
    asked = []
    plot = shown(panel(value_at=lambda x, y: asked.append((x, y)) or 7.0))
    mouse(plot, "move", plot.axes().plane.point(0.5, 0.25))
    plot.grab()
    assert asked[-1] == pytest.approx((0.5, 0.25))
    count = len(asked)
    painted(plot)
    assert len(asked) == count  # a picture has no readout


def test_a_locked_aspect_makes_units_equal(shown):
    plot = shown(panel(), 700, 300)
    plot.aspect_locked = True
    plot.redraw()
    rect = plot.axes().plane.rect
    assert rect.width() == pytest.approx(rect.height())


def test_a_path_without_a_name_may_have_one_in_the_table(qapp):
    plot = panel()
    plot.set_paths([Track("run", "", np.zeros((2, 2)), LIGHT.stroke("adam"), column="The chosen run")])
    assert [name for name, _ in plot.table()] == ["The chosen run x", "The chosen run y"]


def test_the_table_is_the_paths_or_the_field(qapp):
    assert [name for name, _ in dressed().table()][:2] == ["adam x", "adam y"]
    names, columns = zip(*panel().table(), strict=True)
    assert names == ("x", "y", "f")
    assert columns[2][0] == ROSENBROCK[0, 0]
    assert (columns[0][0], columns[1][0]) == (-2.0, -1.0)


@pytest.mark.parametrize(("diverged", "way"), [(False, 1), (True, 1), (False, -1)])
def test_the_head_of_a_path_that_has_left_is_an_arrowhead_at_the_edge(qapp, diverged, way):
    plot, stroke = panel(), LIGHT.stroke("adam")
    pictures = []
    for end in (1e4 * way, 2e4 * way):
        plot.set_paths([Track("lost", "", np.array([(0.0, 0.0), (end, 0.0)]), stroke, diverged=diverged)])
        pictures.append(painted(plot))
    np.testing.assert_array_equal(*pictures)
    rect = plot._lay_out(plot._content(QRectF(0, 0, 480, 360)), live=False).plane.rect
    orange = np.abs(pictures[0] - [0xD5, 0x5E, 0x00]).max(axis=-1) < 40
    assert stroke.colour == "#D55E00"
    tall = orange.sum(axis=0)
    edge = int(rect.right() if way > 0 else rect.left())
    tip, back = edge - 4 * way, edge - 7 * way
    assert 0 < tall[tip] < tall[back]  # it points outwards


@pytest.mark.parametrize("make", [FieldPanel, Surface3DPanel])
def test_only_a_field_that_is_known_is_said_to_have_no_values(shown, make, monkeypatch):
    said = []
    monkeypatch.setattr(Panel, "_say", lambda _, painter, rect, text: said.append(text))
    panel = shown(make("Field", LIGHT))
    painted(panel)
    assert not any(said)
    give = panel.set_field if make is FieldPanel else panel.set_surface
    give(np.full((3, 3), np.nan), ((0.0, 1.0), (0.0, 1.0)))
    painted(panel)
    assert "No values here" in said


def test_a_field_that_is_awaited_has_its_place(shown):
    panel = shown(FieldPanel("Field", LIGHT))
    panel.expect(((-2.0, 2.0), (-1.0, 3.0)))
    assert panel.ranges == ((-2.0, 2.0), (-1.0, 3.0))
    assert panel.sight is None, "a closer look is for what has come"
    panel.set_field(np.zeros((3, 3)), ((0.0, 1.0), (0.0, 1.0)))
    panel.expect(((-2.0, 2.0), (-1.0, 3.0)))
    assert panel.ranges == ((0.0, 1.0), (0.0, 1.0))
