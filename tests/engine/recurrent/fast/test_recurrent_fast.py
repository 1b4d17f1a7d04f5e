"""The fast form says what the readable form says: gates, states, and every gradient."""

import numpy as np
import pytest

from engine.recurrent.fast.table import SEQUENCES, sequence_of
from engine.recurrent.through_time import CELLS, RNN

INPUTS, HIDDEN, STEPS, BATCH = 3, 5, 7, 4
ALL = [
    RNN(INPUTS, HIDDEN),
    RNN(INPUTS, HIDDEN, "relu"),
    *(CELLS[name](INPUTS, HIDDEN) for name in ("gru", "lstm")),
]
MASK = np.arange(STEPS)[:, None] < np.array([7, 4, 1, 6])
MASK[2, 3] = False


@pytest.mark.parametrize("block", [1, 3, 100])
@pytest.mark.parametrize(("mask", "truncate"), [(None, 0), (MASK, 0), (None, 3), (MASK, 2)])
@pytest.mark.parametrize("cell", ALL, ids=lambda cell: cell.name + getattr(cell, "activation", ""))
def test_both_forms_agree(cell, mask, truncate, block, monkeypatch) -> None:
    monkeypatch.setattr(
        "engine.recurrent.fast.workspace.CACHED", block * SEQUENCES[cell.name].rows * HIDDEN * BATCH
    )
    rng = np.random.default_rng(3)
    theta = cell.draw(rng, dtype=np.float64) + rng.normal(0, 0.4, cell.count)
    x, d_hidden = rng.normal(size=(STEPS, BATCH, INPUTS)), rng.normal(size=(STEPS, BATCH, HIDDEN))
    states = len(cell.state_type._fields)
    start, d_last = (cell.state_type(*rng.normal(size=(states, BATCH, HIDDEN))) for _ in range(2))

    run = cell.forward(theta, x, start, mask)
    back = cell.backward(theta, run, d_hidden, d_last, truncate)
    fast = sequence_of(cell, STEPS, BATCH, np.float64)
    for _ in range(2):  # the second run through the same arrays finds nothing of the first
        outputs = fast.forward(theta, x, start, mask)
        gradient = fast.backward(d_hidden, d_last, truncate)

    near = {"rtol": 1e-9, "atol": 1e-12}
    np.testing.assert_allclose(outputs, run.outputs, **near)
    for name, values in run.gates._asdict().items():
        np.testing.assert_allclose(getattr(fast.run().gates, name), values, err_msg=name, **near)
    np.testing.assert_allclose(fast.run().x, x)
    np.testing.assert_allclose(np.array(fast.run().start), np.array(start))
    np.testing.assert_allclose(np.array(fast.last()), np.array(run.last), **near)
    np.testing.assert_allclose(gradient, back.gradient, **near)
    np.testing.assert_allclose(fast.d_inputs(), back.x, **near)
    np.testing.assert_allclose(np.array(fast.d_start()), np.array(back.start), **near)
    np.testing.assert_allclose(np.array(fast.d_states()), np.array(back.states), **near)


@pytest.mark.parametrize("name", CELLS)
def test_single_precision_stays_and_agrees(name) -> None:
    cell, rng = CELLS[name](INPUTS, 16), np.random.default_rng(0)
    theta = cell.draw(rng)
    x = rng.normal(size=(30, BATCH, INPUTS)).astype(np.float32)
    d_hidden = rng.normal(size=(30, BATCH, 16)).astype(np.float32)
    found = []
    for dtype in (np.float32, np.float64):
        fast = sequence_of(cell, 30, BATCH, dtype)
        outputs = fast.forward(theta.astype(dtype), x)
        gradient = fast.backward(d_hidden)
        assert outputs.dtype == gradient.dtype == fast.d_inputs().dtype == dtype
        found.append((outputs, gradient))
    (outputs, gradient), (exact_outputs, exact_gradient) = found
    np.testing.assert_allclose(outputs, exact_outputs, atol=1e-5)
    np.testing.assert_allclose(gradient, exact_gradient, atol=1e-4 * np.abs(exact_gradient).max())


@pytest.mark.parametrize("name", CELLS)
def test_pauses_change_nothing_to_the_last_bit(name, monkeypatch) -> None:
    cell, rng = CELLS[name](INPUTS, HIDDEN), np.random.default_rng(1)
    theta, x = cell.draw(rng), rng.normal(size=(STEPS, BATCH, INPUTS))
    d_hidden = rng.normal(size=(STEPS, BATCH, HIDDEN)).astype(np.float32)
    small = sequence_of(cell, STEPS, BATCH)
    assert list(small.forward_pieces(theta, x)) == [], "nobody has to wait for so little"
    monkeypatch.setattr("engine.recurrent.fast.workspace.PIECE", 0.0)
    large = sequence_of(cell, STEPS, BATCH)
    assert len(list(large.forward_pieces(theta, x))) == STEPS
    assert large.outputs.tobytes() == small.outputs.tobytes()
    assert len(list(large.backward_pieces(d_hidden))) >= STEPS
    assert large.backward(d_hidden).tobytes() == small.backward(d_hidden).tobytes()
