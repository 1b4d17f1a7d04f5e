"""A length of time is told coarsely."""

import pytest

from gui.look.durations import coarse_time


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-1, "0 s"), (0.2, "0 s"), (40, "40 s"), (89, "89 s"), (121, "2 min"), (9000, "2 h"), (2e5, "2 d")],
)
def test_a_length_of_time_is_told_in_one_unit(seconds, text):
    assert coarse_time(seconds) == text
