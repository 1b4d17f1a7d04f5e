"""A classifier learns from examples: rows of numbers, each with its class.

    features x[n, d]      labels y[n], one of 0 … C−1      held out: a fraction of every class, for testing

Real digits, and point sets in the plane that are easy or hard to separate (`csv_data` reads the user's own).

Sources: E. Alpaydin & C. Kaynak, "Optical Recognition of Handwritten Digits", UCI (1998), CC BY 4.0, as
scikit-learn ships it (resources/datasets/README.md). The spirals are Lang & Witbrock's (1988).
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.config import Problem

DIGITS = Path(__file__).parents[2] / "resources" / "datasets" / "digits.npz"

Features = NDArray[np.float64]
Labels = NDArray[np.intp]
Seed = int | np.random.Generator


class Labelled(NamedTuple):
    """Examples with their classes."""

    features: Features  # [n, …]
    labels: Labels  # [n], from 0
    class_names: tuple[str, ...]
    feature_names: tuple[str, ...] = ()


class Split(NamedTuple):
    """Which examples train and which are held out, as sorted indices."""

    training: Labels
    held_out: Labels


def digits(classes: Sequence[int] = tuple(range(10))) -> Labelled:
    """Handwritten digits of the chosen classes: images [n, 8, 8] with ink from 0 to 1.

    Labels count in the order of `classes`.

    Raises:
        Problem: fewer than two classes, one twice, or one that is not a digit.
    """
    check_digits(classes)
    images, written = _digits_file()
    chosen = np.isin(written, classes)
    place = np.zeros(10, np.intp)
    place[list(classes)] = range(len(classes))
    return Labelled(images[chosen] / 16.0, place[written[chosen]], tuple(map(str, classes)))


def check_digits(classes: Sequence[int], where: str = "") -> None:
    """Check that these are at least two different digits.

    Raises:
        Problem: fewer than two classes, one twice, or one that is not a digit; `where` is as given.
    """
    if len(set(classes)) != len(classes) or len(classes) < 2 or not set(classes) <= set(range(10)):
        raise Problem("Choose two or more different digits from 0 to 9", where=where)


def count_digits(classes: Sequence[int]) -> int:
    """How many images of these digits there are, without making them."""
    return sum(_counts()[digit] for digit in classes)


@cache
def _counts() -> list[int]:
    """How many images there are of each digit."""
    counts: list[int] = np.bincount(_digits_file()[1], minlength=10).tolist()
    return counts


@cache  # read once: the file is part of the program
def _digits_file() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """All images [n, 8, 8] with ink from 0 to 16, and the digit of each."""
    with np.load(DIGITS, allow_pickle=False) as file:
        images, labels = file["images"], file["labels"]
    images.flags.writeable = labels.flags.writeable = False
    return images, labels


def blobs(points: int, noise: float, seed: Seed, classes: int = 4) -> Labelled:
    """Round clouds with the standard deviation `noise`, with centres evenly spaced on the unit circle."""
    rng, labels = np.random.default_rng(seed), _evenly(points, classes)
    return _plane(_on_circle(labels / classes) + rng.normal(0.0, noise, (points, 2)), labels)


def circles(points: int, noise: float, seed: Seed) -> Labelled:
    """A small circle inside a larger one."""
    rng, labels = np.random.default_rng(seed), _evenly(points, 2)
    radius = np.where(labels == 0, 1.0, 0.5)[:, None]
    return _plane(radius * _on_circle(rng.random(points)) + rng.normal(0.0, noise, (points, 2)), labels)


def moons(points: int, noise: float, seed: Seed) -> Labelled:
    """Two half circles, each with one end inside the other."""
    rng, labels = np.random.default_rng(seed), _evenly(points, 2)
    turn = 0.5 * rng.random(points)  # of a whole turn
    upper = _on_circle(turn) - (0.5, 0.25)
    return _plane(
        np.where((labels == 0)[:, None], upper, -upper) + rng.normal(0.0, noise, (points, 2)), labels
    )


def spirals(points: int, noise: float, seed: Seed, classes: int = 2) -> Labelled:
    """Spiral arms of one and a quarter turns from the centre outwards."""
    rng, labels = np.random.default_rng(seed), _evenly(points, classes)
    along = np.sqrt(rng.random(points))  # the square root spaces the points evenly along the arm
    arm = (0.05 + 0.95 * along)[:, None] * _on_circle(1.25 * along + labels / classes)
    return _plane(arm + rng.normal(0.0, noise, (points, 2)), labels)


def xor(points: int, noise: float, seed: Seed) -> Labelled:
    """A square in four quarters: opposite quarters have the same class, so no straight line divides them."""
    rng = np.random.default_rng(seed)
    places = rng.uniform(-1.0, 1.0, (points, 2))
    labels = (places[:, 0] * places[:, 1] < 0).astype(np.intp)
    labels[:4] = (0, 0, 1, 1)
    places[:4] = 0.5 * np.array([(1, 1), (-1, -1), (1, -1), (-1, 1)])  # every quarter has a point
    return _plane(places + rng.normal(0.0, noise, (points, 2)), labels)


def _evenly(points: int, classes: int) -> Labels:
    """Labels 0, 1, …, C − 1, 0, 1, …: every class has as many points, or one more."""
    return np.arange(points) % classes


def _on_circle(turn: NDArray[np.floating[Any]]) -> Features:
    """Points [n, 2] of the unit circle; `turn` is the angle, as a part of a whole turn."""
    angle = 2.0 * np.pi * np.asarray(turn, np.float64)
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def _plane(places: Features, labels: Labels) -> Labelled:
    """Points of the plane with their classes A, B, C …"""
    names = tuple("ABCDEFGHIJKLMNOPQRST"[: int(labels.max()) + 1])
    return Labelled(places, labels, names, ("x", "y"))


def split(labels: Labels, held_out: float, rng: np.random.Generator) -> Split:
    """Hold out the fraction `held_out` of every class, drawn by `rng`.

    Of every class at least one example is for training, and one is held out if there are two.
    """
    apart = []
    for label in range(int(labels.max()) + 1):
        of_class = rng.permutation(np.flatnonzero(labels == label))
        most = max(len(of_class) - 1, 0)
        apart.append(of_class[: min(max(round(held_out * len(of_class)), 1), most)])
    held = np.sort(np.concatenate(apart))
    return Split(np.setdiff1d(np.arange(len(labels)), held), held)


def standardised(features: Features, reference: Features) -> Features:
    """Subtract each column's mean and divide by its standard deviation, both taken from `reference`.

    The reference is the training data, so that nothing is learnt from the held-out data. If a column is
    constant there, its mean is subtracted, but it is not divided.
    """
    mean, spread = mean_and_spread(reference)
    standard: Features = (features - mean) / spread
    return standard


def mean_and_spread(reference: Features) -> tuple[Features, Features]:
    """Mean and standard deviation of each column; 1 for the latter where a column is constant."""
    spread = reference.std(axis=0)
    return reference.mean(axis=0), np.where(spread > 0, spread, 1.0)
