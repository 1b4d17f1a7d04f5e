"""The two forms of *Conventions*: PyTorch's numbers, Keras' documented rules, and what translates them."""

from itertools import product
from math import sqrt

import numpy as np
import pytest

from engine.config import replaced, validated
from engine.experiments.optimizers.conventions import EXPERIMENT, ConventionsConfig, step_of
from engine.experiments.optimizers.conventions_families import (
    AdamFamily,
    DecayFamily,
    MomentumFamily,
    NesterovFamily,
    RMSPropFamily,
)
from engine.experiments.optimizers.conventions_names import calls
from engine.experiments.optimizers.conventions_translation import (
    FIRST_STEP,
    NEAREST,
    NUMBERS,
    SAME,
    exactness,
    needed,
    translated,
    ways,
)
from engine.runner import Finish
from engine.surfaces.classic import SURFACES
from tests.runs import driven

ROUNDING = 1e-13
PLAIN = {"method": "gradient_descent", "learning_rate": 0.001}
MOMENTUM = {"method": "momentum", "learning_rate": 0.001}
FAMILIES = (
    MomentumFamily(dampening=0.5),
    NesterovFamily(),
    AdamFamily(),
    RMSPropFamily(),
    DecayFamily(),
    DecayFamily(**MOMENTUM),
    DecayFamily(**PLAIN),
)


def run(family, **changes):
    return driven(EXPERIMENT, replaced(ConventionsConfig(family=family, steps=60), **changes))


def end(family, which=0, step=40, **changes):
    recording = run(family, **changes).recording
    return tuple(float(recording.column(f"{which}.{axis}")[step]) for axis in "xy")


# From PyTorch 2.13, 40 steps in float64 on the same surface, from (−1.2, 1), with its own gradients.
@pytest.mark.parametrize(
    ("family", "changes", "numbers"),
    [
        (MomentumFamily(), {}, (0.03964537097230756, -0.01227204646975972)),  # SGD(momentum)
        (
            MomentumFamily(),
            {"factor": 0.1, "change_at": 30},
            (-0.2666067903174317, 0.06436578994206026),
        ),
        (
            MomentumFamily(first="dampened", dampening=0.5),  # SGD(momentum, dampening)
            {},
            (-0.22505847470556437, 0.11161023204855545),
        ),
        (NesterovFamily(first="framework"), {}, (-0.5002781076712532, 0.2569511881644575)),  # nesterov=True
        (
            NesterovFamily(first="framework"),
            {"factor": 0.1, "change_at": 30},
            (-0.6342332327063259, 0.41025373988192815),
        ),
        (AdamFamily(epsilon=1.0), {}, (-0.9653669352674288, 0.9023563504905722)),  # Adam(eps=1)
        (RMSPropFamily(), {}, (-1.0049322889758032, 1.0161872940932555)),  # RMSprop(alpha=0.99)
        (RMSPropFamily(first="corrected"), {}, (-1.0521121720572935, 1.113251794305708)),  # Adam, β₁ = 0
        (RMSPropFamily(first="adam"), {}, (-1.0449252017622224, 1.1038840233790304)),  # Adam
        (DecayFamily(), {}, (-0.9356699989847025, 0.8462608061974191)),  # Adam(weight_decay)
        (DecayFamily(first="decoupled"), {}, (-0.12076010318803046, 0.025118848010920496)),  # AdamW
        (DecayFamily(**PLAIN), {}, (-0.9850860735430242, 0.9788969677549975)),  # SGD(weight_decay)
        (DecayFamily(**MOMENTUM), {}, (0.13624716762525063, 0.034260406430682844)),
    ],
)
def test_the_forms_of_pytorch(family, changes, numbers):
    assert end(family, **changes) == pytest.approx(numbers, rel=1e-10)


def test_a_buffer_of_zeros_makes_pytorchs_dampening_the_heavy_ball():
    """PyTorch with dampening 0.5, η 0.002 and a buffer set to 0 before the first step comes to this point."""
    assert end(MomentumFamily()) == pytest.approx((0.03964537097230756, -0.01227204646975972), rel=1e-12)


def keras(update, steps=40, change=(0, 1.0)):
    """Where a rule leads that is written with two arrays, as in Keras' documentation."""
    w, velocity, rate = np.array([-1.2, 1.0]), np.zeros(2), 0.001
    for t in range(1, steps + 1):
        rate *= change[1] if t == change[0] else 1.0
        w, velocity = update(w, velocity, np.array(SURFACES["rosenbrock"].gradient(*w)), rate)
    return tuple(w)


@pytest.mark.parametrize("change", [(0, 1.0), (30, 0.1)])
def test_the_forms_of_keras(change):
    settings = {"change_at": change[0], "factor": change[1]} if change[0] else {}

    def plain(w, velocity, g, rate):
        velocity = 0.9 * velocity - rate * g
        return w + velocity, velocity

    def nesterov(w, velocity, g, rate):
        velocity = 0.9 * velocity - rate * g
        return w + 0.9 * velocity - rate * g, velocity

    own = end(MomentumFamily(first="inside"), **settings)
    assert own == pytest.approx(keras(plain, change=change), rel=1e-10)
    own = end(NesterovFamily(first="shifted"), **settings)
    assert own == pytest.approx(keras(nesterov, change=change), rel=1e-10)


def test_adam_of_keras():
    """`alpha = lr·sqrt(1 − beta_2_power)/(1 − beta_1_power)`, `variable −= m·alpha/(sqrt(v) + epsilon)`."""
    w, m, v = np.array([-1.2, 1.0]), np.zeros(2), np.zeros(2)
    for t in range(1, 41):
        g = np.array(SURFACES["rosenbrock"].gradient(*w))
        m, v = m + (g - m) * (1 - 0.9), v + (g * g - v) * (1 - 0.999)
        w = w - m * (0.1 * sqrt(1 - 0.999**t) / (1 - 0.9**t)) / (np.sqrt(v) + 1.0)
    assert end(AdamFamily(first="hat", epsilon=1.0)) == pytest.approx(tuple(w), rel=1e-10)


def pairs(family):
    """A family with every pair of its forms."""
    return [replaced(family, first=a, second=b) for a, b in product(family.forms, repeat=2)]


BY_FAMILY = pytest.mark.parametrize("family", FAMILIES, ids=lambda one: f"{one.title} {one.learning_rate}")


@BY_FAMILY
@pytest.mark.parametrize("changes", [{}, {"factor": 0.3, "change_at": 20}], ids=["constant", "changing"])
def test_what_can_be_translated_stays_together_and_nothing_else(family, changes):
    for pair in pairs(family):
        near = np.nanmax(run(pair, **changes).recording.column("2.apart"))
        good = exactness(pair) not in (NEAREST, FIRST_STEP)
        assert near < ROUNDING if good else near > 1e-4, pair


@BY_FAMILY
def test_without_a_translation_only_what_needs_none_stays_together(family):
    for pair in pairs(family):
        config = ConventionsConfig(family=pair, factor=0.3, change_at=20)
        apart = run(pair, factor=0.3, change_at=20).recording.column("1.apart")
        plain, good = ways(config)[1], translated(config)
        alike = all(plain.rule_at(t) == good.rule_at(t) for t in (1, 19, 20, 40))
        alike = alike and good.drawn is None and good.rewrite is None
        assert needed(config) == (not alike), pair
        same = alike and exactness(pair) not in (NEAREST, FIRST_STEP)
        assert apart.max() < ROUNDING if same else np.nanmax(apart) > 1e-4, pair


def test_numbers_of_translations_by_hand():
    def other(family, t=1):
        return translated(ConventionsConfig(family=family)).rule_at(t)

    assert other(MomentumFamily()).learning_rate == pytest.approx(0.01)
    assert other(MomentumFamily(second="dampened", dampening=0.5)).learning_rate == pytest.approx(0.002)
    back = MomentumFamily(first="averaged", second="dampened", dampening=0.5)
    assert other(back).learning_rate == pytest.approx(0.001 * 0.1 / 0.5)
    assert other(AdamFamily(epsilon=0.5)).epsilon == pytest.approx(0.5 * sqrt(0.001))
    assert other(AdamFamily(epsilon=0.5), 2).epsilon == pytest.approx(0.5 * sqrt(1 - 0.999**2))
    without = other(AdamFamily(second="uncorrected"))
    assert without.learning_rate == pytest.approx(0.1 * sqrt(0.001) / 0.1)
    assert other(AdamFamily(second="inside", epsilon=0.5)).epsilon == 0.25
    assert other(DecayFamily(first="decoupled", second="constant")).weight_decay == pytest.approx(0.05)
    assert other(DecayFamily(**MOMENTUM)).weight_decay == pytest.approx(5.0)


def test_from_rmsprop_to_adam_by_hand():
    """The first step of RMSProp is 10η, of Adam η; with m and without correction a tenth of 10η."""
    first = {}
    for form in RMSPropFamily.forms:
        x, y = end(RMSPropFamily(first=form), step=1)
        first[form] = (x + 1.2, 1.0 - y)  # ∇f = (−215.6, −88): both coordinates rise
    assert first["rmsprop"] == pytest.approx((0.2, -0.2), rel=1e-7)
    assert first["corrected"] == pytest.approx((0.02, -0.02), rel=1e-7)
    assert first["mean"] == pytest.approx((0.02, -0.02), rel=1e-7)
    assert first["adam"] == pytest.approx((0.02, -0.02), rel=1e-7)

    def other(first, second, t=2):
        return translated(ConventionsConfig(family=RMSPropFamily(first=first, second=second))).rule_at(t)

    root = sqrt(1 - 0.99**2)
    assert other("rmsprop", "adam").beta1 == 0
    assert other("rmsprop", "adam").learning_rate == pytest.approx(0.02 / root)
    assert other("corrected", "adam").learning_rate == 0.02
    assert other("adam", "rmsprop").learning_rate == pytest.approx(0.02 * root)
    assert other("adam", "mean").learning_rate == pytest.approx(0.02 * root / (1 - 0.9**2))
    assert other("adam", "mean").epsilon == pytest.approx(1e-8 * root)


def test_under_momentum_the_nearest_decay_ends_at_the_same_place():
    """Coupled: ∇f + λx = 0 at the end. Both are at rest there, though they came by other ways."""
    family = DecayFamily(method="momentum", learning_rate=0.01, weight_decay=0.2)
    recording = run(family, surface="booth", start=(-4.0, 3.0), steps=800).recording
    assert recording.column("2.apart")[800] < 1e-9
    assert recording.column("2.apart").max() > 0.01
    assert recording.column("1.apart")[800] > 0.05
    x, y = (float(recording.column(f"0.{axis}")[800]) for axis in "xy")
    slope = np.array(SURFACES["booth"].gradient(x, y))
    assert slope + 0.2 * np.array([x, y]) == pytest.approx((0.0, 0.0), abs=1e-9)


def test_a_run_begins_and_ends_where_it_should():
    runner = run(MomentumFamily(), steps=450)  # more than two chunks
    recording = runner.recording
    assert runner.finish is Finish.COMPLETED
    assert recording.last == runner.last_step == 450
    for which in "012":
        assert (recording.column(f"{which}.x")[0], recording.column(f"{which}.y")[0]) == (-1.2, 1.0)
    assert (recording.column("1.apart")[0], recording.column("2.apart")[0]) == (0.0, 0.0)
    moved = np.hypot(*(recording.column(f"1.{axis}") - recording.column(f"0.{axis}") for axis in "xy"))
    assert np.array_equal(recording.column("1.apart"), moved)


def test_the_second_form_may_diverge_alone():
    recording = run(MomentumFamily(first="averaged", second="heavy_ball", learning_rate=0.01)).recording
    assert recording.last == 60
    assert np.isfinite(recording.column("0.x")).all()
    assert np.isnan(recording.column("1.apart")[-1])
    assert np.isfinite(recording.column("2.apart")).all()


@pytest.mark.parametrize("start", [(1000.0, 1000.0), (-1.2, 1.0)])
def test_if_all_diverge_the_run_ends(start):
    runner = run(MomentumFamily(learning_rate=1000.0), start=start)
    assert runner.finish is Finish.DIVERGED
    assert 0 < runner.recording.last < 60


def test_a_start_without_a_value_is_the_end():
    runner = run(MomentumFamily(), surface="expression", expression="log(x) + y", start=(-1.0, 0.0))
    assert (runner.finish, runner.recording.last) == (Finish.DIVERGED, 0)


@pytest.mark.parametrize("which", [0, 1, 2])
@BY_FAMILY
def test_a_step_is_computed_again(family, which):
    config = ConventionsConfig(family=family, factor=0.3, change_at=20, steps=250)
    recording = run(family, factor=0.3, change_at=20, steps=250).recording
    for step in (1, 20, 210):
        kept, snapshot = recording.snapshot(step - 1)
        taken = step_of(config, kept, snapshot, step, which)
        values = [taken.values(coordinate) for coordinate in (0, 1)]
        assert tuple(one["x_after"] for one in values) == taken.after
        assert taken.gradient == tuple(SURFACES["rosenbrock"].gradient(*taken.measured_at))
        if ways(config)[which].drawn is None:
            drawn = tuple(recording.column(f"{which}.{axis}")[step] for axis in "xy")
            assert taken.after == drawn


def test_what_to_write():
    """As the three frameworks spell it."""

    def said(family, form=None):
        form = form or family.second
        return tuple(calls(family, form, translated(ConventionsConfig(family=family)).rule_at(1)))

    assert said(MomentumFamily()) == ("", "", "chain(ema(0.9, debias=False), scale(-0.01))")
    assert said(MomentumFamily(second="inside")) == (
        "",
        "SGD(learning_rate=0.001, momentum=0.9)",
        "chain(scale(-0.001), trace(0.9))",
    )
    assert said(MomentumFamily(second="dampened", dampening=0.5)) == (
        "SGD(lr=0.002, momentum=0.9, dampening=0.5)",
        "",
        "",
    )
    assert said(NesterovFamily()) == (
        "SGD(lr=0.001, momentum=0.9, nesterov=True)",
        "",
        "sgd(0.001, momentum=0.9, nesterov=True)",
    )
    assert said(AdamFamily(epsilon=0.5)) == ("", "Adam(learning_rate=0.1, epsilon=0.0158114)", "")
    assert said(AdamFamily(first="hat", second="outside", beta1=0.8, epsilon=1.0)) == (
        "Adam(lr=0.1, betas=(0.8, 0.999), eps=31.6228)",
        "",
        "adam(0.1, b1=0.8, eps=31.6228)",
    )
    assert said(AdamFamily(second="inside", epsilon=0.5))[2] == "adam(0.1, eps=0, eps_root=0.25)"
    assert said(RMSPropFamily(second="rmsprop", learning_rate=0.01)) == (
        "RMSprop(lr=0.01, alpha=0.99, eps=1e-08)",
        "",
        "rmsprop(0.01, decay=0.99, eps=1e-08, eps_in_sqrt=False)",
    )
    assert said(RMSPropFamily(second="corrected", learning_rate=0.01)) == (
        "Adam(lr=0.1, betas=(0.0, 0.99), eps=1e-07)",
        "",
        "rmsprop(0.1, decay=0.99, eps=1e-07, eps_in_sqrt=False, bias_correction=True)",
    )
    assert said(RMSPropFamily(first="adam", second="adam")) == (
        "Adam(lr=0.02, betas=(0.9, 0.99), eps=1e-08)",
        "",
        "adam(0.02, b1=0.9, b2=0.99, eps=1e-08)",
    )
    assert said(RMSPropFamily(first="mean", second="mean")) == ("", "", "")
    assert said(DecayFamily()) == (
        "AdamW(lr=0.1, weight_decay=0.5)",
        "AdamW(learning_rate=0.1, epsilon=1e-08, weight_decay=0.5)",
        "adamw(0.1, weight_decay=0.5)",
    )
    assert said(DecayFamily(first="decoupled", second="coupled", beta1=0.8)) == (
        "Adam(lr=0.1, betas=(0.8, 0.999), weight_decay=0.5)",
        "Adam(learning_rate=0.1, beta_1=0.8, epsilon=1e-08), kernel_regularizer=L2(0.25)",
        "chain(add_decayed_weights(0.5), adam(0.1, b1=0.8))",
    )
    assert said(DecayFamily(**MOMENTUM)) == (
        "",
        "SGD(learning_rate=0.001, momentum=0.9, weight_decay=5)",
        "chain(trace(0.9), add_decayed_weights(5), scale(-0.001))",
    )
    assert said(DecayFamily(first="decoupled", second="constant", **PLAIN)) == (
        "",
        "",
        "chain(sgd(0.001), add_decayed_weights(-0.0005))",
    )


def test_the_momentum_of_keras_is_another_one_if_the_rate_changes():
    family = DecayFamily(**MOMENTUM)
    for form in ("coupled", "decoupled"):
        rule = family.rule(form)
        assert calls(family, form, rule, changes=True) == calls(family, form, rule)._replace(keras="")
        assert calls(DecayFamily(), form, DecayFamily().rule(form), changes=True).keras
    plain = replaced(family, beta=0.0)
    assert calls(plain, "decoupled", plain.rule("decoupled"), changes=True).keras


@pytest.mark.parametrize("changes", [{}, {"factor": 0.3, "change_at": 20}], ids=["constant", "changing"])
@pytest.mark.parametrize(
    "family",
    [
        NesterovFamily(beta=0.0),
        DecayFamily(**{**MOMENTUM, "beta": 0.0, "weight_decay": 0.1}),
        DecayFamily(weight_decay=0.0),
        DecayFamily(**MOMENTUM, weight_decay=0.0),
        MomentumFamily(beta=0.0, dampening=0.0),
    ],
    ids=["nesterov", "decay of β = 0", "adam, λ = 0", "momentum, λ = 0", "momentum"],
)
def test_without_momentum_or_decay_all_forms_are_one(family, changes):
    for pair in pairs(family):
        config = ConventionsConfig(family=pair, **changes)
        recording = run(pair, **changes).recording
        assert exactness(pair) in (SAME, NUMBERS)
        assert (exactness(pair) == NUMBERS) == needed(config) == (recording.column("1.apart").max() > 1e-6)
        assert recording.column("2.apart").max() < ROUNDING


@BY_FAMILY
def test_every_pair_is_a_config_that_a_session_can_hold(family):
    for pair in pairs(family):
        config = validated(ConventionsConfig(family=pair))
        assert all(way.rule_at(1).equations for way in ways(config))
