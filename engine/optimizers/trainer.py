"""Training applies one rule again and again to one long vector of weights; here this is done fast.

    learner = Learner(rule, theta)      # or Trainer(rule, theta)
    learner.step(gradient)              # moves learner.theta

The rules are those of `engine.optimizers.table`, the same as in the race. They make a new array for every
sum, which is easy to read, but slow for 100,000 weights. A `Trainer` works in place. For Adam, the most used
rule, it has its own code, block by block, so that the numbers stay in the processor's cache. A test compares
it with `engine.optimizers.adam`.

Subnormal numbers. Below 1.2e−38 a float32 is *subnormal*: it has fewer digits, and processors compute with it
up to a hundred times slower. Deep networks make many such numbers: gradients that vanish, sigmoids that
saturate, running means that shrink by a factor of 0.9 a step and never reach 0. They are set to 0 before they
become subnormal: a gradient below 1e−16, a state below 1e−36. A weight of size 1 would not change by them.

Reference: D. Goldberg, "What every computer scientist should know about floating-point arithmetic" (1991), on
subnormal numbers.
"""

from typing import Any, NamedTuple

import msgspec
import numpy as np
from msgspec.structs import astuple

from engine.activations import Array
from engine.optimizers.adam import Adam, AdamState
from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.matrices import Matrices
from engine.optimizers.muon import Muon, MuonStep
from engine.optimizers.update_rule import OptimizerState

# Smaller gradients are set to 0. The square of this, times 1 − β₂, is still a normal float32.
SMALL_GRADIENT = 1e-16
SMALL_STATE = 1e-36  # the same for the state of an optimizer
FLUSH_EVERY = 16  # after so many steps small numbers in the state are set to 0
BLOCK = 32_768  # entries computed at once
LARGE = 16 * 2**20  # bytes of the block that `keep_freed_memory` frees


def flush_to_zero(values: Array, limit: float = SMALL_GRADIENT) -> Array:
    """Set the entries with |entry| < `limit` to 0, in place; ∞ and NaN stay."""
    np.multiply(values, np.abs(values) >= limit, out=values)
    return values


class LearnerState(NamedTuple):
    """Everything that a learner needs to go on; never changed again."""

    theta: Array
    moments: Any  # the state of the rule
    steps: int = 0  # taken so far; a `Learner` has them in its moments


class Learner:
    """A vector of weights that is trained; every step makes a new `theta`.

    `matrices` are the weight matrices in it, for a rule that treats them as such.
    """

    def __init__(self, rule: Any, theta: Array, matrices: Matrices = ()) -> None:
        self.rule = rule
        self.theta = theta
        self.state: Any = rule.start(theta, matrices) if isinstance(rule, Muon) else rule.start(theta)

    def use(self, rule: Any) -> None:
        """Use other settings of the same rule from the next step on; the state is taken over."""
        if rule != self.rule:
            self.rule, self.state = rule, rule.taken_over(self.theta, self.state)

    def kept(self) -> LearnerState:
        """Return everything that it needs to go on."""
        return LearnerState(self.theta, self.state)

    def go_on(self, kept: LearnerState) -> None:
        """Go on from there."""
        self.theta, self.state = kept.theta, kept.moments

    def step(self, gradient: Array) -> None:
        """One step of the rule, where the gradient is `gradient`."""
        self.theta, self.state = self.rule.update(self.theta, gradient, self.state)

    @property
    def result(self) -> Array:
        """The result of the rule, to be used and measured: θ, but for ASGD the average of its points."""
        average: Array = self.state.position if isinstance(self.rule, ASGD) else self.theta
        return average

    def orthogonalized(self) -> MuonStep | None:
        """What the last step has made orthogonal; None for other rules than Muon, or before a step."""
        if not isinstance(self.rule, Muon) or not self.state.t:
            return None
        return MuonStep(self.rule, self.state.direction, self.state.matrices)


class AdamSums(OptimizerState, frozen=True):
    """The state of Adam in place: Σ β₁ᵏg and Σ β₂ᵏg² of the gradients k steps ago; like θ, flat.

    They are m/(1 − β₁) and v/(1 − β₂).
    """

    gradients: Array
    squares: Array


def is_plain_adam(rule: Any) -> bool:
    """Whether a rule is Adam with its bias correction, and with the same settings for all weights."""
    one_for_all = all(np.ndim(value) == 0 for value in msgspec.structs.astuple(rule))
    return isinstance(rule, Adam) and rule.bias_correction and one_for_all


def means_per_sum(rule: Adam) -> tuple[float, float]:
    """By what the kept numbers are multiplied to be m and v: 1 − β₁ and 1 − β₂ for `AdamSums`, else 1."""
    return (1.0 - rule.beta1, 1.0 - rule.beta2) if is_plain_adam(rule) else (1.0, 1.0)


class Trainer(Learner):
    """A learner that works in place: `theta` is a copy, and each step writes to it."""

    def __init__(self, rule: Any, theta: Array, matrices: Matrices = ()) -> None:
        super().__init__(rule, theta.copy(), matrices)
        self.steps = 0
        self._spare = np.empty(min(BLOCK, theta.size), theta.dtype)
        self._in_place = is_plain_adam(rule)
        if self._in_place:
            self.state = AdamSums(np.zeros_like(self.theta), np.zeros_like(self.theta))

    def use(self, rule: Any) -> None:
        """Use other settings of the same rule from the next step on; the state is taken over.

        Adam's m and v stay the same, so the sums are computed with the new β: m/(1 − β₁) and v/(1 − β₂).
        Without the bias correction they are m and v themselves.
        """
        if rule == self.rule:
            return
        if self._in_place or is_plain_adam(rule):
            before, after = means_per_sum(self.rule), means_per_sum(rule)
            kept = astuple(self.state)  # m and v, or their sums
            m, v = (kept[k] * (before[k] / after[k]) for k in range(2))
            self._in_place = is_plain_adam(rule)
            self.state = AdamSums(m, v) if self._in_place else AdamState(m, v, m, v, self.steps)
        super().use(rule)

    def kept(self) -> LearnerState:
        """Return everything that it needs to go on, as a copy."""
        return LearnerState(self.theta.copy(), _copied(self.state), self.steps)

    def go_on(self, kept: LearnerState) -> None:
        """Go on from there."""
        self.theta[...], self.state, self.steps = kept.theta, _copied(kept.moments), kept.steps

    def step(self, gradient: Array) -> None:
        """One step of the rule, where the gradient is `gradient`."""
        self.steps += 1
        if self._in_place:
            self._adam(self.rule, gradient)
        else:
            self.theta[...], self.state = self.rule.update(self.theta, gradient, self.state)
        if self.steps % FLUSH_EVERY == 0:
            self._flush()

    def _adam(self, rule: Adam, gradient: Array) -> None:
        """Adam: x ← x − η m̂/(√v̂ + ε).

        The factors 1 − β₁ and 1 − β₂ and both corrections are multiplied into η and ε once, instead of into
        every entry. With the sums M and V of `AdamSums`, multiplied above and below by the root r:

            m̂ = M (1−β₁)/(1−β₁ᵗ)      √v̂ = √V / r      r = √((1−β₂ᵗ)/(1−β₂))
            η m̂/(√v̂ + ε) = η r (1−β₁)/(1−β₁ᵗ) · M/(√V + ε r)
        """
        root = ((1.0 - rule.beta2**self.steps) / (1.0 - rule.beta2)) ** 0.5
        rate = rule.rate(self.steps) * root * (1.0 - rule.beta1) / (1.0 - rule.beta1**self.steps)
        epsilon = rule.epsilon * root
        for begin in range(0, self.theta.size, BLOCK):
            block = slice(begin, begin + BLOCK)
            x, g = self.theta[block], gradient[block]
            m, v = self.state.gradients[block], self.state.squares[block]  # views of M and V
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

    def _flush(self) -> None:
        """Set the entries of the optimizer's state that are nearly 0 to 0."""
        for part in astuple(self.state):
            if isinstance(part, np.ndarray):
                flush_to_zero(part, SMALL_STATE)


def _copied(state: Any) -> Any:
    """The state of a rule, with copies of its arrays."""
    return type(state)(*(part.copy() if isinstance(part, np.ndarray) else part for part in astuple(state)))


def keep_freed_memory() -> None:
    """Make the C library keep freed memory, instead of giving it to the system after every step.

    A step makes and frees about a hundred arrays of some kilobytes. The GNU C library keeps twice as much as
    the largest block that was ever freed. So one large block is made and freed here; it is never written to,
    and therefore needs no real memory.
    """
    np.empty(LARGE, np.uint8)
