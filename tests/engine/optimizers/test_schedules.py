"""Schedules against values by hand and the formulas that PyTorch documents; rules that follow them."""

import math
from typing import get_args

import msgspec
import numpy as np
import pytest
from msgspec.structs import asdict

from engine.config import Problem
from engine.optimizers import OPTIMIZERS, SCHEDULES
from engine.optimizers.descent import Momentum, Nesterov
from engine.optimizers.schedules import (
    ConstantRate,
    CosineDecay,
    CosineRestarts,
    ExponentialDecay,
    InverseRootDecay,
    InverseTimeDecay,
    LinearDecay,
    StepDecay,
)
from engine.optimizers.table import FirstOrder
from engine.optimizers.trainer import Learner, Trainer
from engine.optimizers.walk import at_start, walk
from engine.surfaces.classic import SURFACES
from tests.engine.optimizers.test_optimizers import GRADIENTS, VARIANTS, evaluate

FIRST_ORDER = [rule.__struct_config__.tag for rule in get_args(FirstOrder)]
ROOT = math.sqrt(0.5)
SLOW = InverseTimeDecay(decay_rate=0.5)  # ψ: 1, 2/3, 1/2, 2/5, …


@pytest.mark.parametrize(
    ("schedule", "factors"),
    [
        (ConstantRate(), [1, 1, 1, 1]),
        (ConstantRate(warmup_steps=4), [0.2, 0.4, 0.6, 0.8, 1, 1, 1]),
        (StepDecay(step_size=2, gamma=0.1), [1, 1, 0.1, 0.1, 0.01, 0.01, 0.001]),
        (ExponentialDecay(gamma=0.5), [1, 0.5, 0.25, 0.125]),
        (InverseTimeDecay(decay_rate=1), [1, 1 / 2, 1 / 3, 1 / 4]),
        (SLOW, [1, 2 / 3, 1 / 2, 2 / 5]),
        (InverseRootDecay(decay_rate=1), [1, 0.7071067811865476, 0.5773502691896258, 0.5]),
        (
            InverseRootDecay(decay_rate=3),
            [1, 0.5, 1 / math.sqrt(7), 1 / math.sqrt(10), 1 / math.sqrt(13), 0.25],
        ),
        (LinearDecay(total_steps=4), [1, 0.75, 0.5, 0.25, 0, 0]),
        (LinearDecay(total_steps=2, end_factor=0.5), [1, 0.75, 0.5, 0.5]),
        (CosineDecay(total_steps=4), [1, (1 + ROOT) / 2, 0.5, (1 - ROOT) / 2, 0, 0]),
        (CosineDecay(total_steps=2, end_factor=0.2), [1, 0.6, 0.2, 0.2]),
        # cycles of 2, 4 and 8 steps
        (
            CosineRestarts(first_period=2),
            [1, 0.5, 1, (1 + ROOT) / 2, 0.5, (1 - ROOT) / 2, 1, (1 + math.cos(math.pi / 8)) / 2],
        ),
        (CosineRestarts(first_period=2, period_multiplier=1, end_factor=0.5), [1, 0.75, 1, 0.75, 1]),
        # the schedule begins when the warm-up has ended
        (ExponentialDecay(gamma=0.5, warmup_steps=2), [1 / 3, 2 / 3, 1, 0.5, 0.25]),
        (CosineRestarts(first_period=2, period_multiplier=1, warmup_steps=1), [0.5, 1, 0.5, 1, 0.5]),
    ],
)
def test_the_factors_by_hand(schedule, factors):
    found = [schedule.factor(t) for t in range(1, len(factors) + 1)]
    assert found == pytest.approx(factors, abs=1e-15)
    assert all(type(factor) is float for factor in found)
    together = schedule.factor(np.arange(1, len(factors) + 1))
    np.testing.assert_array_equal(together, found)


# The learning rates of torch.optim.lr_scheduler (2.x) from η = 0.1 at its steps 0 … 5: the closed forms that
# its documentation gives, worked out with a pocket calculator.
@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        # StepLR(step_size=3, gamma=0.1)
        (StepDecay(step_size=3, gamma=0.1), [0.1, 0.1, 0.1, 0.01, 0.01, 0.01]),
        # ExponentialLR(gamma=0.9)
        (ExponentialDecay(gamma=0.9), [0.1, 0.09, 0.081, 0.0729, 0.06561, 0.059049]),
        # LinearLR(start_factor=1, end_factor=0.2, total_iters=4)
        (LinearDecay(total_steps=4, end_factor=0.2), [0.1, 0.08, 0.06, 0.04, 0.02, 0.02]),
        # CosineAnnealingLR(T_max=5, eta_min=0.01)
        (
            CosineDecay(total_steps=5, end_factor=0.1),
            [0.1, 0.09140576474687264, 0.06890576474687264, 0.04109423525312736, 0.018594235253127366, 0.01],
        ),
        # CosineAnnealingWarmRestarts(T_0=3, T_mult=1, eta_min=0)
        (CosineRestarts(first_period=3, period_multiplier=1), [0.1, 0.075, 0.025, 0.1, 0.075, 0.025]),
    ],
)
def test_the_rates_of_pytorch(schedule, rates):
    rule = OPTIMIZERS["gradient_descent"](learning_rate=0.1, schedule=schedule)
    assert [rule.rate(t) for t in range(1, 7)] == pytest.approx(rates, rel=1e-12)
    of_walk = rule.rates(3)
    assert [next(of_walk) for _ in range(4)] == [rule.rate(t) for t in range(3, 7)]


def test_a_restart_is_exact_after_many_cycles():
    schedule = CosineRestarts(first_period=10, period_multiplier=3)
    starts = [1 + 10 * (3**i - 1) // 2 for i in range(12)]  # 1 + 10 (3ⁱ − 1)/(3 − 1)
    assert [schedule.factor(t) for t in starts] == [1.0] * 12
    assert [schedule.factor(t - 1) < 0.1 for t in starts[1:]] == [True] * 11


def test_only_steps_that_shrink_fast_enough_have_a_finite_sum_of_squares():
    """Robbins and Monro: Σ ψ is ∞ and Σ ψ² is finite for 1/t; π²/6 and the logarithm are its known sums."""
    t = np.arange(1, 100_001)
    over_t, over_root = (kind(decay_rate=1).factor(t) for kind in (InverseTimeDecay, InverseRootDecay))
    assert (over_t**2).sum() == pytest.approx(math.pi**2 / 6, rel=1e-5)
    assert over_t.sum() == pytest.approx(math.log(100_000) + 0.5772156649, rel=1e-6)
    assert (over_root**2).sum() == pytest.approx(over_t.sum())


@pytest.mark.parametrize(("name", "options"), VARIANTS)
def test_without_a_schedule_every_step_is_the_same_to_the_last_bit(name, options):
    """`update` takes the step of η, and a schedule whose factor is always 1 takes it too."""
    plain = OPTIMIZERS[name](**options)
    level = OPTIMIZERS[name](**options, schedule=LinearDecay(end_factor=1.0))
    x = of_level = 0.5
    state, state_of_level = plain.start(x), level.start(x)
    for gradient in GRADIENTS:
        by_hand = plain.step(x, gradient, state, plain.learning_rate)
        x, state = plain.update(x, gradient, state)
        assert (x, state) == by_hand
        of_level, state_of_level = level.update(of_level, gradient, state_of_level)
        assert of_level == x
    assert plain.constant_rate == ("decay" not in options and name != "asgd")  # these have one of their own
    assert not level.constant_rate


@pytest.mark.parametrize("name", FIRST_ORDER)
def test_every_rule_takes_the_step_of_its_schedule(name):
    """Step t with η ψ_t is a step of the same rule with that learning rate; the factors are by hand."""
    rule = OPTIMIZERS[name](learning_rate=0.2, schedule=SLOW)
    x, state = 0.5, rule.start(0.5)
    for gradient, factor in zip(GRADIENTS, [1, 2 / 3, 1 / 2, 2 / 5, 1 / 3, 2 / 7], strict=True):
        other = OPTIMIZERS[name](learning_rate=0.2 * factor)
        wanted, _ = other.update(x, gradient, state)
        x, state = rule.update(x, gradient, state)
        assert x == pytest.approx(wanted, rel=1e-13)


def test_sgd_with_a_decay_has_both():
    rule = OPTIMIZERS["sgd"](learning_rate=0.1, decay=1.0, schedule=ExponentialDecay(gamma=0.5))
    x, state = 0.0, rule.start(0.0)
    for moved in (0.1, 0.1 + 0.05 / 2, 0.1 + 0.05 / 2 + 0.025 / 3):
        x, state = rule.update(x, -1.0, state)
        assert x == pytest.approx(moved)


def test_nesterovs_two_points_stay_together_when_the_rate_falls():
    """θ is where the look-ahead point would be without the velocity; at rest both are at the minimum."""
    rule = Nesterov(learning_rate=0.2, beta=0.5, schedule=SLOW)
    x, state = 1.0, rule.start(1.0)
    # g(x) = x. η: 0.2, 0.2·2/3, 0.1
    x, state = rule.update(x, x, state)
    assert (state.position, state.velocity, x) == pytest.approx((0.8, 1.0, 0.7))
    x, state = rule.update(x, x, state)  # v = 0.5 + 0.7 = 1.2; x = 0.7 − 0.2·2/3·(0.7 + 0.6)
    assert (state.position, state.velocity, x) == pytest.approx((0.7 - 0.28 / 3, 1.2, 0.7 - 0.52 / 3))
    for t in range(3, 400):
        x, state = rule.update(x, x, state)
        assert state.position == pytest.approx(x + rule.rate(t) * 0.5 * state.velocity, abs=1e-15)
    assert abs(state.position - x) < 1e-4


SCHEDULED = [
    (name, options | {"schedule": schedule})
    for name, options in VARIANTS
    for schedule in (SLOW, CosineRestarts(first_period=2, warmup_steps=1))
] + [
    ("adam", {"schedule": kind(**fields)})
    for kind, fields in [
        (ConstantRate, {"warmup_steps": 3}),
        (StepDecay, {"step_size": 2}),
        (ExponentialDecay, {}),
        (InverseRootDecay, {"warmup_steps": 2}),
        (LinearDecay, {"total_steps": 4}),
        (CosineDecay, {"total_steps": 4, "warmup_steps": 1}),
    ]
]


@pytest.mark.parametrize(("name", "options"), SCHEDULED)
def test_the_equations_shown_are_what_was_computed(name, options):
    rule = OPTIMIZERS[name](**options)
    x, state = 0.5, rule.start(0.5)
    shown = [line.latex.split(" = ")[0] for line in rule.equations]
    assert r"\psi_t" in shown
    assert r"\eta_t" in shown
    for gradient in GRADIENTS:
        after, new = rule.update(x, gradient, state)
        settings = rule.settings(new.t)
        names = settings | asdict(new) | {"x": x, "gradient": gradient, "x_after": after, "π": math.pi}
        names |= {f"old_{field}": value for field, value in asdict(state).items()}
        for line in rule.equations_at(new.t):
            result = after if line.result == "x" else (settings | asdict(new))[line.result]
            assert evaluate(line.numbers, names) == pytest.approx(result, rel=1e-12, abs=1e-15), line
            bare = line.latex
            for other in (r"\eta_t", r"\eta}_t", r"\eta\, \psi_t", r"\eta^{+}", r"\eta^{-}"):
                bare = bare.replace(other, "")
            assert (r"\eta" in bare) == (line.result == "multiple"), line  # bounds of Rprop, which stay
        x, state = after, new


@pytest.mark.parametrize(("name", "options"), VARIANTS)
def test_a_trainer_follows_the_schedule_in_place_and_not(name, options):
    """The learner of whole arrays, and the trainer with Adam of its own, against the rule in plain floats."""
    rule = OPTIMIZERS[name](**options, schedule=CosineDecay(total_steps=5, warmup_steps=2))
    start = np.array([0.5, -1.0])
    learner, trainer = Learner(rule, start), Trainer(rule, start)
    alone, states = [0.5, -1.0], [rule.start(0.5), rule.start(-1.0)]
    for gradient in GRADIENTS:
        for one in (learner, trainer):
            one.step(np.array([gradient, 1.0]))
        for i, slope in enumerate((gradient, 1.0)):
            alone[i], states[i] = rule.update(alone[i], slope, states[i])
    assert learner.theta == pytest.approx(alone, rel=1e-12)
    assert trainer.theta == pytest.approx(alone, rel=1e-9)


def test_a_walk_goes_on_with_the_rate_of_its_step():
    """In two parts the walk is the same as in one, which is that of `update`."""
    rule, surface = Momentum(learning_rate=0.001, schedule=CosineRestarts(first_period=4)), SURFACES["beale"]
    start, still = at_start(rule, 1.0, 1.0), np.zeros((20, 2))
    _, whole = walk(rule, surface, start, still)
    middle, first = walk(rule, surface, start, still[:7])
    _, second = walk(rule, surface, middle, still[7:])
    assert first.x + second.x == whole.x
    x, y, of_x, of_y = 1.0, 1.0, rule.start(1.0), rule.start(1.0)
    for _ in range(20):
        slope_x, slope_y = surface.gradient(x, y)
        x, of_x = rule.update(x, slope_x, of_x)
        y, of_y = rule.update(y, slope_y, of_y)
    assert (whole.x[-1], whole.y[-1]) == (x, y)


def test_rules_of_before_are_read_and_new_ones_make_a_round_trip():
    old = (
        b'{"kind":"adam","learning_rate":0.1,"beta1":0.9,"beta2":0.999,"epsilon":1e-8,"bias_correction":true}'
    )
    assert msgspec.json.decode(old, type=FirstOrder) == OPTIMIZERS["adam"](learning_rate=0.1)
    for kind in SCHEDULES.values():
        rule = OPTIMIZERS["lion"](schedule=kind(warmup_steps=7))
        assert msgspec.json.decode(msgspec.json.encode(rule), type=FirstOrder) == rule


def test_a_schedule_out_of_range_is_named():
    with pytest.raises(Problem) as caught:
        OPTIMIZERS["adam"]().with_(schedule=CosineDecay(total_steps=0))
    assert caught.value.where == "schedule.total_steps"


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_says_what_it_is_and_stays_between_0_and_1(name):
    schedule = SCHEDULES[name](warmup_steps=20)
    assert schedule.meaning.endswith(".")
    factors = schedule.factor(np.array([1, 10, 20, 21, 1000, 1_000_000]))
    assert factors[:4] == pytest.approx([1 / 21, 10 / 21, 20 / 21, 1])
    assert np.all((factors >= 0) & (factors <= 1))
