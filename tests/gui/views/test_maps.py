"""The view of maps, driven as a user drives it."""

import re
from math import dist, inf
from types import SimpleNamespace

import numpy as np
import pytest
import sympy
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sympy.parsing.sympy_parser import implicit_multiplication, parse_expr, standard_transformations

from engine.config import replaced
from engine.convergence.stability import convergence_factor, largest_rate
from engine.experiments.optimizers.maps import (
    DIVERGED,
    EXPERIMENT,
    UNDECIDED,
    UNKNOWN,
    MapsSnapshot,
    MapsWalk,
)
from engine.experiments.optimizers.maps_config import MapsConfig, axes_of, pixel_of
from engine.experiments.optimizers.maps_summary import summing_up
from engine.optimizers.descent import GradientDescent
from engine.optimizers.table import OPTIMIZERS
from engine.pieces import result_of
from engine.runner import Runner
from engine.surfaces.stationary_points import StationaryPoint
from gui.look.theme import LIGHT, THEMES
from gui.screen.engine_thread import EngineThread
from gui.screen.view import Ghost, view_type
from gui.views.optimizers.maps import MapsView
from gui.views.optimizers.maps_colours import (
    basin_pixels,
    diverged_colour,
    hues,
    step_pixels,
    undecided_colour,
)
from gui.views.optimizers.maps_words import BORDERS, SPEEDS, finding, legend_lines, percent
from tests.gui.plots.conftest import click, mouse, painted
from tests.gui.themes import in_turn
from tests.gui.views.moments import present, present_step, ran, told

SMALL = replaced(MapsConfig(), resolution="64", steps=120)
BOWL = replaced(SMALL, kind="rates", surface="bowl", start=(-3.5, 1.5), rate_from=1e-3)


def finished(config=SMALL):
    return ran(EXPERIMENT, config)


def brightness(colour):
    return sum(int(colour[k : k + 2], 16) for k in (1, 3, 5))


VIEW, SIZE = MapsView, (980, 620)


def words(view):
    return "\n".join(f"{live.title} {live.numbers}" for live in told(view, 0))


def test_it_is_the_view_of_its_experiment():
    assert view_type("optimizers.maps") is MapsView


@pytest.mark.parametrize(("name", "theme"), in_turn(OPTIMIZERS))
def test_every_optimizer_is_drawn_and_told(show, theme, name):
    config = replaced(SMALL, optimizer=OPTIMIZERS[name](), steps=10)
    runner = Runner(EXPERIMENT, config)
    runner.drive(4)
    view = show(runner, theme=theme)
    for panel in view.panels():
        painted(panel)
    for live in told(view, 0):
        assert "nan" not in live.numbers.lower()
        assert live.check is None or live.check.passed
    assert view.map.table()[0][0] == "x"


def test_the_legend_tells_the_shares_and_they_are_those_of_the_map(show):
    runner = finished()
    view = show(runner)
    shot = runner.recording.snapshot(runner.recording.last)[1]
    shares = [
        float(line.cells[0].removesuffix(" %")) for line in view.legend.lines if "<" not in line.cells[0]
    ]
    assert sum(shares) == pytest.approx(100, abs=0.5)
    first = view.legend.lines[0]
    largest = int(np.bincount(shot.place[shot.place >= 0]).argmax())
    assert f"{100 * np.mean(shot.place == largest):.1f} %" == first.cells[0]
    assert first.cells[1] == f"{np.median(shot.steps[shot.place == largest]):.0f}"
    assert first.name.startswith("minimum (")
    of_place = basin_pixels(shot, hues(runner.recording.data), LIGHT)[shot.place == largest]
    seen = {f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue, _ in of_place.tolist()}
    assert set(first.area) <= seen, "the swatch has the colours of the map"
    assert first.area == (max(seen, key=brightness), min(seen, key=brightness))


def test_the_sentence_counts_the_starts_that_end_nearest(show):
    runner = finished()
    view = show(runner)
    view.catch_up()
    shot, near = runner.recording.snapshot(runner.recording.last)[1], 0
    minima = {
        k: (point.x, point.y) for k, point in enumerate(runner.recording.data) if point.kind == "minimum"
    }
    for row in range(64):
        for column in range(64):  # Himmelblau is seen from −5 to 5
            start = -5 + 10 * (column + 0.5) / 64, -5 + 10 * (row + 0.5) / 64
            near += shot.place[row, column] == min(minima, key=lambda k: dist(start, minima[k]))
    assert view.finding.text == (
        f"{100 * near / 64**2:.1f} % of the starts end at the minimum nearest to them; the largest basin, "
        f"{view.legend.lines[0].cells[0]}, is that of the {view.legend.lines[0].name}."
    )
    present_step(view, 0)
    view.catch_up()
    assert view.finding.text == "Each pixel is a start: 0 of 4096 runs are done."


def test_the_sentence_tells_the_fastest_setting(show):
    runner = finished(BOWL)
    view = show(runner)
    view.catch_up()
    shot = runner.recording.snapshot(runner.recording.last)[1]
    quickest = min(steps for steps in shot.steps.ravel().tolist() if steps >= 0)
    assert re.fullmatch(
        rf"Fastest is η = \S+, β = \S+: {quickest} steps; {100 * np.mean(shot.place >= 0):.1f} % of the "
        rf"settings arrive, {100 * np.mean(shot.place == DIVERGED):.1f} % diverge.",
        view.finding.text,
    )
    eta, beta = (float(text) for text in re.findall(r"= ([\d.]+\d)", view.finding.text))
    row, column = np.argwhere(shot.steps == quickest)[0]
    assert eta == pytest.approx(1e-3 * 1000 ** ((column + 0.5) / 64), rel=2e-3)
    assert beta == pytest.approx((row + 0.5) / 64, abs=2e-3)
    assert [line.area is None for line in view.legend.lines][:1] == [True], "no colour of it is on the map"


@pytest.mark.parametrize(
    ("places", "kind", "said"),
    [
        (
            [[0, 0], [0, -2]],
            "basins",
            "75.0 % of the starts end at the minimum (1, 2), half of them within 3 steps.",
        ),
        ([[-2, -1], [-1, -1]], "basins", "No run comes to rest: 25.0 % diverge, the others are undecided."),
        ([[-2, -2], [-2, -2]], "rates", "No run comes to rest: 100.0 % diverge, the others are undecided."),
    ],
)
def test_the_sentence_of_few_places(places, kind, said):
    place = np.array(places)
    shot, points = (
        MapsSnapshot(place, np.where(place == 0, 3, -1), 4),
        (StationaryPoint(1, 2, 0, "minimum"),),
    )
    at = SimpleNamespace(config=replaced(BOWL, kind=kind), data=points, snapshot=shot)
    assert finding(at, result_of(summing_up(at.config, points, shot))) == said


def test_the_ring_is_dragged_and_its_run_is_drawn(show, qtbot):
    runner = finished()
    view = show(runner)
    place = view.map.axes().plane.point
    mouse(view.map, "press", place(-2.0, 2.0))
    with qtbot.waitSignal(view.edited) as signal:
        mouse(view.map, "move", place(3.2, 1.5))
    mouse(view.map, "release", place(3.2, 1.5))
    config = signal.args[0]
    assert config.start == pytest.approx((3.2, 1.5), abs=0.1)
    present(view, config, runner.recording, runner.recording.last)
    assert view.field.title == "The chosen run: minimum (3, 2)"
    (path,) = [path for path in view.map.paths if path.key == "run"]
    assert path.xy[0] == pytest.approx(config.start)
    assert path.xy[-1] == pytest.approx((3, 2), abs=0.1)
    row = int((config.start[1] + 5) / 10 * 64)
    column = int((config.start[0] + 5) / 10 * 64)
    steps = int(view.at.snapshot.steps[row, column])
    assert f"after {steps} steps" in words(view)
    assert f"after {steps} steps" in view.map._told(*config.start)


def test_a_click_on_a_setting_gives_it_to_the_optimizer(show, qtbot):
    runner = finished(BOWL)
    view = show(runner)
    with qtbot.waitSignal(view.edited) as signal:
        click(view.map, view.map.axes().plane.point(-1.0, 0.6))
    optimizer = signal.args[0].optimizer
    assert np.log10(optimizer.learning_rate) == pytest.approx(-1.0, abs=0.05)
    assert optimizer.beta == pytest.approx(0.6, abs=0.02)
    shares = pixel_of(signal.args[0])
    assert [share * 64 % 1 for share in shares] == pytest.approx([0.5, 0.5])


def test_what_is_said_under_the_mouse_is_said_of_that_pixel(show):
    view = show(finished())
    words, steps = view.map.table()[2][1], view.map.table()[3][1]
    told = set()
    for row, column in np.random.default_rng(1).integers(0, 64, (20, 2)).tolist():
        text = view.map._told((column + 0.5) / 6.4 - 5, (row + 0.5) / 6.4 - 5)
        count = view.at.snapshot.steps[row, column]
        assert f"after {count} steps" in text
        assert (words[64 * row + column], steps[64 * row + column]) == (
            text[text.index("minimum") :].split(" after")[0],
            count,
        )
        told.add(text)
    assert len(told) > 10
    assert view.map._told(5.1, 0.0) == view.map._told(0.0, -5.1) == ""


def test_the_ring_stays_on_the_map_and_the_zoom_of_the_contours_stays(show, qtbot):
    runner = finished()
    view = show(runner)
    with qtbot.waitSignal(view.edited) as signal:
        view.map.start_dragged.emit(5.0, -7.0)
    assert signal.args[0].start == (4.921875, -4.921875)  # the middles of the last pixels
    view.field.zoom(2.0)
    present(view, signal.args[0], runner.recording, runner.recording.last)
    assert view.field.zoomed
    present(view, replaced(SMALL, surface="booth"), runner.recording, runner.recording.last)
    assert not view.field.zoomed


def test_a_click_on_the_path_means_the_pixel_under_it(show, qtbot):
    view = show(finished())
    (path,) = [path for path in view.map.paths if path.key == "run"]
    with qtbot.waitSignal(view.edited) as signal:
        click(view.map, view.map.axes().plane.point(*path.xy[2].tolist()))
    assert signal.args[0].start == pytest.approx(path.xy[2], abs=0.1)


def test_the_start_is_moved_on_the_contours(show, qtbot):
    view = show(finished(BOWL))
    with qtbot.waitSignal(view.edited) as signal:
        click(view.field, view.field.axes().plane.point(2.0, -1.0))
    assert signal.args[0].start == pytest.approx((2.0, -1.0), abs=0.1)


def test_the_border_of_theory_is_drawn_on_quadratics_only(show):
    view = show(finished(BOWL))
    paths = {path.key: path for path in view.map.paths}
    top = paths["border"].xy[-1]
    assert (10 ** top[0], top[1]) == pytest.approx((0.4, 1.0), abs=0.01)  # (2 + 2β)/λ at β = 1
    assert 10 ** paths["best"].xy[0, 0] == pytest.approx(0.2308, abs=1e-4)
    assert "border" not in {
        path.key for path in show(finished(replaced(BOWL, surface="himmelblau"))).map.paths
    }
    averaged = show(finished(replaced(BOWL, optimizer=OPTIMIZERS["averaged_momentum"]())))
    (best,) = [path.xy for path in averaged.map.paths if path.key == "best"]
    assert 10 ** best[0, 0] == pytest.approx(10**-0.5)  # η/(1 − β) = 4/((1+√κ)² − (√κ−1)²) = 1/√κ
    adam = show(finished(replaced(BOWL, optimizer=OPTIMIZERS["adam"]())))
    assert "border" not in {path.key for path in adam.map.paths}


def test_theory_is_told_beside_what_is_measured(show):
    runner = finished(replaced(BOWL, optimizer=GradientDescent(learning_rate=0.1)))
    text = words(show(runner))
    assert "the border is 0.2; here η = 0.1 < 0.2" in text
    assert "r = 0.9000" in text
    assert "about 41 steps" in text  # ln(0.05 / 3.81) / ln 0.9, from (−3.5, 1.5)
    (theory,) = [curve for curve in show(runner).distance.curves if curve.key == "theory"]
    assert theory.y[:3] == pytest.approx(np.hypot(3.5, 1.5) * np.array([1, 0.9, 0.81]))
    assert (
        show(runner).answer("run").run.steps == 41
    )  # x shrinks by 0.9 a step from 3.5, and is 0.05 after 40.3


def test_the_distance_of_an_undecided_run_is_to_the_nearest_minimum(show):
    """From (−2, 2) the nearest minimum of Himmelblau's function is (−2.805118, 3.131312)."""
    for steps, title in ((120, "Distance to where it ends"), (1, "Distance to the nearest minimum")):
        view = show(finished(replaced(SMALL, start=(-2.0, 2.0), steps=steps)))
        assert view.distance.title == title
        away = next(curve for curve in view.distance.curves if curve.key == "away")
        assert away.y[0] == pytest.approx(np.hypot(-2 + 2.805118, 2 - 3.131312), abs=1e-5)


def test_a_run_that_cannot_converge_says_so(show):
    runner = finished(replaced(BOWL, optimizer=GradientDescent(learning_rate=0.5)))
    view = show(runner)
    assert "the error grows" in words(view)
    assert "here η = 0.5 ≥ 0.2" in words(view)
    assert view.field.title == "The chosen run: diverged"
    assert view.distance.title == "f against step"
    painted(view.distance)


def test_the_picture_stands_until_the_new_run_has_a_pixel(show):
    runner = finished()
    view = show(runner)
    before = view.legend.lines
    fresh = Runner(EXPERIMENT, replaced(SMALL, steps=121))
    fresh.advance()
    present(view, fresh.config, fresh.recording, 0)
    assert view.legend.lines is before
    fresh.drive(inf)
    present_step(view, fresh.recording.last)
    assert view.legend.lines is not before
    present_step(view, 0)
    assert (view.at.snapshot.place == UNKNOWN).all(), "scrubbed back to the start, it is empty"
    assert view.legend.lines == ()
    painted(view.map)


def test_the_button_asks_for_a_race_of_this_run(show, qtbot):
    view = show(finished())
    with qtbot.waitSignal(view.experiment_wanted) as signal:
        qtbot.mouseClick(view.race, Qt.MouseButton.LeftButton)
    name, config = signal.args
    assert name == "optimizers.race"
    assert (config.surface, config.start, config.steps) == ("himmelblau", (-2.0, 2.0), 120)
    assert config.racers == (SMALL.optimizer,)


def test_level_lines_are_switched(show, qtbot):
    view = show(finished())
    with_lines = painted(view.map)
    with qtbot.waitSignal(view.options_changed) as signal:
        view.bar["lines"].click()
    assert not signal.args[0].lines
    assert (painted(view.map) != with_lines).any()
    other = show(finished(BOWL))
    assert other.bar["lines"].isHidden()


def test_a_pinned_map_is_outlined_and_stands_in_the_legend(show):
    runner, pinned = finished(), finished(replaced(SMALL, optimizer=GradientDescent()))
    view = show(runner, ghosts=[Ghost(pinned.config, pinned.recording, "plain")])
    assert [path.name for path in view.map.paths if path.ghost and path.name] == ["pinned: plain"]
    assert view.legend.head[-1] == "pinned"
    minimum = next(line for line in view.legend.lines if line.name == "minimum (3, 2)")
    other = pinned.recording.snapshot(pinned.recording.last)[1]
    k = next(
        k for k, point in enumerate(pinned.recording.data) if (round(point.x, 3), round(point.y, 3)) == (3, 2)
    )
    assert minimum.cells[2] == percent(np.mean(other.place == k))
    painted(view.map)
    another = finished(BOWL)
    view = show(runner, ghosts=[Ghost(another.config, another.recording, "other axes")])
    assert not [path for path in view.map.paths if path.ghost]


def test_a_pinned_map_is_outlined_where_its_pixels_differ(show):
    pinned = finished(replaced(SMALL, optimizer=GradientDescent()))
    place = pinned.recording.snapshot(pinned.recording.last)[1].place
    view = show(finished(), ghosts=[Ghost(pinned.config, pinned.recording, "plain")])
    outlines = [path.xy for path in view.map.paths if path.ghost]
    assert sum(map(len, outlines)) > 100
    for x, y in np.concatenate(outlines):
        column, row = ((x + 5) / 10 * 64 - 0.5, (y + 5) / 10 * 64 - 0.5)
        low = place[int(np.floor(row + 1e-9)), int(np.floor(column + 1e-9))]
        high = place[int(np.ceil(row - 1e-9)), int(np.ceil(column - 1e-9))]
        assert low != high


@pytest.mark.parametrize("name", BORDERS)
def test_the_formulas_of_theory_are_those_whose_numbers_are_told(name):
    """The typeset border and speed, read back, against the numbers beside them."""
    rate, beta, curvature, damping = 0.13, 0.6, 10.0, 4.0
    fields = {"learning_rate": rate, "beta": beta, "damping": damping}
    kind = OPTIMIZERS[name]
    rule = kind(**{field: fields[field] for field in fields if field in kind.__struct_fields__})
    values = {"b": beta, "e": rate, "L": curvature, "d": damping}

    border = read(BORDERS[name].split("<")[-1]).subs(values)
    assert float(border) == pytest.approx(float(largest_rate(rule, curvature)))
    left, right = SPEEDS[name].split("=")
    if right.strip() == "0":
        factor = max(abs(complex(root)) for root in sympy.Poly(read(left).subs(values)).nroots())
    else:
        factor = abs(read(right.split("|")[1].removesuffix(r"\right")).subs(values))
    assert float(factor) == pytest.approx(float(convergence_factor(rule, [curvature])))


def read(latex):
    """The few signs of these formulas as an expression."""
    words = [
        (r"\lambda_{\max}", "L"),
        (r"\lambda_d", "d"),
        (r"\lambda", "L"),
        (r"\eta", "e"),
        (r"\beta", "b"),
        (r"\left", ""),
        (r"\right", ""),
        (r"\,", " "),
        ("^", "**"),
    ]
    for sign, word in words:
        latex = latex.replace(sign, f" {word} ")
    latex = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", latex)
    names = {name: sympy.Symbol(name) for name in "bedLr"}
    return parse_expr(
        latex.replace("* *", "**"),
        local_dict=names,
        transformations=(*standard_transformations, implicit_multiplication),
    )


def test_a_single_step_is_a_map_too(show):
    view = show(finished(replaced(BOWL, steps=1)))
    painted(view.map)
    painted(view.distance)


@pytest.mark.parametrize("theme", THEMES.values())
def test_colours_tell_the_kinds_apart(theme, qapp):
    points = tuple(StationaryPoint(float(k), 0.0, 0.0, "minimum") for k in range(2))
    place = np.array([[0, 1, UNDECIDED], [DIVERGED, UNKNOWN, 0]])
    steps = np.array([[1, 1, -1], [-1, -1, 100]], np.int32)
    shot = MapsSnapshot(place, steps, 6)
    pixels = basin_pixels(shot, hues(points), theme)
    assert pixels[1, 1, 3] == 0
    assert (pixels[..., 3] == [[255, 255, 255], [255, 0, 255]]).all()
    assert pixels[0, 0, :3].sum() > pixels[1, 2, :3].sum(), "the later the darker"
    assert pixels[0, 2, :3].tolist() == [int(undecided_colour(theme)[k : k + 2], 16) for k in (1, 3, 5)]
    quick = step_pixels(shot, 100, theme)
    assert quick[0, 0, :3].sum() > quick[1, 2, :3].sum()
    assert diverged_colour(theme) != undecided_colour(theme)


def test_neighbours_of_many_minima_have_different_colours():
    points = tuple(StationaryPoint(float(i), float(j), 0.0, "minimum") for i in range(8) for j in range(8))
    chosen = hues(points).reshape(8, 8)
    assert (chosen[1:] != chosen[:-1]).all()
    assert (chosen[:, 1:] != chosen[:, :-1]).all()


def test_a_colour_is_that_whose_owners_are_farthest_away():
    places = np.random.default_rng(2).uniform(-3, 3, (60, 2))
    chosen = hues(tuple(StationaryPoint(*place, 0.0, "minimum") for place in places.tolist()))
    assert chosen[:10].tolist() == list(range(10))
    for k in range(10, 60):
        away = np.hypot(*(places[:k] - places[k]).T)
        nearest = {colour: min(away[chosen[:k] == colour]) for colour in range(10)}
        assert nearest[chosen[k]] == max(nearest.values())


def test_the_data_are_every_pixel(show):
    view = show(finished(BOWL))
    (eta, rates), (beta, up), (_, words), (_, steps) = view.map.table()
    assert (eta, beta) == ("η", "β")
    assert len(rates) == len(up) == len(words) == len(steps) == 64 * 64
    along, _ = axes_of(BOWL)
    assert rates[0] == pytest.approx(float(along.at(0.5 / 64)))
    assert set(words) == {"minimum (0, 0)", "undecided", "diverged"}


def test_the_legend_s_shares_make_a_whole_and_its_medians_are_those_of_the_runs():
    """Eight runs by hand: 2, 3, 8, 9 steps have the median 5.5; a single run its own; the rest have none."""
    points = (StationaryPoint(0.0, 0.0, 0.0, "minimum"), StationaryPoint(1.0, 0.0, 0.0, "saddle"))
    place = np.array([[0, 0, 0, 0], [1, UNDECIDED, UNDECIDED, DIVERGED]], np.int16)
    steps = np.array([[9, 2, 8, 3], [7, -1, -1, -1]], np.int32)
    lines = legend_lines(points, MapsSnapshot(place, steps, 8), None, LIGHT)
    assert [line.cells for line in lines] == [
        ("50.0 %", "5.5"),
        ("12.5 %", "7"),
        ("25.0 %", "–"),
        ("12.5 %", "–"),
    ]


def test_the_distance_is_as_high_as_the_steps_that_are_seen(show):
    """A run that arrives after 14 of 300 steps is not squeezed by what its distance is at the end."""
    config = replaced(BOWL, optimizer=OPTIMIZERS["momentum"](learning_rate=0.1, beta=0.5), steps=300)
    panel = show(finished(config)).distance
    (_, right), (low, high) = panel.home
    away = next(curve for curve in panel.curves if curve.key == "away").y
    assert right == 70
    assert low == pytest.approx(np.log10(away[:71].min() / 2), abs=0.01)
    assert low > np.log10(away[-1]) + 10
    assert 10**high == pytest.approx(2 * away.max(), rel=0.01)


def test_the_chosen_run_is_walked_by_the_engines_thread_and_the_old_one_stands(show, qtbot):
    runner = finished()
    view, engine = show(runner), EngineThread()
    engine.start()
    view.questions.use(engine)
    before, numbers = view.field.paths, words(view)
    moved = replaced(SMALL, start=(-1.25, 2.0))
    with engine.held():
        present(view, moved, runner.recording, runner.recording.last)
        QApplication.processEvents()
        assert view.field.paths == before
        assert words(view) == numbers
        assert view.field.start == (-1.25, 2.0), "what is dragged is where the mouse is"
    qtbot.waitUntil(lambda: not view.questions.waits())
    np.testing.assert_array_equal(view.field.paths[0].xy, MapsWalk(moved).ended(runner.recording.data).path)
    assert words(view) != numbers
    assert engine.close()
