"""The run of an optimizer, counted in evaluations: where is it after 1, 2, 3, … gradient evaluations?

A rule with one gradient takes one step for each evaluation, as in `engine.optimizers.walk`. A step of a line
search or of Newton's method has a higher price (`engine.optimizers.evaluations`). Until a step is complete,
the racer stays where it was:

    evaluations   0   1   2   3   4   5   6   7   …
    Newton        x₀  x₀  x₀  x₁  x₁  x₁  x₂  x₂  …        one gradient and one Hessian: 1 + 2

A racer that has stopped needs no more evaluations, and stays.
"""

from collections.abc import Callable

from engine.optimizers.newton import ObjectiveRule
from engine.optimizers.walk import Floats, Standing, WalkPath, vector_step
from engine.surfaces.surface import Surface

RuleAt = Callable[[int], tuple[ObjectiveRule, Floats]]


def price_of(standing: Standing) -> int:
    """The price of a racer's run so far, in gradient evaluations."""
    return int(standing.states[0].calls.price())


def walk_by_price(
    surface: Surface, standing: Standing, first: int, last: int, in_force: RuleAt
) -> tuple[Standing, WalkPath]:
    """Where a racer is after each of the evaluations `first` … `last`, and its standing after the last one.

    `in_force` returns the rule and the noise, shape (2,), of the step that begins with an evaluation. A step
    that is not complete by the last one is not in the standing: the next walk begins it again.
    """
    path = WalkPath([], [], [], "")
    while price_of(standing) < last:
        rule, tilt = in_force(price_of(standing) + 1)
        if standing.states[0].stopped and not tilt.any():
            break
        after, why = vector_step(rule, surface, standing, tilt, bool(tilt.any()))
        if why:
            _stay(path, standing, price_of(standing) - first + 1)
            return standing, path._replace(why=why)
        if price_of(after) > last:
            break
        _stay(path, standing, price_of(after) - first)
        standing = after
    _stay(path, standing, last - first + 1)
    return standing, path


def _stay(path: WalkPath, standing: Standing, until: int) -> None:
    """Repeat the racer's position, until there are this many entries."""
    times = max(until - len(path.x), 0)
    x, y = standing.position
    path.x.extend([x] * times)
    path.y.extend([y] * times)
    path.calls.extend([standing.states[0].calls] * times)
