from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gui.look.theme import Stroke
from gui.plots.axes import Plane
from gui.plots.labels import pushed_apart
from gui.plots.lines import curve_pixels, cut, draw_line, envelope, pieces
from gui.plots.scale import Scale
from gui.plots.trail import Trail, extremes, seen_points, within_reach

RECT = QRectF(0, 0, 100, 100)
PLANE = Plane(RECT, (0.0, 100.0), (0.0, 100.0))
LINEAR = (Scale(), Scale())


def test_lines_break_at_what_is_not_known():
    x = np.arange(6.0)
    y = np.array([1, 2, np.nan, np.nan, 5, np.inf])
    assert [list(part) for part, _ in pieces(x, y)] == [[0.0, 1.0], [4.0]]


def test_an_envelope_keeps_peaks_and_their_order():
    y = np.zeros(1000)
    y[137], y[731] = 7.0, -5.0
    x, both = envelope(np.arange(1000.0), y, np.arange(0, 1000, 10))
    assert len(both) == 200
    assert (both.max(), both.min()) == (7.0, -5.0)
    falling = envelope(np.arange(4.0), np.array([4.0, 3.0, 2.0, 1.0]), np.array([0, 2]))[1]
    assert falling.tolist() == [4.0, 3.0, 2.0, 1.0]


def test_an_envelope_leaves_out_what_is_not_known_or_not_positive():
    y = np.array([np.nan, 3.0, 1.0, np.nan, np.nan, np.nan, -1.0, 2.0])
    assert envelope(np.arange(8.0), y, np.array([0, 3, 6]))[1].tolist()[:2] == [1.0, 3.0]
    assert np.isnan(envelope(np.arange(8.0), y, np.array([0, 3, 6]))[1][2:4]).all()
    assert envelope(np.arange(8.0), y, np.array([0, 3, 6]), positive=True)[1][4:].tolist() == [2.0, 2.0]


def test_a_long_curve_becomes_two_points_a_pixel_column():
    x = np.linspace(0, 100, 100_001)
    across, down = curve_pixels(x, 50 + 40 * np.sin(x), PLANE, LINEAR)
    assert len(across) <= 204
    assert down.min() == pytest.approx(10, abs=0.01)
    assert down.max() == pytest.approx(90, abs=0.01)


def test_absurd_values_stay_where_drawing_can_bear_them():
    _, down = curve_pixels(np.arange(4.0), np.array([1.0, 1e300, np.inf, -1e308]), PLANE, LINEAR)
    assert np.abs(down).max() <= 8100


def test_a_line_is_cut_at_the_edge():
    x, y = cut(np.array([-10.0, 50.0, 50.0, 150.0]), np.array([50.0, 50.0, 20.0, 20.0]), RECT)
    known = ~np.isnan(x)
    assert x[known].tolist() == [0.0, 50.0, 50.0, 100.0]
    assert y[known].tolist() == [50.0, 50.0, 20.0, 20.0]


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=2, max_size=30))
def test_nothing_of_a_cut_line_is_outside(points):
    x, y = cut(*np.array(points).T, RECT)
    known = ~np.isnan(x)
    assert (
        (x[known] >= -1e-9) & (x[known] <= 100 + 1e-9) & (y[known] >= -1e-9) & (y[known] <= 100 + 1e-9)
    ).all()


def test_a_path_that_leaves_keeps_its_direction():
    x, y = within_reach(np.array([10.0, 1e9]), np.array([10.0, 5e8]), PLANE)
    assert max(x[1], y[1]) <= 8100
    assert (y[1] - 10) / (x[1] - 10) == pytest.approx(0.5)


def test_a_path_ends_where_it_is_no_longer_a_number():
    x, _ = within_reach(np.array([1.0, 2.0, np.inf, 3.0]), np.ones(4), PLANE)
    assert x.tolist() == [1.0, 2.0]


def test_points_in_the_same_pixel_are_seen_once():
    x = np.array([0.0, 0.1, 0.2, 5.0, 5.1, 5.2])
    assert seen_points(x, np.zeros(6)).tolist() == [0, 3, 5]
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(2, 1000))
    kept = extremes(*noise, 50)
    assert len(kept) <= 80
    assert noise[0][kept].max() == noise[0].max()


def test_a_growing_trail_is_followed_and_ends_at_its_head():
    rng = np.random.default_rng(0)
    xy = 50 + 10 * rng.normal(size=(50_000, 2))
    trail = Trail()
    for length in (500, 20_000, 50_000, 30_000, 10):
        x, y = trail.pixels(xy[:length], PLANE)
        assert len(x) < 5000
        assert (x[-1], 100 - y[-1]) == pytest.approx(tuple(xy[length - 1]))
        assert (x[0], 100 - y[0]) == pytest.approx(tuple(xy[0]))


@given(st.lists(st.floats(0, 100), max_size=12))
def test_labels_are_pushed_apart_and_keep_their_order(wanted):
    places = pushed_apart(wanted, 5.0, 0.0, 100.0)
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    ranked = [places[k] for k in order]
    assert all(b - a >= 5.0 - 1e-9 for a, b in pairwise(ranked))
    assert all(-1e-9 <= place <= 100 + 1e-9 for place in places)


def test_labels_that_have_room_stay():
    assert pushed_apart([10.0, 50.0, 30.0], 5.0, 0.0, 100.0) == [10.0, 50.0, 30.0]
    assert pushed_apart([50.0, 50.0], 10.0, 0.0, 100.0) == [45.0, 55.0]


@pytest.mark.parametrize("width", [1.8, 4.0])
def test_a_line_of_any_width_is_set_off_from_what_is_under_it(qapp, width):
    image = QImage(100, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    across = np.linspace(5.0, 95.0, 10)
    draw_line(painter, across, np.full(10, 20.5), Stroke("#ff0000"), width, live=True, under="#ffffff")
    painter.end()
    column = [image.pixelColor(50, y) for y in range(40)]
    edges = [y for y, colour in enumerate(column) if colour.green() > 40]
    inside = column[20 - round(width / 2 - 0.9) : 21 + round(width / 2 - 0.9)]
    assert all(colour.red() > 180 for colour in inside), "no gap"
    assert column[20].green() == 0
    assert min(edges) < 20 - width / 2 + 0.5
    assert max(edges) > 20 + width / 2 - 0.5
    assert column[12].green() == column[28].green() == 0
