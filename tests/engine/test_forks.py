"""A fork of a run: the numbers of its config from the start, to the last bit, and those alone."""

import dataclasses
import gc
import weakref

import msgspec
import numpy as np
import pytest

from engine.changes import Change, changed, config_at, is_live
from engine.checkpoints import MOST, Checkpoint, Checkpoints
from engine.config import Problem, replaced
from engine.data.settings import Digits, Moons
from engine.experiments import EXPERIMENTS
from engine.experiments.entropy.fit_config import FitConfig
from engine.experiments.gradients.deep_network_config import DeepConfig
from engine.experiments.gradients.dying_relu_config import DyingReluConfig, RateKick
from engine.experiments.losses.classifier_config import ClassifierConfig
from engine.experiments.losses.classifier_features import LearntFilters
from engine.experiments.lstm import train
from engine.experiments.lstm.train_config import TrainConfig
from engine.experiments.lstm.train_tasks import Sine
from engine.experiments.optimizers.batches_config import BatchesConfig
from engine.experiments.optimizers.race_config import RaceConfig
from engine.information.shaped_distribution import Distribution
from engine.networks import deep_network
from engine.optimizers.adam import Adam, AdamW
from engine.optimizers.adaptive import RMSProp
from engine.optimizers.descent import SGD, AveragedMomentum, GradientDescent, Momentum, Nesterov
from engine.optimizers.line_search_methods import LBFGS
from engine.optimizers.muon import Muon
from engine.optimizers.newton import DampedNewton
from engine.optimizers.resilient import Rprop
from engine.optimizers.schedules import CosineDecay, StepDecay
from engine.recording import BUDGET
from engine.recurrent.fast import workspace
from engine.runner import Finish, Runner
from engine.session import Session, decode, encode

FALLING = msgspec.to_builtins(CosineDecay(total_steps=40, warmup_steps=2))
MOONS = ClassifierConfig(data=Moons(points=80), layers=1, width=5, batch_size=12, epochs=8)
RACE = RaceConfig(
    racers=(
        GradientDescent(0.001),
        Momentum(0.001),
        Nesterov(0.001, beta=0.9),
        Adam(0.1),
        LBFGS(),
        DampedNewton(),
    ),
    steps=250,
)


DEEP = DeepConfig(depth=3, width=6, batch_size=20, steps=40, optimizer=Adam(0.01))
DYING = DyingReluConfig(points=50, layers=2, width=8, batch_size=12, steps=45, optimizer=Adam(0.05))
WAVES = TrainConfig(task=Sine(length=8), beside="gru", hidden=5, batch_size=4, steps=45, optimizer=Adam(0.01))


def classifying(optimizer, *changes, **more):
    return "losses.classifier", replaced(MOONS, optimizer=optimizer, changes=changes, **more)


def changing(config, *changes):
    return replaced(config, changes=changes)


def racing(*changes, **more):
    return "optimizers.race", replaced(RACE, changes=changes, **more)


# A run, whose last changes are made by a fork. An epoch of the moons has five batches: 12, 12, 12, 12 and 8
# of 56 examples; a frame of the race has 46 steps.
RUNS = {
    "classifier, rate": classifying(Adam(0.01), Change(13, "optimizer.learning_rate", 0.1)),
    "classifier, β": classifying(Momentum(0.1), Change(6, "optimizer.beta", 0.3)),
    "classifier, Nesterov": classifying(Nesterov(0.1), Change(6, "optimizer.beta", 0.3)),
    "classifier, Muon": classifying(
        Muon(0.02), Change(6, "optimizer.momentum", 0.5), Change(6, "optimizer.weight_decay", 0.1)
    ),
    "classifier, Muon, how": classifying(
        Muon(0.02), Change(6, "optimizer.method", "svd"), Change(6, "optimizer.nesterov", False),
        Change(6, "optimizer.scale", "match_rms_adamw"),
    ),
    "classifier, correction": classifying(Adam(0.01), Change(3, "optimizer.bias_correction", False)),
    "classifier, schedule": classifying(AdamW(0.01), Change(9, "optimizer.schedule", FALLING)),
    "classifier, filters": classifying(
        Adam(0.01),
        Change(6, "optimizer.learning_rate", 0.1),
        data=Digits((0, 1)),
        features=LearntFilters(maps=2),
        layers=0,
        epochs=2,
        batch_size=32,
    ),
    "classifier, batch inside an epoch": classifying(SGD(0.1), Change(12, "batch_size", 5)),
    "classifier, all examples": classifying(SGD(0.1), Change(3, "batch_size", 5000)),
    "classifier, twice": classifying(
        Adam(0.01), Change(4, "batch_size", 1), Change(17, "batch_size", 30), Change(17, "weight_decay", 0.1)
    ),
    "classifier, labels": classifying(
        SGD(0.1, decay=0.1), Change(2, "label_smoothing", 0.2), Change(11, "optimizer.decay", 0.0)
    ),
    "classifier, at the start of an epoch": classifying(Adam(0.01), Change(10, "batch_size", 3)),
    "classifier, at its end": classifying(Adam(0.01), Change(40, "batch_size", 3)),
    "deep, Adam in place": ("gradients.deep_network", changing(
        DEEP, Change(12, "optimizer.beta1", 0.5), Change(30, "optimizer.beta2", 0.9),
        Change(30, "batch_size", 7),
    )),
    "deep, Adam in place or not": ("gradients.deep_network", changing(
        DEEP, Change(9, "optimizer.bias_correction", False), Change(14, "optimizer.beta1", 0.5),
        Change(25, "optimizer.bias_correction", True),
    )),
    "deep, statistics and clipping": ("gradients.deep_network", changing(
        replaced(DEEP, normalization="batch", optimizer=RMSProp(0.01)), Change(21, "clipping", "value"),
        Change(21, "clip_at", 1e-3),
    )),
    "deep, Muon in place": ("gradients.deep_network", changing(
        replaced(DEEP, optimizer=Muon(0.02)), Change(18, "optimizer.learning_rate", 0.2)
    )),
    "deep, one is lost": ("gradients.deep_network", changing(
        replaced(DEEP, activation="relu", optimizer=SGD(0.1)), Change(15, "optimizer.learning_rate", 900.0)
    )),
    "dying, batch inside an epoch": ("gradients.dying_relu", changing(
        DYING, Change(7, "optimizer.learning_rate", 0.5), Change(19, "batch_size", 5)
    )),
    "dying, at the larger step": ("gradients.dying_relu", changing(
        replaced(DYING, optimizer=Nesterov(0.05), kick=RateKick(step=20)), Change(20, "batch_size", 50)
    )),
    "train, clipping and batch": ("lstm.train", changing(
        WAVES, Change(10, "clip", 0.05), Change(22, "batch_size", 9), Change(22, "optimizer.epsilon", 0.1)
    )),
    "train, schedule": ("lstm.train", changing(
        replaced(WAVES, optimizer=Nesterov(0.1)), Change(1, "optimizer.schedule", FALLING)
    )),
    "batches, inside an epoch": ("optimizers.batches", changing(
        BatchesConfig(order="shuffled", steps=600), Change(230, "batch_size", 50)
    )),
    "batches, all and back": ("optimizers.batches", changing(
        BatchesConfig(order="shuffled", steps=250, optimizer=Momentum(0.5)), Change(30, "batch_size", 400),
        Change(210, "batch_size", 3),
    )),
    "batches, drawn anew": ("optimizers.batches", changing(
        BatchesConfig(steps=250, optimizer=RMSProp(0.05)), Change(30, "batch_size", 1),
        Change(100, "batch_size", 9),
    )),
    "batches, lost": ("optimizers.batches", changing(
        BatchesConfig(task="regression", steps=700), Change(301, "optimizer.learning_rate", 40.0)
    )),
    "fit, Nesterov": ("entropy.fit", changing(
        FitConfig(optimizer=Nesterov(0.5), steps=250), Change(101, "optimizer.beta", 0.2)
    )),
    "fit, with an end": ("entropy.fit", changing(
        FitConfig(p=Distribution((0.5, 0.5, 0.0)), optimizer=Adam(0.5), steps=250),
        Change(30, "optimizer.learning_rate", 0.01),
    )),
    "race, rate": racing(Change(133, "racers[3].learning_rate", 0.01)),
    "race, noise begins": racing(Change(100, "noise", 2.0)),
    "race, noise ends": racing(Change(150, "noise", 0.0), noise=1.0),
    "race, all at once": racing(
        Change(92, "racers[0].learning_rate", 0.0005),
        Change(92, "racers[2].beta", 0.5),
        Change(200, "racers[1].schedule", FALLING),
        Change(200, "racers[5].damping", 10.0),
        Change(201, "racers[3].beta2", 0.9),
    ),
    "race, switches": racing(
        Change(3, "racers[0].bias_correction", True), Change(3, "racers[1].bias_correction", False),
        Change(60, "racers[2].backtracking", True),
        racers=(AveragedMomentum(0.01), Adam(0.1), Rprop(0.01)),
    ),
    "race, equal evaluations": racing(
        Change(77, "racers[5].damping", 5.0), Change(130, "racers[3].learning_rate", 0.01),
        budget="evaluations", noise=0.1,
    ),
    "race, one is lost": racing(Change(190, "racers[0].learning_rate", 1.0)),
    "race, a formula": racing(Change(64, "racers[3].learning_rate", 1.0), surface="expression"),
}  # fmt: skip


def parts_of(thing):
    """What a record, a list or a mapping is made of, by name or place; None for a single value."""
    if dataclasses.is_dataclass(thing):
        return {
            field.name: getattr(thing, field.name) for field in dataclasses.fields(thing) if field.compare
        }
    if isinstance(thing, msgspec.Struct):
        return msgspec.structs.asdict(thing)
    if isinstance(thing, tuple | list):
        return dict(enumerate(thing))
    return thing if isinstance(thing, dict) else None


def same(one, other, where=""):
    """Assert that two recorded things are the same to the last bit."""
    assert type(one) is type(other), where
    if isinstance(one, np.ndarray):
        assert (one.dtype, one.shape) == (other.dtype, other.shape), where
        assert one.tobytes() == other.tobytes(), where
    elif (parts := parts_of(one)) is not None:
        others = parts_of(other)
        assert parts.keys() == others.keys(), where
        for name, part in parts.items():
            same(part, others[name], f"{where}.{name}")
    elif isinstance(one, float):
        assert np.float64(one).tobytes() == np.float64(other).tobytes(), where
    else:
        assert one == other or str(one) == str(other), where


def alike(one, other):
    """Assert that two runs have the same numbers, to the last bit."""
    first, second = one.recording, other.recording
    assert (one.finish, first.last, one.last_step) == (other.finish, second.last, other.last_step)
    assert str(one.problem) == str(other.problem)
    assert set(first.names) == set(second.names)
    for name in first.names:
        same(first.column(name), second.column(name), name)
    kept = [{one.step: one.snapshot for one in recording._kept} for recording in (first, second)]
    both = sorted(set(kept[0]) & set(kept[1]))
    assert both
    for step in both:
        same(kept[0][step], kept[1][step], f"snapshot {step}")
    same(first.snapshot(first.last), second.snapshot(second.last), "newest")


def differ(one, other, last):
    """Whether two runs differ in any number of the steps 0 … `last`."""
    first, second = one.recording, other.recording
    pairs = [(first.column(name)[: last + 1], second.column(name)[: last + 1]) for name in first.names]
    return not all(np.array_equal(*pair, equal_nan=True) for pair in pairs)


def run_of(name, config, budget=BUDGET):
    run = Runner(EXPERIMENTS[name], config, budget)
    run.drive()
    return run


def before(config):
    """The config without its last changes, and when they were made."""
    at = config.changes[-1].step
    return replaced(config, changes=tuple(c for c in config.changes if c.step < at)), at


@pytest.mark.parametrize("run", RUNS)
def test_a_fork_has_the_numbers_of_its_config_from_the_start(run):
    name, config = RUNS[run]
    left, at = before(config)
    old, whole = run_of(name, left), run_of(name, config)
    fork = Runner.forked(old, config, at)
    fork.drive(at)
    assert fork.recording.last == at or run.startswith(("race", "batches", "fit"))  # the end of a frame
    fork.drive()
    alike(fork, whole)
    assert differ(whole, old, at + 2) == (run != "classifier, at its end")
    assert not differ(whole, old, at)


@pytest.mark.parametrize("run", ["classifier, batch inside an epoch", "race, all at once"])
def test_a_run_with_changes_repeats_from_its_session(run):
    name, config = RUNS[run]
    again = decode(encode(Session(experiments={name: config}))).config(name)
    assert again == config
    alike(run_of(name, again), run_of(name, config))


@pytest.mark.parametrize("run", ["classifier, twice", "race, all at once"])
def test_a_fork_of_a_fork_of_a_run_that_has_not_ended(run):
    name, config = RUNS[run]
    start, middle = replaced(config, changes=()), config.changes[:2]
    runner = Runner(EXPERIMENTS[name], start)
    runner.drive(config.changes[0].step + 3)
    first = Runner.forked(runner, replaced(config, changes=middle), config.changes[0].step)
    first.drive(config.changes[-1].step)
    second = Runner.forked(first, config, config.changes[-1].step)
    second.drive()
    alike(second, run_of(name, config))
    runner.drive()
    alike(runner, run_of(name, start))


GOING_ON = [
    "classifier, rate",
    "classifier, filters",
    "classifier, twice",
    "classifier, labels",
    "deep, Adam in place",
    "deep, Adam in place or not",
    "deep, statistics and clipping",
    "deep, Muon in place",
    "dying, batch inside an epoch",
    "train, clipping and batch",
    "train, schedule",
]


@pytest.mark.parametrize("run", GOING_ON)
def test_a_fork_takes_over_the_frames_of_a_run_that_goes_on(run, monkeypatch):
    """Also in the middle of a step: both runs have the numbers of their configs from the start."""
    monkeypatch.setattr(deep_network, "PIECE", 1)
    monkeypatch.setattr(workspace, "PIECE", 1)
    name, config = RUNS[run]
    left, at = before(config)
    old = Runner(EXPERIMENTS[name], left)
    old.drive(at + 3)
    for _ in range(2):
        old.advance()
    assert old.worked > 0 or not run.startswith(("deep", "train"))
    frames, fork = old._frames, Runner.forked(old, config, at)
    fork.drive(at + 2)
    assert fork._frames is frames is not old._frames
    old.drive(old.recording.last + 2)
    fork.drive()
    alike(fork, run_of(name, config))
    old.drive()
    alike(old, run_of(name, left))


@pytest.mark.parametrize("run", ["race, rate", "batches, drawn anew", "fit, Nesterov"])
def test_frames_that_cannot_go_on_from_elsewhere_are_made_again(run):
    name, config = RUNS[run]
    left, at = before(config)
    old = Runner(EXPERIMENTS[name], left)
    old.drive(at + 3)
    frames, fork = old._frames, Runner.forked(old, config, at)
    fork.drive()
    assert fork._frames is not frames
    alike(fork, run_of(name, config))
    old.drive()
    alike(old, run_of(name, left))


def test_a_batch_too_large_for_the_memory_ends_only_the_fork(monkeypatch):
    def check(memory, size, *_):
        if size == 9:
            raise Problem("too large")

    name, config = RUNS["train, clipping and batch"]
    left, at = before(config)
    old = Runner(EXPERIMENTS[name], left)
    old.drive(at + 3)
    fork = Runner.forked(old, config, at)
    monkeypatch.setattr(train, "check_memory", check)
    fork.drive()
    assert (fork.finish, str(fork.problem), fork.recording.last) == (Finish.FAILED, "too large", at)
    old.drive()
    alike(old, run_of(name, left))


def test_a_run_that_gave_its_frames_away_can_be_ended():
    name, config = RUNS["train, schedule"]
    old = Runner(EXPERIMENTS[name], replaced(config, changes=()))
    old.drive(5)
    fork = Runner.forked(old, config, 1)
    fork.drive(3)
    left = weakref.ref(old)
    old.stop()
    del old
    gc.collect()
    assert left() is None
    fork.drive()
    alike(fork, run_of(name, config))


def test_a_fork_of_a_thinned_recording():
    name, config = RUNS["classifier, batch inside an epoch"]
    left, at = before(config)
    old = run_of(name, left, budget=4000)
    assert old.recording.snapshot(at)[0] < at
    assert len(old.recording.checkpoints.kept) < 12
    fork = Runner.forked(old, config, at)
    shown = old.recording.snapshot(at)
    same(fork.recording.snapshot(at), shown)
    assert (fork.recording.last, fork.has_work) == (at, True)
    fork.drive(at)
    assert fork.recording.snapshot(at)[0] == fork.recording.last == at
    fork.drive()
    whole = run_of(name, config, budget=4000)
    alike(fork, whole)
    assert [kept.step for kept in fork.recording._kept] == [kept.step for kept in whole.recording._kept]


def test_a_fork_leaves_the_other_run_where_the_configs_part():
    """Taking a change back goes on from that change, wherever one stands."""
    name, config = RUNS["classifier, twice"]
    old, fewer = run_of(name, config), replaced(config, changes=config.changes[:1])
    fork = Runner.forked(old, fewer, 30)
    assert fork.recording.last == 17
    fork.drive()
    alike(fork, run_of(name, fewer))
    other = Runner.forked(old, replaced(config, seed=1), 30)
    assert other.recording.last == -1
    other.drive()
    alike(other, run_of(name, replaced(config, seed=1)))


def test_what_cannot_change_while_it_runs_begins_at_the_start():
    run = run_of("lstm.cell", EXPERIMENTS["lstm.cell"].config_type())
    fork = Runner.forked(run, run.config, 3)
    assert fork.recording.last == -1
    fork.drive()
    alike(fork, run)


def test_a_fork_of_a_run_that_has_not_begun_is_a_new_run():
    fork = Runner.forked(Runner(EXPERIMENTS["losses.classifier"], MOONS), MOONS, 0)
    assert fork.recording.last == -1
    fork.drive(2)
    assert fork.recording.last == 2


def test_a_fork_where_the_run_diverged_has_diverged():
    config = replaced(MOONS, layers=0, optimizer=GradientDescent(1000.0), weight_decay=1.0)
    old = run_of("losses.classifier", config)
    assert old.finish is Finish.DIVERGED
    end = old.recording.last
    fork = Runner.forked(old, replaced(config, changes=(Change(end, "weight_decay", 0.0),)), end)
    fork.drive()
    assert (fork.finish, fork.recording.last) == (Finish.DIVERGED, end)
    earlier = replaced(
        config, changes=(Change(2, "optimizer.learning_rate", 0.01), Change(2, "weight_decay", 0.0))
    )
    saved = Runner.forked(old, earlier, 2)
    saved.drive()
    assert saved.finish is Finish.COMPLETED


def test_a_whole_batch_size_ends_where_its_epochs_are_complete():
    """Of 56 examples 36 are used in 3 steps of 12, the other 20 in 4 of 5; then come 7 epochs of 12 steps."""
    name, config = classifying(SGD(0.1), Change(3, "batch_size", 5))
    run = run_of(name, config)
    assert run.last_step == run.recording.last == 3 + 4 + 7 * 12
    assert config.steps == run.last_step
    epochs = [run.recording.snapshot(step)[1].epoch for step in (0, 1, 3, 7, 8, 19, 20, 91)]
    assert epochs == [0, 1, 1, 1, 2, 2, 3, 8]
    seen = np.concatenate([run.recording.snapshot(step)[1].batch for step in range(1, 8)])
    assert len(seen) == len(set(seen)) == 56


# Checkpoints


def test_checkpoints_stay_few_and_closest_at_the_end():
    kept = Checkpoints(10**9)
    for step in range(5000):
        kept.add(Checkpoint(step, None, 8))
        assert len(kept.kept) <= MOST
    steps = [one.step for one in kept.kept]
    assert (steps[0], steps[-1], len(steps)) == (0, 4999, MOST)
    gaps = np.diff(steps)
    assert gaps.max() <= 5000 / 12
    assert gaps[-3:].max() <= 16
    assert kept.before(4998).step <= 4998 < kept.before(4999).step == 4999
    assert kept.until(2000).before(10**6) == kept.before(2000)
    assert Checkpoints(1).before(5) is None


def test_checkpoints_stay_within_their_budget():
    kept = Checkpoints(100)
    for step in range(50):
        kept.add(Checkpoint(step, None, 30))
    assert len(kept.kept) == 3
    assert kept.size == 90
    for step in range(50, 60):
        kept.add(Checkpoint(step, None, 500))
    assert [one.step for one in kept.kept] == [0, 59]


def test_checkpoints_count_in_the_memory_of_a_run():
    run = run_of("losses.classifier", MOONS)
    recording = run.recording
    held = sum(kept.size for kept in recording._kept) + 8 * (recording.last + 1) * len(recording.names)
    assert recording.checkpoints.size > 0
    assert recording.size == held + recording.checkpoints.size
    recording.limit(4000)
    assert recording.checkpoints.budget == 1000


def test_a_fork_holds_nothing_of_the_run_it_left():
    old = run_of("losses.classifier", MOONS)
    left = weakref.ref(old), weakref.ref(old.recording)
    fork = Runner.forked(old, replaced(MOONS, changes=(Change(5, "batch_size", 3),)), 5)
    fork.drive(8)
    del old
    gc.collect()
    assert [run() for run in left] == [None, None]
    fork.drive()
    assert fork.finish is Finish.COMPLETED


LIVE = sorted(name for name, experiment in EXPERIMENTS.items() if is_live(experiment.config_type))


@pytest.mark.parametrize("name", LIVE)
def test_every_live_experiment_can_be_forked(name):
    """At its fourth step, all that is live at once: the numbers are those from the start."""
    config = SHORT[name]
    now = config_at(config, 5)
    rule = (
        {"racers": tuple(map(slower, now.racers))}
        if hasattr(now, "racers")
        else {"optimizer": slower(now.optimizer)}
    )
    new = changed(config, 4, replaced(now, **rule, **MORE[name]))
    assert len(new.changes) > len(MORE[name])
    fork = Runner.forked(run_of(name, config), new, 4)
    assert fork.recording.last == 4
    fork.drive()
    alike(fork, run_of(name, new))


def slower(rule):
    """A rule with a third of its learning rate, and a schedule; as it is if it has none."""
    if not hasattr(rule, "schedule"):
        return rule
    return rule.with_(learning_rate=rule.learning_rate / 3, schedule=StepDecay(step_size=2))


SHORT = {
    "entropy.fit": FitConfig(optimizer=Nesterov(0.5), steps=30),
    "gradients.deep_network": DEEP,
    "gradients.dying_relu": DYING,
    "losses.classifier": MOONS,
    "lstm.train": replaced(WAVES, steps=9),
    "optimizers.batches": BatchesConfig(steps=30, optimizer=Adam(0.1), order="shuffled"),
    "optimizers.race": replaced(RACE, steps=60),
}
MORE = {
    "entropy.fit": {},
    "gradients.deep_network": {"batch_size": 9, "clipping": "norm", "clip_at": 0.01},
    "gradients.dying_relu": {"batch_size": 7},
    "losses.classifier": {"batch_size": 7, "weight_decay": 0.01, "label_smoothing": 0.1},
    "lstm.train": {"batch_size": 3, "clip": 0.01},
    "optimizers.batches": {"batch_size": 5},
    "optimizers.race": {"noise": 0.5},
}
