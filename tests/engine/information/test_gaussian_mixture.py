"""Mixtures of bells against SciPy's densities and integrals, near the peaks and far beyond underflow."""

from itertools import pairwise
from math import log, pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import logsumexp
from scipy.stats import norm

from engine.information.gaussian_mixture import Mixture, log_normal_density

TWO = Mixture.of((0.6, 0.4), (-2.0, 2.5), (0.7, 1.0))
CASES = {
    "two": TWO,
    "three": Mixture.of((0.2, 0.3, 0.5), (-3.0, 0.0, 4.0), (0.1, 1.0, 0.3)),
    "narrow and far": Mixture.of((0.5, 0.5), (-8.0, 8.0), (0.02, 0.05)),
    "one inside the other": Mixture.of((0.5, 0.5), (0.0, 0.0), (0.3, 3.0)),
    "the same twice": Mixture.of((0.5, 0.5), (0.0, 0.0), (1.0, 1.0)),
    "hardly there": Mixture.of((0.999999, 0.000001), (-5.0, 5.0), (0.5, 0.1)),
}


def parts(p, x):
    return [np.log(w) + norm.logpdf(x, m, s) for w, m, s in zip(p.weights, p.means, p.widths, strict=True)]


@pytest.mark.parametrize("p", CASES.values(), ids=CASES)
def test_density_and_its_logarithm_are_scipys(p):
    x = np.linspace(-60, 60, 4001)
    np.testing.assert_allclose(p.log_density(x), logsumexp(parts(p, x), axis=0), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(p.density(x), np.exp(parts(p, x)).sum(axis=0), rtol=1e-10, atol=1e-300)


@pytest.mark.parametrize("p", CASES.values(), ids=CASES)
def test_the_score_is_the_slope_of_log_p(p):
    x = np.array([-7.3, -2.2, -0.4, 0.1, 1.9, 3.7, 9.0])
    h = 1e-5
    slope = (p.log_density(x + h) - p.log_density(x - h)) / (2 * h)
    np.testing.assert_allclose(p.score(x), slope, rtol=1e-6, atol=1e-6)


def test_where_p_underflows_its_logarithm_does_not():
    x = np.array([-1e8, -1e3, 1e3, 1e8])
    assert (TWO.density(x) == 0).all()
    assert np.isfinite(TWO.log_density(x)).all()
    assert TWO.log_density(1e3) == pytest.approx(log(0.4 / sqrt(2 * pi)) - 0.5 * 997.5**2, rel=1e-12)
    np.testing.assert_allclose(TWO.score(x)[2:], (2.5 - x[2:]) / 1.0**2)


def test_shapes_are_kept():
    x = np.zeros((3, 4, 5))
    value, slope = TWO.log_density_and_score(x)
    assert value.shape == slope.shape == x.shape
    assert np.shape(TWO.density(0.5)) == ()


def test_mean_and_width_are_those_of_the_density():
    for p in (TWO, CASES["three"]):
        mean = quad(lambda x, p=p: x * p.density(x), -12, 12, points=[-3, -2, 0, 2.5, 4], limit=200)[0]
        square = quad(lambda x, p=p: x * x * p.density(x), -12, 12, points=[-3, -2, 0, 2.5, 4], limit=200)[0]
        assert p.mean == pytest.approx(mean, abs=1e-9)
        assert p.width**2 == pytest.approx(square - mean**2, rel=1e-9)


@pytest.mark.parametrize("p", CASES.values(), ids=CASES)
def test_the_entropy_is_the_integral(p):
    edges = sorted({m + s * k for m, s in zip(p.means, p.widths, strict=True) for k in range(-12, 13)})
    total = sum(
        quad(lambda x: -p.density(x) * p.log_density(x), a, b, epsabs=1e-13)[0] for a, b in pairwise(edges)
    )
    assert p.entropy == pytest.approx(total, rel=1e-9, abs=1e-9)


def test_the_entropy_of_one_bell_is_known():
    for width in (1e-3, 1.0, 50.0):
        one = Mixture.of((1.0,), (3.0,), (width,))
        assert one.entropy == pytest.approx(0.5 * log(2 * pi * np.e * width**2), abs=1e-12)


def test_weights_are_relative_and_none_is_no_peak():
    p = Mixture.of((3.0, 0.0, 1.0), (0.0, 1.0, 2.0), (1.0, 1.0, 1.0))
    np.testing.assert_allclose(p.weights, [0.75, 0.25])
    np.testing.assert_allclose(p.means, [0.0, 2.0])


@given(st.floats(-20, 20), st.floats(0.01, 10))
def test_the_nodes_of_a_bell_weigh_one_and_know_its_moments(mean, width):
    for p in (TWO, CASES["narrow and far"]):
        x, z, weight = p.nodes(mean, width)
        assert weight.sum() == pytest.approx(1, abs=1e-12)
        assert weight @ z**2 == pytest.approx(1, abs=1e-12)
        assert weight @ x == pytest.approx(mean, abs=1e-9)


def test_log_normal_density_is_scipys():
    x = np.linspace(-40, 40, 81)
    np.testing.assert_allclose(log_normal_density(x, 1.5, log(0.3)), norm.logpdf(x, 1.5, 0.3), rtol=1e-12)
