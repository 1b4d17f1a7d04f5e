"""Optimizers ▸ Conventions: one method in two forms, from the same start on the same surface.

Three paths are recorded at every step: the first form (0), the second with the same numbers (1), and the
second translated (2): `i.x` and `i.y` for each, and for the last two `i.apart`, the distance from the first.
A path that cannot go on is NaN from then on; the others go on.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import asdict

from engine.config import Problem
from engine.experiment import Experiment, Frame
from engine.experiments.optimizers.conventions_config import ConventionsConfig
from engine.experiments.optimizers.conventions_translation import Way, ways
from engine.optimizers.conventions import LookingAhead
from engine.optimizers.equation import Equation
from engine.optimizers.update_rule import GradientRule
from engine.optimizers.walk import Floats, Standing
from engine.pieces import Working
from engine.surfaces.choice import surface_of
from engine.surfaces.surface import Surface
from engine.training import ChunkTraining, chunk_frames

CHUNK = 200  # steps of a frame: some 4 ms
ALL_ENDED = "Neither form could go on."

__all__ = ["EXPERIMENT", "ConventionsConfig", "ConventionsSnapshot", "FormStep", "frames", "step_of"]

Point = tuple[float, float]


class ConventionsSnapshot(NamedTuple):
    """Where the three paths stand; None for one that has ended."""

    standings: tuple[Standing | None, ...]


class FormStep(NamedTuple):
    """A step of one form: where it began, the gradient and the place where that was measured, the end."""

    rule: GradientRule
    before: Point
    measured_at: Point
    gradient: Point
    after: Point
    states: tuple[Any, Any]
    states_after: tuple[Any, Any]

    @property
    def equations(self) -> tuple[Equation, ...]:
        """The equations of the rule; `values` has the numbers for their names."""
        return self.rule.equations

    def values(self, coordinate: int) -> dict[str, Any]:
        """The values of the names in the equations, for x (0) or y (1); the new point is `x_after`."""
        found = self.rule.settings(self.states_after[coordinate].t)
        found |= {f"old_{name}": value for name, value in _quantities(self.states[coordinate]).items()}
        found |= _quantities(self.states_after[coordinate])
        points = {"x": self.before, "gradient": self.gradient, "x_after": self.after}
        return found | {name: point[coordinate] for name, point in points.items()}


def _quantities(state: Any) -> dict[str, Any]:
    """The quantities of a state, and of the one inside it."""
    found = asdict(state)
    inner = found.pop("inner", None)
    return found if inner is None else {**asdict(inner), **found}


def frames(config: ConventionsConfig) -> Iterator[Frame[ConventionsSnapshot] | Working]:
    """Yield the start, then some steps of all three paths at a time."""
    return chunk_frames(ConventionsTraining(config), config, config.steps, CHUNK)


class ConventionsTraining(ChunkTraining[ConventionsSnapshot]):
    """The three paths from one start; a path that cannot go on has no standing."""

    def __init__(self, config: ConventionsConfig) -> None:
        self.config, self.surface, self.ways = config, surface_of(config), ways(config)
        x, y = map(float, config.start)
        states = [(way.rule_at(1).start(x), way.rule_at(1).start(y)) for way in self.ways]
        self.standings: tuple[Standing | None, ...] = tuple(Standing(x, y, state) for state in states)

    def ended(self) -> bool:
        """Whether no path can go on."""
        return all(standing is None for standing in self.standings)

    def start(self) -> Frame[ConventionsSnapshot]:
        """The common start; if f or ∇f is not finite there, no path can begin."""
        x, y = map(float, self.config.start)
        if not np.isfinite([self.surface.value(x, y), *self.surface.gradient(x, y)]).all():
            self.standings = (None, None, None)
        return _frame(0, [np.array([[x], [y]])] * 3, self.standings)

    def chunk(self, first: int, last: int) -> Frame[ConventionsSnapshot]:
        """Take the steps `first` … `last` of all paths, or fewer if all end before `last`."""
        moves = [
            _advanced(self.config, self.surface, way, standing, first, last)
            for way, standing in zip(self.ways, self.standings, strict=True)
        ]
        self.standings = tuple(standing for standing, _ in moves)
        return _frame(first, [path for _, path in moves], self.standings)


def step_of(
    config: ConventionsConfig, kept: int, snapshot: ConventionsSnapshot, step: int, which: int
) -> FormStep | None:
    """Compute step `step` (from 1) of a path again, from a snapshot before it; None if it is not finite."""
    standing, way, surface = snapshot.standings[which], ways(config)[which], surface_of(config)
    if standing is None or not kept < step:
        return None
    for t in range(kept + 1, step):
        taken = _taken(config, surface, way, standing, t)
        if taken is None:
            return None
        standing = Standing(*taken.after, taken.states_after)
    return _taken(config, surface, way, standing, step)


def _taken(
    config: ConventionsConfig, surface: Surface, way: Way, standing: Standing, t: int
) -> FormStep | None:
    """Step t of a path; None where its numbers are not finite."""
    coordinates = [(standing.x, standing.states[0]), (standing.y, standing.states[1])]
    if way.rewrite is not None and t == config.change_at:
        coordinates = [way.rewrite(*one) for one in coordinates]
    (x, of_x), (y, of_y) = coordinates
    rule, place = way.rule_at(t), (x, y)
    try:
        if isinstance(rule, LookingAhead):
            place = rule.look_ahead(x, of_x), rule.look_ahead(y, of_y)
        gradient = surface.gradient(*place)
        new_x, after_x = rule.update(x, gradient[0], of_x)
        new_y, after_y = rule.update(y, gradient[1], of_y)
    except ArithmeticError:  # where arrays give ∞ or NaN, Python floats raise
        return None
    return FormStep(rule, (x, y), place, gradient, (new_x, new_y), (of_x, of_y), (after_x, after_y))


def _advanced(
    config: ConventionsConfig, surface: Surface, way: Way, standing: Standing | None, first: int, last: int
) -> tuple[Standing | None, Floats]:
    """Take the steps `first` … `last`; return the standing after them, and what is drawn, (2, steps)."""
    path, heights = np.full((2, last - first + 1), np.nan), np.full((2, last - first + 1), np.nan)
    for t in range(first, last + 1):
        taken = None if standing is None else _taken(config, surface, way, standing, t)
        if taken is None:
            standing = None
            break
        standing = Standing(*taken.after, taken.states_after)
        heights[:, t - first] = taken.after
        path[:, t - first] = taken.after
        if way.drawn is not None:
            for k, one in enumerate(zip(taken.after, taken.states_after, strict=True)):
                path[k, t - first] = way.drawn(taken.rule, *one)
    with np.errstate(all="ignore"):
        lost = ~np.isfinite([*path, *heights, surface.value(*heights)]).all(axis=0)
    if lost.any():
        path[:, lost.argmax() :], standing = np.nan, None
    return standing, path


def _frame(
    first: int, paths: list[Floats], standings: tuple[Standing | None, ...]
) -> Frame[ConventionsSnapshot]:
    """The frame with the steps from `first` on; if all paths have ended, it is the last of the run."""
    alive = np.isfinite(paths).all(axis=1).any(axis=0)
    ended = all(standing is None for standing in standings)
    count = int(alive.sum()) + 1 if ended and not alive.all() else alive.size
    scalars: dict[str, Floats] = {}
    for index, path in enumerate(paths):
        scalars |= {f"{index}.x": path[0, :count], f"{index}.y": path[1, :count]}
        if index:
            scalars[f"{index}.apart"] = np.hypot(*(path - paths[0]))[:count]
    return Frame(
        first + count - 1, scalars, ConventionsSnapshot(standings), Problem(ALL_ENDED) if ended else None
    )


EXPERIMENT = Experiment(
    name="optimizers.conventions",
    title="Conventions",
    config_type=ConventionsConfig,
    frames=frames,
    last_step=lambda config: config.steps,
    cheap=True,
    recorded=lambda config: 8 * 8 * (config.steps + 1),
)
