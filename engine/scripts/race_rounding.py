"""How many steps of each racer have the same numbers with other rounding, as in PyTorch.

The race is computed some times more, with learning rates or from starts that differ in their last digits.
Where the paths of a racer part, it is chaotic: it jumps between valleys or over kinks.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.experiment import Frame
from engine.experiments.optimizers.race import frames
from engine.experiments.optimizers.race_config import RaceConfig
from engine.optimizers.line_search_methods import LBFGS, ConjugateGradient
from engine.optimizers.newton import ObjectiveRule
from engine.optimizers.update_rule import GradientRule
from engine.scripts.rounding import last_same

Path = NDArray[np.float64]  # x, y and f of a racer, shape (3, steps)
WAYS = ((1, -1), (-1, 1), (1, 1), (-1, -1))
NUDGE = 1e-14  # relative: some fifty times a rounding error
SAME, NEAR_ZERO = 1e-6, 1e-9
LAST_DIGITS = 1e-14  # relative, of f: as in the scripts
MOST = 5000  # steps that are compared; a path that is the same until there is not chaotic


def last_repeatable(config: RaceConfig) -> list[int]:
    """The last step of each racer until which its paths agree; the last of the race if they always do."""
    steps = min(config.steps, MOST)
    changes = tuple(change for change in config.changes if change.step < steps)
    exact = msgspec.structs.replace(config, steps=steps, changes=changes)
    path = _paths(exact)
    lasts = [
        _until_last_digits(one, config.steps) if isinstance(rule, LBFGS | ConjugateGradient) else config.steps
        for one, rule in zip(path, config.racers, strict=True)
    ]
    searching = [isinstance(rule, ObjectiveRule) for rule in config.racers]
    others = [(False, _other_rates(exact, sign)) for sign in (1, -1) if not all(searching)]
    others += [(True, _other_start(exact, *way)) for way in WAYS if any(searching)]
    for of_search, other in others:
        for index, found in enumerate(_paths(other)):
            if of_search == searching[index]:
                last = last_same(path[index].T, found.T, SAME, NEAR_ZERO)
                lasts[index] = lasts[index] if last is None else min(lasts[index], last)
    return lasts


def _until_last_digits(path: Path, last: int) -> int:
    """The step after which f falls only in its last digits; `last` if the racer stays there.

    What a line search does then depends on how f is rounded.
    """
    moved = (np.diff(path[:2], axis=1) != 0).any(axis=0)
    tiny = moved & (-np.diff(path[2]) <= LAST_DIGITS * (1 + np.abs(path[2, :-1])))
    if not tiny.any():
        return last
    step = int(tiny.argmax())
    stays = np.isclose(path[:, step:], path[:, [step]], SAME, NEAR_ZERO).all()
    return last if stays else step


def _other_rates(config: RaceConfig, sign: int) -> RaceConfig:
    """The race with other learning rates: a slope that is exactly 0 in every rounding stays 0."""
    factor = 1 + sign * NUDGE
    racers = (
        msgspec.structs.replace(rule, learning_rate=rule.learning_rate * factor)
        if isinstance(rule, GradientRule)
        else rule
        for rule in config.racers
    )
    return msgspec.structs.replace(config, racers=tuple(racers))


def _other_start(config: RaceConfig, along_x: int, along_y: int) -> RaceConfig:
    """The race from another start, for methods without a learning rate."""
    x, y = config.start
    start = x + along_x * NUDGE * (abs(x) or 1.0), y + along_y * NUDGE * (abs(y) or 1.0)
    return msgspec.structs.replace(config, start=start)


def _paths(config: RaceConfig) -> list[Path]:
    """The path of each racer."""
    scalars = [frame.scalars for frame in frames(config, ()) if isinstance(frame, Frame)]
    return [
        np.array(
            [
                np.concatenate([np.atleast_1d(part[f"{index}.{name}"]) for part in scalars])
                for name in ("x", "y", "f")
            ]
        )
        for index in range(len(config.racers))
    ]
