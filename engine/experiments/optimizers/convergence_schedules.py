"""The theorem of *Convergence rates* about the learning rate over time: constant, or falling as 1/t.

Both runs minimise the same quadratic with the same noise in every gradient:

    constant      η                          E f_k − f* ≤ b + (1 − ημ)ᵏ (f₀ − f* − b)       b = ηLσ²/(2μ)
    1/t           η_t = η/(1 + d(t − 1))     E f_k − f* ≤ max(bημ/(ημ − d), f₀ − f*) / (1 + d k)

The first stays in a ball of noise, the second comes nearer and nearer to the minimum. η = 1/L.
"""

from typing import Annotated, ClassVar

import numpy as np

from engine.config import Tagged, number
from engine.convergence.methods import errors, noisy_descent, points, spectrum
from engine.convergence.theorems import Array, constant_rate_bound, falling_rate_bound, noise_floor
from engine.experiments.optimizers.convergence_trial import (
    RUNS,
    Dimension,
    Steps,
    TheoremTrial,
    breaks,
    condition_number,
    noise_in_gradients,
)
from engine.optimizers.descent import GradientDescent
from engine.optimizers.schedules import ConstantRate, InverseTimeDecay

TOO_EARLY = 3.0  # the decay rate d that breaks the assumption d < ημ ≤ 1


class Scheduled(Tagged, frozen=True, tag="schedule"):
    """A quadratic with noise in its gradients, and the two learning rates."""

    title = "Constant or falling rate"
    meaning = "The curvature of f is between μ and L, and gradients are noisy: with a constant η, or 1/t."
    fits: ClassVar[str] = "slope"
    kappa: Annotated[float, condition_number(4, 1000, (4, 100))] = 10.0
    noise: Annotated[float, noise_in_gradients()] = 0.1
    fall: Annotated[
        float,
        number(
            "Fall",
            "The decay rate d of 1/t, in parts of the largest one for which the theorem holds, ημ.",
            gt=0,
            lt=1,
            soft=(0.05, 0.95),
            when=lambda c: c.broken != "early",
        ),
    ] = 0.5
    broken: Annotated[str, breaks({"early": "d below ημ: d = 3", "biased": "Noise of mean 0: biased"})] = (
        "none"
    )
    steps: Steps = 3000
    dimension: Dimension = 10

    @property
    def random(self) -> bool:
        """Whether the run uses random numbers, so that the seed matters."""
        return self.noise > 0

    def trial(self, seed: int) -> TheoremTrial:
        """The mean of 16 runs with each rate and the same noise: the theorem is about the expectation."""
        f = spectrum(self.dimension, self.kappa)
        eta, first = 1 / f.smoothness, float(f.value(f.start))
        shrinking = eta * f.strength
        decay = self.fall * shrinking
        floor = noise_floor(eta, f.smoothness, f.strength, self.noise)
        bias = 0.3 * f.start if self.broken == "biased" else 0.0 * f.start
        falling = InverseTimeDecay(decay_rate=TOO_EARLY if self.broken == "early" else decay)
        start, deviation = np.tile(f.start, (2, RUNS, 1)), self.noise / self.dimension**0.5
        noise = errors(deviation, start.shape[1:], np.random.default_rng(seed))
        both = (
            GradientDescent(learning_rate=eta, schedule=one).rates(1) for one in (ConstantRate(), falling)
        )
        rates = (np.array(pair)[:, None, None] for pair in zip(*both, strict=False))
        walk = noisy_descent(lambda x: f.gradient(x) + bias, start, rates, noise)

        def gaps(steps: int) -> dict[str, Array]:
            constant_rate, falling_rate = f.value(points(walk, steps)).mean(axis=-1).T
            return {"constant_rate": constant_rate, "falling_rate": falling_rate}

        bounds = {
            "constant_rate": lambda k: constant_rate_bound(k, floor, shrinking, first),
            "falling_rate": lambda k: falling_rate_bound(k, floor, shrinking, decay, first),
        }
        constants = {
            "L": f.smoothness,
            "mu": f.strength,
            "sigma": self.noise,
            "eta": eta,
            "d": decay,
            "b": floor,
        }
        return TheoremTrial(gaps, bounds, constants)
