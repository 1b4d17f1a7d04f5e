"""Scripts of *Likelihood and least squares*: its three scenes, all features, both ways with σ."""

import numpy as np
import pytest

from engine.experiments.losses.likelihood_config import FEATURES, LikelihoodConfig
from tests.engine.scripts.running import FRAMEWORKS, hold

LINE = ((0.0, 1.0), (1.0, 3.0), (2.0, 5.0))


def likely(**settings):
    return "losses.likelihood", LikelihoodConfig(**{"steps": 40, **settings})


def outlier(seed):
    rng = np.random.default_rng(seed)
    points = tuple(map(tuple, rng.normal(size=(5 + seed, 2)).tolist()))
    return likely(scene="outlier", points=points, delta=float(10.0 ** rng.uniform(-4, 1)))


RUNS = [
    *(
        likely(features=features, degree=degree, noise=noise, learning_rate=0.01)
        for features in FEATURES
        for degree, noise in ((1, "fixed"), (2, "learned"), (5, "fixed"))
    ),
    likely(learning_rate=3.0, steps=1000),
    likely(learning_rate=0.3, noise="learned", sigma=3.0, steps=200),
    likely(noise="learned", points=LINE, learning_rate=0.05),
    likely(scene="coin", tosses=30),
    likely(scene="coin", p=1.0, tosses=1, seed=3),
    *map(outlier, range(6)),
    likely(scene="outlier", points=((0.0, 1.0), (0.0, 2.0), (1.0, 2.0)), outlier=(1.0, 9.0)),
]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_scripts_of_likelihood_give_the_numbers_of_their_runs(framework, tmp_path):
    for script in hold(RUNS, framework, tmp_path, kept=False):
        assert "keep(" in script.text
