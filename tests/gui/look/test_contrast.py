"""Letters in the colour of a line can be read. Expected ratios are those that WCAG 2 itself tells of."""

import pytest

from gui.look.contrast import contrast
from gui.look.theme import CLASSES, DARK, LIGHT, STROKES


def test_the_contrasts_that_are_known():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)
    assert contrast("#FF0000", "#FFFFFF") == pytest.approx(4.00, abs=0.005)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_name_can_be_read_on_every_ground(theme):
    colours = {pair[theme.dark] for pair, _ in STROKES.values()} | {pair[theme.dark] for pair in CLASSES}
    for colour in colours:
        for ground in (theme.plot, theme.window, theme.panel):
            assert contrast(theme.ink(colour), ground) >= 4.5, (colour, ground)
    for words in (theme.text, theme.quiet, theme.error, theme.accent):
        assert contrast(words, theme.plot) >= 4.5


def test_a_colour_that_can_be_read_stays_as_it_is():
    assert LIGHT.ink("#5B4FA2") == "#5B4FA2"
    assert DARK.ink("#F0B429") == "#F0B429"
