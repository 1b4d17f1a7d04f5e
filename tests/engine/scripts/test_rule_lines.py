"""The lines of a rule in a script move weights in float32 as the rule itself does, to the last bit."""

import math
from typing import get_args

import msgspec
import numpy as np
import pytest

from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.schedules import SCHEDULES
from engine.optimizers.table import FirstOrder
from engine.scripts.rules import rule_lines

RULES = get_args(FirstOrder)


@pytest.mark.parametrize("kind", RULES)
def test_the_lines_of_a_rule_take_its_steps_in_float32(kind):
    for schedule in SCHEDULES.values():
        rule = msgspec.structs.replace(kind(), schedule=schedule(warmup_steps=3))
        if kind is ASGD:
            rule = msgspec.structs.replace(rule, learning_rate=1.0, averaging_start=20)
        lines = rule_lines(rule, x="theta")
        rng = np.random.default_rng(0)
        theta = rng.normal(size=60).astype(np.float32)
        names = {"np": np, "math": math, "theta": theta, **lines.settings}
        exec("\n".join(lines.start), names)  # noqa: S102
        step = compile("\n".join(lines.step), kind.__name__, "exec")
        state = rule.start(theta)
        for t in range(1, 30):
            gradient = (rng.normal(size=60) * 10.0 ** rng.integers(-6, 2, 60)).astype(np.float32)
            exec(step, names | {"t": t, "gradient": gradient}, kept := {})  # noqa: S102
            names |= kept
            theta, state = rule.update(theta, gradient, state)
            assert names["theta"].dtype == np.float32
            np.testing.assert_array_equal(names["theta"], theta, str(schedule))
            if kind is ASGD:
                np.testing.assert_array_equal(names["position"], state.position)
