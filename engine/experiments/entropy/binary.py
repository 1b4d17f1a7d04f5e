"""Entropy ▸ Binary: the entropy of one yes-or-no question, and the cross-entropy of a wrong probability.

A run is one frame: it is computed again while a value is dragged.
"""

from collections.abc import Iterator
from typing import Annotated, NamedTuple

import numpy as np

from engine.config import Config, choice, number
from engine.experiment import Experiment, Frame
from engine.gradient_check import GradientCheck
from engine.information.bases import BASE_TITLES, BASES
from engine.information.bernoulli import (
    Array,
    check_slope,
    cross_entropy,
    d_cross_entropy,
    entropy,
    kl_divergence,
    terms,
)

# From end to end, closer where the curves are steep; 0, ½ and 1 are among them.
GRID = np.union1d(0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, 400))[1:-1], [0.0, 0.5, 1.0])


class BinaryConfig(Config, frozen=True):
    """The true probability of yes, and the probability that the model gives to yes."""

    p: Annotated[
        float, number("Truth", "The true probability of the answer yes.", symbol="p", ge=0, le=1)
    ] = 0.8
    q: Annotated[
        float, number("Model", "The probability that the model gives to yes.", symbol="q", ge=0, le=1)
    ] = 0.3
    base: Annotated[
        str,
        choice(
            "Base of the logarithm",
            "In which unit surprise is measured. Another base multiplies every curve and every slope by the"
            " same constant; the minimum stays where it is.",
            BASE_TITLES,
        ),
    ] = "2"


class BinarySnapshot(NamedTuple):
    """The numbers at (p, q), and the curves through them. Entropies are in the unit of the base."""

    entropy: float  # H(p)
    cross_entropy: float  # H(p, q)
    kl: float
    yes: float  # −p log q
    no: float  # −(1−p) log(1−q)
    slope: float  # ∂H(p, q)/∂q
    surprise_of_yes: float  # −log q, the simplest form where p = 1
    surprise_of_no: float  # −log(1−q), … where p = 0
    check: GradientCheck | None  # of the slope; None at the ends of q
    grid: Array  # probabilities from 0 to 1, with p and q among them
    entropies: Array  # H(x) for each x of the grid
    tangent: Array  # H(x, q): as a function of x, a straight line
    crosses: Array  # H(p, x)
    slopes: Array  # ∂H(p, x)/∂x


def frames(config: BinaryConfig) -> Iterator[Frame[BinarySnapshot]]:
    """Yield the only frame of the run."""
    shot = snapshot(config.p, config.q, BASES[config.base])
    scalars = {"entropy": shot.entropy, "cross_entropy": shot.cross_entropy, "kl": shot.kl}
    yield Frame(0, scalars, shot)


def snapshot(p: float, q: float, base: float) -> BinarySnapshot:
    """Everything about p and q, to any base."""
    grid = np.union1d(GRID, [p, q])
    yes, no = terms(p, q, base)
    return BinarySnapshot(
        entropy=float(entropy(p, base)),
        cross_entropy=float(yes + no),
        kl=float(kl_divergence(p, q, base)),
        yes=float(yes),
        no=float(no),
        slope=float(d_cross_entropy(p, q, base)),
        surprise_of_yes=float(cross_entropy(1.0, q, base)),
        surprise_of_no=float(cross_entropy(0.0, q, base)),
        check=check_slope(p, q, base),
        grid=grid,
        entropies=entropy(grid, base),
        tangent=cross_entropy(grid, q, base),
        crosses=cross_entropy(p, grid, base),
        slopes=d_cross_entropy(p, grid, base),
    )


EXPERIMENT = Experiment(
    name="entropy.binary",
    title="Binary",
    config_type=BinaryConfig,
    frames=frames,
    last_step=lambda config: 0,
    cheap=True,
)
