"""Sparse features: the power law, the logistic loss and its gradient, and what an effective step means."""

import numpy as np
import pytest
from msgspec.structs import replace
from scipy.special import expit, xlogy

from engine.gradient_check import check_gradient
from engine.linear.sparse import (
    draw_examples,
    effective_step,
    gradient,
    loss,
    losses,
    probabilities,
    true_weights,
)
from engine.optimizers.adam import Adam
from engine.optimizers.adaptive import AdaGrad, RMSProp
from engine.optimizers.descent import SGD, Momentum


def test_features_follow_the_power_law():
    assert probabilities(4, 1.5, 0.5).tolist() == pytest.approx([0.5, 0.5 / 8**0.5, 0.5 / 27**0.5, 1 / 16])
    assert probabilities(3, 0, 0.25).tolist() == [0.25] * 3


def test_rare_features_tell_more_up_or_down():
    weights = true_weights(np.full(400, 1 / 16), 0.5, np.random.default_rng(0))
    assert np.abs(weights) == pytest.approx(np.full(400, 2 * np.log(2)))
    assert 150 < (weights > 0).sum() < 250


def test_examples_have_each_feature_as_often_as_is_likely():
    chance = np.array([0.5, 0.1, 0.01])
    share = draw_examples(chance, 40_000, np.random.default_rng(1)).mean(axis=0)
    assert np.abs(share - chance).max() < 4 * 0.5 / 200


def test_the_loss_is_the_cross_entropy_of_the_chance():
    z, y = np.array([-3.0, -0.2, 0.0, 1.7]), np.array([1.0, 0.0, 0.3, 0.9])
    q = expit(z)
    assert losses(z, y) == pytest.approx(-xlogy(y, q) - xlogy(1 - y, 1 - q))
    assert losses([0.0], [1]) == pytest.approx(np.log(2))


def test_the_loss_survives_any_z():
    assert losses([1000.0, -1000.0, 1000.0], [1, 0, 0]).tolist() == [0.0, 0.0, 1000.0]


def test_the_gradient_agrees_with_differences():
    rng = np.random.default_rng(2)
    x, y, w = rng.random((7, 5)) < 0.4, rng.random(7) < 0.5, rng.normal(size=5)
    assert check_gradient(lambda v: loss(v, x, y), gradient(w, x, y), w).passed
    rows = rng.normal(size=(3, 5))
    assert gradient(rows, x, y) == pytest.approx(np.array([gradient(row, x, y) for row in rows]))


def test_an_absent_feature_has_a_gradient_of_exactly_zero():
    x, y = np.array([[True, False], [True, False]]), np.array([True, True])
    assert gradient(np.array([0.0, 5.0]), x, y).tolist() == [-0.5, 0.0]


def gone(rule, state, impulse):
    """How far a weight goes in the end for a gradient that comes once, per unit of it."""
    w, state = rule.update(np.zeros(1), np.array([impulse]), state)
    for _ in range(2000):
        w, state = rule.update(w, np.zeros(1), state)
    return -w[0] / impulse


@pytest.mark.parametrize("rule", [SGD(learning_rate=0.3), Momentum(learning_rate=0.3, beta=0.9)])
def test_the_effective_step_is_how_far_a_gradient_leads_in_the_end(rule):
    state = rule.start(np.zeros(1))
    assert gone(rule, state, 1.0) == pytest.approx(effective_step(rule, state, 1)[0])


@pytest.mark.parametrize(
    "rule",
    [
        AdaGrad(learning_rate=0.3),
        RMSProp(learning_rate=0.3, rho=1 - 1e-12),
        RMSProp(learning_rate=0.3, rho=1 - 1e-12, momentum=0.8),
        Adam(learning_rate=0.3, beta2=1 - 1e-12),
        Adam(learning_rate=0.3, beta2=1 - 1e-12, bias_correction=False),
    ],
)
def test_so_it_is_for_adaptive_rules_while_s_stands_still(rule):
    start = rule.start(np.zeros(1))
    squares = {
        name: np.full(1, 0.04)
        for name in start.__struct_fields__
        if name in ("sum_of_squares", "mean_square", "variance", "mean_square_hat")
    }
    state = replace(start, t=10**15, **squares)
    assert effective_step(rule, state, 1)[0] == pytest.approx(gone(rule, state, 1e-6), rel=2e-3)


def test_sgd_with_decay_has_the_rate_of_its_step():
    rule = SGD(learning_rate=1.0, decay=1.0)
    _, state = rule.update(np.zeros(2), np.ones(2), rule.start(np.zeros(2)))
    _, state = rule.update(np.zeros(2), np.ones(2), state)
    assert effective_step(rule, state, 2).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("rule", [AdaGrad(), RMSProp(), Adam()])
def test_before_the_first_gradient_there_is_no_telling(rule):
    _, state = rule.update(np.zeros(2), np.array([0.5, 0.0]), rule.start(np.zeros(2)))
    step = effective_step(rule, state, 2)
    assert np.isfinite(step[0])
    assert np.isnan(step[1])
