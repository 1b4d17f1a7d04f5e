"""The long message of *Two distributions*: bits by hand, one message at every length, blocks, the end."""

from math import log2

import numpy as np
import pytest

from engine.config import replaced
from engine.experiments.entropy.two_distributions import TwoDistributionsConfig, drawn, snapshot
from engine.experiments.entropy.two_distributions_message import message_costs, narrowing
from engine.information.arithmetic_coding import Interval
from engine.information.shaped_distribution import Distribution
from engine.pieces import result_of

RARE = TwoDistributionsConfig(Distribution((0.9, 0.1)), Distribution((0.7, 0.3)), length=300)
HALVES = TwoDistributionsConfig(
    Distribution((0.5, 0.25, 0.125, 0.125)), Distribution((0.125, 0.125, 0.25, 0.5)), length=40
)


def costs(config, model="p"):
    return result_of(message_costs(config, model))


def test_the_message_comes_from_p_and_a_longer_one_begins_with_it():
    long = drawn(replaced(HALVES, length=1000))
    assert np.bincount(long) / 1000 == pytest.approx([0.5, 0.25, 0.125, 0.125], abs=0.05)
    assert (drawn(HALVES) == long[:40]).all()
    assert (drawn(replaced(HALVES, seed=1)) != long[:40]).any()


def test_powers_of_a_half_are_coded_without_loss_by_all_three():
    found, bits = costs(HALVES), np.array([1, 2, 3, 3])[drawn(HALVES)].cumsum()
    assert found.single.tolist() == found.surprise.tolist() == bits.tolist()
    assert found.arithmetic.tolist() == bits[found.lengths - 1].tolist()
    assert found.blocks.tolist() == bits[2::3].tolist()
    assert (found.single_mean, found.block_mean) == (1.75, 1.75)


def test_the_frame_has_the_surprise_of_the_message():
    bits = np.array([1, 2, 3, 3])[drawn(HALVES)]
    assert snapshot(HALVES).message_surprise == bits.mean()


def test_a_wrong_model_costs_the_cross_entropy():
    found, bits = costs(HALVES, "q"), np.array([3, 3, 2, 1])[drawn(HALVES)].cumsum()
    assert found.single.tolist() == bits.tolist()
    assert found.single_mean == 2.625
    assert found.arithmetic[-1] == bits[-1]


def test_a_rare_event_costs_a_whole_bit_alone_and_less_in_blocks_and_in_one_number():
    found, ones = costs(RARE), int((drawn(RARE) == 1).sum())
    surprise = (300 - ones) * -log2(0.9) + ones * -log2(0.1)
    assert found.single[-1] == 300
    assert found.surprise[-1] == pytest.approx(surprise)
    assert surprise <= found.arithmetic[-1] == len(found.word) < surprise + 2
    assert (found.block, found.table) == (3, 8)
    assert found.block_mean == pytest.approx(1.598 / 3)  # by hand in test_coding
    assert len(found.blocks) == 100
    assert found.decoded


def test_long_blocks_of_many_outcomes_are_cut_where_their_table_would_be_too_long():
    die = TwoDistributionsConfig(Distribution((1 / 6,) * 6), Distribution((0.5, 0.5)), length=20, block=8)
    found = costs(die)
    assert (found.block, found.table) == (4, 6**4)
    assert costs(replaced(die, p=Distribution((0.5, 0.5, *(0.0,) * 10)), q=Distribution((1.0,)))).block == 8


def test_where_the_model_says_never_the_message_ends():
    config = TwoDistributionsConfig(Distribution((0.5, 0.5)), Distribution((1.0, 0.0)), length=30)
    found, first = costs(config, "q"), int(np.argmax(drawn(config) == 1))
    assert len(found.message) == len(found.single) == first
    assert found.word == ""
    assert len(costs(config).message) == 30
    at_once = replaced(config, p=Distribution((0.0, 1.0)))
    nothing = costs(at_once, "q")
    assert len(nothing.message) == len(nothing.lengths) == len(nothing.blocks) == 0
    assert nothing.decoded
    assert narrowing(at_once, "q", 5).intervals == (Interval(0, 1, 1),)


def test_the_intervals_are_parts_of_each_other_in_the_models_proportions():
    found, message = narrowing(HALVES, "p", 8), drawn(HALVES)
    assert (found.first, len(found.intervals)) == (3, 6)
    assert list(found.chosen) == message[3:8].tolist()
    widths = [interval.width / interval.whole for interval in found.intervals]
    shares = np.array(widths[1:]) / widths[:-1]
    assert shares.tolist() == np.array([0.5, 0.25, 0.125, 0.125])[message[3:8]].tolist()
    assert len(found.word) == int(np.array([1, 2, 3, 3])[message[:8]].sum())


def test_every_length_up_to_the_last_is_measured_or_some_evenly():
    assert costs(replaced(HALVES, length=100)).lengths.tolist() == list(range(1, 101))
    long = costs(replaced(HALVES, length=1000)).lengths
    assert long[-1] == 1000
    assert len(long) <= 200
