"""Large numbers in a row: what they say, how they wrap, how they are exported."""

from math import inf

import pytest

from gui.look.theme import LECTURE_SCALE, LIGHT, Stroke
from gui.plots.own.large_numbers import LargeNumber, LargeNumbersPanel
from tests.gui.plots.conftest import has_colour, painted

RED, BLUE = Stroke("#C00000"), Stroke("#0000C0")
NUMBERS = (
    LargeNumber("H(P)", 1.360964, "bits", RED),
    LargeNumber("KL(P‖Q)", inf, "bits", BLUE, before="was 1.927"),
    LargeNumber("JS", 0.0, "bits", BLUE),
)


@pytest.fixture
def panel(shown):
    panel = LargeNumbersPanel("Numbers", LIGHT)
    panel.set_numbers(NUMBERS)
    return shown(panel, 480, 90)


def test_numbers_are_drawn_in_their_colours(panel):
    pixels = painted(panel, 480, 90)
    assert has_colour(pixels[:, :160], RED.colour)
    assert not has_colour(pixels[:, :160], BLUE.colour)
    assert has_colour(pixels[:, 160:320], BLUE.colour)


def test_the_table_holds_all_digits(panel):
    assert panel.title == "Numbers"
    assert [list(values) for _, values in panel.table()] == [
        ["H(P)", "KL(P‖Q)", "JS"],
        [1.360964, inf, 0.0],
        ["bits", "bits", "bits"],
    ]
    assert panel.accessibleDescription() == "H(P) 1.361 bits; KL(P‖Q) ∞ bits; JS 0.000 bits"


def test_what_was_before_takes_a_line_of_its_own(panel):
    high = panel.height()
    panel.set_numbers(NUMBERS[::2])  # none of them was pinned
    assert panel.height() < high


def test_narrow_cells_go_in_two_rows_and_the_panel_grows(panel):
    low = panel.height()
    panel.set_numbers(NUMBERS * 3)
    assert panel.height() > 1.7 * low
    panel.resize(1200, panel.height())
    assert panel.height() == low


def test_everything_fits_in_the_lecture_size(shown):
    from dataclasses import replace

    panel = shown(LargeNumbersPanel("Numbers", replace(LIGHT, scale=LECTURE_SCALE)), 864, 90)
    panel.set_numbers((*NUMBERS, *NUMBERS, *NUMBERS[:2]))
    assert panel._rows(864) == 1
    panel.resize(700, panel.height())
    assert panel._rows(700) == 2
    assert painted(panel, 864, panel.height()).min() < 200
