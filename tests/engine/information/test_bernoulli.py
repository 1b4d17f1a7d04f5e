"""One yes-or-no question: its numbers against SciPy, its slopes against differences, its ends by hand."""

from math import inf, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import rel_entr, xlog1py, xlogy
from scipy.stats import bernoulli

from engine.config import Problem
from engine.information import information
from engine.information.bernoulli import (
    check_slope,
    cross_entropy,
    d_cross_entropy,
    entropy,
    kl_divergence,
    terms,
)

CHANCES = np.array([1e-300, 1e-12, 0.01, 1 / 3, 0.5, 0.7, 1 - 1e-12])


@pytest.mark.parametrize("base", [2.0, np.e, 10.0])
def test_entropy_is_that_of_scipy(base):
    assert np.allclose(entropy(CHANCES, base), bernoulli.entropy(CHANCES) / log(base), rtol=1e-13)


def test_cross_entropy_and_kl_are_those_of_scipy():
    p, q = CHANCES[:, None], CHANCES[None, :]
    assert np.allclose(cross_entropy(p, q, np.e), -xlogy(p, q) - xlog1py(1 - p, -q), rtol=1e-13)
    pairs = rel_entr(p, q) + rel_entr(1 - p, 1 - q)
    assert np.allclose(kl_divergence(p, q, np.e), pairs, rtol=1e-9, atol=1e-14)


def test_it_is_the_two_outcome_case_of_distributions():
    p, q = (np.stack([x, 1 - x], axis=-1) for x in (CHANCES, CHANCES[::-1]))
    assert np.allclose(cross_entropy(CHANCES, CHANCES[::-1]), information.cross_entropy(p, q), rtol=1e-12)


@pytest.mark.parametrize(
    ("p", "q", "expected"),
    [
        (0, 0, 0),
        (1, 1, 0),
        (0, 1, inf),
        (1, 0, inf),
        (0.5, 0, inf),
        (0.5, 1, inf),
        (1, 0.25, 2),
        (0, 0.75, 2),
    ],
)
def test_the_ends(p, q, expected):
    assert float(cross_entropy(p, q)) == pytest.approx(expected)
    assert not np.isnan(float(kl_divergence(p, q)))
    assert not any(np.isnan(float(part)) or np.signbit(float(part)) for part in terms(p, q))


def test_certain_answers_leave_one_surprise():
    assert np.array_equal(cross_entropy(1, CHANCES, 10), -np.log(CHANCES) / log(10))
    assert np.allclose(cross_entropy(0, CHANCES, 10), -np.log1p(-CHANCES) / log(10))


@given(st.floats(0, 1), st.floats(0, 1))
def test_believing_the_truth_is_cheapest(p, q):
    assert cross_entropy(p, q) >= entropy(p) - 1e-12
    assert kl_divergence(p, q) >= 0
    assert float(kl_divergence(p, p)) == 0


@given(st.floats(1e-9, 1 - 1e-9), st.floats(1e-9, 1 - 1e-9))
def test_cross_entropy_against_p_is_the_tangent_of_the_entropy(p, q):
    tangent = float(entropy(q)) + log((1 - q) / q) / log(2) * (p - q)
    assert float(cross_entropy(p, q)) == pytest.approx(tangent, rel=1e-9, abs=1e-12)


@given(st.floats(0, 1), st.floats(1e-300, 1 - 1e-12), st.sampled_from([2.0, np.e, 10.0]))
def test_the_slope_passes_its_check_as_near_to_the_ends_as_one_likes(p, q, base):
    check = check_slope(p, q, base)
    assert q == 1e-300 or check.passed, check


def test_a_wrong_slope_fails(monkeypatch):
    monkeypatch.setattr("engine.information.bernoulli.d_cross_entropy", lambda p, q, base: -p / q / log(base))
    assert not check_slope(0.7, 0.4, 2.0).passed


def test_the_slope_at_the_ends_is_what_it_tends_to():
    assert float(d_cross_entropy(0, 0, np.e)) == 1
    assert float(d_cross_entropy(1, 1, np.e)) == -1
    assert float(d_cross_entropy(0.5, 0)) == -inf
    assert float(d_cross_entropy(0.5, 1)) == inf
    assert check_slope(0.5, 0) is None
    assert check_slope(0.5, 1) is None


@pytest.mark.parametrize("bad", [-0.1, 1.1, np.nan])
def test_what_is_no_chance_is_refused(bad):
    with pytest.raises(Problem, match="q is a probability"):
        cross_entropy(0.5, bad)
