"""The view of sparse features: curves as recorded, features chosen in the plots, numbers of the rule."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.config import replaced
from engine.experiments.optimizers.sparse import EXPERIMENT, SparseConfig, prepare
from engine.optimizers.adaptive import AdaGrad, RMSProp
from engine.runner import Finish
from gui.export.export import picture
from gui.plots.line import CurveLine
from gui.screen.view import Ghost, view_type
from gui.views.optimizers.sparse import RankPoints, SparseView
from gui.views.optimizers.sparse_words import learnt
from tests.gui.plots.conftest import mouse, painted
from tests.gui.themes import in_turn
from tests.gui.views.moments import present_step, ran, told

SHORT = SparseConfig(steps=80)


def finished(**changes):
    return ran(EXPERIMENT, replaced(SHORT, **changes))


@pytest.fixture(scope="module")
def run():
    return finished()


VIEW, SIZE = SparseView, (800, 600)


def words(view, runner, step):
    return "\n".join(f"{live.title}\n{live.numbers}" for live in told(view, step))


def test_the_view_is_found_by_its_name():
    assert view_type("optimizers.sparse") is SparseView


def test_the_sentence_tells_the_best_and_the_worst_with_rare_features(show, run):
    view = show(run)
    view.catch_up()
    names, truth = ("SGD", "Momentum", "AdaGrad", "RMSProp", "Adam"), prepare(SHORT).truth
    shares = {}
    for name, weights in zip(names, run.recording.snapshot(80)[1].weights, strict=True):
        for half, part in (("rare", range(20, 40)), ("common", range(20))):
            left = sum(abs(weights[j] - truth[j]) for j in part) / sum(abs(truth[j]) for j in part)
            shares[name, half] = f"{round(100 * (1 - left))} %"
    best, worst = "AdaGrad", min(("SGD", "Momentum"), key=lambda name: shares[name, "rare"])
    a, b, c, d = (shares[who, half] for half in ("rare", "common") for who in (best, worst))
    assert view.finding.text == (
        f"After step 80 {best} has learned {a} of the weights of rare features, {worst} {b}; "
        f"of the others {c} and {d}."
    )


def test_what_is_learnt_by_hand():
    truth, weights = (
        np.array([2.0, -1.0, 1.0]),
        np.array([[1.0, 0.0, 1.0], [2.0, -1.0, 1.0], [-9.0, 0.0, 0.0]]),
    )
    assert learnt(weights, truth).tolist() == [0.5, 1.0, 0.0]  # off by 2, by 0, by more than all 4


def test_the_sentence_of_other_runs(show, run):
    begin = show(run, step=0).finding.text
    share = prepare(SHORT).held_out[:, 20:].any(axis=1).mean()
    assert begin == (
        "All weights are 0. Who learns the 20 rare features? "
        f"{round(100 * share)} % of the examples have one."
    )
    alone = show(finished(racers=(AdaGrad(learning_rate=2.0),)))
    assert alone.finding.text.startswith("After step 80 AdaGrad has learned ")
    same = show(finished(racers=(AdaGrad(learning_rate=2.0),) * 2))
    assert same.finding.text.startswith("After step 80 all have learned ")


def test_every_feature_is_a_point_and_what_is_given_a_line(show, run):
    view = show(run)
    kinds = {line.curve.key: type(line) for line in view.weights.lines}
    assert kinds == {"truth": CurveLine, **dict.fromkeys("01234", RankPoints)}
    assert {type(line) for line in view.loss.lines} == {CurveLine}


def test_the_legend_shows_the_points_as_they_are_in_the_plot(show, run, monkeypatch):
    view, shown = show(run), []
    monkeypatch.setattr("gui.plots.legend.spot", lambda _p, _t, _at, stroke, _r: shown.append(stroke))
    painted(view.weights)
    lines = {line.curve.key: line.stroke for line in view.weights.lines}
    assert set(shown) == {stroke for key, stroke in lines.items() if key != "truth"}
    shown.clear()
    painted(view.loss)
    assert not shown, "its lines are lines"


def test_losses_are_the_recording_of_the_group_that_is_chosen(show, run, qtbot):
    view = show(run)
    assert np.array_equal(dict(view.loss.table())["AdaGrad"], run.recording.column("2.rare"))
    assert dict(view.loss.table())["true weights"][0] == prepare(SHORT).best["rare"]
    with qtbot.waitSignal(view.options_changed):
        qtbot.keyClick(view.bar["group"], Qt.Key.Key_Down)
    assert np.array_equal(dict(view.loss.table())["AdaGrad"], run.recording.column("2.common"))
    assert "1883 of 2000" in view.loss.title


def test_features_are_those_of_the_step(show, run):
    view = show(run)
    for step in (80, 7, 0):
        present_step(view, step)
        shot, world = run.recording.snapshot(step)[1], prepare(SHORT)
        assert np.array_equal(dict(view.steps.table())["Adam"], shot.steps[4], equal_nan=True)
        assert np.array_equal(dict(view.weights.table())["Adam"], shot.weights[4] * np.sign(world.truth))
        seen = np.nan_to_num(dict(view.often.table())["so far"])
        assert seen == pytest.approx(shot.seen / (8 * max(step, 1)))


def test_a_click_in_a_plot_of_features_chooses_one(show, run, qtbot):
    view = show(run)
    place = view.weights.axes().plane.point(12.2, 1.0)
    with qtbot.waitSignal(view.options_changed) as told:
        mouse(view.weights, "press", place)
        mouse(view.weights, "release", place)
    assert told.args[0].feature == 12
    assert view.bar["feature"].value() == 12
    assert "Feature 12" in words(view, run, 80)


def test_a_feature_and_an_optimizer_are_chosen_with_the_keys(show, run, qtbot):
    view = show(run)
    view.bar["feature"].setFocus()
    with qtbot.waitSignal(view.live_changed):
        qtbot.keyClick(view.bar["feature"], Qt.Key.Key_Up)
    assert view.options.feature == 31
    view.bar["racer"].setFocus()
    with qtbot.waitSignal(view.live_changed):
        qtbot.keyClick(view.bar["racer"], Qt.Key.Key_Down)
    assert view.options.racer == 3
    assert "RMSProp, step 80" in words(view, run, 80)


def test_a_click_in_the_losses_goes_to_the_step(show, run, qtbot):
    view = show(run)
    with qtbot.waitSignal(view.step_chosen) as told:
        view.loss.clicked.emit(33.4)
    assert told.args == [33]


def test_the_numbers_are_those_of_the_feature(show, run):
    view = show(run, feature=30)
    there = next(t for t in range(1, 81) if run.recording.snapshot(t)[1].x[:, 29].any())
    assert "absent from this mini-batch: g is exactly 0" in words(view, run, there - 1)
    assert "no gradient yet → no gradient yet" in words(view, run, there - 1)
    text = words(view, run, there)
    assert "in 1 of 8 examples: g = " in text
    assert "AdaGrad: no gradient yet → 32.00" in text
    assert f"seen in 1 of {8 * there} examples" in text
    checks = [live.check for live in told(view, there) if live.check]
    assert [check.passed for check in checks] == [True]
    assert len(told(view, 0)) == 1


def test_pinned_runs_stand_behind(show, run):
    other = finished(batch=16)
    view = show(run, ghosts=[Ghost(other.config, other.recording, "B (16)")])
    ghosts = [curve for curve in view.loss.curves if curve.ghost]
    assert [curve.name for curve in ghosts] == ["B (16)", "", "", "", ""]
    assert np.array_equal(ghosts[3].y, other.recording.column("3.rare"))


@pytest.mark.parametrize(
    ("changes", "theme"), in_turn([{"features": 4, "batch": 1}, {"features": 200}, {"exponent": 0.0}])
)
def test_every_plot_paints_itself(show, theme, changes):
    runner = finished(steps=5, **changes)
    view = show(runner, theme=theme, group="common", feature=200, racer=7)
    for panel in view.panels():
        for size in ((160, 100), (1200, 500)):
            assert not picture(panel, size).isNull()
    assert "nan" not in words(view, runner, 5).lower()
    assert view.loss.title.startswith("No held-out" if "exponent" in changes else "Held-out loss: ")
    view.grab()


def test_a_run_that_diverged_is_drawn(show):
    rule = RMSProp(learning_rate=1000.0, rho=0.0, centered=True, epsilon=1e-308, momentum=0.5)
    runner = finished(racers=(rule,))
    assert runner.finish is Finish.DIVERGED
    view = show(runner)
    assert "diverged" in view.finding.text
    assert "nan" not in words(view, runner, runner.recording.last).lower()
    view.grab()
