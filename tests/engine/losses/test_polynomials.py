"""Three kinds of features that span the same curves."""

import numpy as np
import pytest

from engine.losses.likelihood import least_squares
from engine.losses.polynomials import FEATURES, basis

X = np.array([0.5, 1.2, 2.0, 2.9, 3.7, 4.4, 5.3, 6.1, 6.8, 7.7, 8.6, 9.4])
Y = np.sin(X)


@pytest.mark.parametrize("kind", FEATURES)
@pytest.mark.parametrize("degree", [1, 2, 3, 4, 5])
def test_all_give_the_curve_of_polyfit(kind, degree):
    found = basis(kind, degree, X)
    theta = least_squares(found.features(X), Y).theta
    wanted = np.polynomial.Polynomial.fit(X, Y, degree)
    at = np.linspace(0, 10, 50)
    np.testing.assert_allclose(found.features(at) @ theta, wanted(at), atol=1e-9)
    np.testing.assert_allclose(found.coefficients(theta), wanted.convert().coef, rtol=1e-6)


@pytest.mark.parametrize("kind", FEATURES)
@pytest.mark.parametrize("degree", [1, 3, 5])
def test_a_line_is_a_line_in_all(kind, degree):
    found = basis(kind, degree, X)
    np.testing.assert_allclose(found.features(X) @ found.line(1.5, -0.25), 1.5 - 0.25 * X, atol=1e-11)


def test_conditions():
    of = {kind: np.linalg.cond(basis(kind, 5, X).features(X)) for kind in FEATURES}
    assert of["raw"] == pytest.approx(np.linalg.cond(np.vander(X, 6)), rel=1e-6)
    assert of["raw"] > 1e5 > 100 > of["scaled"] > 1.001 > of["orthogonal"]


def test_orthogonal_features_rise_at_the_right_end():
    features = basis("orthogonal", 5, X).features(X)
    np.testing.assert_allclose(features.T @ features / len(X), np.eye(6), atol=1e-11)
    assert (features[-1] > 0).all()


def test_scaled_powers_stay_between_minus_one_and_one():
    features = basis("scaled", 5, X).features(X)
    assert np.abs(features).max() == pytest.approx(1)
    assert features[0].tolist() == pytest.approx([1, -1, 1, -1, 1, -1])
