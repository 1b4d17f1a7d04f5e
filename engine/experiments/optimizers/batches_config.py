"""The settings of *Optimizers ▸ Mini-batches*, and the data that follow from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import median
from time import perf_counter
from typing import Annotated, Any

import numpy as np

from engine.changes import Changes, check_changes, config_at
from engine.config import Config, choice, number, plain
from engine.data.datasets import check_digits, count_digits, digits, standardised
from engine.data.settings import digit_classes
from engine.linear.linear_models import EVERY, Array, LinearModel, principal_components
from engine.linear.mini_batches import Batches, Noise, covariance
from engine.optimizers.adam import Adam
from engine.optimizers.adaptive import RMSProp
from engine.optimizers.descent import SGD, GradientDescent, Momentum
from engine.stop_rules import LastStep, StopWithoutHeldOut

MOST_BATCH = 400
REPEATS = 40  # steps that are timed
TASKS = {
    "classification": "Classification",
    "regression": "Regression",
}
TASK_MEANING = (
    "Of handwritten digits. Classification: which of the two it is, from its first two principal components. "
    "Regression: how much ink is on the right half, from how much is on the left."
)
ORDERS = {"independent": "Each drawn anew", "shuffled": "Shuffled epochs"}
Rule = GradientDescent | SGD | Momentum | RMSProp | Adam


class BatchesConfig(Config, frozen=True):
    """One problem, one start, one optimizer; only the batch size differs."""

    task: Annotated[str, choice("Task", TASK_MEANING, TASKS)] = "classification"
    batch_size: Annotated[
        int,
        number(
            "Batch size",
            "How many examples one step uses.",
            symbol="B",
            scale="log",
            ge=1,
            le=MOST_BATCH,
            live=True,
        ),
    ] = 16
    optimizer: Annotated[Rule, plain("Optimizer", "How the gradient becomes a step.", kind="optimizer")] = (
        GradientDescent(learning_rate=1.0)
    )
    steps: Annotated[
        int, number("Steps", "How many updates.", scale="log", ge=1, le=20_000, soft=(10, 5000))
    ] = 150
    start: Annotated[
        tuple[float, float], plain("Start", "Where all begin; drag it on the contours.", kind="point")
    ] = (0.0, 0.0)
    seed: Annotated[int, plain("Seed", "The same seed draws the same batches.", kind="seed")] = 0
    digits: Annotated[
        tuple[int, ...],
        digit_classes("Whose images are the examples: two different ones from 0 to 9.", most=2, more=True),
    ] = (3, 8)
    standardised: Annotated[
        bool,
        plain("Standardise", "Give each feature the mean 0 and the standard deviation 1.", more=True),
    ] = True
    decay: Annotated[
        float,
        number(
            "Weight decay",
            "Adds ½λ‖θ‖²: digits that a line can tell apart have a minimum only with it.",
            symbol="λ",
            scale="log",
            ge=1e-4,
            le=1,
            more=True,
            when=lambda c: c.task == "classification",
        ),
    ] = 0.01
    order: Annotated[str, choice("Batches", "How the examples of a batch are chosen.", ORDERS, more=True)] = (
        "independent"
    )
    beside: Annotated[
        bool, plain("Beside it: 1 and all", "Run batches of one and of all examples too.", more=True)
    ] = True
    stop: Annotated[
        StopWithoutHeldOut,
        plain(
            "End",
            "Whether the runs end before their last step, and when: by the loss of the chosen batch size.",
            more=True,
        ),
    ] = LastStep()
    changes: Changes = ()

    def __post_init__(self) -> None:
        check_digits(self.digits, where="digits")
        check_changes(self)

    @property
    def start_names(self) -> tuple[str, str]:
        """The names of the two parameters."""
        return ("w₁", "w₂") if self.task == "classification" else ("b", "w")


def count_of(config: BatchesConfig) -> int:
    """How many examples there are."""
    return count_digits(config.digits)


def sizes(config: BatchesConfig, step: int = 1) -> list[int]:
    """The batch sizes of the runs in a step, the chosen one first; at most the number of examples.

    Only the chosen one may change while the runs go on.
    """
    count = count_of(config)
    wanted = [min(config.batch_size, count), *((1, count) if config.beside else ())]
    _, *others = dict.fromkeys(wanted)
    return [min(config_at(config, step).batch_size, count), *others]


@dataclass(frozen=True, eq=False)
class BatchesData:
    """The data of a run: the examples with their loss, and how long an update takes on this computer."""

    model: LinearModel
    examples: "Examples"
    kind: type[Rule]  # of the optimizer
    seconds: Mapping[int, float]  # batch size → the median time of an update

    def time_of(self, size: int) -> float:
        """The median time of an update with a batch of this size; measured now if it was not before."""
        known = self.seconds.get(size)
        return _timed(self.examples, self.kind, size) if known is None else known


@lru_cache(maxsize=16)  # the same for every run on these examples
def at_minimum(model: LinearModel) -> tuple[Array, Noise]:
    """The Hessian at the minimum, and the covariances of the gradients and Hessians of single examples."""
    theta = model.minimum
    each = model.hessians(theta).reshape(model.count, -1)
    return model.hessian(theta), Noise(covariance(model.gradients(theta)), covariance(each))


Examples = tuple[str, tuple[int, ...], bool, float]


def prepare(config: BatchesConfig) -> BatchesData:
    """The examples, and the times of an update with the batch sizes of the config."""
    examples, kind = examples_of(config), type(config.optimizer)
    seconds = {size: _timed(examples, kind, size) for size in sizes(config)}
    return BatchesData(_model(*examples), examples, kind, seconds)


def examples_of(config: BatchesConfig) -> Examples:
    """The settings on which the examples and their loss depend."""
    decay = config.decay if config.task == "classification" else 0.0
    return config.task, config.digits, config.standardised, decay


@lru_cache(maxsize=16)  # while a start is dragged, the principal components are not computed again
def _model(task: str, chosen: tuple[int, ...], standardise: bool, decay: float) -> LinearModel:
    """The examples of a task with their loss."""
    images, labels = digits(chosen)[:2]
    if task == "classification":
        scores = principal_components(images.reshape(len(images), -1), 2)
        features = standardised(scores, scores) if standardise else scores
        return LinearModel(features, labels.astype(np.float64), True, decay)
    halves = np.stack([images[:, :, :4].mean(axis=(1, 2)), images[:, :, 4:].mean(axis=(1, 2))], axis=1)
    left, right = (standardised(halves, halves) if standardise else halves).T
    return LinearModel(np.stack([np.ones_like(left), left], axis=1), right, False)


@lru_cache(maxsize=256)  # measured once: with a new time for every edit, curves over time would jump
def _timed(examples: Examples, kind: type[Any], size: int) -> float:
    """The median time of an update by a rule of this kind, with a batch of this size."""
    model, rule, theta, times = _model(*examples), kind(), np.zeros(2), []
    state, drawn = rule.start(theta), Batches(model.count, size, "shuffled", np.random.default_rng(0))
    for _ in range(REPEATS):
        begun = perf_counter()
        rows = EVERY if size == model.count else next(drawn)
        rule.update(theta, model.gradient(theta, rows), state)
        times.append(perf_counter() - begun)
    return median(times)
