"""Edge filters answer to edges in their direction, and to nothing that is even."""

import numpy as np
import pytest
from scipy import ndimage

from engine.networks.convolution import Filters, convolve
from engine.networks.edge_filters import EDGES, edge_filters

STEP = np.array([[0.0, 0.0, 1.0, 1.0]] * 5)  # brighter towards the right


@pytest.mark.parametrize(
    ("name", "scipys", "scale"), [("sobel", ndimage.sobel, 4), ("prewitt", ndimage.prewitt, 3)]
)
def test_two_of_them_are_those_of_scipy(name, scipys, scale):
    x = np.random.default_rng(1).normal(size=(6, 7))
    y, _ = convolve(x[None, None], Filters(edge_filters(name), np.zeros(4)))
    np.testing.assert_allclose(y[0, 0], scipys(x, axis=1, mode="constant") / scale, atol=1e-12)
    np.testing.assert_allclose(y[0, 2], scipys(x, axis=0, mode="constant") / scale, atol=1e-12)


@pytest.mark.parametrize("name", EDGES)
def test_a_straight_edge_is_1_in_its_direction_and_0_along_it(name):
    filters = edge_filters(name).reshape(4, 3, 3)
    patches = {0: STEP[:3, 1:], 2: STEP[:3, 1:].T, 1: np.array([[0, 0, 0], [0, 0, 1], [0, 1, 1]])}
    for direction, patch in patches.items():
        assert (filters[direction] * patch).sum() == pytest.approx(1.0)
    assert (filters[2] * patches[0]).sum() == 0
    assert (filters[3] * patches[1]).sum() == 0
    np.testing.assert_allclose(filters.sum(axis=(1, 2)), 0, atol=1e-15)


def test_the_diagonal_ones_by_hand():
    assert (4 * edge_filters("sobel")[1]).tolist() == [-2, -1, 0, -1, 0, 1, 0, 1, 2]
    assert (4 * edge_filters("sobel")[3]).tolist() == [0, -1, -2, 1, 0, -1, 2, 1, 0]
    np.testing.assert_allclose(3 * edge_filters("prewitt")[1], [-1, -1, 0, -1, 0, 1, 0, 1, 1])
    assert edge_filters("sobel", np.float32).dtype == np.float32
