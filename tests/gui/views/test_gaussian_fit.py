"""The two fits on the screen, driven with the mouse and the keys."""

from functools import partial
from math import exp, log

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from engine.config import replaced
from engine.experiments.entropy.gaussian_fit import EXPERIMENT
from engine.experiments.entropy.gaussian_fit_config import GaussianFitConfig
from engine.optimizers.adam import Adam
from engine.optimizers.descent import GradientDescent
from gui.export.export import picture
from gui.screen.moment import Ghost
from gui.views.entropy.gaussian_fit import GaussianFitView
from tests.gui.themes import in_turn
from tests.gui.views.moments import present, recorded, told

run = partial(recorded, EXPERIMENT)
VIEW, SIZE, BEGIN = GaussianFitView, (680, 600), GaussianFitConfig(steps=80)


def place(panel, x, y):
    plane = panel.axes().plane
    return plane.point(x, y).toPoint()


def drag(qtbot, panel, at, to):
    qtbot.mousePress(panel.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(panel.viewport(), (at + to) / 2)
    qtbot.mouseMove(panel.viewport(), to)
    qtbot.mouseRelease(panel.viewport(), Qt.MouseButton.LeftButton, pos=to)


def ring(view, key):
    return next(one for one in view.densities.handles if one.key == key)


@pytest.mark.parametrize(
    ("key", "to", "changed"),
    [
        ("peak.0", (-3.0, 0.4), {"mean_1": -3.0}),
        ("width.1", (4.0, 0.1), {"width_2": 1.6}),
        ("start", (-1.0, 0.3), {"start_mean": -1.0}),
        ("start_width", (3.0, 0.3), {"start_width": 2.0}),
    ],
)
def test_rings_are_dragged(make, qtbot, key, to, changed):
    view = make()
    edits = []
    view.edited.connect(edits.append)
    one = ring(view, key)
    drag(qtbot, view.densities, place(view.densities, one.x, one.y), place(view.densities, *to))
    for field, value in changed.items():
        assert getattr(edits[-1], field) == pytest.approx(value, abs=0.06)


def test_a_peak_dragged_down_weighs_less(make, qtbot):
    view = make()
    edits = []
    view.edited.connect(edits.append)
    one = ring(view, "peak.0")
    drag(qtbot, view.densities, place(view.densities, one.x, one.y), place(view.densities, one.x, one.y / 2))
    assert edits[-1].fractions == pytest.approx((0.3, 0.7), abs=0.03)
    assert edits[-1].mean_1 == pytest.approx(-2, abs=0.03)


def test_arrow_keys_move_the_chosen_ring(make, qtbot):
    view = make()
    view.densities.setFocus()
    with qtbot.waitSignal(view.edited) as edited:
        qtbot.keyClick(view.densities, Qt.Key.Key_Left)
    assert edited.args[0].mean_1 < -2


def test_axes_stand_still_while_something_is_dragged(make, qtbot):
    view = make()
    before = view.densities.ranges
    view.densities.handle_dragged.emit("width.1", 9.0, 0.1)
    config = replaced(view.at.config, width_2=6.0)
    present(view, config, run(config), 0)
    assert view.densities.ranges == before
    qtbot.waitUntil(lambda: view.densities.ranges != before, timeout=3000)
    assert view.densities.ranges[0][1] > 20


def test_the_start_is_dragged_on_a_map(make, qtbot):
    view = make(below="maps")
    field = view.fields["reverse"]
    edits = []
    view.edited.connect(edits.append)
    at = place(field, view.at.config.start_mean, log(view.at.config.start_width))
    drag(qtbot, field, at, place(field, -1.0, 0.5))
    assert edits[-1].start_mean == pytest.approx(-1, abs=0.1)
    assert edits[-1].start_width == pytest.approx(exp(0.5), rel=0.05)


def test_a_click_on_the_divergences_goes_to_that_step(make, qtbot):
    view = make()
    plane = view.costs.axes().plane
    at = QPointF(float(plane.px(40.0)), plane.rect.center().y()).toPoint()
    with qtbot.waitSignal(view.step_chosen) as chosen:
        qtbot.mouseClick(view.costs.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert abs(chosen.args[0] - 40) <= 1


def test_choosing_the_maps_shows_both_with_their_minima(make, qtbot):
    view = make()
    with qtbot.waitSignal(view.options_changed):
        qtbot.keyClick(view.bar["below"], Qt.Key.Key_Down)
    assert view.panels() == [view.densities, *view.fields.values()]
    assert [panel.isVisible() for panel in view.panels()] == [True] * 3
    assert not view.costs.isVisible()
    assert len(view.fields["forward"].minima) == 1
    assert len(view.fields["reverse"].minima) == 3
    assert len(view.fields["reverse"].paths[0].xy) == 81


def test_the_live_numbers_are_those_of_the_step(make):
    view = make(step=30)
    recording = view.runner.recording
    forward, reverse, matching, minima = told(view, 30)
    assert forward.check.passed
    assert reverse.check.passed
    assert f"{recording.column('forward.kl')[30]:.4g}" in forward.numbers
    assert f"{recording.column('reverse.mean')[30]:.3g}" in reverse.numbers
    assert "−0.2400" in matching.numbers
    assert "2.262" in matching.numbers
    assert minima.numbers.count("nats") == 3


def test_the_minimum_that_is_reached_is_marked(make):
    view = make(GaussianFitConfig())
    recording = view.runner.recording
    minima = told(view, recording.last)[3].numbers.split("\n")
    assert [line.endswith("◂ Q") for line in minima] == [False, True, False]


def test_curves_are_the_densities_and_the_costs_of_the_step(make):
    view = make(step=30)
    recording = view.runner.recording
    curves = {curve.key: curve for curve in view.densities.curves}
    width = exp(recording.column("reverse.log_width")[30])
    assert curves["reverse"].y.max() == pytest.approx(1 / (width * np.sqrt(2 * np.pi)), rel=1e-4)
    areas = {curve.key: np.trapezoid(curve.y, curve.x) for curve in view.integrands.curves}
    assert areas["reverse"] == pytest.approx(recording.column("reverse.kl")[30], abs=0.01)


@pytest.mark.parametrize("below", ["costs", "maps"])
def test_what_is_lost_is_said_and_drawn_without_a_number_that_is_none(make, below):
    wild = GaussianFitConfig(optimizer=GradientDescent(learning_rate=900.0))
    view = make(wild, below=below)
    recording = view.runner.recording
    blocks = told(view, recording.last)
    assert "✗" in blocks[0].numbers
    assert view.densities.curves[-2].name.endswith("✗ step 1")  # where one misses the bell
    assert not any("nan" in block.numbers or "inf" in block.numbers for block in blocks)


@pytest.mark.parametrize(("below", "theme"), in_turn(["costs", "maps"]))
def test_a_picture_with_a_pinned_run(make, theme, below):
    pinned = GaussianFitConfig(steps=40, peaks="3", start_mean=-3.0)
    ghost = Ghost(pinned, run(pinned), "μ₀ = −3")
    view = make(theme=theme, ghosts=(ghost,), below=below)
    for panel in view.panels():
        assert not picture(panel, (400, 300)).isNull()
    if below == "costs":
        assert [curve.ghost for curve in view.costs.curves] == [True, True, False, False]
    else:
        assert [path.ghost for path in view.fields["forward"].paths] == [True, False]


def test_a_pinned_run_in_bits_stands_beside_one_in_nats(make):
    nats = GaussianFitConfig(steps=10)
    bits = replaced(nats, base="2", optimizer=GradientDescent(learning_rate=0.1 * log(2)))
    view = make(nats, ghosts=(Ghost(bits, run(bits), "2 (bits)"),))
    pinned, _, own, _ = (curve.y for curve in view.costs.curves)
    np.testing.assert_allclose(pinned, own, rtol=1e-9)


def test_extreme_settings_are_drawn(make):
    adam = Adam(learning_rate=0.05)
    for config in (
        GaussianFitConfig(steps=5, width_1=0.02, width_2=0.02, mean_1=-20.0, mean_2=20.0),
        GaussianFitConfig(steps=5, weight_1=1.0, weight_2=0.0),
        GaussianFitConfig(steps=5, mean_1=0.0, mean_2=0.0, width_1=10.0, width_2=0.02, start_width=10.0),
    ):
        view = make(replaced(config, optimizer=adam), below="maps")
        assert all(np.isfinite(curve.y).all() for curve in view.densities.curves)
        assert told(view, 5)


def says(view):
    view.catch_up()
    return view.finding.text


def held(config, recording, name, step):
    """The peaks within two standard deviations of a Q, and σ."""
    width = np.exp(recording.column(f"{name}.log_width")[step])
    away = np.abs(np.array(config.means) - recording.column(f"{name}.mean")[step])
    return np.count_nonzero(away / width <= 2), f"{width:.4g}"


def test_the_sentence_tells_which_peaks_each_q_has(make):
    config = GaussianFitConfig()
    view = make(config)
    recording = view.runner.recording
    (many, wide), (few, narrow) = (held(config, recording, name, 250) for name in ("forward", "reverse"))
    assert (many, few) == (2, 1)
    assert says(view) == (f"By KL(P‖Q) Q covers 2 of 2 peaks (σ = {wide}); by KL(Q‖P) 1 (σ = {narrow}).")
    present(view, config, recording, 0)
    assert says(view) == "Both Qs start at μ = 1, σ = 0.6. To which peaks will either divergence lead?"


def test_the_sentence_where_both_have_as_many(make):
    """One peak of all the weight: both Qs become that peak."""
    view = make(GaussianFitConfig(weight_1=1.0, weight_2=0.0, start_mean=-1.0))
    recording = view.runner.recording
    wide, narrow = (held(view.at.config, recording, name, 250)[1] for name in ("forward", "reverse"))
    assert says(view) == (
        f"Either Q covers 1 of 1 peaks: σ = 0.6000 by KL(P‖Q), σ = {narrow.ljust(6, '0')} by KL(Q‖P)."
    )
    assert float(wide) == pytest.approx(0.6, abs=1e-4)


def test_the_sentence_where_a_q_is_lost(make):
    view = make(GaussianFitConfig(start_width=0.02))
    assert says(view).startswith("By KL(P‖Q) Q is lost, its steps were too long; by KL(Q‖P) it covers 1 of 2")
    wild = make(GaussianFitConfig(optimizer=GradientDescent(learning_rate=900.0)))
    assert "lost" in says(wild)


def test_the_densities_are_the_large_plot(make):
    view = make()
    assert view.densities.width() * view.densities.height() > 0.5 * view.width() * view.height()


def test_a_new_page_rests_where_both_qs_have_arrived(make):
    """At that step either σ is within a hundredth of where the run ends."""
    view = make(GaussianFitConfig())
    recording = view.runner.recording
    step = view.opens_on(view.at)
    for name in ("forward", "reverse"):
        widths = recording.column(f"{name}.log_width")
        assert widths[step] == pytest.approx(widths[-1], abs=0.01)
    short = make(GaussianFitConfig(steps=20))
    assert short.opens_on(short.at) is None
