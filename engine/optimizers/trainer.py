"""Training is one rule over and over, on one long vector of weights: here it is done without waste.

    learner = Learner(rule, theta)      # or Trainer(rule, theta)
    learner.step(gradient)              # moves learner.theta

The rules are those of `engine.optimizers.table`, the very ones of the race. They make a new array for every
sum, which is clear, and slow where a vector has 100,000 weights. A `Trainer` works in place, and has Adam,
which everyone uses, written once more, block by block, so that the numbers stay in the processor's cache. A
test holds it equal to `engine.optimizers.adam`.

Dust. Below 1.2e−38 a float32 has ever fewer digits ("subnormal"), and processors compute with such numbers
up to a hundred times slower. Deep networks make them in masses: gradients that vanish, sigmoids that
saturate, running means that fade by 0.9 a step and never quite reach 0. They are swept out before that: a
gradient below 1e−16 and a state below 1e−36 are taken for 0. No weight of size 1 could feel them.

Reference: D. Goldberg, "What every computer scientist should know about floating-point arithmetic" (1991), on
subnormal numbers.
"""

from typing import Any, NamedTuple

import msgspec
import numpy as np

from engine.activations import Array
from engine.optimizers.adam import Adam

DUST = 1e-16  # gradients nearer to 0 are taken for 0; their square times 1 − β₂ is still an ordinary float32
FADED = 1e-36  # the same for the state of an optimizer
SWEEP = 16  # steps from one sweep of the state to the next
BLOCK = 32_768  # numbers done at once
LARGE = 16 * 2**20  # bytes


def without_dust(values: Array, limit: float = DUST) -> Array:
    """Set the entries that are nearer to 0 than `limit` to 0, in place; ∞ and NaN stay what they are."""
    np.multiply(values, np.abs(values) >= limit, out=values)
    return values


class Learner:
    """A vector of weights on its way downhill; every step makes a new `theta`."""

    def __init__(self, rule: Any, theta: Array) -> None:
        self.rule = rule
        self.theta = theta
        self.state = rule.start(theta)

    def step(self, gradient: Array) -> None:
        """One step of the rule, where the gradient is `gradient`."""
        self.theta, self.state = self.rule.update(self.theta, gradient, self.state)


class AdamSums(NamedTuple):
    """What Adam in place remembers: Σ β₁ᵏg and Σ β₂ᵏg², which are m/(1 − β₁) and v/(1 − β₂)."""

    gradients: Array
    squares: Array


class Trainer(Learner):
    """A learner in place: `theta` is its own copy, and each step writes to it."""

    def __init__(self, rule: Any, theta: Array) -> None:
        super().__init__(rule, theta.copy())
        self.steps = 0
        self._spare = np.empty(min(BLOCK, theta.size), theta.dtype)
        one_for_all = all(np.ndim(value) == 0 for value in msgspec.structs.astuple(rule))
        self._in_place = isinstance(rule, Adam) and rule.bias_correction and one_for_all
        if self._in_place:
            self.state = AdamSums(np.zeros_like(self.theta), np.zeros_like(self.theta))

    def step(self, gradient: Array) -> None:
        """One step of the rule, where the gradient is `gradient`."""
        self.steps += 1
        if self._in_place:
            self._adam(self.rule, gradient)
        else:
            self.theta[...], self.state = self.rule.update(self.theta, gradient, self.state)
        if self.steps % SWEEP == 0:
            self._sweep()

    def _adam(self, rule: Adam, gradient: Array) -> None:
        """Adam: x ← x − η m̂/(√v̂ + ε).

        The factors by which the sums are not the means, and both corrections, are drawn into η and ε, where
        they cost nothing.
        """
        root = ((1.0 - rule.beta2**self.steps) / (1.0 - rule.beta2)) ** 0.5
        rate = rule.learning_rate * root * (1.0 - rule.beta1) / (1.0 - rule.beta1**self.steps)
        epsilon = rule.epsilon * root
        for begin in range(0, self.theta.size, BLOCK):
            block = slice(begin, begin + BLOCK)
            x, g = self.theta[block], gradient[block]
            m, v = self.state.gradients[block], self.state.squares[block]
            spare = self._spare[: x.size]
            m *= rule.beta1
            m += g
            v *= rule.beta2
            v += np.multiply(g, g, out=spare)
            np.sqrt(v, out=spare)
            spare += epsilon
            np.divide(m, spare, out=spare)
            spare *= rate
            x -= spare

    def _sweep(self) -> None:
        """Take what has faded out of the optimizer's memory."""
        for part in self.state:
            if isinstance(part, np.ndarray):
                without_dust(part, FADED)


def keep_freed_memory() -> None:
    """Ask the C library not to give memory back to the system between steps, only to ask for it again.

    A step makes and frees a hundred arrays of some kilobytes. The GNU C library keeps, from then on, twice as
    much as the largest block that was ever freed: here one that is never touched, and so costs nothing.
    """
    np.empty(LARGE, np.uint8)
