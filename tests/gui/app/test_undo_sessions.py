"""New, files, examples and what one experiment sends to another can be taken back, like every edit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.config import replaced
from engine.experiments import EXPERIMENTS
from engine.session import Look, Session, save
from gui.app.documents import EXAMPLES
from gui.app.undo import LIMIT, History, same
from gui.look.messages import Button
from gui.screen.engine_thread import EngineThread
from gui.screen.playback import Playback
from tests.gui.app.test_undo import redo, settled, undo, window  # noqa: F401

ZIG_ZAG = EXAMPLES / "zig-zag-in-a-narrow-valley.nabla.json"


@pytest.fixture
def discard(answer):
    """Whoever is asked throws the changes away."""
    answer(Button.Discard)


def typed(window, field, text):  # noqa: F811
    box = window.on_screen.form.editor(field).box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def test_an_example_changes_its_own_experiment_only_and_the_title_says_which(window, qtbot):  # noqa: F811
    window.show_experiment("entropy.binary")
    window.playback.edit(replaced(window.playback.config, p=0.3))
    settled(window, qtbot)
    window.show_experiment("optimizers.race")
    window.appearance.set_theme("dark")
    race = window.playback.config
    window.documents.open_path(ZIG_ZAG, example=True)
    settled(window, qtbot)
    opened = window.playback.config
    assert opened != race
    assert window.appearance.theme_choice == "dark"
    assert window.session().config("entropy.binary").p == 0.3
    assert "Zig zag in a narrow valley" in window.windowTitle()
    assert window.undo_actions.undo.text() == "Undo: Example “Zig zag in a narrow valley”"
    typed(window, "steps", "77")
    settled(window, qtbot)
    assert "Zig zag in a narrow valley (changed)" in window.windowTitle()
    undo(window, qtbot)
    assert "(changed)" not in window.windowTitle()
    undo(window, qtbot)
    assert window.playback.config == race
    assert "Zig zag" not in window.windowTitle()
    redo(window, qtbot)
    assert window.playback.config == opened


def test_an_example_of_another_experiment_is_computed_at_once_and_nothing_else(window, qtbot, monkeypatch):  # noqa: F811
    window.show_experiment("entropy.binary")
    settled(window, qtbot)
    taken, take = [], window.engine.take
    monkeypatch.setattr(
        window.engine, "take", lambda runner, *pins: (taken.append(runner.config), take(runner, *pins))
    )
    window.documents.open_path(ZIG_ZAG, example=True)
    assert taken == [window.playback.config]
    settled(window, qtbot)
    assert window.on_screen.playback is window.playback
    undo(window, qtbot)
    assert window.playback.experiment.name == "optimizers.race"
    assert window.playback.config == window.playback.experiment.config_type()


def test_an_example_that_was_only_looked_at_is_no_work_to_save(window, qtbot):  # noqa: F811
    window.documents.open_path(ZIG_ZAG, example=True)
    settled(window, qtbot)
    assert not window.documents.modified
    typed(window, "steps", "77")
    settled(window, qtbot)
    assert window.documents.modified
    undo(window, qtbot)
    assert not window.documents.modified
    undo(window, qtbot)
    assert not window.documents.modified


@pytest.mark.opens_on("optimizers.race")
def test_a_file_that_was_opened_is_taken_back_with_its_name_and_its_pins(window, qtbot, tmp_path, discard):  # noqa: F811
    race = EXPERIMENTS["optimizers.race"].config_type()
    first, second = tmp_path / "first.nabla.json", tmp_path / "second.nabla.json"
    pins = tuple(replaced(race, steps=steps) for steps in (60, 70))
    save(
        Session({"optimizers.race": replaced(race, steps=50)}, looks={"optimizers.race": Look(9, {}, pins)}),
        first,
    )
    save(
        Session({"entropy.binary": EXPERIMENTS["entropy.binary"].config_type()}, open="entropy.binary"),
        second,
    )
    window.documents.open_path(first)
    settled(window, qtbot)
    typed(window, "steps", "55")
    settled(window, qtbot)
    assert window.windowTitle() == "first* – Nabla"
    window.documents.open_path(second)
    settled(window, qtbot)
    assert window.windowTitle() == "second – Nabla"
    undo(window, qtbot)
    assert window.windowTitle() == "first* – Nabla"
    assert window.playback.config.steps == 55
    assert [pin.config for pin in window.playback.pins] == list(pins)
    undo(window, qtbot)
    assert window.windowTitle() == "first – Nabla"
    assert window.playback.config.steps == 50
    undo(window, qtbot)
    assert window.windowTitle() == "untitled – Nabla"
    assert window.playback.config == race
    for _ in range(3):
        redo(window, qtbot)
    assert window.windowTitle() == "second – Nabla"
    assert window.playback.experiment.name == "entropy.binary"
    assert not window.undo_actions.redo.isEnabled()


@pytest.mark.opens_on("optimizers.race")
def test_a_fork_is_one_step_and_comes_again_from_a_file(window, qtbot, tmp_path, discard):  # noqa: F811
    playback, first = window.playback, window.playback.config
    qtbot.waitUntil(lambda: playback.recording.last == 500)
    for step in (500, 40):  # it has been seen to its end
        playback.seek(step)
        settled(window, qtbot)
    window.on_screen.settings.since.here.click()
    box = window.on_screen.form.found("racers.1.learning_rate").box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "0.004\r")
    settled(window, qtbot)
    assert [change.step for change in playback.config.changes] == [40]
    assert window.undo_actions.undo.text() == "Undo: Momentum: Learning rate 0.001 → 0.004 from step 40 on"
    assert window.documents.modified
    forked, branches = playback.config, playback.branches
    file = tmp_path / "fork.nabla.json"
    save(window.session(), file)
    undo(window, qtbot)
    assert (playback.config, playback.branches, playback.step) == (first, (), 40)
    redo(window, qtbot)
    assert (playback.config, playback.branches) == (forked, branches)
    window.documents.new()
    settled(window, qtbot)
    assert window.playback.branches == ()
    window.documents.open_path(file)
    settled(window, qtbot)
    assert (window.playback.config, window.playback.branches) == (forked, branches)
    assert [row.of.words for row in window.on_screen.transport.branches.rows] == [
        "The first run",
        "Momentum: Learning rate 0.001 → 0.004 from step 40 on",
    ]
    assert not window.documents.modified
    window.playback.close_branch(first)
    settled(window, qtbot)
    assert window.documents.modified
    assert window.undo_actions.undo.text() == "Undo: Close a branch"


@pytest.mark.opens_on("optimizers.race")
def test_a_drag_while_the_run_plays_is_one_step_with_its_last_value(window, qtbot, monkeypatch):  # noqa: F811
    playback, first = window.playback, window.playback.config
    qtbot.waitUntil(lambda: playback.recording.last == 500)
    playback.seek(40)
    settled(window, qtbot)
    window.on_screen.settings.since.here.click()
    playback.play()
    slider = window.on_screen.form.found("racers.1.learning_rate").slider
    monkeypatch.setattr("gui.screen.settings.EVERY", 60.0)  # all but the first wait
    middle = slider.height() // 2
    places = [QPoint(slider.width() * k // 10, middle) for k in (5, 6, 7, 8)]
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places:
        QTest.mouseMove(slider, place)
        window.clock.tick()
    assert len(playback.config.changes) == 1
    qtbot.waitUntil(lambda: window.clock.tick() or playback.step > 41)  # the next change is a later one
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=places[-1])
    wanted = window.on_screen.form.config.racers[1].learning_rate
    window.clock.tick()
    settled(window, qtbot)
    assert playback.in_force.racers[1].learning_rate == wanted > playback.config.changes[0].value
    assert window.history.stack.count() == 1
    undo(window, qtbot)
    assert playback.config == first


@pytest.mark.opens_on("optimizers.race")
def test_a_new_session_is_taken_back(window, qtbot, discard):  # noqa: F811
    typed(window, "steps", "55")
    settled(window, qtbot)
    window.documents.new()
    settled(window, qtbot)
    assert window.playback.config.steps == 500
    assert window.undo_actions.undo.text() == "Undo: New session"
    undo(window, qtbot)
    assert window.playback.config.steps == 55
    assert window.documents.modified


@pytest.mark.opens_on("optimizers.race")
def test_what_another_experiment_sent_is_taken_back_where_it_went(window, qtbot):  # noqa: F811
    before = window.playback.config
    window.show_experiment("optimizers.maps")
    settled(window, qtbot)
    window.on_screen.experiment_wanted.emit("optimizers.race", replaced(before, start=(2.0, 2.0), steps=90))
    qtbot.waitUntil(lambda: window.playback.experiment.name == "optimizers.race")
    settled(window, qtbot)
    window.show_experiment("entropy.binary")
    assert window.undo_actions.undo.text().startswith("Undo: Race – ")
    undo(window, qtbot)
    assert window.playback.experiment.name == "optimizers.race"
    assert window.playback.config == before


@pytest.mark.opens_on("optimizers.race")
def test_steps_are_named_in_the_language_of_the_window(window, qtbot):  # noqa: F811
    typed(window, "steps", "55")
    settled(window, qtbot)
    window.appearance.set_language("zh_CN")
    assert window.undo_actions.undo.text() == "撤销：步数 500 → 55"
    undo(window, qtbot)
    assert window.playback.config.steps == 500
    window.appearance.set_language("en")


def test_a_training_comes_back_at_the_step_where_it_stood_with_the_same_numbers(window, qtbot):  # noqa: F811
    window.show_experiment("losses.classifier")
    window.playback.play()
    qtbot.waitUntil(lambda: window.playback.recording.last > 12)
    window.playback.seek(12)
    settled(window, qtbot)
    names = window.playback.recording.names
    numbers = {name: window.playback.recording.column(name)[:13].tobytes() for name in names}
    typed(window, "batch_size", "7")
    settled(window, qtbot)
    undo(window, qtbot)
    qtbot.waitUntil(lambda: window.playback.step == 12)
    assert not window.playback.playing
    again = window.playback.recording
    assert {name: again.column(name)[:13].tobytes() for name in again.names} == numbers


EDITS = st.lists(
    st.one_of(
        st.integers(1, 40).map(lambda steps: ("steps", steps)),
        st.sampled_from([0.0, 0.5, 1.0]).map(lambda noise: ("noise", noise)),
        st.sampled_from(["bowl", "beale", "rosenbrock"]).map(lambda name: ("surface", name)),
        st.sampled_from(["both", "contour", "step"]).map(lambda layout: ("layout", layout)),
        st.just(("pin", None)),
        st.just(("unpin", None)),
        st.just(("rest", None)),
        st.tuples(st.integers(1, 30), st.sampled_from([0.0, 0.5, 1.0])).map(lambda fork: ("fork", fork)),
        st.integers(0, 3).map(lambda place: ("go_to", place)),
        st.integers(0, 3).map(lambda place: ("close_branch", place)),
    ),
    max_size=25,
)


def fork(playback, step, noise):
    """Run a race to its end, go back to a step, and let it have other noise from there on."""
    playback.tick(0.0)
    playback.runner.drive()
    playback.tick(0.0)
    playback.seek(step)
    playback.from_here = True
    playback.edit_settings(replaced(playback.in_force, noise=noise), playback.step)


def do(playback, name, value):
    """What one of the edits says."""
    if name in ("pin", "unpin"):
        getattr(playback, name)()
    elif name == "layout":
        playback.options = {"layout": value}
    elif name == "fork":
        fork(playback, *value)
    elif name in ("go_to", "close_branch"):
        for branch in playback.branches[value : value + 1]:
            getattr(playback, name)(branch)
    elif name != "rest":
        playback.edit(replaced(playback.config, **{name: value}))


@given(EDITS)
def test_any_edits_taken_back_are_the_start_and_done_again_the_end(qapp, edits):
    playback = Playback(EXPERIMENTS["optimizers.race"], EngineThread(), 60.0)
    history = History({"optimizers.race": playback}, qapp)
    history.playback_wanted.connect(lambda _, state: (playback.become(state), history.came_back(playback)))
    history.note(playback)
    start = playback.state()
    for name, value in edits:
        do(playback, name, value)
        playback.tick(0.0)
        history.note(playback)
        if name == "rest":
            history.rest()
    end = playback.state()
    while history.stack.canUndo():
        history.undo()
    assert same("optimizers.race", playback.state(), start)
    while history.stack.canRedo():
        history.redo()
    assert same("optimizers.race", playback.state(), end)
    assert history.stack.count() <= min(LIMIT, len(edits))
    history.setParent(None)
    history.deleteLater()
