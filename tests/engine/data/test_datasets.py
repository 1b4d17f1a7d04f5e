"""The digits are the published ones; point sets have their shapes; a split leaves no class out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import Problem
from engine.data import datasets


def test_the_digits_are_those_of_the_source() -> None:
    images, labels, names, _ = datasets.digits()
    assert images.shape == (1797, 8, 8)
    assert images.min() == 0
    assert images.max() == 1
    # counts of the source's test set, and the first row of its first image: 0 0 5 13 9 1 0 0
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (images[0, 0] * 16).tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    assert images.sum() * 16 == 561718
    assert names == tuple("0123456789")


def test_chosen_digits_are_numbered_in_the_order_chosen() -> None:
    some = datasets.digits((7, 2))
    everything = datasets.digits()
    assert some.class_names == ("7", "2")
    assert np.bincount(some.labels).tolist() == [179, 177]
    np.testing.assert_array_equal(
        some.features[some.labels == 0], everything.features[everything.labels == 7]
    )


@pytest.mark.parametrize("classes", [(), (3,), (3, 3), (1, 10), (-1, 2)])
def test_impossible_choices_of_digits_are_refused(classes: tuple[int, ...]) -> None:
    with pytest.raises(Problem, match="two or more different digits"):
        datasets.digits(classes)


@pytest.mark.parametrize("name", ["blobs", "circles", "moons", "spirals", "xor"])
def test_point_sets(name: str) -> None:
    make = getattr(datasets, name)
    data = make(201, 0.1, 3)
    assert data.features.shape == (201, 2)
    counts = np.bincount(data.labels)
    assert len(counts) == len(data.class_names)
    assert counts.min() > 30
    np.testing.assert_array_equal(data.features, make(201, 0.1, 3).features)
    assert not np.array_equal(data.features, make(201, 0.1, 4).features)


def test_shapes_without_noise() -> None:
    x, y = datasets.circles(50, 0.0, 0)[:2]
    np.testing.assert_allclose(np.linalg.norm(x, axis=1), np.where(y == 0, 1.0, 0.5), rtol=1e-12)
    x, y = datasets.xor(50, 0.0, 0)[:2]
    np.testing.assert_array_equal(x[:, 0] * x[:, 1] < 0, y == 1)
    x, y = datasets.blobs(8, 0.0, 0)[:2]
    np.testing.assert_allclose(x[:4], [(1, 0), (0, 1), (-1, 0), (0, -1)], atol=1e-12)
    x, y = datasets.moons(50, 0.0, 0)[:2]
    np.testing.assert_allclose(np.linalg.norm(x[y == 0] + (0.5, 0.25), axis=1), 1.0, rtol=1e-12)
    assert datasets.spirals(60, 0.0, 0, classes=5).labels.max() == 4
    assert datasets.blobs(60, 0.0, 0, classes=3).class_names == ("A", "B", "C")


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.floats(0.05, 0.9), st.integers(0, 99))
def test_a_split_keeps_every_example_once_and_every_class_in_training(
    drawn: list[int], held_out: float, seed: int
) -> None:
    labels = np.unique(drawn, return_inverse=True)[1]
    parts = datasets.split(labels, held_out, np.random.default_rng(seed))
    assert sorted([*parts.training, *parts.held_out]) == list(range(len(labels)))
    for label, total in enumerate(np.bincount(labels)):
        apart = int((labels[parts.held_out] == label).sum())
        assert apart < total
        assert apart >= 1 or total == 1
        assert abs(apart - held_out * total) <= 1


def test_standardised_by_what_is_trained_on() -> None:
    reference = np.array([[1.0, 5.0, 3.0], [3.0, 5.0, 3.0]])
    scaled = datasets.standardised(np.array([[1.0, 5.0, 4.0], [5.0, 5.0, 3.0]]), reference)
    assert scaled.tolist() == [[-1, 0, 1], [3, 0, 0]]
