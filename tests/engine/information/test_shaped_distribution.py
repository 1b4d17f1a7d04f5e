"""A distribution that gives way: whatever is dragged, it sums to 1, and what is locked keeps its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import Problem
from engine.information.shaped_distribution import MOST, Distribution


def test_the_others_give_way_in_their_proportions():
    moved = Distribution((0.5, 0.3, 0.2)).moved(0, 0.75)
    assert moved.values == pytest.approx((0.75, 0.15, 0.1))


def test_what_is_locked_keeps_its_probability_and_limits_the_others():
    locked = Distribution((0.5, 0.3, 0.2), locked=(1,))
    assert locked.moved(0, 0.9).values == pytest.approx((0.7, 0.3, 0.0))
    assert locked.moved(1, 0.9) is locked
    alone = Distribution((0.5, 0.3, 0.2), locked=(1, 2))
    assert alone.moved(0, 0.1) is alone


def test_where_all_others_are_zero_they_share_equally():
    assert Distribution((1.0, 0.0, 0.0)).moved(0, 0.5).values == (0.5, 0.25, 0.25)


def test_outcomes_are_added_with_nothing_and_taken_away_with_what_they_had():
    p = Distribution((0.5, 0.25, 0.25))
    assert p.resized(5).values == (0.5, 0.25, 0.25, 0.0, 0.0)
    assert p.resized(2).values == pytest.approx((2 / 3, 1 / 3))
    assert Distribution((0.0, 0.0, 1.0)).resized(2).values == (0.5, 0.5)
    assert Distribution((0.5, 0.3, 0.2), locked=(0, 2)).resized(2) == Distribution((0.5, 0.5), locked=(0,))
    assert Distribution((0.5, 0.25, 0.25), locked=(0, 1)).resized(2).values == pytest.approx((2 / 3, 1 / 3))
    assert len(p.resized(99).values) == MOST
    assert p.resized(0).values == (1.0,)


@pytest.mark.parametrize(
    ("values", "locked", "where", "sentence"),
    [
        ((0.5, 0.6), (), "values", "The list sums to 1.1, not to 1"),
        ((1.5, -0.5), (), "values[1]", "The list holds -0.5: a probability cannot be negative"),
        ((), (), "values", "The list has no outcomes"),
        ((0.5, 0.5), (2,), "locked[0]", "There is no outcome 2"),
        ((0.5, 0.5), (0, -1), "locked[1]", "There is no outcome -1"),
    ],
)
def test_what_is_no_distribution_is_refused_at_its_place(values, locked, where, sentence):
    with pytest.raises(Problem) as caught:
        Distribution(values, locked)
    assert (str(caught.value), caught.value.where) == (sentence, where)


edits = st.lists(
    st.tuples(st.sampled_from(["move", "size", "lock"]), st.integers(0, 11), st.floats(-0.5, 1.5)),
    max_size=30,
)


@given(edits)
def test_it_sums_to_one_after_any_edits(edits):
    p = Distribution((0.1, 0.2, 0.3, 0.4))
    for kind, k, value in edits:
        k = k % len(p.values)
        before = p
        if kind == "move":
            p = p.moved(k, value)
            assert all(p.values[i] == before.values[i] for i in p.locked)
        elif kind == "size":
            p = p.resized(int(6 * value) + 3)
        else:
            p = p.with_lock(k, value > 0.5)
        assert sum(p.values) == pytest.approx(1, abs=1e-14)
        assert min(p.values) >= 0
