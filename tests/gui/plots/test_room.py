import numpy as np
import pytest
from PySide6.QtCore import QRectF

from gui.plots.room import Occupied, bands, free_row


def test_a_spike_between_the_looks_is_seen():
    x, y = np.arange(0.0, 1000.0), np.full(1000, 90.0)
    y[333] = 10.0
    assert bands([(x, y)], 300.0, 400.0) == [(10.0, 90.0)]
    assert bands([(x, y)], 340.0, 400.0) == [(90.0, 90.0)]
    assert bands([(x, y)], 1200.0, 1300.0) == []


def test_rows_are_looked_for_from_the_top():
    assert free_row([(35.0, 45.0)], 0.0, 100.0, 20.0) == 0.0
    assert free_row([(5.0, 45.0)], 0.0, 100.0, 20.0) == 60.0
    assert free_row([(0.0, 100.0)], 0.0, 100.0, 20.0) is None


@pytest.mark.parametrize(
    ("line", "free"),
    [
        (([0.0, 200.0], [0.0, 200.0]), False),  # through the middle
        (([200.0, 0.0], [200.0, 0.0]), False),  # the same way back
        (([0.0, 200.0], [30.0, 30.0]), True),  # above
        (([100.0, 100.0], [0.0, 70.0]), True),  # ends before it
        (([100.0, 100.0], [0.0, 90.0]), False),
        (([0.0, 100.0, 100.0, 200.0], [150.0, 150.0, np.nan, 150.0]), True),
        (([0.0, np.nan, 200.0], [0.0, np.nan, 200.0]), True),  # a gap over all of it
        (([], []), True),
        (([-1e5, 1e5], [100.0, 100.0]), False),  # it begins and ends far outside, and crosses the middle
        (([-1e5, 1e5], [300.0, 300.0]), True),  # far outside, and beside the plot
        (([100.0, 100.0], [-1e5, 1e5]), False),
        (([100.0, 100.0], [1e5, 130.0]), True),  # ends below it
    ],
)
def test_a_line_is_found_between_its_points(line, free):
    taken = Occupied(QRectF(0, 0, 200, 200), [tuple(map(np.array, line))])
    assert taken.free(QRectF(80, 80, 40, 40)) is free


def test_lines_are_not_joined():
    lines = [
        (np.array([0.0, 0.0]), np.array([0.0, 100.0])),
        (np.array([190.0, 190.0]), np.array([100.0, 190.0])),
    ]
    assert Occupied(QRectF(0, 0, 200, 200), lines).free(QRectF(80, 80, 40, 40))
