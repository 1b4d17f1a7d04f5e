"""Activations against SciPy, against differences, and far out where naive formulas break."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from engine.activations import ACTIVATIONS, log_softmax, normal_cdf, softmax

X = np.linspace(-30.0, 30.0, 2401)
FAR = np.array([-1000.0, -100.0, 0.0, 100.0, 1000.0])
KINKED = {"relu", "leaky_relu"}
names = pytest.mark.parametrize("name", ACTIVATIONS)

REFERENCES = {
    "identity": lambda x: x,
    "sigmoid": special.expit,
    "tanh": np.tanh,
    "relu": lambda x: np.where(x > 0, x, 0),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.01 * x),
    "elu": lambda x: np.where(x > 0, x, special.expm1(np.minimum(x, 0))),
    "gelu": lambda x: x * special.ndtr(x),
    "softplus": lambda x: -special.log_expit(-x),
    "silu": lambda x: x * special.expit(x),
}


@names
def test_values_agree_with_scipy(name: str) -> None:
    np.testing.assert_allclose(ACTIVATIONS[name].value(X), REFERENCES[name](X), rtol=1e-13, atol=1e-300)


@names
def test_derivative_is_the_slope(name: str) -> None:
    x = np.linspace(-8, 8, 97) + 0.0123  # never on a kink
    h = 6e-6
    value = ACTIVATIONS[name].value
    slope = (value(x + h) - value(x - h)) / (2 * h)
    np.testing.assert_allclose(ACTIVATIONS[name].derivative(x), slope, rtol=1e-7, atol=1e-9)


@names
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_out_nothing_overflows_and_the_precision_is_kept(name: str, dtype: type) -> None:
    x = FAR.astype(dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        value, slope = ACTIVATIONS[name].value(x), ACTIVATIONS[name].derivative(x)
    assert value.dtype == slope.dtype == dtype
    np.testing.assert_allclose(value, REFERENCES[name](FAR), rtol=1e-6, atol=1e-40)
    assert np.isfinite(slope).all()


@names
def test_numbers_integers_and_lists_are_taken_as_float64(name: str) -> None:
    activation = ACTIVATIONS[name]
    assert float(activation.value(2)) == pytest.approx(float(activation.value(2.0)), abs=0)
    assert activation.value([1, -1]).dtype == np.float64
    assert np.shape(activation.derivative(0.5)) == ()
    assert activation.title
    assert activation.latex


@names
def test_the_argument_is_left_alone(name: str) -> None:
    x = X.copy()
    result = ACTIVATIONS[name].value(x)
    ACTIVATIONS[name].derivative(x)
    assert result is not x
    np.testing.assert_array_equal(x, X)


def test_known_slopes() -> None:
    assert ACTIVATIONS["sigmoid"].derivative(0.0) == 0.25
    assert ACTIVATIONS["tanh"].derivative(0.0) == 1.0
    assert ACTIVATIONS["relu"].derivative([-1.0, 0.0, 2.0]).tolist() == [0, 0, 1]
    assert ACTIVATIONS["leaky_relu"].derivative([-1.0, 2.0]).tolist() == [0.01, 1]
    np.testing.assert_allclose(ACTIVATIONS["sigmoid"].derivative(-700.0), np.exp(-700.0), rtol=1e-13)


def test_normal_cdf_keeps_its_digits_in_the_tail() -> None:
    x = np.linspace(-36, 10, 5001)
    np.testing.assert_allclose(normal_cdf(x), special.ndtr(x), rtol=1e-13)
    single = x.astype(np.float32)
    np.testing.assert_allclose(normal_cdf(single), special.ndtr(single.astype(float)), atol=4e-7)


@given(st.lists(st.floats(-1000, 1000), min_size=1, max_size=9), st.floats(-1000, 1000))
def test_softmax_sums_to_one_and_ignores_a_shift(logits: list[float], shift: float) -> None:
    p = softmax(logits)
    assert p.sum() == pytest.approx(1.0, abs=1e-12)
    np.testing.assert_allclose(softmax(np.array(logits) + shift), p, rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(log_softmax(logits), special.log_softmax(logits), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_along_an_axis_in_both_precisions(dtype: type, axis: int) -> None:
    z = np.array([[1000.0, -1000.0, 0.0], [1.0, 2.0, 3.0]], dtype)
    assert softmax(z, axis).dtype == log_softmax(z, axis).dtype == dtype
    np.testing.assert_allclose(softmax(z, axis), special.softmax(z.astype(float), axis), rtol=1e-6)
    np.testing.assert_allclose(log_softmax(z, axis), special.log_softmax(z.astype(float), axis), rtol=1e-6)


def test_a_logit_of_minus_infinity_has_no_probability() -> None:
    assert softmax([0.0, -np.inf]).tolist() == [1.0, 0.0]
    assert log_softmax([0.0, -np.inf]).tolist() == [0.0, -np.inf]
