"""Kinds of cross-entropy, by their names: they differ in the label, in the output layer, and in a factor.

    kind                 label y                      output p         loss L                           ∂L/∂z
    binary               0 or 1                       σ(z), one logit  −y·ln p − (1 − y)·ln(1 − p)      p − y
    categorical          a distribution, as one-hot   softmax(z)       −Σ y·ln p                        p − y
    sparse categorical   the class k, a number        softmax(z)       −ln pₖ                           p − y
    multi-label          0 or 1 for each class        σ(z), each       −Σ (y·ln p + (1 − y)·ln(1 − p))  p − y
    weighted             the class k, and weights w   softmax(z)       −wₖ·ln pₖ                   wₖ·(p − y)
    focal                the class k, and γ           softmax(z)       −(1 − pₖ)^γ·ln pₖ            c·(p − y)
    label smoothing      (1 − s)·y + s/C              softmax(z)       −Σ y·ln p                        p − y

    c = (1 − pₖ)^γ·(1 − γ·pₖ·ln pₖ/(1 − pₖ))

k is the true class, C the number of classes, γ ≥ 0 the focus, s the smoothing, and σ the sigmoid.

So each is the same cross-entropy with another label, another output layer, or a factor before it, and every
∂L/∂z is a number times p − y, where y is the label as the loss sees it. Categorical and sparse are one loss
with two ways to write the label. Here L is the loss of one example. Over a batch the frameworks differ:
a multi-label loss is averaged over examples *and* classes; the weighted mean is divided by the sum of the
weights in PyTorch, and by the number of examples in Keras.

References: I. Goodfellow, Y. Bengio and A. Courville, "Deep Learning" (2016), 6.2.2; T.-Y. Lin et al. (2017),
"Focal loss for dense object detection"; C. Szegedy et al. (2016), "Rethinking the Inception architecture",
section 7, for label smoothing; the documentation of PyTorch, Keras and Optax for the names.
"""

from typing import Literal, NamedTuple

import numpy as np

from engine.activations import Array, log_softmax, sigmoid, softmax
from engine.losses.from_logits import SigmoidCrossEntropy, one_hot, smoothed
from engine.losses.loss import times


class CrossEntropyExample(NamedTuple):
    """One example with everything that any kind of cross-entropy asks for."""

    z: Array  # the logits of the classes [C]
    true: int  # the true class k, from 0
    present: Array  # for multi-label: 1 for each class that applies, else 0 [C]
    weights: Array  # for weighted: w, one for each class [C]
    gamma: float  # for focal: γ
    smoothing: float  # for label smoothing: s


class CrossEntropyKind:
    """Base of the kinds: softmax, and one class that is true."""

    output: Literal["softmax", "sigmoid"] = "softmax"

    def logits(self, example: CrossEntropyExample) -> Array:
        """The logits that the output layer has."""
        return example.z

    def label(self, example: CrossEntropyExample) -> Array:
        """The label y as the loss sees it, one number for each logit."""
        return one_hot(np.array(example.true), len(example.z))

    def probabilities(self, z: Array) -> Array:
        """What the output layer makes of the logits."""
        return softmax(z) if self.output == "softmax" else sigmoid(z)

    def weight(self, z: Array, example: CrossEntropyExample) -> float:
        """The factor before the loss."""
        return 1.0

    def pull(self, z: Array, example: CrossEntropyExample) -> float:
        """The number c by which p − y is multiplied in the gradient: the weight, unless that depends on z."""
        return self.weight(z, example)

    def terms(self, z: Array, example: CrossEntropyExample) -> Array:
        """What the class of each logit adds to the loss, [logits]; from the logits, so that it is exact."""
        y = self.label(example)
        if self.output == "sigmoid":
            return SigmoidCrossEntropy(reduction="none").value(z, y)
        return times(y, -log_softmax(z)) * self.weight(z, example)

    def loss(self, z: Array, example: CrossEntropyExample) -> float:
        """L, of this one example."""
        return float(self.terms(z, example).sum())

    def gradient(self, z: Array, example: CrossEntropyExample) -> Array:
        """∂L/∂z = c·(p − y), for each logit."""
        return self.pull(z, example) * (self.probabilities(z) - self.label(example))


class Binary(CrossEntropyKind):
    """One yes-or-no question with one logit: here whether it is the first class."""

    output = "sigmoid"

    def logits(self, example: CrossEntropyExample) -> Array:
        """The first one."""
        return example.z[:1]

    def label(self, example: CrossEntropyExample) -> Array:
        """1 if it is the first class, else 0."""
        return np.array([float(example.true == 0)])


class Categorical(CrossEntropyKind):
    """The label is a distribution over the classes, often one-hot."""


class Sparse(CrossEntropyKind):
    """The label is the number of the class: the same loss, without rows of zeros."""

    def terms(self, z: Array, example: CrossEntropyExample) -> Array:
        """Only the true class is looked up."""
        terms = np.zeros(len(z))
        terms[example.true] = -log_softmax(z)[example.true]
        return terms


class MultiLabel(CrossEntropyKind):
    """Any number of classes may apply: a yes-or-no question for each, and the sum of their losses."""

    output = "sigmoid"

    def label(self, example: CrossEntropyExample) -> Array:
        """Which classes apply."""
        return example.present


class Weighted(CrossEntropyKind):
    """Rare classes, or those that matter more, count more."""

    def weight(self, z: Array, example: CrossEntropyExample) -> float:
        """The weight of the true class."""
        return float(example.weights[example.true])


class FocalCategorical(CrossEntropyKind):
    """What is nearly right already counts less. γ = 0 is cross-entropy."""

    def weight(self, z: Array, example: CrossEntropyExample) -> float:
        """(1 − q)^γ, where q is the probability of the true class."""
        _, rest = _of_true_class(z, example.true)
        return float(rest**example.gamma)

    def pull(self, z: Array, example: CrossEntropyExample) -> float:
        """(1 − q)^γ·(1 − γ·q·ln q/(1 − q)); ln q/(1 − q) tends to −1 as q tends to 1."""
        log_q, rest = _of_true_class(z, example.true)
        ratio = log_q / rest if rest > 0 else -1.0
        return float(rest**example.gamma * (1.0 - example.gamma * np.exp(log_q) * ratio))


class Smoothing(CrossEntropyKind):
    """A part of the label is spread over all classes, so that no logit is drawn to infinity."""

    def label(self, example: CrossEntropyExample) -> Array:
        """(1 − s)·one-hot + s/C."""
        return smoothed(super().label(example), example.smoothing)


def _of_true_class(z: Array, true: int) -> tuple[float, float]:
    """ln q of the probability q of the true class, and 1 − q, which is exact near q = 1."""
    log_q = float(log_softmax(z)[true])
    return log_q, float(-np.expm1(log_q))


CROSS_ENTROPIES: dict[str, CrossEntropyKind] = {
    "binary": Binary(),
    "categorical": Categorical(),
    "sparse": Sparse(),
    "multi_label": MultiLabel(),
    "weighted": Weighted(),
    "focal": FocalCategorical(),
    "smoothing": Smoothing(),
}
