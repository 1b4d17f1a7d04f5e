"""Both divergences against closed forms and SciPy's integrals; slopes and curvature against differences."""

from itertools import pairwise
from math import exp, log, pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import minimize

from engine.gradient_check import check_gradient
from engine.information.gaussian_kl import (
    forward_integrand,
    forward_kl,
    forward_map,
    forward_minimum,
    reverse_hessian,
    reverse_integrand,
    reverse_kl,
    reverse_map,
    reverse_minima,
)
from engine.information.gaussian_mixture import Mixture

TWO = Mixture.of((0.6, 0.4), (-2.0, 2.4), (0.6, 0.8))
NARROW = Mixture.of((0.5, 0.5), (-8.0, 8.0), (0.02, 0.05))
THREE = Mixture.of((0.2, 0.3, 0.5), (-3.0, 0.0, 4.0), (0.1, 1.0, 0.3))
CLOSE = Mixture.of((0.5, 0.5), (-0.2, 0.3), (1.0, 0.9))
CASES = [
    (p, m, s) for p in (TWO, NARROW, THREE, CLOSE) for m, s in ((0.3, 1.5), (2.4, 0.8), (-2.9, 0.05), (0, 4))
]


def gaussian_kl(mean, width, other_mean, other_width):
    """KL between two Gaussians, in closed form: log(s₂/s₁) + (s₁² + (m₁ − m₂)²)/(2 s₂²) − ½."""
    ratio = width / other_width
    return -log(ratio) + 0.5 * (ratio * ratio + ((mean - other_mean) / other_width) ** 2) - 0.5


def log_bell(x, mean, width):
    """ln N(x; mean, width²), as books have it: SciPy's own takes a hundred times as long for one number."""
    return -0.5 * ((x - mean) / width) ** 2 - log(width) - 0.5 * log(2 * pi)


def integral(f, centre, width, p):
    """∫ f, in short pieces, cut where log p bends."""
    edges = {centre + width * k for k in range(-11, 12)}
    edges |= {float(x) for x in p.edges if abs(x - centre) < 11 * width}
    cuts = sorted(edges)
    return sum(quad(f, a, b, epsabs=1e-12, epsrel=1e-11)[0] for a, b in pairwise(cuts))


@pytest.mark.parametrize(("p", "mean", "width"), CASES)
def test_reverse_kl_is_the_integral(p, mean, width):
    def f(x):
        return exp(log_bell(x, mean, width)) * (log_bell(x, mean, width) - float(p.log_density(x)))

    expected = integral(f, mean, width, p)
    assert reverse_kl(p, mean, log(width)).value == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("p", "mean", "width"), CASES)
def test_forward_kl_is_the_integral(p, mean, width):
    def f(x):
        return float(p.density(x)) * (float(p.log_density(x)) - log_bell(x, mean, width))

    cuts = sorted({m + s * k for m, s in zip(p.means, p.widths, strict=True) for k in range(-11, 12)})
    expected = sum(quad(f, a, b, epsabs=1e-12)[0] for a, b in pairwise(cuts))
    assert forward_kl(p, mean, log(width)).value == pytest.approx(expected, rel=1e-8, abs=1e-8)


@given(st.floats(-5, 5), st.floats(0.05, 5), st.floats(-5, 5), st.floats(0.05, 5))
def test_between_two_bells_both_are_the_closed_form(m1, s1, m2, s2):
    p = Mixture.of((1.0,), (m1,), (s1,))
    assert forward_kl(p, m2, log(s2)).value == pytest.approx(gaussian_kl(m1, s1, m2, s2), rel=1e-9, abs=1e-11)
    assert reverse_kl(p, m2, log(s2)).value == pytest.approx(gaussian_kl(m2, s2, m1, s1), rel=1e-9, abs=1e-11)


def test_the_closed_form_for_bells_by_hand():
    assert gaussian_kl(0, 1, 0, 1) == 0
    assert gaussian_kl(0, 1, 2, 1) == pytest.approx(2.0)  # ½·2²
    assert gaussian_kl(0, 2, 0, 1) == pytest.approx(1.5 - log(2))


@pytest.mark.parametrize(("p", "mean", "width"), CASES)
@pytest.mark.parametrize("kl", [forward_kl, reverse_kl])
def test_slopes_are_those_of_the_value(kl, p, mean, width):
    at = (mean, log(width))
    found = check_gradient(lambda point: kl(p, *point).value, kl(p, *at)[1:], at)
    assert found.passed, found


@pytest.mark.parametrize(("mean", "width"), [(0.3, 1.2), (-1.0, 1.6), (2.0, 0.4), (0.0, 3.0)])
def test_the_curvature_is_that_of_the_slopes(mean, width):
    h, at = 1e-5, log(width)
    across, mixed, along = reverse_hessian(TWO, mean, at)
    right, left = reverse_kl(TWO, mean + h, at), reverse_kl(TWO, mean - h, at)
    wider, narrower = reverse_kl(TWO, mean, at + h), reverse_kl(TWO, mean, at - h)
    differences = (
        (right.d_mean - left.d_mean) / (2 * h),
        (right.d_log_width - left.d_log_width) / (2 * h),
        (wider.d_log_width - narrower.d_log_width) / (2 * h),
    )
    assert (across, mixed, along) == pytest.approx(differences, rel=1e-6, abs=1e-7)


@given(st.floats(-20, 20), st.floats(-4, 2.3))
def test_neither_is_ever_negative_or_no_number(mean, log_width):
    for p in (TWO, NARROW, THREE):
        for kl in (forward_kl, reverse_kl):
            found = kl(p, mean, log_width)
            assert np.isfinite(found).all()
            assert found.value >= 0


@pytest.mark.parametrize("p", [TWO, THREE, CLOSE])
def test_the_integrands_are_the_areas_and_never_no_number(p):
    x = np.linspace(-30, 30, 120_001)
    for kl, integrand in ((forward_kl, forward_integrand), (reverse_kl, reverse_integrand)):
        values = integrand(p, 0.5, log(1.3), x)
        assert np.trapezoid(values, x) == pytest.approx(kl(p, 0.5, log(1.3)).value, abs=1e-9)
        assert np.isfinite(integrand(p, 0.5, log(0.02), np.array([-1e6, -50.0, 50.0, 1e6]))).all()


def test_the_minimum_of_the_forward_kl_matches_the_moments():
    found = forward_minimum(TWO)
    assert (found.mean, found.width) == pytest.approx((-0.24, 2.2623881), abs=1e-6)  # 0.6·(−2) + 0.4·2.4
    value, *slopes = forward_kl(TWO, found.mean, log(found.width))
    assert slopes == pytest.approx([0, 0], abs=1e-12)
    for mean, width in ((0.1, 0), (-0.1, 0), (0, 0.1), (0, -0.1)):
        assert forward_kl(TWO, found.mean + mean, log(found.width) + width).value > value


@pytest.mark.parametrize("p", [TWO, NARROW, THREE, CLOSE])
def test_the_minima_of_the_reverse_kl_are_where_scipy_ends(p):
    found = reverse_minima(p)
    assert found == sorted(found, key=lambda place: place.value)
    for place in found:
        start = (place.mean + 0.02 * place.width, log(place.width) + 0.02)
        end = minimize(
            lambda at: reverse_kl(p, *at).value,
            start,
            method="Nelder-Mead",
            options={"xatol": 1e-8, "fatol": 1e-14},
        )
        assert (end.x[0], exp(end.x[1])) == pytest.approx((place.mean, place.width), abs=1e-5)
        assert end.fun == pytest.approx(place.value, abs=1e-9)


def test_each_peak_that_stands_alone_has_a_minimum_that_costs_its_share():
    found = reverse_minima(NARROW)[:2]
    assert sorted(place.mean for place in found) == pytest.approx([-8, 8])
    assert [place.value for place in found] == pytest.approx([log(2), log(2)])
    assert len(reverse_minima(CLOSE)) == 1


def test_maps_are_the_values():
    means, log_widths = np.linspace(-4, 4, 9), np.linspace(-1, 1, 5)
    for kl, field in ((forward_kl, forward_map), (reverse_kl, reverse_map)):
        exact = [[kl(TWO, mean, width).value for mean in means] for width in log_widths]
        np.testing.assert_allclose(field(TWO, means, log_widths), exact, rtol=0.01, atol=0.01)
