"""Right and wrong side by side: pairs of trainings from the same start, with the same batches.

After each step the loss of each training is measured, and the one scalar in which its mistake shows. A
training whose weights are NaN has ended; the other one goes on.
"""

from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np

from engine.activations import Array
from engine.config import Problem
from engine.experiments.gradients.mistakes_config import MistakesConfig, mistakes_of
from engine.experiments.gradients.mistakes_recipe import Recipe, Scalars
from engine.optimizers.schedules import Schedule
from engine.optimizers.trainer import Learner
from engine.pieces import WORKING, Pieces
from engine.training import Training

SIDES = ("right", "wrong")
NAN = float("nan")


@dataclass(frozen=True, eq=False)
class MistakesData:
    """The recipes of a run: for each mistake the right one and the wrong one."""

    pairs: tuple[tuple[Recipe, Recipe], ...]


@dataclass(frozen=True, slots=True, eq=False)
class RecipeState:
    """Where a training is after a step; its arrays are never changed."""

    theta: Array
    memory: Any
    step: int


@dataclass(frozen=True, slots=True, eq=False)
class PairSnapshot:
    """Where the first pair is; of the others only the scalars are kept."""

    right: RecipeState
    wrong: RecipeState


def prepare(config: MistakesConfig) -> Pieces[MistakesData]:
    """Make the examples, the first weights and the order of each pair."""
    pairs = []
    for mistake in mistakes_of(config):
        recipes = mistake.recipes(config.seed)
        pairs.append(tuple(with_rate(recipe, config.rate, config.schedule) for recipe in recipes))
        yield WORKING
    return MistakesData(tuple((right, wrong) for right, wrong in pairs))


def with_rate(recipe: Recipe, factor: float, schedule: Schedule) -> Recipe:
    """The same recipe with a learning rate that many times as large, which follows the schedule."""
    rate = factor * recipe.rule.learning_rate
    rule = msgspec.structs.replace(recipe.rule, learning_rate=rate, schedule=schedule)
    return replace(recipe, rule=rule)


class OneTraining:
    """A recipe that is followed, step by step."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe, self.learner = recipe, Learner(recipe.rule, recipe.start)
        self.memory: Any = None
        self.taken = 0
        self.scalars = recipe.measure(recipe.start, None) | {"moved": NAN, "norm": NAN}

    def step(self) -> None:
        """Take a step and measure; once a weight is NaN everything stays so."""
        before, self.taken = self.learner.theta, self.taken + 1
        if not np.isfinite(before).all():
            return
        gradient, self.memory = self.recipe.update(before, self.taken, self.memory)
        self.learner.step(gradient)
        moved = (self.learner.theta - before) / self.recipe.rule.learning_rate
        lengths = {"moved": root_mean_square(moved), "norm": float(np.linalg.norm(gradient))}
        if np.isfinite(self.learner.theta).all():
            self.scalars = self.recipe.measure(self.learner.theta, self.memory) | lengths
        else:
            self.scalars = dict.fromkeys(self.scalars, NAN)

    @property
    def state(self) -> RecipeState:
        """Where it is."""
        return RecipeState(self.learner.theta, self.memory, self.taken)


def root_mean_square(values: Array) -> float:
    """The square root of the mean of the squares."""
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))


class MistakesTraining(Training[PairSnapshot]):
    """All pairs of a run.

    Recorded of one mistake: `right.loss`, `wrong.loss`, and the scalar of its symptom. Of a quiz, the loss of
    each pair: `1.right.loss`, `1.wrong.loss`, and so on.
    """

    def __init__(self, config: MistakesConfig, data: MistakesData) -> None:
        self.mistakes, self.quiz = mistakes_of(config), config.show == "quiz"
        self.pairs = [tuple(map(OneTraining, pair)) for pair in data.pairs]

    def begin(self) -> Scalars:
        """Measure the first weights."""
        return self._scalars()

    def step(self, step: int, measure: bool) -> Pieces[Scalars]:
        """A step of every training; a pause after each pair."""
        for pair in self.pairs:
            for one in pair:
                one.step()
            yield WORKING
        return self._scalars()

    def _scalars(self) -> Scalars:
        """The scalars of every pair by their names."""
        found: Scalars = {}
        for k, (mistake, pair) in enumerate(zip(self.mistakes, self.pairs, strict=True), start=1):
            names = (mistake.curve,) if self.quiz else dict.fromkeys((mistake.curve, mistake.symptom))
            for side, one in zip(SIDES, pair, strict=True):
                who = f"{k}.{side}" if self.quiz else side
                found |= {f"{who}.{'loss' if self.quiz else name}": one.scalars[name] for name in names}
        return found

    def snapshot(self) -> PairSnapshot:
        """Where the first pair is."""
        right, wrong = self.pairs[0]
        return PairSnapshot(right.state, wrong.state)

    def diverged(self, scalars: Scalars, step: int) -> Problem | None:
        """Never: a wrong training that ends in NaN is shown, and the right one goes on."""
        return None
