"""The details of *Losses ▸ Softmax + cross-entropy*: one row of logits, and the trained classifiers."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.activations import Array, log_softmax, sigmoid, softmax, softmax_jacobian
from engine.data.training_data import TrainingData
from engine.experiments.losses.softmax import Trained, notes_gradient, right_gradient
from engine.gradient_check import GradientCheck, central_difference, check_gradient
from engine.losses.from_logits import SigmoidCrossEntropy, SoftmaxCrossEntropy

Flags = NDArray[np.bool_]
SAME = 1e-9  # a relative difference below which two gradients agree


class LogitChain(NamedTuple):
    """One row of logits: forward to the loss, and backward. Arrays are [classes] unless noted."""

    z: Array  # the logits
    exponentials: Array  # exp(z − max z)
    p: Array  # softmax(z)
    y: Array  # the label
    mass: float  # Σy
    terms: Array  # −y·log p, computed from the logits, so that it is exact
    loss: float  # their sum
    d_p: Array  # ∂L/∂p = −y/p; −∞ where p underflows to 0 and y > 0
    jacobian: Array  # [output i, input j]: ∂pᵢ/∂zⱼ = diag(p) − p pᵀ
    product: Array  # Σᵢ ∂L/∂pᵢ·∂pᵢ/∂zⱼ; NaN where it contains ∞·0
    right: Array  # p·Σy − y
    notes: Array  # y·(p − 1)
    numeric: Array  # central differences of the loss
    notes_wrong: Flags  # where the notes' gradient differs from the right one


class Independent(NamedTuple):
    """The same logits as independent yes-or-no questions: sigmoid + binary cross-entropy."""

    p: Array  # σ(z) [classes]
    terms: Array  # −y·log p − (1 − y)·log(1 − p); NaN where y > 1, which is not a label
    loss: float  # their sum
    gradient: Array  # p − y


class LogitRow(NamedTuple):
    """Logits with their label, and the names of the classes."""

    z: Array  # [classes]
    y: Array  # [classes]
    names: Sequence[str]
    true: int | None  # the true class, if there is one


class Explained(NamedTuple):
    """A row of logits with its chain, by softmax and by sigmoid."""

    row: LogitRow
    chain: LogitChain
    other: Independent


class CheckedRow(NamedTuple):
    """A row of logits with its chain, and the checks of both gradients."""

    row: LogitRow
    chain: LogitChain
    right: GradientCheck
    notes: GradientCheck


def explain(row: LogitRow) -> Explained:
    """Compute the chain of a row of logits, by softmax and by sigmoid."""
    return Explained(row, follow(row.z, row.y), independent(row.z, row.y))


def check(row: LogitRow) -> CheckedRow:
    """Compute the chain of a row of logits, and compare both gradients with finite differences."""
    chain = follow(row.z, row.y)
    return CheckedRow(row, chain, *checks(chain))


def loss_of(z: ArrayLike, y: Array) -> float:
    """L(z) = −Σ y·log softmax(z), with 0·log 0 = 0."""
    return float(SoftmaxCrossEntropy(reduction="sum").value(z, y))


def follow(logits: ArrayLike, label: ArrayLike) -> LogitChain:
    """Forward and backward pass for a row of logits [classes] with its label [classes]."""
    z, y = np.asarray(logits, np.float64), np.asarray(label, np.float64)
    p, mass = softmax(z), float(y.sum())
    terms = np.where(y > 0, -y * log_softmax(z), 0.0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        d_p = np.where(y > 0, -y / p, 0.0)
        jacobian = softmax_jacobian(p)
        product = d_p @ jacobian
    product = np.where(np.isfinite(product), product, np.nan)
    right, notes = right_gradient(p, y), notes_gradient(p, y)
    numeric = np.array([central_difference(lambda x: loss_of(x, y), z, k) for k in range(len(z))])
    wrong = np.abs(notes - right) > SAME * np.maximum(np.abs(notes), np.abs(right))
    return LogitChain(
        z,
        np.exp(z - z.max()),
        p,
        y,
        mass,
        terms,
        float(terms.sum()),
        d_p,
        jacobian,
        product,
        right,
        notes,
        numeric,
        wrong,
    )


def checks(chain: LogitChain) -> tuple[GradientCheck, GradientCheck]:
    """The gradient check of the right gradient, and of the notes'."""

    def loss(z: Array) -> float:
        return loss_of(z, chain.y)

    return check_gradient(loss, chain.right, chain.z), check_gradient(loss, chain.notes, chain.z)


def independent(logits: ArrayLike, label: ArrayLike) -> Independent:
    """Sigmoid + binary cross-entropy for the same logits and label."""
    z, y = np.asarray(logits, np.float64), np.asarray(label, np.float64)
    loss = SigmoidCrossEntropy(reduction="none")
    terms = np.where(y <= 1, loss.value(z, y), np.nan)
    return Independent(sigmoid(z), terms, float(terms.sum()), loss.gradient(z, y))


def example(data: TrainingData, run: Trained, step: int, way: int, row: int) -> tuple[Array, Array]:
    """Logits and one-hot label of an example (a row of the data) for a classifier at a step."""
    label = np.zeros(len(data.class_names))
    label[data.labels[row]] = 1.0
    return data.inputs[row] @ run.weights[step, way], label


def probabilities(run: Trained, step: int, way: int, points: ArrayLike) -> Array:
    """The probabilities of a classifier at a step for points[…, features]: [..., classes]."""
    points = np.asarray(points, np.float64)
    bias, slopes = run.weights[step, way, 0], run.weights[step, way, 1:]
    return softmax(points @ slopes + bias)


def class_frequencies(data: TrainingData, run: Trained, step: int) -> Array:
    """The frequency of each class, and its mean probability by each classifier: [3, classes].

    Both are over the training examples. For the right gradient, they are equal at the minimum of the loss.
    """
    inputs = data.inputs[data.training]
    true = np.bincount(data.labels[data.training], minlength=len(data.class_names)) / len(inputs)
    return np.stack((true, *softmax(inputs @ run.weights[step]).mean(axis=1)))
