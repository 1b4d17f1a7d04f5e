"""Scripts of *Dying ReLU* with all activations, first weights, rules, perturbations, ends and changes."""

from itertools import cycle
from typing import get_args

import msgspec
import pytest

from engine.changes import Change
from engine.config import Problem
from engine.experiments.gradients.dying_relu_config import (
    FAMILY,
    POINT_SETS,
    BiasKick,
    DyingReluConfig,
    RateKick,
)
from engine.networks.initializers import INITIALIZERS
from engine.optimizers.adam import Adam
from engine.optimizers.descent import Momentum
from engine.optimizers.schedules import SCHEDULES, ExponentialDecay
from engine.optimizers.table import FirstOrder
from engine.scripts.table import script_of
from engine.stop_rules import LossBelow, TimeIsUp
from tests.engine.scripts.running import FRAMEWORKS, hold

DATA, LAYERS, BIAS = cycle(POINT_SETS), cycle((1, 2, 3)), cycle((0.0, -0.5, 0.3))
SCHEDULE = cycle(kind(warmup_steps=2) for kind in SCHEDULES.values())
KICK = cycle((RateKick(5, 4.0), BiasKick(7, 6, 1.5), RateKick(1, 0.5)))


def dying(**settings):
    few = {"points": 50, "batch_size": 8, "steps": 20, "width": 6, "data": next(DATA), "layers": next(LAYERS)}
    return "gradients.dying_relu", DyingReluConfig(**{**few, "initial_bias": next(BIAS), **settings})


FIRST = [name for name in INITIALIZERS if name != "zeros"]
ZEROS = [dying(initializer="zeros", activation="elu")]
RUNS = [
    *(
        dying(optimizer=msgspec.structs.replace(kind(), schedule=next(SCHEDULE)), kick=next(KICK))
        for kind in get_args(FirstOrder)
    ),
    *(dying(activation=name, initializer=first) for name, first in zip(FAMILY, FIRST, strict=False)),
    dying(optimizer=Momentum(), kick=RateKick(4, 9.0), changes=(Change(3, "optimizer.learning_rate", 0.02),)),
    dying(optimizer=Momentum(), kick=RateKick(4, 9.0), changes=(Change(2, "optimizer.beta", 0.5),), layers=6),
    dying(
        optimizer=Adam(schedule=ExponentialDecay()),
        changes=(Change(3, "batch_size", 5), Change(9, "optimizer.beta1", 0.5)),
        kick=RateKick(9, 3.0),
    ),
    dying(stop=LossBelow(1.0), data="blobs", batch_size=500, steps=40),
    dying(stop=LossBelow(5.0), changes=(Change(6, "batch_size", 5),)),
]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_scripts_of_dying_relu_give_the_numbers_of_their_runs(framework, tmp_path):
    hold([*RUNS, *(ZEROS if framework == "numpy" else ())], framework, tmp_path, kept=False)


def test_what_a_script_of_dying_relu_cannot_repeat_is_refused_with_the_reason():
    for settings, reason in (
        ({"stop": TimeIsUp()}, "time is up"),
        ({"changes": (Change(5, "optimizer.schedule", {"kind": "cosine"}),)}, "step 5"),
    ):
        with pytest.raises(Problem, match=reason):
            script_of(*dying(**settings))
    with pytest.raises(Problem, match="rounding"):
        script_of(*ZEROS[0], "torch")
