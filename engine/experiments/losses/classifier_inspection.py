"""The details of a snapshot of *Losses ▸ Image classifier*: one example, the plane, the gradient check."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.activations import ACTIVATIONS, Array, log_softmax, softmax
from engine.data.drawn import picture
from engine.data.training_data import TrainingData
from engine.experiments.losses.classifier_config import ClassifierConfig, network_of
from engine.experiments.losses.classifier_features import picture_shape
from engine.experiments.losses.classifier_maps import MapsTrace, check_filters, logits_in_pieces, maps_of
from engine.gradient_check import GradientCheck, check_gradient
from engine.losses.from_logits import SoftmaxCrossEntropy, one_hot, smoothed
from engine.networks.feature_maps import FeatureNetwork
from engine.networks.network import Network
from engine.optimizers.muon import MuonStep
from engine.pieces import Pieces, result_of

NO_CLASS = -1  # the prediction of a network that has diverged, and the label of a drawing
DRAWN = -1  # in place of a row of the data: a drawing of the user
GRID_BUDGET = 3e7  # multiplications for a map of the plane
COARSEST, FINEST = 24, 110  # points along a side of it
MOST_POINTS = 1500  # examples among which mistakes are shown in it
MARGIN = 0.12  # of the plane around the points
CHECKED_ROWS = 64  # examples of the batch that a gradient check takes
CHECK_BUDGET = 1.2e9  # multiplications; well below 0.2 s


@dataclass(frozen=True, slots=True)
class ClassifierSnapshot:
    """The network after a step. Its arrays are never changed."""

    parameters: Array  # float32 [parameters], see `engine.networks.network`; of ASGD the average
    epoch: int  # from 1; 0 before the first step
    batch: NDArray[np.intp]  # rows of the step's batch (at step 0, of the first batch to come)
    muon: MuonStep | None = None  # what the step has made orthogonal, if the optimizer is Muon


class LayerTrace(NamedTuple):
    """One hidden layer, for one example."""

    z: Array  # [width], the weighted sums
    a: Array  # [width], the activations φ(z)


class Trace(NamedTuple):
    """One example in the forward pass, layer by layer."""

    example: int  # its row in the data, or DRAWN
    features: Array  # in its own shape: [8, 8] for a digit
    maps: MapsTrace | None  # with filters: from the picture to the vector
    flat: Array  # [features], the vector that the fully connected layers are given
    layers: tuple[LayerTrace, ...]
    logits: Array  # [classes]
    probabilities: Array  # [classes], softmax of the logits
    target: Array  # [classes], the label as a distribution, after label smoothing; 0 for a drawing
    terms: Array  # [classes], −y·log p
    loss: float  # their sum
    gradient: Array  # [classes], ∂loss/∂logits = p·Σy − y
    label: int  # NO_CLASS for a drawing
    predicted: int  # the most likely class, or NO_CLASS


class Evaluation(NamedTuple):
    """The predictions of the network for the held-out examples."""

    rows: NDArray[np.intp]  # [held out]
    predicted: NDArray[np.intp]  # [held out], the most likely class, or NO_CLASS
    probabilities: Array  # [held out, classes]
    right: NDArray[np.bool_]  # [held out]


class ClassifiedPlane(NamedTuple):
    """The predictions of the network on a plane, and which examples in it are misclassified."""

    probabilities: Array  # [rows along y, columns along x, classes]
    bounds: tuple[tuple[float, float], tuple[float, float]]  # of x and of y, in the units of the file
    rows: NDArray[np.intp]  # [points], all examples, or evenly spaced ones if there are too many
    points: NDArray[np.float64]  # [points, 2], in the units of the file
    wrong: NDArray[np.bool_]  # [points]


def targets_of(config: ClassifierConfig, data: TrainingData) -> Array:
    """The labels of all examples as distributions, after label smoothing: float64 [examples, classes]."""
    return smoothed(one_hot(data.labels, len(data.class_names)), config.label_smoothing)


def predict(
    config: ClassifierConfig, data: TrainingData, snapshot: ClassifierSnapshot, x: ArrayLike
) -> Array:
    """Probabilities[…, classes] of inputs x[…, features], scaled as in `TrainingData.inputs`."""
    return result_of(predicting(config, data, snapshot, x))


def predicting(
    config: ClassifierConfig, data: TrainingData, snapshot: ClassifierSnapshot, x: ArrayLike
) -> Pieces[Array]:
    """`predict`, with pauses where there are filters."""
    inputs = np.asarray(x, np.float32)
    rows = inputs.reshape(-1, inputs.shape[-1])
    with np.errstate(over="ignore", invalid="ignore"):  # the last snapshot of a diverged run
        logits = yield from logits_in_pieces(network_of(config, data), snapshot.parameters, rows)
        return softmax(logits).reshape(*inputs.shape[:-1], -1)


def likeliest(probabilities: Array) -> NDArray[np.intp]:
    """The class with the largest probability, along the last axis; NO_CLASS where there is a NaN."""
    known = np.isfinite(probabilities).all(axis=-1)
    return np.where(known, probabilities.argmax(axis=-1), NO_CLASS)


def evaluate(config: ClassifierConfig, data: TrainingData, snapshot: ClassifierSnapshot) -> Evaluation:
    """The predictions for all held-out examples."""
    return result_of(evaluating(config, data, snapshot))


def evaluating(
    config: ClassifierConfig, data: TrainingData, snapshot: ClassifierSnapshot
) -> Pieces[Evaluation]:
    """`evaluate`, with pauses where there are filters."""
    rows = data.held_out
    probabilities = yield from predicting(config, data, snapshot, data.inputs[rows])
    predicted = likeliest(probabilities)  # a network that has diverged has no right prediction
    return Evaluation(rows, predicted, probabilities, predicted == data.labels[rows])


def confusion(evaluation: Evaluation, data: TrainingData) -> NDArray[np.intp]:
    """How many held-out examples of each class (row) were predicted as each class (column)."""
    classes, said = len(data.class_names), evaluation.predicted != NO_CLASS
    pairs = data.labels[evaluation.rows[said]] * classes + evaluation.predicted[said]
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def plane(config: ClassifierConfig, data: TrainingData, snapshot: ClassifierSnapshot) -> ClassifiedPlane:
    """The predictions on a part of the plane with all examples and a margin around them."""
    least, most = data.inputs.min(axis=0), data.inputs.max(axis=0)
    room = MARGIN * np.maximum(most - least, 1e-3)
    corners = np.array([least - room, most + room])
    side = int(np.clip((GRID_BUDGET / network_of(config, data).count) ** 0.5, COARSEST, FINEST))
    x, y = (np.linspace(low, high, side) for low, high in corners.T.tolist())
    grid = np.stack(np.meshgrid(x, y), axis=-1)
    (x0, y0), (x1, y1) = data.in_units(corners).tolist()
    rows = np.arange(0, len(data.labels), max(1, -(-len(data.labels) // MOST_POINTS)))
    points = data.inputs[rows]
    wrong = likeliest(predict(config, data, snapshot, points)) != data.labels[rows]
    return ClassifiedPlane(
        predict(config, data, snapshot, grid), ((x0, x1), (y0, y1)), rows, data.in_units(points), wrong
    )


def weight_images(config: ClassifierConfig, data: TrainingData, snapshot: ClassifierSnapshot) -> Array:
    """The first layer's weights in the shape of an example, for each neuron: [neurons, 8, 8] for digits.

    Where the layer is given maps, there is one picture per map: see `classifier_maps.weight_maps`.
    """
    weights = network_of(config, data).layers(snapshot.parameters)[0].weights
    return weights.T.reshape(-1, *data.shape)


def follow(config: ClassifierConfig, data: TrainingData, snapshot: ClassifierSnapshot, example: int) -> Trace:
    """Follow one example (a row of the data) from its features to its loss."""
    target = smoothed(one_hot(data.labels[example], len(data.class_names)), config.label_smoothing)
    label = int(data.labels[example])
    return _followed(config, data, snapshot, data.inputs[example], target, example, label)


def follow_drawing(
    config: ClassifierConfig,
    data: TrainingData,
    snapshot: ClassifierSnapshot,
    drawing: tuple[str, ...],
    pen: float,
) -> Trace:
    """Follow a drawing (see `engine.data.drawn`), made like the pictures of the data; it has no label."""
    x = picture(drawing, pen, picture_shape(data.shape)).ravel()
    return _followed(config, data, snapshot, x, np.zeros(len(data.class_names)), DRAWN, NO_CLASS)


def _followed(
    config: ClassifierConfig,
    data: TrainingData,
    snapshot: ClassifierSnapshot,
    x: Array,
    target: Array,
    example: int,
    label: int,
) -> Trace:
    """The way of one input x[features] through the network."""
    network, theta = network_of(config, data), snapshot.parameters
    with np.errstate(over="ignore", invalid="ignore"):
        if isinstance(network, Network):
            head, maps, flat = network.forward(theta, x[None]), None, x
        else:
            forward = network.forward(theta, x[None])
            head, maps, flat = forward.head, maps_of(network, theta, forward), forward.maps.flat[0]
        logits = head.logits[0].astype(np.float64)
        terms = -np.where(target > 0, target * log_softmax(logits), 0.0)
        gradient = SoftmaxCrossEntropy().gradient(logits, target)
        probabilities = softmax(logits)
    return Trace(
        example=example,
        features=x.reshape(data.shape),
        maps=maps,
        flat=flat,
        layers=tuple(LayerTrace(cache.z[0], cache.a[0]) for cache in head.hidden),
        logits=logits,
        probabilities=probabilities,
        target=target,
        terms=terms,
        loss=float(terms.sum()),
        gradient=gradient,
        label=label,
        predicted=int(likeliest(probabilities)),
    )


def arrays(config: ClassifierConfig, data: TrainingData, snapshot: ClassifierSnapshot) -> dict[str, Any]:
    """By name: parameters, their gradient on the batch, held-out predictions, the confusion matrix."""
    network, theta, rows = network_of(config, data), snapshot.parameters, snapshot.batch
    x, target = data.inputs[rows], targets_of(config, data)[rows]
    with np.errstate(all="ignore"):  # the last snapshot of a diverged run
        d_theta = network.loss_and_gradient(theta, x, target, config.weight_decay).gradient
    evaluation = evaluate(config, data, snapshot)
    return {
        **_parameters(network, theta),
        "gradient": _parameters(network, d_theta),
        "held_out": {**evaluation._asdict(), "labels": data.labels[evaluation.rows]},
        "confusion": confusion(evaluation, data),
        "batch": rows,
    }


def _parameters(network: Network | FeatureNetwork, theta: Array) -> dict[str, Any]:
    """The layers of a vector of parameters, and its filters if they are learnt."""
    layers: dict[str, Any] = {"layer": network.layers(theta)}
    if isinstance(network, FeatureNetwork) and not network.bank.edges:
        layers["filters"] = network.bank.filters(network.parts(theta)[0])
    return layers


def check(
    config: ClassifierConfig, data: TrainingData, snapshot: ClassifierSnapshot
) -> GradientCheck | list[GradientCheck]:
    """Compare the network's gradient on the snapshot's batch with finite differences, in float64.

    It uses the first 64 examples of the batch and as many parameters as can be checked in about 0.1 s, drawn
    by the config's seed. Differences across a kink of ReLU are left out. Filters that are learnt have a
    check of their own, the first of two; the fully connected layers are checked with the vectors they get.
    """
    network, checks = network_of(config, data), []
    rows = snapshot.batch[:CHECKED_ROWS]
    x, target = data.inputs[rows].astype(np.float64), targets_of(config, data)[rows]
    theta, decay = snapshot.parameters.astype(np.float64), config.weight_decay
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        if isinstance(network, Network):
            return check_layers(network, theta, x, target, config)
        if not network.bank.edges:
            checks = [check_filters(network, theta, x, target, decay, config.seed)]
        filters, head = network.parts(theta)
        vectors = network.bank.maps(filters, x).flat
        return [*checks, check_layers(network.head, head, vectors, target, config)]


def check_layers(
    network: Network, theta: Array, x: Array, target: Array, config: ClassifierConfig
) -> GradientCheck:
    """Compare the gradient of the fully connected layers with differences."""
    decay = config.weight_decay

    def loss(vector: NDArray[np.float64]) -> float:
        return network.loss(vector, x, target) + network.penalty(vector, decay)

    def sides(vector: NDArray[np.float64]) -> NDArray[np.bool_]:
        forward = network.forward(vector, x)
        return np.concatenate([cache.z.ravel() > 0 for cache in forward.hidden])

    kinked = ACTIVATIONS[config.activation].kinked and config.layers > 0
    at_most = min(max(int(CHECK_BUDGET / (4 * len(x) * network.count)), 5), 200)
    gradient = network.loss_and_gradient(theta, x, target, decay).gradient
    return check_gradient(
        loss, gradient, theta, at_most=at_most, seed=config.seed, sides=sides if kinked else None
    )
