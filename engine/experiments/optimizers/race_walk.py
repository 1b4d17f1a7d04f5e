"""How far a racer gets: with settings that change meanwhile, counted in steps or in gradient evaluations.

With the budget "steps", all racers take one step at each tick of the race. With the budget "evaluations", a
tick is one gradient evaluation: a rule that needs one gradient still takes a step at each tick; a method
whose step costs more stays where it is until its next step is complete (`engine.optimizers.walk_by_price`).
"""

from functools import partial
from typing import Any, NamedTuple

from engine.changes import config_at, spans
from engine.experiments.optimizers.race_config import RaceConfig
from engine.optimizers.newton import ObjectiveRule
from engine.optimizers.walk import Floats, Standing, WalkPath, noise, taken_over, walk
from engine.optimizers.walk_by_price import price_of, walk_by_price
from engine.surfaces.surface import Surface


class RacePart(NamedTuple):
    """Steps with the same settings: these settings, those of the step before, the noise of each step."""

    settings: RaceConfig
    before: RaceConfig
    tilts: Floats  # [steps, 2]


def parts_of(config: RaceConfig, first: int, last: int) -> list[RacePart]:
    """The steps `first` … `last` of a race, divided where a setting changes."""
    return [
        RacePart(
            span.settings,
            config_at(config, span.first - 1) if config.changes else config,
            noise(span.settings.noise, config.seed, span.first, span.last),
        )
        for span in spans(config, first, last)
    ]


def advanced(
    config: RaceConfig, parts: list[RacePart], racer: int, surface: Surface, standing: Standing, first: int
) -> tuple[Standing, WalkPath]:
    """A racer's standing after the ticks of all parts, from the tick `first` on, and the path."""
    if is_paid(config, racer):
        last = first - 1 + sum(len(part.tilts) for part in parts)
        return walk_by_price(surface, standing, first, last, partial(_in_force, config, racer))
    return walked(parts, racer, surface, standing)


def is_paid(config: RaceConfig, racer: int) -> bool:
    """Whether a racer's steps take several ticks of the race: each has its price."""
    return config.budget == "evaluations" and isinstance(config.racers[racer], ObjectiveRule)


def begun_at(config: RaceConfig, racer: int, before: Standing, tick: int) -> int:
    """The tick at which a racer began the step that was complete at `tick`, and led on from `before`."""
    return price_of(before) + 1 if is_paid(config, racer) else tick


def _in_force(config: RaceConfig, racer: int, tick: int) -> tuple[Any, Floats]:
    """The rule of a racer and the noise, for a step that begins at a tick."""
    settings = config_at(config, tick) if config.changes else config
    return settings.racers[racer], noise(settings.noise, config.seed, tick, tick)[0]


def walked(
    parts: list[RacePart], racer: int, surface: Surface, standing: Standing
) -> tuple[Standing, WalkPath]:
    """Take all steps of the parts with a racer, or as many as it can; its standing then, and the path."""
    path = WalkPath([], [], [], "")
    for settings, before, tilts in parts:
        rule = settings.racers[racer]
        if rule != before.racers[racer]:
            standing = taken_over(rule, standing)
        standing, more = walk(rule, surface, standing, tilts)
        path = WalkPath(path.x + more.x, path.y + more.y, path.calls + more.calls, more.why)
        if len(more.x) < len(tilts):
            break
    return standing, path
