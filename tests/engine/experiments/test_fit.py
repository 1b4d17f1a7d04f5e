"""Runs of *Fit Q to P*: the same start for all, what each loss does with it, and what cannot be learned."""

from functools import partial
from math import inf, log

import msgspec
import numpy as np
import pytest

from engine.config import Problem, problem_from, replaced
from engine.experiments.entropy.fit import (
    ALL_ENDED,
    EXPERIMENT,
    INFINITE,
    TOO_FAR,
    FitConfig,
    checked,
    frames,
    inspect,
)
from engine.experiments.entropy.fit_config import LABELS, RandomStart, TypedStart, UniformStart
from engine.information.divergence_gradients import DIVERGENCES
from engine.information.information import entropy
from engine.information.shaped_distribution import Distribution
from engine.optimizers.adam import AdamW
from engine.optimizers.descent import GradientDescent, Nesterov
from engine.optimizers.table import OPTIMIZERS
from engine.optimizers.update_rule import GradientRule
from engine.runner import Finish
from tests.runs import driven

ALL = list(DIVERGENCES)
FIRST_ORDER = [name for name, rule in OPTIMIZERS.items() if issubclass(rule, GradientRule)]
ONLY = dict.fromkeys(ALL, False)


run = partial(driven, EXPERIMENT)


def column(runner, name):
    return runner.recording.column(name)


def test_a_run_goes_to_its_end_and_again_to_the_same_bits():
    config = FitConfig(steps=230)
    one, two = run(config), run(config)
    assert one.finish is Finish.COMPLETED
    assert one.recording.last == EXPERIMENT.last_step(config) == 230
    for name in one.recording.names:
        np.testing.assert_array_equal(column(one, name), column(two, name))


def test_the_size_of_the_chunks_does_not_matter():
    config = FitConfig(steps=30, optimizer=Nesterov(learning_rate=0.3))
    whole, parts = [*frames(config, 30)], [*frames(config, 7)]
    assert [frame.step for frame in parts] == [0, 7, 14, 21, 28, 30]
    for name, values in whole[1].scalars.items():
        np.testing.assert_array_equal(np.concatenate([part.scalars[name] for part in parts[1:]]), values)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("base", ["2", "e", "10"])
def test_cross_entropy_and_kl_learn_alike_and_lie_the_entropy_apart(label, base):
    config = replaced(FitConfig(steps=60, base=base), p=LABELS[label][1](FitConfig().p))
    runner = run(config)
    for k in range(4):
        np.testing.assert_array_equal(column(runner, f"cross_entropy.z{k}"), column(runner, f"kl.z{k}"))
    gap = column(runner, "cross_entropy.loss") - column(runner, "kl.loss")
    np.testing.assert_allclose(gap, float(entropy(config.p.values, config.b)), rtol=0, atol=1e-14)
    assert (column(runner, "entropy") == column(runner, "entropy")[0]).all()


def test_the_first_step_by_hand():
    """From Q uniform, P = (¾, ¼): q − p = (−¼, ¼), so z = η(¼, −¼); in base 2 that times 1/ln 2."""
    settings = {**ONLY, "kl": True, "start": UniformStart(), "steps": 1, "p": Distribution((0.75, 0.25))}
    for base, factor in (("e", 1.0), ("2", 1 / log(2))):
        runner = run(FitConfig(**settings, base=base, optimizer=GradientDescent(learning_rate=0.8)))
        assert column(runner, "kl.z0")[1] == pytest.approx(0.2 * factor, rel=1e-15)
        assert column(runner, "kl.z1")[1] == pytest.approx(-0.2 * factor, rel=1e-15)


def test_nesterov_is_shown_where_it_is_and_not_where_it_looks():
    """Its first step is that of plain descent, whatever the momentum; it looks ahead from there."""
    settings = {**ONLY, "kl": True, "start": UniformStart(), "steps": 1, "p": Distribution((0.75, 0.25))}
    runner = run(FitConfig(**settings, optimizer=Nesterov(learning_rate=0.8, beta=0.5)))
    assert column(runner, "kl.z0")[1] == pytest.approx(0.2, rel=1e-15)


def test_the_base_moves_the_steps_but_not_the_squared_error():
    bits = run(FitConfig(base="2", steps=20))
    faster = run(FitConfig(steps=20, optimizer=GradientDescent(learning_rate=1 / log(2))))
    nats = run(FitConfig(steps=20))
    np.testing.assert_allclose(column(bits, "js.z0"), column(faster, "js.z0"), rtol=1e-12)
    np.testing.assert_array_equal(column(bits, "squared_error.loss"), column(nats, "squared_error.loss"))


@pytest.mark.parametrize("name", ALL)
def test_every_loss_is_least_at_p(name):
    settings = {**ONLY, name: True}
    runner = run(FitConfig(**settings, start=UniformStart(), steps=2000))
    assert column(runner, f"{name}.distance")[-1] < 1e-6


def test_every_loss_falls_with_small_steps():
    runner = run(FitConfig(optimizer=GradientDescent(learning_rate=0.1), steps=50))
    for name in ALL:
        assert (np.diff(column(runner, f"{name}.loss")) < 0).all(), name


def test_reverse_kl_is_infinite_from_the_start_where_p_has_a_zero_and_the_others_go_on():
    config = replaced(FitConfig(steps=40), p=Distribution((0.0, 1.0, 0.0)))
    runner = run(config)
    assert runner.finish is Finish.COMPLETED
    assert (column(runner, "reverse_kl.loss") == inf).all()
    assert (column(runner, "reverse_kl.z0") == column(runner, "reverse_kl.z0")[0]).all()
    ends = runner.recording.snapshot(40)[1].ends
    assert [end and end.step for end in ends] == [None, None, 0, None, None]
    assert str(ends[2].problem) == INFINITE
    assert column(runner, "kl.distance")[-1] < 0.1
    assert column(runner, "entropy")[0] == 0
    found, checks = checked(config, runner.recording, 10, "reverse_kl")
    assert found.loss == inf
    assert checks.gradient is None
    assert checks.of_kl.passed


def test_alone_it_ends_the_run_with_the_reason():
    settings = {**ONLY, "reverse_kl": True}
    runner = run(FitConfig(**settings, p=Distribution((1.0, 0.0))))
    assert runner.finish is Finish.DIVERGED
    assert runner.recording.last == 0


def test_a_wrong_and_certain_model_is_put_right_by_cross_entropy_only():
    runner = run(FitConfig(p=Distribution((1.0, 0.0, 0.0, 0.0)), start=TypedStart((0.0, 8.0, 0.0, 0.0))))
    assert column(runner, "cross_entropy.distance")[-1] < 0.01
    assert column(runner, "squared_error.distance")[-1] > 0.99
    assert column(runner, "js.distance")[-1] > 0.99


@pytest.mark.parametrize("rate", [100.0, 1000.0])
def test_huge_steps_jump_about_within_the_finite_numbers(rate):
    runner = run(FitConfig(optimizer=GradientDescent(learning_rate=rate), steps=200))
    assert runner.finish is Finish.COMPLETED
    for name in runner.recording.names:
        assert np.isfinite(column(runner, name)).all(), name


def test_what_leaves_the_numbers_ends_with_its_step():
    """Weight decay of 1000·1 a step makes every logit −999 times what it was, whatever the loss."""
    runner = run(FitConfig(optimizer=AdamW(learning_rate=1000.0, weight_decay=1.0), steps=300))
    assert runner.finish is Finish.DIVERGED
    assert str(runner.problem) == ALL_ENDED
    ends = runner.recording.snapshot(runner.recording.last)[1].ends
    assert {str(end.problem) for end in ends} == {TOO_FAR}
    assert runner.recording.last == max(end.step for end in ends)
    first = ends[0].step
    assert np.isfinite(column(runner, "cross_entropy.z0")[:first]).all()
    assert np.isnan(column(runner, "cross_entropy.loss")[first:]).all()
    assert inspect(FitConfig(), runner.recording, first, "cross_entropy") is None


@pytest.mark.parametrize(
    "name", [name for name, rule in OPTIMIZERS.items() if issubclass(rule, GradientRule)]
)
def test_every_first_order_optimizer_learns(name):
    runner = run(FitConfig(optimizer=OPTIMIZERS[name](), steps=40))
    assert column(runner, "kl.loss")[-1] < column(runner, "kl.loss")[0]


@pytest.mark.parametrize("count", [1, 2, 12])
def test_any_number_of_outcomes(count):
    runner = run(FitConfig(p=Distribution((1 / count,) * count), steps=20))
    assert runner.recording.last == 20
    assert column(runner, f"js.z{count - 1}").shape == (21,)
    if count == 1:
        assert (column(runner, "reverse_kl.loss") == 0).all()


@pytest.mark.parametrize("name", ALL)
def test_the_gradients_on_the_screen_are_checked(name):
    config = FitConfig(base="2")
    runner = run(config)
    for step in (0, 20, 100):
        found, checks = checked(config, runner.recording, step, name)
        assert found.name == name
        assert checks.gradient.passed
        assert checks.of_cross_entropy.passed
        assert checks.of_kl.passed
        assert found.difference == 0
        assert found.of_kl == pytest.approx((found.q - np.array(config.p.values)) / log(2), abs=1e-15)


def test_starts():
    assert UniformStart().logits(3, 0).tolist() == [0, 0, 0]
    assert TypedStart((1.0, 2.0)).logits(3, 0).tolist() == [1, 2, 0]
    assert TypedStart((1.0, 2.0)).logits(1, 0).tolist() == [1]
    drawn = RandomStart().logits(5, 7)
    assert (drawn[:3] == RandomStart().logits(3, 7)).all()
    assert (drawn != RandomStart().logits(5, 8)).any()
    started = FitConfig().starting_at(np.array([0.7, 0.3, 0.0, 0.0]))
    assert np.exp(started.first_logits) == pytest.approx([0.7, 0.3, 1e-6, 1e-6], rel=1e-4)


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        (ONLY, "cross_entropy"),
        ({"seed": -1}, "seed"),
        ({"start": {"kind": "typed", "values": [0, 1001]}}, "start.values[1]"),
        ({"p": {"values": [0.5, 0.4]}}, "p.values"),
    ],
)
def test_what_cannot_be_is_refused_by_name(settings, where):
    with pytest.raises((msgspec.ValidationError, Problem)) as caught:
        msgspec.convert(settings, FitConfig)
    problem = caught.value if isinstance(caught.value, Problem) else problem_from(caught.value)
    assert problem.where == where
