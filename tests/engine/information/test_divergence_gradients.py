"""Each measure against SciPy or paper, each gradient against paper and differences, and all at their ends."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.special import log_softmax, rel_entr, softmax
from scipy.stats import entropy

from engine.config import Problem
from engine.gradient_check import check_gradient
from engine.information.divergence_gradients import DIVERGENCES, Model, Truth, through_softmax
from engine.information.information import cross_entropy, kl_divergence

HALVES, NINE_TO_ONE = (0.5, 0.5), np.log([0.9, 0.1])
# By hand, for P = (½, ½) and Q = (0.9, 0.1), with M = (0.7, 0.3); the second slope is minus the first.
BY_HAND = {
    "cross_entropy": (-0.5 * (math.log(0.9) + math.log(0.1)), 0.4),
    "kl": (0.510826, 0.4),
    "reverse_kl": (0.368064, 0.9 * (math.log(1.8) - 0.368064)),
    "js": (0.101749, 0.1 * 0.45 * math.log(9 / 7) + 0.9 * 0.05 * math.log(3)),
    "squared_error": (0.32, 0.144),
}
logits = st.lists(st.floats(-8, 8), min_size=1, max_size=12)


def truth_of(weights):
    return Truth.of(softmax(weights))


@pytest.mark.parametrize("name", DIVERGENCES)
def test_two_outcomes_by_hand(name):
    value, slope = BY_HAND[name]
    loss, truth = DIVERGENCES[name], Truth.of(HALVES)
    assert loss.at(truth, NINE_TO_ONE) == pytest.approx(value, abs=1e-6)
    assert loss.gradient(truth, NINE_TO_ONE) == pytest.approx([slope, -slope], abs=1e-6)


@given(logits, st.sampled_from([2.0, math.e, 10.0]), st.randoms(use_true_random=False))
def test_values_agree_with_scipy(z, base, random):
    p = softmax([random.uniform(-4, 4) for _ in z])
    q, truth, close = softmax(z), Truth.of(p), {"rel": 1e-10, "abs": 1e-13}
    assert DIVERGENCES["cross_entropy"].at(truth, z, base) == pytest.approx(
        float(-p @ log_softmax(z)) / math.log(base), **close
    )
    assert DIVERGENCES["kl"].at(truth, z, base) == pytest.approx(float(entropy(p, q, base)), **close)
    assert DIVERGENCES["reverse_kl"].at(truth, z, base) == pytest.approx(float(entropy(q, p, base)), **close)
    assert DIVERGENCES["js"].at(truth, z, base) == pytest.approx(
        float(np.nan_to_num(jensenshannon(p, q, base))) ** 2, **close
    )
    assert DIVERGENCES["squared_error"].at(truth, z, base) == pytest.approx(float((q - p) @ (q - p)), **close)


@pytest.mark.parametrize("name", DIVERGENCES)
@given(z=logits, base=st.sampled_from([2.0, math.e, 10.0]), random=st.randoms(use_true_random=False))
def test_gradients_agree_with_differences(name, z, base, random):
    truth, loss = truth_of([random.uniform(-4, 4) for _ in z]), DIVERGENCES[name]
    gradient = loss.gradient(truth, z, base)
    assert check_gradient(lambda at: loss.at(truth, at, base), gradient, z).passed
    assert gradient.sum() == pytest.approx(0, abs=1e-12)  # a shift of all logits changes nothing


@pytest.mark.parametrize("p", [(1.0, 0.0, 0.0), (0.0, 0.4, 0.6)])
@pytest.mark.parametrize("name", ["cross_entropy", "kl", "js", "squared_error"])
def test_gradients_where_p_has_zeros(name, p):
    truth, loss, z = Truth.of(p), DIVERGENCES[name], (0.3, -1.0, 2.0)
    assert check_gradient(lambda at: loss.at(truth, at), loss.gradient(truth, z), z).passed


@given(logits, st.randoms(use_true_random=False))
def test_cross_entropy_and_kl_have_one_gradient_for_every_label(z, random):
    truth = truth_of([random.uniform(-4, 4) for _ in z])
    np.testing.assert_array_equal(
        DIVERGENCES["cross_entropy"].gradient(truth, z), DIVERGENCES["kl"].gradient(truth, z)
    )
    # Each of the two softmaxes may be wrong by half a unit in n sums, and by two in exp, shift and quotient.
    rounding = (len(z) + 4) * np.finfo(float).eps
    np.testing.assert_allclose(
        DIVERGENCES["kl"].gradient(truth, z), softmax(z) - truth.p, rtol=0, atol=rounding
    )


def test_reverse_kl_is_infinite_and_pulls_nowhere_where_p_has_a_zero():
    loss, truth = DIVERGENCES["reverse_kl"], Truth.of((0.5, 0.5, 0.0))
    for last in (0.0, -1000.0):  # however small softmax makes it, it is not 0
        assert loss.at(truth, (0.0, 0.0, last)) == math.inf
        assert np.isnan(loss.gradient(truth, (0.0, 0.0, last))).all()
    assert loss.at(Truth.of((0.5, 0.5)), (0.0, 0.0)) == 0


@pytest.mark.parametrize("name", DIVERGENCES)
def test_huge_logits_do_not_overflow(name):
    loss, truth = DIVERGENCES[name], Truth.of((0.25, 0.75))
    value, gradient = loss.at(truth, (1000.0, -1000.0)), loss.gradient(truth, (1000.0, -1000.0))
    wanted = {
        "cross_entropy": 1500.0,
        "kl": 1500.0 + 0.25 * math.log(0.25) + 0.75 * math.log(0.75),
        "reverse_kl": math.log(4),
        "squared_error": 2 * 0.75**2,
    }
    wanted["js"] = float(0.5 * rel_entr([0.25, 0.75, 1], [0.625, 0.375, 0.625]).sum())
    assert value == pytest.approx(wanted[name], rel=1e-14)
    assert gradient == pytest.approx([0.75, -0.75] if name in ("cross_entropy", "kl") else [0, 0], abs=1e-12)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_one_outcome_is_always_right(name):
    assert DIVERGENCES[name].at(Truth.of([1.0]), [3.0]) == 0
    assert DIVERGENCES[name].gradient(Truth.of([1.0]), [3.0]) == 0


def test_disjoint_distributions_reach_the_upper_bound_of_js():
    assert DIVERGENCES["js"].at(Truth.of((1.0, 0.0)), (-1000.0, 1000.0), 2) == pytest.approx(1, abs=1e-15)


def test_many_models_at_once_agree_with_one_at_a_time():
    z, truth = np.random.default_rng(0).normal(size=(5, 2, 4)), Truth.of((0.4, 0.3, 0.2, 0.1))
    for loss in DIVERGENCES.values():
        assert loss.at(truth, z).shape == (5, 2)
        assert loss.at(truth, z)[3, 1] == pytest.approx(float(loss.at(truth, z[3, 1])), rel=1e-13)
        np.testing.assert_allclose(loss.gradient(truth, z)[3, 1], loss.gradient(truth, z[3, 1]), rtol=1e-12)


def test_they_agree_with_the_page_on_information():
    p, z = (0.1, 0.4, 0.5), np.log([0.8, 0.15, 0.05])
    q = softmax(z)
    assert DIVERGENCES["cross_entropy"].at(Truth.of(p), z, 2) == pytest.approx(float(cross_entropy(p, q)))
    assert DIVERGENCES["kl"].at(Truth.of(p), z, 2) == pytest.approx(float(kl_divergence(p, q)))
    assert DIVERGENCES["kl"].at(Truth.of(p), z, 2) == pytest.approx(1.926979, abs=5e-7)
    assert DIVERGENCES["reverse_kl"].at(Truth.of(p), z, 2) == pytest.approx(2.021648, abs=5e-7)


def test_the_jacobian_of_softmax():
    """A pull on one outcome alone, u = qₖ·eₖ, comes out as the k-th row of the Jacobian."""
    q = Model.of((1.0, 0.0, -2.0)).q
    for k in range(3):
        jacobian = np.diag(q) - np.outer(q, q)
        np.testing.assert_allclose(through_softmax(np.eye(3)[k] * q, q), jacobian[k], rtol=1e-14, atol=1e-16)


def test_what_is_no_distribution_is_refused():
    with pytest.raises(Problem, match="sums to"):
        Truth.of((0.5, 0.4))
