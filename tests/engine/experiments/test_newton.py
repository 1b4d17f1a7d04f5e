"""Newton's method: known runs, where it fails, and what is told of each step."""

from math import log, sqrt

import numpy as np
import pytest

from engine.config import Problem, replaced
from engine.experiments.optimizers.newton import EXPERIMENT, METHODS
from engine.experiments.optimizers.newton_config import NewtonConfig, function_of
from engine.experiments.optimizers.newton_inspection import (
    checks,
    cost_checks,
    ended,
    objective_of,
    rests_at,
    step_of,
)
from engine.optimizers.schedules import CosineDecay, InverseTimeDecay, LinearDecay
from engine.runner import Finish
from engine.surfaces.functions_1d import FUNCTIONS
from tests.runs import runs_of

run = runs_of(EXPERIMENT, Finish.COMPLETED)


def places(runner, way):
    names = [f"{way}.{axis}" for axis in "xy" if f"{way}.{axis}" in runner.recording.names]
    return np.stack([runner.recording.column(name) for name in names], axis=1)


def test_rosenbrock_as_in_the_books():
    found = places(run(scene="surface"), "newton")[:6]
    known = [(-1.2, 1), (-1.1753, 1.3807), (0.7631, -3.1750), (0.7634, 0.5828), (1, 0.9440), (1, 1)]
    assert found == pytest.approx(np.array(known), abs=6e-5)


def test_the_right_digits_double():
    error = run().recording.column("newton.error")
    ratio = error[3:6] / error[2:5] ** 2
    assert ratio == pytest.approx(0.5, abs=0.08)  # f‴ / 2f″ at ln 2
    assert places(run(), "newton")[-1] == pytest.approx(log(2), abs=1e-15)
    slow = run().recording.column("gradient_descent.error")
    assert slow[12] / slow[11] == pytest.approx(1 - 0.1 * 2, abs=0.02)  # 1 − ηf″


def test_descent_follows_its_schedule_and_newton_needs_none():
    """By hand: on (x − 1)² a step multiplies the error by 1 − 2η_t; 1/η_t is the curvature of its model."""
    settings = {"function": "parabola", "curve_start": -2.0}
    runner = run(**settings, schedule=InverseTimeDecay(decay_rate=1.0))
    shrunk = (1 - 0.2) * (1 - 0.1) * (1 - 0.2 / 3)
    assert places(runner, "gradient_descent")[3] == pytest.approx(1 - 3 * shrunk, rel=1e-14)
    np.testing.assert_array_equal(places(runner, "newton"), places(run(**settings), "newton"))
    model = step_of(runner.config, runner.recording, 2, "gradient_descent")
    assert model.model.curvature == pytest.approx(30)
    assert model.vertex == pytest.approx(places(runner, "gradient_descent")[3], rel=1e-14)


def test_at_a_rate_of_0_descent_stays_where_it_is():
    runner = run(function="parabola", curve_start=-2.0, schedule=LinearDecay(total_steps=12))
    end = step_of(runner.config, runner.recording, 12, "gradient_descent")
    assert end.vertex.tolist() == end.x.tolist()
    assert (end.shape, end.uphill) == ("bowl", False)
    assert np.isfinite(end.model.at(np.array([0.0, 1e3])[:, None])).all()


def test_a_rate_that_passes_the_right_one_squares_the_error_there():
    """As the explanation says: f″ = 2 at ln 2, and cos gives η_t = ½ in step 7 of 12."""
    jumping = run(curve_rate=1.0).recording.column("gradient_descent.error")
    assert ((jumping[6:] > 0.15) & (jumping[6:] < 0.3)).all()
    falling = run(curve_rate=1.0, schedule=CosineDecay(total_steps=12))
    assert falling.config.descent.rate(7) == pytest.approx(0.5)
    error = falling.recording.column("gradient_descent.error")
    assert error[6:8] == pytest.approx([0.021, 0.00022], rel=0.03)
    assert error[7] / error[6] ** 2 == pytest.approx(0.5, abs=0.01)


def test_a_parabola_is_solved_in_one_step():
    assert places(run(function="parabola", curve_start=-2.0), "newton")[1] == 1.0


def test_a_double_root_halves_and_a_flat_bottom_leaves_two_thirds():
    for name, share in (("double_root", 1 / 2), ("flat_bottom", 2 / 3)):
        x = places(run(function=name, curve_start=1.3), "newton")[:, 0]
        assert x[1:] / x[:-1] == pytest.approx(share)


def test_a_cycle_goes_on_for_ever():
    x = places(run(function="cycle", curve_start=0.0, steps=50), "newton")[:, 0]
    assert x.tolist() == [0.0, 1.0] * 25 + [0.0]


def test_on_a_hump_newton_climbs_and_damped_newton_descends():
    runner = run(function="double_well", curve_start=0.35)
    assert places(runner, "newton")[-1] == pytest.approx(0.0, abs=1e-15)
    assert places(runner, "damped_newton")[-1] == pytest.approx(1.0, abs=1e-3)
    step = step_of(runner.config, runner.recording, 0, "newton")
    assert (step.shape, step.uphill) == ("hill", True)
    assert rests_at(runner.config, runner.recording, 12, "newton") == "hill"
    assert rests_at(runner.config, runner.recording, 0, "newton") is None
    border = run(function="double_well", curve_start=1 / sqrt(5))
    assert places(border, "newton")[1] == pytest.approx(-1 / sqrt(5))


def test_himmelblau_leads_to_the_maximum_and_enough_damping_away_from_it():
    runner = run(scene="surface", surface="himmelblau", surface_start=(-0.5, -0.5))
    assert places(runner, "newton")[-1] == pytest.approx((-0.270845, -0.923039), abs=1e-6)
    assert places(runner, "damped_newton")[-1] == pytest.approx((-0.270845, -0.923039), abs=1e-6)
    assert rests_at(runner.config, runner.recording, 12, "newton") == "hill"
    runner = run(scene="surface", surface="himmelblau", surface_start=(-0.5, -0.5), damping=60.0, steps=60)
    assert places(runner, "damped_newton")[-1] == pytest.approx((-2.805118, 3.131312), abs=1e-5)
    assert (np.diff(runner.recording.column("damped_newton.f")) <= 1e-15).all()


def test_a_saddle_is_reached_in_one_step():
    runner = run(scene="surface", surface="saddle", surface_start=(-1.5, 0.5))
    assert places(runner, "newton")[1].tolist() == [0.0, 0.0]
    assert rests_at(runner.config, runner.recording, 1, "newton") == "saddle"


def test_overshooting_ends_without_a_number_that_is_none():
    runner = run(function="log_cosh", curve_start=1.12)
    x = places(runner, "newton")[:, 0]
    step, why = ended(runner.recording, 12, "newton")
    assert np.isnan(x[step:]).all()
    assert np.isfinite(x[:step]).all()
    assert "singular" in str(why)
    assert ended(runner.recording, step - 1, "newton") is None
    assert step_of(runner.config, runner.recording, 12, "newton") is None
    assert np.isfinite(places(runner, "gradient_descent")).all()


@pytest.mark.parametrize(("start", "step"), [(0.0, 0), (-1.0, 0), (2.5, 1)])
def test_outside_the_domain_of_an_expression_nothing_is_said_of_steps(start, step):
    """ln x − 2x: from 2.5 Newton goes to 2.5 + (0.4 − 2)/0.16 = −7.5, where there is no logarithm."""
    runner = run(function="expression", expression="log(x) - 2*x", curve_start=start)
    at, why = ended(runner.recording, 12, "newton")
    assert at == step
    assert why.sentence == "The expression has no finite value or slope there."


def test_descent_is_the_vertex_of_a_parabola_too():
    runner = run()
    for way in METHODS:
        step = step_of(runner.config, runner.recording, 2, way)
        assert step.vertex == pytest.approx(places(runner, way)[3], rel=1e-12)


@pytest.mark.parametrize("name", [*FUNCTIONS, "expression"])
def test_every_curve_and_its_checks(name):
    runner = run(function=name, steps=3)
    tested = checks(objective_of(runner.config), np.array([0.7]))
    assert tested.gradient.passed
    assert tested.hessian.passed
    assert checks(objective_of(runner.config), np.array([1e9])).gradient is None


def test_extreme_settings_stay_sentences():
    for function in [*FUNCTIONS, "expression"]:
        for start in (-1e6, 0.0, 1e6):
            run(function=function, curve_start=start, curve_rate=100.0, damping=0.0, steps=30)


def test_times_are_measured_size_by_size():
    runner = run(scene="cost", largest=64, examples=20, repeats=1)
    column = runner.recording.column
    assert column("n")[1:].tolist() == [8, 11, 16, 23, 32, 45, 64]
    for part in ("gradient", "forming", "solving"):
        assert (column(part)[1:] > 0).all()
    again = run(scene="cost", largest=64, examples=20, repeats=1)
    assert np.array_equal(column("residual")[1:], again.recording.column("residual")[1:]), "the same matrices"
    assert all(found.passed for found in cost_checks(runner.config))


def test_walks_are_there_at_once_and_measuring_can_be_paused():
    assert EXPERIMENT.is_cheap(NewtonConfig())
    assert EXPERIMENT.is_cheap(NewtonConfig(scene="surface"))
    assert not EXPERIMENT.is_cheap(NewtonConfig(scene="cost"))


def test_a_size_is_a_frame_so_that_measuring_can_stop_between_them():
    frames = EXPERIMENT.frames(NewtonConfig(scene="cost", largest=64, repeats=1))
    assert [next(frames).step for _ in range(3)] == [0, 1, 2]
    frames.close()


def test_what_cannot_be_read_is_refused_at_its_place():
    with pytest.raises(Problem) as caught:
        replaced(NewtonConfig(), function="expression", expression="x + y")
    assert (caught.value.where, caught.value.values["column"]) == ("expression", "5")


@pytest.mark.parametrize(("text", "start", "slope"), [("x^40", 1e5, 40e195), ("1e-99*x^20", 1e-5, 20e-194)])
def test_slopes_whose_squares_are_no_numbers(text, start, slope):
    runner = run(scene="curve", function="expression", expression=text, curve_start=start, reach=1e5, steps=1)
    assert runner.recording.column("newton.slope")[0] == pytest.approx(slope, rel=1e-13)


@pytest.mark.parametrize("factor", ["1e99*1e99", "1e-99*1e-99"])
def test_a_sign_change_is_seen_whatever_the_scale(factor):
    config = replaced(NewtonConfig(), scene="curve", function="expression", expression=f"{factor}*(x-1)^2")
    assert function_of(config).stationary == pytest.approx((1.0,))
