"""Scripts of *Fit Q to P* with all rules, starts, bases, ends and changes."""

from itertools import cycle
from typing import get_args

import pytest

from engine.changes import Change
from engine.config import Problem
from engine.experiments.entropy.fit_config import FitConfig, RandomStart, TypedStart, UniformStart
from engine.information.shaped_distribution import Distribution
from engine.optimizers.adam import Adam, AdamW
from engine.optimizers.adam_relatives import Lion
from engine.optimizers.descent import SGD, Momentum, Nesterov
from engine.optimizers.resilient import Rprop
from engine.optimizers.schedules import SCHEDULES, ExponentialDecay
from engine.optimizers.table import FirstOrder
from engine.scripts.table import script_of
from engine.stop_rules import KLBelow, TimeIsUp
from tests.engine.scripts.running import FRAMEWORKS, hold

SCHEDULE = cycle(kind(warmup_steps=2) for kind in SCHEDULES.values())
BASE = cycle(("2", "e", "10"))
ZERO = Distribution((0.5, 0.5, 0.0))


def fitted(**settings):
    return "entropy.fit", FitConfig(**{"steps": 40, **settings})


RUNS = [
    *(fitted(optimizer=kind(schedule=next(SCHEDULE)), base=next(BASE)) for kind in get_args(FirstOrder)),
    *(fitted(optimizer=kind(learning_rate=0.3)) for kind in get_args(FirstOrder)),
    fitted(p=ZERO, start=UniformStart(), base="2"),
    fitted(p=ZERO, start=TypedStart((1000.0, -1000.0)), js=False, squared_error=False),
    fitted(kl=False, cross_entropy=False, reverse_kl=False, js=False, base="10"),
    fitted(p=Distribution((1.0,)), start=RandomStart(3.0), seed=5),
    *(fitted(start=UniformStart(), optimizer=rule(learning_rate=0.1)) for rule in (Adam, Lion, Rprop)),
    fitted(stop=KLBelow(0.05)),
    fitted(stop=KLBelow(0.5), changes=(Change(20, "optimizer.learning_rate", 0.5),)),
    fitted(optimizer=SGD(decay=0.1, learning_rate=2.0), stop=KLBelow(1e-6)),
    fitted(
        optimizer=Momentum(learning_rate=0.1),
        changes=(Change(7, "optimizer.learning_rate", 0.2), Change(20, "optimizer.beta", 0.5)),
    ),
    fitted(optimizer=Momentum(beta=0.0), changes=(Change(7, "optimizer.beta", 0.9),)),
    fitted(optimizer=Nesterov(), changes=(Change(9, "optimizer.beta", 0.5),)),
    fitted(optimizer=Adam(learning_rate=0.1), changes=(Change(9, "optimizer.beta2", 0.9),)),
    fitted(
        optimizer=Nesterov(schedule=ExponentialDecay()),
        changes=(Change(12, "optimizer.learning_rate", 0.2),),
    ),
]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_scripts_of_fit_give_the_numbers_of_their_runs(framework, tmp_path):
    hold(RUNS, framework, tmp_path, kept=False)


def test_what_a_script_of_fit_cannot_repeat_is_refused_with_the_reason():
    for settings, reason in (
        ({"stop": TimeIsUp()}, "time is up"),
        ({"p": ZERO, "cross_entropy": False, "kl": False, "js": False, "squared_error": False}, "∞"),
        ({"optimizer": AdamW(learning_rate=3.0, weight_decay=1.0)}, "weight decay"),
        ({"changes": (Change(5, "optimizer.schedule", {"kind": "cosine"}),)}, "step 5"),
    ):
        with pytest.raises(Problem, match=reason):
            script_of(*fitted(**settings))
