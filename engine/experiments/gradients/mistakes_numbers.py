"""Famous mistakes in floating point, and one in the interface: what a loss takes, logits or probabilities.

    exp(z) is ∞ in float32 from z = 88.7 on, and exp(z − max z) is at most 1
    log p is −∞ where p has underflowed to 0, and log softmax(z) = z − max z − log Σ exp(z − max z) is not
    softmax(softmax(z)) is at most e/(e + C − 1): the loss cannot fall below log(1 + (C − 1)/e)

The last floor is 0.744 for four classes, and 1.461 for ten.

References: Goodfellow, Bengio & Courville, "Deep Learning" (2016), 4.1; PyTorch's documentation of
CrossEntropyLoss: "The input is expected to contain the unnormalized logits"; Blanchard, Higham & Higham,
"Accurately computing the log-sum-exp and softmax functions" (2021).
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.activations import Array, log_softmax, softmax
from engine.experiments.gradients.mistakes_base import Line, Mistake
from engine.experiments.gradients.mistakes_recipe import (
    ClassifierRecipe,
    Criterion,
    Scalars,
    digit_recipe,
)
from engine.losses.fused_losses import softmax_cross_entropy
from engine.networks.network import Forward

INK = 16.0  # the largest value of a pixel in the file
OFFSET = 78.0  # of all logits


def raw_digits(seed: int, learning_rate: float) -> ClassifierRecipe:
    """Softmax regression on pixels from 0 to 16, as they are in the file: the logits become large."""
    recipe = digit_recipe(seed, learning_rate, hidden=0)
    return replace(recipe, inputs=INK * recipe.inputs, start=0.0 * recipe.start, measured=largest_logit)


def largest_logit(recipe: ClassifierRecipe, forward: Forward) -> Scalars:
    """The largest logit of all examples."""
    return {"logit": float(forward.logits.max())}


def shifted(z: Array) -> Array:
    """exp, with the largest logit moved to 0."""
    e: Array = np.exp(z - z.max(axis=-1, keepdims=True))
    return e


def unshifted(z: Array) -> Array:
    """exp of the logits as they are."""
    return np.exp(z)


def by_exponentials(exponentials: Callable[[Array], Array]) -> Criterion:
    """Mean cross-entropy by log-softmax, with ∂L/∂z = p − y from p = e/Σe, where e are the exponentials."""

    def criterion(z: Array, y: Array) -> tuple[float, Array]:
        e = exponentials(z)
        p = e / e.sum(axis=-1, keepdims=True)
        return -float(np.vdot(y, log_softmax(z))) / len(z), (p - y) / len(z)

    return criterion


class SoftmaxWithoutShift(Mistake, frozen=True, tag="softmax_without_shift"):
    """exp(z) for exp(z − max z)."""

    title = "Softmax without the shift"
    meaning = "The exponentials of the logits are computed as they are, and overflow."
    look = "nan"
    looks = "All is well until a logit exceeds 88.7; then e/Σe is ∞/∞, and loss and weights are NaN for ever."
    found = (
        "Try logits of ±1000. A gradient check in double precision passes: there exp overflows only "
        "from 709.8 on."
    )
    passes = "in double precision exp overflows only from 709.8 on."
    source = "Goodfellow, Bengio & Courville, Deep Learning (2016), 4.1"
    result = "e"
    right = Line(r"e = \exp(z - \max z)", "np.exp(z - z.max(axis=-1, keepdims=True))", shifted)
    wrong = Line(r"e = \exp(z)", "np.exp(z)", unshifted)
    symptom = "logit"

    def recipe(self, seed: int, line: Callable[[Array], Array]) -> ClassifierRecipe:
        """Softmax regression on raw pixels. All logits begin at 78: softmax itself does not notice that."""
        recipe = raw_digits(seed, 0.01)
        start = recipe.start.copy()
        recipe.network.layers(start)[-1].bias[...] = OFFSET
        return replace(recipe, start=start, criterion=by_exponentials(line))


def by_log_sum_exp(z: Array) -> Array:
    """log p by log-sum-exp."""
    return log_softmax(z)


def by_log_of_softmax(z: Array) -> Array:
    """log p from p, which may be 0."""
    return np.log(softmax(z))


def cross_entropy_from(log_probabilities: Callable[[Array], Array]) -> Criterion:
    """−Σ y·log p, the mean over the batch, as it is written; its derivative is p − y."""

    def criterion(z: Array, y: Array) -> tuple[float, Array]:
        loss = -np.sum(y * log_probabilities(z), axis=-1)
        return float(loss.mean()), (softmax(z) - y) / len(z)

    return criterion


class LogOfZero(Mistake, frozen=True, tag="log_of_zero"):
    """log(softmax(z)) for log-softmax."""

    title = "Log of a probability that is 0"
    meaning = "The probabilities are computed first and their logarithm after it: where p is 0 it is −∞."
    look = "gaps"
    looks = "Gaps: the loss is NaN now and then, for 0·(−∞) is no number; the training itself goes on."
    found = (
        "NaN in the loss, while the weights are finite: the derivative p − y was written by hand and needs "
        "no logarithm. Compute log p from the logits."
    )
    passes = "in double precision no probability of this batch is 0."
    source = "Blanchard, Higham & Higham (2021), IMA J. Numer. Anal. 41; Goodfellow et al. (2016), 6.2.2.3"
    result = "log_p"
    right = Line(r"\log p = z - \max z - \log \sum e^{z - \max z}", "log_softmax(z)", by_log_sum_exp)
    wrong = Line(r"\log p = \log(\mathrm{softmax}(z))", "np.log(softmax(z))", by_log_of_softmax)
    symptom = "logit"

    def recipe(self, seed: int, line: Callable[[Array], Array]) -> ClassifierRecipe:
        """Softmax regression on raw pixels."""
        return replace(raw_digits(seed, 0.05), criterion=cross_entropy_from(line))


def of_logits(z: Array, y: Array) -> tuple[float, Array]:
    """The loss, of logits, as it is meant."""
    return softmax_cross_entropy(z, y)


def of_probabilities(z: Array, y: Array) -> tuple[float, Array]:
    """The same loss of probabilities, which it takes for logits, and its derivative by the chain rule."""
    loss, d_p = softmax_cross_entropy(softmax(z), y)
    p = softmax(z)
    return loss, p * (d_p - np.sum(p * d_p, axis=-1, keepdims=True))


class SoftmaxTwice(Mistake, frozen=True, tag="softmax_twice"):
    """Softmax before a loss that takes logits."""

    title = "Softmax twice"
    meaning = "The network ends with a softmax, and the loss applies another one: it takes logits."
    look = "floor"
    looks = (
        "The loss falls and stops at a floor, ln(1 + (C − 1)/e): 1.461 for ten classes. Accuracy still rises."
    )
    found = (
        "Overfit one batch: the loss should reach 0, and stays above the floor. Read in the documentation "
        "what the loss takes."
    )
    passes = "the gradient is right, but the loss is not the one that was meant."
    source = "PyTorch documentation, CrossEntropyLoss; Karpathy, common neural net mistakes (2018)"
    result = "loss, d_z"
    right = Line(r"L = \mathrm{CE}(\mathrm{softmax}(z),\, y)", "softmax_cross_entropy(z, y)", of_logits)
    wrong = Line(
        r"L = \mathrm{CE}(\mathrm{softmax}(\mathrm{softmax}(z)),\, y)",
        "softmax_cross_entropy(softmax(z), y)",
        of_probabilities,
    )

    def recipe(self, seed: int, line: Criterion) -> ClassifierRecipe:
        """Digits."""
        return replace(digit_recipe(seed, 1.0), criterion=line)
