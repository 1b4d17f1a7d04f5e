"""Where descent carries a prediction over three classes: against small steps, and always towards P."""

import numpy as np
import pytest

from engine.activations import softmax
from engine.information.divergence_gradients import DIVERGENCES, Truth
from engine.information.streamlines import STRIDE, drift, slopes, spaced, streamlines, traced
from engine.information.triangle import lattice, point_of, weights_of
from engine.pieces import result_of

INSIDE, SIDE, CORNER = (0.2, 0.5, 0.3), (0.5, 0.5, 0.0), (0.0, 1.0, 0.0)
TRUTHS = [INSIDE, SIDE, CORNER]
CASES = [(loss, p) for loss in DIVERGENCES for p in TRUTHS if min(p) > 0 or loss != "reverse_kl"]


def test_slopes_by_hand():
    """Sure of A, true is B: q − p = (0.98, −0.99, 0.01); of squared error 2q(q − p − Σ q(q − p))."""
    q, truth = np.array([0.98, 0.01, 0.01]), Truth.of(CORNER)
    np.testing.assert_allclose(slopes("cross_entropy", truth, q), (0.98, -0.99, 0.01))
    mean = 0.98 * 0.98 - 0.01 * 0.99 + 0.01 * 0.01
    wanted = (1.96 * (0.98 - mean), 0.02 * (-0.99 - mean), 0.02 * (0.01 - mean))
    np.testing.assert_allclose(slopes("squared_error", truth, q), wanted)


def test_the_drift_of_cross_entropy_by_hand():
    """In the middle with P = B: v = p − q = (−⅓, ⅔, −⅓), Σ qv = 0, so dQ/dt = v/3."""
    found = drift("cross_entropy", Truth.of(CORNER), np.full(3, 1 / 3))
    np.testing.assert_allclose(found, (-1 / 9, 2 / 9, -1 / 9), atol=1e-15)


@pytest.mark.parametrize(("loss", "p"), CASES)
def test_the_drift_is_what_a_small_step_of_the_logits_does(loss, p):
    truth, q, small = Truth.of(p), lattice(7, inside=True), 1e-6
    z = np.log(q)
    slope = DIVERGENCES[loss].gradient(truth, z)
    moved = (softmax(z - small * slope) - softmax(z + small * slope)) / (2 * small)
    np.testing.assert_allclose(drift(loss, truth, q), moved, atol=1e-9)


@pytest.mark.parametrize(("loss", "p"), CASES)
def test_lines_end_at_the_truth(loss, p):
    paths = result_of(traced(loss, Truth.of(p), lattice(6, inside=True), 200)).on
    for k in range(paths.shape[1]):
        path = paths[:, k]
        known = path[np.isfinite(path[:, 0])]
        assert (known[-1] == point_of(p)).all() or weights_of(known[-1]).min() < 0.04


def test_lines_of_a_truth_inside_all_arrive():
    for loss in DIVERGENCES:
        paths = result_of(traced(loss, Truth.of(INSIDE), lattice(6, inside=True), 200)).on
        ends = [path[np.isfinite(path[:, 0])][-1] for path in paths.swapaxes(0, 1)]
        assert (np.array(ends) == point_of(INSIDE)).all()


def test_steps_of_a_line_are_as_long_as_each_other():
    path = result_of(traced("cross_entropy", Truth.of(INSIDE), np.array([[0.9, 0.05, 0.05]]))).on[:, 0]
    lengths = np.hypot(*np.diff(path[np.isfinite(path[:, 0])], axis=0).T)
    np.testing.assert_allclose(lengths[:-1], STRIDE, rtol=0.005)
    assert 0 < lengths[-1] <= STRIDE


@pytest.mark.parametrize("p", [(1 / 3, 1 / 3, 1 / 3), INSIDE, SIDE])
def test_lines_keep_their_distance(p):
    lines = result_of(streamlines("cross_entropy", p))
    assert len(lines) >= 8
    for k, line in enumerate(lines):
        for other in lines[:k]:
            away = np.hypot(*(line[:, np.newaxis] - other).transpose(2, 0, 1))
            assert away.min() > 0.01


@pytest.mark.parametrize("loss", DIVERGENCES)
def test_the_loss_falls_along_a_line(loss):
    for line in result_of(streamlines(loss, INSIDE)):
        values = DIVERGENCES[loss].at(Truth.of(INSIDE), np.log(weights_of(line)))
        assert (np.diff(values) < 0).all()


def test_a_loss_that_is_infinite_has_no_lines():
    assert result_of(streamlines("reverse_kl", SIDE)) == []
    assert len(result_of(streamlines("cross_entropy", SIDE))) > 5


def test_a_seed_near_a_line_begins_none():
    q = np.array([[0.6, 0.3, 0.1], [0.601, 0.299, 0.1]])
    assert len(spaced(result_of(traced("kl", Truth.of(CORNER), q)))) == 1
