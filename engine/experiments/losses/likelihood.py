"""Losses ▸ Likelihood and least squares: a curve through points, a coin, and an outlier.

Points: one step is one step of gradient descent. Recorded: `theta0`, `theta1`, … (in the chosen features),
`log_sigma`, `loss` (the negative log-likelihood per point) and `above` (how far it is above its minimum).
Coin: one step is one toss. Recorded: `heads`. Outlier: there is only one step.

What has a closed form is the data of the run: a `CurveFit`, a `RobustFits`, or None for the coin.
"""

import math
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np

from engine.config import Problem
from engine.experiment import Experiment, Frame
from engine.experiments.losses.likelihood_config import LikelihoodConfig
from engine.losses.likelihood import (
    Array,
    LeastSquares,
    above_minimum,
    descend,
    least_squares,
    loss,
    negative_log_likelihood,
    normal_equations,
)
from engine.losses.polynomials import Basis, basis
from engine.losses.robust_lines import LINE_LOSSES, StraightLine, squared_line
from engine.training import frames_at_once


class CurveFit:
    """The closed form for the points of a config, and everything to draw and explain the descent to it."""

    def __init__(self, config: LikelihoodConfig) -> None:
        self.x, self.y = np.array(config.points, np.float64).T
        self.basis: Basis = basis(config.features, config.degree, self.x)
        self.features = self.basis.features(self.x)
        self.best: LeastSquares = least_squares(self.features, self.y)
        self.learned = config.noise == "learned"
        # If σ is given, the minimum is over θ only; if it is learned, σ becomes the most likely one.
        self.sigma = self.best.sigma if self.learned else config.sigma
        self.start = self.basis.line(*config.start)

    @property
    def count(self) -> int:
        """N, the number of points."""
        return len(self.y)

    @property
    def lowest(self) -> float:
        """The smallest negative log-likelihood per point; −∞ where σ can shrink to 0."""
        if not self.sigma > 0:
            return -math.inf
        return float(negative_log_likelihood(self.best.squares, self.sigma))

    @cached_property
    def normal(self) -> Array | None:
        """θ from the normal equations."""
        return normal_equations(self.features, self.y)

    def loss(self, theta: Array, log_sigma: Array) -> Array:
        """The negative log-likelihood per point; `theta` is [..., feature]."""
        return loss(self.features, self.y, theta, log_sigma)

    def above(self, theta: Array, log_sigma: Array) -> Array:
        """How far the loss is above its minimum; ∞ where it has none."""
        if not self.sigma > 0:
            return np.full(np.shape(log_sigma), np.inf)
        return above_minimum(self.features, theta, log_sigma, self.best, self.sigma)

    def curve(self, theta: Array, x: Array) -> Array:
        """ŷ at x."""
        with np.errstate(all="ignore"):
            return np.asarray(self.basis.features(x) @ theta)


class RobustFits(NamedTuple):
    """The lines of all three losses with the outlier, and the least-squares line without it."""

    x: Array
    y: Array
    lines: dict[str, StraightLine]
    without: StraightLine


Data = CurveFit | RobustFits | None


def prepare(config: LikelihoodConfig) -> Data:
    """The closed form of the scene."""
    if config.scene == "points":
        return CurveFit(config)
    return _robust_fits(config) if config.scene == "outlier" else None


def _robust_fits(config: LikelihoodConfig) -> RobustFits:
    """The lines that are fitted by each loss."""
    x, y = np.array([*config.points, config.outlier], np.float64).T
    lines = {name: kind.line(x, y, config.delta) for name, kind in LINE_LOSSES.items()}
    return RobustFits(x, y, lines, squared_line(x[:-1], y[:-1]))


def frames(config: LikelihoodConfig, data: Data) -> Iterator[Frame[None]]:
    """Yield the start, then all the rest at once."""
    if isinstance(data, RobustFits):
        return _outlier(config, data)
    return _coin(config) if data is None else _points(config, data)


def _points(config: LikelihoodConfig, fit: CurveFit) -> Iterator[Frame[None]]:
    """Gradient descent on the parameters of the curve."""
    walk = descend(
        fit.features,
        fit.y,
        fit.start,
        config.sigma,
        config.descent.rates(1),
        config.steps,
        learn_sigma=fit.learned,
    )
    columns = {f"theta{j}": walk.theta[:, j] for j in range(walk.theta.shape[1])}
    columns |= {
        "log_sigma": walk.log_sigma,
        "loss": fit.loss(walk.theta, walk.log_sigma),
        "above": fit.above(walk.theta, walk.log_sigma),
    }
    lost = not np.isfinite(walk.theta[-1]).all() or not math.isfinite(walk.log_sigma[-1])
    problem = Problem("The steps diverged: the learning rate is too large here.") if lost else None
    return frames_at_once(columns, None, walk.last, problem)


def _coin(config: LikelihoodConfig) -> Iterator[Frame[None]]:
    """The tosses of the coin."""
    heads = np.random.default_rng(config.seed).random(config.tosses) < config.p
    return frames_at_once({"heads": np.cumsum(np.append(0.0, heads))}, None, config.tosses)


def _outlier(config: LikelihoodConfig, fits: RobustFits) -> Iterator[Frame[None]]:
    """The only frame: the loss of each line."""
    values = {
        f"{name}.loss": LINE_LOSSES[name].value(fits.x, fits.y, line, config.delta)
        for name, line in fits.lines.items()
    }
    yield Frame(0, values, None)


def last_step(config: LikelihoodConfig) -> int:
    """How many steps a run has."""
    return {"points": config.steps, "coin": config.tosses, "outlier": 0}[config.scene]


EXPERIMENT = Experiment(
    name="losses.likelihood",
    title="Likelihood and least squares",
    config_type=LikelihoodConfig,
    frames=frames,
    last_step=lambda config, data: last_step(config),
    cheap=True,
    prepare=prepare,
)
