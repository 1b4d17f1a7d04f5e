"""Activations: the nonlinearity of a neuron. Without it, many layers would be equivalent to a single one.

    a = φ(z)          z: the weighted sum of a neuron          φ′(z): the slope, da/dz

Softmax turns a row of logits (one real number for each class) into probabilities: sᵢ = exp(zᵢ) / Σⱼ exp(zⱼ).

Nothing here overflows: exp is computed only for numbers ≤ 0. Arrays keep their precision (float32 stays
float32); numbers, lists and integers become float64. Each function is followed by its derivative.

References: Goodfellow, Bengio & Courville, "Deep Learning" (2016), 6.2–6.3; Hendrycks & Gimpel,
"Gaussian Error Linear Units" (2016); Clevert et al., "ELU" (2015); Ramachandran et al., "Swish" (2017).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial import Chebyshev
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating[Any]]
LEAK = 0.01  # slope of leaky ReLU left of zero


@dataclass(frozen=True)
class Activation:
    """φ and φ′, elementwise, with the name and the formula (LaTeX) to show.

    `function` and `slope` take arrays of floats only; `value` and `derivative` take numbers and lists too.
    """

    title: str
    latex: str
    function: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    kinked: bool = False  # whether φ′ jumps at 0

    def value(self, x: ArrayLike) -> Array:
        """φ(x), of the shape of x."""
        return self.function(floating(x))

    def derivative(self, x: ArrayLike) -> Array:
        """φ′(x), in the shape of x. At a kink it is the slope on the left."""
        return self.slope(floating(x))


def floating(x: ArrayLike) -> Array:
    """Return x as an array of floats: float32 and float64 as they are, anything else as float64."""
    array = x if isinstance(x, np.ndarray) else np.asarray(x)
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def identity(x: Array) -> Array:
    """Return x itself: a layer without an activation."""
    return +x


def d_identity(x: Array) -> Array:
    """1 everywhere."""
    return np.ones_like(x)


def sigmoid(x: Array) -> Array:
    """1/(1 + e⁻ˣ), for x < 0 in the form eˣ/(1 + eˣ), so that no exp overflows."""
    return np.exp(np.minimum(x, 0.0)) / (1.0 + np.exp(-np.abs(x)))


def d_sigmoid(x: Array) -> Array:
    """σ(x)·(1 − σ(x)) ≤ ¼, an even function."""
    e = np.exp(-np.abs(x))
    return e / ((1.0 + e) * (1.0 + e))


def tanh(x: Array) -> Array:
    """(eˣ − e⁻ˣ)/(eˣ + e⁻ˣ) = 2σ(2x) − 1."""
    return np.tanh(x)


def d_tanh(x: Array) -> Array:
    """1 − tanh²(x) = 4σ′(2x); the subtraction would lose all digits for large |x|."""
    return 4.0 * d_sigmoid(2.0 * x)


def relu(x: Array) -> Array:
    """max(x, 0)."""
    zero = np.zeros(x.shape, x.dtype)  # NumPy compares two arrays faster than an array and a number
    return np.maximum(x, zero)


def d_relu(x: Array) -> Array:
    """1 where x > 0, else 0: where it is 0, no gradient passes backward through the unit."""
    return (x > 0).astype(x.dtype)


def leaky_relu(x: Array) -> Array:
    """Return x where x > 0, else 0.01·x."""
    return np.where(x > 0, x, LEAK * x)


def d_leaky_relu(x: Array) -> Array:
    """1 where x > 0, else 0.01: some gradient always passes backward."""
    return np.maximum(d_relu(x), LEAK)


def elu(x: Array) -> Array:
    """Return x where x > 0, else eˣ − 1: ELU with α = 1, where φ′ does not jump."""
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0.0)))


def d_elu(x: Array) -> Array:
    """1 where x > 0, else eˣ."""
    return np.exp(np.minimum(x, 0.0))


def softplus(x: Array) -> Array:
    """log(1 + eˣ), a smooth ReLU; its derivative is the sigmoid."""
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def silu(x: Array) -> Array:
    """x·σ(x), also called swish."""
    return x * sigmoid(x)


def d_silu(x: Array) -> Array:
    """σ(x) + x·σ′(x)."""
    return sigmoid(x) + x * d_sigmoid(x)


def gelu(x: Array) -> Array:
    """x·Φ(x), the exact form: x times the probability that a standard normal variable is below x."""
    return x * normal_cdf(x)


def d_gelu(x: Array) -> Array:
    """Φ(x) + x·Φ′(x); Φ′ is the density of the standard normal distribution."""
    bounded = np.clip(x, -40.0, 40.0)  # beyond, the density is 0 in float64 and x² could overflow
    density = np.exp(-0.5 * bounded * bounded) / math.sqrt(2.0 * math.pi)
    return normal_cdf(x) + bounded * density


# NumPy has no complementary error function, erfc(y) = 2/√π · ∫ e^(−t²) dt from y to ∞. But e^(y²)·erfc(y), as
# a function of u = 4/(4 + y), is so smooth that a short polynomial in u is nearly equal to it: u runs from 1
# at y = 0 down to nearly 0. The polynomial goes through some values of `math.erfc`, and for x < 0
#     Φ(x) = ½·erfc(y) = ½·e^(−y²)·polynomial(u)        y = −x/√2
FARTHEST = 26.0  # erfc(26) ≈ 5e-296, near the smallest float


def _scaled_erfc(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """e^(y²)·erfc(y) for y = 4/u − 4."""
    ys = [4.0 / node - 4.0 for node in u.tolist()]
    return np.array([math.exp(y * y) * math.erfc(y) for y in ys])


SCALED_ERFC = {
    np.dtype(kind): Chebyshev.interpolate(_scaled_erfc, degree, domain=(4.0 / (4.0 + FARTHEST), 1.0))
    for kind, degree in ((np.float32, 11), (np.float64, 24))
}


def normal_cdf(x: Array) -> Array:
    """Φ(x) = ½·erfc(−x/√2), with a relative error of 1e-14 near 0 and 1e-13 for very negative x (float64)."""
    y = np.minimum(np.abs(x) * math.sqrt(0.5), 28.0)  # e^(−28²) is 0
    polynomial = SCALED_ERFC.get(x.dtype, SCALED_ERFC[np.dtype(np.float64)])
    tail: Array = 0.5 * np.exp(-y * y) * polynomial(4.0 / (4.0 + y)).astype(x.dtype)
    return np.where(x > 0, 1.0 - tail, tail)


def softmax(z: ArrayLike, axis: int = -1) -> Array:
    """Probabilities of logits z along `axis`: exp(z) / Σ exp(z), with the largest logit moved to 0."""
    z = floating(z)
    e: Array = np.exp(z - z.max(axis=axis, keepdims=True))
    total: Array = e.sum(axis=axis, keepdims=True)
    return e / total


def log_softmax(z: ArrayLike, axis: int = -1) -> Array:
    """log softmax(z) = z − max z − log Σ exp(z − max z): by log-sum-exp, so log 0 never occurs."""
    z = floating(z)
    shifted: Array = z - z.max(axis=axis, keepdims=True)
    total: Array = np.exp(shifted).sum(axis=axis, keepdims=True)
    return shifted - np.log(total)


def softmax_jacobian(s: ArrayLike) -> Array:
    """∂sᵢ/∂zⱼ of the probabilities s = softmax(z): diag(s) − s sᵀ, shape s.shape + (classes,).

    Row i is the output, column j the input. The diagonal has sᵢ(1 − sᵢ), all other entries are −sᵢsⱼ < 0: if
    one logit rises, all other probabilities fall. Each row and each column sums to 0.
    """
    s = floating(s)
    jacobian: Array = 0.0 - s[..., :, None] * s[..., None, :]  # 0.0 − p is 0 for p = 0, but −p would be −0.0
    classes = np.arange(s.shape[-1])
    jacobian[..., classes, classes] += s
    return jacobian


ACTIVATIONS: dict[str, Activation] = {
    "identity": Activation("Identity", r"z", identity, d_identity),
    "sigmoid": Activation("Sigmoid", r"\frac{1}{1+e^{-z}}", sigmoid, d_sigmoid),
    "tanh": Activation("Hyperbolic tangent", r"\tanh z", tanh, d_tanh),
    "relu": Activation("ReLU", r"\max(z, 0)", relu, d_relu, kinked=True),
    "leaky_relu": Activation("Leaky ReLU", r"\max(z, 0.01\,z)", leaky_relu, d_leaky_relu, kinked=True),
    "elu": Activation("ELU", r"z \;(z>0),\quad e^{z}-1 \;(z\le 0)", elu, d_elu),
    "gelu": Activation("GELU", r"z\,\Phi(z)", gelu, d_gelu),
    "softplus": Activation("Softplus", r"\log(1+e^{z})", softplus, sigmoid),
    "silu": Activation("SiLU (swish)", r"z\,\sigma(z)", silu, d_silu),
}
