"""What is asked for was indeed shown before, at the step it should be."""

import numpy as np
import pytest

from engine.data import sequences

RNG = np.random.default_rng(3)


def test_recall() -> None:
    x, target, read, _ = sequences.recall(RNG, 50, delay=4, symbols=3)
    assert x.shape == target.shape == read.shape == (6, 50)
    np.testing.assert_array_equal(target[-1], x[0])
    assert set(x[0]) == {0, 1, 2}
    assert np.all(x[1:-1] == 3)
    assert np.all(x[-1] == 4)
    assert read[-1].all()
    assert not read[:-1].any()


def test_echo() -> None:
    x, target, read, _ = sequences.echo(RNG, 20, steps=9, lag=2)
    np.testing.assert_array_equal(target[2:], x[:-2])
    np.testing.assert_array_equal(read[:, 0], [0, 0, 1, 1, 1, 1, 1, 1, 1])


def test_copy() -> None:
    x, target, read, _ = sequences.copy(RNG, 20, length=3, delay=4, symbols=5)
    assert len(x) == 10
    np.testing.assert_array_equal(target[read[:, 0] == 1], x[:3])
    np.testing.assert_array_equal(np.flatnonzero(read[:, 0]), [7, 8, 9])
    assert np.all(x[7] == 6)
    assert np.all(x[[3, 4, 5, 6, 8, 9]] == 5)


def test_adding() -> None:
    x, target, read, _ = sequences.adding(np.random.default_rng(0), 4000, steps=11)
    marks = x[:, :, 1]
    assert np.all(marks[:5].sum(axis=0) == 1)
    assert np.all(marks[5:].sum(axis=0) == 1)
    picked = np.sort(x[:, :, 0].T[marks.T == 1].reshape(-1, 2)).sum(axis=1)
    np.testing.assert_allclose(target[-1, :, 0], picked)
    assert np.mean((target[-1] - 1) ** 2) == pytest.approx(1 / 6, rel=0.05)
    assert read[-1].all()
    assert not read[:-1].any()


def test_sine() -> None:
    x, target, read, mask = sequences.sine(np.random.default_rng(0), 200, steps=40, noise=0.2)
    assert x.shape == target.shape == (40, 200, 1)
    assert read is mask is None
    clean = target[:-1]  # the wave at the step of x[1:]
    assert np.std(x[1:] - clean) == pytest.approx(0.2, rel=0.03)
    # a sine obeys w₊ + w₋ = 2·cos(ω)·w, with the same ω all along
    turn = (target[2:] + target[:-2])[:, 0, 0] / (2 * target[1:-1, 0, 0])
    assert np.std(turn) < 1e-9
    assert 8 <= 2 * np.pi / np.arccos(turn[0]) <= 32


@pytest.mark.parametrize(
    "make",
    [
        lambda rng: sequences.recall(rng, 4, 3),
        lambda rng: sequences.echo(rng, 4, 8, 3),
        lambda rng: sequences.copy(rng, 4, 3, 2),
        lambda rng: sequences.adding(rng, 4, 8),
        lambda rng: sequences.sine(rng, 4, 8),
    ],
)
def test_the_same_seed_gives_the_same(make) -> None:
    a, b = (make(np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(a.x, b.x)
    np.testing.assert_array_equal(a.target, b.target)
    assert not np.array_equal(a.x, make(np.random.default_rng(6)).x)
