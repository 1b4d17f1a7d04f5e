"""The details of one step of one racer: the gradient, the state, and the parts of the step as arrows.

A step of momentum and one of Nesterov have the same three parts, drawn as arrows one after the other:

    momentum   −ηβv          the step by the old velocity alone, from θ
    gradient   −ηg           g is the gradient at θ for momentum, at the look-ahead point θ − ηβv for Nesterov
    step       their sum     from θ to the new θ

Reference: Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import asdict

from engine.experiments.optimizers.race_config import RaceConfig
from engine.experiments.optimizers.race_walk import advanced, begun_at, is_paid, parts_of
from engine.optimizers.descent import AveragedMomentum, Momentum, Nesterov
from engine.optimizers.equation import Equation
from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.line_search import Vector
from engine.optimizers.table import Optimizer
from engine.optimizers.update_rule import GradientRule
from engine.optimizers.walk import Standing, Tilted, taken_over, walk
from engine.surfaces.choice import surface_of

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class RaceSnapshot:
    """The standings of all racers: everything that is needed to continue the run."""

    standings: tuple[Standing, ...]


class RaceArrow(NamedTuple):
    """A vector to draw from `origin`: "gradient", "momentum", "lookahead" (the gradient there) or "step".

    For an average, "iterate" is the step of the point that is averaged.

    `to_scale` says that it is a displacement in the plane; otherwise only its direction has a meaning.
    """

    name: str
    origin: Point
    vector: Point
    to_scale: bool = True


class Anatomy(NamedTuple):
    """A step of momentum or Nesterov in three parts; the gradient was measured at `measured_at`."""

    measured_at: Point
    gradient: Point
    arrows: tuple[RaceArrow, RaceArrow, RaceArrow]


@dataclass(frozen=True)
class RaceInspection:
    """Step `step` of a racer, from `before` to `after` (the points drawn; for Nesterov θ, for ASGD x̄).

    `x` is the point where `gradient` (with the step's noise, `tilt`) was measured, and `x_after` the next
    such point; both differ from `before` and `after` for Nesterov and ASGD only: `looks_ahead` and `averages`
    say so.
    `states` and `states_after` hold one state for each coordinate, or the one of a whole vector.
    `anatomy` has the same step by momentum and by Nesterov, if the racer is one of them. `standing` is what
    the racer goes on from. `number` counts the racer's own steps, fewer in a race of equal evaluations.
    """

    racer: Optimizer
    step: int
    before: Point
    after: Point
    x: Point
    x_after: Point
    gradient: Point
    tilt: Point
    states: tuple[Any, ...]
    states_after: tuple[Any, ...]
    arrows: tuple[RaceArrow, ...]
    anatomy: dict[str, Anatomy]
    standing: Standing
    number: int

    @property
    def equations(self) -> tuple[Equation, ...]:
        """The equations of this step; `values` has the numbers for their names."""
        return self.racer.equations_at(self.step)

    @property
    def looks_ahead(self) -> bool:
        """Whether the gradient was measured at a point ahead of the one that is drawn."""
        return isinstance(self.racer, Nesterov)

    @property
    def averages(self) -> bool:
        """Whether the point that is drawn is an average of the points where gradients were measured."""
        return isinstance(self.racer, ASGD)

    @property
    def stopped(self) -> str:
        """Why the method stopped in this step: a key of `engine.optimizers.newton.STOPS`, or ""."""
        return getattr(self.states_after[0], "stopped", "")

    @property
    def alike(self) -> frozenset[str]:
        """The names of the numbers that are the same for both coordinates."""
        kinds = type(self.states_after[0]).__annotations__
        counted = (name for name, kind in kinds.items() if kind in (int, float))
        return frozenset(self.racer.settings(self.step)) | frozenset(counted)

    def values(self, coordinate: int) -> dict[str, Any]:
        """Return the values of the names in the equations, for x (0) or y (1).

        The new point is `x_after`. For a rule of the whole vector the values are vectors, for both
        coordinates.
        """
        whole = len(self.states) == 1
        points = {"x": self.x, "gradient": self.gradient, "x_after": self.x_after}
        of = 0 if whole else coordinate
        now = {name: np.array(point) if whole else point[coordinate] for name, point in points.items()}
        old = {f"old_{name}": value for name, value in asdict(self.states[of]).items()}
        new: dict[str, Any] = asdict(self.states_after[of])
        return self.racer.settings(self.step) | old | new | now


def inspect(
    config: RaceConfig, snapshot_step: int, snapshot: RaceSnapshot, step: int, racer: int
) -> RaceInspection | None:
    """Compute the step that led racer number `racer` to `step` (from 1) again, from a snapshot before it.

    In a race of equal evaluations `step` is the one at which the racer's own step was complete.
    Returns None if the racer had ended before, or could not take this step.
    """
    surface, start = surface_of(config), snapshot.standings[racer]
    if start.end or not snapshot_step < step:
        return None
    with np.errstate(all="ignore"):
        first = snapshot_step + 1
        before, path = advanced(config, parts_of(config, first, step - 1), racer, surface, start, first)
        begun = begun_at(config, racer, before, step)
        (part,) = parts_of(config, begun, begun)
        rule, earlier, tilt = part.settings.racers[racer], part.before.racers[racer], part.tilts[0]
        if rule != earlier:
            before = taken_over(rule, before)
        after, last = walk(rule, surface, before, part.tilts)
        x, y = np.array(path.x + last.x), np.array(path.y + last.y)
        heights = surface.value(x, y)
    if len(x) < step - snapshot_step or not np.isfinite([x, y, heights]).all():
        return None
    objective = Tilted(surface, tilt)
    gradient = _pair(objective.gradient(np.array([before.x, before.y])))
    anatomy = _anatomy(rule, objective, before)
    own = anatomy[rule.name].arrows if anatomy else _arrows(rule, before, after, gradient)
    return RaceInspection(
        racer=rule,
        step=step,
        before=before.position,
        after=after.position,
        x=(before.x, before.y),
        x_after=(after.x, after.y),
        gradient=gradient,
        tilt=_pair(tilt),
        states=before.states,
        states_after=after.states,
        arrows=own,
        anatomy=anatomy,
        standing=after,
        number=after.states[0].t if is_paid(config, racer) else step,
    )


def _anatomy(rule: Optimizer, objective: Tilted, before: Standing) -> dict[str, Anatomy]:
    """The step by momentum and by Nesterov, from the same point with the same velocity."""
    if not isinstance(rule, Momentum | AveragedMomentum | Nesterov):
        return {}
    own = "averaged_momentum" if isinstance(rule, AveragedMomentum) else "momentum"
    weight = 1.0
    if isinstance(rule, AveragedMomentum):
        if rule.bias_correction:
            return {}
        weight = 1 - rule.beta
    velocity, here = np.array([state.velocity for state in before.states]), np.array(before.position)
    step = before.states[0].t + 1
    # Nesterov's look-ahead point was made with the learning rate of the step before.
    looked_ahead = step - 1 if isinstance(rule, Nesterov) and step > 1 else step
    momentum = -rule.rate(looked_ahead) * rule.beta * velocity
    parts = {}
    for name, measured_at in ((own, here), ("nesterov", here + momentum)):
        gradient = objective.gradient(measured_at)
        descent = -rule.rate(step) * weight * gradient
        parts[name] = Anatomy(
            _pair(measured_at),
            _pair(gradient),
            (
                RaceArrow("momentum", _pair(here), _pair(momentum)),
                RaceArrow(
                    "lookahead" if name == "nesterov" else "gradient", _pair(here + momentum), _pair(descent)
                ),
                RaceArrow("step", _pair(here), _pair(momentum + descent)),
            ),
        )
    return parts


def _arrows(rule: Optimizer, before: Standing, after: Standing, gradient: Point) -> tuple[RaceArrow, ...]:
    """Return the negative gradient, the direction of the running mean, and the step of the point drawn.

    Where that is an average, the step of the point where the gradient was measured is an arrow of its own.
    """
    here = (before.x, before.y)
    arrows = [RaceArrow("gradient", here, (-gradient[0], -gradient[1]), to_scale=False)]
    if isinstance(rule, GradientRule) and hasattr(after.states[0], "mean_hat"):
        mean = [-state.mean_hat for state in after.states]
        arrows.append(RaceArrow("momentum", here, (mean[0], mean[1]), to_scale=False))
    if isinstance(rule, ASGD):
        arrows.append(RaceArrow("iterate", here, (after.x - before.x, after.y - before.y)))
    (x, y), (to_x, to_y) = before.position, after.position
    return (*arrows, RaceArrow("step", (x, y), (to_x - x, to_y - y)))


def _pair(vector: Vector) -> Point:
    """The two entries of a vector."""
    x, y = vector.tolist()
    return x, y
