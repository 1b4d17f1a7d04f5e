"""The settings of *Gradients ▸ Gallery of mistakes*, and which curves a quiz has."""

from typing import Annotated

import numpy as np

from engine.config import Config, choice, number, plain
from engine.experiments.gradients.mistakes_base import Mistake
from engine.experiments.gradients.mistakes_gradients import LabelTimesError
from engine.experiments.gradients.mistakes_recipe import STEPS
from engine.experiments.gradients.mistakes_table import MISTAKES, AnyMistake
from engine.optimizers.schedules import ConstantRate, Schedule, schedule_field

QUESTIONS = 6  # curves of a quiz


class MistakesConfig(Config, frozen=True):
    """Which mistake is made, and the chance of the data."""

    show: Annotated[
        str,
        choice(
            "Show",
            "One mistake with all its plots, or six unnamed loss curves: which mistake is it?",
            {"one": "One mistake", "quiz": "Quiz"},
        ),
    ] = "one"
    mistake: Annotated[
        AnyMistake,
        plain("Mistake", "The line that is written wrongly.", when=lambda config: config.show == "one"),
    ] = LabelTimesError()
    rate: Annotated[
        float,
        number(
            "Learning rate",
            "Multiplies the learning rate of both trainings.",
            unit="×",
            ge=0.01,
            le=100,
            soft=(0.1, 10),
            scale="log",
        ),
    ] = 1.0
    schedule: Annotated[Schedule, schedule_field()] = ConstantRate()
    seed: Annotated[
        int,
        plain("Seed", "Chooses the examples, the first weights and the order; and the curves.", kind="seed"),
    ] = 0

    @property
    def steps(self) -> int:
        """How many steps a training has: as many for all mistakes."""
        return STEPS


def mistakes_of(config: MistakesConfig) -> tuple[Mistake, ...]:
    """The mistakes whose curves are computed: the chosen one, or those of the quiz."""
    return quiz_of(config.seed) if config.show == "quiz" else (config.mistake,)


def quiz_of(seed: int) -> tuple[Mistake, ...]:
    """Six mistakes, no two of which look alike in a loss curve, in a random order."""
    rng = np.random.default_rng(seed)
    looks: dict[str, str] = {}
    for name in rng.permutation([*MISTAKES]).tolist():
        looks.setdefault(MISTAKES[name].look, name)
    return tuple(MISTAKES[name]() for name in [*looks.values()][:QUESTIONS])
