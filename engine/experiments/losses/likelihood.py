"""Losses ▸ Likelihood and least squares: a curve through points, a coin, and an outlier.

Points: one step is one step of gradient descent. Recorded: `theta0`, `theta1`, … (in the chosen features),
`log_sigma`, `loss` (the negative log-likelihood per point) and `above` (how far it is above its minimum).
Coin: one step is one toss. Recorded: `heads`. Outlier: there is one step only, nothing moves by itself.

The snapshot is what the whole run shares: a `Fit`, a `Lines`, or None for the coin.
"""

import math
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np

from engine import bernoulli
from engine.config import Problem
from engine.experiment import Experiment, Frame
from engine.experiments.losses.likelihood_config import LikelihoodConfig
from engine.gradient_check import GradientCheck, check_gradient
from engine.likelihood import (
    Array,
    LeastSquares,
    above_minimum,
    coin_log_likelihood,
    d_coin_log_likelihood,
    descend,
    gradient,
    least_squares,
    negative_log_likelihood,
    normal_equations,
    relative_likelihood,
)
from engine.polynomials import Basis, basis
from engine.recording import Recording
from engine.robust_lines import LINE_LOSSES, Line, absolute_lines, huber_line, squared_line

GRID = 401  # places of a curve over q
SWEEP = 31  # places of the outlier in the plot of slopes


class Fit:
    """The closed form for the points of a config, and what it takes to draw and explain the descent to it."""

    def __init__(self, config: LikelihoodConfig) -> None:
        self.x, self.y = np.array(config.points, np.float64).T
        self.basis: Basis = basis(config.features, config.degree, self.x)
        self.features = self.basis.features(self.x)
        self.best: LeastSquares = least_squares(self.features, self.y)
        self.learned = config.noise == "learned"
        # With a given σ the minimum is over θ alone; a learned one ends at the most likely σ.
        self.sigma = self.best.sigma if self.learned else config.sigma
        self.start = self.basis.line(*config.start)

    @property
    def count(self) -> int:
        """N."""
        return len(self.y)

    @property
    def lowest(self) -> float:
        """The smallest negative log-likelihood per point; −∞ where σ may shrink to 0."""
        if not self.sigma > 0:
            return -math.inf
        return float(negative_log_likelihood(self.best.squares, self.sigma))

    @cached_property
    def normal(self) -> Array | None:
        """θ from the normal equations."""
        return normal_equations(self.features, self.y)

    def loss(self, theta: Array, log_sigma: Array) -> Array:
        """The negative log-likelihood per point; `theta` is [..., feature]."""
        with np.errstate(all="ignore"):
            squares = np.mean((theta @ self.features.T - self.y) ** 2, axis=-1)
            return negative_log_likelihood(squares, np.exp(log_sigma))

    def above(self, theta: Array, log_sigma: Array) -> Array:
        """How far it is above its minimum; ∞ where there is none."""
        if not self.sigma > 0:
            return np.full(np.shape(log_sigma), np.inf)
        return above_minimum(self.features, theta, log_sigma, self.best, self.sigma)

    def curve(self, theta: Array, x: Array) -> Array:
        """ŷ at x."""
        with np.errstate(all="ignore"):
            return np.asarray(self.basis.features(x) @ theta)


class Lines(NamedTuple):
    """The three lines with the outlier, and the least squares without it."""

    x: Array
    y: Array
    lines: dict[str, Line]
    without: Line


def frames(config: LikelihoodConfig) -> Iterator[Frame[Fit | Lines | None]]:
    """Yield the start, then all the rest at once."""
    return {"points": _points, "coin": _coin, "outlier": _outlier}[config.scene](config)


def _points(config: LikelihoodConfig) -> Iterator[Frame[Fit | Lines | None]]:
    fit = Fit(config)
    walk = descend(
        fit.features, fit.y, fit.start, config.sigma, config.learning_rate, config.steps,
        learn_sigma=fit.learned,
    )  # fmt: skip
    columns = {f"theta{j}": walk.theta[:, j] for j in range(walk.theta.shape[1])}
    columns |= {
        "log_sigma": walk.log_sigma,
        "loss": fit.loss(walk.theta, walk.log_sigma),
        "above": fit.above(walk.theta, walk.log_sigma),
    }
    lost = not np.isfinite(walk.theta[-1]).all() or not math.isfinite(walk.log_sigma[-1])
    problem = (
        Problem("The steps have left the numbers: the learning rate is too large here.") if lost else None
    )
    yield from _both(columns, walk.last, fit, problem)


def _coin(config: LikelihoodConfig) -> Iterator[Frame[Fit | Lines | None]]:
    heads = np.random.default_rng(config.seed).random(config.tosses) < config.p
    yield from _both({"heads": np.cumsum(np.append(0.0, heads))}, config.tosses, None, None)


def _outlier(config: LikelihoodConfig) -> Iterator[Frame[Fit | Lines | None]]:
    x, y = np.array([*config.points, config.outlier], np.float64).T
    lines = {name: loss.line(x, y, config.delta) for name, loss in LINE_LOSSES.items()}
    values = {
        f"{name}.loss": LINE_LOSSES[name].value(x, y, line, config.delta) for name, line in lines.items()
    }
    yield Frame(0, values, Lines(x, y, lines, squared_line(x[:-1], y[:-1])))


def _both(
    columns: dict[str, Array], last: int, snapshot: Fit | None, problem: Problem | None
) -> Iterator[Frame[Fit | Lines | None]]:
    yield Frame(0, {name: float(values[0]) for name, values in columns.items()}, snapshot)
    yield Frame(last, {name: values[1:] for name, values in columns.items()}, snapshot, problem)


# What is to be seen at one step


class Point(NamedTuple):
    """Gradient descent at one step."""

    theta: Array
    log_sigma: float
    loss: float
    above: float

    @property
    def lost(self) -> bool:
        """Whether it has left the numbers."""
        return not (np.isfinite(self.theta).all() and math.isfinite(self.log_sigma))


def walked(recording: Recording, last: int) -> Array:
    """θ at all steps up to `last`: [step, feature]."""
    names = sorted(name for name in recording.names if name.startswith("theta"))
    return np.column_stack([recording.column(name)[: last + 1] for name in names])


def point(recording: Recording, step: int) -> Point:
    """Gradient descent at `step`."""
    theta = np.array([recording.column(name)[step] for name in sorted(recording.names) if "theta" in name])
    rest = (float(recording.column(name)[step]) for name in ("log_sigma", "loss", "above"))
    return Point(theta, *rest)


def check(fit: Fit, at: Point) -> GradientCheck:
    """Compare ∂L/∂θ (and ∂L/∂ln σ where it is learned), written by hand, with differences of L."""
    by_theta, by_sigma = gradient(fit.features, fit.y, at.theta, at.log_sigma)
    if not fit.learned:
        return check_gradient(lambda t: fit.loss(t, np.array(at.log_sigma)), by_theta, at.theta)
    whole = np.append(at.theta, at.log_sigma)
    return check_gradient(lambda t: fit.loss(t[:-1], t[-1]), np.append(by_theta, by_sigma), whole)


class Coin(NamedTuple):
    """The coin after some tosses: curves over q, in nats a toss."""

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
    """What `step` tosses tell about every q. The curves are fine around the maximum and at both ends."""
    heads = int(recording.column("heads")[step])
    middle = heads / step if step else 0.5
    width = math.sqrt(max(middle * (1 - middle), 0.5 / max(step, 1)) / max(step, 1))
    near = np.clip(middle + width * np.linspace(-6, 6, 161), 0, 1)
    q = np.unique(np.concatenate([np.linspace(0, 1, GRID), near, [middle], np.geomspace(1e-6, 0.01, 40),
                                  1 - np.geomspace(1e-6, 0.01, 40)]))  # fmt: skip
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
    """Compare ∂ℓ/∂q with differences; None at the two ends, which q can leave on one side only.

    The smaller of q and 1 − q is moved by a factor eˢ, so that it stays a chance: d/ds = q·∂/∂q at s = 0.
    """
    if not 1e-300 < q < 1 or not now.tosses:
        return None
    heads, q = (now.heads, q) if q <= 0.5 else (now.tosses - now.heads, 1.0 - q)

    def moved(s: Array) -> Array:
        return coin_log_likelihood(heads, now.tosses, q * math.exp(float(s[0]))) / now.tosses

    return check_gradient(moved, [q * d_coin_log_likelihood(heads, now.tosses, q) / now.tosses], [0.0])


def check_line(config: LikelihoodConfig, found: Lines, name: str) -> GradientCheck:
    """Compare the slope of a loss with differences, at the line without the outlier: no slope is 0 there."""
    loss, at = LINE_LOSSES[name], np.array(found.without[:2])

    def sides(line: Array) -> Array:
        residuals = found.y - Line(*line).at(found.x)
        return np.sign(residuals) if name == "mae" else np.zeros(1)

    def value(line: Array) -> float:
        return loss.value(found.x, found.y, Line(*line), config.delta)

    return check_gradient(
        value, loss.gradient(found.x, found.y, found.without, config.delta), at, sides=sides
    )


def sweep(
    config: LikelihoodConfig, found: Lines, heights: tuple[float, float]
) -> tuple[Array, dict[str, Array]]:
    """The slope of each line while the outlier goes up from one height to the other."""
    at = np.unique(np.append(np.linspace(*heights, SWEEP), config.outlier[1]))
    x, y = found.x, found.y.copy()
    lines: dict[str, list[Line]] = {"mse": [], "mae": absolute_lines(x, y, at.tolist()), "huber": []}
    near: Line | None = None
    for height in at.tolist():
        y[-1] = height
        near = huber_line(x, y, config.delta, near)  # it moves little: the next is found at once from here
        lines["huber"].append(near)
        lines["mse"].append(squared_line(x, y))
    return at, {name: np.array([line.slope for line in several]) for name, several in lines.items()}


def last_step(config: LikelihoodConfig) -> int:
    """How many steps a run has."""
    return {"points": config.steps, "coin": config.tosses, "outlier": 0}[config.scene]


EXPERIMENT = Experiment(
    name="losses.likelihood",
    title="Likelihood and least squares",
    config_type=LikelihoodConfig,
    frames=frames,
    last_step=last_step,
    cheap=True,
)
