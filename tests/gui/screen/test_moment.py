"""What is made of a moment is made once for the same arguments, and let go with its run."""

import gc
import weakref

import numpy as np

from engine.config import Config
from engine.recording import Recording
from gui.screen.moment import KEPT, Memo, Moment
from gui.screen.questions import same


class Settings(Config, frozen=True):
    rate: float = 0.1


def test_plain_values_are_compared_and_everything_else_is_one_or_another():
    array = np.zeros(3)
    assert same(Settings(), Settings())
    assert not same(Settings(), Settings(0.2))
    assert same((1, ("a", array)), (1, ("a", array)))
    assert not same((1, array), (1, np.zeros(3)))
    assert not same(1, True), "a number is no switch"
    assert not same([1], [1])


def test_a_thing_is_made_again_only_for_other_arguments():
    made = []

    def make(*args):
        made.append(args)
        return len(made)

    at = Moment(Settings(), Settings(), Recording(), 0)
    assert [at.once(make, Settings(0.1), 3) for _ in range(3)] == [1, 1, 1]
    assert at.once(make, Settings(0.2), 3) == 2
    assert at.once(make, Settings(0.1), 3) == 1, "the latest few are kept"
    for k in range(KEPT):
        at.once(make, k)
    assert at.once(make, Settings(0.1), 3) == 3 + KEPT


def test_of_a_run_that_is_gone_nothing_is_kept():
    memo, old, new = Memo(), Recording(), Recording()
    for recording in (old, new):
        memo.once(Recording.still, recording)
    seen = weakref.ref(old)
    memo.let_go([new])
    del old, recording
    gc.collect()
    assert seen() is None
    assert memo.once(Recording.still, new) is memo.once(Recording.still, new)
