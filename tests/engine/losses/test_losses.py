"""Losses against SciPy, hand numbers and differences; the infinite and the huge; what is refused."""

import numpy as np
import pytest
from scipy import special

from engine.config import Problem, validated
from engine.losses.from_logits import one_hot
from engine.losses.table import LOSSES

RNG = np.random.default_rng(3)
PROBABILITY = RNG.uniform(0.05, 0.95, 7)
LABEL = np.array([0, 1, 1, 0, 1, 0, 1])
LOGITS = RNG.normal(0, 2, (7, 4))
CLASS = np.array([0, 3, 1, 2, 2, 0, 1])
elementwise = [name for name in LOSSES if name != "softmax_cross_entropy"]


def example(name: str) -> tuple[np.ndarray, np.ndarray]:
    """A prediction and target away from every kink."""
    if name == "softmax_cross_entropy":
        return LOGITS, CLASS
    if name in ("bce", "focal"):
        return PROBABILITY, LABEL
    if name == "sigmoid_cross_entropy":
        return LOGITS[:, 0], LABEL
    return LOGITS[:, 0], 2 * LABEL - 1


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("name", LOSSES)
def test_gradient_is_the_slope_of_the_reduced_loss(name: str, reduction: str) -> None:
    prediction, target = example(name)
    loss = LOSSES[name](reduction=reduction)
    gradient = loss.gradient(prediction, target)
    h = 6e-6
    for index in np.ndindex(prediction.shape):
        up, down = prediction.copy(), prediction.copy()
        up[index] += h
        down[index] -= h
        slope = (loss.value(up, target) - loss.value(down, target)) / (2 * h)
        assert gradient[index] == pytest.approx(slope, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", LOSSES)
def test_reductions_agree(name: str) -> None:
    prediction, target = example(name)
    none, mean, total = (LOSSES[name](reduction=kind) for kind in ("none", "mean", "sum"))
    each = none.value(prediction, target)
    assert each.shape == target.shape
    assert mean.value(prediction, target) == pytest.approx(each.mean(), rel=1e-12)
    assert total.value(prediction, target) == pytest.approx(each.sum(), rel=1e-12)
    np.testing.assert_allclose(total.gradient(prediction, target), none.gradient(prediction, target))
    np.testing.assert_allclose(mean.gradient(prediction, target) * 7, total.gradient(prediction, target))


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_is_kept(name: str, dtype: type) -> None:
    prediction, target = example(name)
    for reduction in ("mean", "none"):
        loss = LOSSES[name](reduction=reduction)
        assert loss.value(prediction.astype(dtype), target).dtype == dtype
        assert loss.gradient(prediction.astype(dtype), target).dtype == dtype


HAND = [
    ("mse", {}, 3.0, 1.0, 4.0, 4.0),
    ("mae", {}, 3.0, 1.0, 2.0, 1.0),
    ("mae", {}, 1.0, 1.0, 0.0, 0.0),
    ("huber", {}, 3.0, 1.0, 1.5, 1.0),
    ("huber", {"delta": 4.0}, 3.0, 1.0, 2.0, 2.0),
    ("log_cosh", {}, 1.0, 0.0, np.log(np.cosh(1.0)), np.tanh(1.0)),
    ("log_cosh", {}, 1e-5, 0.0, 0.5e-10, 1e-5),
    ("log_cosh", {}, 1000.0, 0.0, 1000 - np.log(2), 1.0),
    ("bce", {}, 0.8, 1.0, -np.log(0.8), -1.25),
    ("bce", {}, 0.8, 0.25, -0.25 * np.log(0.8) - 0.75 * np.log(0.2), 0.55 / 0.16),
    ("hinge", {}, 0.25, 1.0, 0.75, -1.0),
    ("hinge", {}, 1.0, 1.0, 0.0, 0.0),
    ("hinge", {}, 0.25, -1.0, 1.25, 1.0),
    ("focal", {}, 0.9, 1.0, -0.01 * np.log(0.9), 0.2 * np.log(0.9) - 0.01 / 0.9),
    ("focal", {"gamma": 0.0}, 0.8, 0.0, -np.log(0.2), 5.0),
    ("focal", {}, 1e-9, 0.0, 1e-27, 3e-18),  # −p²·log(1 − p) = p³ + …
    ("sigmoid_cross_entropy", {}, 0.0, 1.0, np.log(2), -0.5),
    ("sigmoid_cross_entropy", {}, 1000.0, 0.0, 1000.0, 1.0),
    ("sigmoid_cross_entropy", {}, -1000.0, 0.0, 0.0, 0.0),
]


@pytest.mark.parametrize(("name", "options", "prediction", "target", "value", "slope"), HAND)
def test_by_hand(
    name: str, options: dict[str, float], prediction: float, target: float, value: float, slope: float
) -> None:
    loss = LOSSES[name](**options)
    assert loss.value(prediction, target) == pytest.approx(value, rel=1e-9, abs=1e-300)
    assert loss.gradient(prediction, target) == pytest.approx(slope, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize(("name", "options"), [("bce", {}), ("focal", {}), ("focal", {"gamma": 0.5})])
def test_a_certain_prediction_is_free_when_right_and_infinite_when_wrong(
    name: str, options: dict[str, float]
) -> None:
    loss = LOSSES[name](reduction="none", **options)
    assert loss.value([0.0, 1.0, 0.0, 1.0], [0, 1, 1, 0]).tolist() == [0, 0, np.inf, np.inf]
    slope = loss.gradient([0.0, 1.0, 0.0, 1.0], [0, 1, 1, 0])
    assert slope.tolist() == [1 if name == "bce" else 0, -1 if name == "bce" else 0, -np.inf, np.inf]


def test_binary_cross_entropy_agrees_with_scipy() -> None:
    expected = -special.xlogy(LABEL, PROBABILITY) - special.xlog1py(1 - LABEL, -PROBABILITY)
    np.testing.assert_allclose(
        LOSSES["bce"](reduction="none").value(PROBABILITY, LABEL), expected, rtol=1e-14
    )
    z = np.array([-1000.0, -30.0, 0.5, 30.0, 1000.0])
    for y in (0.0, 0.3, 1.0):
        loss = LOSSES["sigmoid_cross_entropy"](reduction="none")
        expected = -y * special.log_expit(z) - (1 - y) * special.log_expit(-z)
        np.testing.assert_allclose(loss.value(z, y), expected, rtol=1e-13)
        np.testing.assert_allclose(loss.gradient(z, y), special.expit(z) - y, rtol=1e-13)


def test_softmax_cross_entropy_gradient_is_p_times_the_mass_minus_y() -> None:
    y = RNG.uniform(0, 2, LOGITS.shape)  # rows that do not sum to 1
    p = special.softmax(LOGITS, axis=1)
    loss = LOSSES["softmax_cross_entropy"]
    total = loss(reduction="sum").gradient(LOGITS, y)
    np.testing.assert_allclose(total, p * y.sum(1, keepdims=True) - y, rtol=1e-12)
    np.testing.assert_allclose(loss().gradient(LOGITS, y), total / 7, rtol=1e-12)
    np.testing.assert_allclose(
        loss(reduction="none").value(LOGITS, y), -(y * special.log_softmax(LOGITS, axis=1)).sum(1), rtol=1e-12
    )


def test_class_indices_are_one_hot_rows_and_smoothing_spreads_them() -> None:
    loss = LOSSES["softmax_cross_entropy"]
    assert loss().value(LOGITS, CLASS) == loss().value(LOGITS, one_hot(CLASS, 4))
    smooth = 0.9 * one_hot(CLASS, 4) + 0.025
    assert loss(label_smoothing=0.1).value(LOGITS, CLASS) == pytest.approx(loss().value(LOGITS, smooth))
    np.testing.assert_allclose(
        loss(label_smoothing=0.1).gradient(LOGITS, CLASS), loss().gradient(LOGITS, smooth)
    )
    assert loss().value([0.0, 0.0, 0.0, 0.0], 2) == pytest.approx(np.log(4))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_cross_entropy_of_huge_and_infinite_logits(dtype: type) -> None:
    loss = LOSSES["softmax_cross_entropy"](reduction="none")
    z = np.array([[1000.0, -1000.0], [1000.0, -1000.0], [0.0, -np.inf], [0.0, -np.inf]], dtype)
    assert loss.value(z, [0, 1, 0, 1]).tolist() == [0.0, 2000.0, 0.0, np.inf]
    assert loss.gradient(z, [0, 1, 0, 1]).tolist() == [[0, 0], [1, -1], [0, 0], [1, -1]]


@pytest.mark.parametrize("name", LOSSES)
def test_shapes_that_would_spread_silently_are_refused(name: str) -> None:
    with pytest.raises(Problem, match="does not go with"):
        LOSSES[name]().value(np.full((4, 1), 0.5), np.ones((4, 2)))
    if name in elementwise:
        with pytest.raises(Problem, match="does not go with"):
            LOSSES[name]().gradient(np.full((4, 1), 0.5), np.ones(4))


def test_nonsense_is_refused() -> None:
    with pytest.raises(Problem, match="whole numbers from 0 to 3"):
        LOSSES["softmax_cross_entropy"]().value(LOGITS, CLASS + 1)
    with pytest.raises(Problem, match="whole numbers"):
        LOSSES["softmax_cross_entropy"]().value(LOGITS, CLASS + 0.5)
    with pytest.raises(Problem, match="between 0 and 1"):
        LOSSES["bce"]().value([1.5], [1])
    with pytest.raises(Problem, match="between 0 and 1"):
        LOSSES["focal"]().gradient([np.nan], [1])
    with pytest.raises(Problem, match="−1 or \\+1"):
        LOSSES["hinge"]().value([0.5], [0])
    with pytest.raises(Problem, match="mean, sum, none"):
        LOSSES["mse"](reduction="average")
    with pytest.raises(Problem):
        validated(LOSSES["huber"](delta=-1.0))


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_says_what_it_is(name: str) -> None:
    assert LOSSES[name].title
    assert LOSSES[name].latex
    assert LOSSES[name].__struct_config__.tag == name


def test_a_mean_is_a_number_where_the_sum_is_none():
    huge = np.full(4, 1e308)
    assert LOSSES["mae"]().value(huge, np.zeros(4)) == 1e308
    logits = np.array([1e308, -1e308, 1e308, -1e308])
    assert LOSSES["sigmoid_cross_entropy"]().value(logits, np.array([0.0, 1.0, 1.0, 0.0])) == 5e307
    assert np.isinf(LOSSES["mae"]().value([np.inf, 1.0], [0.0, 0.0]))
