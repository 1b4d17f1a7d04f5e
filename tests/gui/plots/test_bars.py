import numpy as np
import pytest

from gui.plots.bars import Bars, BarsPanel
from gui.theme import DARK, LIGHT
from tests.gui.plots.conftest import click, has_colour, mouse, painted

P = np.array([0.1, 0.2, 0.7])


def panel(values=P, theme=LIGHT, both=False, limits=(0, 1)):
    plot = BarsPanel("Probabilities", theme)
    plot.set_axes(("class", ""), ("probability", ""), limits)
    series = [Bars("p", "P", np.asarray(values, float), theme.stroke("training"))]
    if both:
        series.append(Bars("q", "Q", np.asarray(values, float)[::-1], theme.stroke("held_out")))
    plot.set_bars([str(k) for k in range(len(values))], series, highlight=1)
    return plot


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_bars_have_the_colour_of_their_series(qapp, theme):
    pixels = painted(panel(theme=theme, both=True))
    assert has_colour(pixels, theme.stroke("training").colour, 20)
    assert has_colour(pixels, theme.stroke("held_out").colour, 20)


@pytest.mark.parametrize(
    "values", [[], [0.0], [-5, 5], [np.nan, np.inf, -np.inf], [1e300, -1e300], [1e-12] * 12]
)
@pytest.mark.parametrize("size", [(400, 300), (1600, 1000), (80, 60)])
def test_extremes_are_drawn(qapp, values, size):
    painted(panel(values, both=True, limits=None), *size)


def test_a_bar_is_as_high_as_its_value(qapp):
    plot = panel()
    axes = plot._lay_out(plot._content(plot.rect().toRectF()))
    heights = [plot._bar(axes, 0, k).height() / axes.plane.rect.height() for k in range(3)]
    assert heights == pytest.approx(P)


def test_negative_values_hang_down(qapp):
    plot = panel([-2.0, 2.0], limits=None)
    axes = plot._lay_out(plot._content(plot.rect().toRectF()))
    down, up = plot._bar(axes, 0, 0), plot._bar(axes, 0, 1)
    assert down.top() == pytest.approx(up.bottom())
    assert down.height() == pytest.approx(up.height())


def test_dragging_tells_series_index_and_value(qtbot, shown):
    plot = shown(panel(both=True))
    plot.draggable = True
    axes = plot._lay_out(plot._content(plot.rect().toRectF()))
    spot = plot._bar(axes, 1, 2).center()
    heard = []
    plot.dragged.connect(lambda *what: heard.append(what))
    mouse(plot, "press", spot)
    spot.setY(float(axes.plane.py(0.25)))
    mouse(plot, "move", spot)
    spot.setY(-1000)
    mouse(plot, "move", spot)
    mouse(plot, "release", spot)
    assert [what[:2] for what in heard] == [("q", 2)] * 3
    assert [what[2] for what in heard[1:]] == pytest.approx([0.25, 1.0])


def test_bars_stay_where_they_are_unless_they_may_be_dragged(qtbot, shown):
    plot = shown(panel())
    axes = plot._lay_out(plot._content(plot.rect().toRectF()))
    with qtbot.assertNotEmitted(plot.dragged), qtbot.waitSignal(plot.clicked) as heard:
        click(plot, plot._bar(axes, 0, 2).center())
    assert heard.args == [2]


def test_the_table(qapp):
    assert [name for name, _ in panel(both=True).table()] == ["class", "P", "Q"]
