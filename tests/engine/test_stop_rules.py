"""Runs that end before their last step, and why."""

import numpy as np
import pytest

from engine.changes import Change, live_fields
from engine.config import replaced
from engine.experiment import Frame
from engine.experiments import EXPERIMENTS
from engine.experiments.entropy.fit_config import FitConfig, TypedStart
from engine.experiments.gradients.deep_network_config import DeepConfig
from engine.experiments.gradients.dying_relu_config import DyingReluConfig
from engine.experiments.lstm.train_config import TrainConfig
from engine.experiments.lstm.train_tasks import Sine
from engine.experiments.optimizers.batches_config import BatchesConfig
from engine.experiments.optimizers.race_config import RaceConfig
from engine.information.shaped_distribution import Distribution
from engine.optimizers.adam import Adam
from engine.optimizers.descent import SGD, GradientDescent, Momentum
from engine.optimizers.line_search_methods import LBFGS
from engine.optimizers.newton import Newton
from engine.recording import Recording
from engine.runner import Finish, Runner
from engine.session import Session, decode, encode
from engine.stop_rules import (
    HeldOutRises,
    KLBelow,
    LastStep,
    LossBelow,
    SlopeBelow,
    StopWatch,
    TimeIsUp,
    ValueBelow,
)
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


BOWL = RaceConfig(
    surface="bowl", start=(-3.5, 1.5), steps=3000, racers=(GradientDescent(0.015), Momentum(0.01))
)
SLOW = BatchesConfig(optimizer=GradientDescent(0.1), batch_size=100, steps=700)
CHUNKS = {  # runs that are recorded many steps at a time
    "f": ("optimizers.race", BOWL, ValueBelow(1e-3), "Stopped: f is below 0.001"),
    "f of -50": (
        "optimizers.race",
        replaced(BOWL, surface="styblinski_tang", racers=(GradientDescent(0.001), LBFGS())),
        ValueBelow(-50.0),
        "Stopped: f is below −50",
    ),
    "slope": ("optimizers.race", BOWL, SlopeBelow(1e-4), "Stopped: ‖∇f‖ is below 0.0001"),
    "same evaluations": (
        "optimizers.race",
        replaced(BOWL, budget="evaluations", racers=(Newton(), GradientDescent(0.015))),
        ValueBelow(1e-6),
        "Stopped: f is below 1e-06",
    ),
    "batches": ("optimizers.batches", SLOW, LossBelow(0.3), "Stopped: the loss is below 0.3"),
    "fit": (
        "entropy.fit",
        FitConfig(optimizer=GradientDescent(0.2), js=False, squared_error=False, steps=900),
        KLBelow(1e-3),
        "Stopped: KL(P‖Q) is below 0.001",
    ),
}


def step_below(run, limit):
    """By hand: the first step at which nothing that is watched, and is a number, is as high as the limit."""
    columns = [run.recording.column(name) for name in run.experiment.watched(run.config)]
    for step in range(run.recording.last + 1):
        values = [column[step] for column in columns if np.isfinite(column[step])]
        if values and all(value < limit for value in values):
            return step
    return None


@pytest.mark.parametrize("case", CHUNKS)
def test_a_run_that_is_recorded_many_steps_at_a_time_ends_at_the_very_step(case):
    name, config, rule, why = CHUNKS[case]
    whole = run_of(name, config)
    run = run_of(name, replaced(config, stop=rule))
    wanted = [column for column in run.experiment.watched(run.config) if column not in whole.recording.names]
    for column in wanted:  # only where the race ends by it: as it should be, by the gradient ½(x² + κy²)
        racer = column.partition(".")[0]
        x, y = (whole.recording.column(f"{racer}.{one}") for one in "xy")
        slopes = np.hypot(x, whole.config.condition * y)[: run.recording.last + 1]
        assert run.recording.column(column) == pytest.approx(slopes)
    by = run if wanted else whole
    assert 1 < step_below(by, rule.limit) == run.recording.last < run.last_step
    assert (run.finish, str(run.problem)) == (Finish.COMPLETED, why)
    for column in whole.recording.names:
        known = whole.recording.column(column)[: run.recording.last + 1]
        assert np.array_equal(run.recording.column(column), known, equal_nan=True), column
    assert decode(encode(Session(experiments={name: run.config}))).config(name) == run.config
    fork = Runner.forked(run, run.config, run.recording.last)
    alike(fork, run)
    at = run.recording.last
    rate = next(field for field in live_fields(config) if field.endswith("learning_rate"))
    changed = replaced(run.config, changes=(Change(at, rate, 0.003),))
    on = Runner.forked(run, changed, at)
    assert on.finish is None, "a change shows that the run went on"
    on.drive()
    alike(on, run_of(name, changed))
    assert on.recording.last > at


def test_a_racer_that_has_diverged_has_no_say_and_a_fit_that_stands_at_infinity_neither():
    race = replaced(BOWL, racers=(GradientDescent(1.0), GradientDescent(0.015)), stop=ValueBelow(1e-3))
    run = run_of("optimizers.race", race)
    assert np.isnan(run.recording.column("0.f")[-1])
    assert run.recording.column("1.f")[-1] < 1e-3 <= run.recording.column("1.f")[-2]
    fit = FitConfig(p=Distribution((1.0, 0.0)), start=TypedStart((0.0, 0.0)), js=False, squared_error=False)
    run = run_of("entropy.fit", replaced(fit, stop=KLBelow(0.1)))
    assert run.recording.column("reverse_kl.kl")[-1] > 0.1 > run.recording.column("kl.kl")[-1]
    assert str(run.problem) == "Stopped: KL(P‖Q) is below 0.1"


def test_a_race_that_is_over_at_its_start_has_only_that():
    run = run_of("optimizers.race", replaced(BOWL, stop=ValueBelow(1e5)))
    assert (run.recording.last, run.finish) == (0, Finish.COMPLETED)
