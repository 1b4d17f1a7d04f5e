"""The settings of *Optimizers ▸ Conventions*: a surface, a start, and two forms of one method."""

from typing import Annotated

from engine.config import number, plain
from engine.experiments.optimizers.conventions_families import AnyFamily, MomentumFamily
from engine.surfaces.choice import OnSurface
from engine.surfaces.classic import SURFACES


class ConventionsConfig(OnSurface, frozen=True):
    """One surface, one start, and a method in two forms."""

    start: Annotated[
        tuple[float, float],
        plain("Start", "Where both begin; drag it on the contours.", kind="point"),
    ] = SURFACES["rosenbrock"].start
    family: Annotated[
        AnyFamily,
        plain("Method", "The method whose forms are compared."),
    ] = MomentumFamily()
    factor: Annotated[
        float,
        number(
            "Change of η",
            "From a step on, the learning rate is this many times as large; 1: it stays.",
            symbol="c",
            scale="log",
            ge=0.001,
            le=100,
            soft=(0.01, 10),
        ),
    ] = 1.0
    change_at: Annotated[
        int,
        number(
            "Changes at step",
            "The first step with the other learning rate.",
            symbol="k",
            ge=2,
            le=10_000,
            soft=(2, 200),
            when=lambda c: c.factor != 1,
        ),
    ] = 30
    steps: Annotated[
        int,
        number("Steps", "How many steps both take.", scale="log", ge=1, le=10_000, soft=(10, 2000)),
    ] = 150

    @property
    def rate_changes(self) -> bool:
        """Whether the learning rate changes within the run."""
        return self.factor != 1 and self.change_at <= self.steps
