"""The view of the dying units shows every step as it was, and leads to the update that killed."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QRectF, Qt

from engine.config import replaced
from engine.experiments.gradients.dying_relu import EXPERIMENT
from engine.experiments.gradients.dying_relu_config import BiasKick, DyingReluConfig, NoKick, RateKick
from engine.experiments.gradients.dying_relu_inspection import unit_gradient
from engine.optimizers.adam import Adam
from engine.optimizers.descent import GradientDescent
from engine.runner import Finish, Runner
from gui.export.export import picture
from gui.look.theme import LECTURE_SCALE, LIGHT
from gui.screen.engine_thread import EngineThread
from gui.screen.view import Ghost, view_type
from gui.views.gradients.dying_relu import DyingReluView, followed
from tests.gui.themes import in_turn
from tests.gui.views.moments import present, present_step, ran, told

SHORT = DyingReluConfig(steps=60, width=10)


trained = partial(ran, EXPERIMENT)


@pytest.fixture(scope="module")
def run():
    return trained(SHORT)


VIEW = DyingReluView


def columns(panel):
    return dict(panel.table())


def place_in(view, panel):
    return QRect(panel.mapTo(view, QPoint(0, 0)), panel.size())


def words(view, step):
    return "\n".join(live.numbers for live in told(view, step))


def test_the_view_is_found_by_its_name():
    assert view_type("gradients.dying_relu") is DyingReluView


def test_a_low_lecture_shows_the_units_alone(show, run):
    view = show(run, theme=replace(LIGHT, scale=LECTURE_SCALE), size=(1280, 591))  # a window of 1280 x 720
    assert view.panels() == [view.units]
    view = show(run, theme=replace(LIGHT, scale=LECTURE_SCALE), size=(1920, 950))  # one of 1920 x 1080
    assert {*view.panels()} == {view.units, view.dead}


def test_curves_are_the_recording(show, run):
    view = show(run)
    dead = columns(view.dead)
    assert np.array_equal(dead["layer 2"], run.recording.column("2.dead"))
    assert np.array_equal(dead["all units"], run.recording.column("dead"))
    turns = columns(view.turns)
    assert np.array_equal(turns["died"], run.recording.column("deaths"))
    assert np.array_equal(turns["revived"], -run.recording.column("revivals"))


def test_the_map_is_that_of_the_step(show, run):
    view = show(run)
    for step in (60, 0, 31):
        present_step(view, step)
        seen = run.recording.snapshot(step)[1].seen
        shown = columns(view.units)
        assert shown["dead"].tolist() == seen.dead.ravel().astype(int).tolist()
        assert np.allclose(shown["fraction of examples"], seen.positive.ravel() / 300)


def test_the_button_leads_to_the_deadliest_update(show, run, qtbot):
    view = show(run)
    with qtbot.waitSignal(view.step_chosen) as chosen:
        qtbot.mouseClick(view.deadliest, Qt.MouseButton.LeftButton)
    deaths = run.recording.column("deaths")
    assert deaths[chosen.args[0]] == deaths.max() > 0
    assert view.turns.marks[0].x == chosen.args[0]


def test_a_clicked_unit_is_followed_and_leads_to_its_death(show, run, qtbot):
    view = show(run)
    seen = run.recording.snapshot(60)[1]
    layer, unit = np.argwhere(seen.since > 0)[0].tolist()
    grid = view.units._grid(view.units._content(QRectF(view.units.rect())))
    place = view.units._cell(grid, layer, unit).center().toPoint()
    qtbot.mouseClick(view.units.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert (view.options.layer, view.options.unit) == (layer + 1, unit + 1)
    assert "exactly 0" in words(view, 60) or "length" in words(view, 60)
    with qtbot.waitSignal(view.step_chosen) as chosen:
        qtbot.mouseClick(view.death, Qt.MouseButton.LeftButton)
    step = chosen.args[0]
    assert step == seen.since[layer, unit]
    assert run.recording.snapshot(step)[1].seen.dead[layer, unit]
    assert not run.recording.snapshot(step - 1)[1].seen.dead[layer, unit]


def test_units_are_chosen_with_the_keys_too(show, run, qtbot):
    view = show(run, layer=1, unit=1)
    view.units.setFocus()
    qtbot.keyClick(view.units, Qt.Key.Key_Right)
    qtbot.keyClick(view.units, Qt.Key.Key_Down)
    assert (view.options.layer, view.options.unit) == (2, 2)


def test_the_numbers_add_up(show, run):
    view = show(run)
    deaths, back = (int(run.recording.column(name)[:41].sum()) for name in ("deaths", "revivals"))
    start = int(run.recording.snapshot(0)[1].seen.dead.sum())
    text = words(view, 40)
    assert f"{start} at the start + {deaths} died − {back} revived" in text
    assert f"{start + deaths - back} of 30 units" in text


def test_a_dead_unit_says_that_its_gradient_is_exactly_zero(show, run):
    seen = run.recording.snapshot(60)[1].seen.dead
    layer, unit = np.argwhere(seen)[0].tolist()
    view = show(run, layer=layer + 1, unit=unit + 1)
    assert "exactly 0" in words(view, 60)
    assert "0 of 300" in words(view, 60)
    assert "dead" in words(view, 60)
    layer, unit = np.argwhere(~seen)[0].tolist()
    view = show(run, layer=layer + 1, unit=unit + 1)
    assert "exactly 0" not in words(view, 60)
    assert not view.death.isEnabled()


def test_kick_here_edits_the_config(show, run, qtbot):
    view = show(run, step=25)
    with qtbot.waitSignal(view.edited) as edited:
        qtbot.mouseClick(view.kick, Qt.MouseButton.LeftButton)
    assert edited.args[0] == replaced(SHORT, kick=BiasKick(step=25))
    other = trained(replaced(SHORT, kick=RateKick(step=5, factor=7.0)))
    view = show(other, step=0)
    with qtbot.waitSignal(view.edited) as edited:
        view.kick_here()
    assert edited.args[0].kick == RateKick(step=1, factor=7.0)
    assert isinstance(SHORT.kick, NoKick)


def test_a_kick_is_marked_and_told(show):
    kicked = trained(replaced(SHORT, kick=BiasKick(step=20, layer=6, size=4.0)))
    view = show(kicked)
    assert [mark.x for mark in view.dead.marks] == [20]
    assert "s = 4 in layer 3, at update 20" in words(view, 60)
    leapt = trained(replaced(SHORT, kick=RateKick(step=20, factor=9.0)))
    assert "m = 9, for update 20 only" in words(show(leapt), 60)


def test_accuracy_and_log_scale(show, run, qtbot):
    view = show(run)
    qtbot.mouseClick(view.bar["log_loss"], Qt.MouseButton.LeftButton)
    assert view.learning.y_axis.log
    qtbot.mouseClick(view.bar["curve"]["accuracy"], Qt.MouseButton.LeftButton)
    assert np.array_equal(columns(view.learning)["accuracy"], run.recording.column("accuracy"))
    assert view.bar["log_loss"].isHidden()
    assert view.options.curve == "accuracy"


def test_the_gradient_check_is_made_on_demand(show, run, qtbot):
    view = show(run, step=5)
    assert all(live.check is None for live in told(view, 5))
    with qtbot.waitSignal(view.live_changed):
        qtbot.mouseClick(view.check.button, Qt.MouseButton.LeftButton)
    assert view.checked.at.step == 5
    assert view.checked.found.passed
    assert "✓" in view.check.badge.text()
    assert [live.check.passed for live in told(view, 5) if live.check] == [True]
    assert all(live.check is None for live in told(view, 6))


def test_clicking_a_curve_goes_to_the_step(show, run, qtbot):
    view = show(run)
    with qtbot.waitSignal(view.step_chosen) as chosen:
        view.dead.clicked.emit(33.2)
    assert chosen.args == [33]


def test_pinned_runs_are_faint_and_named(show, run):
    other = trained(replaced(SHORT, activation="gelu"), 30)
    view = show(run, ghosts=[Ghost(other.config, other.recording, "GELU")])
    panels = (view.dead, view.learning, view.turns)
    faint = [curve for panel in panels for curve in panel.curves if curve.ghost]
    assert [curve.name for curve in faint] == ["GELU", "GELU"]
    assert len(faint[0].x) == 31


@pytest.mark.parametrize(("shape", "theme"), in_turn([(1, 1), (6, 64)]))
def test_every_plot_paints_itself_at_any_size(show, theme, shape):
    runner = trained(replaced(SHORT, layers=shape[0], width=shape[1], steps=3))
    view = show(runner, theme=theme, layer=6, unit=64)
    assert followed(view.at) == (shape[0] - 1, shape[1] - 1)
    for panel in view.panels():
        for size in ((160, 100), (1200, 500)):
            assert not picture(panel, size).isNull()
    assert told(view, 3)
    view.grab()


def test_divergence_is_drawn_without_a_nan(show):
    config = replaced(
        SHORT, activation="leaky_relu", layers=6, optimizer=GradientDescent(learning_rate=1000.0)
    )
    runner = trained(config)
    assert runner.finish is Finish.DIVERGED
    view = show(runner)
    assert "nan" not in words(view, runner.recording.last).lower()
    view.check_gradients()
    assert view.check.badge.text()
    view.grab()


def test_before_the_first_frame_there_is_nothing_to_do(show, qtbot):
    runner = Runner(EXPERIMENT, SHORT)
    view = show(runner)
    view.check_gradients()
    assert not view.deadliest.isEnabled()
    assert not view.death.isEnabled()
    with qtbot.waitSignal(view.edited) as edited:
        view.kick_here()
    assert edited.args[0].kick.step == 1
    view.grab()


def test_the_gradient_of_another_unit_is_told_when_it_is_there(show, run, qtbot):
    view = show(run, step=60)
    engine = EngineThread()
    engine.start()
    view.questions.use(engine)
    old = told(view, 60)[1].numbers
    with engine.held():
        present_step(view, 50)
        assert told(view, 50)[1].numbers == old
        view.set_option(unit=3, layer=1)
        assert told(view, 50)[1].numbers == "…"
    qtbot.waitUntil(lambda: told(view, 50)[1].numbers != "…")
    found = unit_gradient(run.config, run.recording.data, run.recording.snapshot(50)[1], 0, 2)
    assert view.answer("gradient") == ((0, 2), found)
    assert engine.close()


def test_the_view_fits_a_small_window(show, run):
    view = show(run)
    view.resize(640, 540)
    for panel in view.panels():
        assert view.rect().contains(place_in(view, panel))
        assert panel.height() >= 72
    assert len(view.panels()) == 4
    view.resize(640, 400)
    assert view.turns not in view.panels()
    assert view.units.height() > 0.25 * view.height()
    for panel in view.panels():
        assert view.rect().contains(place_in(view, panel))


@pytest.mark.parametrize("activation", ["leaky_relu", "elu", "gelu", "silu", "softplus"])
def test_other_activations_have_their_own_slope_and_word(show, activation):
    runner = trained(replaced(SHORT, activation=activation, steps=3, optimizer=Adam(learning_rate=0.01)))
    latex = "\n".join(live.latex for live in told(show(runner), 3))
    assert r"\max_n z_n" not in latex
    assert "10^{-3}" in latex


def said(show, runner, step):
    return show(runner, step).finding.text


def test_the_sentence_counts_the_dead(show, run):
    deaths = run.recording.column("deaths")
    worst = int(np.flatnonzero(deaths == deaths.max())[0])
    dead = [int(run.recording.snapshot(step)[1].seen.dead.sum()) for step in range(61)]
    assert said(show, run, worst) == (
        f"Update {worst} is the deadliest: it kills {int(deaths.max())} of 30 units; "
        f"dead after it: {dead[worst]}."
    )
    quiet = next(step for step in range(worst + 1, 61) if not deaths[step])
    assert said(show, run, quiet) == (
        f"Dead after update {quiet}: {dead[quiet]} of 30 units. "
        f"Update {worst} alone killed {int(deaths.max())}."
    )
    other = next(step for step in range(worst + 1, 61) if deaths[step])
    assert said(show, run, other) == (
        f"Update {other} kills {int(deaths[other])} of 30 units; dead after it: {dead[other]}."
    )
    assert said(show, run, 0) == f"Dead before the first update: {dead[0]} of 30 units."


def test_the_sentence_says_what_a_dead_layer_leaves(show):
    kick = BiasKick(step=20, layer=2, size=40.0)
    runner = trained(replaced(SHORT, kick=kick, optimizer=Adam(learning_rate=0.01)))
    right = runner.recording.column("accuracy")[40]
    assert said(show, runner, 40) == (
        f"Layer 2 is dead since update 20: one answer for every example, accuracy {right:.4f}."
    )
    view = show(runner)
    assert view.opens_on(view.at) == 20


def test_the_sentence_is_true_of_units_that_never_lived_or_cannot_die(show):
    still = trained(replaced(SHORT, initial_bias=-20.0), 5)
    assert said(show, still, 5).startswith("Layer 1 is dead from the start: one answer for every example")
    leaky = trained(replaced(SHORT, activation="leaky_relu"), 5)
    assert said(show, leaky, 0) == "All 30 units are alive. Which update kills the most of them?"
    assert said(show, leaky, 5) == "No update up to 5 has killed a unit; dead: 0 of 30."
    thrown = trained(
        replaced(SHORT, activation="leaky_relu", layers=6, optimizer=GradientDescent(learning_rate=1000.0))
    )
    last = thrown.recording.last
    assert said(show, thrown, last) == f"Update {last} threw the numbers out of range; dead: 0 of 60 units."
    assert show(leaky).opens_on(show(leaky).at) is None


def test_the_page_rests_at_the_deadliest_update_of_the_first(show):
    runner = trained(replaced(SHORT, steps=400), 60)
    view = show(runner)
    assert view.opens_on(view.at) is None  # too early to tell
    runner.drive(100)
    present(view, runner.config, runner.recording, 100)
    assert view.opens_on(view.at) == int(runner.recording.column("deaths").argmax())
    assert "is the deadliest so far" in said(show, runner, view.opens_on(view.at))
