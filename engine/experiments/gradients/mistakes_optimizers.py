"""Famous mistakes in Adam's bias correction, and first weights from which nothing can be learned.

    m ← β₁m + (1−β₁)g      v ← β₂v + (1−β₂)g²      x ← x − η m̂/(√v̂ + ε)

    right              m̂ = m/(1−β₁ᵗ)      v̂ = v/(1−β₂ᵗ)
    without the power  m̂ = m/(1−β₁)       v̂ = v/(1−β₂)
    no correction      m̂ = m              v̂ = v

With a constant gradient every step of Adam is η. At β₁ = 0.9 and β₂ = 0.999, without the power the first step
is η, the twelfth 2.08 η, and late ones are √(1−β₂)/(1−β₁) = 0.316 η. Without a correction the steps are 3.16
times as long as those, 1/0.316: the first (1−β₁)/√(1−β₂) = 3.16 η, the twelfth 6.57 η, and late ones η. The
gradient is right in all of these, so a gradient check cannot find them.

References: Kingma & Ba, arXiv:1412.6980, algorithm 1 and section 3; Goodfellow, Bengio & Courville, "Deep
Learning" (2016), 8.4; Lu et al., "Dying ReLU and initialization", arXiv:1903.06733.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from engine.activations import ACTIVATIONS, Array
from engine.experiments.gradients.mistakes_base import Line, Mistake
from engine.experiments.gradients.mistakes_recipe import (
    ClassifierRecipe,
    Scalars,
    digit_recipe,
)
from engine.networks.dead_units import activity
from engine.networks.network import Forward
from engine.optimizers.adam import AdamState
from engine.optimizers.update_rule import GradientRule, T

Correction = Callable[[Any, float, int], Any]


class AdamWith(GradientRule, frozen=True, tag="adam_with"):
    """Adam as in `engine.optimizers.adam`, with its correction as a function of its own."""

    corrected: Any  # a Correction
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    state_type = AdamState

    def step(self, x: T, gradient: T, state: AdamState[T], rate: float) -> tuple[T, AdamState[T]]:
        """Update m and v, correct both, then x ← x − η m̂/(√v̂ + ε)."""
        t = state.t + 1
        m = self.beta1 * state.mean + (1 - self.beta1) * gradient
        v = self.beta2 * state.mean_square + (1 - self.beta2) * (gradient * gradient)
        m_hat, v_hat = self.corrected(m, self.beta1, t), self.corrected(v, self.beta2, t)
        x = x - rate * m_hat / (v_hat**0.5 + self.epsilon)
        return x, AdamState(m, v, m_hat, v_hat, t)


def by_the_power(m: T, beta: float, t: int) -> T:
    """Divided by the sum of the weights so far, 1 − βᵗ."""
    return m / (1 - beta**t)


def without_the_power(m: T, beta: float, t: int) -> T:
    """Divided by 1 − β at every step: right at the first only."""
    return m / (1 - beta)


def as_it_is(m: T, beta: float, t: int) -> T:
    """Not corrected: m and v began at 0 and are too small at first, v by more."""
    return m


RIGHT = Line(r"\hat{m}_t = \frac{m_t}{1 - \beta^t}", "m / (1 - beta**t)", by_the_power)
ADAM = "Kingma & Ba, arXiv:1412.6980, algorithm 1"


class AdamWithoutPower(Mistake, frozen=True, tag="adam_without_power"):
    """1 − β for 1 − βᵗ."""

    title = "Adam without the power t"
    meaning = "The bias correction divides by 1 − β at every step, where 1 − βᵗ was meant."
    look = "hurry"
    looks = (
        "The loss falls faster at first, with steps up to twice as long. After step 105 they are too short, "
        "in the end 0.316 times what they should be."
    )
    found = (
        "Print the length of a step over η. With a constant gradient it should be 1 at every step; here it "
        "is 1, then up to 2.08, and at last 0.316."
    )
    passes = "the gradient is right; what the optimizer makes of it is not."
    source = ADAM
    result = "m_hat"
    right = RIGHT
    wrong = Line(r"\hat{m}_t = \frac{m_t}{1 - \beta}", "m / (1 - beta)", without_the_power)
    symptom = "moved"

    def recipe(self, seed: int, line: Correction) -> ClassifierRecipe:
        """Digits."""
        return replace(digit_recipe(seed, 1.0), rule=AdamWith(corrected=line, learning_rate=0.002))


class AdamWithoutCorrection(Mistake, frozen=True, tag="adam_without_correction"):
    """No bias correction."""

    title = "Adam: no bias correction"
    meaning = "The running means of Adam are used as they are, although they begin at 0."
    look = "spike"
    looks = (
        "The first step is 3.16 times too long, those after it even more: the loss leaps up, or down, and "
        "then falls as it should."
    )
    found = (
        "Look at the first step: with Adam each weight with a gradient moves by η, whatever the gradient is. "
        "Here it is 3.16 η."
    )
    passes = "the gradient is right; what the optimizer makes of it is not."
    source = ADAM + ", section 3"
    result = "m_hat"
    right = RIGHT
    wrong = Line(r"\hat{m}_t = m_t", "m", as_it_is)
    symptom = "moved"

    def recipe(self, seed: int, line: Correction) -> ClassifierRecipe:
        """Digits, with a learning rate that is large, but not too large for the right one."""
        return replace(digit_recipe(seed, 1.0), rule=AdamWith(corrected=line, learning_rate=0.03))


def drawn(rng: np.random.Generator, n_in: int, n_out: int) -> Array:
    """Normal with variance 1/n_in: each unit begins differently."""
    return rng.normal(0.0, n_in**-0.5, (n_in, n_out))


def all_zero(rng: np.random.Generator, n_in: int, n_out: int) -> Array:
    """All units of a layer are alike, and stay alike."""
    return np.zeros((n_in, n_out))


class ZeroStart(Mistake, frozen=True, tag="zero_start"):
    """All weights begin at 0."""

    title = "All weights begin at 0"
    meaning = "The first weights are all 0, so that all hidden units are one and the same."
    look = "flat"
    looks = "The loss stays at ln C, that of a guess, from the first step to the last."
    found = (
        "The loss at step 0 is ln C, as it should be. It is the gradient that tells: exactly 0 in all "
        "weights, only the biases of the output get one."
    )
    passes = "the gradient is right: 0 in every weight, because tanh 0 = 0 and the weights above are 0."
    source = "Goodfellow, Bengio & Courville, Deep Learning (2016), 8.4"
    result = "weights"
    right = Line(
        r"W \sim \mathcal{N}\left(0, \tfrac{1}{n_{in}}\right)",
        "rng.normal(0.0, n_in**-0.5, (n_in, n_out))",
        drawn,
    )
    wrong = Line(r"W = 0", "np.zeros((n_in, n_out))", all_zero)
    symptom = "accuracy"

    def recipe(self, seed: int, line: Callable[..., Array]) -> ClassifierRecipe:
        """Digits, with a hidden layer of tanh."""
        recipe = digit_recipe(seed, 0.5)
        start = recipe.network.start(np.random.default_rng((seed, 1)), line)
        return replace(recipe, start=start)


def no_bias(width: int) -> Array:
    """0: about half of the units are on for an example."""
    return np.zeros(width)


def negative_bias(width: int) -> Array:
    """So far below 0 that no example turns a unit on."""
    return np.full(width, -12.0)


def dead(recipe: ClassifierRecipe, forward: Forward) -> Scalars:
    """The fraction of hidden units that are 0 on every example."""
    seen = activity([cache.z for cache in forward.hidden], ACTIVATIONS[recipe.network.activation])
    return {"dead": float(seen.dead.mean())}


class NegativeBias(Mistake, frozen=True, tag="negative_bias"):
    """ReLU units that begin with a large negative bias."""

    title = "ReLU with a negative bias"
    meaning = "The biases of ReLU units begin so far below 0 that no example turns a unit on."
    look = "flat"
    looks = "The loss stays at ln C: all units are dead, and one answer is left for every example."
    found = "Count the units that are 0 on every example. Their gradient is exactly 0: they do not come back."
    passes = "the gradient is right: it is exactly 0 in a unit that is dead."
    source = "Lu et al., arXiv:1903.06733; Goodfellow, Bengio & Courville (2016), 8.4, on biases"
    result = "bias"
    right = Line(r"b = 0", "np.zeros(width)", no_bias)
    wrong = Line(r"b = {-12}", "np.full(width, -12.0)", negative_bias)
    symptom = "dead"

    def recipe(self, seed: int, line: Callable[[int], Array]) -> ClassifierRecipe:
        """Digits, with a hidden layer of ReLU."""
        recipe = digit_recipe(seed, 0.3, activation="relu")
        start = recipe.start.copy()
        bias = recipe.network.layers(start)[0].bias
        bias[...] = line(bias.size)
        return replace(recipe, start=start, measured=dead)
