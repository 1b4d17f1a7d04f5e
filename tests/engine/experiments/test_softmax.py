"""A run of *Softmax and sigmoid* is one frame: the chain, right and naive, and what follows from it."""

import numpy as np
import pytest
from scipy import special

from engine.config import Problem, replaced
from engine.experiments.entropy.softmax import (
    EXPERIMENT,
    SoftmaxSigmoidConfig,
    frames,
    snapshot,
    with_logit_against,
)
from engine.runner import Finish, Runner

START = SoftmaxSigmoidConfig()


def test_a_run_is_one_frame():
    runner = Runner(EXPERIMENT, START)
    runner.drive(np.inf)
    assert runner.finish is Finish.COMPLETED
    assert runner.recording.last == EXPERIMENT.last_step(START) == 0


def test_the_chain():
    found = snapshot(replaced(START, temperature=0.5, shift=3.0))
    z = np.array(START.logits) + 3
    assert np.allclose(found.shifted, z)
    assert np.allclose(found.scaled, 2 * z)
    assert np.allclose(found.stable.p, special.softmax(2 * z))
    assert np.allclose(found.double.p, found.stable.p)
    assert found.entropy == pytest.approx(float(special.entr(special.softmax(2 * z)).sum()))


@pytest.mark.parametrize(
    ("shift", "failures"),
    [
        (0.0, ("", "")),
        (100.0, ("overflow", "")),
        (-150.0, ("vanished", "")),
        (2000.0, ("overflow", "overflow")),
        (-2000.0, ("vanished", "vanished")),
    ],
)
def test_a_shift_breaks_the_naive_formula_only(shift, failures):
    found = snapshot(replaced(START, shift=shift))
    assert (found.single.failure, found.double.failure) == failures
    assert np.allclose(found.stable.p, special.softmax(START.logits), atol=1e-12)
    assert found.moved_by_shift < 1e-12


@pytest.mark.parametrize("logits", [(0.0,) * 8, (1000.0, -1000.0), (-1000.0,) * 3, (2.0, 1.0, 0.1, -1.5)])
@pytest.mark.parametrize("temperature", [0.01, 1.0, 100.0])
@pytest.mark.parametrize("shift", [-2000.0, 0.0, 2000.0])
def test_the_stable_way_holds_everywhere(logits, temperature, shift):
    found = snapshot(SoftmaxSigmoidConfig(logits, temperature, shift))
    assert found.stable.p.sum() == pytest.approx(1)
    assert np.isfinite(found.stable.log_p).all()
    assert np.allclose(special.expit(found.against), found.stable.p, rtol=1e-6, atol=1e-9)
    assert found.jacobian_check.passed
    assert found.d_entropy_check.passed
    assert 0 <= found.entropy <= np.log(len(logits)) + 1e-12


def test_the_curve_of_the_entropy_goes_through_the_point():
    found = snapshot(replaced(START, temperature=1.0))
    at = int(np.argmin(np.abs(found.temperatures - 1.0)))
    assert found.temperatures[at] == pytest.approx(1.0)
    assert found.entropies[at] == pytest.approx(found.entropy)
    assert np.allclose(found.probabilities[at], found.stable.p)
    assert np.all(np.diff(found.entropies) >= -1e-12)


def test_a_point_dragged_on_the_sigmoid_moves_one_logit():
    config = replaced(START, temperature=2.0)
    moved = replaced(config, logits=with_logit_against(config, 1, 1.5))
    assert snapshot(moved).against[1] == pytest.approx(1.5)
    assert moved.logits[0] == START.logits[0]


@pytest.mark.parametrize(
    "bad",
    [
        {"logits": (1.0,)},
        {"logits": (0.0,) * 9},
        {"logits": (0.0, 1001.0)},
        {"logits": (0.0, float("nan"))},
        {"temperature": 0.0},
    ],
)
def test_what_cannot_be_is_refused(bad):
    with pytest.raises(Problem):
        replaced(START, **bad)


def test_the_same_settings_give_the_same_frame():
    (first,), (second,) = frames(START), frames(START)
    assert np.array_equal(first.snapshot.entropies, second.snapshot.entropies)
