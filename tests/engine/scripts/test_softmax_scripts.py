"""Scripts of *Softmax + cross-entropy*: clouds and digits, more and fewer examples than are measured."""

import pytest

from engine.experiments.losses.softmax_config import Clouds, SoftmaxConfig, SomeDigits
from tests.engine.scripts.running import FRAMEWORKS, hold


def trained(**settings):
    return "losses.softmax", SoftmaxConfig(**{"steps": 40, **settings})


RUNS = [
    trained(data=SomeDigits(), seed=4),
    trained(data=SomeDigits((7, 2)), batch_size=1, learning_rate=0.1),
    trained(data=Clouds(2, noise=0.0, uneven=20.0), batch_size=5, seed=2),
    trained(data=Clouds(8, uneven=1.0), learning_rate=100.0, steps=200),
    trained(data=Clouds(5, noise=2.0), learning_rate=20.0, steps=500, batch_size=2),
]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_scripts_of_softmax_give_the_numbers_of_their_runs(framework, tmp_path):
    scripts = hold(RUNS, framework, tmp_path)
    assert [list(script.files) for script in scripts] == [["digits.npz"]] * 2 + [[]] * 3
