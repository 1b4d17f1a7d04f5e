"""Loss curves against numbers worked out by hand and against differences; where they saturate and kink."""

import math

import numpy as np
import pytest

from engine.losses.loss_curves import (
    OVER,
    LossParameters,
    check_slope,
    flat_ranges,
    logit,
    loss_curve,
    sigmoid_of,
    smoothed_label,
)
from tests.cases import every

EVERY = [(name, over) for over, names in OVER.items() for name in names]
POINTS = {"number": (-3.7, 0.31, 5.1), "probability": (1e-6, 0.2, 0.97), "logit": (-11.0, -0.4, 0.7, 9.0)}
LOGITS = np.linspace(-12.0, 12.0, 481)


@pytest.mark.parametrize(("name", "over"), EVERY)
@every("y", [0.0, 0.35, 1.0])
@every("parameters", [LossParameters(), LossParameters(0.3, 0.0, 0.2), LossParameters(4.0, 5.0, 1.0)])
def test_every_slope_agrees_with_differences(name, over, y, parameters):
    curve = loss_curve(name, over, y, parameters)
    for x in POINTS[over]:
        assert check_slope(curve, over, x).passed, x


@pytest.mark.parametrize("name", OVER["logit"])
@pytest.mark.parametrize("y", [0.0, 0.35, 1.0])
def test_over_the_logit_it_is_the_loss_of_the_sigmoid(name, y):
    if name == "hinge":
        return
    parameters = LossParameters(0.4, 1.5, 0.3)
    by_logit, by_chance = (loss_curve(name, over, y, parameters) for over in ("logit", "probability"))
    for z in (-4.0, -0.5, 2.0):
        p = 1 / (1 + math.exp(-z))
        assert by_logit.value_at(z) == pytest.approx(by_chance.value_at(p))
        assert by_logit.slope_at(z) == pytest.approx(by_chance.slope_at(p) * p * (1 - p))


def test_a_corner_of_the_slope_is_left_out_of_the_check():
    """Where Huber turns straight, differences are off by 10⁻⁶, though the slope is δ."""
    for over, x in (("number", 0.5), ("probability", 0.5), ("logit", 0.0)):
        assert check_slope(loss_curve("huber", over, 0.0, LossParameters(delta=0.5)), over, x) is None
        assert check_slope(loss_curve("huber", over, 0.0, LossParameters(delta=0.5)), over, x + 0.01).passed


def test_by_hand():
    """At p = 0.1 with y = 0: −ln 0.9 = 0.1053605; focal with γ = 2 is 0.1² of that."""
    assert loss_curve("bce", "probability", 0.0, LossParameters()).value_at(0.1) == pytest.approx(
        0.1053605, rel=1e-6
    )
    focal = loss_curve("focal", "probability", 0.0, LossParameters())
    assert focal.value_at(0.1) == pytest.approx(0.001053605, rel=1e-6)
    weighed = loss_curve("focal", "probability", 0.0, LossParameters(alpha=0.25))
    assert weighed.value_at(0.1) == pytest.approx(0.75 * 0.001053605, rel=1e-6)
    assert loss_curve("hinge", "logit", 1.0, LossParameters()).value_at(-2.0) == 3.0
    assert loss_curve("hinge", "logit", 0.0, LossParameters()).slope_at(2.0) == 1.0
    assert loss_curve("hinge", "logit", 0.5, LossParameters()).value_at(0.0) == 1.0
    assert loss_curve("huber", "number", 1.0, LossParameters(delta=2.0)).value_at(4.0) == 4.0  # 2·(3 − 1)


def test_focal_without_focus_is_cross_entropy():
    z = np.linspace(-30.0, 30.0, 61)
    focal, cross = (loss_curve(name, "logit", 0.3, LossParameters(gamma=0.0)) for name in ("focal", "bce"))
    assert focal.value(z) == pytest.approx(cross.value(z))
    assert focal.slope(z) == pytest.approx(cross.slope(z), abs=1e-12)


def test_far_logits_cost_what_they_should_and_nothing_overflows():
    for name, slope in (("bce", 1.0), ("focal", 1.0), ("hinge", 1.0), ("mse", 0.0)):
        curve = loss_curve(name, "logit", 0.0, LossParameters())
        assert curve.slope_at(1000.0) == pytest.approx(slope)
        assert math.isfinite(curve.value_at(1000.0))
        assert curve.value_at(-1000.0) == 0.0


def test_a_kink_has_two_sides_and_no_check():
    absolute = loss_curve("mae", "number", 1.5, LossParameters())
    assert absolute.sides(1.5) == (-1.0, 1.0)
    assert absolute.sides(1.4) is None
    assert check_slope(absolute, "number", 1.5) is None
    hinge = loss_curve("hinge", "logit", 1.0, LossParameters())
    assert hinge.kinks == (1.0,)
    assert hinge.sides(1.0) == (-1.0, 0.0)
    assert loss_curve("mae", "logit", 1.0, LossParameters()).kinks == ()  # the target is at ∞
    half = loss_curve("mae", "logit", 0.5, LossParameters())
    assert half.sides(0.0) == pytest.approx((-0.25, 0.25), rel=1e-6)


@pytest.mark.parametrize("name", ["mse", "mae", "huber", "log_cosh"])
def test_what_saturates_does_so_where_it_is_wrong(name):
    curve = loss_curve(name, "logit", 0.0, LossParameters())
    ((begin, end),) = flat_ranges(curve, LOGITS, 1 / (1 + np.exp(-LOGITS)), 0.0)
    assert 2.5 < begin < 4.0
    assert end == 12.0
    mirrored = loss_curve(name, "logit", 1.0, LossParameters())
    ((left, right),) = flat_ranges(mirrored, LOGITS, 1 / (1 + np.exp(-LOGITS)), 1.0)
    assert (left, right) == pytest.approx((-12.0, -begin))


def test_where_the_squared_error_becomes_flat_by_hand():
    """2p²(1 − p) is a fifth of its largest value 8/27 at p ≈ 0.9693, that is z ≈ 3.45."""
    ((begin, _),) = flat_ranges(
        loss_curve("mse", "logit", 0.0, LossParameters()), LOGITS, 1 / (1 + np.exp(-LOGITS)), 0.0
    )
    assert begin == pytest.approx(3.45, abs=0.05)


@pytest.mark.parametrize("name", ["bce", "focal", "hinge"])
@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_what_does_not_saturate_is_not_said_to(name, y):
    curve = loss_curve(name, "logit", y, LossParameters())
    assert flat_ranges(curve, LOGITS, 1 / (1 + np.exp(-LOGITS)), y) == ()


@pytest.mark.parametrize("name", OVER["number"])
def test_nothing_saturates_over_a_number(name):
    grid = np.linspace(-6.0, 6.0, 241)
    assert flat_ranges(loss_curve(name, "number", 1.0, LossParameters()), grid, grid, 1.0) == ()


def test_the_ends_of_a_probability():
    surest = loss_curve("bce", "probability", 1.0, LossParameters())
    assert surest.value_at(0.0) == math.inf
    assert surest.slope_at(0.0) == -math.inf
    assert surest.value_at(1.0) == 0.0
    assert check_slope(surest, "probability", 0.0) is None
    unweighed = loss_curve("focal", "probability", 1.0, LossParameters(alpha=0.0))
    assert unweighed.value_at(0.0) == 0.0


def test_logits_and_labels():
    assert (logit(0.0), logit(1.0), logit(0.5)) == (-math.inf, math.inf, 0.0)
    assert sigmoid_of(logit(0.3)) == pytest.approx(0.3)
    assert smoothed_label(1.0, 0.2) == pytest.approx(0.9)
    assert smoothed_label(0.0, 0.2) == pytest.approx(0.1)
