"""Every experiment with an optimizer follows its schedule: with a rate of 0 nothing moves any more."""

import math

import msgspec
import numpy as np
import pytest

from engine import session
from engine.config import replaced
from engine.convergence.many_runs import ManyRuns
from engine.convergence.stability import convergence_factor, largest_rate
from engine.experiments import EXPERIMENTS
from engine.experiments.optimizers import batches_ball
from engine.experiments.optimizers.batches_config import prepare as batches_data
from engine.experiments.optimizers.race_inspection import inspect
from engine.optimizers.descent import SGD, Momentum, Nesterov
from engine.optimizers.schedules import ConstantRate, InverseTimeDecay, LinearDecay, StepDecay
from engine.optimizers.update_rule import GradientRule
from engine.optimizers.walk import at_start, walk
from engine.runner import Runner
from engine.surfaces.classic import SURFACES
from tests.runs import driven

# With gradient descent and no other rule
PLAIN = ["losses.neuron", "losses.softmax", "losses.likelihood", "gradients.clipping", "optimizers.newton"]
PLAIN += ["gradients.mistakes"]
STOPPING = LinearDecay(total_steps=3)  # ψ: 1, 2/3, 1/3, 0, 0, …
STEPS = 6
LAST = 3  # after this step nothing moves
COLUMNS = {
    "entropy.fit": "kl.z0",
    "entropy.gaussian_fit": "reverse.mean",
    "entropy.three_classes": "kl.z0",
    "optimizers.race": "0.x",
    "optimizers.batches": "0.x",
    "optimizers.sparse": "0.all",
    "optimizers.landscape": "0.distance",
    "losses.neuron": "cross_entropy.z",
    "losses.softmax": "notes.mean_logit",
    "losses.likelihood": "theta0",
    "gradients.clipping": "norm.x",
    "optimizers.newton": "gradient_descent.x",
    "gradients.mistakes": "wrong.loss",
}
SNAPSHOTS = {
    "losses.classifier": lambda snapshot: snapshot.parameters,
    "lstm.train": lambda snapshot: snapshot.parameters[0],
    "lstm.memory": lambda snapshot: snapshot.shots["lstm"].theta,
    "gradients.deep_network": lambda snapshot: snapshot.networks["a"].theta,
    "gradients.dying_relu": lambda snapshot: snapshot.parameters,
}


def with_schedule(rule, schedule):
    """A rule with a schedule; a method without a learning rate as it is."""
    return msgspec.structs.replace(rule, schedule=schedule) if isinstance(rule, GradientRule) else rule


def scheduled(name, schedule, **changes):
    """The config of an experiment in which every optimizer, or plain gradient descent, has a schedule."""
    config = EXPERIMENTS[name].config_type()
    if hasattr(config, "schedule"):
        changes["schedule"] = schedule
    elif hasattr(config, "racers"):
        changes["racers"] = tuple(with_schedule(rule, schedule) for rule in config.racers)
    else:
        changes["optimizer"] = with_schedule(config.optimizer, schedule)
    if "steps" in config.__struct_fields__:
        changes["steps"] = STEPS
    return replaced(config, **changes)


def run(name, config):
    """The recording of the first steps."""
    return driven(EXPERIMENTS[name], config, STEPS).recording


def parameters(name, recording, step):
    """Where the parameters are at a step."""
    if name in COLUMNS:
        return recording.column(COLUMNS[name])[step]
    return SNAPSHOTS[name](recording.snapshot(step)[1])


def test_every_experiment_with_rules_is_looked_at():
    with_rules = {
        name
        for name, experiment in EXPERIMENTS.items()
        if {"optimizer", "racers", "schedule"} & {*experiment.config_type.__struct_fields__}
    }
    assert with_rules == {*COLUMNS, *SNAPSHOTS, "optimizers.maps"}


@pytest.mark.parametrize("name", [*COLUMNS, *SNAPSHOTS])
def test_with_a_rate_of_0_nothing_moves_any_more(name):
    recording = run(name, scheduled(name, STOPPING))
    there = [np.asarray(parameters(name, recording, step)) for step in (0, LAST - 1, LAST, STEPS)]
    assert not np.array_equal(there[0], there[2])
    assert not np.array_equal(there[1], there[2])
    np.testing.assert_array_equal(there[2], there[3])


def test_the_runs_of_a_map_follow_the_schedule():
    """Many runs at once end where single ones end."""
    rule, surface = Momentum(learning_rate=0.01, beta=0.5, schedule=STOPPING), SURFACES["bowl"]
    x, y, goal = np.array([1.0, -2.0]), np.array([0.5, 1.0]), (np.zeros(2), np.zeros(2))
    runs = ManyRuns(rule, surface, x, y, goal, 1.0)
    runs.advance(STEPS)
    for i in range(2):
        start = at_start(rule, float(x[i]), float(y[i]))
        _, path = walk(rule, surface, start, np.zeros((STEPS, 2)))
        assert (runs.x[i], runs.y[i]) == pytest.approx((path.x[-1], path.y[-1]), rel=1e-12)
        assert path.x[LAST - 1 :] == [path.x[-1]] * (STEPS - LAST + 1)


@pytest.mark.parametrize("kind", [Momentum, Nesterov])
def test_the_parts_of_a_step_are_of_its_learning_rate(kind):
    """Momentum and gradient step lead from point to point, also where the rate changes."""
    rule = kind(learning_rate=0.001, beta=0.9, schedule=StepDecay(step_size=2, gamma=0.25, warmup_steps=1))
    config = replaced(EXPERIMENTS["optimizers.race"].config_type(), racers=(rule,), steps=STEPS)
    recording = run("optimizers.race", config)
    for step in range(1, STEPS + 1):
        found = inspect(config, 0, recording.snapshot(0)[1], step, 0)
        push, pull, whole = found.arrows
        assert np.add(found.before, whole.vector) == pytest.approx(np.array(found.after), rel=1e-12)
        assert np.add(push.vector, pull.vector) == pytest.approx(np.array(whole.vector), rel=1e-12)
        values = found.values(0)
        assert values["factor"] == [0.5, 1, 1, 0.25, 0.25, 0.0625][step - 1]  # by hand: k is 0 at step 2
        assert values["scheduled_rate"] == 0.001 * values["factor"]


def test_theory_of_a_constant_rate_is_silent_about_another():
    rule = Momentum(learning_rate=0.01)
    falling = with_schedule(rule, InverseTimeDecay())
    assert convergence_factor(rule, [1.0]) is not None
    assert largest_rate(rule, 1.0) is not None
    assert convergence_factor(falling, [1.0]) is None
    assert largest_rate(falling, 1.0) is None
    config = EXPERIMENTS["optimizers.batches"].config_type()
    assert batches_ball.constant_rate(config)
    assert not batches_ball.constant_rate(scheduled("optimizers.batches", InverseTimeDecay()))
    warm = scheduled("optimizers.batches", ConstantRate(warmup_steps=2))
    assert batches_ball.predicted_ball(warm, batches_data(config), 16) is None


def test_the_ball_of_a_step_is_that_of_its_learning_rate():
    """With the decay of SGD and ψ = 1/(1 + k/10) both, η is a 22nd at step 11; then the ball is of that η."""
    config = replaced(EXPERIMENTS["optimizers.batches"].config_type(), task="regression")
    falling = replaced(config, optimizer=SGD(learning_rate=0.4, decay=1.0, schedule=InverseTimeDecay()))
    assert batches_ball.rate_at(falling, 0) == batches_ball.rate_at(falling, 1) == 0.4
    assert batches_ball.rate_at(falling, 2) == pytest.approx(0.4 / 1.1 / 2)
    assert batches_ball.rate_at(falling, 11) == pytest.approx(0.4 / 2 / 11)
    small = replaced(config, optimizer=SGD(learning_rate=0.4 / 22))
    data = batches_data(config)
    found = batches_ball.predicted_ball(falling, data, 16, batches_ball.rate_at(falling, 11))
    assert found == pytest.approx(batches_ball.predicted_ball(small, data, 16), rel=1e-12)


def test_the_ball_shrinks_with_the_rate_of_1_over_t_and_stays_without():
    """Robbins and Monro on real digits: with batches of one, only the falling rate comes near the minimum."""
    name, late = "optimizers.batches", []
    for schedule in (ConstantRate(), InverseTimeDecay(decay_rate=0.05)):
        config = replaced(scheduled(name, schedule, batch_size=1, beside=False), steps=2000)
        runner = Runner(EXPERIMENTS[name], config)
        runner.drive(math.inf)
        late.append(batches_ball.measured_ball(runner.recording, 0, 2000))
    assert late[1] < late[0] / 4


def test_a_session_of_before_opens_as_it_was():
    """A record without the field, as sessions of before have it, is the same config; new ones are kept."""
    name = "optimizers.race"
    config, with_one = EXPERIMENTS[name].config_type(), scheduled(name, STOPPING)
    written = msgspec.to_builtins(config)
    for racer in written["racers"]:
        racer.pop("schedule", None)
    assert msgspec.convert(written, type(config)) == config
    for plain in PLAIN:
        config = EXPERIMENTS[plain].config_type()
        written = msgspec.to_builtins(config)
        assert written.pop("schedule") == msgspec.to_builtins(ConstantRate())
        assert msgspec.convert(written, type(config)) == config
    kept = session.decode(session.encode(session.Session(experiments={name: with_one})))
    assert kept.config(name) == with_one
