"""What converges on a quadratic: the roots of NumPy's polynomials, known borders, the rules at work."""

import numpy as np
import pytest

from engine.convergence.stability import BORDERS, RECURRENCES, convergence_factor, largest_rate
from engine.optimizers.adam import Adam
from engine.optimizers.descent import SGD, AveragedMomentum, GradientDescent, Momentum, Nesterov
from engine.optimizers.newton import DampedNewton, Newton

SETTINGS = [(0.05, 0.0), (0.05, 0.5), (0.19, 0.9), (0.3, 0.9), (0.02, 0.99), (0.5, 0.2)]


@pytest.mark.parametrize(("rate", "beta"), SETTINGS)
def test_momentum_and_nesterov_have_the_roots_of_their_polynomials(rate, beta):
    for curvature in (1.0, 4.0, 10.0):
        heavy = np.abs(np.roots([1, -(1 + beta - rate * curvature), beta])).max()
        kept = 1 - rate * curvature
        fast = np.abs(np.roots([1, -(1 + beta) * kept, beta * kept])).max()
        assert convergence_factor(Momentum(rate, beta), [curvature]) == pytest.approx(heavy, rel=1e-12)
        assert convergence_factor(Nesterov(rate, beta), [curvature]) == pytest.approx(fast, rel=1e-12)


def measured(rule, curvature, steps=400):
    """By what the error of the rule itself shrinks a step, over the second half of a run."""
    x, state = 1.0, rule.start(1.0)
    errors = []
    for _ in range(steps):
        x, state = rule.update(x, curvature * x, state)
        errors.append(abs(x))
    late = np.maximum(errors[steps // 2 :], 1e-300)
    return float(np.exp(np.polyfit(np.arange(len(late)), np.log(late), 1)[0]))


@pytest.mark.parametrize(
    "rule",
    [GradientDescent(0.15), SGD(0.15), Momentum(0.1, 0.8), AveragedMomentum(0.5, 0.8), Nesterov(0.08, 0.8)],
)
def test_the_rules_shrink_the_error_by_this_factor(rule):
    assert measured(rule, 10.0) == pytest.approx(float(convergence_factor(rule, [10.0])), abs=0.01)


def test_known_borders():
    assert largest_rate(GradientDescent(), 10.0) == pytest.approx(0.2)
    assert largest_rate(Momentum(beta=0.9), 10.0) == pytest.approx(0.38)
    assert largest_rate(AveragedMomentum(beta=0.9), 10.0) == pytest.approx(3.8)
    assert largest_rate(Nesterov(beta=0.5), 10.0) == pytest.approx(0.15)
    assert largest_rate(DampedNewton(damping=10.0), 10.0) == pytest.approx(4.0)


@pytest.mark.parametrize("kind", BORDERS)
def test_at_the_border_the_factor_is_one(kind):
    for second in (0.0, 0.3, 0.95):
        fields = {"beta": second} if "beta" in kind.__struct_fields__ else {}
        fields |= {"damping": 5 * second} if "damping" in kind.__struct_fields__ else {}
        border = float(largest_rate(kind(**fields), 7.0))
        for share, stable in ((0.999, True), (1.001, False)):
            factor = convergence_factor(kind(learning_rate=share * border, **fields), [7.0])
            assert (factor < 1) == stable


def test_polyak_s_tuning_has_the_factor_of_his_theorem():
    low, high = np.sqrt(1.0), np.sqrt(100.0)
    rule = Momentum((2 / (low + high)) ** 2, ((high - low) / (high + low)) ** 2)
    assert convergence_factor(rule, [1.0, 100.0]) == pytest.approx((10 - 1) / (10 + 1), abs=1e-6)


def test_newton_needs_one_step_and_others_have_no_theory():
    assert convergence_factor(Newton(), [3.0, 50.0]) == 0.0
    assert convergence_factor(Adam(), [1.0]) is None
    assert largest_rate(Adam(), 1.0) is None
    assert convergence_factor(SGD(0.1, decay=0.5), [1.0]) is None
    assert largest_rate(SGD(0.1, decay=0.5), 1.0) is None
    assert Newton in RECURRENCES
    assert Newton not in BORDERS


def test_settings_may_be_arrays():
    rates = np.array([0.01, 0.1, 0.5])
    import msgspec

    rule = msgspec.structs.replace(Momentum(), learning_rate=rates, beta=np.array([0.9, 0.5, 0.5]))
    each = [
        float(convergence_factor(Momentum(r, b), [1.0, 10.0]))
        for r, b in zip(rates, (0.9, 0.5, 0.5), strict=True)
    ]
    assert convergence_factor(rule, [1.0, 10.0]) == pytest.approx(each)
