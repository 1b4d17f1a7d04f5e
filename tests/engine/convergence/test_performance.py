"""Quantile curves and performance profiles: worked out by hand, and as the definition counts."""

import numpy as np
import pytest

from engine.convergence.performance import profiles, quantile_curve, ratios

INF, NAN = np.inf, np.nan

# Three methods on four problems. The best needs 10, 20, 5; nobody solves the last.
COSTS = np.array([[10.0, 40.0, INF, INF], [20.0, 20.0, 15.0, INF], [10.0, INF, 5.0, INF]])


def test_ratios_by_hand():
    expected = [[1.0, 2.0, INF, INF], [2.0, 1.0, 3.0, INF], [1.0, INF, 1.0, INF]]
    np.testing.assert_array_equal(ratios(COSTS), expected)


def test_profiles_by_hand():
    a, b, c = profiles(COSTS)
    assert [(p.first, p.solved) for p in (a, b, c)] == [(0.25, 0.5), (0.25, 0.75), (0.5, 0.5)]
    assert [a.at(tau) for tau in (1.0, 1.9, 2.0, 100.0)] == [0.25, 0.25, 0.5, 0.5]
    assert [b.at(tau) for tau in (1.0, 2.0, 2.5, 3.0)] == [0.25, 0.5, 0.5, 0.75]
    assert c.at(1.0) == c.at(1000.0) == 0.5


def test_the_line_of_a_profile_has_corners():
    x, y = profiles(COSTS)[1].until(4.0)
    assert x.tolist() == [1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0]
    assert y.tolist() == [0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 0.75]


def test_who_is_never_first_begins_at_0_and_who_solves_nothing_stays_there():
    slow, lost = profiles(np.array([[8.0, 9.0], [INF, INF], [4.0, 3.0]]))[:2]
    assert (slow.first, slow.solved) == (0.0, 1.0)
    assert (slow.at(2.0), slow.at(3.0)) == (0.5, 1.0)
    assert (lost.first, lost.solved, lost.at(1e9)) == (0.0, 0.0, 0.0)


def test_who_is_there_from_the_start_has_needed_as_much_as_one_step():
    np.testing.assert_array_equal(ratios(np.array([[0.0], [0.0], [5.0]])), [[1.0], [1.0], [5.0]])


@pytest.mark.parametrize("seed", range(3))
def test_the_share_is_what_the_definition_counts(seed):
    rng = np.random.default_rng(seed)
    costs = rng.integers(1, 60, (4, 37)).astype(float)
    costs[rng.random(costs.shape) < 0.2] = INF
    found = profiles(costs)
    for tau in (1.0, 1.5, 2.0, 7.0, 59.0):
        for s in range(4):
            solved = 0
            for p in range(37):
                best = min(costs[other, p] for other in range(4))
                solved += bool(costs[s, p] < INF and costs[s, p] <= tau * best)
            assert found[s].at(tau) == pytest.approx(solved / 37)


def test_quantiles_have_every_run_and_the_lost_ones_are_the_highest():
    share, values = quantile_curve(np.array([3.0, NAN, 1.0, 2.0, INF]))
    assert share.tolist() == [0.0, 25.0, 50.0, 75.0, 100.0]
    assert values.tolist() == [1.0, 2.0, 3.0, INF, INF]
