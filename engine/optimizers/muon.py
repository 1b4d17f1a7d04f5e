"""Muon: momentum, made orthogonal, so that W changes by the same amount in every direction.

    M ← μM + (1−μ)G                 momentum of the gradient G of a weight matrix W[in, out]
    M̃ = (1−μ)G + μM                 Nesterov's form; or M itself
    O = U Vᵀ, where M̃ = U Σ Vᵀ      the same singular vectors, and every singular value becomes 1
    W ← W − η √max(1, out/in) O

η is the learning rate, μ the momentum factor, and the singular values of M̃ stand on the diagonal of Σ.

The gradient of a matrix nearly always has a few dominant directions: a few of its singular values are
hundreds of times as large as the rest. Gradient descent and momentum change W almost only along these. Adam
divides every entry by its own size, but it does not use the singular directions, which combine many entries.
O is the matrix nearest to M̃ among those with orthonormal rows or columns. It is also the steepest descent if
the length of a step is measured by how much it can change the output of the layer (the spectral norm).

*Newton–Schulz.* An SVD is slow on a GPU. An odd polynomial applied to a matrix acts on its singular values
alone, since X Xᵀ X = U Σ³ Vᵀ:

    X ← M̃/‖M̃‖,   then five times   X ← aX + b(X Xᵀ)X + c(X Xᵀ)²X        so that  σ ← aσ + bσ³ + cσ⁵

With a = 3.4445, b = −4.775, c = 2.0315 a small σ grows by the factor 3.4 in each iteration. With these
numbers σ does not converge to 1, but stays between about 0.68 and 1.2. In practice this is good enough.

*Parameters that form no matrix* (biases, the scales of a normalisation, and an embedding, which is a table
and not a linear map) are updated by Adam with its own learning rate. In large models Adam is also used for
the first and the last layer. Here Muon is used for all weight matrices, because the smallest network has only
one layer. The filters of a convolution are one matrix, [k·k, maps]; each gate of a recurrent cell has two, W
and U.

Directions without a gradient (a pixel that is always 0, a batch smaller than the layer) have σ = 0. They stay
0 in Newton–Schulz. The exact form leaves them out too, because their U and V are arbitrary.

Conventions. Optax corrects M and G in M̃ for their beginning at 0, each by its own power, which changes their
mixture in the first steps; without Nesterov the numbers are those here. PyTorch computes Newton–Schulz in
bfloat16: its steps differ by about 0.1 %. Keras multiplies by its rms_rate √max(in, out).

References: K. Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024; J. Bernstein
and L. Newhouse, "Old optimizer, new norm: an anthology", 2024; J. Liu et al., "Muon is scalable for LLM
training", 2025 (the factor 0.2 √max(in, out)); N. Higham, "Functions of matrices", 2008, chapter 8.
"""

from functools import lru_cache
from math import sqrt
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.config import choice, number, plain
from engine.optimizers.adam import Adam, AdamState, WeightDecay
from engine.optimizers.equation import Equation
from engine.optimizers.matrices import Matrices, MatrixPlace, rest_of
from engine.optimizers.update_rule import GradientRule, LearningRate, OptimizerState
from engine.pieces import WORKING, Pieces

Array = NDArray[np.floating[Any]]
COEFFICIENTS = 3.4445, -4.7750, 2.0315
TINY = 1e-7  # a smaller norm is replaced by this one before the division
METHODS = {"newton_schulz": "Newton–Schulz", "svd": "Exact (SVD)"}
SCALES = {"original": "√max(1, out/in)", "match_rms_adamw": "0.2 √max(in, out)"}

MuonMomentum = Annotated[
    float,
    number(
        "Momentum factor", "How much of the momentum is kept at each step.", symbol="μ", ge=0, lt=1, live=True
    ),
]
LooksAhead = Annotated[
    bool, plain("Nesterov", "Mix the gradient of now into the momentum once more.", more=True, live=True)
]
Method = Annotated[
    str,
    choice("Orthogonalise by", "How all singular values of the momentum are made 1.", METHODS, live=True),
]
Iterations = Annotated[
    int,
    number(
        "Iterations",
        "How often the polynomial of Newton–Schulz is applied.",
        symbol="K",
        ge=1,
        le=30,
        soft=(1, 12),
        live=True,
        when=lambda rule: rule.method == "newton_schulz",
    ),
]
Scale = Annotated[
    str,
    choice(
        "Scale",
        "By what the step of a matrix is multiplied, so that one η suits all shapes.",
        SCALES,
        more=True,
        live=True,
    ),
]
RestRate = Annotated[
    float,
    number(
        "Rate of the rest",
        "Learning rate of Adam for biases and all else that is no matrix.",
        gt=0,
        le=1000,
        scale="log",
        soft=(1e-5, 1),
        more=True,
        live=True,
    ),
]


def newton_schulz(matrix: Array, iterations: int = 5) -> Array:
    """Bring all singular values of a matrix, shape [in, out], near to 1, except those that are 0; without
    an SVD.
    """
    a, b, c = COEFFICIENTS
    wide = matrix.T if matrix.shape[0] > matrix.shape[1] else matrix  # so that X Xᵀ is the smaller product
    x = wide / max(float(np.linalg.norm(wide)), TINY)
    for _ in range(iterations):
        gram = x @ x.T
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return x.T if matrix.shape[0] > matrix.shape[1] else x


def orthogonal_factor(matrix: Array) -> Array:
    """U Vᵀ of M = U Σ Vᵀ, shape [in, out], without the directions in which M is 0 up to rounding."""
    if not np.isfinite(matrix).all():
        return np.full_like(matrix, np.nan)
    u, sigma, v = np.linalg.svd(matrix, full_matrices=False)
    present = sigma > sigma[0] * max(matrix.shape) * np.finfo(matrix.dtype).eps
    factor: Array = u[:, present] @ v[present]
    return factor


class MuonState(OptimizerState, frozen=True):
    """The momentum of all entries, the M̃ of the last step, and Adam's state of the rest.

    It also has the places of the matrices, so that nothing else is needed to go on.
    """

    momentum: Array  # [parameters]
    direction: Array  # [parameters], M̃
    rest: AdamState[Any]
    t: int
    matrices: Matrices


NEWTON_SCHULZ = (
    Equation(r"X_0 = \frac{\tilde{M}_t}{\Vert \tilde{M}_t \Vert_F}", "", "normalized"),
    Equation(r"X_{k+1} = a X_k + b\, X_k X_k^{\top} X_k + c\, (X_k X_k^{\top})^2 X_k", "", "iterate"),
    Equation(r"O_t = X_K", "", "orthogonal"),
)


class Muon(GradientRule, frozen=True, tag="muon"):
    """W ← W − η·scale·O for every weight matrix; Adam for the rest."""

    learning_rate: LearningRate = 0.02
    momentum: MuonMomentum = 0.95
    method: Method = "newton_schulz"
    iterations: Iterations = 5
    nesterov: LooksAhead = True
    scale: Scale = "original"
    weight_decay: WeightDecay = 0.0
    rest_rate: RestRate = 0.003

    title = "Muon"
    family = "matrix"
    meaning = "Momentum whose singular values are all made 1, for weight matrices; Adam for the rest."
    rule = (
        Equation(r"M_t = \mu\, M_{t-1} + (1-\mu)\, G_t", "", "momentum"),
        Equation(
            r"\tilde{M}_t = (1-\mu)\, G_t + \mu\, M_t", "", "direction", when=lambda rule: rule.nesterov
        ),
        Equation(r"\tilde{M}_t = M_t", "", "direction", when=lambda rule: not rule.nesterov),
        Equation(
            r"\tilde{M}_t = U \Sigma V^{\top}, \quad O_t = U V^{\top}",
            "",
            "orthogonal",
            when=lambda rule: rule.method == "svd",
        ),
        *(line._replace(when=lambda rule: rule.method == "newton_schulz") for line in NEWTON_SCHULZ),
        Equation(
            r"s = \sqrt{\max\left(1,\, \frac{n_{\mathrm{out}}}{n_{\mathrm{in}}}\right)}",
            "",
            "factor",
            when=lambda rule: rule.scale == "original",
        ),
        Equation(
            r"s = 0.2 \sqrt{\max\left(n_{\mathrm{in}},\, n_{\mathrm{out}}\right)}",
            "",
            "factor",
            when=lambda rule: rule.scale == "match_rms_adamw",
        ),
        Equation(r"W_{t+1} = W_t - \eta\, s\, O_t", "", "x", when=lambda rule: rule.weight_decay == 0),
        Equation(
            r"W_{t+1} = (1 - \eta\lambda)\, W_t - \eta\, s\, O_t",
            "",
            "x",
            when=lambda rule: rule.weight_decay > 0,
        ),
    )
    state_type = MuonState

    def start(self, x: Any, matrices: Matrices = ()) -> MuonState:
        """Return the state before the first step; `matrices` are the weight matrices in x."""
        rest = Adam().start(x[rest_places(x.size, matrices)])
        return MuonState(np.zeros_like(x), np.zeros_like(x), rest, 0, matrices)

    def step(self, x: Any, gradient: Any, state: MuonState, rate: float) -> tuple[Any, MuonState]:
        """One step of every matrix, and one of Adam for the rest."""
        momentum = self.momentum * state.momentum + (1 - self.momentum) * gradient
        direction = momentum
        if self.nesterov:
            direction = (1 - self.momentum) * gradient + self.momentum * momentum
        moved = x.copy()
        for place in state.matrices:
            w = place.view(moved)
            w *= 1 - rate * self.weight_decay
            w -= rate * self.factor(place) * self.orthogonal(place.view(direction))
        free = rest_places(x.size, state.matrices)
        rest_rate = rate * (self.rest_rate / self.learning_rate)  # it follows the schedule too
        moved[free], rest = Adam().step(x[free], gradient[free], state.rest, rest_rate)
        return moved, MuonState(momentum, direction, rest, state.t + 1, state.matrices)

    def orthogonal(self, matrix: Array) -> Array:
        """O: the matrix with all singular values near 1."""
        return (
            newton_schulz(matrix, self.iterations)
            if self.method == "newton_schulz"
            else orthogonal_factor(matrix)
        )

    def factor(self, place: MatrixPlace) -> float:
        """The factor of a step that depends on the shape of the matrix."""
        if self.scale == "original":
            return sqrt(max(1.0, place.columns / place.rows))
        return 0.2 * sqrt(max(place.rows, place.columns))


rest_places = lru_cache(maxsize=64)(rest_of)


class MuonStep(NamedTuple):
    """What a step has made orthogonal: M̃ of every matrix."""

    rule: Muon
    direction: Array  # [parameters]
    matrices: Matrices


class Spectrum(NamedTuple):
    """The singular values of a matrix before and after it is made orthogonal, the largest first."""

    place: MatrixPlace
    before: NDArray[np.float64]
    after: NDArray[np.float64]


class Spectra(NamedTuple):
    """The singular values of some matrices before and after a step, and the number of further matrices."""

    told: tuple[Spectrum, ...]
    more: int


def spectra(step: MuonStep | None, most: int) -> Pieces[Spectra]:
    """The singular values of the first `most` matrices before and after a step; NaN if it diverged.

    Before the first step (None) there are none.
    """
    found: list[Spectrum] = []
    if step is None:
        return Spectra((), 0)
    for place in step.matrices[:most]:
        found.append(_spectrum(step.rule, place, place.view(step.direction)))
        yield WORKING
    return Spectra(tuple(found), len(step.matrices) - len(found))


def _spectrum(rule: Muon, place: MatrixPlace, matrix: Array) -> Spectrum:
    """The singular values of a matrix before and after it is made orthogonal; NaN if it is non-finite."""
    if not np.isfinite(matrix).all():
        nothing = np.full(min(matrix.shape), np.nan)
        return Spectrum(place, nothing, nothing)
    before, after = (
        np.linalg.svd(one.astype(np.float64), compute_uv=False) for one in (matrix, rule.orthogonal(matrix))
    )
    return Spectrum(place, before, after)
