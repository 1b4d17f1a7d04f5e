"""Directions and projections, against NumPy's own least squares and decompositions and against the theory."""

import numpy as np
import pytest

from engine.networks.network import Network
from engine.networks.network_landscape import (
    PathPoints,
    WeightPlane,
    completed,
    filter_normalised,
    project,
    turned,
)


def points_of(rows, origin=None, paths=None):
    found = PathPoints(rows[0] if origin is None else origin, len(rows))
    for k, row in enumerate(rows):
        found.add(row, 0 if paths is None else paths[k])
    return found


def test_the_weights_into_each_neuron_are_as_long_as_in_the_network_and_biases_rest():
    network = Network((2, 3, 2))
    theta = np.arange(
        1.0, 18.0
    )  # W₁ = [[1 2 3], [4 5 6]], b₁ = 7 8 9, W₂ = [[10 11] [12 13] [14 15]], b₂ = 16 17
    first, second = network.layers(filter_normalised(network, theta, np.random.default_rng(1)))
    # columns of W₁: (1, 4), (2, 5), (3, 6); of W₂: (10, 12, 14), (11, 13, 15)
    assert np.linalg.norm(first.weights, axis=0) == pytest.approx(np.sqrt([17, 29, 45]))
    assert np.linalg.norm(second.weights, axis=0) == pytest.approx(np.sqrt([440, 515]))
    assert not first.bias.any()
    assert not second.bias.any()
    assert not np.allclose(first.weights / theta[:6].reshape(2, 3), 1.0), "random, not the weights"


def test_a_neuron_without_weights_stays_as_it_is():
    network = Network((2, 2))
    theta = np.array([0.0, 3.0, 0.0, 4.0, 1.0, 1.0])  # no weights into the first neuron
    (layer,) = network.layers(filter_normalised(network, theta, np.random.default_rng(0)))
    assert np.linalg.norm(layer.weights, axis=0) == pytest.approx([0.0, 5.0])


def test_the_scale_of_a_hidden_neuron_does_not_change_the_landscape():
    """With ReLU, weights into a neuron times c and those out of it over c are the same network."""
    network, rng = Network((3, 1, 2), "relu"), np.random.default_rng(3)
    theta, x = rng.normal(size=network.count), rng.normal(size=(5, 3))
    other = theta.copy()
    (w_in, b_in, _), (w_out, *_) = network.layers(other)
    w_in *= 10
    b_in *= 10
    w_out /= 10
    d, e = (filter_normalised(network, t, np.random.default_rng(4)) for t in (theta, other))
    assert not np.allclose(d, e)
    for step in (-1.0, 0.0, 0.5, 2.0):
        one, same = (network.forward(t + step * v, x).logits for t, v in ((theta, d), (other, e)))
        np.testing.assert_allclose(one, same)


def test_projection_is_numpys_least_squares():
    rng = np.random.default_rng(0)
    for slant in (0.0, 0.7, 0.999):  # from nearly perpendicular to nearly parallel
        first, other = rng.normal(size=(2, 40))
        plane = WeightPlane(rng.normal(size=40), np.stack([first, slant * first + (1 - slant) * other]))
        thetas = rng.normal(size=(6, 40))
        found = project(plane, thetas)
        for k, theta in enumerate(thetas):
            solution, residual, *_ = np.linalg.lstsq(plane.axes.T, theta - plane.centre, rcond=None)
            np.testing.assert_allclose(found.coordinates[k], solution, rtol=1e-6)
            assert found.error[k] == pytest.approx(np.sqrt(residual[0]), rel=1e-8)
            assert found.distance[k] == pytest.approx(np.linalg.norm(theta - plane.centre))


def test_a_projection_by_hand():
    plane = WeightPlane(np.array([1.0, 1.0, 0.0]), np.array([[2.0, 0.0, 0.0], [1.0, 1.0, 0.0]]))
    found = project(plane, np.array([[4.0, 2.0, 7.0], [1.0, 1.0, 0.0]]))
    # θ − θ* = (3, 1, 7) = 1·(2, 0, 0) + 1·(1, 1, 0) + (0, 0, 7)
    np.testing.assert_allclose(found.coordinates, [[1, 1], [0, 0]], atol=1e-14)
    np.testing.assert_allclose(found.error, [7, 0], atol=1e-14)
    np.testing.assert_allclose(found.distance, [np.sqrt(59), 0], atol=1e-14)
    np.testing.assert_allclose(plane.at(1.0, 1.0), [4, 2, 0])


def test_a_plane_that_is_a_line_is_projected_on_as_one():
    plane = WeightPlane(np.zeros(2), np.array([[1.0, 0.0], [0.0, 0.0]]))
    found = project(plane, np.array([[3.0, 4.0]]))
    assert found.error == pytest.approx([4.0])
    assert found.coordinates[0] == pytest.approx([3.0, 0.0])


def test_what_is_lost_has_no_projection():
    plane = WeightPlane(np.zeros(3), np.eye(3)[:2])
    found = project(plane, np.array([[1.0, np.nan, 0.0], [1.0, 2.0, 3.0]]))
    assert np.isnan(found.coordinates[0]).all()
    assert found.coordinates[1] == pytest.approx([1.0, 2.0])


@pytest.mark.parametrize("shape", [(30, 7), (6, 50)], ids=["many points", "many weights"])
def test_principal_directions_are_those_of_the_covariance_and_of_the_singular_values(shape):
    rng = np.random.default_rng(5)
    rows = rng.normal(size=shape) * np.geomspace(3, 0.2, shape[1]) + 100.0
    found = points_of(rows).principal([0])
    values, vectors = np.linalg.eigh(np.cov(rows.T))
    assert found.fractions == pytest.approx(values[:-3:-1] / values.sum(), rel=1e-8)
    _, singular, directions = np.linalg.svd(rows - rows.mean(axis=0))
    assert found.fractions == pytest.approx(singular[:2] ** 2 / (singular**2).sum(), rel=1e-8)
    for k in range(2):
        assert abs(found.axes[k] @ vectors[:, -1 - k]) == pytest.approx(1.0, rel=1e-8)
        assert abs(found.axes[k] @ directions[k]) == pytest.approx(1.0, rel=1e-8)
    np.testing.assert_allclose(found.axes @ found.axes.T, np.eye(2), atol=1e-9)
    assert found.points == shape[0]


def test_only_the_chosen_paths_count():
    rng = np.random.default_rng(6)
    near, far = rng.normal(size=(10, 5)), 1e6 * rng.normal(size=(4, 5))
    rows, paths = np.concatenate([near, far]), [0] * 10 + [1] * 4
    found = points_of(rows, paths=paths).principal([0])
    alone = points_of(near).principal([0])
    np.testing.assert_allclose(found.axes, alone.axes, atol=1e-8)
    assert found.points == 10


def test_points_on_a_line_have_one_direction_and_the_other_is_at_right_angles():
    line = np.outer(np.arange(5.0), [3.0, 4.0, 0.0, 0.0])
    found = points_of(line).principal([0])
    assert found.fractions[0] == pytest.approx(1.0)
    assert found.fractions[1] == 0.0
    assert np.abs(found.axes[0]) == pytest.approx([0.6, 0.8, 0.0, 0.0])
    assert not found.axes[1].any()
    whole = completed(found.axes, np.random.default_rng(0))
    np.testing.assert_allclose(whole @ whole.T, np.eye(2), atol=1e-12)
    np.testing.assert_array_equal(whole[0], found.axes[0])


def test_points_that_never_move_have_two_random_directions():
    found = points_of(np.ones((3, 6))).principal([0])
    assert found.fractions.tolist() == [0.0, 0.0]
    whole = completed(found.axes, np.random.default_rng(0))
    np.testing.assert_allclose(whole @ whole.T, np.eye(2), atol=1e-12)


def test_directions_are_turned_towards_the_end():
    axes = np.eye(3)[:2]
    np.testing.assert_array_equal(turned(axes, np.array([-2.0, 1.0, 9.0])), [[-1, 0, 0], [0, 1, 0]])


def test_of_a_random_walk_the_first_two_directions_hold_three_quarters_of_the_variance():
    """Antognini & Sohl-Dickstein (2018): 6/(π²k²) in the limit of many dimensions and steps."""
    walk = np.cumsum(np.random.default_rng(0).normal(size=(300, 6000)), axis=0)
    shares = points_of(walk).principal([0]).fractions
    assert shares == pytest.approx([6 / np.pi**2, 6 / np.pi**2 / 4], abs=0.03)
