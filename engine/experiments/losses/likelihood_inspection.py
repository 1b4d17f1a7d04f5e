"""Likelihood and least squares at one step: the descent, the coin, the slopes of the lines, the checks."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.experiments.losses.likelihood import CurveFit, RobustFits
from engine.experiments.losses.likelihood_config import LikelihoodConfig
from engine.gradient_check import GradientCheck, check_gradient
from engine.information import bernoulli
from engine.losses.likelihood import (
    Array,
    coin_log_likelihood,
    d_coin_log_likelihood,
    gradient,
    relative_likelihood,
)
from engine.losses.robust_lines import LINE_LOSSES, StraightLine, absolute_lines, huber_line, squared_line
from engine.recording import Recording

GRID = 401  # points of a curve over q
SWEEP = 31  # positions of the outlier in the plot of slopes


class LikelihoodPoint(NamedTuple):
    """Gradient descent at one step."""

    theta: Array
    log_sigma: float
    loss: float
    above: float

    @property
    def lost(self) -> bool:
        """Whether it has diverged."""
        return not (np.isfinite(self.theta).all() and math.isfinite(self.log_sigma))


def walked(recording: Recording, last: int) -> Array:
    """θ at all steps up to `last`: [step, feature]."""
    names = sorted(name for name in recording.names if name.startswith("theta"))
    return np.column_stack([recording.column(name)[: last + 1] for name in names])


def point(recording: Recording, step: int) -> LikelihoodPoint:
    """Gradient descent at `step`."""
    theta = np.array([recording.column(name)[step] for name in sorted(recording.names) if "theta" in name])
    rest = (float(recording.column(name)[step]) for name in ("log_sigma", "loss", "above"))
    return LikelihoodPoint(theta, *rest)


def check(fit: CurveFit, at: LikelihoodPoint) -> GradientCheck:
    """Compare ∂L/∂θ (and ∂L/∂ln σ if σ is learned) with finite differences of L."""
    by_theta, by_sigma = gradient(fit.features, fit.y, at.theta, at.log_sigma)
    if not fit.learned:
        return check_gradient(lambda t: fit.loss(t, np.array(at.log_sigma)), by_theta, at.theta)
    whole = np.append(at.theta, at.log_sigma)
    return check_gradient(lambda t: fit.loss(t[:-1], t[-1]), np.append(by_theta, by_sigma), whole)


class Coin(NamedTuple):
    """The coin after some tosses: curves over q, in nats per toss."""

    tosses: int
    heads: int
    q: Array
    likelihood: Array  # divided by its maximum
    log_likelihood: Array  # ℓ(q)/n
    cross_entropy: Array  # H(k/n, q)

    @property
    def frequency(self) -> float:
        """k/n; NaN before the first toss."""
        return self.heads / self.tosses if self.tosses else math.nan


def coin(recording: Recording, step: int) -> Coin:
    """The curves over q after `step` tosses; the grid is fine around the maximum and at both ends."""
    heads = int(recording.column("heads")[step])
    middle = heads / step if step else 0.5
    width = math.sqrt(max(middle * (1 - middle), 0.5 / max(step, 1)) / max(step, 1))
    near = np.clip(middle + width * np.linspace(-6, 6, 161), 0, 1)
    end = np.geomspace(1e-6, 0.01, 40)
    q = np.unique(np.concatenate([np.linspace(0, 1, GRID), near, [middle], end, 1 - end]))
    each = max(step, 1)
    return Coin(
        step,
        heads,
        q,
        relative_likelihood(heads, step, q),
        coin_log_likelihood(heads, step, q) / each,
        bernoulli.cross_entropy(middle, q, math.e) if step else np.zeros_like(q),
    )


def check_coin(now: Coin, q: float) -> GradientCheck | None:
    """Compare ∂ℓ/∂q with finite differences; None at q = 0 and q = 1, where one side is missing.

    The smaller of q and 1 − q is multiplied by eˢ, so that it stays a probability: d/ds = q·∂/∂q at s = 0.
    """
    if not 1e-300 < q < 1 or not now.tosses:
        return None
    heads, q = (now.heads, q) if q <= 0.5 else (now.tosses - now.heads, 1.0 - q)

    def moved(s: Array) -> Array:
        return coin_log_likelihood(heads, now.tosses, q * math.exp(float(s[0]))) / now.tosses

    return check_gradient(moved, [q * d_coin_log_likelihood(heads, now.tosses, q) / now.tosses], [0.0])


def check_line(config: LikelihoodConfig, found: RobustFits, name: str) -> GradientCheck:
    """Compare the gradient of a loss with finite differences, at the line without the outlier."""
    loss, at = LINE_LOSSES[name], np.array(found.without[:2])

    def sides(line: Array) -> Array:
        residuals = found.y - StraightLine(*line).at(found.x)
        return np.sign(residuals) if name == "mae" else np.zeros(1)

    def value(line: Array) -> float:
        return loss.value(found.x, found.y, StraightLine(*line), config.delta)

    return check_gradient(
        value, loss.gradient(found.x, found.y, found.without, config.delta), at, sides=sides
    )


def checks(config: LikelihoodConfig, recording: Recording, step: int) -> Sequence[GradientCheck | None]:
    """The checks of all gradients of a scene at a step; None where a gradient has no value."""
    found = recording.data
    if isinstance(found, RobustFits):
        return [check_line(config, found, name) for name in found.lines]
    if isinstance(found, CurveFit):
        at = point(recording, step)
        return [None if at.lost else check(found, at)]
    return [check_coin(coin(recording, step), config.guess)]


def sweep(
    config: LikelihoodConfig, found: RobustFits, heights: tuple[float, float]
) -> tuple[Array, dict[str, Array]]:
    """Heights of the outlier between two values, and the slopes of the lines of each loss with them."""
    at = np.unique(np.append(np.linspace(*heights, SWEEP), config.outlier[1]))
    x, y = found.x, found.y.copy()
    lines: dict[str, list[StraightLine]] = {"mse": [], "mae": absolute_lines(x, y, at.tolist()), "huber": []}
    near: StraightLine | None = None
    for height in at.tolist():
        y[-1] = height
        near = huber_line(x, y, config.delta, near)  # a near start for the next one
        lines["huber"].append(near)
        lines["mse"].append(squared_line(x, y))
    return at, {name: np.array([line.slope for line in several]) for name, several in lines.items()}
