"""Famous mistakes in the gradient: a derivative with a term missing, twice, at the wrong place or too often.

    softmax + cross-entropy       ∂L/∂z = p − y
    softmax, then any loss of p   ∂L/∂zⱼ = Σᵢ ∂L/∂pᵢ·pᵢ(δᵢⱼ − pⱼ) = pⱼ·(∂L/∂pⱼ − Σᵢ pᵢ·∂L/∂pᵢ)

A gradient check finds all of these: it compares the gradient with differences of the loss.

References: Goodfellow, Bengio & Courville, "Deep Learning" (2016), 6.2.2 and 6.5; A. Karpathy, "A recipe for
training neural networks" (2019); PyTorch's tutorial "Optimizing model parameters", on `zero_grad`.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.activations import Array, log_softmax, softmax
from engine.experiments.gradients.mistakes_base import Line, Mistake
from engine.experiments.gradients.mistakes_recipe import (
    CLASSES,
    ClassifierRecipe,
    Criterion,
    Scalars,
    digit_recipe,
)
from engine.networks.hidden_layer import LayerCache
from engine.networks.network import Forward

DerivativeOfLoss = Callable[[Array, Array], Array]


def cross_entropy_with(derivative: DerivativeOfLoss) -> Criterion:
    """The mean cross-entropy of softmax, with ∂L/∂z of the sum over the batch from `derivative(p, y)`."""

    def criterion(z: Array, y: Array) -> tuple[float, Array]:
        loss = -float(np.vdot(y, log_softmax(z))) / len(z)
        return loss, derivative(softmax(z), y)

    return criterion


def error_mean(p: Array, y: Array) -> Array:
    """p − y for each example, divided by their number: the loss is a mean."""
    return (p - y) / len(y)


def label_times_error(p: Array, y: Array) -> Array:
    """y·(p − 1): only the logit of the true class gets a gradient."""
    return y * (p - 1.0) / len(y)


def mean_logit(recipe: ClassifierRecipe, forward: Forward) -> Scalars:
    """The mean of all logits. Each row of p − y sums to 0, so the right gradient does not move it."""
    return {"mean_logit": float(forward.logits.mean())}


class LabelTimesError(Mistake, frozen=True, tag="label_times_error"):
    """y·(p − 1) for p − y."""

    title = "y(p − 1) as the gradient"
    meaning = "The derivative of softmax with cross-entropy is taken as y·(p − 1)."
    look = "slow"
    looks = "The loss falls, but more slowly: no logit of a wrong class is ever pushed down."
    found = "The gradient check fails at once. And a row of p − y sums to 0, but a row of y(p − 1) does not."
    source = "Goodfellow, Bengio & Courville, Deep Learning (2016), 6.2.2.3"
    result = "d_z"
    right = Line(r"\frac{\partial L}{\partial z} = \frac{1}{B}\,(p - y)", "(p - y) / len(y)", error_mean)
    wrong = Line(
        r"\frac{\partial L}{\partial z} = \frac{1}{B}\,y\,(p - 1)",
        "y * (p - 1.0) / len(y)",
        label_times_error,
    )
    symptom = "mean_logit"

    def recipe(self, seed: int, line: DerivativeOfLoss) -> ClassifierRecipe:
        """Softmax regression on digits."""
        return replace(
            digit_recipe(seed, 1.0, hidden=0), criterion=cross_entropy_with(line), measured=mean_logit
        )


def squared_error_with(through_softmax: DerivativeOfLoss) -> Criterion:
    """The squared error of p = softmax(z), with ∂L/∂z from `through_softmax(p, ∂L/∂p)`."""

    def criterion(z: Array, y: Array) -> tuple[float, Array]:
        p = softmax(z)
        error = p - y
        return float(np.vdot(error, error)) / len(z), through_softmax(p, 2.0 * error / len(z))

    return criterion


def whole_jacobian(p: Array, d_p: Array) -> Array:
    """Each logit moves all probabilities: the product with diag(p) − p pᵀ."""
    d_z: Array = p * (d_p - np.sum(p * d_p, axis=-1, keepdims=True))
    return d_z


def diagonal_jacobian(p: Array, d_p: Array) -> Array:
    """Only the derivative of each probability with respect to its own logit, p(1 − p)."""
    return p * (1.0 - p) * d_p


class DiagonalJacobian(Mistake, frozen=True, tag="diagonal_jacobian"):
    """p(1 − p) for the Jacobian of softmax."""

    title = "Only the Jacobian's diagonal"
    meaning = "Softmax is differentiated like a sigmoid, as if each probability had only its own logit."
    look = "slow"
    looks = "The loss falls all the same, only more slowly: the curve alone does not give it away."
    found = (
        "The gradient check fails. By hand: three classes, one step of each logit; all three "
        "probabilities move."
    )
    source = "Goodfellow, Bengio & Courville, Deep Learning (2016), 6.2.2.3; Bridle (1990)"
    result = "d_z"
    right = Line(
        r"\frac{\partial L}{\partial z_j} = p_j\left(\frac{\partial L}{\partial p_j}"
        r" - \sum_i p_i\,\frac{\partial L}{\partial p_i}\right)",
        "p * (d_p - np.sum(p * d_p, axis=-1, keepdims=True))",
        whole_jacobian,
    )
    wrong = Line(
        r"\frac{\partial L}{\partial z_j} = p_j\,(1 - p_j)\,\frac{\partial L}{\partial p_j}",
        "p * (1.0 - p) * d_p",
        diagonal_jacobian,
    )

    guess = 1.0 - 1.0 / CLASSES

    def recipe(self, seed: int, line: DerivativeOfLoss) -> ClassifierRecipe:
        """Digits, with the squared error of the probabilities: with cross-entropy it would be y·(p − 1)."""
        return replace(digit_recipe(seed, 0.5), criterion=squared_error_with(line))


def error_sum(p: Array, y: Array) -> Array:
    """p − y for each example: the derivative of the sum of the losses."""
    return p - y


class SumForMean(Mistake, frozen=True, tag="sum_for_mean"):
    """The gradient of the sum, where the loss is a mean."""

    title = "Sum instead of mean"
    meaning = "The gradients of a batch are added and not averaged: the learning rate is B times too large."
    look = "wild"
    looks = "The loss jumps up in the first steps and then goes up and down: the steps are far too long."
    found = (
        "The gradient check fails by the same factor in every component: the size of the batch. "
        "With the learning rate divided by B the curves are the same."
    )
    source = "PyTorch documentation, CrossEntropyLoss, reduction; Goyal et al., arXiv:1706.02677, section 3"
    result = "d_z"
    right = Line(r"\frac{\partial L}{\partial z} = \frac{1}{B}\,(p - y)", "(p - y) / len(y)", error_mean)
    wrong = Line(r"\frac{\partial L}{\partial z} = p - y", "p - y", error_sum)
    symptom = "moved"

    def recipe(self, seed: int, line: DerivativeOfLoss) -> ClassifierRecipe:
        """Digits in batches of 32."""
        return replace(digit_recipe(seed, 0.2), criterion=cross_entropy_with(line))


def only_new(old: Array, new: Array) -> Array:
    """The gradient of this step."""
    return new


def added_up(old: Array, new: Array) -> Array:
    """The sum of the gradients of all steps so far."""
    return old + new


class GradientsNotReset(Mistake, frozen=True, tag="gradients_not_reset"):
    """The gradient is added to that of the steps before."""

    title = "Gradients not reset"
    meaning = "zero_grad was forgotten: each step moves along the sum of all gradients since the start."
    look = "waves"
    looks = (
        "At first it falls faster than it should; then it is carried past the minimum, and rises in waves."
    )
    found = (
        "The gradient check passes before the first step and fails from the second on. "
        "The gradient keeps its length where the loss is lowest."
    )
    passes = "before the first step there is nothing to add."
    source = "PyTorch tutorials, Optimizing Model Parameters; Zeroing out gradients"
    result = "gradient"
    right = Line(r"g = \nabla L_t", "new", only_new)
    wrong = Line(r"g = \sum_{s \leq t} \nabla L_s", "old + new", added_up)
    symptom = "norm"

    def recipe(self, seed: int, line: Callable[[Array, Array], Array]) -> ClassifierRecipe:
        """Digits."""
        return replace(digit_recipe(seed, 0.3), gathered=line)


def at_the_sum(cache: LayerCache) -> Array:
    """z, where σ′ = σ(z)(1 − σ(z)) is meant."""
    return cache.z


def at_the_output(cache: LayerCache) -> Array:
    """a = σ(z): σ is applied to it once more."""
    return cache.a


class DerivativeOfOutput(Mistake, frozen=True, tag="derivative_of_output"):
    """σ′ is computed at a = σ(z), not at z."""

    title = "σ′ at the output of the unit"
    meaning = "The derivative of the sigmoid is computed at a = σ(z), where z was meant."
    look = "slow"
    looks = "The loss falls, but more slowly: σ′(a) lies between 0.197 and ¼, as if no unit ever saturated."
    found = "The gradient check fails in the hidden layer, and passes in the output layer."
    source = "Nielsen, Neural Networks and Deep Learning (2015), chapter 2, equation BP2"
    result = "z_of_slope"
    right = Line(
        r"\frac{\partial L}{\partial z} = \frac{\partial L}{\partial a}\,\sigma'(z)", "cache.z", at_the_sum
    )
    wrong = Line(
        r"\frac{\partial L}{\partial z} = \frac{\partial L}{\partial a}\,\sigma'(a)", "cache.a", at_the_output
    )

    def recipe(self, seed: int, line: Callable[[LayerCache], Array]) -> ClassifierRecipe:
        """Digits, with a hidden layer of sigmoids whose first weights are large."""
        recipe = digit_recipe(seed, 1.0, activation="sigmoid")
        return replace(recipe, slope_at=line, start=4.0 * recipe.start)
