"""What all schedules share: the factor ψ_t of the learning rate, and the warm-up before it.

    ψ_t = min(t/(w + 1), 1) · ψ(k)        k = max(t − 1 − w, 0), the steps since the warm-up of w steps

In the w steps of the warm-up the learning rate is smaller than η and grows by the same amount in each step.
Without a warm-up the first factor is 1, and k = t − 1.

Reference: P. Goyal et al., "Accurate, large minibatch SGD", arXiv:1706.02677, 2017, section 2.2.
"""

from typing import Annotated, Any, ClassVar, overload

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.config import Tagged, number
from engine.optimizers.equation import Equation

Array = NDArray[np.float64]
MOST_STEPS = 1_000_000

WarmUp = Annotated[
    int,
    number(
        "Warm-up steps",
        "So many first steps are shorter: the learning rate rises on a straight line to η.",
        symbol="w",
        ge=0,
        le=MOST_STEPS,
        soft=(0, 200),
    ),
]

RISING, RISE = r"\min\left(\frac{t}{w+1}, 1\right)", "min(t/(warmup_steps + 1), 1)"
SINCE_WARMUP = Equation(r"k = \max(t - 1 - w,\, 0)", "max(t - 1 - warmup_steps, 0)", "elapsed")
SCHEDULED_RATE = Equation(r"\eta_t = \eta\, \psi_t", "learning_rate*factor", "scheduled_rate")


class RateSchedule(Tagged, frozen=True, kw_only=True):
    """Base of all schedules: the warm-up, and then ψ as a function of the steps since its end."""

    warmup_steps: WarmUp = 0

    title: ClassVar[str]
    meaning: ClassVar[str]
    # ψ after the warm-up; empty if it is 1. K is replaced by k or, without a warm-up, by t − 1.
    latex: ClassVar[str]
    numbers: ClassVar[str]  # the same as arithmetic, where k is called `elapsed`
    progress: ClassVar[tuple[str, str] | None] = None  # p, the part of the fall that is over, in both ways

    @property
    def constant(self) -> bool:
        """Whether every step has the same learning rate."""
        return False

    def after_warmup(self, k: int) -> float:
        """ψ when k steps have been taken since the warm-up."""
        raise NotImplementedError

    @overload
    def factor(self, t: int) -> float: ...
    @overload
    def factor(self, t: NDArray[np.integer[Any]]) -> Array: ...
    def factor(self, t: Any) -> Any:
        """ψ_t, the factor of the learning rate in step t = 1, 2, …; for one step or an array of steps."""
        if isinstance(t, np.ndarray):
            return np.array([self.factor(step) for step in t.ravel().tolist()]).reshape(t.shape)
        return min(t / (self.warmup_steps + 1), 1.0) * self.after_warmup(self.elapsed(t))

    def elapsed(self, t: int) -> int:
        """k, the steps between the end of the warm-up and step t; 0 during the warm-up."""
        return max(t - 1 - self.warmup_steps, 0)

    @property
    def equations(self) -> tuple[Equation, ...]:
        """How η_t is computed, line by line; nothing if it is always η."""
        if self.constant:
            return ()
        warm, since = self.warmup_steps > 0, bool(self.numbers)
        k, elapsed = ("k", "elapsed") if warm else ("(t-1)", "(t - 1)")
        lines = [SINCE_WARMUP] if warm and since else []
        if self.progress:
            latex, numbers = self.progress
            lines.append(
                Equation(f"p = {latex.replace('K', k)}", numbers.replace("elapsed", elapsed), "progress")
            )
        latex, numbers = self.latex.replace("K", k), self.numbers.replace("elapsed", elapsed)
        if warm:
            latex = rf"{RISING}\cdot\left({latex}\right)" if since else RISING
            numbers = f"{RISE}*({numbers})" if since else RISE
        return (*lines, Equation(rf"\psi_t = {latex}", numbers, "factor"), SCHEDULED_RATE)

    def values(self, t: int) -> dict[str, Any]:
        """The numbers for the names in the equations at step t."""
        return {**msgspec.structs.asdict(self), "elapsed": self.elapsed(t), "factor": self.factor(t)}
