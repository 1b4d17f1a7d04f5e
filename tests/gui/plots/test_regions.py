import numpy as np
import pytest
from PySide6.QtCore import QPointF

from gui.look.theme import DARK, LIGHT
from gui.plots.regions import RegionsPanel, borders
from tests.gui.plots.conftest import click, has_colour, mouse, painted
from tests.gui.words_seen import read

BOUNDS = ((-1.0, 1.0), (-1.0, 1.0))
POINTS = np.array([[-0.5, -0.5], [0.5, 0.5], [0.5, -0.5]])


def panel(theme=LIGHT, classes=2):
    plot = RegionsPanel("Regions", theme)
    x = np.linspace(0, 1, 20)
    left = np.broadcast_to(1 - x, (20, 20))
    plot.set_regions(np.stack([left, 1 - left], axis=-1), BOUNDS)
    plot.set_points(
        POINTS,
        np.arange(3) % classes,
        [True, True, False],
        [False, False, True],
        ["zero", "one", "two"][:classes],
    )
    return plot


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_points_have_the_colour_of_their_class(qapp, theme):
    pixels = painted(panel(theme))
    for k in range(2):
        assert has_colour(pixels, theme.class_colour(k))


def test_the_plane_is_coloured_by_probability(qapp):
    plot = panel()
    plot.set_points(np.zeros((0, 2)), [], [])
    pixels = painted(plot, 400, 300)
    row = pixels[150, 60:330]
    assert row[:, 2].argmax() < row[:, 2].argmin()  # from blue on the left to vermilion on the right


def test_names_of_classes_without_room_are_counted_and_told_by_the_mouse(shown):
    plot = shown(panel(), 300, 160)
    names = [f"class {letter}" for letter in "ABCDEFGHIJ"]
    plot.set_points(POINTS, np.arange(3), [True] * 3, [False] * 3, names)
    for height, all_of_them in ((160, False), (400, True)):
        plot.resize(300, height)
        seen = read(plot)
        words = [word.text for word in seen.words]
        counted = [int(text[1:]) for text in words if text.startswith("+")]
        assert [text for text in words if text in names] == names[: len(names) - sum(counted)]
        assert len(counted) == (0 if all_of_them else 1)
        beside = next(word.box.center() for word in seen.words if word.text == "class A")
        mouse(plot, "hover", QPointF(beside))
        assert plot.viewport().toolTip() == ("" if all_of_them else "\n".join(names))


def test_a_click_finds_the_nearest_point(qtbot, shown):
    plot = shown(panel())
    plane = plot.axes().plane
    with qtbot.waitSignal(plot.selected) as heard:
        click(plot, plane.point(0.52, 0.48))
    assert heard.args == [1]
    with qtbot.assertNotEmitted(plot.selected):
        click(plot, plane.point(-0.5, 0.5))


@pytest.mark.parametrize("size", [(400, 300), (1600, 1000), (60, 40)])
def test_extremes_are_drawn(qapp, size):
    painted(RegionsPanel("Empty", LIGHT), *size)
    plot = panel(classes=3)
    plot.set_regions(np.full((4, 4, 10), np.nan), BOUNDS)
    plot.set_points(np.array([[1e300, np.inf], [0, 0]]), [0, 9], [1, 0], [1, 1])
    plot.select(0)
    painted(plot, *size)


def test_the_table(qapp):
    names, columns = zip(*panel().table(), strict=True)
    assert names == ("x₁", "x₂", "class", "training", "wrong")
    assert columns[2] == ["zero", "one", "zero"]


def test_the_border_of_two_classes_is_where_either_has_one_half(qapp):
    (line,) = panel().borders  # p falls from 1 to 0 over x from −1 to 1
    assert line[:, 0] == pytest.approx(np.zeros(len(line)), abs=1e-9)
    assert sorted(line[[0, -1], 1]) == pytest.approx([-1.0, 1.0])


def test_three_classes_meet_at_lines_and_one_class_has_none(qapp):
    thirds = np.eye(3)[np.repeat([0, 1, 2], 10)]  # rows of the grid, from below
    found = borders(np.broadcast_to(thirds[:, None], (30, 5, 3)), BOUNDS)
    heights = {round(float(y), 2) for line in found for y in line[:, 1]}
    assert heights == {round(-1 + 2 * 9.5 / 29, 2), round(-1 + 2 * 19.5 / 29, 2)}
    assert borders(np.ones((4, 4, 1)), BOUNDS) == []
