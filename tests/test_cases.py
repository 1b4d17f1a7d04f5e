"""A test of many cases runs them all, and says of which one it fails."""

from inspect import signature

import pytest

from tests.cases import every


def test_every_case_is_run_and_a_failure_says_which_it_was():
    seen = []

    @every("x", [1, 2])
    @every("y", "ab")
    def told(x, y, fixture):
        seen.append((x, y, fixture))
        assert (x, y) != (2, "b")

    assert [*signature(told).parameters] == ["fixture"]
    with pytest.raises(AssertionError) as failed:
        told(fixture=None)
    assert failed.value.__notes__ == ["with y = 'b'", "with x = 2"]
    assert seen == [(1, "a", None), (1, "b", None), (2, "a", None), (2, "b", None)]
