"""A convolution agrees with SciPy, with PyTorch and with finite differences, forward and backward."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from engine.gradient_check import check_gradient
from engine.networks.convolution import Filters, convolve, d_convolve, d_convolve_input, patches_of, pixels_of


def spread(*shape, step, mod, scale):
    """Numbers that look random but can be made again in any program: (k·step mod `mod` − mod // 2)/scale."""
    values = (np.arange(np.prod(shape)) * step % mod - mod // 2) / scale
    return values.reshape(shape)


X = spread(2, 2, 4, 5, step=7, mod=11, scale=10)
FILTERS = Filters(spread(3, 18, step=5, mod=13, scale=8), np.array([0.1, -0.2, 0.3]))
D_Y = spread(2, 3, 4, 5, step=3, mod=7, scale=4)


@pytest.mark.parametrize(("side", "channels"), [(1, 1), (1, 3), (3, 1), (3, 2), (5, 1), (7, 2)])
def test_the_maps_are_those_of_scipy(side, channels):
    rng = np.random.default_rng(side)
    x = rng.normal(size=(2, channels, 6, 8))
    f, b = rng.normal(size=(4, channels, side, side)), rng.normal(size=4)
    y, _ = convolve(x, Filters(f.reshape(4, -1), b))
    expected = [
        [
            sum(correlate2d(picture[c], filter_[c], mode="same") for c in range(channels)) + bias
            for filter_, bias in zip(f, b, strict=True)
        ]
        for picture in x
    ]
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-12)


def test_forward_and_backward_are_those_of_pytorch():
    """Values of torch.nn.functional.conv2d with padding 1, PyTorch 2.13, float64."""
    y, cache = convolve(X, FILTERS)
    expected = [
        [-0.225, 1.325, 0.65, -0.85, 0.1125],
        [-0.15, 0.1875, 0.2, -0.475, 1.05],
        [0.45, -0.1625, 1.3625, 0.4125, 0.2125],
        [0.7625, 0.4375, 0.4875, 0.4, -0.1375],
    ]
    np.testing.assert_allclose(y[1, 2], expected, atol=1e-12)
    d_filters = d_convolve(D_Y, cache)
    first = [0.7, -0.25, 0.0, 0.175, -0.075, 0.55, 0.025, 0.125, -0.55]
    second = [0.1, 0.7, 0.4, 0.35, 0.0, 0.05, -0.075, -0.15, 0.925]
    np.testing.assert_allclose(d_filters.weights[1], first + second, atol=1e-12)
    np.testing.assert_allclose(d_filters.bias, [0.0, -0.25, -0.5], atol=1e-12)
    expected = [
        [0.125, 0.28125, -1.5625, 1.40625, 0.15625],
        [1.03125, 0.25, -0.1875, 0.46875, -2.3125],
        [0.9375, -0.625, 0.90625, 0.25, -0.1875],
        [-0.21875, -1.71875, 1.1875, -0.9375, 0.875],
    ]
    np.testing.assert_allclose(d_convolve_input(D_Y, cache)[0, 1], expected, atol=1e-12)


def test_the_gradients_agree_with_differences():
    _, cache = convolve(X, FILTERS)
    gradient = d_convolve(D_Y, cache)

    def of_weights(weights):
        return (convolve(X, Filters(weights, FILTERS.bias))[0] * D_Y).sum()

    def of_bias(bias):
        return (convolve(X, Filters(FILTERS.weights, bias))[0] * D_Y).sum()

    def of_input(x):
        return (convolve(x, FILTERS)[0] * D_Y).sum()

    assert check_gradient(of_weights, gradient.weights, FILTERS.weights).passed
    assert check_gradient(of_bias, gradient.bias, FILTERS.bias).passed
    assert check_gradient(of_input, d_convolve_input(D_Y, cache), X).passed


def test_the_gradient_is_written_where_it_is_wanted():
    _, cache = convolve(X, FILTERS)
    theta = np.full(57, np.nan)
    into = Filters(theta[:54].reshape(3, 18), theta[54:])
    assert d_convolve(D_Y, cache, out=into) is into
    np.testing.assert_array_equal(theta[:54], d_convolve(D_Y, cache).weights.ravel())


def test_a_patch_is_the_square_around_its_pixel():
    x = np.arange(1.0, 13.0).reshape(1, 1, 3, 4)
    patches = patches_of(x, 3)
    assert patches.shape == (9, 12)
    assert patches[:, 5].tolist() == [1, 2, 3, 5, 6, 7, 9, 10, 11]  # around the 6
    assert patches[:, 0].tolist() == [0, 0, 0, 0, 1, 2, 0, 5, 6]  # at the corner, with padding


def test_each_pixel_gets_back_what_was_copied_from_it():
    ones = np.ones((9, 12))
    counted = pixels_of(ones, (1, 1, 3, 4), 3)[0, 0]  # in how many patches a pixel is
    assert counted.tolist() == [[4, 6, 6, 4], [6, 9, 9, 6], [4, 6, 6, 4]]


def test_single_precision_stays_single():
    y, cache = convolve(X.astype(np.float32), Filters(*(part.astype(np.float32) for part in FILTERS)))
    assert y.dtype == d_convolve(y, cache).weights.dtype == d_convolve_input(y, cache).dtype == np.float32
