"""The settings of *Optimizers ▸ Race*: one surface, one start, and the racers."""

from typing import Annotated

from engine.changes import Changes, check_changes
from engine.config import Problem, choice, number, plain
from engine.optimizers.adam import Adam
from engine.optimizers.adaptive import RMSProp
from engine.optimizers.descent import GradientDescent, Momentum, Nesterov
from engine.optimizers.line_search_methods import LBFGS
from engine.optimizers.table import Optimizer
from engine.stop_rules import LastStep, StopOfRace
from engine.surfaces.choice import OnSurface
from engine.surfaces.classic import SURFACES

MAX_RACERS = 24
MAX_RACER_STEPS = 4_000_000

BUDGETS = {"steps": "Same steps", "evaluations": "Same evaluations"}
DEFAULT_RACERS = (
    GradientDescent(learning_rate=0.0015),
    Momentum(learning_rate=0.001, beta=0.95),
    Nesterov(learning_rate=0.001, beta=0.95),
    RMSProp(learning_rate=0.02),
    Adam(learning_rate=0.2),
    LBFGS(),
)


class RaceConfig(OnSurface, frozen=True):
    """One surface, one start, one number of steps; each racer has its own hyperparameters."""

    start: Annotated[
        tuple[float, float],
        plain("Start", "Where all begin; drag it on the contours.", kind="point"),
    ] = SURFACES["rosenbrock"].start
    racers: Annotated[
        tuple[Optimizer, ...],
        plain("Racers", "The optimizers that race.", kind="racers", min_length=1, max_length=MAX_RACERS),
    ] = DEFAULT_RACERS
    steps: Annotated[
        int,
        number(
            "Steps",
            "How many steps each racer has; or how many gradient evaluations.",
            scale="log",
            ge=1,
            le=1_000_000,
            soft=(10, 100_000),
        ),
    ] = 500
    budget: Annotated[
        str,
        choice(
            "Budget",
            "What is the same for all: the number of steps, or that of gradient evaluations"
            " (f counts 1, ∇f 1, ∇²f 2).",
            BUDGETS,
        ),
    ] = "steps"
    noise: Annotated[
        float,
        number(
            "Gradient noise",
            "Standard deviation of the noise in each gradient, as by mini-batches; the same for all.",
            symbol="σ",
            ge=0,
            le=1e6,
            soft=(0, 10),
            live=True,
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
        plain(
            "Seed", "The same seed gives the same noise.", kind="seed", more=True, when=lambda c: c.noise > 0
        ),
    ] = 0
    stop: Annotated[
        StopOfRace, plain("End", "Whether the race ends before its last step, and when.", more=True)
    ] = LastStep()
    changes: Changes = ()

    def __post_init__(self) -> None:
        """Refuse a formula that cannot be read, more steps than fit in memory, and impossible changes.

        Raises:
            Problem: for a formula, the value `column` says where.
        """
        super().__post_init__()
        if len(self.racers) * self.steps > MAX_RACER_STEPS:
            most = MAX_RACER_STEPS // len(self.racers)
            raise Problem(
                "With {racers} racers there can be at most {most} steps",
                where="steps",
                racers=len(self.racers),
                most=most,
            )
        check_changes(self)
