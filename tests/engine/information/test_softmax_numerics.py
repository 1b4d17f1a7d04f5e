"""The naive softmax fails where it is said to; the stable one agrees with SciPy and with whole fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from scipy.stats import entropy

from engine.activations import sigmoid
from engine.information.softmax_numerics import (
    against_the_rest,
    check_d_entropy,
    check_jacobian,
    d_entropy_at,
    entropy_at,
    jacobian_at,
    limits,
    log_sum_exp,
    naive_softmax,
    stable_softmax,
)

LOGITS = st.lists(st.floats(-30, 30), min_size=2, max_size=8).map(np.array)
Z = np.array([2.0, 1.0, 0.1, -1.5])


@pytest.mark.parametrize(
    ("dtype", "high", "low"), [("float32", 88.722839, -103.972077), ("float64", 709.782713, -745.133219)]
)
def test_exp_leaves_the_floats_where_it_is_said_to(dtype, high, low):
    assert limits(dtype) == pytest.approx((high, low), abs=1e-6)
    kind, gap = np.dtype(dtype).type, 1e-4
    with np.errstate(all="ignore"):
        assert np.isfinite(np.exp(kind(limits(dtype).overflow - gap)))
        assert np.isinf(np.exp(kind(limits(dtype).overflow + gap)))
        assert np.exp(kind(limits(dtype).underflow + 1)) > 0
        assert np.exp(kind(limits(dtype).underflow - 1)) == 0


@pytest.mark.parametrize(
    ("z", "dtype", "failure"),
    [
        (Z, "float32", ""),
        (Z + 88, "float32", "overflow"),
        (Z + 88, "float64", ""),
        (Z + 709, "float64", "overflow"),
        (Z - 110, "float32", "vanished"),
        (Z - 110, "float64", ""),
        (Z - 800, "float64", "vanished"),
        ([0.0, -120.0], "float32", "lost"),
        ([0.0, -120.0], "float64", ""),
        ([88.5, 88.5], "float32", "overflow"),
    ],
)
def test_how_the_naive_formula_fails(z, dtype, failure):
    naive = naive_softmax(z, dtype)
    assert naive.failure == failure
    assert naive.p.dtype == naive.log_p.dtype == dtype
    assert naive.wrong().any() == bool(failure)
    if not failure:
        assert np.allclose(naive.p, special.softmax(z), rtol=2e-6)


def test_overflow_is_infinity_over_infinity_and_not_a_number():
    naive = naive_softmax([1000.0, 0.0])
    assert naive.exponentials.tolist() == [np.inf, 1.0]
    assert np.isnan(naive.p[0])
    assert naive.p[1] == 0
    assert naive.log_p[1] == -np.inf


@given(LOGITS)
def test_the_stable_formula_is_that_of_scipy(z):
    stable = stable_softmax(z)
    assert np.allclose(stable.p, special.softmax(z), rtol=1e-13)
    assert np.allclose(stable.log_p, special.log_softmax(z), rtol=1e-13, atol=1e-14)
    assert stable.exponentials.max() == 1
    assert 1 <= stable.total <= len(z)
    assert float(log_sum_exp(z)) == pytest.approx(float(special.logsumexp(z)), rel=1e-14, abs=1e-14)


@pytest.mark.parametrize("shift", [-2000.0, -1.0, 2000.0, 1e6])
def test_a_shift_changes_nothing(shift):
    assert np.allclose(stable_softmax(Z + shift).p, stable_softmax(Z).p, atol=1e-9)


def test_logarithms_keep_their_digits_far_down():
    assert stable_softmax([0.0, -1e5]).log_p.tolist() == [0.0, -1e5]


@given(LOGITS)
def test_each_class_against_the_rest_is_a_sigmoid(z):
    assert np.allclose(sigmoid(against_the_rest(z)), special.softmax(z), rtol=1e-12)


def test_with_two_classes_the_logit_is_the_difference():
    assert against_the_rest([3.0, 1.25]).tolist() == [1.75, -1.75]


def test_the_jacobian_by_hand():
    # logits log 1, log 2, log 5: p = 1/8, 1/4, 5/8, and every entry is a fraction
    p = [Fraction(1, 8), Fraction(1, 4), Fraction(5, 8)]
    by_hand = [[float(a * ((i == j) - b)) for j, b in enumerate(p)] for i, a in enumerate(p)]
    assert np.allclose(jacobian_at(np.log([1.0, 2.0, 5.0])), by_hand, atol=1e-15)
    assert np.allclose(jacobian_at(2 * np.log([1.0, 2.0, 5.0]), 2.0), np.array(by_hand) / 2, atol=1e-15)


@given(LOGITS, st.floats(-2, 2).map(lambda k: 10.0**k))
def test_slopes_pass_their_checks(z, temperature):
    assert check_jacobian(z, temperature).passed
    assert check_d_entropy(z, temperature).passed


def test_a_diagonal_jacobian_fails_its_check(monkeypatch):
    full = jacobian_at
    name = "engine.information.softmax_numerics.jacobian_at"
    monkeypatch.setattr(name, lambda z, t: np.diag(np.diag(full(z, t))))
    assert not check_jacobian(Z, 1.0).passed


@given(LOGITS, st.floats(-1, 2).map(lambda k: 10.0**k))
def test_entropy_against_temperature(z, temperature):
    expected = entropy(special.softmax(z / temperature))
    assert float(entropy_at(z, temperature)) == pytest.approx(float(expected), rel=1e-9, abs=1e-12)
    assert d_entropy_at(z, temperature) >= 0


def test_cold_takes_the_largest_and_heat_makes_all_alike():
    assert entropy_at(Z, [0.01, 1e6]) == pytest.approx([0.0, np.log(4)], abs=1e-9)
    assert float(entropy_at([1.0, 1.0, -5.0], 0.01)) == pytest.approx(np.log(2))  # a tie is shared
