"""Everything can be taken back: the real window, with the mouse and the keys."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.config import replaced
from engine.information.shaped_distribution import Distribution


@pytest.fixture
def window(make, qtbot):
    window = make()
    window.activateWindow()
    settled(window, qtbot)
    return window


def settled(window, qtbot):
    """Wait until what is shown is the run of what is set, and a moment has passed."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # what was left, as between events
    window.on_screen.tick(0.0)
    qtbot.waitUntil(lambda: window.playback.shown is window.playback.runner and not window.playback._edited)
    window.clock.tick()
    qtbot.waitUntil(lambda: not window.on_screen.view.questions.waits())


def undo(window, qtbot):
    press(window, qtbot, Qt.KeyboardModifier.ControlModifier)


def redo(window, qtbot):
    press(window, qtbot, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def press(window, qtbot, keys):
    """Press Z with other keys, where the focus is; a menu bar that was made anew is there first."""
    qtbot.waitUntil(window.menuBar().isVisible)
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Z, keys)
    settled(window, qtbot)


def drag(widget, places):
    """Press at the first place, move over all others, let go at the last."""
    first, *others = places
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=first)
    for place in others:
        QTest.mouseMove(widget, place)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=others[-1])


def wheel(widget, place):
    """Turn the wheel by one notch, away from the user."""
    there = QPointF(place)
    event = QWheelEvent(
        there,
        widget.mapToGlobal(there),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


@pytest.mark.opens_on("optimizers.race")
def test_a_drag_of_a_handle_is_one_step(window, qtbot):
    field = window.on_screen.view.field
    start = window.playback.config.start
    plane = field.axes().plane
    here, there = plane.point(*start).toPoint(), plane.point(0.5, 2.0).toPoint()
    middle = (here + there) / 2
    QTest.mousePress(field.viewport(), Qt.MouseButton.LeftButton, pos=here)
    for place in (middle, there):
        QTest.mouseMove(field.viewport(), place)
        settled(window, qtbot)
    QTest.mouseRelease(field.viewport(), Qt.MouseButton.LeftButton, pos=there)
    moved = window.playback.config.start
    assert moved == pytest.approx((0.5, 2.0), abs=0.1)
    assert window.history.stack.count() == 1
    assert window.undo_actions.undo.text().startswith("Undo: Start (")
    undo(window, qtbot)
    assert window.playback.config.start == start
    assert window.on_screen.form.config.start == start
    assert not window.undo_actions.undo.isEnabled()
    redo(window, qtbot)
    assert window.playback.config.start == moved


@pytest.mark.opens_on("optimizers.race")
def test_the_best_rates_of_all_racers_are_one_step(window, qtbot):
    view, before = window.on_screen.view, window.playback.config.racers
    view.set_option(layout="rates")
    qtbot.waitUntil(lambda: view.answer("rates") is not None)
    qtbot.waitUntil(view.tune.isEnabled)
    count = window.history.stack.count()
    QTest.mouseClick(view.tune, Qt.MouseButton.LeftButton)
    settled(window, qtbot)
    tuned = window.playback.config.racers
    assert sum(one != other for one, other in zip(before, tuned, strict=True)) > 1
    assert window.history.stack.count() == count + 1
    undo(window, qtbot)
    assert window.playback.config.racers == before
    redo(window, qtbot)
    assert window.playback.config.racers == tuned


@pytest.mark.opens_on("optimizers.race")
def test_what_is_typed_in_a_box_is_one_step_and_named(window, qtbot):
    box = window.on_screen.form.editor("steps").box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "250")
    QTest.keyClick(box, Qt.Key.Key_Return)
    settled(window, qtbot)
    assert window.playback.config.steps == 250
    assert window.undo_actions.undo.text() == "Undo: Steps 500 → 250"
    undo(window, qtbot)
    assert window.playback.config.steps == 500
    assert box.text() == "500"


@pytest.mark.opens_on("optimizers.race")
def test_racers_come_back(window, qtbot):
    before = window.playback.config
    cards = window.on_screen.form.editor("racers").cards
    title = cards[0].racer.title
    QTest.mouseClick(cards[0].remove, Qt.MouseButton.LeftButton)
    settled(window, qtbot)
    assert len(window.playback.config.racers) == len(before.racers) - 1
    assert window.undo_actions.undo.text() == f"Undo: Remove {title}"
    undo(window, qtbot)
    assert window.playback.config == before


@pytest.mark.opens_on("optimizers.race")
def test_an_option_of_the_view_comes_back(window, qtbot):
    bar = window.on_screen.view.bar
    combo = bar["layout"]
    before = window.on_screen.view.options
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    settled(window, qtbot)
    changed = window.on_screen.view.options
    assert changed != before
    undo(window, qtbot)
    assert window.on_screen.view.options == before
    redo(window, qtbot)
    assert window.on_screen.view.options == changed


def test_a_pin_comes_and_goes(window, qtbot):
    QTest.mouseClick(window.on_screen.transport.pin, Qt.MouseButton.LeftButton)
    settled(window, qtbot)
    runner = window.playback.pins[0].runner
    undo(window, qtbot)
    assert window.playback.pins == []
    redo(window, qtbot)
    assert window.playback.pins[0].runner is runner
    window.playback.unpin()
    settled(window, qtbot)
    undo(window, qtbot)
    assert [pin.config for pin in window.playback.pins] == [window.playback.config]


@pytest.mark.opens_on("optimizers.race")
def test_nothing_is_taken_back_while_something_is_held(window, qtbot):
    window.on_screen.form.editor("steps").changed.emit(77)
    settled(window, qtbot)
    field = window.on_screen.view.field
    QTest.mousePress(field.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    window.undo()
    assert window.playback.config.steps == 77
    QTest.mouseRelease(field.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    window.undo()
    assert window.history.stack.undoText() == "" or window.playback.config.steps == 500


@pytest.mark.opens_on("optimizers.race")
def test_ctrl_z_in_a_box_first_takes_back_what_is_not_a_setting_yet(window, qtbot):
    box = window.on_screen.form.editor("steps").box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "9")
    assert box.text() == "9"
    undo(window, qtbot)
    assert box.text() == "500"
    box.selectAll()
    QTest.keyClicks(box, "many")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert window.on_screen.form.editor("steps").error
    undo(window, qtbot)
    assert (box.text(), window.on_screen.form.editor("steps").error) == ("500", "")
    assert window.history.stack.count() == 0


@pytest.mark.opens_on("optimizers.race")
def test_two_drags_of_one_slider_are_two_steps(window, qtbot):
    slider = window.on_screen.form.editor("racers").cards[0].parts[0].editors["learning_rate"].slider
    y = slider.height() // 2
    here = QPoint(round(slider.width() * slider.value() / slider.maximum()), y)
    rates = []
    for way in ((here, QPoint(60, y), QPoint(70, y)), (QPoint(70, y), QPoint(80, y), QPoint(90, y))):
        drag(slider, way)
        settled(window, qtbot)
        rates.append(window.playback.config.racers[0].learning_rate)
    assert window.history.stack.count() == 2
    assert window.undo_actions.undo.text().startswith("Undo: Gradient descent: Learning rate ")
    undo(window, qtbot)
    assert window.playback.config.racers[0].learning_rate == rates[0] != rates[1]


@pytest.mark.opens_on("optimizers.race")
def test_a_way_to_and_fro_is_no_step(window, qtbot):
    field = window.on_screen.view.field
    plane = field.axes().plane
    here, there = (plane.point(*p).toPoint() for p in (window.playback.config.start, (0.5, 2.0)))
    before = window.playback.config
    QTest.mousePress(field.viewport(), Qt.MouseButton.LeftButton, pos=here)
    QTest.mouseMove(field.viewport(), there)
    assert window.history.stack.count() == 1
    window.playback.edit(before)
    window.clock.tick()
    assert window.history.stack.count() == 0
    QTest.mouseRelease(field.viewport(), Qt.MouseButton.LeftButton, pos=there)


def test_default_settings_and_a_new_seed_are_steps(window, qtbot):
    window.show_experiment("losses.classifier")
    settled(window, qtbot)
    fresh = window.playback.config
    QTest.mouseClick(window.on_screen.transport.seed, Qt.MouseButton.LeftButton)
    settled(window, qtbot)
    seeded = window.playback.config
    assert seeded.seed != fresh.seed
    assert window.undo_actions.undo.text().startswith("Undo: Seed ")
    window.playback.edit(replaced(seeded, batch_size=3))
    settled(window, qtbot)
    window.set_defaults()
    settled(window, qtbot)
    assert window.playback.config == fresh
    assert window.undo_actions.undo.text() == "Undo: Default settings"
    undo(window, qtbot)
    undo(window, qtbot)
    assert window.playback.config == seeded
    undo(window, qtbot)
    assert window.playback.config == fresh


@pytest.mark.opens_on("optimizers.race")
def test_keys_that_follow_each_other_are_one_step_and_after_the_focus_was_elsewhere_another(window, qtbot):
    steps, noise = (window.on_screen.form.editor(name).box for name in ("steps", "tolerance"))
    steps.setFocus()
    for _ in range(3):
        QTest.keyClick(steps, Qt.Key.Key_Up)
        window.clock.tick()
    assert window.history.stack.count() == 1
    noise.setFocus()
    steps.setFocus()
    QTest.keyClick(steps, Qt.Key.Key_Up)
    window.clock.tick()
    assert window.history.stack.count() == 2
    undo(window, qtbot)
    undo(window, qtbot)
    assert window.playback.config.steps == 500


@pytest.mark.opens_on("optimizers.race")
def test_after_a_pause_a_key_begins_another_step(window, qtbot, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("gui.app.undo.perf_counter", lambda: now[0])
    box = window.on_screen.form.editor("steps").box
    box.setFocus()
    counts = []
    for pause in (0.0, 0.9, 1.1):
        now[0] += pause
        QTest.keyClick(box, Qt.Key.Key_Up)
        window.clock.tick()
        counts.append(window.history.stack.count())
    assert counts == [1, 1, 2]


@pytest.mark.opens_on("optimizers.race")
def test_what_the_wheel_turns_in_one_go_is_one_step(window, qtbot):
    box = window.on_screen.form.editor("steps").box
    box.setFocus()
    for _ in range(3):
        wheel(box, box.rect().center())
        window.clock.tick()
    assert window.playback.config.steps > 500
    assert window.history.stack.count() == 1
    undo(window, qtbot)
    assert window.playback.config.steps == 500


def test_an_axis_that_grew_with_a_change_is_as_before_when_it_is_taken_back(window, qtbot):
    window.show_experiment("entropy.two_distributions")
    settled(window, qtbot)
    for q in ((0.9, 0.1), (0.98, 0.02)):  # H(P, Q) = 1.737 and 2.836 bits
        coin = {"p": Distribution(values=(0.5, 0.5)), "q": Distribution(values=q)}
        window.playback.edit(replaced(window.playback.config, **coin))
        settled(window, qtbot)
    sums = window.on_screen.view.stacks
    assert sums.home[1] == pytest.approx((0.0, 3.5))  # with a tenth above, in halves
    undo(window, qtbot)
    assert sums.home[1] == pytest.approx((0.0, 2.0))  # in quarters


def test_what_is_chosen_once_more_is_no_step(window, qtbot):
    window.show_experiment("lstm.cell")
    settled(window, qtbot)
    before, view = window.history.stack.count(), window.on_screen.view
    QTest.mouseClick(view.diagram.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(4, 40))  # beside
    settled(window, qtbot)
    assert window.history.stack.count() == before
    view.set_option(phase="delete")
    window.history.note(window.playback)
    view.set_option(phase="all")
    window.history.note(window.playback)  # at one stroke: there and back again
    assert window.history.stack.count() == before
