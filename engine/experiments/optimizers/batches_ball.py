"""The noise ball of *Optimizers ▸ Mini-batches*: how far θ stays from the minimum, predicted and measured.

With a constant learning rate, θ does not come to rest: it moves in a ball around the minimum, which is the
smaller the larger the batches and the shorter the steps are (`engine.linear.mini_batches`).
"""

import numpy as np

from engine.changes import config_at
from engine.experiments.optimizers.batches import path
from engine.experiments.optimizers.batches_config import BatchesConfig, BatchesData, Rule, at_minimum
from engine.linear.linear_models import Array, LinearModel
from engine.linear.mini_batches import Noise, noise_ball, noise_balls, shrinkage, small_step_radius
from engine.optimizers.descent import SGD, GradientDescent, Momentum
from engine.recording import Recording

LINEAR = GradientDescent | SGD | Momentum  # rules whose step is a linear map of the gradient


def predicted_ball(
    config: BatchesConfig, data: BatchesData, size: int, rate: float | None = None
) -> Array | None:
    """The covariance of θ around the minimum after many steps; None where it is not known or not finite.

    It is for gradient descent or momentum with a constant rate and independent batches. For regression it is
    exact. For classification, whose loss is not quadratic, it is approximate: the Hessian of every example is
    taken as constant, with its value at the minimum. `rate` is a learning rate to use in place of η. With a
    schedule, give the rate of a step: the result is the ball in which θ would stay with this rate.
    """
    rate = rate_at(config, 1) if rate is None and constant_rate(config) else rate
    if rate is None or config.order != "independent":
        return None
    return ball_of(config.optimizer, data.model, size, rate)


def ball_of(rule: Rule, model: LinearModel, size: int, rate: float) -> Array | None:
    """`predicted_ball` of independent batches for this learning rate; None for a rule that is not linear."""
    if not isinstance(rule, LINEAR):
        return None
    hessian, one = at_minimum(model)
    share = shrinkage(model.count, size)
    return noise_ball(hessian, Noise(*(share * part for part in one)), rate, _momentum(rule))


def _momentum(rule: Rule) -> float | None:
    """β; None for a rule without momentum."""
    return rule.beta if isinstance(rule, Momentum) else None


def predicted_radii(
    rule: Rule, model: LinearModel, rate: float, count: int = 24
) -> tuple[Array, Array, float]:
    """Batch sizes, the radius of the noise ball of each, and the radius for B = 1 by the rule 1/√B.

    `rate` is the learning rate. The radius is NaN where it is not finite. The batches are taken as
    independent. In the largest batch H_B is nearly H.
    """
    hessian, one = at_minimum(model)
    batch_sizes = np.unique(np.geomspace(1, model.count - 1, count).astype(int))
    radii = np.full(len(batch_sizes), np.nan)
    if isinstance(rule, LINEAR):
        balls = noise_balls(hessian, one, shrinkage(model.count, batch_sizes), rate, _momentum(rule))
        radii = np.sqrt(np.trace(balls, axis1=1, axis2=2))
    return (
        batch_sizes.astype(float),
        radii,
        float(radii[-1] / np.sqrt(shrinkage(model.count, batch_sizes[-1]))),
    )


def linear(config: BatchesConfig) -> bool:
    """Whether a step is a linear map of the gradient."""
    return isinstance(config.optimizer, LINEAR)


def constant_rate(config: BatchesConfig) -> bool:
    """Whether a step is a linear map of the gradient, and every step the same."""
    return linear(config) and config.optimizer.constant_rate


def rate_at(config: BatchesConfig, step: int) -> float:
    """The learning rate of a step, with the schedule and the decay of SGD; at the start, of step 1."""
    rule, t = config_at(config, step).optimizer, max(step, 1)
    return rule.rate(t) / (1 + rule.decay * (t - 1)) if isinstance(rule, SGD) else rule.rate(t)


def rule_of_thumb(config: BatchesConfig, data: BatchesData, size: int, rate: float) -> float:
    """The radius of the ball by the rule for small η."""
    hessian, one = at_minimum(data.model)
    noise = one.gradient * shrinkage(data.model.count, size)
    return small_step_radius(hessian, noise, rate, _momentum(config.optimizer) or 0.0)


def measured_ball(recording: Recording, run: int, step: int) -> float:
    """Root mean square distance from the minimum in the second half of the steps so far; NaN if diverged."""
    recent = path(recording, run, step)[(step + 1) // 2 :]
    return float(np.sqrt(((recent - recording.data.model.minimum) ** 2).sum(axis=1).mean()))
