"""A drawing becomes a picture like those of the data sets."""

import numpy as np
import pytest

from engine.config import Problem
from engine.data.datasets import digits
from engine.data.drawn import check_drawing, picture, points_of, stroke_of

ONE = ("500,200 500,800",)
RING = (stroke_of([(0.5 + 0.1 * np.cos(t), 0.4 + 0.15 * np.sin(t)) for t in np.linspace(0, 2 * np.pi, 60)]),)


def test_nothing_drawn_is_nothing():
    assert not picture((), 0.12, (8, 8)).any()
    assert picture((), 0.12, (8, 8)).dtype == np.float32


def test_a_stroke_is_written_in_thousandths_and_read_again():
    text = stroke_of([(0.12, 0.305), (-0.3, 1.4)])
    assert text == "120,305 0,999"
    check_drawing([text])
    np.testing.assert_allclose(points_of(text), [(0.12, 0.305), (0, 0.999)])


@pytest.mark.parametrize("damaged", ["", "1", "120;305", "120,3050", "a,b", "1,2 3", "1,2  3,4", "1,2\n"])
def test_what_is_no_stroke_is_refused_with_its_place(damaged):
    with pytest.raises(Problem, match="A stroke is points such as") as caught:
        check_drawing(["1,2", damaged], where="drawing")
    assert caught.value.where == "drawing[1]"


def test_a_small_digit_fills_all_rows_of_a_small_picture_wherever_it_is_drawn():
    here = picture(RING, 0.12, (8, 8))
    moved = tuple(stroke_of(points_of(stroke) * 0.5 + (0.4, 0.45)) for stroke in RING)
    there = picture(moved, 0.12, (8, 8))
    np.testing.assert_allclose(here, there, atol=0.15)  # strokes are written in thousandths
    assert here[0].any()
    assert here[-1].any()
    np.testing.assert_allclose(here, here[:, ::-1], atol=0.13)
    np.testing.assert_allclose(here, here[::-1], atol=0.13)


def test_the_ink_is_that_of_the_digits():
    """A ring of the height of a digit, 0.67 times as wide, has the ink of a handwritten 0."""
    labelled = digits((0, 1))
    zeros = labelled.features[labelled.labels == 0].mean(axis=(1, 2))
    ink = float(picture(RING, 0.12, (8, 8)).mean())
    assert abs(ink - zeros.mean()) < 2 * zeros.std()


def test_a_pixel_counts_the_ink_of_four_by_four():
    found = picture(ONE, 0.25, (8, 8))  # two pixels wide, in the middle, from top to bottom with round ends
    assert (found * 16 == np.rint(found * 16)).all()
    assert (found[2:6, 3:5] == 1).all()
    assert not found[:, [0, 1, 2, 5, 6, 7]].any()


def test_a_large_picture_has_its_centre_of_mass_in_the_middle_and_a_margin():
    six = ("300,100 250,500 260,800 400,900 500,800 480,650 300,650",)
    found = picture(six, 0.1, (28, 28))
    rows, columns = np.indices((28, 28))
    for axis in (rows, columns):
        assert (found * axis).sum() / found.sum() == pytest.approx(13.5, abs=0.3)
    there = np.flatnonzero(found.any(axis=1))
    assert 19 <= np.ptp(there) + 1 <= 21
    assert not np.array_equal(found, np.rint(found)), "it has grey levels"


def test_a_dot_is_a_dot_and_a_wide_drawing_is_not_cut():
    dot = picture(("100,900",), 0.25, (8, 8))
    assert dot[3:5, 3:5].all()
    assert not dot[[0, 7]].any()
    dash = picture(("0,500 999,500",), 0.12, (8, 8))
    assert dash[:, [0, 7]].max() < 0.3
    assert dash[3:5, 1:7].sum() == pytest.approx(dash.sum(), rel=0.2)
