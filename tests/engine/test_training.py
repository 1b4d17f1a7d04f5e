"""The loop of everything that learns: its frames, when it measures, and how it ends."""

from math import inf, nan

import numpy as np
import pytest

from engine.config import Problem
from engine.pieces import WORKING
from engine.training import Training, training_frames
from tests.toys import only_frames


class Halving(Training[float]):
    """w ← w/2; from step `lost` on it is ∞. In pieces, if so wanted."""

    def __init__(self, lost: float = inf, in_pieces: bool = False) -> None:
        self.w, self.lost, self.in_pieces = 8.0, lost, in_pieces

    def begin(self):
        return {"w": self.w, "measured": 1.0}

    def step(self, step, measure):
        return self._pieces(step, measure) if self.in_pieces else self._step(step, measure)

    def _pieces(self, step, measure):
        yield WORKING
        return self._step(step, measure)

    def _step(self, step, measure):
        self.w = self.w / 2 if step < self.lost else float(np.float64(1.0) / np.float64(0.0))
        return {"w": self.w} | ({"measured": float(step)} if measure else {})

    def snapshot(self):
        return self.w


@pytest.mark.parametrize("in_pieces", [False, True])
def test_it_measures_every_few_steps_and_at_the_last(in_pieces):
    told = list(training_frames(Halving(in_pieces=in_pieces), 5, every=2, first=10))
    frames = list(only_frames(told))
    assert len(told) - len(frames) == (5 if in_pieces else 0)
    assert [frame.step for frame in frames] == [10, 11, 12, 13, 14, 15]
    assert [frame.snapshot for frame in frames] == [8.0, 4.0, 2.0, 1.0, 0.5, 0.25]
    assert [frame.scalars.get("measured", nan) for frame in frames] == pytest.approx(
        [1.0, nan, 2.0, nan, 4.0, 5.0], nan_ok=True
    )


@pytest.mark.parametrize("in_pieces", [False, True])
def test_it_ends_without_a_warning_where_a_number_is_no_longer_finite(in_pieces):
    frames = list(only_frames(training_frames(Halving(lost=3, in_pieces=in_pieces), 5)))
    assert [frame.step for frame in frames] == [0, 1, 2, 3]
    assert [frame.diverged for frame in frames[:-1]] == [None] * 3
    assert isinstance(frames[-1].diverged, Problem)
    assert str(frames[-1].diverged) == "The loss became infinite at step 3"
