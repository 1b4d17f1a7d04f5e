"""The optimizers against PyTorch's numbers, the papers' formulas in plain loops, and theory."""

import ast
import math
import operator
from typing import Annotated, get_args, get_origin, get_type_hints

import msgspec
import numpy as np
import pytest
from msgspec.structs import asdict, astuple

from engine.config import Problem
from engine.optimizers.table import OPTIMIZERS, FirstOrder, Optimizer
from engine.optimizers.update_rule import larger, sign
from engine.surfaces.classic import SURFACES, Bowl

FIRST_ORDER = [rule.__struct_config__.tag for rule in get_args(FirstOrder)]
VARIANTS = [
    *((name, {}) for name in FIRST_ORDER),
    ("sgd", {"decay": 0.1}),
    ("averaged_momentum", {"bias_correction": True}),
    ("rmsprop", {"centered": True, "momentum": 0.5}),
    ("adam", {"bias_correction": False}),
    ("lion", {"weight_decay": 0.1}),
    ("asgd", {"averaging_start": 1, "lambd": 0.5}),
    ("rprop", {"learning_rate": 0.1, "longest": 0.11, "backtracking": True}),
    ("radam", {"beta2": 0.9}),
]


def run(rule, surface, x, y, steps):
    """The points after each step, driven as the race does."""
    of_x, of_y = rule.start(x), rule.start(y)
    points = []
    for _ in range(steps):
        gx, gy = surface.gradient(x, y)
        x, of_x = rule.update(x, gx, of_x)
        y, of_y = rule.update(y, gy, of_y)
        points.append((x, y))
    return points


def feed(rule, gradients, x=0.5):
    """x after each of the given gradients."""
    state, path = rule.start(x), []
    for gradient in gradients:
        x, state = rule.update(x, gradient, state)
        path.append(x)
    return path


GRADIENTS = [0.3, -1.2, 0.0, 2.5, 0.7, -0.1]


# Computed once with torch 2.x (float64): 25 steps on Rosenbrock from (−1.2, 1). All but the learning
# rate are its defaults, so these hold our defaults to theirs as well.
@pytest.mark.parametrize(
    ("name", "hyperparameters", "after_25"),
    [
        ("gradient_descent", {"learning_rate": 0.001}, (-1.0096108620081228, 1.0273050469638234)),
        ("momentum", {"learning_rate": 0.0001}, (-0.9811582264093099, 1.0122526398053477)),
        ("nesterov", {"learning_rate": 0.0001}, (-1.001910919289769, 1.0250585052092136)),
        ("adagrad", {"learning_rate": 0.1}, (-1.0489485844007893, 1.1065709952050657)),
        ("adadelta", {}, (-1.1323149468409455, 1.0686973211814887)),
        ("rmsprop", {}, (-1.0479213996892462, 1.1044161944442004)),
        (
            "rmsprop",
            {"learning_rate": 0.001, "centered": True, "momentum": 0.5},
            (-1.0816796813090914, 1.1191968750171075),
        ),
        ("adam", {"learning_rate": 0.05}, (-1.009029274907482, 1.0980543708585917)),
        ("adamw", {"learning_rate": 0.05, "weight_decay": 0.1}, (-0.9242522836155492, 0.9246453837598714)),
        ("amsgrad", {"learning_rate": 0.05}, (-1.0090435943026272, 1.0980574920577573)),
        ("adamax", {"learning_rate": 0.05}, (-1.0689477899638935, 1.0908771331122573)),
        ("radam", {}, (-0.9566639348660939, 1.0634667357191074)),
        ("radam", {"beta1": 0.8, "beta2": 0.9}, (-0.9919368784141425, 1.045635964785006)),
        ("rprop", {}, (-1.0357312919257087, 1.0839512231297022)),
        (
            "rprop",
            {"learning_rate": 0.05, "growth": 1.5, "shrinking": 0.4, "shortest": 1e-3, "longest": 0.1},
            (-1.04395936, 1.09921536),
        ),
    ],
)
def test_the_paths_of_pytorch(name, hyperparameters, after_25):
    points = run(OPTIMIZERS[name](**hyperparameters), SURFACES["rosenbrock"], -1.2, 1.0, 25)
    assert points[-1] == pytest.approx(after_25, rel=1e-11)


# Computed in the same way: the point, and `ax`, the average. PyTorch's t0 is 10⁶: it hardly ever averages.
@pytest.mark.parametrize(
    ("hyperparameters", "point", "average"),
    [
        (
            {"learning_rate": 0.001, "averaging_start": 1_000_000},
            (-1.0096092906622158, 1.0273019748389376),
            (-1.0096092906622158, 1.0273019748389376),
        ),
        (
            {"learning_rate": 0.001, "lambd": 0.1, "power": 0.6, "averaging_start": 10},
            (-1.0080377847183295, 1.0242318221928846),
            (-1.013560832609711, 1.0354045811627324),
        ),
        (
            {"learning_rate": 0.0005, "lambd": 2.0, "averaging_start": 0},
            (-1.0063717221119457, 1.022762247581207),
            (-1.0198456134223042, 1.0449083919951525),
        ),
    ],
)
def test_the_average_of_pytorchs_asgd(hyperparameters, point, average):
    rule = OPTIMIZERS["asgd"](**hyperparameters)
    x, y, of_x, of_y = -1.2, 1.0, rule.start(-1.2), rule.start(1.0)
    for _ in range(25):
        gx, gy = SURFACES["rosenbrock"].gradient(x, y)
        x, of_x = rule.update(x, gx, of_x)
        y, of_y = rule.update(y, gy, of_y)
    assert (x, y) == pytest.approx(point, rel=1e-12)
    assert (of_x.position, of_y.position) == pytest.approx(average, rel=1e-12)


def test_asgd_by_hand():
    # λ = 1, α = 1 and η = 1: η_t = 1, 1/2, 1/3, 1/4, so that (1 − η_t)x − η_t g is −g, then x/2 − g/2, …
    # g = −6, −2, −9, −7: x = 6, 4, 17/3… by hand: 6; 3 + 1 = 4; 8/3 + 3 = 17/3; 17/4 + 7/4 = 6.
    # Averaging from step 1: x̄ = x₁, x₂ (there PyTorch begins), the mean of x₂ … x_t from then on.
    rule, x, seen = OPTIMIZERS["asgd"](learning_rate=1.0, lambd=1.0, power=1.0, averaging_start=0), 0.0, []
    state = rule.start(x)
    for gradient in (-6.0, -2.0, -9.0, -7.0):
        x, state = rule.update(x, gradient, state)
        seen.append((x, state.position))
    expected = [(6, 6), (4, 4), (17 / 3, (4 + 17 / 3) / 2), (6, (4 + 17 / 3 + 6) / 3)]
    assert np.array(seen) == pytest.approx(np.array(expected, float), rel=1e-14)


def test_the_average_is_nearer_to_the_minimum_than_the_noisy_points():
    """Polyak and Juditsky: 2000 noisy gradients of x²/2 at a constant rate, η = 0.5, in many runs at once."""
    rule, noise = OPTIMIZERS["asgd"](learning_rate=0.5, lambd=0.0), np.random.default_rng(0)
    x = np.zeros(200)
    state = rule.start(x)
    for _ in range(2000):
        x, state = rule.update(x, x + noise.normal(size=200), state)
    # The ball: variance η/(2 − η) = 1/3. The mean of n points: about σ²/n, as if only noise were averaged.
    assert x.std() == pytest.approx(math.sqrt(1 / 3), rel=0.15)
    assert state.position.std() == pytest.approx(math.sqrt(1 / 1949), rel=0.15)


def test_rprop_by_hand():
    # η = 0.1, η⁺ = 1.5, η⁻ = 0.5 and g = 3, 0.1, 9, −2, −2, −2, 0, −1:
    # a = 0, 1, 1, −1, 0 (it rested), 1, 0, 0;  Δ = 0.1, 0.15, 0.225, 0.1125, 0.1125, 0.16875, …, 0.16875.
    gradients = [3.0, 0.1, 9.0, -2.0, -2.0, -2.0, 0.0, -1.0]
    rule = OPTIMIZERS["rprop"](learning_rate=0.1, growth=1.5)
    path = [-0.1, -0.25, -0.475, -0.475, -0.3625, -0.19375, -0.19375, -0.025]
    assert feed(rule, gradients, x=0.0) == pytest.approx(path, rel=1e-13)
    # The paper takes the jump at the fourth gradient back: 0.225 up.
    rule = OPTIMIZERS["rprop"](learning_rate=0.1, growth=1.5, backtracking=True)
    path = [-0.1, -0.25, -0.475, -0.25, -0.1375, 0.03125, 0.03125, 0.2]
    assert feed(rule, gradients, x=0.0) == pytest.approx(path, rel=1e-13)


def test_the_size_of_the_gradient_does_not_matter_to_rprop():
    rule = OPTIMIZERS["rprop"]()
    assert feed(rule, GRADIENTS) == feed(rule, [1e-200 * g for g in GRADIENTS])


def test_radam_by_hand():
    # β₁ = 0, β₂ = 0.9: ρ∞ = 19; with g always 2, m̂ = 2 and v = 4(1 − 0.9ᵗ), so √(1−β₂ᵗ)/√v = 1/2.
    # ρ₁ = 19 − 1.8/0.1 = 1, ρ₅ = 19 − 5.9049/0.40951 = 4.580572, ρ₆ = 19 − 6.377292/0.468559 = 5.389565…
    rule = OPTIMIZERS["radam"](learning_rate=0.1, beta1=0.0, beta2=0.9, epsilon=1e-15)
    assert [rule.window(t) for t in (1, 5, 6)] == pytest.approx([1.0, 4.580572, 5.389565], abs=1e-6)
    steps = -np.diff([0.0, *feed(rule, [2.0] * 6, x=0.0)])
    rho = 19 - 6.377292 / 0.468559
    r = math.sqrt((rho - 4) * (rho - 2) * 19 / (15 * 17 * rho))
    assert steps == pytest.approx([0.2] * 5 + [0.1 * r], rel=1e-6)


def test_radam_waits_for_five_steps_and_ends_as_adam():
    rule = OPTIMIZERS["radam"]()
    assert [rule.is_rectified(t) for t in range(1, 8)] == [False] * 5 + [True] * 2
    assert [line.result for line in rule.equations_at(5)][-2:] == ["window", "x"]
    assert [line.result for line in rule.equations_at(6)][-2:] == ["rectification", "x"]
    assert not any(OPTIMIZERS["radam"](beta2=0.6).is_rectified(t) for t in (1, 10, 100_000))
    state = rule.start(0.0)
    for _ in range(20_000):
        _, state = rule.update(0.0, 1.0, state)
    assert state.rectification == pytest.approx(1.0, abs=1e-5)


def test_nadam_is_dozats_algorithm():
    eta, b1, b2, eps = 0.05, 0.9, 0.999, 1e-8
    x, m, v, product, path = 0.5, 0.0, 0.0, 1.0, []
    for t, g in enumerate(GRADIENTS, start=1):
        mu, mu_next = (b1 * (1 - 0.5 * 0.96 ** (k * 0.004)) for k in (t, t + 1))
        product *= mu
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        root = math.sqrt(v / (1 - b2**t)) + eps
        x -= eta * (1 - mu) * g / (1 - product) / root
        x -= eta * mu_next * m / (1 - product * mu_next) / root
        path.append(x)
    assert feed(OPTIMIZERS["nadam"](learning_rate=eta), GRADIENTS) == pytest.approx(path, rel=1e-14)


def test_adabelief_by_hand():
    # β₁ = β₂ = ½ and g = 4, 4, 0: m = 2, 3, 1.5 and m̂ = 4, 4, 12/7.
    # g − m = 2, 1, −1.5, so s = 2, 1.5, 1.875 and ŝ = 4, 2, 15/7 (ε as good as 0).
    rule = OPTIMIZERS["adabelief"](learning_rate=1.0, beta1=0.5, beta2=0.5, epsilon=1e-15)
    steps = [-4 / 2, -4 / math.sqrt(2), -12 / 7 / math.sqrt(15 / 7)]
    assert feed(rule, [4.0, 4.0, 0.0], x=0.0) == pytest.approx(np.cumsum(steps), rel=1e-13)
    # With ε = 1 and g = 4: s = 2 + 1, ŝ = 6, x = −4/(√6 + 1).
    rule = OPTIMIZERS["adabelief"](learning_rate=1.0, beta1=0.5, beta2=0.5, epsilon=1.0)
    assert feed(rule, [4.0], x=0.0) == pytest.approx([-4 / (math.sqrt(6) + 1)], rel=1e-14)


def test_yogi_by_hand():
    # β₁ = 0, β₂ = ½ and g = 2, 1, 3, 0: v rises by half of g² where it is below g², and falls by that above.
    # v = 2, 1.5, 6, 6 and v̂ = v/(1 − ½ᵗ) = 4, 2, 48/7, 32/5.
    rule = OPTIMIZERS["yogi"](learning_rate=1.0, beta1=0.0, beta2=0.5, epsilon=1e-15)
    steps = [-2 / 2, -1 / math.sqrt(2), -3 / math.sqrt(48 / 7), 0.0]
    assert feed(rule, [2.0, 1.0, 3.0, 0.0], x=0.0) == pytest.approx(np.cumsum(steps), rel=1e-13)


def test_adamax_remembers_the_largest_gradient_and_forgets_it_slowly():
    rule = OPTIMIZERS["adamax"](beta2=0.5, epsilon=1e-15)
    state, x, largest = rule.start(0.0), 0.0, []
    for gradient in (-4.0, 1.0, 0.5, 3.0):
        x, state = rule.update(x, gradient, state)
        largest.append(state.largest)
    assert largest == pytest.approx([4.0, 2.0, 1.0, 3.0])


def test_lion_by_hand():
    # m₀ = 0: c = 0.1g; then m = 0.01g, and so on; the sign of c alone moves x, by η.
    rule = OPTIMIZERS["lion"](learning_rate=0.1)
    # c: 0.03, −0.1173, −0.008127, … m: 0.003, −0.00903, −0.0089397, 0.016149703
    assert feed(rule, [0.3, -1.2, 0.0, 2.5]) == pytest.approx([0.4, 0.5, 0.6, 0.5], abs=1e-15)
    decayed = OPTIMIZERS["lion"](learning_rate=0.1, weight_decay=0.5)
    assert feed(decayed, [0.3]) == pytest.approx([0.5 - 0.1 * (1 + 0.5 * 0.5)])
    assert feed(rule, [0.0]) == [0.5]


def test_only_who_keeps_squares_has_a_memory_of_them():
    """Lion has a β₂ too, but its running mean is that of the gradient."""
    squares = set()
    for name, rule in OPTIMIZERS.items():
        hints = get_type_hints(rule, include_extras=True).values()
        meanings = [hint.__metadata__[0].description for hint in hints if get_origin(hint) is Annotated]
        if any("squared" in meaning for meaning in meanings):
            squares.add(name)
            assert "mean_square" in rule.state_type.__struct_fields__
    assert {"adam", "adamw", "nadam", "amsgrad"} <= squares
    assert "lion" not in squares


def test_heavy_ball_by_hand():
    rule = OPTIMIZERS["momentum"](learning_rate=0.1, beta=0.5)
    # v: 1, 2.5, 0.25
    assert feed(rule, [1.0, 2.0, -1.0], x=0.0) == pytest.approx([-0.1, -0.35, -0.375])


def test_sgd_decays_only_when_asked():
    assert feed(OPTIMIZERS["sgd"](learning_rate=0.1), [1.0, 1.0]) == pytest.approx([0.4, 0.3])
    assert feed(OPTIMIZERS["sgd"](learning_rate=0.1, decay=1.0), [1.0, 1.0, 1.0]) == pytest.approx(
        [0.4, 0.35, 0.35 - 0.1 / 3]
    )


def test_nesterov_in_both_forms_by_hand():
    # f = x²/2, so g(x) = x; η = 0.1, β = 0.5, θ₀ = 1.
    # v₁ = 1, θ₁ = 0.9, look-ahead 0.9 − 0.05 = 0.85
    # v₂ = 0.5 + 0.85 = 1.35, θ₂ = 0.765, look-ahead 0.765 − 0.0675 = 0.6975
    # v₃ = 0.675 + 0.6975 = 1.3725, θ₃ = 0.62775, look-ahead 0.559125
    rule = OPTIMIZERS["nesterov"](learning_rate=0.1, beta=0.5)
    x, state = 1.0, rule.start(1.0)
    assert state.position == 1.0
    seen = []
    for _ in range(3):
        x, state = rule.update(x, x, state)
        seen.append((state.velocity, state.position, x))
    expected = [(1.0, 0.9, 0.85), (1.35, 0.765, 0.6975), (1.3725, 0.62775, 0.559125)]
    assert np.array(seen) == pytest.approx(np.array(expected), rel=1e-14)


def test_nesterovs_position_is_the_classical_iterate():
    gradient = SURFACES["rosenbrock"].gradient
    eta, beta = 0.0005, 0.9
    theta, velocity = np.array([-1.2, 1.0]), np.zeros(2)
    rule = OPTIMIZERS["nesterov"](learning_rate=eta, beta=beta)
    x, state = theta, rule.start(theta)
    for _ in range(200):
        velocity = beta * velocity + np.array(gradient(*(theta - eta * beta * velocity)))
        theta = theta - eta * velocity
        x, state = rule.update(x, np.array(gradient(*x)), state)
        assert state.position == pytest.approx(theta, rel=1e-10)
        assert x == pytest.approx(theta - eta * beta * velocity, rel=1e-10)


def test_averaged_momentum_is_the_heavy_ball_at_another_rate():
    beta = 0.8
    surface = SURFACES["beale"]
    averaged = run(OPTIMIZERS["averaged_momentum"](learning_rate=0.01, beta=beta), surface, 1.0, 1.0, 100)
    heavy = run(OPTIMIZERS["momentum"](learning_rate=0.01 * (1 - beta), beta=beta), surface, 1.0, 1.0, 100)
    assert np.array(averaged) == pytest.approx(np.array(heavy), rel=1e-11)


def test_a_bias_corrected_mean_of_a_constant_is_the_constant():
    rule = OPTIMIZERS["averaged_momentum"](learning_rate=0.1, bias_correction=True)
    assert feed(rule, [2.0] * 4, x=1.0) == pytest.approx([0.8, 0.6, 0.4, 0.2])


def test_the_heavy_ball_is_stable_up_to_two_plus_two_beta():
    beta, curvature = 0.7, 25.0
    limit = (2 + 2 * beta) / curvature
    surface = Bowl(condition=curvature)
    stable = run(OPTIMIZERS["momentum"](learning_rate=0.999 * limit, beta=beta), surface, 0.0, 1.0, 20_000)
    unstable = run(OPTIMIZERS["momentum"](learning_rate=1.001 * limit, beta=beta), surface, 0.0, 1.0, 20_000)
    assert abs(stable[-1][1]) < 1e-3
    assert abs(unstable[-1][1]) > 1e3


def test_gradient_descent_at_its_best_rate_contracts_as_theory_says():
    kappa = 9.0
    points = run(OPTIMIZERS["gradient_descent"](learning_rate=2 / (1 + kappa)), Bowl(kappa), 1.0, 1.0, 10)
    assert math.hypot(*points[-1]) == pytest.approx(((kappa - 1) / (kappa + 1)) ** 10 * math.sqrt(2))


def test_adam_without_bias_correction_begins_with_a_larger_step():
    with_, without = (-feed(OPTIMIZERS["adam"](bias_correction=on), [3.0], x=0.0)[0] for on in (True, False))
    assert with_ == pytest.approx(0.001, rel=1e-8)  # η, whatever the size of the gradient
    assert without / with_ == pytest.approx(0.1 / math.sqrt(0.001), rel=1e-6)
    assert without / with_ == pytest.approx(3.1623, rel=1e-4)


def test_amsgrad_remembers_the_largest_mean_square():
    rule = OPTIMIZERS["amsgrad"](beta2=0.5)
    state, x = rule.start(0.0), 0.0
    largest = []
    for gradient in (4.0, 0.0, 0.0):
        x, state = rule.update(x, gradient, state)
        largest.append((state.mean_square, state.largest_mean_square))
    assert largest == [(8.0, 8.0), (4.0, 8.0), (2.0, 8.0)]


def test_adagrad_spares_the_rate_of_an_absent_coordinate():
    rule = OPTIMIZERS["adagrad"](learning_rate=1.0)
    x = np.array([0.0, 0.0])
    state = rule.start(x)
    for _ in range(99):
        x, state = rule.update(x, np.array([1.0, 0.0]), state)
    x, state = rule.update(x, np.array([1.0, 1.0]), state)
    assert state.rate == pytest.approx([0.1, 1.0], rel=1e-9)  # 1/√100 and untouched


def test_centred_rmsprop_survives_a_constant_gradient():
    path = feed(OPTIMIZERS["rmsprop"](centered=True, rho=0.5), [0.1] * 200)
    assert all(type(x) is float and math.isfinite(x) for x in path)


@pytest.mark.parametrize(
    ("name", "rate", "steps", "close"),
    [
        ("gradient_descent", 0.15, 300, 1e-6),
        ("sgd", 0.15, 300, 1e-6),
        ("momentum", 0.05, 400, 1e-6),
        ("averaged_momentum", 0.5, 400, 1e-6),
        ("nesterov", 0.05, 400, 1e-6),
        ("adagrad", 1.0, 500, 1e-6),
        ("adadelta", 1.0, 1000, 2e-2),  # its step never dies away
        ("rmsprop", 0.001, 8000, 2e-3),  # never nearer than about its learning rate
        ("adam", 0.1, 1500, 1e-6),
        ("adamw", 0.1, 1500, 1e-6),  # decay pulls to the origin, where the bowl's minimum is
        ("nadam", 0.1, 1500, 1e-6),
        ("amsgrad", 0.1, 1500, 1e-6),
        ("lion", 0.001, 8000, 2e-3),
        ("adamax", 0.1, 1500, 1e-6),
        ("adabelief", 0.1, 1500, 1e-6),
        ("yogi", 0.1, 1500, 1e-6),
        ("radam", 0.1, 1500, 1e-6),
        ("rprop", 0.1, 300, 1e-5),
        ("asgd", 0.15, 3000, 1e-6),
    ],
)
def test_every_method_reaches_the_bottom_of_a_bowl(name, rate, steps, close):
    points = run(OPTIMIZERS[name](learning_rate=rate), Bowl(condition=10.0), -3.5, 1.5, steps)
    assert math.hypot(*points[-1]) < close


@pytest.mark.parametrize(
    ("name", "rate", "steps"),
    [
        ("gradient_descent", 0.002, 20_000),
        ("momentum", 0.001, 5_000),
        ("averaged_momentum", 0.01, 5_000),
        ("nesterov", 0.001, 5_000),
        ("adagrad", 0.5, 20_000),
        ("adam", 0.05, 5_000),
        ("nadam", 0.01, 5_000),
        ("amsgrad", 0.05, 10_000),
    ],
)
def test_many_reach_the_end_of_rosenbrocks_valley(name, rate, steps):
    points = run(OPTIMIZERS[name](learning_rate=rate), SURFACES["rosenbrock"], -1.2, 1.0, steps)
    assert points[-1] == pytest.approx((1.0, 1.0), abs=1e-2)


@pytest.mark.parametrize(("name", "options"), VARIANTS)
def test_floats_and_arrays_take_the_same_path(name, options):
    rule = OPTIMIZERS[name](**options)
    x = np.array([[0.5, -1.0, 2.0], [0.0, 1e-3, -7.0]])
    gradients = [np.outer([g, 1.0], [1.0, -0.5, 0.1]) for g in GRADIENTS]
    array, state = x, rule.start(x)
    for gradient in gradients:
        array, state = rule.update(array, gradient, state)
    for index in np.ndindex(x.shape):
        alone = feed(rule, [float(gradient[index]) for gradient in gradients], float(x[index]))[-1]
        assert type(alone) is float
        assert array[index] == pytest.approx(alone, rel=1e-11)


@pytest.mark.parametrize(("name", "options"), VARIANTS)
def test_float32_stays_float32_and_inputs_stay_as_they_were(name, options):
    rule = OPTIMIZERS[name](**options)
    x, gradient = np.float32([1.0, -2.0, 0.0]), np.float32([0.5, 0.0, -3.0])
    kept = x.copy(), gradient.copy()
    state = rule.start(x)
    start = [np.copy(field) for field in astuple(state)]
    first, after = rule.update(x, gradient, state)
    second, after = rule.update(first, gradient, after)
    assert second.dtype == np.float32
    assert all(field.dtype == np.float32 for field in astuple(after) if isinstance(field, np.ndarray))
    np.testing.assert_array_equal((x, gradient), kept)
    for field, before in zip(astuple(state), start, strict=True):
        np.testing.assert_array_equal(field, before)
    assert all(
        not (np.shares_memory(second, x) or np.shares_memory(second, field))
        for field in astuple(state)
        if isinstance(field, np.ndarray)
    )


OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.MatMult: operator.matmul,
}
FUNCTIONS = {"max": larger, "sign": sign, "min": min, "floor": math.floor, "cos": math.cos}


def evaluate(numbers, names):
    """The value of an equation's arithmetic: the only part of the language it needs."""

    def value(node):
        match node:
            case ast.Constant(value=constant):
                return constant
            case ast.Name(id=name):
                return names[name]
            case ast.BinOp(left=left, op=op, right=right):
                return OPERATORS[type(op)](value(left), value(right))
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return FUNCTIONS[name](*(value(argument) for argument in arguments))
        raise AssertionError(ast.dump(node))

    return value(ast.parse(numbers, mode="eval").body)


@pytest.mark.parametrize(("name", "options"), VARIANTS)
def test_the_equations_shown_are_what_was_computed(name, options):
    rule = OPTIMIZERS[name](**options)
    x, state = 0.5, rule.start(0.5)
    assert "x" in {line.result for line in rule.equations}
    for gradient in GRADIENTS:
        after, new = rule.update(x, gradient, state)
        names = asdict(rule) | asdict(new) | {"x": x, "gradient": gradient, "x_after": after}
        names |= {f"old_{field}": value for field, value in asdict(state).items()}
        for line in rule.equations_at(new.t):
            result = after if line.result == "x" else getattr(new, line.result)
            assert evaluate(line.numbers, names) == pytest.approx(result, rel=1e-12, abs=1e-15), line
        x, state = after, new


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_rule_says_what_it_is(name):
    rule = OPTIMIZERS[name]()
    assert rule.name == name
    assert rule.title
    assert rule.meaning.endswith(".")
    assert rule.family in ("plain", "momentum", "per-coordinate", "adam", "second order")
    assert rule.equations
    for line in rule.rule:
        assert line.when(rule) in (True, False)
        assert line.latex.count("{") == line.latex.count("}")


def test_rules_of_any_kind_make_a_round_trip_through_json():
    rules = tuple(rule() for rule in OPTIMIZERS.values())
    assert msgspec.json.decode(msgspec.json.encode(rules), type=tuple[Optimizer, ...]) == rules


def test_a_hyperparameter_out_of_range_is_named():
    with pytest.raises(Problem) as caught:
        OPTIMIZERS["adam"]().with_(beta1=1.0)
    assert caught.value.where == "beta1"
    with pytest.raises(Problem):
        OPTIMIZERS["sgd"]().with_(learning_rate=0.0)


def test_signs_and_larger_ones():
    assert [sign(x) for x in (3.0, -0.1, 0.0, math.inf)] == [1.0, -1.0, 0.0, 1.0]
    assert math.isnan(sign(math.nan))
    assert math.isnan(larger(math.nan, 1.0))
    assert math.isnan(larger(1.0, math.nan))
    np.testing.assert_array_equal(larger(np.array([1.0, 2.0]), np.array([2.0, 1.0])), [2.0, 2.0])
