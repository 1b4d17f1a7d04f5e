"""Two distributions: known numbers, padding, ∞, codes, the slope, and every setting to its ends."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import Problem, validated
from engine.experiments.entropy.two_distributions import (
    EXPERIMENT,
    PRESETS,
    TwoDistributionsConfig,
    slope_at_logits,
    snapshot,
)
from engine.information.shaped_distribution import Distribution
from engine.runner import Runner

INF = math.inf


def pair(p, q, base="2"):
    return TwoDistributionsConfig(Distribution(tuple(p)), Distribution(tuple(q)), base)


def test_known_numbers():
    shot = snapshot(pair(*PRESETS["lecture"]))
    found = (shot.entropy_p, shot.cross_entropy, shot.kl, shot.reverse_kl)
    assert found == pytest.approx((1.360964, 3.287943, 1.926979, 2.021648), abs=5e-7)
    assert snapshot(pair(*PRESETS["coin"], "e")).kl == pytest.approx(0.510826, abs=5e-7)
    sure = snapshot(pair((0, 0, 0, 1), (0.25,) * 4))
    assert (sure.entropy_p, sure.cross_entropy, sure.kl, sure.reverse_kl) == (0, 2, 2, INF)
    die = snapshot(pair(*PRESETS["die"]))
    assert (die.entropy_p, die.perplexity_p) == pytest.approx((2.584963, 6), abs=5e-7)


@pytest.mark.parametrize("base", ["2", "e", "10"])
@pytest.mark.parametrize("name", PRESETS)
def test_presets_meet_the_identity_in_every_base(name, base):
    shot = snapshot(pair(*PRESETS[name], base))
    assert shot.cross_entropy == pytest.approx(shot.entropy_p + shot.kl, rel=1e-13)
    assert shot.cross_terms.sum() == pytest.approx(shot.cross_entropy, rel=1e-13)
    assert shot.slope_check is None or shot.slope_check.passed
    assert validated(pair(*PRESETS[name], base)) == pair(*PRESETS[name], base)


def test_the_shorter_is_padded_with_zeros():
    shot = snapshot(pair((0.5, 0.5), (0.25,) * 4))
    assert shot.p.tolist() == [0.5, 0.5, 0, 0]
    assert shot.unseen == (2, 3)
    assert (shot.kl, shot.reverse_kl) == (1, INF)
    other = snapshot(pair((0.25,) * 4, (0.5, 0.5)))
    assert other.impossible == (2, 3)
    assert (other.cross_entropy, other.kl, other.reverse_kl) == (INF, INF, 1)


def test_nothing_in_common_is_infinite_but_for_js():
    shot = snapshot(pair(*PRESETS["disjoint"]))
    assert (shot.cross_entropy, shot.kl, shot.reverse_kl, shot.js) == (INF, INF, INF, 1)
    assert (shot.slope, shot.slope_check) == (None, None)
    assert not any(np.isnan(value).any() for value in shot if isinstance(value, float | np.ndarray))


def test_codes_of_halves_cost_the_entropy_and_not_a_bit_more():
    shot = snapshot(pair(*PRESETS["halves"]))
    assert [len(word) for word in shot.code_p.words] == shot.ideal.tolist() == [1, 2, 3, 3]
    assert (shot.mean_length, shot.entropy_bits) == (1.75, 1.75)
    assert (shot.mean_length_wrong, shot.cross_entropy_bits) == (2, 2)


def test_codes_are_in_bits_whatever_the_base():
    shots = [snapshot(pair(*PRESETS["lecture"], base)) for base in ("2", "e", "10")]
    assert len({shot.entropy_bits for shot in shots}) == len({shot.mean_length_wrong for shot in shots}) == 1


def test_qs_code_has_words_for_what_p_brings_and_ps_code_none_too_many():
    shot = snapshot(pair((0.5, 0.5, 0, 0), (1, 0, 0, 0)))
    assert shot.code_p.words == ("0", "1", None, None)
    assert sorted(map(str, shot.code_q.words)) == ["0", "1", "None", "None"]
    assert (shot.mean_length, shot.mean_length_wrong) == (1, 1)
    assert shot.cross_entropy_bits == INF


def test_one_outcome_is_no_news():
    shot = snapshot(pair((1.0,), (1.0,)))
    assert (shot.entropy_p, shot.kl, shot.js, shot.perplexity_p, shot.mean_length) == (0, 0, 0, 1, 0)
    assert shot.code_p.words == ("",)


def test_the_slope_is_q_minus_p_over_the_logarithm_of_the_base():
    p, q = np.array([0.5, 0.5, 0.0]), np.array([0.2, 0.7, 0.1])
    slope, check = slope_at_logits(p, q, 10.0)
    assert slope == pytest.approx([-0.3 / math.log(10), 0.2 / math.log(10), 0.1 / math.log(10)])
    assert check.count == 3
    assert check.passed


def test_the_least_probabilities_are_checked_too():
    for tiny in (1e-12, 1e-300, 5e-324):
        slope, check = slope_at_logits(np.array([0.5, 0.5]), np.array([tiny, 1.0]), 2.0)
        assert check.passed, check


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_gibbs_and_kraft_for_any_two(first, second):
    p, q = (np.array(values) + 1e-3 for values in (first, second))
    shot = snapshot(pair((p / p.sum()).tolist(), (q / q.sum()).tolist()))
    assert shot.kl >= 0
    assert shot.reverse_kl >= 0
    assert shot.cross_entropy >= shot.entropy_p - 1e-12
    assert shot.entropy_bits - 1e-9 <= shot.mean_length < shot.entropy_bits + 1
    assert shot.mean_length_wrong >= shot.mean_length - 1e-9
    assert shot.slope_check is None or shot.slope_check.passed


def test_a_run_is_one_frame_with_its_numbers():
    runner = Runner(EXPERIMENT, TwoDistributionsConfig())
    runner.drive()
    assert runner.recording.last == 0
    assert runner.recording.column("cross_entropy").tolist() == [
        snapshot(TwoDistributionsConfig()).cross_entropy
    ]


def test_what_is_no_distribution_or_base_is_refused():
    with pytest.raises(Problem, match="sums to"):
        pair((0.5, 0.6), (1.0,))
    with pytest.raises(Problem, match="at most 12"):
        validated(pair((1 / 13,) * 13, (1.0,)))
    with pytest.raises(Problem, match="one of 2, e, 10"):
        validated(pair((1.0,), (1.0,), "3"))
