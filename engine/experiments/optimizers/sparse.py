"""Optimizers ▸ Sparse features: several optimizers on the same mini-batches of a logistic regression.

All begin at w = 0 and see the same examples. Recorded for racer i at every step: `i.all`, `i.rare` and
`i.common`, the loss on held-out examples: on all, on those with a feature of the rarer half, on the others.
Held-out labels are the true probabilities, so no loss can be below that of the true weights.
"""

import copy
from collections.abc import Iterator
from math import nan
from typing import Annotated, Any, NamedTuple

import numpy as np
from msgspec.structs import asdict

from engine.activations import sigmoid
from engine.config import Config, Problem, number, plain
from engine.experiment import Experiment, Frame
from engine.gradient_check import GradientCheck, check_gradient
from engine.linear.sparse import (
    Array,
    Present,
    Rule,
    draw_examples,
    effective_step,
    gradient,
    loss,
    losses,
    probabilities,
    true_weights,
)
from engine.optimizers.adam import Adam
from engine.optimizers.adaptive import AdaGrad, RMSProp
from engine.optimizers.descent import SGD, Momentum
from engine.pieces import Working
from engine.training import Scalars, Training, training_frames

HELD_OUT = 2000
GROUPS = ("all", "rare", "common")
MOST_RACERS = 8
TOO_LARGE = 1e100  # a weight beyond it counts as diverged
TOO_FAR = "The steps diverged."
# Each has the best learning rate, up to a factor of 2, for the default run (mean of 12 other seeds).
DEFAULT_RACERS = (
    SGD(learning_rate=4.0),
    Momentum(learning_rate=0.4),
    AdaGrad(learning_rate=2.0),
    RMSProp(learning_rate=0.1),
    Adam(learning_rate=0.1),
)


class SparseConfig(Config, frozen=True):
    """The frequencies of the features, and the optimizers."""

    exponent: Annotated[
        float,
        number(
            "Power law",
            "Feature j has probability p₁·j⁻ᵃ; rare features get rarer as a grows.",
            symbol="a",
            ge=0,
            le=3,
        ),
    ] = 1.5
    features: Annotated[int, number("Features", "How many features there are.", ge=4, le=200)] = 40
    batch: Annotated[
        int,
        number(
            "Batch size",
            "How many new examples each step learns from.",
            symbol="B",
            ge=1,
            le=256,
            scale="log",
        ),
    ] = 8
    racers: Annotated[
        tuple[Rule, ...],
        plain(
            "Optimizers",
            "All begin at w = 0 and see the same mini-batches.",
            kind="racers",
            min_length=1,
            max_length=MOST_RACERS,
        ),
    ] = DEFAULT_RACERS
    steps: Annotated[
        int, number("Steps", "How many mini-batches come.", ge=1, le=5000, soft=(10, 2000), scale="log")
    ] = 400
    most: Annotated[
        float,
        number(
            "Most frequent", "The probability of the first feature.", symbol="p₁", ge=0.01, le=0.95, more=True
        ),
    ] = 0.5
    strength: Annotated[
        float,
        number(
            "Weight of a rare feature",
            "The true weight of a feature is c·ln(1/p), up or down.",
            symbol="c",
            gt=0,
            le=10,
            soft=(0.1, 3),
            more=True,
        ),
    ] = 1.0
    seed: Annotated[
        int, plain("Seed", "The same seed gives the same weights and examples.", kind="seed", more=True)
    ] = 0


class SparseData(NamedTuple):
    """The true weights, and the held-out examples."""

    probability: Array  # [features] of being present
    truth: Array  # [features], the true weights
    held_out: Array  # [n, features] of 0 and 1
    answer: Array  # [n] the true probability of a yes
    rare: Present  # [n] whether a feature of the rarer half is present
    best: dict[str, float]  # the loss of the true weights, of each group
    rng: np.random.Generator  # its state after these draws; a run draws its mini-batches from a copy


class SparseSnapshot(NamedTuple):
    """A step with its examples, gradients and states before and after; a row for each racer."""

    weights: Array  # [racers, features]
    steps: Array  # [racers, features] effective steps; NaN before the first gradient
    seen: Array  # [features] in how many examples each was so far
    states: tuple[Any, ...]
    x: Present  # [batch, features] the examples of this step
    y: Present  # [batch] their answers
    gradients: Array  # [racers, features] on them, at the weights before
    weights_before: Array
    states_before: tuple[Any, ...]

    @property
    def step(self) -> int:
        """The number of mini-batches so far; for a run that diverged, the last step with finite weights."""
        return int(self.states[0].t)


def first_rare(features: int) -> int:
    """The rank (from 1) at which the rarer half of the features begins."""
    return features // 2 + 1


def prepare(config: SparseConfig) -> SparseData:
    """Draw the true weights and the held-out examples."""
    rng = np.random.default_rng(config.seed)
    probability = probabilities(config.features, config.exponent, config.most)
    truth = true_weights(probability, config.strength, rng)
    held_out = draw_examples(probability, HELD_OUT, rng).astype(np.float64)
    answer: Array = np.asarray(sigmoid(held_out @ truth), np.float64)
    rare: Present = np.asarray(held_out[:, first_rare(config.features) - 1 :].any(axis=1))
    least = _group_losses(truth[None], held_out, answer, rare)
    best = {group: float(least[group][0]) for group in GROUPS}
    return SparseData(probability, truth, held_out, answer, rare, best, rng)


def _group_losses(weights: Array, held_out: Array, answer: Array, rare: Present) -> dict[str, Array]:
    """The mean loss of each row of weights on each group of examples; NaN for an empty group."""
    each = losses(weights @ held_out.T, answer)
    few = int(rare.sum())
    total, of_rare = each.sum(axis=1), each[:, rare].sum(axis=1)
    unknown = np.full(len(weights), np.nan)
    return {
        "all": total / len(rare),
        "rare": of_rare / few if few else unknown,
        "common": (total - of_rare) / (len(rare) - few) if few < len(rare) else unknown,
    }


class SparseTraining(Training[SparseSnapshot]):
    """All racers, on the same new examples at every step."""

    def __init__(self, config: SparseConfig, data: SparseData) -> None:
        self.config, self.data, self.rng = config, data, copy.deepcopy(data.rng)
        self.shot = _start(config)

    def begin(self) -> Scalars:
        """The losses at w = 0."""
        return self._losses()

    def step(self, step: int, measure: bool) -> Scalars:
        """Draw a mini-batch, and take a step with every racer; if one diverges, all losses are NaN."""
        x = draw_examples(self.data.probability, self.config.batch, self.rng)
        y = self.rng.random(self.config.batch) < sigmoid(x @ self.data.truth)
        shot = _advanced(self.config.racers, self.shot, x, y)
        if not np.abs(shot.weights).max() < TOO_LARGE:
            return dict.fromkeys(self._losses(), nan)
        self.shot = shot
        return self._losses()

    def _losses(self) -> Scalars:
        """The losses of all racers by the names of their scalars."""
        data, racers = self.data, range(len(self.shot.weights))
        found = _group_losses(self.shot.weights, data.held_out, data.answer, data.rare)
        return {f"{i}.{group}": float(found[group][i]) for i in racers for group in GROUPS}

    def snapshot(self) -> SparseSnapshot:
        """The last step with finite weights."""
        return self.shot

    def diverged(self, scalars: Scalars, step: int) -> Problem | None:
        """The problem if the weights of a racer have diverged, else None."""
        return None if self.shot.step == step else Problem(TOO_FAR)


def frames(config: SparseConfig, data: SparseData) -> Iterator[Frame[SparseSnapshot] | Working]:
    """The start, w = 0, and then a frame for each mini-batch."""
    return training_frames(SparseTraining(config, data), config.steps)


def _start(config: SparseConfig) -> SparseSnapshot:
    """All racers at w = 0, before the first mini-batch."""
    shape = len(config.racers), config.features
    nothing = np.zeros(shape)
    states = tuple(rule.start(nothing[0]) for rule in config.racers)
    x, y = np.zeros((0, config.features), bool), np.zeros(0, bool)
    steps = _effective(config.racers, states, config.features)
    return SparseSnapshot(nothing, steps, nothing[0], states, x, y, nothing, nothing, states)


def _advanced(racers: tuple[Rule, ...], now: SparseSnapshot, x: Present, y: Present) -> SparseSnapshot:
    """Take a step with every racer, each with its own gradient on the same examples."""
    gradients = gradient(now.weights, x, y)
    moved = [
        rule.update(w, g, state)
        for rule, w, g, state in zip(racers, now.weights, gradients, now.states, strict=True)
    ]
    weights, states = np.array([w for w, _ in moved]), tuple(state for _, state in moved)
    steps = _effective(racers, states, len(now.seen))
    seen = now.seen + x.sum(axis=0)
    return SparseSnapshot(weights, steps, seen, states, x, y, gradients, now.weights, now.states)


def _effective(racers: tuple[Rule, ...], states: tuple[Any, ...], count: int) -> Array:
    """The effective step of each racer for each of `count` features."""
    return np.array([effective_step(rule, s, count) for rule, s in zip(racers, states, strict=True)])


def values_of(rule: Rule, shot: SparseSnapshot, racer: int, feature: int) -> dict[str, Any]:
    """All numbers in the rule of a step for one feature (from 0), by their names in the equations."""
    values = rule.settings(shot.states[racer].t)
    for prefix, state in (("old_", shot.states_before[racer]), ("", shot.states[racer])):
        for name, value in asdict(state).items():
            values[prefix + name] = float(value[feature]) if isinstance(value, np.ndarray) else value
    values["x"] = float(shot.weights_before[racer, feature])
    values["gradient"] = float(shot.gradients[racer, feature])
    values["x_after"] = float(shot.weights[racer, feature])
    return values


def check(shot: SparseSnapshot, racer: int) -> GradientCheck:
    """Compare a racer's gradient on the mini-batch with finite differences, for the present features."""
    there = np.flatnonzero(shot.x.any(axis=0))
    place, x = shot.weights_before[racer], shot.x.astype(np.float64)
    chosen = there if len(there) else np.arange(1)

    def moved(part: Array) -> float:
        w = place.copy()
        w[chosen] = part
        return loss(w, x, shot.y)

    return check_gradient(moved, shot.gradients[racer][chosen], place[chosen], at_most=8)


EXPERIMENT = Experiment(
    name="optimizers.sparse",
    title="Sparse features",
    config_type=SparseConfig,
    frames=frames,
    last_step=lambda config, data: config.steps,
    prepare=prepare,
)
