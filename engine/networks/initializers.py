"""Initial weights: their variance decides whether a signal vanishes or explodes in many layers.

A sum of n_in products w·x, with independent w of mean 0, has the variance n_in·Var(w)·E[x²]. To keep it the
same from layer to layer

    Xavier       Var(w) = 2/(n_in + n_out)    a compromise between forward pass and backward pass
    He           Var(w) = 2/n_in              twice 1/n_in, because ReLU sets half of its inputs to 0
    orthogonal   WᵀW = gain²·I                if n_out ≤ n_in, else WWᵀ = gain²·I

A square orthogonal W multiplies every length by the gain, forward in x·W and backward in ∂L/∂y·Wᵀ. With
n_out > n_in only the forward product does so, with n_out < n_in only the backward product: the other one is
also a projection, so a part of the vector is lost.
The rules of Xavier Glorot and Kaiming He are also called Glorot and Kaiming. Weights have the shape
[n_in, n_out] and are float64; a uniform draw on (−a, a) has the variance a²/3.

References: Glorot & Bengio (2010); He et al. (2015); Saxe et al., "Exact solutions …" (2014).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float64]


@dataclass(frozen=True)
class Initializer:
    """A rule for the initial weights: ``draw(rng, n_in, n_out)``, with a name and a formula to show."""

    title: str
    latex: str
    draw: Callable[..., Weights]


def zeros(rng: np.random.Generator, n_in: int, n_out: int) -> Weights:
    """All 0: then all units of a layer get the same gradient and stay equal; not used in practice."""
    return np.zeros((n_in, n_out))


def normal(rng: np.random.Generator, n_in: int, n_out: int, std: float = 0.1) -> Weights:
    """Normal, with the same standard deviation for layers of every size."""
    return rng.normal(0.0, std, (n_in, n_out))


def xavier_uniform(rng: np.random.Generator, n_in: int, n_out: int) -> Weights:
    """Uniform on ±√(6/(n_in + n_out)), so the variance is 2/(n_in + n_out)."""
    return uniform(rng, n_in, n_out, variance=2.0 / (n_in + n_out))


def xavier_normal(rng: np.random.Generator, n_in: int, n_out: int) -> Weights:
    """Normal with the variance 2/(n_in + n_out)."""
    return normal(rng, n_in, n_out, std=(2.0 / (n_in + n_out)) ** 0.5)


def he_uniform(rng: np.random.Generator, n_in: int, n_out: int) -> Weights:
    """Uniform on ±√(6/n_in), so the variance is 2/n_in."""
    return uniform(rng, n_in, n_out, variance=2.0 / n_in)


def he_normal(rng: np.random.Generator, n_in: int, n_out: int) -> Weights:
    """Normal with the variance 2/n_in."""
    return normal(rng, n_in, n_out, std=(2.0 / n_in) ** 0.5)


def orthogonal(rng: np.random.Generator, n_in: int, n_out: int, gain: float = 1.0) -> Weights:
    """Orthonormal columns (rows, when n_out > n_in) times gain, all orientations equally likely."""
    tall = rng.normal(size=(max(n_in, n_out), min(n_in, n_out)))
    q, r = np.linalg.qr(tall)
    q = gain * q * np.sign(np.diag(r))  # with these signs all orientations are equally likely: Mezzadri, 2007
    return q if n_in >= n_out else q.T


def uniform(rng: np.random.Generator, n_in: int, n_out: int, variance: float) -> Weights:
    """Uniform around 0 with a given variance."""
    edge = (3.0 * variance) ** 0.5
    return rng.uniform(-edge, edge, (n_in, n_out))


INITIALIZERS: dict[str, Initializer] = {
    "zeros": Initializer("Zeros", r"w=0", zeros),
    "normal": Initializer("Normal", r"w\sim\mathcal{N}(0,\,0.1^2)", normal),
    "xavier_uniform": Initializer(
        "Xavier, uniform", r"w\sim\mathcal{U}\left(\pm\sqrt{\tfrac{6}{n_{in}+n_{out}}}\right)", xavier_uniform
    ),
    "xavier_normal": Initializer(
        "Xavier, normal", r"w\sim\mathcal{N}\left(0,\,\tfrac{2}{n_{in}+n_{out}}\right)", xavier_normal
    ),
    "he_uniform": Initializer(
        "He, uniform", r"w\sim\mathcal{U}\left(\pm\sqrt{\tfrac{6}{n_{in}}}\right)", he_uniform
    ),
    "he_normal": Initializer("He, normal", r"w\sim\mathcal{N}\left(0,\,\tfrac{2}{n_{in}}\right)", he_normal),
    "orthogonal": Initializer("Orthogonal", r"W^{\mathsf T}W=I", orthogonal),
}
