"""The loop of everything that learns: its frames, when it measures, and how it ends."""

from math import inf, nan

import numpy as np
import pytest

from engine.checkpoints import Checkpoint
from engine.config import Config, Problem
from engine.experiment import Frame
from engine.pieces import WORKING
from engine.stop_rules import LossBelow, StopRule
from engine.training import ChunkTraining, Training, chunk_frames, frames_at_once, training_frames
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


class ChunkConfig(Config, frozen=True):
    """A rule that may end the run."""

    stop: StopRule | None = None


class Counting(ChunkTraining[int]):
    """The count 20, 19, …; from `lost` on there is nothing to count. The snapshot is the last step."""

    def __init__(self, lost: int = 99, in_pieces: bool = False) -> None:
        self.now, self.lost, self.in_pieces = 20, lost, in_pieces

    def start(self):
        return Frame(0, {"count": 20.0}, 0)

    def chunk(self, first, last):
        return self._pieces(first, last) if self.in_pieces else self._chunk(first, last)

    def _pieces(self, first, last):
        yield WORKING
        return self._chunk(first, last)

    def _chunk(self, first, last):
        last = min(last, self.lost)
        assert self.now == 20 - first + 1
        counts = np.arange(self.now - 1, 19 - last, -1.0)
        self.now = 20 - last
        why = Problem("Lost") if self.ended() else None
        return Frame(last, {"count": counts}, last, why, state=lambda: self.now)

    def ended(self):
        return 20 - self.now == self.lost

    def go_on(self, state, settings):
        self.now = state


def chunks(training, config=None, after=None):
    told = list(chunk_frames(training, config or ChunkConfig(), 10, 4, ["count"], after))
    frames = list(only_frames(told))
    for frame in frames:
        counts = np.atleast_1d(frame.scalars["count"])
        assert counts.tolist() == [20 - frame.step + k for k in reversed(range(len(counts)))]
    return [frame.step for frame in frames], frames[-1] if frames else None, len(told) - len(frames)


@pytest.mark.parametrize("in_pieces", [False, True])
def test_many_steps_have_one_frame(in_pieces):
    steps, last, pauses = chunks(Counting(in_pieces=in_pieces))
    assert (steps, last.diverged, pauses) == ([0, 4, 8, 10], None, 3 * in_pieces)


def test_chunks_end_where_all_runs_have_ended_and_go_on_after_a_checkpoint():
    steps, last, _ = chunks(Counting(lost=6))
    assert (steps, str(last.diverged)) == ([0, 4, 6], "Lost")
    assert chunks(Counting(), after=Checkpoint(4, 16, 0))[0] == [8, 10]
    assert chunks(Counting(lost=6), after=Checkpoint(6, 14, 0))[0] == []


@pytest.mark.parametrize(("limit", "stop", "whole"), [(14.5, 6, False), (12.5, 8, True)])
def test_a_stop_rule_ends_a_chunk_at_its_step(limit, stop, whole):
    steps, last, _ = chunks(Counting(), ChunkConfig(LossBelow(limit=limit)))
    assert steps == [0, 4, stop]
    assert (last.state is not None) is whole, "the state of a cut chunk is not known"


def test_a_run_computed_at_once_has_two_frames():
    start, rest = frames_at_once({"x": np.array([1.0, 2.0, 3.0])}, "shot", 2, Problem("Lost"))
    assert (start.step, start.scalars, start.diverged) == (0, {"x": 1.0}, None)
    assert (rest.step, rest.scalars["x"].tolist(), str(rest.diverged)) == (2, [2.0, 3.0], "Lost")
