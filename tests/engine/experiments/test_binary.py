"""A run of *Binary* is one frame that says everything about p and q."""

import numpy as np
import pytest

from engine.config import Problem, replaced
from engine.experiments.entropy.binary import EXPERIMENT, BinaryConfig, frames
from engine.runner import Finish, Runner


def shot(**settings):
    (frame,) = frames(BinaryConfig(**settings))
    return frame.snapshot


def test_a_run_is_one_frame():
    runner = Runner(EXPERIMENT, BinaryConfig())
    runner.drive(np.inf)
    assert runner.finish is Finish.COMPLETED
    assert runner.recording.last == EXPERIMENT.last_step(BinaryConfig()) == 0


def test_the_numbers_of_a_fair_and_a_biased_coin():
    fair = shot(p=0.5, q=0.25)
    assert fair.entropy == 1
    assert (fair.yes, fair.no) == pytest.approx((1.0, 0.5 * np.log2(4 / 3)))
    assert fair.cross_entropy == pytest.approx(fair.entropy + fair.kl)
    assert (fair.surprise_of_yes, fair.surprise_of_no) == pytest.approx((2.0, np.log2(4 / 3)))
    assert fair.slope == pytest.approx((0.25 - 0.5) / (0.25 * 0.75) / np.log(2))
    assert fair.check.passed


def test_another_unit_multiplies_everything():
    bits, nats = shot(p=0.7, q=0.2), shot(p=0.7, q=0.2, base="e")
    for name in ("entropy", "cross_entropy", "kl", "slope", "surprise_of_yes"):
        assert getattr(nats, name) == pytest.approx(getattr(bits, name) * np.log(2)), name


@pytest.mark.parametrize("p", [0.0, 1 / 3, 0.8, 1.0])
def test_the_curves_meet_where_q_is_p(p):
    found = shot(p=p, q=0.1)
    assert {0.0, p, 0.1, 0.5, 1.0} <= set(found.grid.tolist())
    assert np.all(np.diff(found.grid) > 0)
    at = int(np.argmin(found.crosses))
    assert found.grid[at] == p
    assert found.crosses[at] == pytest.approx(found.entropy, abs=1e-12)
    assert np.all(found.tangent >= found.entropies - 1e-12)


@pytest.mark.parametrize("p", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("q", [0.0, 0.5, 1.0])
def test_nothing_is_ever_not_a_number(p, q):
    found = shot(p=p, q=q)
    for name, value in found._asdict().items():
        if name != "check":
            assert not np.any(np.isnan(value)), name


def test_what_is_no_chance_is_refused():
    with pytest.raises(Problem):
        replaced(BinaryConfig(), p=1.2)
