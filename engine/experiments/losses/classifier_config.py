"""The settings of *Losses ▸ Four-class classifier*, and the examples they stand for (`classifier_data`)."""

from collections.abc import Generator
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine import datasets
from engine.activations import ACTIVATIONS, Array
from engine.adam import Adam
from engine.config import Config, choice, number, plain
from engine.csv_data import About
from engine.datasets import Features
from engine.experiment import Preparing
from engine.experiments.losses.classifier_data import (
    Blobs,
    Circles,
    CsvFile,
    Digits,
    Loaded,
    Moons,
    Spirals,
    Xor,
)
from engine.initializers import INITIALIZERS
from engine.network import Network
from engine.optimizers import FirstOrder
from engine.piecewise import Recent, outcome
from engine.plain import plain_name


class ClassifierConfig(Config, frozen=True):
    """What to tell apart, the network that learns it, and how it is trained."""

    data: Annotated[
        Digits | Blobs | Circles | Moons | Spirals | Xor | CsvFile,
        plain("Data", "The examples, each with its class."),
    ] = Digits()
    layers: Annotated[
        int,
        number(
            "Hidden layers",
            "Fully connected layers before the output layer; 0 is a linear classifier.",
            ge=0,
            le=4,
        ),
    ] = 1
    width: Annotated[
        int,
        number(
            "Width", "Neurons in each hidden layer.", ge=1, le=256, soft=(1, 128), when=("layers", "not 0")
        ),
    ] = 32
    activation: Annotated[
        str,
        choice(
            "Activation",
            "How each hidden neuron bends its sum.",
            {name: activation.title for name, activation in ACTIVATIONS.items()},
            when=("layers", "not 0"),
        ),
    ] = "relu"
    optimizer: Annotated[
        FirstOrder, plain("Optimizer", "How the gradient becomes a step.", kind="optimizer")
    ] = Adam(learning_rate=0.01)
    batch_size: Annotated[
        int,
        number(
            "Batch size",
            "Examples a step; more than there are to train on means all of them.",
            ge=1,
            le=5000,
            scale="log",
            soft=(1, 512),
        ),
    ] = 32
    epochs: Annotated[
        int, number("Epochs", "How often every training example is seen.", ge=1, le=10_000, soft=(1, 200))
    ] = 20
    seed: Annotated[
        int, plain("Seed", "Chooses the split, the first weights and the batches.", kind="seed")
    ] = 0
    initializer: Annotated[
        str,
        choice(
            "Initialisation",
            "How the first weights are drawn; biases begin at 0.",
            {name: initializer.title for name, initializer in INITIALIZERS.items()},
            more=True,
        ),
    ] = "he_normal"
    weight_decay: Annotated[
        float,
        number(
            "Weight decay",
            "Adds λ times the weights (not the biases) to the gradient; the loss shown is without it.",
            symbol="λ",
            ge=0,
            le=1,
            soft=(0, 0.1),
            more=True,
        ),
    ] = 0.0
    label_smoothing: Annotated[
        float,
        number(
            "Label smoothing",
            "Share of each label spread over all classes.",
            symbol="s",
            ge=0,
            le=0.9,
            more=True,
        ),
    ] = 0.0
    held_out: Annotated[
        float,
        number("Held out", "Share of the examples that is never trained on.", ge=0.05, le=0.9, more=True),
    ] = 0.3


LONGEST_NAME = 40  # characters of a class or a feature, as they are shown


class Data(msgspec.Struct, frozen=True):
    """The examples as the network is given them; shared by all snapshots of a run, and read-only.

    (A Struct and not a dataclass, so that a recording does not count it anew for every snapshot.)
    """

    inputs: Array  # float32 [examples, features], images flattened; columns of a table standardised
    labels: NDArray[np.intp]  # [examples]
    training: NDArray[np.intp]  # which examples are trained on
    held_out: NDArray[np.intp]  # which are not
    class_names: tuple[str, ...]
    feature_names: tuple[str, ...]
    shape: tuple[int, ...]  # of one example before flattening: (8, 8) for digits
    centre: NDArray[np.float64]  # [features], what an input of 0 stands for in the units of the file
    spread: NDArray[np.float64]  # [features], how many of these units an input of 1 is more
    about: About | None = None  # what is to be told of a table of the user's own

    def in_units(self, inputs: ArrayLike) -> NDArray[np.float64]:
        """Inputs[…, features] as they stand in the file."""
        values: NDArray[np.float64] = np.asarray(inputs, np.float64) * self.spread + self.centre
        return values


_kept: Recent[Data] = Recent(most=4)


def prepare(config: ClassifierConfig) -> Data:
    """Return the examples of a config: the same every time, as long as a file is not changed.

    Raises:
        Problem: the file of a table cannot be read; see `engine.csv_data`.
    """
    return outcome(preparing(config))


def preparing(config: ClassifierConfig) -> Generator[Preparing, None, Data]:
    """Return the examples in the end, as `prepare` does; tell how far it is while a table is read."""
    key = (config.data, config.held_out, config.seed, config.data.stamp())
    data = _kept.get(key)
    if data is None:
        rng = streams(config.seed)[0]
        loaded = yield from config.data.loading(rng)
        data = _kept.keep(key, _divided(config, loaded, rng))
    return data


def _divided(config: ClassifierConfig, loaded: Loaded, rng: np.random.Generator) -> Data:
    """The examples as the network is given them, some of them held out."""
    features, labels, class_names, feature_names = loaded.labelled
    parts = datasets.split(labels, config.held_out, rng)
    inputs = features.reshape(len(features), -1)
    centre: Features = np.zeros(inputs.shape[1])
    spread: Features = np.ones(inputs.shape[1])
    if loaded.about is not None:
        centre, spread = _scale(inputs[parts.training], picture=features.ndim == 3)
        inputs = (inputs - centre) / spread
    arrays = (inputs.astype(np.float32), labels, *parts)
    for array in (*arrays, centre, spread):
        array.flags.writeable = False
    classes, named, shape = _shown(class_names), _shown(feature_names), features.shape[1:]
    return Data(*arrays, classes, named, shape, centre, spread, loaded.about)


def _shown(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names out of a file as they can be drawn."""
    return tuple(plain_name(name, LONGEST_NAME) for name in names)


def _scale(training: Features, picture: bool) -> tuple[Features, Features]:
    """What to subtract from each column, and what to divide it by.

    Columns are standardised by what is trained on; ink becomes 0 to 1, so that a picture stays one.
    """
    if picture:
        return np.zeros(training.shape[1]), np.full(training.shape[1], np.abs(training).max() or 1.0)
    return datasets.mean_and_spread(training)


def streams(seed: int) -> tuple[np.random.Generator, np.random.Generator]:
    """Chance for the data and chance for the training, so that another network meets the same data."""
    data, training = np.random.default_rng(seed).spawn(2)
    return data, training


def network_of(config: ClassifierConfig, data: Data) -> Network:
    """Return the network for the data: one input a feature, one output a class."""
    hidden = (config.width,) * config.layers
    return Network((data.inputs.shape[1], *hidden, len(data.class_names)), config.activation)


def batch_size(config: ClassifierConfig, data: Data) -> int:
    """How many examples a step takes: no more than there are to train on."""
    return min(config.batch_size, len(data.training))


def steps_per_epoch(config: ClassifierConfig, data: Data) -> int:
    """How many batches make an epoch; the last may be smaller."""
    return -(-len(data.training) // batch_size(config, data))
