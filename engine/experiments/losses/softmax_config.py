"""The settings of *Losses ▸ Softmax + cross-entropy*: logits, their label, and the data of the training."""

from typing import Annotated, ClassVar

import numpy as np

from engine.activations import Array
from engine.config import Config, Problem, Tagged, number, plain
from engine.data import datasets
from engine.data.settings import DataSet, Digits, digit_classes
from engine.data.training_data import TrainingData
from engine.losses.from_logits import one_hot, smoothed
from engine.networks.layers import flatten
from engine.optimizers.descent import GradientDescent
from engine.optimizers.schedules import ConstantRate, Schedule, schedule_field

MOST = 8  # logits
LARGEST = 1e6  # logit
HELD_OUT = 0.3
TWO_TO_EIGHT = digit_classes("Which digits to tell apart, two to eight.", MOST)
TrueClass = Annotated[
    int,
    number(
        "True class (1: A)",
        "Which class is the true one: 1 is A, 2 is B, and so on.",
        ge=1,
        le=MOST,
        most="logits",
    ),
]


class Label(Tagged, frozen=True):
    """Base of the labels: what the probabilities are compared with."""

    title: ClassVar[str]
    meaning: ClassVar[str]

    def weights(self, classes: int) -> Array:
        """y: one weight per class, float64 [classes].

        Raises:
            Problem: the label does not fit this many classes.
        """
        raise NotImplementedError


class OneHot(Label, frozen=True, tag="one_hot"):
    """1 at one class."""

    title = "One class"
    meaning = "1 at the true class, 0 elsewhere (one-hot)."
    true_class: TrueClass = 1

    def weights(self, classes: int) -> Array:
        """Return 1 at the true class."""
        return one_hot(_index_of(self.true_class, classes), classes)


class Smoothed(Label, frozen=True, tag="smoothed"):
    """A fraction of the label is spread over all classes."""

    title = "Smoothed"
    meaning = "One class, with a fraction of the label spread evenly over all."
    true_class: TrueClass = 1
    smoothing: Annotated[
        float, number("Smoothing", "Fraction of the label spread over all classes.", symbol="s", ge=0, le=1)
    ] = 0.1

    def weights(self, classes: int) -> Array:
        """Return (1 − s)·one-hot + s/C."""
        return smoothed(one_hot(_index_of(self.true_class, classes), classes), self.smoothing)


class Weights(Label, frozen=True, tag="weights"):
    """Any weights, which need not sum to 1."""

    title = "Any weights"
    meaning = "A weight for each class, not negative; they need not sum to 1."
    values: Annotated[
        tuple[float, ...],
        plain(
            "Weights",
            "One per class; classes after the last get 0.",
            kind="vector",
            min_length=1,
            max_length=MOST,
        ),
    ] = (0.5, 0.3, 0.2)

    def __post_init__(self) -> None:
        for k, value in enumerate(self.values):
            if value < 0:
                raise Problem("Must be at least {bound}", where=f"values[{k}]", bound=0)

    def weights(self, classes: int) -> Array:
        """Return the weights, filled with 0 or cut at the last class."""
        given = np.array(self.values[:classes], np.float64)
        return np.append(given, np.zeros(classes - len(given)))


def _index_of(true_class: int, classes: int) -> int:
    """The index of the true class, from 0.

    Raises:
        Problem: there are fewer classes.
    """
    if true_class > classes:
        raise Problem("There are only {classes} classes", where="true_class", classes=classes)
    return true_class - 1


class Clouds(DataSet, frozen=True, tag="clouds"):
    """Round clouds in the plane, the first with more points than the others."""

    title = "Blobs"
    meaning = "A round cloud of points for each class."
    groups: Annotated[int, number("Classes", "How many classes there are.", ge=2, le=8)] = 4
    noise: Annotated[
        float,
        number(
            "Noise", "How far the points are scattered, as a standard deviation.", ge=0, le=2, soft=(0, 1)
        ),
    ] = 0.6
    uneven: Annotated[
        float,
        number(
            "Imbalance", "How many times as many points the first class has as each other one.", ge=1, le=20
        ),
    ] = 3.0

    def load(self, rng: np.random.Generator) -> datasets.Labelled:
        """Draw the same number for each class, then remove points of every class but the first."""
        drawn = datasets.blobs(100 * self.groups, self.noise, rng, self.groups)
        least = max(2, round(100 / self.uneven))
        rank = np.arange(100 * self.groups) // self.groups  # how many of its class came before
        kept = (drawn.labels == 0) | (rank < least)
        return drawn._replace(features=drawn.features[kept], labels=drawn.labels[kept])


class SomeDigits(Digits, frozen=True, tag="digits"):
    """Real handwritten digits, no more than there may be logits."""

    classes: Annotated[tuple[int, ...], TWO_TO_EIGHT] = (1, 3, 8, 9)


class SoftmaxConfig(Config, frozen=True):
    """A row of logits with its label; the data of the two classifiers, and how they are trained."""

    logits: Annotated[
        tuple[float, ...],
        plain(
            "Logits",
            "The outputs of the last layer: drag the bars, or type two to eight numbers.",
            kind="vector",
            min_length=2,
            max_length=MOST,
        ),
    ] = (2.0, 1.0, 0.1, -1.0)
    label: Annotated[OneHot | Smoothed | Weights, plain("Label", "What the probabilities should be.")] = (
        OneHot()
    )
    data: Annotated[
        Clouds | SomeDigits, plain("Data", "What both classifiers are trained on, with one-hot labels.")
    ] = Clouds()
    learning_rate: Annotated[
        float,
        number(
            "Learning rate",
            "How far a step goes against the gradient.",
            symbol="η",
            gt=0,
            le=100,
            scale="log",
            soft=(0.001, 10),
        ),
    ] = 0.5
    schedule: Annotated[Schedule, schedule_field()] = ConstantRate()
    steps: Annotated[
        int, number("Steps", "How many steps both are trained.", ge=1, le=5000, scale="log", soft=(10, 1000))
    ] = 500
    batch_size: Annotated[
        int,
        number(
            "Batch size", "Examples per step, drawn with replacement.", ge=1, le=512, scale="log", more=True
        ),
    ] = 32
    seed: Annotated[int, plain("Seed", "Chooses the points, the split and the batches.", kind="seed")] = 0

    @property
    def descent(self) -> GradientDescent:
        """The rule by which both are trained."""
        return GradientDescent(learning_rate=self.learning_rate, schedule=self.schedule)

    def __post_init__(self) -> None:
        for k, logit in enumerate(self.logits):
            if not abs(logit) <= LARGEST:
                raise Problem("Must be at most {bound}", where=f"logits[{k}]", bound="1e6")
        try:
            self.label.weights(len(self.logits))
        except Problem as problem:
            where = f"label.{problem.where}"
            raise Problem(problem.sentence, where=where, **problem.values) from problem


def prepare(config: SoftmaxConfig) -> TrainingData:
    """Return the examples, float64, each with a 1 in front, so that the bias is a row of the weights."""
    rng = np.random.default_rng((config.seed, 0))
    loaded = config.data.load(rng)
    parts = datasets.split(loaded.labels, HELD_OUT, rng)
    flat = flatten(loaded.features)
    inputs = np.concatenate((np.ones((len(flat), 1)), flat), axis=1)
    return TrainingData(inputs, loaded.labels, *parts, loaded.class_names, loaded.features.shape[1:])
