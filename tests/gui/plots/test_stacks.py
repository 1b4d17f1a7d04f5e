"""Stacked columns: as high as their parts, meeting where their sums are equal, ∞ and 0 included."""

import math

import pytest
from PySide6.QtCore import QRectF

from gui.plots.stacks import Part, Stack, StacksPanel
from gui.theme import DARK, LIGHT
from tests.gui.plots.conftest import has_colour, mouse, painted

BLUE, GREEN, RED = (LIGHT.stroke(key) for key in ("p", "kl", "cross_entropy"))


def panel(first=(1.0, 0.5), second=(1.5,), theme=LIGHT):
    plot = StacksPanel("Identity", theme)
    plot.set_axes(("information", "bits"))
    plot.set_stacks([
        Stack("H + KL", tuple(Part(f"part {k}", v, (BLUE, GREEN)[k % 2]) for k, v in enumerate(first))),
        Stack("H(P, Q)", tuple(Part("cross", v, RED) for v in second)),
    ])  # fmt: skip
    return plot


def test_heights_are_the_values(qapp):
    plot = panel()
    axes = plot._lay_out(QRectF(0, 0, 480, 360))
    first, second = plot._boxes(axes, 0), plot._boxes(axes, 1)
    assert first[0].height() == pytest.approx(2 * first[1].height())
    assert first[1].top() == pytest.approx(second[0].top())
    assert first[0].top() == pytest.approx(first[1].bottom())


def test_totals_that_meet_are_joined_and_others_are_not(qapp):
    for second, joined in ((1.5,), True), ((1.2,), False):
        plot = panel(second=second)
        axes = plot._lay_out(plot._content(QRectF(0, 0, 480, 360)))
        y = round(float(axes.plane.py(1.5)))
        far_right = painted(plot)[y - 2 : y + 3, int(axes.plane.rect.right()) - 8 :]
        assert has_colour(far_right, LIGHT.text, 90) == joined


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(
    "first", [(), (0.0, 0.0), (1.0, math.inf), (1e-9,) * 12, (0.3, -0.1), (1e300, 1e300)]
)
@pytest.mark.parametrize("size", [(480, 360), (120, 80), (1600, 900)])
def test_extremes_are_drawn(qapp, first, theme, size):
    painted(panel(first, theme=theme), *size)


def test_the_table_has_a_line_for_each_part():
    table = dict(panel().table())
    assert table["information (bits)"] == [1.0, 0.5, 1.5]
    assert next(iter(table.values())) == ["H + KL", "H + KL", "H(P, Q)"]


def test_a_part_is_found_under_the_mouse(shown):
    plot = shown(panel())
    found = []
    plot.hovered.connect(found.append)
    axes = plot._lay_out(plot._content(QRectF(plot.rect())))
    mouse(plot, "move", plot._boxes(axes, 0)[1].center())
    assert found == [(0, 1)]
