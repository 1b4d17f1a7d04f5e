import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from gui.look.theme import DARK, LIGHT, VERMILION
from gui.plots.images import ImagesPanel
from tests.gui.plots.conftest import click, has_colour, painted, wheel

DIGITS = np.random.default_rng(0).integers(0, 17, size=(30, 8, 8))


def panel(images=DIGITS, theme=LIGHT, **more):
    plot = ImagesPanel("Digits", theme)
    plot.set_images(images, [str(k) for k in range(len(images))], **more)
    return plot


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_wrong_ones_are_marked(qapp, theme):
    colour = VERMILION[theme.dark]
    assert not has_colour(painted(panel(theme=theme)), colour)
    assert has_colour(painted(panel(theme=theme, wrong=[3])), colour)


@pytest.mark.parametrize(
    "images",
    [np.zeros((0, 8, 8)), np.zeros((1, 8, 8)), np.full((3, 2, 5), np.nan), DIGITS[:2], np.zeros((500, 8, 8))],
)
@pytest.mark.parametrize("size", [(400, 300), (1000, 640), (60, 40)])
def test_extremes_are_drawn(qapp, images, size):
    painted(panel(images), *size)
    painted(panel(images, signed=True), *size)


def test_pixels_are_crisp(qapp):
    checks = np.indices((1, 8, 8)).sum(axis=0) % 2
    pixels = painted(panel(checks), 400, 300)[100:120, 190:220]
    assert len(np.unique(pixels)) == 2


def test_choice_by_mouse_and_keys(qtbot, shown):
    plot = shown(panel())
    room, _ = plot._page(plot.content)
    with qtbot.waitSignal(plot.selected) as heard:
        click(plot, plot._spot(room, 4).center())
    assert heard.args == [4]
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.selection == 5
    for _ in range(40):
        qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.selection == 29


def test_many_are_spread_over_pages(qtbot, shown):
    plot = shown(panel(np.zeros((500, 8, 8))))
    size = plot._page(plot.content)[1]
    assert size < 500
    wheel(plot, QPointF(50, 50), -120)
    with qtbot.waitSignal(plot.selected) as heard:
        click(plot, plot._spot(plot._page(plot.content)[0], 0).center())
    assert heard.args == [size]
    plot.select(499)
    assert plot._first <= 499 < plot._first + size


def test_a_touchpad_turns_a_page_for_a_whole_notch_of_a_wheel(shown):
    plot = shown(panel(np.zeros((500, 8, 8))))
    size = plot._page(plot.content)[1]
    for _ in range(5):
        wheel(plot, QPointF(50, 50), -20)
    assert plot._first == 0
    wheel(plot, QPointF(50, 50), -20)
    assert plot._first == size
    wheel(plot, QPointF(50, 50), 0)  # sideways
    assert plot._first == size


def test_the_table_has_every_pixel(qapp):
    table = panel(wrong=[1]).table()
    assert [name for name, _ in table[:3]] == ["caption", "wrong", "pixel 0"]
    assert len(table) == 2 + 64


@pytest.mark.parametrize(("total", "said"), [(0, ""), (30, ""), (1797, "30 of 1797 shown")])
def test_that_there_are_more_is_said(shown, total, said):
    plot = shown(panel(total=total))
    assert plot._footer(0, plot._page(plot.content)[1]) == said


def test_page_and_total_stand_together(shown):
    plot = shown(panel(np.zeros((500, 8, 8)), total=600))
    size = plot._page(plot.content)[1]
    assert plot._footer(0, size) == f"1–{size} of 500 · 500 of 600 shown"
