"""The scalars of every experiment are named as `engine.experiment` says."""

import re
from itertools import islice

import pytest

from engine import experiment
from engine.config import replaced
from engine.experiments import EXPERIMENTS
from engine.experiments.lstm.train_tasks import RecallTask
from engine.pieces import result_of
from tests.toys import only_frames

SCENES = [(name, {}) for name in EXPERIMENTS] + [
    ("losses.likelihood", {"scene": "coin"}),
    ("losses.likelihood", {"noise": "learned"}),
    ("lstm.train", {"task": RecallTask()}),
]


def said():
    """The words of the table: what stands before two spaces."""
    table = re.findall(r"(?m)^    (\w.*?)  +\S", experiment.__doc__)
    return set(" ".join(table).replace("…", "").split())


def test_the_table_is_read():
    assert {"loss", "theta1", "heads", "update_gate"} <= said()


@pytest.mark.parametrize(("name", "settings"), SCENES)
def test_every_scalar_is_of_someone_and_is_said(name, settings):
    one = EXPERIMENTS[name]
    config = replaced(one.config_type(), **settings)
    frames = one.run(config, result_of(one.preparing(config)))
    names = {scalar for frame in islice(only_frames(frames), 2) for scalar in frame.scalars}
    for scalar in names:
        who, _, what = scalar.rpartition(".")
        assert re.sub(r"\d+$", "1", what) in said(), scalar
        assert "." not in who, scalar
