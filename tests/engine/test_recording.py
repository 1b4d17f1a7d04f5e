from dataclasses import dataclass

import numpy as np
import pytest

from engine.experiment import Frame
from engine.recording import Recording, Shared, footprint


def recorded(frames, budget=2**20):
    recording = Recording(budget)
    for frame in frames:
        recording.append(frame)
    return recording


def test_every_step_of_every_scalar_is_kept():
    recording = recorded(Frame(step, {"loss": step / 4, "accuracy": 1.0}, None) for step in range(5000))
    assert recording.last == 4999
    assert recording.names == ["loss", "accuracy"]
    np.testing.assert_array_equal(recording.column("loss"), np.arange(5000) / 4)


def test_chunks_fill_the_steps_they_tell_of():
    recording = recorded([Frame(0, {"f": 9.0}, None), Frame(3, {"f": np.array([8.0, 7.0, 6.0])}, None)])
    np.testing.assert_array_equal(recording.column("f"), [9, 8, 7, 6])


def test_what_was_not_measured_is_nan():
    recording = recorded([Frame(0, {"a": 1.0}, None), Frame(1, {"b": 2.0}, None), Frame(2, {"a": 3.0}, None)])
    np.testing.assert_array_equal(recording.column("a"), [1, np.nan, 3])
    np.testing.assert_array_equal(recording.column("b"), [np.nan, 2, np.nan])


def test_columns_cannot_be_written_and_outlive_growth():
    recording = recorded(Frame(step, {"a": float(step)}, None) for step in range(1000))
    early = recording.column("a")
    for step in range(1000, 5000):
        recording.append(Frame(step, {"a": -1.0}, None))
    np.testing.assert_array_equal(early, np.arange(1000))
    with pytest.raises(ValueError, match="read-only"):
        early[0] = 5


def test_columns_of_a_run_whose_end_is_known_are_never_copied():
    recording = Recording()
    recording.expect(4999)
    recording.append(Frame(0, {"a": 0.0}, None))
    early = recording.column("a")
    for step in range(1, 5000):
        recording.append(Frame(step, {"a": float(step)}, None))
    assert np.shares_memory(early, recording.column("a"))
    recording.append(Frame(5000, {"a": 5000.0}, None))  # one that goes on nevertheless
    np.testing.assert_array_equal(recording.column("a"), np.arange(5001))


@pytest.mark.parametrize(
    "frames",
    [
        [Frame(1, {}, None)],
        [Frame(0, {}, None), Frame(0, {}, None)],
        [Frame(0, {}, None), Frame(3, {"a": np.zeros(2)}, None)],
    ],
)
def test_frames_that_do_not_follow_on_are_refused(frames):
    with pytest.raises(ValueError, match="frame"):
        recorded(frames)


def test_snapshots_stay_within_the_budget_and_stay_even():
    size, budget = 1000, 50_000
    recording = recorded((Frame(s, {}, np.full(size, s % 256, np.uint8)) for s in range(3000)), budget)
    steps = [kept.step for kept in recording._kept]
    assert sum(footprint(kept.snapshot) for kept in recording._kept) <= budget
    assert steps[0] == 0
    assert len(steps) > 20
    assert len(set(np.diff(steps))) == 1
    assert recording.snapshot(2999)[0] == 2999, "the newest is always there"
    for asked in (0, 1, 777, 1500, 2998):
        step, snapshot = recording.snapshot(asked)
        assert step <= asked
        assert asked - step < steps[1] - steps[0]
        assert snapshot[0] == step % 256


def test_long_columns_take_up_to_seven_eighths_of_the_room_for_snapshots():
    def held(names, budget=200_000):
        row = dict.fromkeys(names, 0.0)
        recording = recorded((Frame(s, row, np.zeros(100, np.uint8)) for s in range(3000)), budget)
        assert recording.size - recording._held == 3000 * 8 * len(names)
        return recording._held

    assert 100_000 < held("abcd") <= 200_000  # beside columns of 96,000 bytes
    assert 25_000 < held("abcdefghi") <= 84_000  # … of 216,000: 300,000 in all
    assert 12_500 < held("abcdefghijklmnop") <= 25_000  # … of 384,000: never less than an eighth


def test_zeros_are_kept_as_they_are():
    recording = Recording()
    recording.append(Frame(0, {"a": 1.0, "b": 0.0}, None))
    recording.append(Frame(3, {"a": np.zeros(3), "b": np.array([0.0, -0.0, 0.0])}, None))
    recording.append(Frame(2000, {"a": np.zeros(1997), "b": np.full(1997, 5.0)}, None))
    recording.append(Frame(2002, {"a": np.ones(2), "b": np.zeros(2, int)}, None))
    assert recording.column("a").tolist() == [1.0] + [0.0] * 2000 + [1.0] * 2
    assert recording.column("b").tolist() == [0.0] * 4 + [5.0] * 1997 + [0.0] * 2
    assert np.signbit(recording.column("b")).nonzero()[0].tolist() == [2]


def test_one_snapshot_larger_than_the_budget_is_still_kept():
    recording = recorded([Frame(s, {}, np.zeros(5000)) for s in range(9)], budget=100)
    assert recording.snapshot(8)[0] == 8
    assert recording.snapshot(0)[0] == 0


def test_an_empty_recording_has_no_snapshot():
    with pytest.raises(LookupError):
        Recording().snapshot(0)


def test_a_still_recording_keeps_what_there_was_while_the_run_goes_on():
    recording = recorded((Frame(step, {"a": float(step)}, step) for step in range(10)), budget=2000)
    still = recording.still()
    for step in range(10, 4000):
        recording.append(Frame(step, {"a": -1.0, "b": 0.0}, step))
    assert (still.last, still.names) == (9, ["a"])
    np.testing.assert_array_equal(still.column("a"), np.arange(10))
    assert [still.snapshot(step) for step in range(10)] == [(step, step) for step in range(10)]
    assert still.snapshot(100) == (9, 9)
    assert recording.snapshot(9)[0] < 9  # thinned meanwhile


def test_what_snapshots_share_is_not_counted_in_each():
    @dataclass(frozen=True, eq=False)
    class Plane(Shared):
        points: np.ndarray

    plane, own = Plane(np.zeros(10_000)), np.zeros(100)
    assert own.nbytes < footprint((plane, own)) < own.nbytes + 1000
