"""Information against SciPy, against numbers from books, and by what must always hold."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import entropy as scipy_entropy

from engine.config import Problem
from engine.information.information import (
    cross_entropy,
    cross_entropy_terms,
    entropy,
    js_divergence,
    kl_divergence,
    kl_terms,
    perplexity,
    surprise,
)

P, Q = (0.1, 0.4, 0.5), (0.8, 0.15, 0.05)


def random_rows(rng, rows, outcomes, zeros=0.2):
    rows = rng.dirichlet(np.full(outcomes, rng.choice([0.05, 1.0, 20.0])), size=rows)
    rows[rng.random(rows.shape) < zeros] = 0.0
    rows[:, 0] += rows.sum(axis=1) == 0
    return rows / rows.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("base", [2, math.e, 10, 1.5])
def test_thousands_of_rows_agree_with_scipy(base):
    rng = np.random.default_rng(7)
    for outcomes in (1, 2, 3, 10, 200):
        p, q = random_rows(rng, 400, outcomes), random_rows(rng, 400, outcomes)
        close = {"rel": 1e-12, "abs": 1e-12}
        assert entropy(p, base) == pytest.approx(scipy_entropy(p, base=base, axis=1), **close)
        assert kl_divergence(p, q, base) == pytest.approx(scipy_entropy(p, q, base=base, axis=1), **close)
        expected = scipy_entropy(p, base=base, axis=1) + rel_entr(p, q).sum(axis=1) / math.log(base)
        assert cross_entropy(p, q, base) == pytest.approx(expected, **close)
        middle = (p + q) / 2  # as scipy.spatial.distance.jensenshannon, which stumbles over −1e-17
        expected = (rel_entr(p, middle) + rel_entr(q, middle)).sum(axis=1) / 2 / math.log(base)
        assert js_divergence(p, q, base) == pytest.approx(expected, **close)


def test_the_divergence_is_the_square_of_scipys_distance():
    rng = np.random.default_rng(8)
    p, q = random_rows(rng, 500, 6), random_rows(rng, 500, 6)
    for base in (2, math.e, 10):
        expected = jensenshannon(p, q, base=base, axis=1) ** 2
        assert js_divergence(p, q, base) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_numbers_from_books():
    assert entropy((0.5, 0.5)) == 1
    assert entropy(np.full(6, 1 / 6)) == pytest.approx(2.584963, abs=5e-7)
    assert entropy((0.8, 0.2)) == pytest.approx(0.721928, abs=5e-7)
    assert entropy((0.5, 0.25, 0.125, 0.125)) == 1.75
    assert kl_divergence((0.5, 0.5), (0.9, 0.1), math.e) == pytest.approx(0.510826, abs=5e-7)
    uniform, sure = np.full(4, 0.25), (0, 0, 0, 1)
    assert kl_divergence(sure, uniform) == 2
    assert kl_divergence(uniform, sure) == math.inf
    for found, known in zip(
        (entropy(P), cross_entropy(P, Q), kl_divergence(P, Q), kl_divergence(Q, P)),
        (1.360964, 3.287943, 1.926979, 2.021648),
        strict=True,
    ):
        assert found == pytest.approx(known, abs=5e-7)
    assert perplexity(np.full(6, 1 / 6)) == pytest.approx(6)


def test_what_never_happens_surprises_nobody():
    assert entropy((1.0, 0.0)) == 0
    assert math.copysign(1, entropy((1.0,))) == 1
    assert cross_entropy((0.5, 0.5, 0.0), (0.5, 0.5, 0.0)) == 1
    assert cross_entropy_terms((1.0, 0.0), (0.5, 0.5)).tolist() == [1, 0]
    assert kl_terms((0.5, 0.5, 0), (0.25, 0.25, 0.5)).tolist() == [0.5, 0.5, 0]


def test_what_was_held_to_be_impossible_surprises_without_bound():
    assert cross_entropy((0.5, 0.5), (1.0, 0.0)) == math.inf
    assert kl_divergence((0.5, 0.5), (1.0, 0.0)) == math.inf
    assert surprise((1.0, 0.0)).tolist() == [0, math.inf]
    assert js_divergence((1, 0), (0, 1)) == 1
    assert js_divergence((1, 0), (0, 1), math.e) == pytest.approx(math.log(2))


def test_the_smallest_probabilities_lose_no_digits():
    tiny = (1e-300, 1.0)
    assert entropy(tiny, math.e) == pytest.approx(1e-300 * 300 * math.log(10), rel=1e-13)
    half = (0.5, 0.5)
    assert kl_divergence(half, tiny, math.e) == pytest.approx(
        0.5 * 300 * math.log(10) + math.log(0.5), rel=1e-13
    )
    smallest = 5e-324  # its quotient with 0.5 is beyond the largest float
    assert kl_divergence(half, (smallest, 1.0)) == pytest.approx(0.5 * 1074 - 1, rel=1e-13)
    assert js_divergence((smallest, 1.0), (0.0, 1.0)) == pytest.approx(0, abs=1e-300)


def test_rows_are_stacked_and_matched():
    p = np.array([[[0.5, 0.5]], [[1.0, 0.0]]])  # (2, 1, 2)
    q = np.array([[0.5, 0.5], [0.25, 0.75], [0.9, 0.1]])  # (3, 2)
    both = kl_divergence(p, q)
    assert both.shape == (2, 3)
    assert both[1, 1] == kl_divergence((1.0, 0.0), (0.25, 0.75)) == 2
    assert entropy(p).shape == (2, 1)


@pytest.mark.parametrize(
    ("p", "sentence", "where"),
    [
        ((0.5, 0.6), "P sums to 1.1, not to 1", "P"),
        ((1.5, -0.5), "P holds -0.5: a probability cannot be negative", "P[1]"),
        ((0.5, math.nan), "P holds nan", "P[1]"),
        ((math.inf, 0.0), "P holds inf", "P[0]"),
        ((), "P has no outcomes", "P"),
        (0.5, "P has no outcomes", "P"),
        ("ab", "P must be numbers", "P"),
        ([[0.5, 0.5], [0.5, 0.4]], "P sums to 0.9", "P[1]"),
        ([[[0.5, 0.5]], [[0.5, 0.5], [1, 0]][:1], [[0.5, 0.25]]], "P sums to 0.75", "P[2, 0]"),
        ([[0.5, 0.5], [0.5, -0.1]], "P holds -0.1", "P[1, 1]"),
        ((1e308, 1e308), "P sums to inf", "P"),
        (("0.5", "0.5"), "P must be numbers", "P"),
        ((0.5 + 0j, 0.5), "P must be numbers", "P"),
        ((None, 1.0), "P holds nan", "P[0]"),
        ([[0.5, 0.5], [1.0]], "P must be numbers", "P"),
        ({0.5}, "P must be numbers", "P"),
        (np.zeros((2, 0)), "P has no outcomes", "P"),
    ],
)
def test_what_is_no_distribution_is_refused_with_its_place(p, sentence, where):
    for ask in (
        entropy,
        perplexity,
        lambda p: kl_divergence(p, (0.5, 0.5)),
        lambda p: js_divergence(p, (1.0,)),
    ):
        with pytest.raises(Problem) as caught:
            ask(p)
        assert str(caught.value).startswith(sentence)
        assert caught.value.where == where


def test_what_does_not_match_is_refused():
    with pytest.raises(Problem, match="P has 2 outcomes and Q has 3"):
        cross_entropy((0.5, 0.5), (0.5, 0.25, 0.25))
    with pytest.raises(Problem, match="Q sums to 2"):
        kl_divergence((0.5, 0.5), (1.0, 1.0))
    with pytest.raises(Problem, match="cannot be matched"):
        kl_divergence(np.full((2, 2), 0.5), np.full((3, 2), 0.5))
    for base in (1, 0, -2, 0.5, math.inf, math.nan):
        with pytest.raises(Problem, match="base"):
            entropy((0.5, 0.5), base)


def test_a_sum_is_one_within_a_billionth_for_each_outcome():
    assert entropy((0.5, 0.5 + 1.9e-9)) == pytest.approx(1)
    with pytest.raises(Problem):
        entropy((0.5, 0.5 + 2.1e-9))


@st.composite
def pairs(draw):
    n = draw(st.integers(1, 12))
    raw = [draw(arrays(float, n, elements=st.floats(0, 1))) for _ in range(2)]
    for values in raw:
        values[draw(st.integers(0, n - 1))] += 0.01
    return raw[0] / raw[0].sum(), raw[1] / raw[1].sum()


@given(pairs(), st.sampled_from([2.0, math.e, 10.0]))
def test_what_always_holds(pair, base):
    p, q = pair
    apart = kl_divergence(p, q, base)
    assert apart >= 0  # Gibbs
    assert kl_divergence(p, p, base) == 0
    assert 0 <= entropy(p, base) <= math.log(len(p)) / math.log(base) + 1e-12
    assert cross_entropy(p, q, base) == pytest.approx(entropy(p, base) + apart, rel=1e-12, abs=1e-12)
    assert js_divergence(p, q, base) == pytest.approx(js_divergence(q, p, base), abs=1e-14)
    assert 0 <= js_divergence(p, q, base) <= math.log(2) / math.log(base)
    terms = cross_entropy_terms(p, q, base).sum()
    assert terms == pytest.approx(float(cross_entropy(p, q, base)), rel=1e-15, abs=1e-15)


@given(pairs())
def test_another_base_multiplies_by_a_constant(pair):
    p, q = pair
    assert cross_entropy(p, q, 2) * math.log(2) == pytest.approx(
        float(cross_entropy(p, q, math.e)), rel=1e-13
    )


def test_a_probability_a_hair_above_one_does_not_make_an_entropy_negative():
    assert entropy((1.0 + 1e-10, 0.0)) == 0
    assert perplexity((1.0 + 1e-10, 0.0)) == 1
