"""A training is a recipe of a few lines. A famous mistake is one of these lines, written wrongly.

    x[n, d], y[n, C]                        the examples, as they were scaled; labels as rows of 0 and 1
    θ ← start                               the first weights
    for rows in batches:                    which examples a step sees
        z = network(θ, x[rows])             the logits
        L, ∂L/∂z = criterion(z, y[rows])    the loss, and its derivative
        g = ∂L/∂θ by the chain rule         the backward pass
        g = gathered(old g, g)              what the optimizer is given
        θ ← rule(θ, g)                      a step

Each line is a field of the recipe, so a mistake changes one field and leaves the others as they are. The loss
is measured after each step on all training examples, by the criterion of the recipe.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS, Array
from engine.data import datasets
from engine.losses.fused_losses import softmax_cross_entropy
from engine.networks.hidden_layer import LayerCache
from engine.networks.layers import ActivationCache
from engine.networks.network import Forward, Network, accuracy
from engine.optimizers.descent import GradientDescent

Rows = NDArray[np.intp]
Criterion = Callable[[Array, Array], tuple[float, Array]]  # of logits and labels: the loss and ∂L/∂z
Scalars = dict[str, float]
EXAMPLES, BATCH = 320, 32
STEPS = 200
WIDTH = 24  # units of the hidden layer
CLASSES = 10


class Update(NamedTuple):
    """What a step computes before the optimizer moves: the gradient, and the memory for the next step."""

    gradient: Array  # [parameters]
    memory: Any


@dataclass(frozen=True)
class Recipe:
    """Base of the recipes: everything that a training needs.

    `memory` is what a step hands to the next beside θ: nothing (None) before the first.
    """

    start: Array  # θ before the first step
    rule: Any  # the optimizer

    compared: ClassVar[int] = 32  # coordinates of the gradient that are compared with differences

    def update(self, theta: Array, step: int, memory: Any) -> Update:
        """The gradient on the batch of a step, counted from 1, in the precision of θ."""
        raise NotImplementedError

    def loss(self, theta: Array, step: int, memory: Any) -> float:
        """The loss on that batch, of which the gradient should be the derivative."""
        raise NotImplementedError

    def measure(self, theta: Array, memory: Any) -> Scalars:
        """What is drawn as curves; at least `loss` and `accuracy`."""
        raise NotImplementedError

    def sides(self, theta: Array, step: int) -> Array:
        """On which side of each kink of the loss θ is; empty without kinks."""
        return np.zeros(0)


def of_the_sum(cache: LayerCache) -> Array:
    """Where the slope φ′ of a hidden layer is computed: at its sum z."""
    return cache.z


def newest(old: Array, new: Array) -> Array:
    """The gradient of this step alone."""
    return new


def nothing_more(recipe: "ClassifierRecipe", forward: Forward) -> Scalars:
    """No further scalars."""
    return {}


@dataclass(frozen=True)
class ClassifierRecipe(Recipe):
    """The recipe of a classifier."""

    network: Network
    inputs: Array  # [examples, features]
    targets: Array  # [examples, classes]
    training: Rows
    held_out: Rows
    batches: Rows  # [steps, batch], rows of the examples
    criterion: Criterion = softmax_cross_entropy
    slope_at: Callable[[LayerCache], Array] = of_the_sum
    gathered: Callable[[Array, Array], Array] = newest
    measured: Callable[["ClassifierRecipe", Forward], Scalars] = field(default=nothing_more)

    def update(self, theta: Array, step: int, memory: Any) -> Update:
        """Forward, the derivative of the loss, backward, and the sum with what is left from before."""
        forward, target = self._forward(theta, step)
        _, d_logits = self.criterion(forward.logits, target)
        hidden = [self._at_slope(cache) for cache in forward.hidden]
        gradient = np.empty_like(theta)
        self.network.backward(d_logits, forward._replace(hidden=hidden), self.network.layers(gradient))
        old = np.zeros_like(gradient) if memory is None else np.asarray(memory, theta.dtype)
        gathered = self.gathered(old, gradient)
        return Update(gathered, gathered)

    def _at_slope(self, cache: LayerCache) -> LayerCache:
        """The cache of a layer, with the place where its slope φ′ is computed."""
        return cache._replace(activation=ActivationCache(self.slope_at(cache), cache.activation.activation))

    def _forward(self, theta: Array, step: int) -> tuple[Forward, Array]:
        """The forward pass on the batch of a step, and its labels."""
        rows = self.batches[(step - 1) % len(self.batches)]
        x, target = (values[rows].astype(theta.dtype, copy=False) for values in (self.inputs, self.targets))
        return self.network.forward(theta, x), target

    def loss(self, theta: Array, step: int, memory: Any) -> float:
        """The loss on the batch of a step."""
        forward, target = self._forward(theta, step)
        return self.criterion(forward.logits, target)[0]

    def sides(self, theta: Array, step: int) -> Array:
        """The signs of all sums, where the activation has a kink."""
        if not ACTIVATIONS[self.network.activation].kinked:
            return np.zeros(0)
        return np.concatenate([cache.z.ravel() > 0 for cache in self._forward(theta, step)[0].hidden])

    def measure(self, theta: Array, memory: Any) -> Scalars:
        """Loss and accuracy on the training examples, and on the held-out ones where there are any."""
        forward = self.network.forward(theta, self.inputs[self.training])
        loss, right = self._measured_on(forward.logits, self.training)
        scalars = {"loss": loss, "accuracy": right, **self.measured(self, forward)}
        if self.held_out.size:
            other = self.network.forward(theta, self.inputs[self.held_out]).logits
            scalars["held_out"], scalars["right"] = self._measured_on(other, self.held_out)
        return scalars

    def _measured_on(self, logits: Array, rows: Rows) -> tuple[float, float]:
        """Loss and accuracy of some examples, from their logits."""
        target = self.targets[rows]
        return self.criterion(logits, target)[0], accuracy(logits, target.argmax(axis=1))


def shuffled(rng: np.random.Generator, labels: Rows) -> Rows:
    """A new order of the examples."""
    return rng.permutation(len(labels))


def epochs(order: Callable[[], Rows], size: int = BATCH, steps: int = STEPS) -> Rows:
    """Batches [steps, size]: the rows of one order after the other, each a whole epoch."""
    return np.concatenate(list(_blocks(order, size, steps)))[:steps]


def _blocks(order: Callable[[], Rows], size: int, steps: int) -> Iterator[Rows]:
    """The batches of one epoch after the other; what does not fill a batch is left out."""
    count = 0
    while count < steps:
        rows = order()
        block = rows[: len(rows) // size * size].reshape(-1, size)
        count += len(block)
        yield block


@cache  # scaled once, for all mistakes of the gallery
def _digits() -> datasets.Labelled:
    return datasets.digits()


class DigitSet(NamedTuple):
    """Digits to learn from, ten classes, as many of each."""

    inputs: Array  # [EXAMPLES, 64], ink from 0 to 1, float32
    labels: Rows


def digit_set(rng: np.random.Generator) -> DigitSet:
    """Draw as many digits of each class, in a random order."""
    digits = _digits()
    each = [
        rng.permutation(np.flatnonzero(digits.labels == k))[: EXAMPLES // CLASSES] for k in range(CLASSES)
    ]
    rows = rng.permutation(np.concatenate(each))
    pixels = digits.features[rows].reshape(EXAMPLES, -1).astype(np.float32)
    return DigitSet(pixels, digits.labels[rows])


def one_hot(labels: Rows, classes: int = CLASSES) -> Array:
    """[n, classes], float32: 1 at the class."""
    targets: Array = (labels[:, None] == np.arange(classes)).astype(np.float32)
    return targets


def digit_recipe(
    seed: int, learning_rate: float, hidden: int = WIDTH, activation: str = "tanh"
) -> ClassifierRecipe:
    """A small network that learns ten digits, without a mistake; `hidden` = 0 is softmax regression."""
    rng = np.random.default_rng(seed)
    inputs, labels = digit_set(rng)
    sizes = (inputs.shape[1], hidden, CLASSES) if hidden else (inputs.shape[1], CLASSES)
    network = Network(sizes, activation)
    return ClassifierRecipe(
        start=network.start(rng, "xavier_normal"),
        rule=GradientDescent(learning_rate=learning_rate),
        network=network,
        inputs=inputs,
        targets=one_hot(labels),
        training=np.arange(EXAMPLES),
        held_out=np.zeros(0, np.intp),
        batches=epochs(lambda: shuffled(rng, labels)),
    )
