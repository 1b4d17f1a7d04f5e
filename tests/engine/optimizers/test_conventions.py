"""The forms of other books and programs: steps by hand, and the equations that are shown."""

import pytest

from engine.experiments.optimizers.conventions import FormStep
from engine.optimizers.adam import Adam, AdamW
from engine.optimizers.conventions import (
    DampenedMomentum,
    LookingAhead,
    MomentumInside,
    NesterovInside,
    NesterovLookAhead,
    NesterovShifted,
)
from engine.optimizers.conventions_of_adam import AdamHat, AdamInsideRoot, Coupled, Decoupled
from engine.optimizers.descent import GradientDescent, Momentum
from engine.optimizers.schedules import InverseTimeDecay
from tests.engine.optimizers.test_optimizers import evaluate

GRADIENTS = (0.5, -2.0, 1.5, 0.25)
FALLING = InverseTimeDecay()
DECAYED = GradientDescent(), Momentum(beta=0.5), Adam()
RULES = (
    MomentumInside(0.1, 0.5),
    DampenedMomentum(0.1, 0.5, 0.25),
    NesterovLookAhead(0.1, 0.5),
    NesterovInside(0.1, 0.5),
    NesterovShifted(0.1, 0.5),
    AdamInsideRoot(0.1, 0.5, 0.75, 2.0),
    AdamHat(0.1, 0.5, 0.75, 2.0),
    *(Coupled(0.1, rule, 0.5) for rule in DECAYED),
    *(Decoupled(0.1, rule, 0.5, times_rate=times) for rule in DECAYED for times in (True, False)),
    NesterovLookAhead(0.1, 0.5, schedule=FALLING),
    Coupled(0.1, DECAYED[1], 0.5, schedule=FALLING),
    Decoupled(0.1, DECAYED[1], 0.5, schedule=FALLING),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.name} {rule.schedule.constant}")
def test_the_equations_shown_are_what_was_computed(rule):
    x, state = 0.5, rule.start(0.5)
    for gradient in GRADIENTS:
        after, new = rule.update(x, gradient, state)
        both = (x, x), (gradient, gradient), (after, after), (state, state), (new, new)
        step = FormStep(rule, both[0], both[0], *both[1:])
        values = step.values(0)
        assert set(rule.hyperparameters) <= set(values)
        for line in rule.equations:
            result = values["x_after" if line.result == "x" else line.result]
            assert evaluate(line.numbers, values) == pytest.approx(result, rel=1e-12, abs=1e-15), line
        x, state = after, new


def two_steps(rule, gradients=(2.0, 4.0), x=1.0):
    """Where two steps lead, and the state after them."""
    state = rule.start(x)
    for gradient in gradients:
        x, state = rule.update(x, gradient, state)
    return x, state


def test_momentum_by_hand():
    x, state = two_steps(MomentumInside(0.1, 0.5))  # v = −0.2, then −0.1 − 0.4
    assert (x, state.velocity) == pytest.approx((1 - 0.2 - 0.5, -0.5))
    x, state = two_steps(DampenedMomentum(0.1, 0.5, 0.75))  # v = 2 undampened, then 1 + 0.25·4
    assert (x, state.velocity) == pytest.approx((1 - 0.2 - 0.2, 2.0))


def test_nesterov_by_hand():
    x, state = two_steps(NesterovShifted(0.1, 0.5))  # v = −0.2, −0.5; x − 0.1 − 0.2, then − 0.25 − 0.4
    assert (x, state.velocity) == pytest.approx((1 - 0.3 - 0.65, -0.5))
    for rule, velocity in ((NesterovLookAhead(0.1, 0.5), 5.0), (NesterovInside(0.1, 0.5), -0.5)):
        x, state = two_steps(rule)
        assert isinstance(rule, LookingAhead)
        assert (x, state.velocity) == pytest.approx((1 - 0.2 - 0.5, velocity))
        assert rule.look_ahead(x, state) == pytest.approx(0.3 - 0.25)


def test_epsilon_by_hand_in_the_first_step():
    """g = 4: m = 0.4 and v = 0.016, corrected 4 and 16."""
    assert two_steps(AdamInsideRoot(1.0, epsilon=9.0), (4.0,), 0.0)[0] == pytest.approx(-4 / 5)
    rate = 0.001**0.5 / 0.1
    assert two_steps(AdamHat(1.0, epsilon=1.0), (4.0,), 0.0)[0] == pytest.approx(
        -rate * 0.4 / (0.016**0.5 + 1.0)
    )


def test_weight_decay_by_hand():
    assert two_steps(Coupled(0.1, GradientDescent(), 0.5), (2.0,), 4.0)[0] == pytest.approx(4 - 0.1 * (2 + 2))
    decoupled = Decoupled(0.1, GradientDescent(), 0.5)
    assert two_steps(decoupled, (2.0,), 4.0)[0] == pytest.approx(4 - 0.2 - 0.1 * 0.5 * 4)
    alone = Decoupled(0.1, GradientDescent(), 0.5, times_rate=False)
    assert two_steps(alone, (2.0,), 4.0)[0] == pytest.approx(4 - 0.2 - 0.5 * 4)


def test_the_decoupled_decay_of_adam_is_adamw():
    x, _ = two_steps(Decoupled(0.1, Adam(), 0.5), GRADIENTS)
    assert x == pytest.approx(two_steps(AdamW(0.1, weight_decay=0.5), GRADIENTS)[0], rel=1e-14)
