"""The editor of a schedule: chosen, typed, dragged on its curve, and taken back, by mouse and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from engine.config import replaced
from engine.experiments import EXPERIMENTS
from engine.optimizers.adam import Adam
from engine.optimizers.descent import GradientDescent, Momentum
from engine.optimizers.schedules import (
    ConstantRate,
    CosineDecay,
    CosineRestarts,
    ExponentialDecay,
    InverseRootDecay,
    InverseTimeDecay,
    LinearDecay,
    StepDecay,
)
from gui.form.form import Form
from gui.form.schedule_curve import SHAPE, WARM_UP, dragged, grip_of
from gui.look.theme import LIGHT
from gui.plots.target import spot_of
from tests.gui.bench import Desk, drag, keys, typed, unfold, wheel


def with_schedule(schedule):
    """The settings of *Mini-batches*, 150 steps, with a schedule."""
    config = EXPERIMENTS["optimizers.batches"].config_type()
    return replaced(config, optimizer=GradientDescent(learning_rate=1.0, schedule=schedule))


@pytest.fixture
def form(qtbot):
    """Make a form, on the screen, with all of it unfolded."""

    def make(config):
        made = Form(config, LIGHT)
        qtbot.addWidget(made)
        made.resize(260, 1400)
        with qtbot.waitExposed(made):
            made.show()
        unfold(made)
        return made

    return make


def ring(curve, key):
    """Where a ring is, in pixels."""
    return spot_of(curve.axes(), next(one for one in curve.handles if one.key == key)).toPoint()


def place(curve, t, psi):
    """Where a point of the curve is, in pixels."""
    axes = curve.axes()
    return QPointF(*(float(x) for x in (axes.plane.px(t), axes.plane.py(psi)))).toPoint()


def test_a_schedule_is_chosen_dragged_and_taken_back(on_screen):
    screen = on_screen("optimizers.batches", notes=False)
    desk = Desk(screen)
    before = screen.playback.config
    unfold(screen.form)
    editor = screen.form.found("optimizer.schedule")
    assert editor.curve is None, "of a constant learning rate there is no curve"
    keys(*["Down"] * 6)(editor.kind)
    chosen = screen.playback.config.optimizer.schedule
    assert chosen == CosineDecay(total_steps=150), "it ends with the run"
    assert editor.curve.isVisible()
    assert place(editor.curve, 151, 0.0) == ring(editor.curve, SHAPE), "after the last step it is at its end"
    assert editor.curve.ranges[0] == pytest.approx((1, 151)), "so that the ring is seen, and no arrow to it"
    (line,) = editor.curve.curves
    assert (line.x[0], line.x[-1], line.y[0]) == (1, 150, 1.0)
    assert line.y[75] == pytest.approx(0.5, abs=0.02)
    unfold(screen.form)
    screen.form.ensureWidgetVisible(editor.curve)
    drag(
        editor.curve.viewport(),
        [ring(editor.curve, SHAPE), place(editor.curve, 120, 0.2), place(editor.curve, 101, 0.4)],
    )
    assert not editor.curve.readout, "under the mouse nothing covers the ring that was dropped"
    schedule = screen.playback.config.optimizer.schedule
    assert schedule.total_steps == pytest.approx(100, abs=4)
    assert schedule.end_factor == pytest.approx(0.4, abs=0.05)
    assert ring(editor.curve, SHAPE) == place(editor.curve, schedule.total_steps + 1, schedule.end_factor)
    typed("30")(screen.form.found("optimizer.schedule.warmup_steps").box)
    assert screen.playback.config.optimizer.schedule == replaced(schedule, warmup_steps=30)
    assert editor.curve.handles[0].x == 31
    desk.rest()
    desk.undo_all()
    assert screen.playback.config == before
    screen.form.set_config(screen.playback.config)
    assert not editor.curve.isVisible()


def test_the_keys_move_the_rings_and_the_wheel_moves_the_form(form):
    made = form(with_schedule(LinearDecay(total_steps=100)))
    curve = made.found("optimizer.schedule").curve
    curve.setFocus()
    assert curve.grip == WARM_UP
    QTest.keyClick(curve, Qt.Key.Key_Right)
    warm = made.config.optimizer.schedule.warmup_steps
    assert warm > 0
    QTest.keyClick(curve, Qt.Key.Key_Tab)
    assert curve.grip == SHAPE
    QTest.keyClick(curve, Qt.Key.Key_Up)
    assert made.config.optimizer.schedule.end_factor > 0
    assert made.config.optimizer.schedule.warmup_steps == warm
    seen = curve.ranges
    wheel(curve.viewport())
    assert curve.ranges == seen
    assert "ψ from" in curve.description()
    assert curve.accessibleName()


def test_a_kind_is_chosen_with_the_warm_up_of_the_one_before_and_in_parts_of_the_run(form):
    made = form(with_schedule(ConstantRate(warmup_steps=10)))
    editor = made.found("optimizer.schedule")
    assert editor.fresh(CosineDecay) == CosineDecay(total_steps=140, warmup_steps=10)
    assert editor.fresh(StepDecay) == StepDecay(step_size=35, warmup_steps=10)
    assert editor.fresh(CosineRestarts) == CosineRestarts(first_period=20, warmup_steps=10)
    assert editor.fresh(ExponentialDecay) == ExponentialDecay(warmup_steps=10)


def test_the_curve_is_as_long_as_the_run_in_every_form(form):
    race = EXPERIMENTS["optimizers.race"].config_type()
    made = form(replaced(race, racers=(Momentum(schedule=LinearDecay()),), steps=80))
    curve = made.found("racers.0.schedule").curve
    assert curve.curves[0].x[-1] == 80
    made.set_config(replaced(made.config, steps=40))
    assert curve.curves[0].x[-1] == 40
    classifier = EXPERIMENTS["losses.classifier"].config_type()
    images = form(replaced(classifier, optimizer=Adam(schedule=LinearDecay())))
    editor = images.found("optimizer.schedule")
    assert editor.curve.curves[0].x[-1] == 320, "20 epochs of 504 images in batches of 32"
    assert editor.fresh(CosineDecay).total_steps == 320
    images.set_config(replaced(images.config, epochs=40))
    assert editor.curve.curves[0].x[-1] == 640
    batches = form(with_schedule(ExponentialDecay()))
    batches.set_config(replaced(batches.config, steps=1000))
    assert batches.found("optimizer.schedule").curve.curves[0].x[-1] == 1000


@pytest.mark.parametrize(
    ("schedule", "psi", "after"),
    [  # the ring is at step 11, where k = 10: ψ there is as dragged
        (ExponentialDecay(gamma=0.9), 0.5**10, ExponentialDecay(gamma=0.6310)),  # no lower than 0.01
        (ExponentialDecay(gamma=0.9), 0.1, ExponentialDecay(gamma=0.7943)),
        (InverseTimeDecay(), 0.5, InverseTimeDecay(decay_rate=0.1)),
        (InverseRootDecay(), 0.5, InverseRootDecay(decay_rate=0.3)),
        (LinearDecay(), 0.25, LinearDecay(total_steps=10, end_factor=0.25)),
        (CosineDecay(), 0.25, CosineDecay(total_steps=10, end_factor=0.25)),
        (CosineRestarts(), 0.0, CosineRestarts(first_period=10)),
        (StepDecay(), 0.2, StepDecay(step_size=10, gamma=0.2)),
    ],
)
def test_what_a_dragged_ring_sets(schedule, psi, after):
    assert dragged(schedule, 11, SHAPE, 11, psi) == after
    assert dragged(schedule, 11, WARM_UP, 5, 0.3) == replaced(schedule, warmup_steps=4)
    assert dragged(schedule, 11, WARM_UP, 0, 0.3) == schedule
    again = grip_of(after, 11)
    assert (again.t, again.psi) == pytest.approx((11, max(psi, 0.01 if again.free == "y" else 0)), rel=1e-3)


@pytest.mark.parametrize("psi", [0.02, 0.1, 0.5, 0.98])
@pytest.mark.parametrize("steps", [100, 20_000, 1_000_000])
def test_in_a_long_run_too_the_curve_goes_through_the_ring(steps, psi):
    """γ was rounded to four digits: in a run of 100,000 steps to 1, which changes nothing."""
    for schedule in (ExponentialDecay(), InverseTimeDecay(), InverseRootDecay()):
        shaped = dragged(schedule, steps // 2, SHAPE, steps // 2, psi)
        assert shaped.factor(steps // 2) == pytest.approx(psi, rel=1e-3)


def test_a_ring_at_the_end_of_its_settings_stays_within_them():
    assert dragged(StepDecay(), 5, SHAPE, 1, 0.0).step_size == 1
    assert 0 < dragged(StepDecay(), 5, SHAPE, 1, 0.0).gamma < 0.01
    assert 0 < dragged(InverseTimeDecay(), 5, SHAPE, 5, 1.0).decay_rate < 0.02
    assert np.isfinite(grip_of(InverseTimeDecay(warmup_steps=50), 5).psi)
    assert grip_of(ConstantRate(warmup_steps=3), 5) is None


def test_beside_a_plain_learning_rate_a_schedule_is_as_long_as_the_run(form):
    for name in (
        "losses.neuron",
        "losses.softmax",
        "losses.likelihood",
        "gradients.clipping",
        "gradients.mistakes",
        "optimizers.newton",
    ):
        made = form(EXPERIMENTS[name].config_type())
        editor = made.found("schedule")
        assert editor.curve is None
        keys(*["Down"] * 6)(editor.kind)
        assert made.config.schedule == CosineDecay(total_steps=made.config.steps), name
        assert editor.curve.isVisible()
        assert editor.curve.curves[0].x[-1] == made.config.steps
    made.set_config(replaced(made.config, scene="cost"))
    assert not editor.isVisible(), "many unknowns are not descended to"


def test_a_schedule_that_is_folded_away_is_named_on_the_fold(form):
    made = form(with_schedule(InverseTimeDecay()))
    fold = made.found("optimizer").rows.more
    assert fold.text() == "More: 1/t"
    made.set_config(with_schedule(ConstantRate(warmup_steps=5)))
    assert fold.text() == "More: Warm-up steps"
    made.set_config(with_schedule(ConstantRate()))
    assert fold.text() == "More"
