"""The settings of *Optimizers ▸ Race*: one surface, one start, and who races."""

from dataclasses import replace
from functools import lru_cache
from typing import Annotated

from engine import expressions
from engine.adam import Adam
from engine.adaptive import RMSProp
from engine.config import Config, Problem, choice, number, plain
from engine.descent import GradientDescent, Momentum, Nesterov
from engine.expression_surface import from_expression
from engine.line_search_methods import LBFGS
from engine.optimizers import Optimizer
from engine.surface import Surface
from engine.surfaces import SURFACES, Bowl

MAX_RACERS = 24
MAX_RACER_STEPS = 4_000_000
SURFACE_TITLES = {name: surface.title for name, surface in SURFACES.items()} | {
    "expression": "Your own expression"
}

FIELD = (
    GradientDescent(learning_rate=0.0015),
    Momentum(learning_rate=0.001, beta=0.95),
    Nesterov(learning_rate=0.001, beta=0.95),
    RMSProp(learning_rate=0.02),
    Adam(learning_rate=0.2),
    LBFGS(),
)


class RaceConfig(Config, frozen=True):
    """One surface, one start, one budget of steps; each racer with its own hyperparameters."""

    surface: Annotated[str, choice("Surface", "The landscape to descend.", SURFACE_TITLES)] = "rosenbrock"
    condition: Annotated[
        float,
        number(
            "Condition number",
            "How much more the bowl curves along y than along x.",
            symbol="κ",
            scale="log",
            ge=1,
            le=1e4,
            when=("surface", "bowl"),
        ),
    ] = 10.0
    expression: Annotated[
        str,
        plain(
            "f(x, y)",
            "A formula in x and y, such as sin(x)*y + x**2; it is differentiated exactly.",
            kind="expression",
            max_length=expressions.MAX_LENGTH,
            when=("surface", "expression"),
        ),
    ] = "sin(3*x)*cos(2*y) + 0.3*(x**2 + y**2)"
    reach: Annotated[
        float,
        number(
            "Reach",
            "The plot shows x and y from minus this to plus this.",
            scale="log",
            gt=0,
            le=1e6,
            soft=(0.1, 100),
            when=("surface", "expression"),
        ),
    ] = 3.0
    start: Annotated[
        tuple[float, float],
        plain("Start", "Where all begin; drag it on the contours.", kind="point"),
    ] = SURFACES["rosenbrock"].start
    racers: Annotated[
        tuple[Optimizer, ...],
        plain("Racers", "The optimizers that race.", kind="racers", min_length=1, max_length=MAX_RACERS),
    ] = FIELD
    steps: Annotated[
        int,
        number(
            "Steps", "How many steps each racer has.", scale="log", ge=1, le=1_000_000, soft=(10, 100_000)
        ),
    ] = 500
    noise: Annotated[
        float,
        number(
            "Gradient noise",
            "Standard deviation of what is added to each gradient, as by mini-batches; the same for all.",
            symbol="σ",
            ge=0,
            le=1e6,
            soft=(0, 10),
        ),
    ] = 0.0
    tolerance: Annotated[
        float,
        number(
            "Tolerance",
            "The table tells at which step f − f* first was this small.",
            scale="log",
            gt=0,
            le=1e6,
            soft=(1e-12, 1),
            more=True,
        ),
    ] = 1e-3
    seed: Annotated[
        int,
        plain("Seed", "The same seed gives the same noise.", kind="seed", more=True,
              when=("noise", "not 0.0")),
    ] = 0  # fmt: skip

    def __post_init__(self) -> None:
        """Refuse a formula that cannot be read, and more steps than memory is meant to hold.

        Raises:
            Problem: in a formula, the value `column` tells where.
        """
        if len(self.racers) * self.steps > MAX_RACER_STEPS:
            most = MAX_RACER_STEPS // len(self.racers)
            raise Problem("With {racers} racers there can be at most {most} steps", where="steps",
                          racers=len(self.racers), most=most)  # fmt: skip
        if self.surface == "expression":
            try:
                _parsed(self.expression)
            except Problem as problem:
                values = {"column": problem.where, **problem.values}
                raise Problem(problem.sentence, where="expression", **values) from problem


@lru_cache(maxsize=32)  # while the start is dragged, the same text is read again with every new config
def _parsed(text: str) -> expressions.Expression:
    return expressions.parse(text)


def surface_of(config: RaceConfig) -> Surface:
    """Return the surface that a config describes."""
    if config.surface == "expression":
        return from_expression(_parsed(config.expression), config.reach)
    surface = SURFACES[config.surface]
    return replace(surface, condition=config.condition) if isinstance(surface, Bowl) else surface
