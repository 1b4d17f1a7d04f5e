"""Distributions over three classes as points of a triangle, against places that are known on paper."""

from math import sqrt

import numpy as np
import pytest

from engine.information.triangle import (
    lattice,
    nearest,
    point_of,
    rounded,
    weights_of,
)

MIDDLE = (1 / 3, 1 / 3, 1 / 3)
PLACES = {  # a distribution → where it is in a triangle with sides of length 1
    (1.0, 0.0, 0.0): (0.0, 0.0),
    (0.0, 1.0, 0.0): (1.0, 0.0),
    (0.0, 0.0, 1.0): (0.5, sqrt(3) / 2),
    (0.5, 0.5, 0.0): (0.5, 0.0),
    (0.0, 0.5, 0.5): (0.75, sqrt(3) / 4),
    MIDDLE: (0.5, sqrt(3) / 6),
}


@pytest.mark.parametrize(("q", "point"), PLACES.items())
def test_a_distribution_and_its_point(q, point):
    np.testing.assert_allclose(point_of(q), point, atol=1e-15)
    np.testing.assert_allclose(weights_of(point), q, atol=1e-15)


def test_a_weight_is_the_distance_from_a_side_over_the_height():
    """0.4 of the height above the side from A to B: the distance is 0.2·√3."""
    assert weights_of((0.6, 0.2 * sqrt(3)))[2] == pytest.approx(0.4)


def test_all_points_that_are_distributions_are_their_own_nearest():
    every = lattice(12)
    assert len(every) == 13 * 14 / 2
    np.testing.assert_allclose(nearest(point_of(every)), every, atol=1e-15)


@pytest.mark.parametrize(
    ("point", "q"),
    [
        ((2.0, 0.0), (0, 1, 0)),  # beyond B on the line from A
        ((-1.0, -1.0), (1, 0, 0)),
        ((0.5, 2.0), (0, 0, 1)),
        ((0.5, -0.5), (0.5, 0.5, 0)),  # straight down from the middle of AB
        ((0.2, -7.0), (0.8, 0.2, 0)),
    ],
)
def test_the_nearest_distribution_to_a_point_outside(point, q):
    np.testing.assert_allclose(nearest(point), q, atol=1e-12)


def test_the_nearest_is_nearer_than_any_other():
    """By trying all: of many distributions none is nearer to a point than what is given."""
    every = point_of(lattice(200))
    for point in np.random.default_rng(1).uniform(-1, 2, (40, 2)):
        tried = np.hypot(*(every - point).T).min()
        assert np.hypot(*(point_of(nearest(point)) - point)) <= tried + 1e-12


def test_probabilities_are_at_least_what_is_asked_for():
    found = nearest(np.random.default_rng(2).uniform(-1, 2, (99, 2)), 0.01)
    assert found.min() >= 0.01 - 1e-15
    np.testing.assert_allclose(found.sum(axis=1), 1.0, atol=1e-12)


def test_a_lattice_without_its_sides():
    assert sorted(map(tuple, lattice(4, inside=True) * 4)) == [(1, 1, 2), (1, 2, 1), (2, 1, 1)]


def test_rounded_probabilities_still_sum_to_one():
    assert rounded(MIDDLE) == (0.334, 0.333, 0.333)
    assert rounded((0.00004, 0.99, 0.00996), least=0.001) == (0.001, 0.989, 0.01)
    assert rounded((0.0, 1.0, 0.0)) == (0.0, 1.0, 0.0)
