"""Scripts of *Mini-batches*: both tasks and orders, all rules, ends, and changes of the batch size."""

import pytest

from engine.changes import Change
from engine.config import Problem
from engine.experiments.optimizers.batches_config import BatchesConfig
from engine.optimizers.adam import Adam
from engine.optimizers.adaptive import RMSProp
from engine.optimizers.descent import SGD, GradientDescent, Momentum
from engine.optimizers.schedules import CosineDecay
from engine.scripts.table import script_of
from engine.stop_rules import LossBelow, TimeIsUp
from tests.engine.scripts.running import FRAMEWORKS, hold

EVERY = 400  # at least as many examples as there are


def batched(**settings):
    return "optimizers.batches", BatchesConfig(**{"steps": 70, **settings})


def resized(*sizes, **settings):
    """Batch sizes of the first run: from the start, after 20 steps, after 40, …; a block has 64 batches."""
    changes = tuple(Change(20 * k, "batch_size", size) for k, size in enumerate(sizes) if k)
    return batched(batch_size=sizes[0], changes=changes, steps=150, beside=False, **settings)


RUNS = [
    batched(order="shuffled", batch_size=50, digits=(1, 7)),
    batched(task="regression", batch_size=1, beside=False, standardised=False, start=(0.4, 0.1)),
    batched(task="regression", batch_size=EVERY, order="shuffled"),
    batched(batch_size=EVERY, beside=False, standardised=False, decay=0.1),
    batched(batch_size=2, beside=False, stop=LossBelow(0.4)),
    batched(stop=LossBelow(0.3), changes=(Change(30, "optimizer.learning_rate", 0.1),)),
    batched(task="regression", optimizer=GradientDescent(learning_rate=3.0)),
    batched(optimizer=SGD(decay=0.1), seed=3),
    batched(optimizer=Momentum(learning_rate=0.1, schedule=CosineDecay(total_steps=50))),
    batched(optimizer=RMSProp(), changes=(Change(30, "optimizer.rho", 0.9),)),
    batched(optimizer=RMSProp(momentum=0.9, centered=True), batch_size=30),
    batched(optimizer=Adam(learning_rate=0.1), task="regression", beside=False),
    batched(optimizer=Adam(learning_rate=0.1)),
    batched(optimizer=Adam(bias_correction=False), order="shuffled"),
    resized(4, 64, 3),
    resized(1, 16, EVERY, 16, 1, 2, 5),
    resized(EVERY, 1, EVERY, 7),
    resized(100, 30, EVERY, 30, order="shuffled", task="regression"),
    resized(EVERY, 1, order="shuffled"),
    batched(batch_size=4, changes=(Change(64, "batch_size", 1), Change(65, "batch_size", 9)), steps=140),
]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_scripts_of_batches_give_the_numbers_of_their_runs(framework, tmp_path):
    hold(RUNS, framework, tmp_path)


def test_a_gradient_that_is_only_rounding_is_not_repeated_in_another_package(tmp_path):
    """Over all examples b has the gradient 0 at b = 0; RMSProp divides its rounding by its size."""
    run = batched(optimizer=RMSProp(centered=True), task="regression")
    hold([run], "numpy", tmp_path)
    with pytest.raises(Problem, match="from its first step on"):
        script_of(*run, "torch")


def test_a_run_that_ends_by_the_clock_is_refused():
    with pytest.raises(Problem, match="time is up"):
        script_of(*batched(stop=TimeIsUp()))
