"""Runs that end before their last step, and why."""

import numpy as np
import pytest

from engine.changes import Change
from engine.config import replaced
from engine.experiment import Frame
from engine.experiments import EXPERIMENTS
from engine.experiments.gradients.deep_network_config import DeepConfig
from engine.experiments.gradients.dying_relu_config import DyingReluConfig
from engine.experiments.lstm.train_config import TrainConfig
from engine.experiments.lstm.train_tasks import Sine
from engine.optimizers.adam import Adam
from engine.optimizers.descent import SGD
from engine.recording import Recording
from engine.runner import Finish, Runner
from engine.session import Session, decode, encode
from engine.stop_rules import HeldOutRises, LastStep, LossBelow, StopWatch, TimeIsUp
from tests.engine.test_forks import MOONS, alike, run_of

NAME = "losses.classifier"
LONG = replaced(MOONS, optimizer=Adam(0.1), epochs=60)
RATE = "optimizer.learning_rate"


def known(run, name="held_out.loss", since=0):
    column = run.recording.column(name)[since:]
    return column[np.isfinite(column)]


def test_a_run_ends_where_the_held_out_loss_is_first_below_the_limit():
    whole = run_of(NAME, LONG).recording.column("held_out.loss")
    run = run_of(NAME, replaced(LONG, stop=LossBelow(0.3)))
    first = int(np.argmax(np.where(np.isnan(whole), np.inf, whole) < 0.3))
    assert 1 < first == run.recording.last < run.last_step
    assert (run.finish, str(run.problem)) == (Finish.COMPLETED, "Stopped: the loss is below 0.3")
    assert np.array_equal(run.recording.column("held_out.loss"), whole[: first + 1], equal_nan=True)


def test_a_limit_that_is_not_reached_ends_nothing():
    run = run_of(NAME, replaced(MOONS, stop=LossBelow(1e-5)))
    assert (run.finish, run.recording.last, run.problem) == (Finish.COMPLETED, run.last_step, None)
    alike(run, run_of(NAME, MOONS))


@pytest.mark.parametrize("patience", [1, 4])
def test_early_stopping_waits_for_so_many_measurements_without_a_lower_one(patience):
    """By hand: go through the losses of the whole run, and count those since the lowest."""
    lowest, since, taken = np.inf, 0, 0
    for loss in known(run_of(NAME, LONG)):
        since = 0 if loss < lowest else since + 1
        lowest, taken = min(lowest, loss), taken + 1
        if since == patience:
            break
    run = run_of(NAME, replaced(LONG, stop=HeldOutRises(patience)))
    assert len(known(run)) == taken
    assert run.recording.last < run.last_step
    assert str(run.problem) == f"Stopped: no lower held-out loss in {patience} measurements"


def test_the_time_is_up(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("engine.runner.perf_counter", lambda: clock[0])
    run = Runner(EXPERIMENTS[NAME], replaced(LONG, stop=TimeIsUp(2.0)))
    run.goal = run.last_step = 10**6
    frames = run._frames

    def slow():
        for frame in frames:
            clock[0] += 0.3
            yield frame

    run._frames = slow()
    run.drive()
    assert run.took >= 2.0 > run.took - 0.6
    assert (run.finish, str(run.problem)) == (Finish.COMPLETED, "Stopped: 2 s of computing")


def test_of_two_models_both_must_agree():
    small = TrainConfig(task=Sine(length=8), beside="rnn", hidden=4, batch_size=8, steps=400)
    run = run_of("lstm.train", replaced(small, optimizer=Adam(0.05), stop=LossBelow(0.3)))
    assert run.recording.last < 400
    assert run.recording.last % 20 == 0
    losses = [known(run, f"{slot}.held_out") for slot in ("first", "second")]
    assert max(loss[-1] for loss in losses) < 0.3 <= max(loss[-2] for loss in losses)


def test_a_network_that_has_diverged_has_no_say():
    config = DeepConfig(depth=3, width=6, batch_size=20, steps=60, optimizer=SGD(0.1))
    watch = StopWatch(replaced(config, stop=LossBelow(0.5)), ("a.held_out", "b.held_out"))
    recording = Recording()
    for step, losses in enumerate([(0.4, 0.9), (0.4, None), (0.6, None), (None, None), (0.4, None)]):
        pairs = zip(("a.held_out", "b.held_out"), losses, strict=True)
        recording.append(Frame(step, {name: loss for name, loss in pairs if loss is not None}, None))
        assert (watch.over(recording, 0.0) is not None) == (step in (1, 4))


def test_where_nothing_is_held_out_all_examples_count():
    small = DyingReluConfig(data="blobs", points=50, layers=1, width=8, steps=200, optimizer=Adam(0.05))
    run = run_of("gradients.dying_relu", replaced(small, stop=LossBelow(0.2)))
    loss = run.recording.column("loss")
    assert run.recording.last < 200
    assert loss[-1] < 0.2 <= loss[:-1].min()


def test_a_change_shows_that_the_run_went_on_and_the_patience_begins_anew():
    stopped = run_of(NAME, replaced(LONG, stop=HeldOutRises(3)))
    end = stopped.recording.last
    config = replaced(stopped.config, changes=(Change(end, RATE, 0.001),))
    fork = Runner.forked(stopped, config, end)
    assert (fork.finish, fork.has_work) == (None, False)
    fork.drive()
    assert fork.recording.last > end
    alike(fork, run_of(NAME, config))
    later = known(fork, since=end + 1)
    assert len(later) > 3
    assert fork.recording.last == fork.last_step or np.argmin(later) == len(later) - 4


def test_a_fork_of_the_same_settings_has_ended_where_the_run_has():
    stopped = run_of(NAME, replaced(LONG, stop=LossBelow(0.3)))
    fork = Runner.forked(stopped, stopped.config, stopped.recording.last)
    assert fork.finish is Finish.COMPLETED
    alike(fork, stopped)


def test_a_rule_is_saved_and_one_out_of_range_is_refused():
    config = replaced(LONG, stop=HeldOutRises(7))
    assert decode(encode(Session(experiments={NAME: config}))).config(NAME) == config
    old = decode(b'{"schema": 1, "experiments": {"losses.classifier": {"epochs": 3}}}')
    assert old.config(NAME).stop == LastStep()
    for kind, place in (("time", "seconds"), ("loss_below", "limit"), ("held_out_rises", "patience")):
        stop = f'{{"kind": "{kind}", "{place}": -1}}'
        with pytest.raises(ValueError, match="Must be") as refused:
            decode(f'{{"schema": 1, "experiments": {{"{NAME}": {{"stop": {stop}}}}}}}'.encode())
        assert refused.value.where == f"$.experiments['{NAME}'].stop.{place}"
