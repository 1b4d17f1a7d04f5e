"""The settings of *Entropy ▸ Three classes*: P, the start of Q, and how Q descends."""

from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.config import Config, Problem, number, plain, replaced
from engine.information.bases import BASES, LossBase
from engine.information.information import distribution
from engine.information.triangle import nearest, rounded
from engine.optimizers.descent import GradientDescent
from engine.optimizers.table import FirstOrder

Shares = tuple[float, float, float]
LEAST = 0.0001  # of a class in the start: the logits of 0 would be −∞
HELD = 0.02  # if P is nearer to a side of the triangle, it can be put on the side

PRESETS: dict[str, tuple[Shares, Shares]] = {  # P and the start of Q
    "nearly": ((0.06, 0.9, 0.04), (0.98, 0.01, 0.01)),
    "one_hot": ((0.0, 1.0, 0.0), (0.98, 0.01, 0.01)),
    "soft": ((0.5, 0.3, 0.2), (0.05, 0.15, 0.8)),
    "impossible": ((0.6, 0.4, 0.0), (0.1, 0.1, 0.8)),
    "middle": ((0.334, 0.333, 0.333), (0.9, 0.06, 0.04)),
}


class ThreeClassesConfig(Config, frozen=True):
    """One P and one start; a descent for each loss."""

    p: Annotated[
        Shares,
        plain(
            "Truth P",
            "The true probabilities of A, B and C; they sum to 1. Drag P in the triangle.",
            kind="vector",
        ),
    ] = PRESETS["nearly"][0]
    start: Annotated[
        Shares,
        plain(
            "Start of Q",
            "The first prediction, the same for every loss; no probability is 0. Drag it in the triangle.",
            kind="vector",
        ),
    ] = PRESETS["nearly"][1]
    optimizer: Annotated[
        FirstOrder, plain("Optimizer", "How a gradient becomes a step of the logits of Q.", kind="optimizer")
    ] = GradientDescent(learning_rate=1.0)
    steps: Annotated[
        int, number("Steps", "How many steps each descent has.", scale="log", ge=1, le=2000, soft=(10, 1000))
    ] = 100
    base: LossBase = "e"

    def __post_init__(self) -> None:
        for name in ("p", "start"):
            _check(name, getattr(self, name))
        low = min(range(3), key=self.start.__getitem__)
        if self.start[low] < LEAST:
            raise Problem(
                "A softmax is never 0: each probability of the start must be at least {least}",
                where=f"start[{low}]",
                least=LEAST,
            )

    @property
    def b(self) -> float:
        """The base of the logarithm."""
        return BASES[self.base]

    @property
    def first_logits(self) -> NDArray[np.float64]:
        """Logits with which every descent begins, [3]: their softmax is the start."""
        return np.log(np.asarray(self.start, np.float64))


def _check(name: str, values: Shares) -> None:
    """Refuse what is no distribution, at the place of the setting."""
    try:
        distribution(values)
    except Problem as problem:
        place = problem.where.removeprefix("P")
        raise Problem(
            problem.sentence, where=f"{name}{place}", **{**problem.values, "name": "The list"}
        ) from problem


def with_truth(
    config: ThreeClassesConfig, point: ArrayLike, digits: int, held: bool = False
) -> ThreeClassesConfig:
    """Move P to the distribution nearest to a point of the plane; if `held`, onto a side that is near."""
    q = nearest(point)
    if held:
        q = np.where(q < HELD, 0.0, q)
    return replaced(config, p=rounded(q / q.sum(), digits))


def with_start(config: ThreeClassesConfig, point: ArrayLike, digits: int) -> ThreeClassesConfig:
    """Move the start to the distribution nearest to a point of the plane where no class has probability 0."""
    least = max(10.0**-digits, LEAST)
    return replaced(config, start=rounded(nearest(point, least), digits, least))
