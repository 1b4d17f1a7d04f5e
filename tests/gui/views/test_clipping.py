"""The view of exploding gradients, driven as a user drives it."""

from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.experiments.gradients.clipping import EXPERIMENT, checked_step
from engine.optimizers.schedules import InverseTimeDecay
from gui.screen.view import Ghost, view_type
from gui.views.gradients.clipping import ClippingView, place_of, show_arrows
from tests.gui.plots.conftest import mouse, painted
from tests.gui.themes import in_turn
from tests.gui.views.moments import moment, present, ran_with, told

finished = partial(ran_with, EXPERIMENT)


VIEW = ClippingView


def test_the_view_is_found_by_its_name():
    assert view_type("gradients.clipping") is ClippingView


@pytest.mark.parametrize(
    ("scene", "of", "theme"), in_turn(["cliff", "unit", "net"], ["none", "norm", "value"])
)
def test_every_scene_is_drawn(show, theme, scene, of):
    runner = finished(scene=scene, steps=20)
    view = show(runner, 7, theme=theme, of=of)
    for panel in view.panels():
        painted(panel)
    assert view.field.isHidden() == (scene == "net")
    assert len(view.loss.curves) == 3
    text = "\n".join(live.numbers for live in told(view, 7))
    assert "nan" not in text.lower()


def test_the_paths_end_at_the_playhead(show):
    runner = finished()
    view = show(runner, 8)
    path = next(path for path in view.field.paths if path.key == "norm")
    assert path.xy[-1].tolist() == [
        runner.recording.column("norm.x")[8],
        runner.recording.column("norm.y")[8],
    ]
    assert len(view.field.arrows) == 3


def test_the_button_goes_to_the_steepest_step(show, qtbot):
    runner = finished()
    view = show(runner, 0)
    with qtbot.waitSignal(view.step_chosen) as told:
        qtbot.mouseClick(view.steepest, Qt.MouseButton.LeftButton)
    assert told.args[0] == int(np.nanargmax(runner.recording.column("norm.norm")))


def test_the_start_is_dragged(show, qtbot):
    view = show(finished(), 0)
    place = view.field.axes().plane.point
    mouse(view.field, "press", place(4.6, -2.8))
    with qtbot.waitSignal(view.edited) as told:
        mouse(view.field, "move", place(5.5, -2.0))
    mouse(view.field, "release", place(5.5, -2.0))
    assert told.args[0].unit_start == pytest.approx((5.5, -2.0), abs=0.02)


def test_another_way_is_chosen(show, qtbot):
    runner = finished()
    view = show(runner, 12)
    before = view.answer("step")[0].norm
    with qtbot.waitSignal(view.options_changed):
        qtbot.keyClick(view.bar["of"], Qt.Key.Key_Up)
    assert view.options.of == "none"
    assert view.answer("step")[0].norm != before
    assert view.answer("step")[0].norm == pytest.approx(runner.recording.column("none.norm")[12])


def test_a_way_that_has_ended_says_when(show):
    runner = finished(scene="net", learning_rate=0.2, threshold=1.0, steps=80)
    view = show(runner, 80, of="none")
    ended = runner.recording.snapshot(80)[1].ended[0]
    assert str(ended) in told(view)[0].numbers
    assert not view.profile.curves
    present(view, runner.config, runner.recording, 3)
    assert view.profile.curves


def test_the_badge_is_green_and_pinned_runs_stand_behind(show):
    runner, pinned = finished(), finished(threshold=2.0)
    view = show(runner, 3, ghosts=[Ghost(pinned.config, pinned.recording, "c 2")])
    assert [live.check.passed for live in told(view, 3) if live.check] == [True]
    assert [curve.name for curve in view.loss.curves if curve.ghost and curve.name] == ["c 2"]


def test_a_gradient_that_is_not_cut_is_not_turned_by_a_rounding(show):
    runner = finished()
    same = show(runner, 150).answer("step")[0]
    assert same.norm < runner.config.threshold
    assert same.turned == 0.0
    steep = show(runner, int(np.nanargmax(runner.recording.column("norm.norm")))).answer("step")[0]
    g = steep.gradient
    cut = np.clip(g, -runner.config.threshold, runner.config.threshold)
    degrees = abs(np.degrees(np.arctan2(g[1], g[0]) - np.arctan2(cut[1], cut[0])))
    assert steep.turned == pytest.approx(degrees)


def test_the_single_step_says_whether_it_is_cut(show):
    runner = finished()  # c = 0.5
    norms = runner.recording.column("norm.norm")
    for step in (int(np.nanargmax(norms)), 150):
        view = show(runner, step)
        cut = norms[step] > 0.5
        assert view.profile.title == "Along the gradient: " + (
            "clipped and unclipped" if cut else "not clipped here"
        )
        assert len(view.profile.marks) == (3 if cut else 2)


def test_a_step_of_a_net_is_not_drawn_in_the_plane_that_comes_after_it(show):
    view = show(finished(scene="net", steps=3), 1)
    plane = finished(steps=3)
    present(view, plane.config, plane.recording, 1)
    assert len(view.field.arrows) == 3
    net = finished(scene="net", steps=3)
    at = moment(view, net.config, net.recording, 1)
    show_arrows(view.field, at, checked_step(net.config, *place_of(at)))
    assert not view.field.arrows


def said(show, runner, step):
    return show(runner, step).finding.text


def test_the_sentence_tells_how_far_a_step_goes_cut_and_uncut(show):
    runner = finished()  # η = 0.5, c = 0.5: clipped by norm, a step is at most 0.25 long
    norms, losses = runner.recording.column("none.norm"), runner.recording.column("none.loss")
    step = int(np.nanargmax(norms))
    assert said(show, runner, step) == (
        f"The unclipped gradient has norm {norms[step]:.2f}: the next step moves by {norms[step] / 2:.2f}; "
        "clipped by norm it would move by 0.2500."
    )
    view = show(runner, 0)
    assert view.opens_on(view.at) == step  # the step on show is the one that throws
    walked = np.hypot(*(np.diff(runner.recording.column(f"none.{axis}")) for axis in "xy"))
    after = said(show, runner, step + 5)
    assert after.startswith(f"Unclipped, step {step + 1} moved by {walked[step]:.2f}: the loss is now ")
    assert f"{losses[step + 5]:.4f}" in after
    assert "Clipped by norm, with steps of 0.2500 at most, it is" in after


def test_the_sentence_has_the_rate_of_the_step(show):
    runner = finished(schedule=InverseTimeDecay(decay_rate=1.0))  # step t has η = ½/t
    norms = runner.recording.column("none.norm")
    first = int(np.flatnonzero(norms > 0.5)[0])
    assert said(show, runner, first) == (
        f"The unclipped gradient has norm {norms[first]:.4g}: the next step moves by "
        f"{norms[first] / 2 / (first + 1):.4g}; clipped by norm it would move by {0.25 / (first + 1):.4g}."
    )
    moved = np.where(norms[:150] > 0.5, norms[:150] / 2 / np.arange(1, 151), 0.0)
    step = int(moved.argmax())
    assert said(show, runner, 150).startswith(f"Unclipped, step {step + 1} moved by {moved[step]:.4g}: ")
    assert "with steps of 0.2500 at most" in said(show, runner, 150)
    assert moved[step] / norms[step] < 0.1  # far shorter than the first steps might have been


@pytest.mark.parametrize("scene", ["cliff", "unit", "net"])
def test_the_sentence_is_true_where_nothing_is_cut(show, scene):
    runner = finished(scene=scene, steps=20, threshold=1e6, learning_rate=1e-3)
    assert said(show, runner, 0).startswith("Three runs start at one place")
    assert said(show, runner, 20) == (
        "Up to step 20 no gradient was longer than c = 10⁶: the three runs are the same."
    )


def test_the_sentence_tells_when_the_unclipped_way_left_the_numbers(show):
    runner = finished(scene="cliff", learning_rate=100.0, steps=60)
    ended = int(np.flatnonzero(np.isnan(runner.recording.column("none.loss")))[0])
    assert said(show, runner, 60).startswith(f"Unclipped, the loss diverged at step {ended};")
    assert "nan" not in said(show, runner, 60)


def test_of_a_net_the_gradient_norm_is_the_large_plot(show):
    view = show(finished(scene="net", steps=20), 7)
    assert view.middle.hero.isAncestorOf(view.norm)
    assert view.norm.width() * view.norm.height() > 2 * view.loss.width() * view.loss.height()
    plane = finished()
    present(view, plane.config, plane.recording, 7)
    assert view.middle.others.isAncestorOf(view.norm)
    assert view.middle.hero.isAncestorOf(view.field)
    assert view.field.isVisible()
    assert view.norm.isVisible()
