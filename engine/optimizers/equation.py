"""One line of a rule as it is shown: in LaTeX, and as arithmetic whose names have numbers at each step."""

from collections.abc import Callable
from typing import Any, NamedTuple

from engine.config import When, always


def at_every_step(rule: Any, t: int) -> bool:
    """True."""
    return True


class Equation(NamedTuple):
    """One line of a rule: `result` = `numbers`.

    The first line of momentum, v ← β v + g, is the arithmetic ``beta*old_velocity + gradient``
    (`numbers`) with the `result` ``velocity``.

    `latex` is the line in LaTeX. `numbers` is the same line as arithmetic (with `max`, `min`, `floor`, `cos`,
    `sign`, π, and `@` for vectors). It uses the hyperparameters, `x` and `gradient` before the step, `t` from
    1, and the fields of the state: after the step, or with the prefix `old_` before it. It is empty if the
    line stands for a whole procedure. `result` is the name that is computed, or "x". `when` says for which
    hyperparameters the line is part of the rule, and `at` in which steps.
    """

    latex: str
    numbers: str
    result: str
    when: When = always
    at: Callable[[Any, int], bool] = at_every_step
