"""Learning from rare features: like words in a text, most features are rare, and the rare ones matter most.

    probability    p_j = p₁·j^(−a)                       a power law; j = 1 is the most frequent feature
    true weight    |w*_j| = c·ln(1/p_j)                  the rarer, the larger; its sign is random
    model          z = Σ_j w_j x_j,   P(yes) = σ(z)      x_j is 1 where the feature is present, else 0
    loss           L = mean of  ln(1 + e^z) − y z        y is 1 for yes; the cross-entropy of a logistic model
    gradient       ∂L/∂w_j = mean of  (σ(z) − y) x_j     exactly 0 while the feature is absent

x, w and p are [features]; p_j is the probability that feature j is present, and σ is the sigmoid.

An optimizer's *effective step* for a coordinate is how far one unit of gradient moves it in total:

    SGD       η                  the same for all; η_t with a schedule, here and below
    momentum  η/(1−β)            η + ηβ + ηβ² + …, as the velocity decays
    AdaGrad   η/(√s_j + ε)       RMSProp too, with its own s; divided by 1−μ if it has momentum μ
    Adam      η/(√v̂_j + ε)       the weights of its mean sum to 1

In AdaGrad s_j grows by the squared gradient, so the step stays the same while the feature is absent. In
RMSProp and Adam s_j then decays, so the step rises.

References: Duchi, Hazan and Singer, JMLR 2011, section 1 (why rare features need longer steps); Goodfellow,
Bengio and Courville, "Deep Learning", 2016, 8.5.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.activations import sigmoid
from engine.optimizers.adam import Adam
from engine.optimizers.adaptive import AdaGrad, RMSProp
from engine.optimizers.descent import SGD, Momentum

Array = NDArray[np.float64]
Present = NDArray[np.bool_]
Rule = SGD | Momentum | AdaGrad | RMSProp | Adam


def probabilities(count: int, exponent: float, most: float) -> Array:
    """p_j = most·j^(−exponent) for j = 1 … count: the probability that feature j is present."""
    return most * np.arange(1.0, count + 1) ** -exponent


def true_weights(p: Array, strength: float, rng: np.random.Generator) -> Array:
    """± strength·ln(1/p_j): the true weight of each feature."""
    return rng.choice((-1.0, 1.0), len(p)) * strength * -np.log(p)


def draw_examples(p: Array, count: int, rng: np.random.Generator) -> Present:
    """`count` examples, [count, features]: each feature is present or not, independently of the others."""
    return rng.random((count, len(p))) < p


def losses(z: ArrayLike, y: ArrayLike) -> Array:
    """ln(1 + e^z) − y z of each example, without overflow; `y` may be a probability between 0 and 1."""
    z = np.asarray(z, np.float64)
    return np.asarray(np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0.0) - np.asarray(y) * z)


def loss(w: Array, x: Present | Array, y: ArrayLike) -> float:
    """The mean loss of the weights w[features] on examples x[n, features] with answers y[n]."""
    return float(losses(x @ w, y).mean())


def gradient(w: Array, x: Present | Array, y: ArrayLike) -> Array:
    """∂L/∂w: the mean of (σ(z) − y) x, in the shape of w; also for several rows of weights w[m, features]."""
    x = np.asarray(x, np.float64)
    return (sigmoid(w @ x.T) - np.asarray(y, np.float64)) @ x / len(x)


def effective_step(rule: Rule, state: object, count: int) -> Array:
    """How far one unit of gradient moves each of `count` coordinates in total, with the current s.

    Where an adaptive rule has not had a gradient yet, s = 0, and the result is NaN.
    """
    rate = rule.rate(max(getattr(state, "t", 0), 1))  # of the step that led to the state
    match rule:
        case SGD():
            return np.full(count, getattr(state, "rate", rate))
        case Momentum():
            return np.full(count, rate / (1 - rule.beta))
        case AdaGrad():
            squares, new = getattr(state, "sum_of_squares", 0.0), 1.0
        case RMSProp():
            squares, new = getattr(state, "variance", 0.0), 1 - rule.momentum
        case Adam():
            squares, new = getattr(state, "mean_square_hat", 0.0), 1.0
    squares = np.asarray(squares, np.float64)
    known = np.where(squares > 0, squares, np.nan)
    return np.asarray(rate / (known**0.5 + rule.epsilon) / new)
