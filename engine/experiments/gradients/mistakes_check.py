"""The gradient check of a recipe: what the optimizer is given, against differences of the loss.

    analytic  g, as the recipe computes it      numeric  (L(θ + h) − L(θ − h))/2h, each coordinate by itself

Both are computed in double precision, at the weights of a step and on its next batch. The loss is the one
that the recipe itself computes: a check finds a wrong derivative, and never a loss that was not meant.

Reference: Goodfellow, Bengio & Courville, "Deep Learning" (2016), 11.5.
"""

from typing import NamedTuple

import numpy as np

from engine.activations import Array
from engine.experiments.gradients.mistakes_recipe import Recipe
from engine.experiments.gradients.mistakes_training import MistakesData, PairSnapshot, RecipeState
from engine.gradient_check import GradientComparison, compare_gradient


class BothChecks(NamedTuple):
    """The checks of both trainings."""

    right: GradientComparison
    wrong: GradientComparison


def both_checks(data: MistakesData, snapshot: PairSnapshot) -> BothChecks:
    """Compare the gradients with which the next step is made, of the first pair."""
    right, wrong = data.pairs[0]
    return BothChecks(compared(right, snapshot.right), compared(wrong, snapshot.wrong))


def compared(recipe: Recipe, state: RecipeState) -> GradientComparison:
    """Compare some coordinates of a gradient with differences of the loss."""
    theta, step, memory = state.theta.astype(np.float64), state.step + 1, state.memory

    def loss(x: Array) -> float:
        return recipe.loss(x, step, memory)

    def sides(x: Array) -> Array:
        return recipe.sides(x, step)

    with np.errstate(all="ignore"):
        gradient = recipe.update(theta, step, memory).gradient
        return compare_gradient(loss, gradient, theta, at_most=recipe.compared, sides=sides)
