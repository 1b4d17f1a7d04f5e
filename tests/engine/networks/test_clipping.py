"""Clipping bounds a step; the length before and after is told, whatever the numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.networks.clipping import CLIPPINGS, clip_by_norm, clip_by_value, norm


def test_by_hand() -> None:
    clipped = clip_by_norm(np.array([3.0, -4.0]), 1.0)
    np.testing.assert_allclose(clipped.gradient, [0.6, -0.8])
    assert (clipped.norm_before, clipped.norm_after) == (5.0, 1.0)
    clipped = clip_by_value(np.array([3.0, -4.0, 0.5]), 1.0)
    np.testing.assert_array_equal(clipped.gradient, [1.0, -1.0, 0.5])
    assert clipped.norm_after == pytest.approx(1.5)


def test_a_short_gradient_is_left_alone() -> None:
    gradient = np.array([0.1, -0.2], np.float32)
    for clip in CLIPPINGS.values():
        clipped = clip(gradient, 1.0)
        np.testing.assert_array_equal(clipped.gradient, gradient)
        assert clipped.gradient.dtype == np.float32
        assert clipped.norm_before == clipped.norm_after


@given(arrays(np.float32, 5, elements=st.floats(-(2.0**120), 2.0**120, width=32)), st.floats(1e-3, 1e3))
def test_the_bound_holds_and_the_direction_stays(gradient, most) -> None:
    clipped = clip_by_norm(gradient, most)
    assert np.linalg.norm(clipped.gradient.astype(float)) <= most * (1 + 1e-5)
    assert clipped.norm_before == pytest.approx(np.linalg.norm(gradient.astype(float)), rel=1e-5)
    assert np.all(clipped.gradient * np.sign(gradient) >= 0)
    assert np.max(np.abs(clip_by_value(gradient, most).gradient)) <= np.float32(most) * (1 + 1e-6)


def test_without_a_finite_length() -> None:
    assert norm(np.array([np.inf, 1.0])) == np.inf
    assert np.isnan(norm(np.array([np.nan, 1.0])))
    assert norm(np.zeros(3)) == 0.0
    assert norm(np.array([])) == 0.0
    assert norm(np.full(4, 1e-30, np.float32)) == pytest.approx(2e-30)
    unchanged = clip_by_norm(np.array([np.inf, 1.0]), 1.0)
    np.testing.assert_array_equal(unchanged.gradient, [np.inf, 1.0])
    np.testing.assert_array_equal(clip_by_value(np.array([-np.inf, 2.0]), 1.0).gradient, [-1.0, 1.0])


@pytest.mark.parametrize(
    ("entry", "dtype"), [(1e25, np.float32), (1e300, np.float64), (1e-300, np.float64), (1e-40, np.float32)]
)
def test_a_length_is_known_where_its_square_is_no_number(entry, dtype):
    assert norm(np.full(4, entry, dtype)) == pytest.approx(2 * float(dtype(entry)), rel=1e-6)


@pytest.mark.parametrize(
    ("gradient", "most", "clipped"),
    [
        ([3e200, 4e200], 1e-210, [6e-211, 8e-211]),
        ([1.5e308, 1.5e308], 1.0, [0.5**0.5, 0.5**0.5]),  # whose length is no number
        ([1e200, 1e-200], 1.0, [1.0, 0.0]),
    ],
)
def test_a_direction_is_kept_however_long_the_gradient_is(gradient, most, clipped):
    np.testing.assert_allclose(clip_by_norm(np.array(gradient), most).gradient, clipped, rtol=1e-14)
