import numpy as np

from gui.plots.room import bands, free_row, last_free_row


def test_a_spike_between_the_looks_is_seen():
    x, y = np.arange(0.0, 1000.0), np.full(1000, 90.0)
    y[333] = 10.0
    assert bands([(x, y)], 300.0, 400.0) == [(10.0, 90.0)]
    assert bands([(x, y)], 340.0, 400.0) == [(90.0, 90.0)]
    assert bands([(x, y)], 1200.0, 1300.0) == []


def test_rows_are_looked_for_from_either_end():
    taken = [(35.0, 45.0)]
    assert free_row(taken, 0.0, 100.0, 20.0) == 0.0
    assert last_free_row(taken, 0.0, 100.0, 20.0) == 80.0
    assert last_free_row([*taken, (90.0, 95.0)], 0.0, 100.0, 20.0) == 60.0
    assert last_free_row([(0.0, 100.0)], 0.0, 100.0, 20.0) is None
