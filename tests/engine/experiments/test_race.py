"""The race: what is recorded, that it repeats to the last bit, how racers end, and one step taken apart."""

import math
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.changes import Change, config_at
from engine.config import Problem, replaced, validated
from engine.experiments.optimizers import race
from engine.experiments.optimizers.race_config import RaceConfig
from engine.optimizers.evaluations import Evaluations
from engine.optimizers.line_search_methods import ConjugateGradient
from engine.optimizers.newton import SINGULAR, STOPS, ObjectiveRule
from engine.optimizers.table import OPTIMIZERS
from engine.optimizers.walk import NOISE_BLOCK, TOO_FAR, at_start, noise, walk
from engine.recording import Recording
from engine.runner import Finish, Runner
from engine.surfaces.choice import surface_of
from engine.surfaces.classic import SURFACES
from engine.surfaces.minima import finding_minima, minima_of
from tests.cases import every
from tests.engine.optimizers.test_optimizers import evaluate

ALL = tuple(rule() for rule in OPTIMIZERS.values())
FAST = {"gradient_descent": 1.5e-3, "momentum": 1e-3, "nesterov": 1e-3, "adam": 0.1}


def make(*names, **settings):
    racers = tuple(
        OPTIMIZERS[name](learning_rate=FAST[name]) if name in FAST else OPTIMIZERS[name]() for name in names
    )
    return RaceConfig(racers=racers or ALL, **settings)


def record(config, chunk=None):
    recording = Recording()
    recording.data = minima_of(config)
    with np.errstate(all="ignore"):
        for frame in race.frames(config, recording.data, chunk):
            recording.append(frame)
    return recording


def columns(recording):
    return {name: recording.column(name).tobytes() for name in recording.names}


def test_the_default_race_is_valid_and_worth_seeing():
    config = validated(RaceConfig())
    recording = record(config)
    assert recording.last == config.steps
    lines = race.results(config, recording, config.steps)
    reached = [line.reached for line in lines]
    assert sum(step is not None for step in reached) >= 3
    assert not all(step is not None for step in reached)
    assert all(line.end is None for line in lines)


def test_frame_0_is_the_start():
    recording = record(make("adam", "lbfgs", steps=1))
    names = ["0.x", "0.y", "0.f", "1.x", "1.y", "1.f", "1.values", "1.gradients", "1.hessians"]
    assert recording.names == names
    assert [recording.column(name)[0] for name in recording.names] == pytest.approx(
        [-1.2, 1.0, 24.2, -1.2, 1.0, 24.2, 0.0, 0.0, 0.0]
    )


@pytest.mark.parametrize("name", ["gradient_descent", "momentum", "adam"])
def test_the_path_is_that_of_the_rule(name):
    config = make(name, steps=40, surface="beale", start=(1.0, 1.0))
    rule, surface = config.racers[0], SURFACES["beale"]
    x = np.array([1.0, 1.0])
    state, path = rule.start(x), [x]
    for _ in range(40):
        x, state = rule.update(x, np.array(surface.gradient(*x)), state)
        path.append(x)
    recording = record(config)
    recorded = np.stack([recording.column("0.x"), recording.column("0.y")], axis=1)
    assert recorded == pytest.approx(np.array(path), rel=1e-12)
    assert recording.column("0.f") == pytest.approx(surface.value(*recorded.T))


def test_nesterov_is_recorded_at_the_classical_iterate():
    eta, beta = 0.001, 0.9
    config = make("nesterov", steps=30)
    theta, velocity = np.array([-1.2, 1.0]), np.zeros(2)
    for _ in range(30):
        gradient = SURFACES["rosenbrock"].gradient(*(theta - eta * beta * velocity))
        velocity = beta * velocity + np.array(gradient)
        theta = theta - eta * velocity
    recording = record(config)
    assert (recording.column("0.x")[-1], recording.column("0.y")[-1]) == pytest.approx(theta, rel=1e-9)


@pytest.mark.parametrize("sigma", [0.0, 0.5])
def test_runs_repeat_to_the_last_bit(sigma):
    config = make(steps=60, noise=sigma, seed=7)
    assert columns(record(config)) == columns(record(config))


@pytest.mark.parametrize("sigma", [0.0, 0.5])
def test_the_size_of_the_chunks_does_not_matter(sigma):
    config = make(steps=50, noise=sigma, surface="himmelblau", start=(0.5, 0.5))
    whole = columns(record(config))
    for chunk in (1, 7, 50, 1000):
        assert columns(record(config, chunk)) == whole


def test_noise_can_be_drawn_from_anywhere():
    whole = noise(2.0, 3, 1, 2 * NOISE_BLOCK + 5)
    assert whole.shape == (2 * NOISE_BLOCK + 5, 2)
    for first, last in (
        (1, 1),
        (NOISE_BLOCK, NOISE_BLOCK + 1),
        (NOISE_BLOCK + 1, NOISE_BLOCK + 2),
        (9, 2000),
    ):
        np.testing.assert_array_equal(noise(2.0, 3, first, last), whole[first - 1 : last])
    assert whole.std() == pytest.approx(2.0, rel=0.05)
    assert not np.array_equal(whole, noise(2.0, 4, 1, 2 * NOISE_BLOCK + 5))
    assert not noise(0.0, 3, 1, 5).any()


def test_all_racers_feel_the_same_noise():
    recording = record(make("gradient_descent", "sgd", steps=20, noise=1.0, surface="booth"), chunk=6)
    one, other = (recording.column(f"{i}.x") for i in (0, 1))
    # with their own rates 0.0015 and 0.01 only the first steps compare: they are proportional
    assert (one[1] - one[0]) / 0.0015 == pytest.approx((other[1] - other[0]) / 0.01)
    quiet = record(make("gradient_descent", steps=20, surface="booth"))
    assert one[1] != quiet.column("0.x")[1]


def test_who_diverges_is_named_and_the_others_go_on():
    racers = (OPTIMIZERS["gradient_descent"](learning_rate=1.0), OPTIMIZERS["adam"](learning_rate=0.1))
    config = RaceConfig(racers=racers, steps=200)
    recording = record(config)
    lost, fine = race.results(config, recording, 200)
    assert fine.end is None
    assert recording.last == 200
    assert 2 < lost.end.step < 20
    assert "diverged" in str(lost.end.problem)
    f = recording.column("0.f")
    assert np.isfinite(f[: lost.end.step]).all()
    assert np.isnan(f[lost.end.step :]).all()
    assert lost.value is None
    assert race.results(config, recording, lost.end.step - 1)[0].end is None
    assert lost.evaluations == lost.end.step - 1


def test_the_run_diverges_when_nobody_is_left():
    fast = OPTIMIZERS["gradient_descent"](learning_rate=0.01)
    faster = OPTIMIZERS["gradient_descent"](learning_rate=100.0)
    runner = Runner(race.EXPERIMENT, RaceConfig(racers=(faster, fast), steps=500))
    runner.drive()
    assert runner.finish is Finish.DIVERGED
    ends = [line.end.step for line in race.results(runner.config, runner.recording, runner.recording.last)]
    assert runner.recording.last == max(ends)
    assert ends[0] < ends[1]


@pytest.mark.parametrize("name", OPTIMIZERS)
@every("surface", SURFACES)
def test_no_rule_crashes_on_any_surface(name, surface):
    for start in (SURFACES[surface].start, (0.0, 0.0), (1e3, -1e3), (1e200, 1e200)):
        config = make(name, surface=surface, start=start, steps=30, noise=0.1 if start[0] == 0 else 0.0)
        runner = Runner(race.EXPERIMENT, config)
        runner.drive()
        assert runner.finish in (Finish.COMPLETED, Finish.DIVERGED)
        race.results(config, runner.recording, runner.recording.last)


def test_a_singular_hessian_ends_newtons_run_by_name():
    config = make("newton", "gradient_descent", surface="expression", expression="x + y*y", steps=5)
    recording = record(config)
    newton, descent = race.results(config, recording, 5)
    assert (newton.end.step, str(newton.end.problem)) == (1, STOPS[SINGULAR])
    assert descent.end is None


def test_who_has_arrived_stays():
    config = make("newton", surface="bowl", start=(-3.5, 1.5), steps=50)
    recording = record(config)
    assert recording.column("0.x")[1:].tolist() == [0.0] * 50
    for kind, steps in (("values", 0.0), ("gradients", 1.0), ("hessians", 1.0)):
        calls = recording.column(f"0.{kind}")
        assert calls[:3].tolist() == [0.0, steps, 2 * steps]
        assert calls[-1] == 2 * steps


def test_leaving_the_domain_of_the_expression():
    config = make(
        "gradient_descent", surface="expression", expression="-log(x)+x*10", start=(0.5, 0.0), steps=500
    )
    wild = replaced(config, racers=(OPTIMIZERS["gradient_descent"](learning_rate=0.2),))
    assert race.results(config, record(config), 500)[0].end is None
    recording = record(wild)
    end = race.results(wild, recording, recording.last)[0].end
    assert end.step == 1
    assert "expression" in str(end.problem)


def test_a_start_where_f_has_no_value():
    config = make("adam", "lbfgs", surface="expression", expression="sqrt(x)", start=(-1.0, 0.0))
    runner = Runner(race.EXPERIMENT, config)
    runner.drive()
    assert (runner.finish, runner.recording.last) == (Finish.DIVERGED, 0)
    assert [line.end.step for line in race.results(config, runner.recording, 0)] == [0, 0]


def test_results_by_hand():
    # f = (x² + 10y²)/2, η = 0.1: x falls by 0.9 a step, y is 0 after the first.
    racer = OPTIMIZERS["gradient_descent"](learning_rate=0.1)
    config = RaceConfig(surface="bowl", start=(2.0, 1.0), racers=(racer,), steps=50, tolerance=0.5)
    recording = record(config)
    line = race.results(config, recording, 10)[0]
    assert line.value == pytest.approx(0.5 * (2 * 0.9**10) ** 2)
    assert line.distance == pytest.approx(2 * 0.9**10)
    assert (line.reached, line.evaluations) == (7, 10)  # 2·0.9⁷ = 0.957 is the first below 1
    assert race.results(config, recording, 6)[0].reached is None


def test_distance_is_to_the_nearest_minimum_and_unknown_without_one():
    config = make("gradient_descent", surface="himmelblau", start=(-3.0, 3.0), steps=1)
    assert race.results(config, record(config), 0)[0].distance == pytest.approx(
        math.hypot(-3 + 2.805118086952745, 3 - 3.131312518250573)
    )
    config = make("gradient_descent", surface="saddle", steps=10)
    line = race.results(config, record(config), 10)[0]
    assert (line.distance, line.reached) == (None, None)


def test_condition_and_expression_shape_the_surface():
    assert surface_of(RaceConfig(surface="bowl", condition=50.0)).value(1.0, 1.0) == 25.5
    surface = surface_of(RaceConfig(surface="expression", expression="x*y**2", reach=2.0))
    assert surface.value(3.0, 2.0) == 12.0
    assert surface.bounds == ((-2.0, 2.0), (-2.0, 2.0))


def test_a_formula_that_cannot_be_read_is_refused_with_its_place():
    with pytest.raises(Problem) as caught:
        RaceConfig(surface="expression", expression="x + sinn(y)")
    assert caught.value.where == "expression"
    assert int(str(caught.value.values["column"])) == 5
    RaceConfig(surface="bowl", expression="x +")  # only looked at when it is raced on
    with pytest.raises(Problem) as caught:
        replaced(RaceConfig(expression="x +"), surface="expression")
    assert caught.value.where == "expression"


def test_too_many_racer_steps_are_refused():
    with pytest.raises(Problem) as caught:
        replaced(RaceConfig(), racers=RaceConfig().racers * 2, steps=1_000_000)
    assert caught.value.where == "steps"
    assert caught.value.values["most"] == 333_333
    four = RaceConfig().racers[:4]
    assert replaced(RaceConfig(), racers=four, steps=1_000_000).steps == 1_000_000
    for bad in ({"steps": 0}, {"racers": ()}, {"racers": RaceConfig().racers * 5}, {"noise": -1.0}):
        with pytest.raises(Problem):
            replaced(RaceConfig(), **bad)


def test_configs_make_a_round_trip_through_json():
    config = RaceConfig(racers=ALL, surface="expression", expression="x*x + y*y", steps=10, noise=0.25)
    assert msgspec.json.decode(msgspec.json.encode(config), type=RaceConfig) == config


@pytest.mark.parametrize("sigma", [0.0, 0.3])
def test_an_inspection_replays_exactly_what_was_recorded(sigma):
    config = make(steps=23, noise=sigma, start=(-1.1, 0.9))
    snapshots, recording = {}, Recording()
    for frame in race.frames(config, minima_of(config), chunk=10):
        recording.append(frame)
        snapshots[frame.step] = frame.snapshot
    for index, rule in enumerate(config.racers):
        x, y = recording.column(f"{index}.x"), recording.column(f"{index}.y")
        for step in range(1, 24):
            found = max(known for known in snapshots if known < step)
            seen = race.inspect(config, found, snapshots[found], step, index)
            if math.isnan(x[step]):
                assert seen is None
                continue
            assert seen.before == (x[step - 1], y[step - 1])
            assert seen.after == (x[step], y[step])
            assert seen.racer is rule
            assert seen.looks_ahead == (rule.name == "nesterov")
            assert (seen.x == seen.before) or seen.looks_ahead


CHANGING = (
    Change(6, "racers[0].learning_rate", 0.0002),
    Change(6, "racers[1].beta", 0.5),
    Change(9, "racers[2].beta1", 0.5),
    Change(9, "noise", 0.5),
    Change(14, "racers[1].learning_rate", 0.0001),
    Change(14, "racers[1].schedule", {"kind": "exponential", "gamma": 0.9, "warmup_steps": 0}),
    Change(15, "racers[3].damping", 30.0),
)


def test_an_inspection_has_the_settings_of_its_step():
    """Each step is what was recorded, and its equations are true with its own numbers."""
    racers = make("gradient_descent", "nesterov", "adam", "damped_newton").racers
    config = RaceConfig(racers=racers, steps=20, noise=0.1, surface="booth", changes=CHANGING)
    recording = record(config)
    found, snapshot = recording.snapshot(0)
    for index in range(len(racers)):
        x, y = recording.column(f"{index}.x"), recording.column(f"{index}.y")
        for step in range(1, 21):
            seen = race.inspect(config, found, snapshot, step, index)
            assert seen.after == (x[step], y[step])
            assert seen.racer == config_at(config, step).racers[index]
            if index == 1:
                assert seen.anatomy["nesterov"].measured_at == pytest.approx(seen.x)
            values = seen.values(1)
            for line in (line for line in seen.equations if line.numbers):
                result = values["x_after" if line.result == "x" else line.result]
                assert evaluate(line.numbers, values) == pytest.approx(result, rel=1e-9, abs=1e-12), line


def test_the_theta_of_nesterov_is_that_of_its_look_ahead_point_whatever_changes():
    """By its definition the gradient is measured at θ − ηβv, with the η and β of the step before."""
    nesterov = OPTIMIZERS["nesterov"](learning_rate=0.001)
    changes = Change(6, "racers[0].beta", 0.5), Change(11, "racers[0].learning_rate", 0.0003)
    config = RaceConfig(racers=(nesterov,), steps=20, changes=changes)
    recording = record(config)
    for step in range(2, 21):
        seen, before = inspected(config, step), config_at(config, step - 1).racers[0]
        velocity = np.array([state.velocity for state in inspected(config, step - 1).states_after])
        theta = np.array([recording.column(f"0.{name}")[step - 1] for name in "xy"])
        assert seen.x == pytest.approx(theta - before.learning_rate * before.beta * velocity)


def inspected(config, step, racer=0):
    recording = record(config)
    found, snapshot = recording.snapshot(0)
    return race.inspect(config, found, snapshot, step, racer)


@pytest.mark.parametrize("coordinate", [0, 1])
def test_the_names_of_an_inspection_make_its_equations_true(coordinate):
    config = make(steps=12, noise=0.1, surface="booth")
    for index in range(len(config.racers)):
        seen = inspected(config, 6, index)
        values = seen.values(coordinate)
        for line in seen.equations:
            if line.numbers:
                result = values["x_after" if line.result == "x" else line.result]
                assert evaluate(line.numbers, values) == pytest.approx(result, rel=1e-9, abs=1e-12), line


def test_momentum_and_nesterov_in_three_arrows():
    eta, beta = 0.001, 0.9
    gradient = SURFACES["rosenbrock"].gradient
    for name in ("momentum", "nesterov"):
        seen = inspected(make(name, steps=20), 10)
        velocity = np.array([state.velocity for state in seen.states])
        here = np.array(seen.before)
        ahead = here - eta * beta * velocity
        plain, looking = seen.anatomy["momentum"], seen.anatomy["nesterov"]
        assert plain.measured_at == pytest.approx(here)
        assert looking.measured_at == pytest.approx(ahead)
        assert plain.gradient == pytest.approx(gradient(*here))
        assert looking.gradient == pytest.approx(gradient(*ahead))
        for parts in (plain, looking):
            carry, pull, step = parts.arrows
            assert carry.vector == pytest.approx(-eta * beta * velocity)
            assert pull.origin == pytest.approx(ahead)
            assert np.add(carry.vector, pull.vector) == pytest.approx(np.array(step.vector))
        own = seen.anatomy[name]
        assert seen.arrows == own.arrows
        assert np.add(seen.before, own.arrows[2].vector) == pytest.approx(np.array(seen.after))
        assert own.gradient == pytest.approx(seen.gradient)
        assert own.measured_at == pytest.approx(seen.x)


def test_averaged_momentum_takes_its_share_of_the_gradient():
    seen = inspected(RaceConfig(racers=(OPTIMIZERS["averaged_momentum"](learning_rate=0.01),), steps=9), 5)
    assert list(seen.anatomy) == ["averaged_momentum", "nesterov"]
    assert np.add(seen.before, seen.arrows[2].vector) == pytest.approx(np.array(seen.after))


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name not in ("momentum", "nesterov")])
def test_every_step_has_arrows_from_where_it_began(name):
    seen = inspected(make(name, steps=5), 3)
    arrows = {arrow.name: arrow for arrow in seen.arrows}
    assert {"gradient", "step"} <= set(arrows)
    assert np.add(arrows["step"].origin, arrows["step"].vector) == pytest.approx(np.array(seen.after))
    assert arrows["step"].origin == pytest.approx(seen.before)


def test_a_step_of_an_average_is_shown_beside_the_step_of_the_point():
    racer = OPTIMIZERS["asgd"](learning_rate=0.001, averaging_start=1)
    seen = inspected(RaceConfig(racers=(racer,), steps=9), 6)
    assert seen.averages
    assert seen.before != pytest.approx(seen.x)
    arrows = {arrow.name: arrow for arrow in seen.arrows}
    assert arrows["iterate"].origin == arrows["gradient"].origin == seen.x
    assert np.add(seen.x, arrows["iterate"].vector) == pytest.approx(np.array(seen.x_after))
    # x̄ of step 6 is the mean of x₃ … x₆: a quarter of the way from x̄ to the new point.
    quarter = (np.array(seen.x_after) - seen.before) / 4
    assert arrows["step"].vector == pytest.approx(quarter, rel=1e-9)
    assert {"rate", "weight", "learning_rate"} <= seen.alike
    assert "position" not in seen.alike


def test_a_gradient_that_is_inspected_has_the_noise_of_its_step():
    config = make("gradient_descent", steps=9, noise=1.0, seed=5)
    seen = inspected(config, 4)
    clean = SURFACES["rosenbrock"].gradient(*seen.before)
    assert seen.tilt == pytest.approx(noise(1.0, 5, 4, 4)[0])
    assert np.subtract(seen.gradient, clean) == pytest.approx(np.array(seen.tilt))


def test_there_is_nothing_to_inspect_before_the_first_step_or_after_the_end():
    wild = RaceConfig(
        racers=(OPTIMIZERS["gradient_descent"](learning_rate=1.0), OPTIMIZERS["adam"]()),
        steps=50,
    )
    recording = record(wild)
    end = race.results(wild, recording, 50)[0].end.step
    assert inspected(wild, end - 1) is not None
    assert [inspected(wild, step) for step in (0, end, end + 1)] == [None, None, None]
    _, last = recording.snapshot(50)
    assert race.inspect(wild, 50, last, 51, 0) is None


@settings(max_examples=30, deadline=None)
@given(
    st.floats(-1e6, 1e6),
    st.floats(-1e6, 1e6),
    st.floats(1e-6, 1e3),
    st.sampled_from(sorted(SURFACES)),
    st.sampled_from(["gradient_descent", "nesterov", "rmsprop", "adam", "lion", "damped_newton"]),
)
def test_any_start_and_rate_end_in_one_of_two_ways(x, y, rate, surface, name):
    racer = OPTIMIZERS[name](learning_rate=rate)
    runner = Runner(race.EXPERIMENT, RaceConfig(surface=surface, start=(x, y), racers=(racer,), steps=40))
    runner.drive()
    assert runner.finish in (Finish.COMPLETED, Finish.DIVERGED)
    f = runner.recording.column("0.f")
    ended = np.isnan(f).argmax() if np.isnan(f).any() else len(f)
    assert np.isfinite(f[:ended]).all()
    assert np.isnan(f[ended:]).all()


def test_a_long_run_keeps_few_snapshots_and_a_cheap_table():
    config = make("adam", "momentum", steps=30_000)
    recording = record(config)
    assert recording.last == 30_000
    assert race.results(config, recording, 12_345)[0].evaluations == 12_345
    step, snapshot = recording.snapshot(12_345)
    assert 12_345 - step <= 2000
    seen = race.inspect(config, step, snapshot, 12_345, 0)
    assert seen.after[0] == recording.column("0.x")[12_345]
    assert replace(snapshot.standings[0], end=None) == snapshot.standings[0]


def test_lbfgs_on_a_quartic_ends_at_rest_and_not_in_a_division_by_0():
    runner = Runner(
        race.EXPERIMENT,
        make("lbfgs", "conjugate_gradient", "adam", surface="expression", expression="x^4 + y^4", steps=200),
    )
    runner.drive()
    assert runner.finish is Finish.COMPLETED
    assert runner.recording.column("0.f")[-1] < 1e-90
    assert np.isfinite(runner.recording.column("2.f")).all()


class Breaks(ObjectiveRule, frozen=True, tag="breaks"):
    """Divides by 0 at its third step."""

    def start(self, x):
        return ConjugateGradient().start(x)

    def update(self, x, objective, state):
        return x + 1 / (2 - state.t), msgspec.structs.replace(state, t=state.t + 1)


def test_arithmetic_that_fails_ends_the_racer_and_not_the_run():
    surface = SURFACES["bowl"]
    standing, path = walk(Breaks(), surface, at_start(Breaks(), 0.0, 0.0), np.zeros((10, 2)))
    assert path == ([0.5, 1.5], [0.5, 1.5], [Evaluations(), Evaluations()], TOO_FAR)
    assert (standing.x, standing.y) == (1.5, 1.5)


def test_the_minima_of_a_formula_are_looked_for_in_pieces_that_are_not_done_twice():
    """(x - 0.77)² + (y + 0.31)² has one, at its centre; Newton's method finds it in the first round."""
    config = RaceConfig(surface="expression", expression="(x-0.77)^2 + (y+0.31)^2", steps=3)
    first, second = (Runner(race.EXPERIMENT, config) for _ in range(2))
    for _ in range(20):
        first.advance()
    assert first.recording.last == -1
    assert first.finish is None
    left = len(list(finding_minima(config)))  # by another run
    assert 20 < left < 100
    second.drive(0)
    assert second.recording.last == 0
    ((x, y, f),) = second.recording.data
    assert (x, y, f) == pytest.approx((0.77, -0.31, 0.0), abs=1e-12)
    assert list(finding_minima(config)) == []


def test_the_lowest_minima_of_a_formula_are_found():
    config = make(
        "newton",
        "gradient_descent",
        surface="expression",
        start=(2.0, 1.0),
        steps=60,
        expression="(x - 1)^2 + 3*(y + 0.5)^2 - 2",
    )
    recording = record(config)
    np.testing.assert_allclose(recording.data, [(1.0, -0.5, -2.0)], atol=1e-12)
    newton, descent = race.results(config, recording, recording.last)
    assert newton.distance == pytest.approx(0.0, abs=1e-12)
    assert newton.reached == 1
    assert descent.distance is not None


@pytest.mark.parametrize(
    ("formula", "minima"),
    [
        ("(x^2 - 1)^2 + y^2", [(-1.0, 0.0, 0.0), (1.0, 0.0, 0.0)]),  # both are the lowest
        ("(x^2 - 1)^2 + 0.3*x + y^2", [(-1.0356, 0.0, -0.3054)]),  # the other one is higher
        ("x^3 - 3*x + y^2", []),  # a minimum at x = 1, but f falls on to the left
        ("abs(x) + y^2", [(0.0, 0.0, 0.0)]),  # a kink, whose slope is nowhere 0
        ("x + y", []),
        ("sqrt(x)", []),
        ("log(x)", []),
    ],
)
def test_f_star_is_told_only_where_nothing_lower_is_in_sight(formula, minima):
    found = minima_of(RaceConfig(surface="expression", expression=formula, reach=3.0))
    assert len(found) == len(minima)
    np.testing.assert_allclose(sorted(found), minima or np.empty((0,)), atol=1e-4)
