"""How many steps of a run have the same numbers with other rounding, as in PyTorch.

A run is computed once more, with a slightly smaller learning rate and a slightly other start. As long as a
small difference stays small, rounding errors do too. With long steps some descents are chaotic: every step
multiplies small differences. And a rule that divides by the size of the gradient makes a step even from one
that is only rounding.

`chaos` does the same with noise at every step, for losses with exploding gradients; `race_rounding` and
`newton` compare whole paths. `vanishing` is about another thing: numbers that are 0 in float32 only.

Reference: Metz, Freeman, Schoenholz & Kachman, "Gradients are not all you need" (2021).
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.config import Config, Problem
from engine.experiment import Experiment, Frame
from engine.scripts.writer import ScriptWriter

Numbers = NDArray[np.floating[Any]]
NUDGE = 1e-13  # relative change of the learning rate, some hundred times a rounding error
SAME = 1e-7  # relative difference of the numbers of a step
NEAR_ZERO = 1e-12
TINY = 1e-16  # of a coordinate: as large as a rounding error
MOST = 2000  # steps that are computed; a run that is repeatable so far counts as repeatable
CHAOTIC = "Rounding makes this descent another one in PyTorch from its first step on: it is chaotic"
ENDS_EARLY = (
    "With steps of this length, descent is chaotic: small differences grow at every step. PyTorch rounds in"
    " another way, so the run ends where its numbers would no longer be those of Nabla; in NumPy it has all"
    " steps"
)


def steps_in_torch(script: ScriptWriter, experiment: Experiment[Any, Any], config: Any, data: Any) -> int:
    """How many of its steps a run has in a script of this framework; where not all, a note says why.

    Raises:
        Problem: it has none.
    """
    steps: int = config.steps
    if script.framework == "numpy":
        return steps
    last = repeatable(experiment, config, data)
    if last is None:
        return steps
    if last < 1:
        raise Problem(CHAOTIC)
    script.note(script.tr(ENDS_EARLY))
    return last


def repeatable(experiment: Experiment[Any, Any], config: Any, data: Any) -> int | None:
    """The last step until which a run has the same numbers with other rounding; None if it always has."""
    exact, other = (_scalars(experiment, one, data) for one in (config, nudged(config)))
    for step, (numbers, others) in enumerate(islice(zip(exact, other, strict=False), MOST + 1)):
        with np.errstate(invalid="ignore"):
            apart = np.abs(numbers - others) > SAME * np.abs(numbers) + NEAR_ZERO
        if apart.any():
            return step - 1
    return None


def last_same(exact: Numbers, other: Numbers, same: float, near_zero: float) -> int | None:
    """The last step until which two runs have the same numbers, [steps, numbers]; None if they always have.

    Allowed are the relative difference `same` and the absolute one `near_zero`; NaN is the same as NaN.
    Of the longer run as many steps are compared as the other has.
    """
    count = min(len(exact), len(other))
    apart = ~np.isclose(other[:count], exact[:count], same, near_zero, equal_nan=True).all(axis=1)
    return int(apart.argmax()) - 1 if apart.any() else None


def nudged(config: Config) -> Config:
    """The same settings with slightly smaller learning rates and another start."""
    values: dict[str, Any] = {}
    for name in config.__struct_fields__:
        value = getattr(config, name)
        if name == "learning_rate":
            values[name] = value * (1 - NUDGE)
        elif name == "optimizer":
            values[name] = nudged(value)
        elif name == "racers":
            values[name] = tuple(map(nudged, value))
        elif name == "start" and isinstance(value, tuple):
            values[name] = tuple(float(x) * (1 - NUDGE) + TINY * k for k, x in enumerate(value, 1))
    return msgspec.structs.replace(config, **values)


def _scalars(experiment: Experiment[Any, Any], config: Any, data: Any) -> Iterator[np.ndarray]:
    """All numbers of each step."""
    for frame in experiment.run(config, data):
        if isinstance(frame, Frame):
            yield from np.atleast_2d(np.array([*frame.scalars.values()], np.float64).T)
