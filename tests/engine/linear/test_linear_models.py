"""Two models of two parameters, against SciPy and against differences."""

import numpy as np
import pytest
from scipy.optimize import minimize

from engine.gradient_check import check_gradient
from engine.linear.linear_models import LinearModel, principal_components

RNG = np.random.default_rng(2)
FEATURES = RNG.normal(size=(60, 2))
REGRESSION = LinearModel(FEATURES, FEATURES @ (1.0, -2.0) + RNG.normal(size=60), False)
CLASSIFICATION = LinearModel(FEATURES, (FEATURES[:, 0] + RNG.normal(size=60) > 0).astype(float), True, 0.05)
MODELS = pytest.mark.parametrize("model", [REGRESSION, CLASSIFICATION], ids=["regression", "classification"])


@MODELS
def test_the_gradient_is_the_slope_of_the_loss(model):
    theta = np.array([0.7, -1.3])
    assert check_gradient(model.loss, model.gradient(theta), theta).passed


@MODELS
def test_the_hessian_is_the_slope_of_the_gradient(model):
    theta = np.array([0.7, -1.3])
    for k in range(2):
        row = model.hessian(theta)[k]
        assert check_gradient(lambda at, k=k: model.gradient(at)[k], row, theta).passed


@MODELS
def test_the_hessian_of_an_example_is_that_of_a_model_of_it_alone(model):
    theta = np.array([0.7, -1.3])
    for k in (0, 17):
        alone = LinearModel(model.features[[k]], model.targets[[k]], model.classifies, model.decay)
        assert model.hessians(theta)[k] == pytest.approx(alone.hessian(theta))


@MODELS
def test_the_true_gradient_is_the_mean_over_examples_and_over_batches(model):
    theta = np.array([0.3, 0.4])
    each = model.gradients(theta)
    assert each.mean(axis=0) == pytest.approx(model.gradient(theta))
    assert model.hessians(theta).mean(axis=0) == pytest.approx(model.hessian(theta))
    rows = np.array([3, 5, 11])
    assert model.gradient(theta, rows) == pytest.approx(each[rows].mean(axis=0))


@MODELS
def test_the_minimum_is_scipys(model):
    found = minimize(model.loss, np.zeros(2), tol=1e-12).x
    assert model.minimum == pytest.approx(found, abs=1e-5)
    assert np.abs(model.gradient(model.minimum)).max() < 1e-12


def test_a_loss_written_out():
    one = LinearModel(np.array([[1.0, 2.0]]), np.array([1.0]), True, 0.5)
    z = 0.1 + 0.4
    assert one.loss(np.array([0.1, 0.2])) == pytest.approx(np.log(1 + np.exp(-z)) + 0.25 * 0.05)
    line = LinearModel(np.array([[1.0, 2.0]]), np.array([1.0]), False)
    assert line.loss(np.array([0.1, 0.2])) == pytest.approx(0.125)


def test_losses_of_a_grid_and_far_away():
    places = RNG.normal(size=(4, 5, 2))
    losses = CLASSIFICATION.loss(places)
    assert losses.shape == (4, 5)
    assert losses[2, 3] == pytest.approx(CLASSIFICATION.loss(places[2, 3]))
    assert np.isfinite(CLASSIFICATION.loss(np.array([1e6, -1e6])))


def test_principal_components_are_uncorrelated_and_keep_the_largest_variance():
    rows = RNG.normal(size=(200, 4)) * (5.0, 3.0, 1.0, 0.1) + 7.0
    scores = principal_components(rows, 2)
    largest = np.sort(np.linalg.eigvalsh(np.cov(rows.T, bias=True)))[::-1][:2]
    assert np.cov(scores.T, bias=True) == pytest.approx(np.diag(largest), abs=1e-10)
