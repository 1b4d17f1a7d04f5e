"""The loss over a plane against the network itself, and the grid from coarse to fine."""

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.losses.from_logits import one_hot
from engine.networks.landscape_grid import PlaneLoss, complete, order, passes, strides
from engine.networks.network import Network
from engine.networks.network_landscape import WeightPlane

SIZES = [9, 17, 33, 65]


def problem(sizes, activation="tanh", n=12):
    rng, network = np.random.default_rng(0), Network(sizes, activation)
    plane = WeightPlane(rng.normal(size=network.count), rng.normal(size=(2, network.count)))
    x, labels = rng.normal(size=(n, sizes[0])), rng.integers(sizes[-1], size=n)
    return network, plane, x, labels


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(4, 3), (4, 5, 3), (4, 6, 5, 3)])
def test_the_loss_is_that_of_the_network_with_those_weights(sizes, activation):
    network, plane, x, labels = problem(sizes, activation)
    loss, target = PlaneLoss(network, plane, x, labels), one_hot(labels, 3)
    for alpha, beta in [(0.0, 0.0), (0.3, -1.2), (-2.0, 0.5)]:
        expected = network.loss(plane.centre + alpha * plane.axes[0] + beta * plane.axes[1], x, target)
        assert loss.value(alpha, beta) == pytest.approx(expected, rel=1e-12)


def test_the_loss_by_hand():
    """One input 1, two classes, logits (θ₁, θ₂) = (α, β) and no bias: −log softmax(α, β)₀."""
    axes = np.array([[1.0, 0, 0, 0], [0, 1.0, 0, 0]])
    loss = PlaneLoss(Network((1, 2)), WeightPlane(np.zeros(4), axes), np.ones((1, 1)), np.array([0]))
    assert loss.value(0.0, 0.0) == pytest.approx(np.log(2))
    assert loss.value(np.log(3), 0.0) == pytest.approx(np.log(4 / 3))
    assert loss.value(-1000.0, 0.0) == pytest.approx(1000.0)


def test_where_the_numbers_end_there_is_no_finite_loss():
    network, plane, x, labels = problem((4, 5, 3), "relu")
    assert not np.isfinite(PlaneLoss(network, plane, x, labels).value(1e200, 1e200))


@pytest.mark.parametrize("size", SIZES)
def test_every_point_comes_once_and_the_coarse_ones_first(size):
    places = list(order(size))
    assert sorted(places) == [(row, column) for row in range(size) for column in range(size)]
    for (side, count), stride in zip(passes(size), strides(size), strict=True):
        assert {(row % stride, column % stride) for row, column in places[:count]} == {(0, 0)}
        assert count == side**2
    assert passes(size)[0] == (9, 81)
    assert passes(size)[-1] == (size, size**2)


def filled(size, done, value=lambda row, column: 3.0 * row - 2.0 * column + 1.0):
    grid = np.full((size, size), np.nan, np.float32)
    for place in list(order(size))[:done]:
        grid[place] = value(*place)
    return grid


def test_what_is_shown_has_what_is_known_and_lies_between_where_nothing_is():
    """A tilted plane is what lies between its own points: so it is shown exactly, however far the grid is."""
    whole = filled(33, 33 * 33).astype(float)
    for done, side in [(81, 17), (100, 17), (288, 17), (289, 33), (700, 33), (33 * 33, 33)]:
        shown = complete(filled(33, done), done)
        assert shown.shape == (side, side)
        step = 32 // (side - 1)
        np.testing.assert_allclose(shown, whole[::step, ::step], rtol=1e-6)


def test_known_points_are_never_replaced_by_means():
    rng = np.random.default_rng(2)
    truth = rng.normal(size=(17, 17))
    for done in (81, 82, 150, 288):
        grid = filled(17, done, lambda row, column: truth[row, column])
        shown, known = complete(grid, done), np.isfinite(grid)
        np.testing.assert_array_equal(shown[known], grid[known].astype(float))
        assert known.sum() == done
        assert np.isfinite(shown).all()


def test_before_the_first_pass_is_done_the_rest_is_a_hole():
    shown = complete(filled(65, 20), 20)
    assert shown.shape == (9, 9)
    assert np.isfinite(shown).sum() == 20
    assert np.isnan(complete(filled(65, 0), 0)).all()


def test_between_four_points_lies_their_mean():
    grid = np.full((17, 17), np.nan, np.float32)
    grid[::2, ::2] = 0.0
    grid[0, 0], grid[0, 2], grid[2, 0], grid[2, 2] = 1.0, 3.0, 5.0, 11.0
    shown = complete(grid, 81)
    assert (shown[0, 1], shown[1, 0], shown[1, 1]) == (2.0, 3.0, 5.0)
