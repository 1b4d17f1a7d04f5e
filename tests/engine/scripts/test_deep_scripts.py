"""Scripts of *Deep network* with all activations, first weights, normalisations, rules, ends and changes."""

from itertools import cycle
from typing import get_args

import msgspec
import pytest

from engine.activations import ACTIVATIONS
from engine.changes import Change
from engine.config import Problem
from engine.experiments.gradients.deep_network_config import DRAWN, POINT_SETS, Alone, Beside, DeepConfig
from engine.optimizers.adam import Adam
from engine.optimizers.adam_scales import AdaBelief
from engine.optimizers.muon import Muon
from engine.optimizers.resilient import Rprop
from engine.optimizers.schedules import SCHEDULES, StepDecay
from engine.optimizers.table import FirstOrder
from engine.scripts.table import script_of
from engine.stop_rules import HeldOutRises, LossBelow, TimeIsUp
from tests.engine.scripts.running import FRAMEWORKS, hold

SCHEDULE = cycle(kind(warmup_steps=2) for kind in SCHEDULES.values())
ACTIVATION, DATA, INITIALIZER = cycle(ACTIVATIONS), cycle(POINT_SETS), cycle(DRAWN)
NORMALIZATION, SHAPE = cycle(("none", "batch", "layer")), cycle(("normal", "uniform"))
FADING = {"activation": "sigmoid", "beside": Alone(), "depth": 20, "spread": 0.05}


def deep(**settings):
    few = {"depth": 3, "width": 6, "steps": 24, "data": next(DATA), "batch_size": 16, "activation": "tanh"}
    return "gradients.deep_network", DeepConfig(**{**few, "initializer": "xavier", **settings})


def varied(rule):
    beside = Beside(next(ACTIVATION), next(INITIALIZER), 0.4, next(NORMALIZATION), True, next(SHAPE), 0.9)
    return deep(
        optimizer=msgspec.structs.replace(rule, schedule=next(SCHEDULE)),
        normalization=next(NORMALIZATION),
        beside=beside,
    )


RUNS = [
    *(varied(kind()) for kind in get_args(FirstOrder)),
    varied(Muon()),
    deep(optimizer=Muon(method="svd", weight_decay=0.1), beside=Beside(residual=True)),
    *(deep(activation=name, beside=Alone(), initializer=next(INITIALIZER)) for name in ACTIVATIONS),
    deep(**FADING),
    deep(**{**FADING, "residual": True, "gain": 0.5}),
    deep(**{**FADING, "activation": "tanh", "clipping": "norm", "clip_at": 1e-3}),
    deep(clipping="norm", clip_at=0.1, batch_size=512, normalization="batch", seed=3),
    deep(clipping="value", clip_at=0.01, changes=(Change(5, "clip_at", 0.1), Change(9, "batch_size", 20))),
    deep(
        optimizer=Adam(learning_rate=0.01),
        changes=(Change(5, "optimizer.beta1", 0.5), Change(9, "optimizer.beta2", 0.9)),
    ),
    deep(stop=LossBelow(0.69), optimizer=Adam(learning_rate=0.01), steps=60),
    deep(stop=LossBelow(0.69), changes=(Change(15, "batch_size", 8),), steps=60),
    deep(stop=HeldOutRises(1), optimizer=Adam(learning_rate=0.5), steps=100, beside=Alone()),
]
ONLY_NUMPY = [  # in float64 these are other runs
    deep(**{**FADING, "activation": "relu", "initializer": "given", "spread": 0.001}),
    deep(**FADING, initializer="given", optimizer=Rprop()),
    deep(  # at step 16 only the gradient of the first weights is scaled up, not ∂L/∂a of the first layer
        depth=8,
        width=9,
        activation="leaky_relu",
        residual=True,
        gain=1.4,
        seed=34,
        data="circles",
        batch_size=2,
        clipping="norm",
        clip_at=0.01,
        beside=Alone(),
        optimizer=AdaBelief(learning_rate=0.00013, schedule=StepDecay(warmup_steps=3)),
    ),
    deep(initializer="given", spread=30.0, depth=30, activation="relu", optimizer=Adam(learning_rate=1.0)),
    deep(initializer="given", spread=8.0, depth=30, activation="relu", clipping="norm"),
]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_scripts_of_deep_networks_give_the_numbers_of_their_runs(framework, tmp_path):
    hold(RUNS, framework, tmp_path, kept=False)


def test_scripts_of_networks_that_vanish_or_explode_in_float32(tmp_path):
    hold(ONLY_NUMPY, "numpy", tmp_path, kept=False)


def test_what_a_script_of_deep_networks_cannot_repeat_is_refused_with_the_reason():
    for settings, reason in (
        ({"stop": TimeIsUp()}, "time is up"),
        ({"changes": (Change(5, "optimizer.schedule", {"kind": "cosine"}),)}, "step 5"),
        ({"changes": (Change(5, "clipping", "norm"),)}, "step 5"),
    ):
        with pytest.raises(Problem, match=reason):
            script_of(*deep(**settings))
    for (name, config), reason in zip(
        ONLY_NUMPY, ("activations of network A", "gradient of network A"), strict=False
    ):
        with pytest.raises(Problem, match=reason):
            script_of(name, config, "torch")
