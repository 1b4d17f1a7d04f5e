"""*Three classes*: what is recorded, the landscape of each loss, and where it is flat although Q is wrong."""

from math import e, inf, isinf, log, nan, sqrt

import numpy as np
import pytest

from engine.config import Problem, validated
from engine.experiments.entropy.three_classes import EXPERIMENT, inspect, is_wrong, right_from
from engine.experiments.entropy.three_classes_config import (
    PRESETS,
    ThreeClassesConfig,
    with_start,
    with_truth,
)
from engine.experiments.entropy.three_classes_map import (
    FLAT,
    LossMap,
    flat_region,
    hatching,
    lines_of,
    map_values,
)
from engine.information.divergence_gradients import DIVERGENCES, Truth
from engine.information.triangle import CORNERS, lattice, nearest, point_of, weights_of
from engine.optimizers.adam import Adam, AdamW
from engine.optimizers.descent import GradientDescent, Momentum
from engine.pieces import result_of
from engine.runner import Finish, Runner
from tests.runs import driven

CERTAIN = (0.0, 1.0, 0.0)
SQUARE = ((0.0, 1.0), (0.0, 1.0))


def differences(loss, truth, z, small=1e-6):
    """∂L/∂z by central differences."""
    steps = small * np.eye(3)
    up, down = (DIVERGENCES[loss].at(truth, z + way * steps) for way in (1, -1))
    return (up - down) / (2 * small)


def run(**changes):
    runner = driven(EXPERIMENT, ThreeClassesConfig(**changes))
    return runner.config, runner.recording


def test_the_first_step_of_cross_entropy_by_hand():
    """z = ln(0.98, 0.01, 0.01); one step of 1 adds P − Q = (−0.98, 0.99, −0.01), then softmax."""
    _, recording = run(p=CERTAIN, start=(0.98, 0.01, 0.01), steps=1)
    weights = np.array([0.98 * e**-0.98, 0.01 * e**0.99, 0.01 * e**-0.01])
    q = weights / weights.sum()
    x, y = q[1] + q[2] / 2, q[2] * sqrt(3) / 2
    assert recording.column("cross_entropy.x")[1] == pytest.approx(x)
    assert recording.column("cross_entropy.y")[1] == pytest.approx(y)
    assert recording.column("cross_entropy.loss").tolist() == pytest.approx([log(100), -log(q[1])])


def test_slopes_at_a_certain_and_wrong_start():
    """|q − p| = √(0.98² + 0.99² + 0.01²); of squared error 2q(q − p − Σ), where Σ = 0.9506 by hand."""
    _, recording = run(p=CERTAIN, start=(0.98, 0.01, 0.01), steps=1)
    assert recording.column("cross_entropy.slope")[0] == pytest.approx(sqrt(0.9604 + 0.9801 + 0.0001))
    parts = (1.96 * 0.0294, 0.02 * -1.9406, 0.02 * -0.9406)
    assert recording.column("squared_error.slope")[0] == pytest.approx(sqrt(sum(part**2 for part in parts)))


def test_kl_takes_the_path_of_cross_entropy_and_is_lower_by_the_entropy_of_p():
    config, recording = run()
    for part in ("x", "y", "slope"):
        own, other = (recording.column(f"{name}.{part}") for name in ("kl", "cross_entropy"))
        np.testing.assert_allclose(own, other, atol=1e-12)
    entropy = -sum(p * log(p) for p in config.p)
    gap = recording.column("cross_entropy.loss") - recording.column("kl.loss")
    np.testing.assert_allclose(gap, entropy, atol=1e-12)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_every_descent_ends_at_p(name):
    _, recording = run(steps=2000, p=(0.2, 0.5, 0.3))
    end = [recording.column(f"{name}.{axis}")[-1] for axis in "xy"]
    assert end == pytest.approx(point_of((0.2, 0.5, 0.3)), abs=1e-6)


def test_a_loss_that_is_infinite_stays_where_it_is():
    _, recording = run(p=CERTAIN)
    assert np.ptp(recording.column("reverse_kl.x")) == 0
    assert np.isinf(recording.column("reverse_kl.loss")).all()
    assert np.isnan(recording.column("reverse_kl.slope")).all()
    assert np.isfinite(recording.column("js.slope")).all()


def test_a_run_is_measured_in_the_unit_of_its_base():
    _, nats = run()
    _, bits = run(base="2", optimizer=GradientDescent(learning_rate=log(2)))
    for name in ("cross_entropy", "kl", "reverse_kl", "js"):
        np.testing.assert_allclose(
            bits.column(f"{name}.loss") * log(2), nats.column(f"{name}.loss"), rtol=1e-9
        )
    first = bits.column("squared_error.loss")[0], nats.column("squared_error.loss")[0]
    assert first[0] == first[1]


def test_the_steps_from_which_each_loss_is_right():
    """Counted in the recorded places: the right class is B, on the right of where A is as likely."""
    config, recording = run()
    for name in DIVERGENCES:
        logits = np.stack([recording.column(f"{name}.z{i}") for i in range(3)])
        right = (logits.argmax(axis=0) == 1).tolist()
        assert right_from(config, recording, 100, name) == right.index(True)
    assert right_from(config, recording, 100, "js") > right_from(config, recording, 100, "kl")
    short = run(steps=2)
    assert right_from(*short, 2, "squared_error") is None


def test_what_the_notes_say_of_other_optimizers():
    """With Adam all losses are right at nearly the same step; momentum carries squared error into B."""
    adam = run(optimizer=Adam(learning_rate=0.1))
    assert {right_from(*adam, 100, name) for name in DIVERGENCES} == {22, 24}
    _, swung = run(optimizer=Momentum(learning_rate=1.0))
    crossed, squared = (
        [weights_of([swung.column(f"{name}.{axis}")[k] for axis in "xy"])[1] for k in (20, 100)]
        for name in ("cross_entropy", "squared_error")
    )
    assert crossed[0] > 0.98
    assert crossed[1] == pytest.approx(0.9, abs=0.02)
    assert squared[1] > 0.999


def test_logits_that_diverge_end_the_run():
    """Weight decay of 10 with a rate of 1000 multiplies the logits by −9999 at every step."""
    wild = AdamW(learning_rate=1000.0, weight_decay=10.0)
    runner = Runner(EXPERIMENT, ThreeClassesConfig(optimizer=wild, steps=200))
    runner.drive(inf)
    last = runner.recording.last
    assert 50 < last < 100  # 9999⁷⁷ is beyond 10³⁰⁸
    assert runner.finish is Finish.DIVERGED
    assert inspect(runner.config, runner.recording, last, "js") is None
    assert inspect(runner.config, runner.recording, last - 1, "js") is not None


@pytest.mark.parametrize("name", DIVERGENCES)
def test_an_inspection_has_all_losses_at_one_q(name):
    config, recording = run()
    found = inspect(config, recording, 4, name)
    z = np.array([recording.column(f"{name}.z{i}")[4] for i in range(3)])
    assert found.q == pytest.approx(np.exp(z) / np.exp(z).sum())
    for other, measured in found.losses.items():
        assert measured.check.passed
        numeric = differences(other, Truth.of(config.p), z)
        assert measured.gradient == pytest.approx(numeric, abs=1e-7)
        assert measured.slope == pytest.approx(np.linalg.norm(numeric), abs=1e-7)
    assert found.losses[name].value == pytest.approx(recording.column(f"{name}.loss")[4])


# The landscape


@pytest.mark.parametrize(
    ("loss", "at", "value"),
    [
        ("cross_entropy", (1 / 3, 1 / 3, 1 / 3), log(3)),
        ("cross_entropy", (0.0, 1.0, 0.0), inf),
        ("kl", (0.5, 0.3, 0.2), 0.0),
        ("kl", (0.5, 0.0, 0.5), inf),
        ("reverse_kl", (1.0, 0.0, 0.0), log(2)),  # ln(1/0.5)
        ("reverse_kl", (0.5, 0.3, 0.2), 0.0),
        ("js", (0.5, 0.3, 0.2), 0.0),
        ("squared_error", (1.0, 0.0, 0.0), 0.25 + 0.09 + 0.04),
        ("squared_error", (0.5, 0.3, 0.2), 0.0),
    ],
)
def test_values_at_corners_sides_and_p_by_hand(loss, at, value):
    over = LossMap(loss, (0.5, 0.3, 0.2), e)
    assert over.value_at(*point_of(at)) == pytest.approx(value, abs=1e-12)


def test_js_of_two_corners_is_log_2():
    assert LossMap("js", CERTAIN, e).value_at(0.0, 0.0) == pytest.approx(log(2))
    assert LossMap("js", CERTAIN, 2.0).value_at(0.0, 0.0) == pytest.approx(1.0)
    assert LossMap("js", CERTAIN, e).value_at(1.0, 0.0) == 0.0


def test_there_is_no_value_outside_the_triangle():
    assert np.isnan(LossMap("js", CERTAIN, e).value_at(0.0, 0.5))


@pytest.mark.parametrize("loss", DIVERGENCES)
@pytest.mark.parametrize("p", [(0.5, 0.3, 0.2), (0.05, 0.9, 0.05)])
def test_the_lowest_point_of_every_landscape_is_p(loss, p):
    over, every = LossMap(loss, p, e), lattice(20, inside=True)
    best = every[np.argmin(over.values(every))]
    assert best == pytest.approx(p)


@pytest.mark.parametrize("loss", DIVERGENCES)
def test_a_grid_has_the_exact_values_up_to_where_the_colours_end(loss):
    over = LossMap(loss, (0.5, 0.3, 0.2), e)
    values = result_of(map_values(over, SQUARE, 11))
    for row, column in ((1, 5), (4, 4), (6, 5)):
        exact = over.value_at(column / 10, row / 10)
        assert values[row, column] == pytest.approx(min(exact, over.highest), rel=1e-9)
    assert values.max() <= over.highest
    assert np.isfinite(values).all()


def test_little_of_the_triangle_is_beyond_the_colours_of_cross_entropy():
    drawn = np.random.default_rng(0).dirichlet((1.0, 1.0, 1.0), 20_000)  # evenly over the triangle
    for p in (CERTAIN, (0.05, 0.9, 0.05), (0.4, 0.6, 0.0)):
        over = LossMap("cross_entropy", p, e)
        assert 0.005 < np.mean(over.values(drawn) > over.highest) < 0.05
    assert isinf(LossMap("squared_error", CERTAIN, e).highest)


def test_reverse_kl_of_a_p_with_a_zero_is_nowhere():
    over = LossMap("reverse_kl", CERTAIN, e)
    assert over.infinite_everywhere
    assert np.isnan(result_of(map_values(over, SQUARE, 9))).all()
    assert flat_region(over, SQUARE, 9).depth.min() > 0
    assert result_of(lines_of(over)) == []


def test_landscapes_are_equal_by_what_they_are_of():
    one = LossMap("js", CERTAIN, e)
    assert one == LossMap("js", CERTAIN, e)
    assert len({one, LossMap("js", CERTAIN, e), LossMap("kl", CERTAIN, e), LossMap("js", CERTAIN, 2.0)}) == 3


@pytest.mark.parametrize("loss", ["js", "squared_error", "reverse_kl"])
def test_where_it_is_flat_although_wrong(loss):
    """By the definition, at each point of a lattice: the class, and numeric derivatives of the loss."""
    over = LossMap(loss, (0.05, 0.9, 0.05), e)
    points = 61
    region = flat_region(over, ((-0.1, 1.1), (-0.1, 1.0)), points)
    axes = [np.linspace(*edges, points) for edges in region.bounds]
    for row in range(8, points, 5):
        for column in range(points):
            q = nearest((axes[0][column], axes[1][row]), 1e-6)
            if not np.allclose(point_of(q), (axes[0][column], axes[1][row]), atol=1e-5):
                continue  # it is outside the triangle
            wrong = int(np.argmax(q)) != 1 and abs(np.sort(q)[-1] - q[1]) > 1e-9
            slope = differences(loss, over.truth, np.log(q))
            flat = np.linalg.norm(slope) < FLAT * over.steepest
            assert (region.depth[row, column] < 0) == (wrong and flat)
    assert (region.depth < 0).any()


@pytest.mark.parametrize("loss", ["cross_entropy", "kl"])
@pytest.mark.parametrize("p", [CERTAIN, (0.05, 0.9, 0.05), (0.2, 0.6, 0.2)])
def test_cross_entropy_is_never_flat_although_wrong(loss, p):
    assert flat_region(LossMap(loss, p, e), ((-0.1, 1.1), (-0.1, 1.0)), 61).depth.min() > 0


def test_the_middle_of_the_wrong_side_is_flat_for_squared_error():
    """q = (½, 0, ½), P = B: 2q(q − p − Σ) with Σ = ½ is 0 for all three."""
    slope = LossMap("squared_error", CERTAIN, e).slope(np.array([0.5 - 1e-9, 2e-9, 0.5 - 1e-9]))
    assert np.abs(slope).max() < 1e-7


def test_who_is_wrong():
    every = np.array([(0.5, 0.4, 0.1), (0.3, 0.4, 0.3), (0.45, 0.45, 0.1)])
    assert is_wrong((0.1, 0.8, 0.1), every).tolist() == [True, False, False]
    assert not is_wrong((0.334, 0.333, 0.333), every).any()  # a draw of all
    assert is_wrong((0.5, 0.5, 0.0), np.array([(0.2, 0.3, 0.5), (0.1, 0.7, 0.2)])).tolist() == [True, False]


# The settings


@pytest.mark.parametrize("preset", PRESETS.values())
def test_presets_can_be_settings(preset):
    validated(ThreeClassesConfig(p=preset[0], start=preset[1]))


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"p": (0.5, 0.5, 0.5)}, "p"),
        ({"p": (-0.5, 1.0, 0.5)}, "p[0]"),
        ({"p": (nan, 0.5, 0.5)}, "p[0]"),
        ({"start": (0.5, 0.5, 0.0)}, "start[2]"),
        ({"start": (0.5, 0.4, 0.2)}, "start"),
    ],
)
def test_what_is_no_distribution_is_refused_at_its_place(changes, where):
    with pytest.raises(Problem) as refused:
        ThreeClassesConfig(**changes)
    assert refused.value.where == where


def test_p_is_held_by_a_side_that_is_near_unless_it_is_moved_finely():
    near = point_of((0.5, 0.485, 0.015))
    config = ThreeClassesConfig()
    assert with_truth(config, near, 2, held=True).p == (0.51, 0.49, 0.0)
    assert with_truth(config, near, 3).p == (0.5, 0.485, 0.015)
    assert with_truth(config, CORNERS[2] + 1.0, 2).p == (0.0, 0.0, 1.0)


def test_the_start_stays_inside():
    config = ThreeClassesConfig()
    assert with_start(config, (-3.0, -3.0), 2).start == (0.98, 0.01, 0.01)
    assert with_start(config, (-3.0, -3.0), 4).start == pytest.approx((0.9998, 0.0001, 0.0001))


def test_hatching_stays_where_a_number_is_negative():
    x = y = np.linspace(-1.0, 1.0, 41)
    depth = np.hypot(*np.meshgrid(x, y)) - 0.5
    lines = hatching(x, y, depth, 3)
    assert len(lines) > 3
    for line in lines:
        assert np.hypot(*line.T) == pytest.approx([0.5, 0.5], abs=0.02)
