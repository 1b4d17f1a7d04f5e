"""The view of network landscapes: the map and the paths of a frame, and what the mouse and the bar do."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt

from engine.experiments.optimizers.landscape import EXPERIMENT, loss_over
from engine.experiments.optimizers.landscape_inspection import LandscapeResult, relative_error
from engine.experiments.optimizers.landscape_timeline import timeline
from engine.optimizers.adam import Adam
from engine.optimizers.descent import SGD
from engine.runner import Runner
from gui.look.language import install
from gui.look.numbers import number_text
from gui.look.theme import LECTURE_SCALE, LIGHT
from gui.screen.view import Ghost, view_type
from gui.views.optimizers.landscape import LAYOUTS, LandscapeView, explained
from gui.views.optimizers.landscape_map import percent
from gui.views.optimizers.landscape_words import sentence
from tests.gui.plots.conftest import click, has_colour, painted
from tests.gui.themes import in_turn
from tests.gui.views.moments import present, present_step, ran_with, told

SMALL = {"steps": 12, "grid": "17", "width": 4, "digits": (0, 1, 2)}
WILD = {
    "width": 16,
    "digits": tuple(range(10)),
    "centre": 2,
    "racers": (SGD(learning_rate=1000.0), Adam(learning_rate=0.01)),
}


finished = partial(ran_with, EXPERIMENT, **SMALL)


VIEW = LandscapeView


def chart_of(runner):
    return runner.recording.snapshot(runner.recording.last)[1].chart


def words(view, runner, frame):
    return "\n".join(f"{live.title} {live.numbers}" for live in told(view, frame))


def test_the_view_is_found_by_its_name():
    assert view_type("optimizers.landscape") is LandscapeView


@pytest.mark.parametrize(
    ("layout", "settings", "theme"), in_turn(LAYOUTS, [{}, {"directions": "random"}, WILD])
)
def test_every_part_of_a_run_is_drawn(show, theme, layout, settings):
    runner = finished(**settings)
    time = timeline(runner.config)
    view = show(runner, theme=theme, layout=layout)
    for frame in (0, 5, time.last, time.last + 1, time.last + 8, time.walk, time.walk + 3, time.end):
        present_step(view, frame)
        view.catch_up()
        for panel in view.panels():
            painted(panel)
            painted(panel, 170, 110)
        assert "nan" not in words(view, runner, frame)


def test_while_it_trains_there_is_no_map_and_the_plot_says_why(show):
    runner = finished()
    view = show(runner, 5)
    assert view.field.waiting
    assert view.field.paths == ()
    assert view.error.curves == ()
    assert view.when(view.at) == "Training: 5 / 12"
    assert has_colour(painted(view.field), LIGHT.quiet, 40), "the words"
    present_step(view, timeline(runner.config).walk)
    assert not view.field.waiting


def test_the_map_is_that_of_the_frame(show):
    runner = finished()
    time = timeline(runner.config)
    view = show(runner)
    np.testing.assert_array_equal(
        view.field._field.values, runner.recording.snapshot(time.end)[1].grid.astype(float)
    )
    present_step(view, time.last + 1 + 15)
    snapshot = runner.recording.snapshot(time.last + 16)[1]
    assert f"{snapshot.done} of 17 × 17 points" in view.field.title
    assert view.when(view.at) == f"Map: {snapshot.done} / 289"
    present_step(view, time.end)
    assert view.field.title.endswith("17 × 17 points")


def test_scrubbing_shows_paths_and_cursor_as_they_were(show):
    runner = finished()
    time, chart = timeline(runner.config), chart_of(runner)
    view = show(runner)
    for frame, points in ((time.walk + 4, 5), (time.end, 13), (time.last + 20, 13)):
        present_step(view, frame)
        for i, path in enumerate(view.field.paths):
            np.testing.assert_array_equal(path.xy, chart.points[i, :points])
    assert view.loss.playhead.step is None, "while the map is drawn nobody walks"
    present_step(view, time.walk + 4)
    assert view.loss.playhead.step == view.error.playhead.step == 4.0


def test_the_curves_are_the_losses_of_network_and_projection_and_the_error(show):
    runner = finished()
    time, chart = timeline(runner.config), chart_of(runner)
    curves = {curve.key: curve for curve in show(runner, racer=1).loss.curves}
    assert set(curves) == {"loss.0", "loss.1", "loss.2", "projected.1"}
    np.testing.assert_array_equal(curves["loss.1"].y, runner.recording.column("1.loss")[:13])
    loss = loss_over(runner.recording.data, chart.plane)
    expected = [loss.value(*point) for point in chart.points[1].tolist()]
    np.testing.assert_allclose(curves["projected.1"].y, expected, rtol=1e-12)
    assert curves["projected.1"].x.tolist() == list(range(13))
    errors = {curve.key: curve.y for curve in show(runner).error.curves}
    np.testing.assert_array_equal(errors["error.0"], relative_error(chart, 0))
    assert time.end == runner.recording.last


def test_the_axes_tell_the_share_of_the_variance_and_the_readout_the_exact_loss(show):
    runner = finished()
    view, chart = show(runner), chart_of(runner)
    assert view.field.x_axis.label == "α₁"  # the readout says "α₁ = 0.1"
    assert view.field.x_axis.name == f"α₁ ({percent(chart.fractions[0])} of the variance)"
    assert view.field._value_at(0.1, -0.2) == loss_over(runner.recording.data, chart.plane).value(0.1, -0.2)
    assert show(finished(directions="random")).field.x_axis.name == "α₁ (along δ₁)"


def test_a_click_on_a_path_explains_it_and_goes_to_that_point(show, qtbot):
    runner = finished()
    view, time, chart = show(runner), timeline(runner.config), chart_of(runner)
    place = view.field.axes().plane.point(*chart.points[2, 4])
    with qtbot.waitSignal(view.step_chosen) as told:
        qtbot.mouseClick(view.field.viewport(), Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert told.args == [time.walk + 4]
    assert view.options.racer == 2
    assert view.bar["racer"].currentIndex() == 2


def test_a_click_on_a_curve_goes_to_its_step_in_the_same_part_of_the_run(show, qtbot):
    runner = finished()
    view, time = show(runner), timeline(runner.config)
    plane = view.loss.axes().plane
    middle = QPointF(float(plane.px(6.0)), plane.rect.center().y())
    with qtbot.waitSignal(view.step_chosen) as told:
        click(view.loss, middle)
    assert told.args == [time.walk + 6]
    present_step(view, 2)
    with qtbot.waitSignal(view.step_chosen) as told:
        click(view.loss, middle)
    assert told.args == [6]


def test_a_click_in_the_table_explains_that_optimizer(show, qtbot):
    runner = finished()
    view = show(runner)
    content = view.results._content(QRectF(view.results.rect()))
    at = QPointF(content.left() + 40, content.top() + 2.5 * view.results._step()).toPoint()
    with qtbot.waitSignal(view.live_changed):
        qtbot.mouseClick(view.results.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.options.racer == 1
    assert "Momentum at step 12, projected" in words(view, runner, runner.recording.last)
    assert "projected.1" in {curve.key for curve in view.loss.curves}


def test_the_switches_change_what_is_seen(show, qtbot):
    view = show(finished())
    assert view.field._field.scale.log
    view.bar["log"].click()
    assert not view.options.log
    assert not view.field._field.scale.log
    view.bar["layout"].setCurrentIndex(1)
    view.catch_up()
    assert view.surface in view.panels()
    assert view.field not in view.panels()
    assert not view.surface._field.empty
    assert len(view.surface.paths) == 3
    with qtbot.waitSignal(view.options_changed):
        view.surface.camera = (10.0, 40.0, 1.0)
    assert view.options.camera == (10.0, 40.0, 1.0)


def test_the_landscape_comes_back_after_a_look_at_the_start(show):
    runner = finished()
    view = show(runner, layout="surface")
    view.catch_up()
    before = painted(view.surface)
    present_step(view, 0)
    view.catch_up()
    assert (painted(view.surface) != before).any()
    present_step(view, runner.recording.last)
    view.catch_up()
    assert (painted(view.surface) == before).all()


def test_the_numbers_of_one_point(show):
    runner = finished(activation="tanh")
    view, time, chart = show(runner), timeline(runner.config), chart_of(runner)
    present_step(view, time.walk + 5)
    blocks = told(view)
    assert "64 → 4 → 3: 275 weights" in blocks[0].numbers, "64·4 + 4 + 4·3 + 3"
    assert "all 376 training examples" in blocks[0].numbers, "0.7 of 178 + 182 + 177"
    assert percent(sum(chart.fractions)) in blocks[1].numbers
    assert percent(chart.error[0, 5] / chart.distance[0, 5]) in blocks[2].numbers
    assert f"{runner.recording.column('0.loss')[5]:.4f}"[:5] in blocks[3].numbers
    assert f"{runner.recording.column('0.projected')[time.walk + 5]:.4f}"[:5] in blocks[3].numbers
    assert blocks[4].check.passed
    present_step(view, time.walk + 1)
    earlier = told(view)[4]
    assert earlier.title == blocks[4].title
    assert earlier.numbers != blocks[4].numbers, "the slope there, not the last one"
    random = finished(directions="random")
    heard = told(show(random))[1].numbers
    angle = float(heard.split("Between them ")[1].removesuffix("°."))
    assert angle == pytest.approx(90, abs=15), "in 275 dimensions nearly everything is at right angles"


def test_the_sentence_tells_what_is_found_in_each_part_of_a_run(show):
    runner = finished()
    view, time, names = show(runner), timeline(runner.config), ("SGD", "Momentum", "Adam")
    recorded = runner.recording.column

    def heard(frame):
        present_step(view, frame)
        view.catch_up()
        return view.finding.text

    begin = f"{recorded('0.loss')[0]:.3f}"
    assert heard(0) == (f"Training begins at a loss of {begin}. The map comes when the last step is done.")
    losses = {name: recorded(f"{i}.loss")[7] for i, name in enumerate(names)}
    best, worst = min(losses, key=losses.get), max(losses, key=losses.get)
    assert heard(7) == (
        f"At step 7 of 12 {best} has a loss of {number_text(losses[best]).strip()}, "
        f"{worst} of {number_text(losses[worst]).strip()}. Then comes the map."
    )
    assert heard(time.last + 3).startswith(
        f"The map has {runner.recording.snapshot(time.last + 3)[1].done} of 289"
    )
    at_end = {
        name: (recorded(f"{i}.loss")[time.last], recorded(f"{i}.projected")[time.end])
        for i, name in enumerate(names)
    }
    worst = max(at_end, key=lambda name: max(at_end[name]) / min(at_end[name]))
    loss, under = (number_text(value).strip() for value in at_end[worst])
    assert heard(time.end).startswith(
        f"At step 12 {worst} has a loss of {loss}, but the map under it says {under}; "
    )


def test_the_sentence_of_few_and_of_lost_optimizers(show):
    alone = finished(steps=6, racers=(Adam(),), centre=1)
    view = show(alone)
    assert view.finding.text.startswith("At step 6 the map is right under every network; Adam has a loss of ")
    present_step(view, 4)
    view.catch_up()
    assert view.finding.text.startswith("At step 4 of 6 Adam has a loss of ")
    nobody = LandscapeResult(np.nan, np.nan, np.nan, np.nan, np.nan, 2)
    time, nothing = timeline(alone.config), alone.recording.snapshot(0)[1]
    for frame in (3, time.last + 2, time.end):
        assert "no optimizer is left" in sentence(time, nothing, frame, [("SGD", nobody)])
    unknown = LandscapeResult(1.5, 0.5, 1.0, np.nan, np.nan, None)
    told = sentence(time, nothing, time.last + 2, [("SGD", unknown)])
    assert told == "The map has the loss at 0 of 289 points of the plane."


def test_a_lost_optimizer_is_named_with_its_step(show):
    runner = finished(**WILD)
    lost = runner.recording.snapshot(runner.recording.last)[1].lost[0]
    view, time = show(runner, racer=0), timeline(runner.config)
    assert view.results.lines[0].cells[0] == f"✗ step {lost}"
    assert view.field.paths[0].diverged
    assert not view.field.paths[1].diverged
    assert f"✗ step {lost}" in words(view, runner, runner.recording.last)
    present_step(view, time.walk + lost)
    assert view.field.paths[0].diverged
    present_step(view, time.walk + lost - 1)
    assert not view.field.paths[0].diverged
    assert "✗" not in words(view, runner, time.walk + lost - 1)


def test_one_optimizer_and_one_step(show):
    runner = finished(steps=1, racers=(Adam(),))
    view = show(runner, racer=3)
    assert explained(view.at) == 0
    assert "orthogonal" in words(view, runner, runner.recording.last)
    assert len(view.results.lines) == 1


def test_pinned_runs_stand_behind(show):
    runner, pinned = finished(directions="random"), finished()
    view = show(runner, ghosts=[Ghost(pinned.config, pinned.recording, "Directions (principal)")])
    for panel in (view.loss, view.error):
        names = [curve.name for curve in panel.curves if curve.ghost and curve.name]
        assert names == ["pinned: Directions (principal)"]
    faint = {curve.key: curve.y for curve in view.error.curves if curve.ghost}
    np.testing.assert_array_equal(faint["error.1"], relative_error(chart_of(pinned), 1))
    early = Runner(EXPERIMENT, pinned.config)
    early.drive(3)
    present(
        view,
        runner.config,
        runner.recording,
        runner.recording.last,
        [Ghost(early.config, early.recording, "early")],
    )
    assert not [curve for curve in view.error.curves if curve.ghost]


def test_another_map_does_not_keep_the_zoom(show):
    runner = finished()
    view = show(runner)
    view.field.zoom(0.5)
    assert view.field.zoomed
    other = finished(reach=2.0)
    present(view, other.config, other.recording, other.recording.last)
    assert not view.field.zoomed
    assert view.field.home == chart_of(other).bounds


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_in_another_language_and_for_a_lecture_the_same_run_is_told(show, qapp, language):
    install(qapp, language)
    try:
        runner = finished()
        view = show(runner, theme=replace(LIGHT, scale=LECTURE_SCALE), size=(1100, 800))
        phase = {"zh_CN": "路径：12 / 12", "en": "Paths: 12 / 12"}[language]
        assert view.when(view.at) == phase
        assert not view.results.isVisible(), "a lecture has two plots"
        assert view.field.paths[1].name == {"zh_CN": "动量法", "en": "Momentum"}[language]
        loss = number_text(runner.recording.column("0.loss")[12]).strip()
        assert loss in "\n".join(live.numbers for live in view.formulas(view.at))
        for panel in view.panels():
            painted(panel)
    finally:
        install(qapp, "en")


def test_the_view_fits_a_small_window(show):
    view = show(finished(), size=(640, 560))
    assert (view.width(), view.height()) == (640, 560), "nothing asks for more room"
    assert all(view.rect().contains(panel.mapTo(view, panel.rect().bottomRight())) for panel in view.panels())


def test_the_data_behind_the_map_are_the_paths_and_the_grid(show):
    runner = finished()
    view = show(runner)
    columns = dict(view.field.table())
    np.testing.assert_array_equal(columns["Adam " + view.field.x_axis.name], chart_of(runner).points[2, :, 0])
    grid = runner.recording.snapshot(runner.recording.last)[1].grid
    np.testing.assert_array_equal(columns["L"], grid.astype(float).ravel())
    assert columns["α₁"][:17] == pytest.approx(np.linspace(*chart_of(runner).bounds[0], 17))
    present_step(view, 3)
    assert view.field.table() == []


def test_the_same_settings_run_again_are_drawn_from_their_beginning(show):
    runner, again = finished(), finished()
    view = show(runner)
    time = timeline(runner.config)
    present(view, again.config, again.recording, time.last + 1)
    assert view.field._field.empty
    present_step(view, time.end)
    assert not view.field._field.empty


def test_the_landscape_is_drawn_a_few_times_a_second_and_at_once_for_a_picture(show, qtbot):
    runner = finished()
    view, time = show(runner, layout="surface"), timeline(runner.config)
    present_step(view, time.walk + 3)
    view.catch_up()
    assert [len(path.xy) for path in view.surface.paths] == [4, 4, 4]
    present_step(view, time.walk + 5)
    assert [len(path.xy) for path in view.surface.paths] == [4, 4, 4]
    qtbot.waitUntil(lambda: len(view.surface.paths[0].xy) == 6)
    present_step(view, 2)
    assert view.surface._field.empty
    assert view.surface.paths == ()


def test_where_there_is_little_room_the_table_names_the_curves(show, qtbot):
    view = show(finished(), size=(800, 720))
    assert view.loss.legend == "auto"
    view.resize(800, 420)
    qtbot.waitUntil(lambda: view.loss.legend == "paper")
