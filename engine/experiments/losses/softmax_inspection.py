"""What *Losses ▸ Softmax + cross-entropy* shows of one row of logits, and of the trained classifiers."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.activations import Array, log_softmax, sigmoid, softmax, softmax_jacobian
from engine.data.training_data import TrainingData
from engine.experiments.losses.softmax import Trained, notes_gradient, right_gradient
from engine.gradient_check import GradientCheck, central_difference, check_gradient
from engine.losses.losses import SigmoidCrossEntropy, SoftmaxCrossEntropy

SAME = 1e-9  # a relative difference below which two gradients agree


class LogitChain(NamedTuple):
    """One row of logits on its way to the loss, and back. All of shape [classes] unless said."""

    z: Array  # the logits
    exponentials: Array  # exp(z − max z)
    p: Array  # softmax(z)
    y: Array  # the label
    mass: float  # Σy
    terms: Array  # −y·log p, from the logits, so that no digit is lost
    loss: float  # their sum
    d_p: Array  # ∂L/∂p = −y/p; −∞ where p has underflowed to 0 under a label
    jacobian: Array  # [output i, input j]: ∂pᵢ/∂zⱼ = diag(p) − p pᵀ
    product: Array  # Σᵢ ∂L/∂pᵢ·∂pᵢ/∂zⱼ; NaN where it contains ∞·0
    right: Array  # p·Σy − y
    notes: Array  # y·(p − 1)
    numeric: Array  # central differences of the loss
    notes_wrong: NDArray[
        np.bool_
    ]  # where the notes' differs from the right one (which `checks` holds to the numeric)


class Independent(NamedTuple):
    """The same logits, each for a yes-or-no question of its own: sigmoid + binary cross-entropy."""

    p: Array  # σ(z) [classes]
    terms: Array  # −y·log p − (1 − y)·log(1 − p); NaN where y > 1, which answers no such question
    loss: float  # their sum
    gradient: Array  # p − y


class LogitRow(NamedTuple):
    """Logits with their label, and what the classes are called."""

    z: Array  # [classes]
    y: Array  # [classes]
    names: Sequence[str]
    true: int | None  # the class, where one is


class Explained(NamedTuple):
    """A row of logits on its way, with softmax and with sigmoid."""

    row: LogitRow
    chain: LogitChain
    other: Independent


class CheckedRow(NamedTuple):
    """A row of logits on its way, and what differences say of both gradients."""

    row: LogitRow
    chain: LogitChain
    right: GradientCheck
    notes: GradientCheck


def explain(row: LogitRow) -> Explained:
    """Follow a row of logits, with softmax and with sigmoid."""
    return Explained(row, follow(row.z, row.y), independent(row.z, row.y))


def check(row: LogitRow) -> CheckedRow:
    """Follow a row of logits, and compare both gradients with differences."""
    chain = follow(row.z, row.y)
    return CheckedRow(row, chain, *checks(chain))


def loss_of(z: ArrayLike, y: Array) -> float:
    """L(z) = −Σ y·log softmax(z), with 0·log 0 = 0."""
    return float(SoftmaxCrossEntropy(reduction="sum").value(z, y))


def follow(logits: ArrayLike, label: ArrayLike) -> LogitChain:
    """Follow a row of logits [classes] with its label [classes] to the loss and back."""
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
    """What sigmoid + binary cross-entropy makes of the same logits and label."""
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
    """What a classifier says at a step of points[…, features]: [..., classes]."""
    points = np.asarray(points, np.float64)
    bias, slopes = run.weights[step, way, 0], run.weights[step, way, 1:]
    return softmax(points @ slopes + bias)


def shares(data: TrainingData, run: Trained, step: int) -> Array:
    """How often each class occurs among the training examples, and the mean probability that each
    classifier gives it there: [3, classes]. Trained to its minimum, the right one makes them equal."""
    inputs = data.inputs[data.training]
    true = np.bincount(data.labels[data.training], minlength=len(data.class_names)) / len(inputs)
    return np.stack((true, *softmax(inputs @ run.weights[step]).mean(axis=1)))
