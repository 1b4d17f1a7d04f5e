"""The view of deep networks, driven as a user drives it."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication

from engine.config import replaced
from engine.experiments.gradients.deep_network import EXPERIMENT
from engine.experiments.gradients.deep_network_config import Alone, Beside
from gui.look.language import install
from gui.look.numbers import number_text
from gui.screen.engine_thread import EngineThread
from gui.screen.view import Ghost, view_type
from gui.views.gradients.deep_network import DeepView
from tests.gui.plots.conftest import painted
from tests.gui.themes import in_turn
from tests.gui.views.moments import present, present_step, ran_with, told

finished = partial(ran_with, EXPERIMENT, depth=6, width=8, steps=15)


VIEW = DeepView


def inside(view):
    """What the networks of the step are like."""
    view.catch_up()
    return view.answer("inside")


def said(view):
    """The sentence over the plots."""
    view.catch_up()
    return view.finding.text


def words(view, step):
    return "\n".join(live.numbers for live in told(view, step))


def test_the_view_is_found_by_its_name():
    assert view_type("gradients.deep_network") is DeepView


@pytest.mark.parametrize(
    ("options", "settings", "theme"),
    in_turn(
        [{}, {"inside": "table", "of": "weights"}, {"sizes": "bound", "explained": "b"}],
        [{}, {"beside": Alone(), "normalization": "batch", "residual": True}],
    ),
)
def test_everything_is_drawn(show, theme, options, settings):
    view = show(finished(**settings), 7, theme=theme, **options)
    for panel in view.panels():
        painted(panel)
    assert "nan" not in words(view, 7).lower()
    assert len(told(view, 7)) == 3


def test_the_verdict_names_ratio_and_threshold(show):
    view = show(finished(depth=16), 0)
    assert "vanishing" in said(view)
    assert "vanishing" in words(view, 0)
    assert "0.001" in words(view, 0)


def test_scrubbing_shows_the_networks_as_they_were(show):
    view = show(finished(optimizer={"kind": "adam", "learning_rate": 0.1}), 0)
    start = inside(view).looks["b"].d_activations
    present_step(view, 15)
    assert not np.array_equal(inside(view).looks["b"].d_activations, start)
    curves = {curve.key: curve for curve in view.gradients.curves}
    np.testing.assert_array_equal(curves["b.start"].y, start)
    present_step(view, 0)
    np.testing.assert_array_equal(inside(view).looks["b"].d_activations, start)


def test_a_click_on_a_layer_explains_its_factor(show, qtbot):
    view = show(finished(), 3)
    plane = view.gradients.axes().plane
    place = plane.point(4.0, sum(plane.y) / 2).toPoint()
    qtbot.mouseClick(view.gradients.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert view.options.layer == 3
    assert "from layer 4 to layer 3" in words(view, 3)


def test_a_line_of_the_table_is_chosen_with_the_keys(show, qtbot):
    view = show(finished(), 3, inside="table", layer=5)
    view.factors.setFocus()
    qtbot.keyClick(view.factors, Qt.Key.Key_Down)
    assert view.options.layer == 4


def test_the_bars_change_what_is_shown(show, qtbot):
    view = show(finished(), 3)
    with qtbot.waitSignal(view.options_changed):
        qtbot.keyClick(view.bar["inside"], Qt.Key.Key_Down)
    assert view.factors.isVisible()
    assert not view.chain.isVisible()
    loose = inside(view).chains["a"].product[0]
    qtbot.keyClick(view.bar["sizes"], Qt.Key.Key_Down)
    assert inside(view).chains["a"].product[0] > loose
    qtbot.keyClick(view.bar["explained"], Qt.Key.Key_Down)
    assert "B" in view.activations.title
    before = inside(view).chains["a"].actual[-1]
    qtbot.keyClick(view.bar["example"], Qt.Key.Key_Up)
    assert view.options.example == 1
    assert inside(view).chains["a"].actual[-1] != before
    qtbot.keyClick(view.bar["of"], Qt.Key.Key_Down)
    assert view.gradients.y_axis.label == "‖∂L/∂W‖"


def test_alone_there_is_nothing_to_choose(show):
    view = show(finished(beside=Alone()), 3, explained="b")
    assert view.bar["explained"].isHidden()
    assert set(inside(view).looks) == {"a"}


def test_gradients_are_checked_at_a_press(show, qtbot):
    view = show(finished(initializer="xavier"), 3)
    with qtbot.waitSignal(view.live_changed):
        qtbot.mouseClick(view.check.button, Qt.MouseButton.LeftButton)
    assert "✓" in view.check.badge.text()
    checks = [live.check for live in told(view, 3) if live.check]
    assert [check.passed for check in checks] == [True]
    view.set_option(inside="table")
    assert view.check.badge.text(), "the same gradients, looked at otherwise"
    qtbot.keyClick(view.bar["explained"], Qt.Key.Key_Down)
    assert not view.check.badge.text()
    assert not [live.check for live in told(view, 3) if live.check]


def test_the_check_of_another_network_goes_when_undo_brings_that_network(show, qtbot):
    view = show(finished(initializer="xavier"), 3, explained="b")
    qtbot.mouseClick(view.check.button, Qt.MouseButton.LeftButton)
    assert view.check.badge.text()
    before = replace(view.at, options=replaced(view.options, explained="a"))
    view.show_moment(before)
    assert not view.check.badge.text()
    view.show_moment(replace(before, options=view.options, step=2))
    qtbot.mouseClick(view.check.button, Qt.MouseButton.LeftButton)
    present_step(view, 1)
    assert view.check.badge.toolTip().endswith("step 2"), "another step is no other network"


def test_an_ended_network_says_when(show):
    view = show(finished(activation="relu", spread=100.0, depth=30, width=20), 15)
    assert "ended at step 1" in words(view, 15)
    for panel in view.panels():
        painted(panel)


def test_in_a_low_window_the_plots_have_the_room(show):
    view = show(finished(), 0)
    view.resize(640, 400)
    shown = view.panels()
    assert len(shown) == 4
    assert all(view.rect().contains(QRect(panel.mapTo(view, QPoint(0, 0)), panel.size())) for panel in shown)


def test_layers_are_counted_in_whole_numbers(show):
    view = show(finished(depth=13), 0)
    assert all(label.isdigit() for label in view.gradients.axes().x_ticks.labels)


def test_a_gradient_set_to_0_is_told(show):
    view = show(finished(depth=40, spread=0.01), 2)
    assert "float32" in words(view, 2)


def test_pinned_runs_stand_behind(show):
    runner, pinned = finished(), finished(activation="tanh")
    view = show(runner, 3, ghosts=[Ghost(pinned.config, pinned.recording, "tanh")])
    for panel in (view.gradients, view.loss):
        assert [curve.name for curve in panel.curves if curve.ghost and curve.name] == ["tanh"]


def test_it_speaks_chinese(show, qapp):
    install(qapp, "zh_CN")
    try:
        view = show(finished(depth=16), 0)
        assert "消失" in said(view)
    finally:
        install(qapp, "en")


def test_the_engines_thread_looks_inside_and_the_old_picture_stands_meanwhile(show, qtbot):
    first, other = finished(), finished(depth=9)
    view = show(first, 3)
    verdict, layers = said(view), len(view.gradients.curves[-1].y)
    engine = EngineThread()
    engine.start()
    view.questions.use(engine)
    with engine.held():
        present(view, other.config, other.recording, 15)
        assert told(view, 15) is None
        QApplication.processEvents()
        assert (view.finding.text, len(view.gradients.curves[-1].y)) == (verdict, layers)
    qtbot.waitUntil(lambda: view.answer("inside") is not None)
    qtbot.waitUntil(lambda: not view.questions.waits())
    assert len(view.gradients.curves[-1].y) == 9
    assert said(view) != verdict
    assert len(told(view, 15)) == 3
    assert engine.close()


def test_the_sentence_holds_the_first_layer_against_the_last(show):
    runner = finished()
    view = show(runner, 15)
    looks = inside(view).looks
    ratio = {which: looks[which].d_activations[0] / looks[which].d_activations[-1] for which in "ab"}
    loss = {which: runner.recording.column(f"{which}.loss")[15] for which in "ab"}
    a, b = (number_text(ratio[which]).strip() for which in "ab")
    assert view.finding.text.startswith(f"The first layer's gradient is {a} times the last one's in A (")
    assert f", {b} times in B (" in view.finding.text
    assert view.finding.text.endswith(f"Loss: {loss['a']:.4f} and {loss['b']:.4f}.")
    alone = show(finished(beside=Alone()), 15)
    assert " in A" not in alone.finding.text
    for page in (view, alone):  # before the first batch there is no loss to tell
        present_step(page, 0)
        page.catch_up()
        assert "Loss" not in page.finding.text
        assert page.finding.text.endswith(").")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, " · A: Sigmoid, σ = 0.1 · B: ReLU, He"),
        ({"beside": Alone()}, ""),
        ({"beside": Beside(activation="sigmoid", initializer="given")}, ""),
        (
            {"beside": Beside(activation="sigmoid", initializer="given", residual=True, gain=2.0)},
            " · A: gain 1 · B: gain 2, Residual links",
        ),
        (
            {"activation": "relu", "initializer": "he", "beside": Beside(normalization="batch")},
            " · A: – · B: Batch normalisation",
        ),
    ],
)
def test_the_networks_are_told_apart_over_the_gradients(show, settings, told):
    view = show(finished(**settings), 3)
    view.catch_up()
    assert view.gradients.title == "Gradients" + told


def test_the_sentence_of_a_network_without_numbers_has_dashes(show):
    view = show(finished(activation="relu", spread=100.0, depth=30, width=20), 15)
    assert "nan" not in said(view)
    assert "∞" not in said(view)
    assert "– times the last one's in A (infinite)" in said(view)


def test_the_page_rests_where_a_network_has_learned(show):
    runner = finished(data="circles", steps=80, optimizer={"kind": "adam", "learning_rate": 0.01})
    view = show(runner, 0)
    held = runner.recording.column("b.held_out")
    low = [step for step, loss in enumerate(held) if loss <= held[0] / 10]
    assert view.opens_on(view.at) == low[0] > 0
    early = show(finished(), 3)
    assert early.opens_on(early.at) is None
