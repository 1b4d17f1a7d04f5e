"""The data of a classifier: inputs in standardised units, training examples and held-out examples.

    inputs x[n, d], float32, an image as one row          x = (x in the file − centre)/spread

Columns of a table are standardised with the mean and standard deviation of the training examples. The same
settings give the same examples; those of the last few runs are kept.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.activations import Array
from engine.data import datasets
from engine.data.csv_data import About
from engine.data.datasets import Features
from engine.data.plain import plain_name
from engine.data.settings import DataSet, Loaded
from engine.pieces import Preparing, Recent

LONGEST_NAME = 40  # at most so many characters of a class or a feature are shown


@dataclass(frozen=True, eq=False)
class TrainingData:
    """The data of a network; read-only."""

    inputs: Array  # [examples, features], images flattened; columns of a table standardised
    labels: NDArray[np.intp]  # [examples], from 0
    training: NDArray[np.intp]  # rows of the training examples
    held_out: NDArray[np.intp]  # rows of the held-out examples
    class_names: tuple[str, ...]
    shape: tuple[int, ...]  # of one example before flattening: (2,) for points, (8, 8) for digits
    feature_names: tuple[str, ...] = ()
    # In the units of the file: the value of an input of 0, and the difference for an input of 1.
    centre: NDArray[np.float64] = field(default_factory=partial(np.zeros, 1))  # [features]
    spread: NDArray[np.float64] = field(default_factory=partial(np.ones, 1))  # [features]
    about: About | None = None  # what the user is told about a table

    def __post_init__(self) -> None:
        for array in (self.inputs, self.labels, self.training, self.held_out, self.centre, self.spread):
            array.flags.writeable = False

    @cached_property
    def targets(self) -> Array:
        """The labels as distributions: float32 [examples, classes], 1 at the class."""
        targets: Array = (self.labels[:, None] == np.arange(len(self.class_names))).astype(np.float32)
        targets.flags.writeable = False
        return targets

    def in_units(self, inputs: ArrayLike) -> NDArray[np.float64]:
        """Inputs[…, features] in the units of the file."""
        values: NDArray[np.float64] = np.asarray(inputs, np.float64) * self.spread + self.centre
        return values


_kept: Recent[TrainingData] = Recent(most=4)


def dividing(source: DataSet, held_out: float, seed: int) -> Generator[Preparing, None, TrainingData]:
    """Return the examples of a data set at the end, a fraction of them held out; yield the progress before.

    Raises:
        Problem: the file of a table cannot be read; see `engine.data.csv_data`.
    """
    key = (source, held_out, seed, source.stamp())
    data = _kept.get(key)
    if data is None:
        rng = streams(seed)[0]
        loaded = yield from source.loading(rng)
        data = _kept.keep(key, _divided(loaded, held_out, rng))
    return data


def _divided(loaded: Loaded, held_out: float, rng: np.random.Generator) -> TrainingData:
    """The data of the network, with some examples held out."""
    features, labels, class_names, feature_names = loaded.labelled
    parts = datasets.split(labels, held_out, rng)
    inputs = features.reshape(len(features), -1)
    centre: Features = np.zeros(inputs.shape[1])
    spread: Features = np.ones(inputs.shape[1])
    if loaded.about is not None:
        centre, spread = _scale(inputs[parts.training], picture=features.ndim == 3)
        inputs = (inputs - centre) / spread
    return TrainingData(
        inputs.astype(np.float32),
        labels,
        *parts,
        _shown(class_names),
        features.shape[1:],
        _shown(feature_names),
        centre,
        spread,
        loaded.about,
    )


def _shown(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names from a file, made safe to draw."""
    return tuple(plain_name(name, LONGEST_NAME) for name in names)


def _scale(training: Features, picture: bool) -> tuple[Features, Features]:
    """The number to subtract from each column, and the number to divide it by.

    Columns are standardised by the training examples; the pixels of a picture are scaled to 0 … 1.
    """
    if picture:
        return np.zeros(training.shape[1]), np.full(training.shape[1], np.abs(training).max() or 1.0)
    return datasets.mean_and_spread(training)


def streams(seed: int, count: int = 2) -> list[np.random.Generator]:
    """Independent random generators: for the data, the training, and more."""
    return np.random.default_rng(seed).spawn(count)
