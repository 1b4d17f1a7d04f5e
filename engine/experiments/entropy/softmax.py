"""Entropy ▸ Softmax and sigmoid: how logits become probabilities, and how the naive formula overflows.

    z  →  z + c  →  (z + c)/T  →  exp  →  Σ  →  p

A run is one frame: it is computed again while a value is dragged.
"""

from collections.abc import Iterator
from typing import Annotated, NamedTuple

import numpy as np

from engine.activations import Array, d_sigmoid, sigmoid, softmax
from engine.config import Config, Problem, number, plain
from engine.experiment import Experiment, Frame
from engine.gradient_check import GradientCheck
from engine.information.softmax_numerics import (
    Naive,
    Stable,
    Vector,
    against_the_rest,
    check_d_entropy,
    check_jacobian,
    d_entropy_at,
    entropy_at,
    jacobian_at,
    naive_softmax,
    stable_softmax,
)

FEWEST, MOST = 2, 8
LARGEST = 1000.0  # a logit without its shift
COLDEST, HOTTEST = 0.01, 100.0
TEMPERATURES = np.geomspace(COLDEST, HOTTEST, 241)


class SoftmaxSigmoidConfig(Config, frozen=True):
    """The logits, and the shift and the temperature applied to all of them."""

    logits: Annotated[
        tuple[float, ...],
        plain(
            "Logits",
            "One for each class, two to eight, from −1000 to 1000. Drag their bars, or type them.",
            kind="vector",
            min_length=FEWEST,
            max_length=MOST,
        ),
    ] = (2.0, 1.0, 0.1, -1.5)
    temperature: Annotated[
        float,
        number(
            "Temperature",
            "Divides every logit: near 0 the largest one gets all, if large all are nearly equal.",
            symbol="T",
            ge=COLDEST,
            le=HOTTEST,
            scale="log",
        ),
    ] = 1.0
    shift: Annotated[
        float,
        number(
            "Shift",
            "Added to every logit. The probabilities do not change; the naive formula overflows.",
            symbol="c",
            ge=-2000,
            le=2000,
            soft=(-800, 800),  # a little beyond where float64 fails
        ),
    ] = 0.0

    def __post_init__(self) -> None:
        for k, logit in enumerate(self.logits):
            if not abs(logit) <= LARGEST:
                raise Problem("Must be from {low} to {high}", where=f"logits[{k}]", low="−1000", high="1000")


class SoftmaxSigmoidSnapshot(NamedTuple):
    """The whole chain, and numbers about the resulting p. Entropies are in nats."""

    shifted: Vector  # z + c
    scaled: Vector  # (z + c)/T
    stable: Stable
    single: Naive  # in float32
    double: Naive  # in float64
    moved_by_shift: float  # the largest change of a probability by the shift: only rounding
    against: Array  # uᵢ, the logit of each class against all others
    rest: Array  # log Σ exp over those others
    slopes: Array  # σ′(uᵢ) = pᵢ(1 − pᵢ)
    entropy: float
    d_entropy: float  # dH/dT
    jacobian: Vector  # ∂pᵢ/∂zⱼ
    jacobian_check: GradientCheck
    d_entropy_check: GradientCheck
    temperatures: Vector
    entropies: Vector  # H at each of them
    probabilities: Array  # p at each of them [temperatures, classes]


def frames(config: SoftmaxSigmoidConfig) -> Iterator[Frame[SoftmaxSigmoidSnapshot]]:
    """Yield the only frame of the run."""
    shot = snapshot(config)
    yield Frame(0, {"entropy": shot.entropy}, shot)


def snapshot(config: SoftmaxSigmoidConfig) -> SoftmaxSigmoidSnapshot:
    """Compute the chain, by the stable and by the naive formula."""
    z, temperature = np.array(config.logits), config.temperature
    shifted = z + config.shift
    scaled = shifted / temperature
    stable = stable_softmax(scaled)
    against = against_the_rest(scaled)
    centred = z - z.max()  # used for everything that depends only on differences of logits
    return SoftmaxSigmoidSnapshot(
        shifted=shifted,
        scaled=scaled,
        stable=stable,
        single=naive_softmax(scaled, np.float32),
        double=naive_softmax(scaled, np.float64),
        moved_by_shift=float(np.abs(stable.p - softmax(z / temperature)).max()),
        against=against,
        rest=scaled - against,
        slopes=d_sigmoid(against),
        entropy=float(entropy_at(centred, temperature)),
        d_entropy=float(d_entropy_at(centred, temperature)),
        jacobian=jacobian_at(centred, temperature),
        jacobian_check=check_jacobian(centred, temperature),
        d_entropy_check=check_d_entropy(centred, temperature),
        temperatures=TEMPERATURES,
        entropies=entropy_at(centred, TEMPERATURES),
        probabilities=softmax(centred / TEMPERATURES[:, np.newaxis]),
    )


SIGMOID_GRID = np.linspace(-10.0, 10.0, 401)
SIGMOID_CURVES = (SIGMOID_GRID, sigmoid(SIGMOID_GRID), d_sigmoid(SIGMOID_GRID))


def with_logit_against(config: SoftmaxSigmoidConfig, index: int, against: float) -> tuple[float, ...]:
    """The logits with entry `index` changed so that its class has the logit `against` against all others."""
    z = np.array(config.logits) / config.temperature
    wanted = (against + (z - against_the_rest(z))[index]) * config.temperature
    bounded = float(np.clip(wanted, -LARGEST, LARGEST))
    return (*config.logits[:index], bounded, *config.logits[index + 1 :])


EXPERIMENT = Experiment(
    name="entropy.softmax",
    title="Softmax and sigmoid",
    config_type=SoftmaxSigmoidConfig,
    frames=frames,
    last_step=lambda config: 0,
    cheap=True,
)
