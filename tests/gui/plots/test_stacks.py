"""Stacked columns: as high as their parts, meeting where their sums are equal, ∞ and 0 included."""

import math

import pytest
from PySide6.QtCore import QRectF, Qt

from gui.look.theme import LIGHT
from gui.plots.stacks import Stack, StacksPanel, SumPart
from tests.gui.plots.conftest import has_colour, mouse, painted
from tests.gui.themes import in_turn

BLUE, GREEN, RED = (LIGHT.stroke(key) for key in ("p", "kl", "cross_entropy"))


def panel(first=(1.0, 0.5), second=(1.5,), theme=LIGHT):
    plot = StacksPanel("Identity", theme)
    plot.set_axes(("information", "bits"))
    plot.set_stacks(
        [
            Stack(
                "H + KL", tuple(SumPart(f"part {k}", v, (BLUE, GREEN)[k % 2]) for k, v in enumerate(first))
            ),
            Stack("H(P, Q)", tuple(SumPart("cross", v, RED) for v in second)),
        ]
    )
    return plot


def test_heights_are_the_values(qapp):
    plot = panel()
    axes = plot._lay_out(QRectF(0, 0, 480, 360))
    first, second = plot.columns[0].boxes(axes), plot.columns[1].boxes(axes)
    assert first[0].height() == pytest.approx(2 * first[1].height())
    assert first[1].top() == pytest.approx(second[0].top())
    assert first[0].top() == pytest.approx(first[1].bottom())


def test_totals_that_meet_are_joined_and_others_are_not(qapp):
    for second, joined in ((1.5,), True), ((1.2,), False):
        plot = panel(second=second)
        axes = plot._lay_out(plot._content(QRectF(0, 0, 480, 360)))
        y = round(float(axes.plane.py(1.5)))
        one, other = (column.boxes(axes)[0] for column in plot.columns)
        between = slice(int(one.right()) + 60, int(other.left()) - 4)
        assert has_colour(painted(plot)[y - 2 : y + 3, between], LIGHT.text, 90) == joined


def test_a_gap_is_an_arrow_in_an_empty_box(qapp):
    plot = panel()
    sums = SumPart("H(P)", 1.0, BLUE), SumPart("KL", 0.5, GREEN, gap=True)
    plot.set_stacks([Stack("H + KL", sums), Stack("H(P, Q)", (SumPart("cross", 1.5, RED),))])
    axes = plot._lay_out(plot._content(QRectF(0, 0, 480, 360)))
    (below, gap), image = plot.columns[0].boxes(axes), painted(plot)
    middle, aside = round(gap.center().x()), round(gap.left() + gap.width() / 4)
    row = round(gap.center().y())
    assert has_colour(image[row, middle - 2 : middle + 3][None], GREEN.colour, 40), "the shaft of the arrow"
    assert image[row, aside].min() > 200, "hardly filled"
    assert image[round(below.center().y()), aside].min() < 200, "a part that is none is filled"


@pytest.mark.parametrize(
    ("first", "size", "theme"),
    in_turn(
        [(), (0.0, 0.0), (1.0, math.inf), (1e-9,) * 12, (0.3, -0.1), (1e300, 1e300), (math.nan, 1.0)],
        [(480, 360), (120, 80), (1000, 600)],
    ),
)
def test_extremes_are_drawn(qapp, first, theme, size):
    painted(panel(first, theme=theme), *size)


def test_the_table_has_a_line_for_each_part():
    table = dict(panel().table())
    assert table["information (bits)"] == [1.0, 0.5, 1.5]
    assert next(iter(table.values())) == ["H + KL", "H + KL", "H(P, Q)"]


def test_a_long_name_in_one_column_takes_no_name_from_another(qapp, monkeypatch):
    said = []
    monkeypatch.setattr("gui.plots.stack_words.put_text", lambda *arguments: said.append(arguments[3]))
    plot = StacksPanel("", LIGHT)
    plot.set_stacks(
        [
            Stack("a", [SumPart("a name that is far too long", 0.875, GREEN), SumPart("H", 1.75, BLUE)]),
            Stack("b", [SumPart("1", 2.624, RED), SumPart("2", 0.001, RED)]),
        ]
    )
    painted(plot, 300, 260)
    assert {"0.8750", "1.750", "1 2.624", "2 0.001000"} <= set(said)


def test_a_part_is_found_under_the_mouse(shown):
    plot = shown(panel())
    found = []
    plot.hovered.connect(found.append)
    axes = plot._lay_out(plot._content(QRectF(plot.rect())))
    mouse(plot, "move", plot.columns[0].boxes(axes)[1].center())
    assert found == [(0, 1)]


def boxes(plot, which=0):
    return plot.columns[which].boxes(plot._lay_out(plot._content(QRectF(plot.rect()))))


def test_what_is_infinite_comes_last_and_leaves_the_plot(shown):
    plot = shown(panel((math.inf, 1.0, math.inf), (math.inf,)))
    first, finite, second = boxes(plot)
    assert finite.bottom() > first.bottom() == pytest.approx(finite.top())
    assert second.bottom() == pytest.approx(first.top())
    assert second.top() < plot._lay_out(plot._content(QRectF(plot.rect()))).plane.rect.top()


def test_the_scale_keeps_still_while_it_fits(qapp):
    plot = panel()
    before = plot._top
    for value in (1.4, 1.2, 1.0):
        plot.set_stacks([Stack("a", [SumPart("a", value, BLUE)])])
        assert plot._top == before
    plot.set_stacks([Stack("a", [SumPart("a", 9.0, BLUE)])])
    assert plot._top >= 9.0 * 1.05
    plot.set_stacks([Stack("a", [SumPart("a", 0.01, BLUE)])])
    assert plot._top < 0.02


def test_keys_go_from_part_to_part(qtbot, shown):
    plot = shown(panel())
    found = []
    plot.hovered.connect(found.append)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(plot, key)
    assert found == [(0, 0), (0, 1), (1, 0), (0, 0)]


def test_a_highlight_is_seen(qapp):
    plot = panel()
    before = painted(plot)
    plot.set_highlight("part 1")
    assert (painted(plot) != before).any()
