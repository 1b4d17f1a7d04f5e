"""Scripts of *Sparse features*: all rules with schedules, and features that are all rare or all common."""

import pytest

from engine.experiments.optimizers.sparse import DEFAULT_RACERS, SparseConfig
from engine.optimizers.adam import Adam
from engine.optimizers.adaptive import RMSProp
from engine.optimizers.descent import SGD
from engine.optimizers.schedules import CosineRestarts, InverseTimeDecay
from tests.engine.scripts.running import FRAMEWORKS, hold


def sparse(**settings):
    return "optimizers.sparse", SparseConfig(**{"steps": 30, **settings})


RUNS = [
    sparse(
        racers=(
            SGD(learning_rate=4.0, decay=0.1, schedule=InverseTimeDecay(warmup_steps=3)),
            RMSProp(centered=True, momentum=0.5, schedule=CosineRestarts(first_period=7)),
            Adam(bias_correction=False),
        ),
        seed=4,
    ),
    sparse(most=0.01, exponent=3.0, features=200, batch=1, strength=3.0),
    sparse(exponent=0.0, most=0.95, features=21, batch=64, racers=DEFAULT_RACERS[:2]),
    sparse(most=0.01, exponent=3.0, features=4),
]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_scripts_of_sparse_features_give_the_numbers_of_their_runs(framework, tmp_path):
    hold(RUNS, framework, tmp_path, kept=False)
