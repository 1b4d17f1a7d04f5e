"""Maps: every pixel is the run it says it is, coarse pixels stay, and the borders are those of theory."""

from itertools import islice
from math import inf

import numpy as np
import pytest

from engine.config import Problem, replaced, validated
from engine.experiments.optimizers.maps import (
    DIVERGED,
    EXPERIMENT,
    UNDECIDED,
    UNKNOWN,
    MapsWalk,
    blocks,
    choosing,
    frames,
    last_step,
    strides,
)
from engine.experiments.optimizers.maps_config import (
    MapAxis,
    MapsConfig,
    axes_of,
    pixel_of,
    run_key,
    with_pixel,
)
from engine.optimizers.descent import GradientDescent, Momentum, Nesterov
from engine.optimizers.table import OPTIMIZERS
from engine.runner import Finish, Runner
from engine.surfaces.classic import SURFACES
from engine.surfaces.minima import points_of
from tests.toys import only_frames

SMALL = replaced(MapsConfig(), resolution="64", steps=120)


def finished(config):
    runner = Runner(EXPERIMENT, config)
    runner.drive(inf)
    assert runner.finish is Finish.COMPLETED, runner.problem
    return runner


def map_of(config):
    runner = finished(config)
    return runner.recording.snapshot(runner.recording.last)[1]


def own_run(config):
    return MapsWalk(config).ended(points_of(config))


def test_the_levels_cover_every_pixel_once():
    assert strides(256) == [16, 8, 4, 2, 1]
    assert strides(64) == [4, 2, 1]
    for optimizer in (Momentum(), OPTIMIZERS["lbfgs"]()):
        seen = np.zeros((64, 64), int)
        for block in blocks(replaced(SMALL, optimizer=optimizer)):
            assert (block.rows % block.stride == 0).all()
            seen[block.rows, block.columns] += 1
        assert (seen == 1).all()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"kind": "rates"},
        {"optimizer": OPTIMIZERS["conjugate_gradient"](), "surface": "booth", "steps": 1},
    ],
)
def test_it_begins_empty_gets_finer_and_never_changes_what_is_known(changes):
    config = replaced(SMALL, **changes)
    previous, steps = None, []
    for frame in only_frames(frames(config, points_of(config))):
        shot = frame.snapshot
        steps.append(frame.step)
        if previous is None:
            assert (shot.place == UNKNOWN).all()
        elif shot is not previous and previous.runs >= 256:
            assert (shot.place != UNKNOWN).all()
            side = 64 // int(np.sqrt(256))
            assert (shot.place[::side, ::side] == previous.place[::side, ::side]).all()
        previous = shot
    assert steps[0] == 0
    assert (np.diff(steps) > 0).all()
    assert steps[-1] == last_step(config)
    assert previous.runs == 64 * 64


def test_a_search_along_lines_pauses_every_ten_steps_unless_all_have_stopped():
    """A block is eight runs: on a saddle they go on to the end, in a bowl of κ = 1 they need one step."""
    config = replaced(SMALL, optimizer=OPTIMIZERS["lbfgs"](), surface="saddle", steps=35)
    begun = [
        (frame.step, frame.scalars["runs"])
        for frame in islice(only_frames(frames(config, points_of(config))), 6)
    ]
    assert begun == [(0, 0), (1, 0), (2, 0), (3, 0), (4, 8), (5, 8)]
    bowl = replaced(config, surface="bowl", condition=1.0)
    assert [frame.step for frame in islice(only_frames(frames(bowl, points_of(bowl))), 3)] == [0, 4, 8]
    assert last_step(config) == 4 * 64 * 64 / 8


def test_the_same_config_gives_the_same_map():
    first, second = map_of(SMALL), map_of(SMALL)
    assert (first.place == second.place).all()
    assert (first.steps == second.steps).all()


def scattered(count=25):
    return np.random.default_rng(5).integers(0, 64, (count, 2)).tolist()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_pixel_is_the_run_of_a_race(name):
    """What thousands of runs at once say is what one run with plain floats does."""
    rate = {"lion": 0.02, "adadelta": 1.0}.get(name, 0.01)
    has_rate = "learning_rate" in OPTIMIZERS[name].__struct_fields__
    optimizer = OPTIMIZERS[name](**({"learning_rate": rate} if has_rate else {}))
    config = replaced(SMALL, optimizer=optimizer)
    if name in ("lbfgs", "conjugate_gradient"):  # one by one they take long: the coarse map will do
        shot = next(
            frame.snapshot
            for frame in only_frames(frames(config, points_of(config)))
            if frame.snapshot.runs == 256
        )
        pixels = [(row - row % 4, column - column % 4) for row, column in scattered()]
    else:
        shot, pixels = map_of(config), scattered()
    for row, column in pixels:
        run = own_run(with_pixel(config, (column + 0.5) / 64, (row + 0.5) / 64))
        assert (run.place, run.steps) == (shot.place[row, column], shot.steps[row, column])
    assert (shot.place >= 0).any()


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("momentum", "own"),
        ("adam", "own"),
        ("adam", "beta2"),
        ("rmsprop", "own"),
        ("gradient_descent", "condition"),
        ("nesterov", "start"),
        ("damped_newton", "own"),
        ("sgd", "own"),
        ("adagrad", "own"),
        ("lion", "own"),
        ("radam", "beta2"),
        ("rprop", "own"),
        ("asgd", "own"),
    ],
)
def test_a_pixel_of_settings_is_the_run_with_these_settings(name, second):
    config = replaced(
        SMALL,
        kind="rates",
        surface="bowl",
        start=(-3.5, 1.5),
        optimizer=OPTIMIZERS[name](),
        second=second,
        rate_from=1e-3,
    )
    shot = map_of(config)
    for row, column in scattered():
        run = own_run(with_pixel(config, (column + 0.5) / 64, (row + 0.5) / 64))
        assert (run.place, run.steps) == (shot.place[row, column], shot.steps[row, column])


def test_steps_are_those_after_which_the_distance_stays_within_the_radius():
    run = own_run(replaced(SMALL, start=(2.0, 1.0), radius=0.1))
    away = np.hypot(run.path[:, 0] - 3, run.path[:, 1] - 2)
    assert away[run.steps - 1] > 0.1
    assert (away[run.steps :] <= 0.1).all()


def test_gradient_descent_reaches_the_nearest_valley_and_newton_any_stationary_point():
    gentle = map_of(replaced(SMALL, optimizer=GradientDescent(learning_rate=0.005), steps=400))
    points = points_of(SMALL)
    assert {points[k].kind for k in np.unique(gentle.place)} == {"minimum"}
    newton = map_of(replaced(SMALL, optimizer=OPTIMIZERS["newton"]()))
    ended = {points[k].kind for k in np.unique(newton.place) if k >= 0}
    assert ended == {"minimum", "saddle", "maximum"}
    shares = {kind: np.mean([points[k].kind == kind for k in newton.place.ravel()]) for kind in ended}
    assert 0.38 < shares["saddle"] + shares["maximum"] < 0.46  # "four starts in ten", say the notes


@pytest.mark.parametrize(
    ("optimizer", "border"),
    [
        (Momentum(), lambda beta: (2 + 2 * beta) / 10),
        (Nesterov(), lambda beta: (2 + 2 * beta) / (1 + 2 * beta) / 10),
    ],
)
def test_what_diverges_begins_at_the_border_of_theory(optimizer, border):
    config = replaced(
        SMALL,
        kind="rates",
        surface="bowl",
        start=(-3.5, 1.5),
        optimizer=optimizer,
        rate_from=0.05,
        rate_to=0.8,
        steps=3000,
    )
    shot, (along, upward) = map_of(config), axes_of(config)
    rates = along.at((np.arange(64) + 0.5) / 64)
    step = rates[1] / rates[0]
    for row in range(0, 56, 5):
        beta = float(upward.at((row + 0.5) / 64))
        diverged = shot.place[row] == DIVERGED
        assert diverged[rates > border(beta) * step].all()
        assert not diverged[rates < border(beta)].any()


def test_the_fastest_momentum_is_where_polyak_says():
    """κ = 10: η = (2/(1 + √10))² = 0.2308, β = ((√10 − 1)/(√10 + 1))² = 0.2699."""
    config = replaced(
        SMALL,
        kind="rates",
        surface="bowl",
        start=(-3.5, 1.5),
        radius=1e-12,
        rate_from=0.05,
        optimizer=Momentum(),
        steps=400,
    )
    shot = map_of(config)
    quickest = np.where(shot.place >= 0, shot.steps, 10_000)
    row, column = np.unravel_index(quickest.argmin(), quickest.shape)
    along, upward = axes_of(config)
    assert float(along.at((column + 0.5) / 64)) == pytest.approx(0.2308, rel=0.06)
    assert float(upward.at((row + 0.5) / 64)) == pytest.approx(0.2699, abs=0.03)


def test_a_saddle_is_left_and_a_plain_decides_nothing():
    saddle = map_of(replaced(SMALL, surface="saddle"))
    assert np.mean(saddle.place == DIVERGED) > 0.95
    plateau = map_of(replaced(SMALL, surface="plateau", optimizer=GradientDescent(0.01)))
    assert plateau.place[0, 0] == UNDECIDED


def test_an_expression_with_a_hole_and_one_that_is_flat():
    for text in ("log(x)", "x**2", "1/x", "0*x"):
        config = replaced(SMALL, surface="expression", expression=text)
        shot = map_of(config)
        assert (shot.place < 0).all()
        own_run(config)


@pytest.mark.parametrize("text", ["0*x", "1 - exp(-30*(x**2 + y**2))", "x**2", "x**4 + y**4"])
def test_newton_on_a_plain_and_in_a_level_valley_is_the_run_of_a_race(text):
    """Without any slope Newton stands still; with a slope and a singular Hessian it has no step."""
    config = replaced(
        SMALL, surface="expression", expression=text, optimizer=OPTIMIZERS["newton"](), reach=4.0
    )
    shot = map_of(config)
    for row, column in scattered():
        run = own_run(with_pixel(config, (column + 0.5) / 64, (row + 0.5) / 64))
        assert (run.place, run.steps) == (shot.place[row, column], shot.steps[row, column])
    if text == "0*x":
        assert (shot.place == UNDECIDED).all()
    if text == "x**2":
        assert (shot.place == DIVERGED).all()


def test_extreme_settings_are_maps_all_the_same():
    far = {"kind": "rates", "rate_from": 999.0, "rate_to": 1000.0}
    for changes in (
        {"steps": 1},
        {"radius": 1e-12},
        {"radius": 1e3},
        {"start": (1e6, -1e6)},
        far,
        {"optimizer": Momentum(1000.0, 0.999)},
    ):
        map_of(replaced(SMALL, **changes))
        own_run(replaced(SMALL, **changes))


def test_the_config_s_own_run_is_a_pixel():
    adam = {"kind": "rates", "optimizer": OPTIMIZERS["adam"](), "second": "beta2"}
    for changes in (
        {},
        {"kind": "rates"},
        adam,
        {"kind": "rates", "second": "start"},
        {"kind": "rates", "surface": "bowl", "second": "condition"},
    ):
        config = replaced(SMALL, **changes)
        assert pixel_of(with_pixel(config, 0.3, 0.8)) == pytest.approx((0.3, 0.8))
        assert run_key(with_pixel(config, 0.3, 0.8)) == run_key(config)
        assert run_key(replaced(config, steps=7)) != run_key(config)


def test_axes():
    axis = MapAxis("beta2", "1 − β₂", 1e-4, 1.0, log=True, complement=True)
    assert axis.setting(0.5) == pytest.approx(0.99)
    assert axis.fraction(0.99) == pytest.approx(0.5)
    assert axis.fraction(1.0) == -inf
    along, up = axes_of(replaced(MapsConfig(), kind="rates", optimizer=GradientDescent()))
    assert (along.name, up.name) == ("learning_rate", "start")
    assert (
        axes_of(replaced(MapsConfig(), kind="rates", surface="bowl", optimizer=GradientDescent()))[1].name
        == "condition"
    )


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"kind": "rates", "optimizer": OPTIMIZERS["newton"]()}, "kind"),
        ({"kind": "rates", "optimizer": OPTIMIZERS["lbfgs"]()}, "kind"),
        ({"kind": "rates", "rate_from": 1.0, "rate_to": 1.0}, "rate_from"),
        ({"kind": "rates", "second": "beta2"}, "second"),
        ({"kind": "rates", "second": "condition"}, "second"),
        ({"surface": "expression", "expression": "sinn(x)"}, "expression"),
    ],
)
def test_what_cannot_be_mapped_is_refused_at_its_place(changes, where):
    with pytest.raises(Problem) as caught:
        replaced(MapsConfig(), **changes)
    assert caught.value.where == where


def test_every_surface_has_a_map():
    for name in SURFACES:
        shot = map_of(replaced(SMALL, surface=name, steps=20))
        assert (shot.place != UNKNOWN).all()
    validated(MapsConfig())


def test_lbfgs_maps_a_quartic():
    config = replaced(SMALL, optimizer=OPTIMIZERS["lbfgs"](), surface="expression", expression="x^4 + y^4")
    first = islice(
        only_frames(frames(config, points_of(config))), 1 + next(blocks(config)).portions
    )  # the first block
    *_, frame = first
    assert frame.snapshot.runs == 8
    assert (frame.snapshot.place[frame.snapshot.place != UNKNOWN] == 0).all()
    assert own_run(replaced(config, steps=1000)).place == 0  # far below where squares are numbers


def test_newton_maps_a_valley_that_only_rounding_bends_as_lost():
    # (0.1x + 0.3y)²: its Hessian is singular, and a step of 1e16 would be an accident of rounding
    config = replaced(
        SMALL, optimizer=OPTIMIZERS["newton"](), surface="expression", expression="(0.1*x + 0.3*y)^2", steps=5
    )
    place = map_of(config).place
    assert (place == DIVERGED).sum() >= 64 * 64 - 64
    assert (place[place != DIVERGED] == UNDECIDED).all()  # at most one in each column, exactly on the floor
    assert own_run(config).why


def test_the_chosen_run_in_pieces_is_the_run():
    config = replaced(SMALL, surface="expression", expression="x^4 + y^4 - x*y", steps=350)
    pieces = choosing(config)
    count = 0
    while True:
        try:
            next(pieces)
            count += 1
        except StopIteration as end:
            found = end.value
            break
    assert count >= 40 + 4, "a piece a round of the search, and a piece a hundred steps"
    whole = own_run(config)
    assert found.config is config
    assert found.points == points_of(config)
    np.testing.assert_array_equal(found.run.path, whole.path)
    assert (found.run.place, found.run.steps, found.run.why) == (whole.place, whole.steps, whole.why)
