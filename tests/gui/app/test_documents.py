"""Session files in the window: nothing is opened by half, nothing is lost, nothing is read unasked."""

import json
import os
import random
import re
import signal
import subprocess
import sys
from math import inf
from pathlib import Path
from threading import Event

import pytest
from msgspec import structs
from PySide6.QtCore import QSysInfo, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget

from engine.config import replaced
from engine.experiment import Experiment, Frame
from engine.experiments import EXPERIMENTS
from engine.experiments.losses.classifier_config import ClassifierConfig, CsvFile
from engine.runner import Runner
from engine.session import Look, Session, SessionError, decode, encode, load, save
from gui.app import middle as middle_module
from gui.app.documents import Documents
from gui.app.kept import Kept, Slot
from tests.toys import CountConfig

ROOT = Path(__file__).parents[3]
RACE = "optimizers.race"
Button = QMessageBox.StandardButton
unix = pytest.mark.skipif(os.name == "nt", reason="pipes and devices of Unix")


def race(steps):
    return replaced(EXPERIMENTS[RACE].config_type(), steps=steps)


def lesson(folder, steps=222, name="lesson"):
    path = folder / f"{name}.nabla.json"
    save(Session(experiments={RACE: race(steps)}), path)
    return path


class Desk(QWidget):
    """What `Documents` needs of a window, and as quick as a hundred tests need it."""

    def __init__(self, folder):
        super().__init__()
        self.shown = Session()
        self.documents = Documents(self, self.present, self.show_session, folder)

    def present(self):
        return self.shown

    def show_session(self, session):
        self.shown = session

    def leave(self, saved=False):
        """Close the window; false when the user stays."""
        if saved:
            self.documents.on_file = self.shown
        return self.documents.close()

    def set_steps(self, steps):
        experiments = {**self.shown.experiments, RACE: race(steps)}
        self.shown = structs.replace(self.shown, experiments=experiments)
        self.documents.changed(self.shown)

    @property
    def steps(self):
        return self.shown.config(RACE).steps


@pytest.fixture
def place(qtbot, tmp_path):
    """Begin another window, with the folder of kept sessions that all of a test share."""

    def begin(start=True):
        desk = Desk(tmp_path / "kept")
        qtbot.addWidget(desk)
        if start:
            desk.documents.restore_last()
        return desk

    return begin


@pytest.fixture
def desk(place):
    return place()


# Open


REFUSED = [
    "{",
    '{"schema": 1, "open": "x"}',
    '{"schema": 1, "looks": {"optimizers.race": {"options": {"bad": 1}}}}',
    '{"schema": 1, "looks": {"optimizers.maps": {"options": {"lines": 7}}}}',
    f'{{"schema": 1, "looks": {{"{RACE}": {{"step": {"9" * 400}}}}}}}',
]


@pytest.mark.parametrize("content", REFUSED)
def test_a_file_that_is_refused_is_one_message_and_changes_nothing(desk, qtbot, tmp_path, answer, content):
    mine, bad = lesson(tmp_path), tmp_path / "bad.nabla.json"
    desk.documents.open_path(mine)
    bad.write_text(content)
    before, name = desk.shown, desk.documents.name
    said = answer()
    assert not desk.documents.open_path(bad)
    assert len(said) == 1
    assert (desk.shown, desk.documents.name, desk.documents.path) == (before, name, mine)
    desk.set_steps(99)
    assert desk.documents.save()
    assert bad.read_text() == content
    assert load(mine).config(RACE).steps == 99


@pytest.mark.opens_on("optimizers.race")
def test_opening_a_file_is_said_and_can_be_taken_back_with_its_name(window, qtbot, tmp_path):
    window.playback.edit(race(99))
    qtbot.waitUntil(lambda: window.documents.current.config(RACE).steps == 99)
    mine = window.documents.on_file = window.session()
    path = lesson(tmp_path)
    assert window.documents.open_path(path)
    assert str(path) in window.status_line.words
    assert window.windowTitle().startswith("lesson –")
    window.undo()
    assert (window.documents.path, window.session().experiments) == (None, mine.experiments)
    assert window.windowTitle().startswith("untitled –")


@pytest.mark.opens_on("optimizers.race")
def test_a_session_on_which_the_window_fails_leaves_the_old_one_as_it_was(
    window, qtbot, tmp_path, monkeypatch
):
    window.on_screen.form.editor("steps").changed.emit(99)
    path, screen = tmp_path / "other.nabla.json", middle_module.Screen
    save(Session(open="losses.classifier", language="zh_CN", theme="dark"), path)

    def failing(playback, *rest):
        if playback.experiment.name == "losses.classifier":
            raise ZeroDivisionError("this view fails")
        return screen(playback, *rest)

    monkeypatch.setattr(middle_module, "Screen", failing)
    window.documents.on_file = before = window.session()
    with pytest.raises(ZeroDivisionError):
        window.documents.open_path(path)
    assert (window.session(), window.documents.path) == (before, None)
    assert window.windowTitle().startswith("untitled –")
    assert window.on_screen.playback is window.playback
    window.on_screen.form.editor("steps").changed.emit(98)
    qtbot.waitUntil(lambda: window.documents.current.config(RACE).steps == 98)


ODD = [-1, 0, 3, 1e308, 10**400, "x", None, [], {}, True, 0.5, "light"]


def near(value):
    """Another value of the same type."""
    if isinstance(value, bool):
        return not value
    return value * 2 if isinstance(value, int | float) else value


def damaged(whole, chance):
    """A session with a few of its values changed into others: mostly valid JSON, seldom a valid session."""
    raw = json.loads(whole)
    for _ in range(chance.choice([1, 1, 2, 3])):
        place = raw
        while isinstance(place, dict | list) and place:
            key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
            if not isinstance(place[key], dict | list) or not place[key] or chance.random() < 0.15:
                place[key] = near(place[key]) if chance.random() < 0.7 else chance.choice(ODD)
                break
            place = place[key]
    data = json.dumps(raw).encode()
    return data[: chance.randrange(len(data))] if chance.random() < 0.05 else data


def test_of_300_damaged_sessions_each_opens_whole_or_changes_nothing(qtbot, tmp_path, answer):
    desk = Desk(None)
    qtbot.addWidget(desk)
    documents, said = desk.documents, answer()
    names = [RACE, "optimizers.maps", "losses.classifier", "entropy.binary"]
    configs = {name: EXPERIMENTS[name].config_type() for name in names}
    options = {"optimizers.maps": Look(step=3, options={"lines": True}, pins=(configs["optimizers.maps"],))}
    whole = encode(Session(experiments=configs, looks=options, language="en", theme="dark"))
    chance, path, opened = random.Random(5), tmp_path / "s.nabla.json", 0
    for count in range(300):
        data = damaged(whole, chance)
        path.write_bytes(data)
        documents.path = tmp_path / f"before-{count}"
        before = (desk.shown, documents.path, documents.on_file, documents.modified)
        if documents.open_path(path):
            opened += 1
            assert desk.shown == documents.on_file == decode(data)
            assert documents.path == path
        else:
            assert (desk.shown, documents.path, documents.on_file, documents.modified) == before
    assert len(said) == 300 - opened
    assert 20 < opened < 280


@unix
@pytest.mark.parametrize(
    "odd",
    [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero"), lambda path: path.symlink_to(path)],
)
def test_what_is_no_ordinary_file_is_one_message(desk, tmp_path, answer, odd):
    path = tmp_path / "odd.nabla.json"
    odd(path)
    said = answer()
    assert not desk.documents.open_path(path)
    assert len(said) == 1
    assert "“odd.nabla.json” was not opened." in said[0]


def test_a_message_is_short_whatever_stands_in_the_file(desk, qtbot, tmp_path, monkeypatch):
    path = tmp_path / "<img src=x>\u202egpj.nabla.json"
    path.write_text(json.dumps({"schema": 1, "experiments": {"<b>\u202e\n" + "x" * 10**6: {}}}))
    seen = []

    def press():
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append((box.textFormat(), box.text()))
        qtbot.mouseClick(box.button(Button.Ok), Qt.MouseButton.LeftButton)

    monkeypatch.undo()  # this one is answered by a real click
    QTimer.singleShot(0, press)
    assert not desk.documents.open_path(path)
    [(form, text)] = seen
    assert form == Qt.TextFormat.PlainText
    assert r"<img src=x>\u202egpj.nabla.json" in text
    assert "\u202e" not in text
    assert len(text) < 1000


# Save


def ask_for(monkeypatch, path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *words: (str(path), ""))


def test_unsaved_changes_are_asked_about(desk, qtbot, tmp_path, monkeypatch, answer):
    path = tmp_path / "a.nabla.json"
    ask_for(monkeypatch, path)
    assert desk.documents.save()
    desk.set_steps(99)
    said = answer(Button.Cancel, Button.Save)
    assert not desk.leave()
    desk.documents.new()
    assert said == ["Save the changes to “a” first?"] * 2
    assert load(path).config(RACE).steps == 99


def test_untitled_work_is_asked_about_but_a_look_around_is_not(desk, qtbot, answer):
    desk.shown = structs.replace(desk.shown, open="losses.classifier", looks={RACE: Look(step=3)})
    desk.documents.changed(desk.shown)
    assert not desk.documents.modified
    desk.set_steps(77)
    assert desk.documents.modified
    said = answer(Button.Cancel)
    desk.documents.new()
    assert len(said) == 1
    assert desk.steps == 77


def test_a_page_can_be_looked_at_without_a_change(window, qtbot):
    window.show_experiment("losses.likelihood")
    qtbot.waitUntil(lambda: window.playback.shown is not None)
    window.on_screen.draw()
    window.documents.changed(window.session())
    assert not window.documents.modified


MAPS = "optimizers.maps"


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({"looks": {MAPS: Look(pins=(EXPERIMENTS[MAPS].config_type(),))}}, True),
        ({"looks": {MAPS: Look(options={"lines": False})}}, True),
        ({"theme": "dark"}, True),
        ({"looks": {MAPS: Look(options={"lines": True})}}, False),  # as it is to begin with
        ({"looks": {MAPS: Look(step=7)}}, False),
        ({"open": MAPS}, False),
    ],
)
def test_pins_options_and_the_theme_are_changes_too(desk, tmp_path, change, counts):
    desk.documents.open_path(lesson(tmp_path))
    opened = desk.shown
    desk.documents.changed(structs.replace(opened, **change))
    assert desk.documents.modified is counts
    desk.documents.changed(opened)
    assert not desk.documents.modified


@pytest.mark.opens_on("optimizers.race")
def test_a_pin_and_an_option_of_the_page_are_noticed(window, qtbot):
    window.playback.pin()
    qtbot.waitUntil(lambda: "*" in window.windowTitle())
    window.playback.unpin()
    qtbot.waitUntil(lambda: "*" not in window.windowTitle())
    options = window.on_screen.view.options
    name = next(name for name in options.__struct_fields__ if isinstance(getattr(options, name), bool))
    window.on_screen.view.set_option(**{name: not getattr(options, name)})
    qtbot.waitUntil(lambda: "*" in window.windowTitle())


def test_a_file_changed_by_another_program_is_asked_about(desk, qtbot, tmp_path, monkeypatch, answer):
    path, other = lesson(tmp_path), tmp_path / "other.nabla.json"
    desk.documents.open_path(path)
    desk.set_steps(99)
    lesson(tmp_path, steps=55)
    ask_for(monkeypatch, other)
    said = answer(Button.Cancel, Button.No, Button.Yes)
    assert not desk.documents.save()
    assert load(path).config(RACE).steps == 55
    assert desk.documents.save()  # under another name
    assert (load(path).config(RACE).steps, load(other).config(RACE).steps) == (55, 99)
    desk.documents.path = path
    assert desk.documents.save()
    assert load(path).config(RACE).steps == 99
    assert len(said) == 3
    assert all("has been changed by another program" in text for text in said)
    assert desk.documents.save()  # it is ours again
    path.unlink()
    assert desk.documents.save()  # nothing is there to be lost


def test_a_file_of_which_the_dialog_has_not_asked_is_not_replaced_unasked(
    desk, qtbot, tmp_path, monkeypatch, answer
):
    path = lesson(tmp_path)
    ask_for(monkeypatch, tmp_path / "lesson")
    said = answer(Button.No, Button.Yes)
    assert not desk.documents.save_as()
    assert load(path).config(RACE).steps == 222
    assert desk.documents.save_as()
    assert len(said) == 2
    assert load(path).config(RACE).steps == desk.steps != 222


@unix
def test_a_read_only_file_is_said_to_be_one(desk, qtbot, tmp_path, answer):
    path = lesson(tmp_path)
    desk.documents.open_path(path)
    path.chmod(0o444)
    desk.set_steps(99)
    said = answer()
    assert not desk.documents.save()
    assert desk.documents.modified
    assert "it is read-only; save under another name" in said[0]


# Files that a session names


def naming(folder, path):
    session = folder / "s.nabla.json"
    save(Session(experiments={"losses.classifier": ClassifierConfig(data=CsvFile(str(path)))}), session)
    return session


@pytest.mark.parametrize(
    ("button", "opened", "left"),
    [(Button.Yes, True, True), (Button.No, True, False), (Button.Cancel, False, None)],
)
@pytest.mark.parametrize("path", ["/etc/passwd", r"\\server\share\t.csv", "//server/share/t.csv"])
def test_files_outside_the_folder_are_read_only_if_the_user_says_so(
    desk, tmp_path, answer, button, opened, left, path
):
    said = answer(button)
    assert desk.documents.open_path(naming(tmp_path, path)) is opened
    assert len(said) == 1
    assert path in said[0]
    if opened:
        assert desk.shown.config("losses.classifier").data.path == (path if left else "")
        assert not desk.documents.modified
    else:
        assert desk.documents.path is None


def test_files_beside_a_session_are_read_unasked(desk, tmp_path):
    (tmp_path / "data").mkdir()
    assert desk.documents.open_path(naming(tmp_path, tmp_path / "data" / "t.csv"))
    assert desk.shown.config("losses.classifier").data.path == str(tmp_path / "data" / "t.csv")


def test_many_files_outside_are_named_in_part(desk, tmp_path, answer):
    pins = tuple(ClassifierConfig(data=CsvFile(f"/far/{'x' * 3000}{count}.csv")) for count in range(12))
    path = tmp_path / "s.nabla.json"
    save(Session(looks={"losses.classifier": Look(pins=pins)}), path)
    said = answer(Button.Cancel)
    desk.documents.open_path(path)
    assert "and 4 more" in said[0]
    assert len(said[0]) < 1500


def test_the_menu_of_recent_files_calls_no_other_machine(window, monkeypatch, tmp_path):
    path = lesson(tmp_path, name="a&b")
    for found in ("//server/share/far.nabla.json", r"\\server\far.nabla.json", str(path)):
        window.preferences.add_recent(found)
    asked, exists = [], os.path.exists
    monkeypatch.setattr(os.path, "exists", lambda found: asked.append(str(found)) or exists(found))
    window._remember(str(tmp_path / "gone.nabla.json"))
    assert str(path) in asked
    assert not [found for found in asked if "server" in found]
    file = next(iter(window.menuBar().actions())).menu()
    recent = next(action.menu() for action in file.actions() if action.menu())
    texts = [action.text() for action in recent.actions()]
    assert "a&&b.nabla.json" in texts
    assert "far.nabla.json" in texts


# Kept, and recovered


def crashed(folder, kept, number=1):
    """What a window leaves behind that was killed."""
    folder.mkdir(exist_ok=True)
    name = f"window-0000000{number}"
    Slot(folder, name).write(kept)
    (folder / f"{name}.lock").write_text(f"999999999\nnabla\n{QSysInfo.machineHostName()}\n\n")


def test_the_session_is_kept_as_one_works_and_restored(place, qtbot):
    desk = place()
    desk.set_steps(321)
    qtbot.waitUntil(lambda: desk.documents.kept.exists(), timeout=8000)
    desk.leave(saved=True)
    assert place().steps == 321


def test_the_session_is_kept_while_edits_keep_coming(place, qtbot):
    desk = place()
    desk.documents.recovery._timer.setInterval(200)
    kept, steps = desk.documents.kept, iter(range(100, 10_000))

    def dragging():
        desk.set_steps(next(steps))
        return kept.exists()

    kept.unlink(missing_ok=True)
    qtbot.waitUntil(dragging)


def test_the_file_of_a_session_is_remembered(place, qtbot, tmp_path):
    path = lesson(tmp_path)
    desk = place()
    desk.documents.open_path(path)
    desk.set_steps(99)
    assert desk.documents.save()
    desk.leave()
    other = place()
    assert other.documents.path == path
    assert (other.documents.name, other.documents.modified) == ("lesson", False)
    other.set_steps(98)
    assert other.documents.save()
    assert load(path).config(RACE).steps == 98


def test_a_file_changed_while_the_program_was_closed_is_asked_about(place, qtbot, tmp_path, answer):
    path = lesson(tmp_path)
    desk = place()
    desk.documents.open_path(path)
    desk.leave()
    lesson(tmp_path, steps=55)
    other = place()
    other.set_steps(98)
    said = answer(Button.Cancel)
    assert not other.documents.save()
    assert len(said) == 1
    assert load(path).config(RACE).steps == 55


@pytest.mark.parametrize("named", [False, True])
def test_discarded_edits_stay_discarded(place, qtbot, tmp_path, answer, named):
    desk = place()
    if named:
        desk.documents.open_path(lesson(tmp_path))
    before = desk.steps
    desk.set_steps(99)
    desk.documents.keep()
    answer(Button.Discard)
    assert desk.leave()
    other = place()
    assert other.steps == before
    assert not other.documents.modified
    other.set_steps(98)
    answer(Button.Discard)
    other.documents.new()
    assert other.documents.recovery.keeper.slot.read().session.config(RACE) == EXPERIMENTS[RACE].config_type()


def test_recovered_work_is_unsaved_work_of_its_file(place, qtbot, tmp_path, answer):
    path = lesson(tmp_path)
    kept = Kept(Session(experiments={RACE: race(99)}, theme="light"), load(path), path, "")
    crashed(tmp_path / "kept", kept)
    said = answer(Button.Yes)
    desk = place()
    assert len(said) == 1
    assert "lesson" in said[0]
    assert desk.steps == 99
    assert desk.documents.modified
    assert desk.documents.name == "lesson"
    said = answer(Button.Cancel)
    assert not desk.documents.open_path(lesson(tmp_path, name="other"))
    assert said == ["Save the changes to “lesson” first?"]
    assert desk.documents.save()
    assert load(path).config(RACE).steps == 99
    assert not desk.documents.modified


def test_work_that_is_not_wanted_back_is_put_aside_where_the_question_said(place, qtbot, tmp_path, answer):
    crashed(tmp_path / "kept", Kept(Session(experiments={RACE: race(99)}), Session()))
    said, remembered = answer(Button.No), []
    desk = place(start=False)
    desk.documents.saved_as.connect(remembered.append)
    desk.documents.restore_last()
    assert desk.steps != 99
    assert len(said) == 1
    [aside] = (tmp_path / "kept").glob("recovered-*.nabla.json")
    assert aside.name in said[0]
    assert str(aside) in remembered
    desk.leave(saved=True)
    again = place()  # it is not asked about twice
    assert again.documents.open_path(aside)
    assert again.steps == 99


def test_of_several_windows_each_is_offered(place, tmp_path, answer):
    for number in (1, 2, 3):
        crashed(tmp_path / "kept", Kept(Session(experiments={RACE: race(number)}), Session()), number)
    answer(*[Button.Yes] * 3)
    windows = [place() for _ in range(3)]
    assert {desk.steps for desk in windows} == {1, 2, 3}
    for desk in windows:
        desk.leave(saved=True)


def test_each_window_keeps_its_own_and_is_asked_about_by_none(place, qtbot):
    first, second = place(), place()
    for desk, steps in ((first, 111), (second, 222)):
        desk.set_steps(steps)
        desk.documents.keep()
    assert first.documents.kept != second.documents.kept
    assert first.documents.recovery.keeper.slot.read().session.config(RACE).steps == 111
    second.leave(saved=True)
    first.leave(saved=True)
    assert place().steps == 111


def killed(desk):
    """End a window as `kill -9` does: its kept file stays, and its lock has no holder any more."""
    recovery = desk.documents.recovery
    recovery._timer.stop()
    slot, recovery.keeper.slot = recovery.keeper.slot, None
    slot.release()


def meanwhile(monkeypatch, desk, *buttons):
    """Answer with buttons, each after the time for keeping what stands behind the question has come."""
    asked, left = [], list(buttons)

    def exec_(box):
        asked.append(box.text())
        desk.documents.changed(desk.documents._now())
        desk.documents.recovery._timer.timeout.emit()
        return left.pop(0)

    monkeypatch.setattr(QMessageBox, "exec", exec_)
    return asked


def kept_files(folder):
    return sorted(re.split("[-.]", path.name)[0] for path in (folder / "kept").glob("*.nabla.json"))


def test_recovered_work_is_asked_about_once_after_every_crash(place, tmp_path, monkeypatch):
    desk = place()
    desk.set_steps(99)
    desk.documents.keep()
    for _ in range(3):
        killed(desk)
        desk = place(start=False)
        asked = meanwhile(monkeypatch, desk, Button.Yes)
        desk.documents.restore_last()
        assert len(asked) == 1
        assert (desk.steps, desk.documents.modified) == (99, True)
        assert kept_files(tmp_path) == ["window"]
        assert len(list((tmp_path / "kept").glob("*.lock"))) == 1


def test_a_crash_while_the_question_stands_is_one_question_again(place, tmp_path, monkeypatch, answer):
    crashed(tmp_path / "kept", Kept(Session(experiments={RACE: race(99)}), Session()))
    desk = place(start=False)

    def exec_(box):
        desk.documents.changed(desk.shown)
        desk.documents.recovery._timer.timeout.emit()
        raise InterruptedError  # it is killed here

    monkeypatch.setattr(QMessageBox, "exec", exec_)
    with pytest.raises(InterruptedError):
        desk.documents.restore_last()
    killed(desk)
    assert kept_files(tmp_path) == ["window"]
    said = answer(Button.Yes)
    assert place().steps == 99
    assert len(said) == 1


@pytest.mark.parametrize("named", [False, True])
def test_a_crash_with_all_saved_is_not_asked_about(place, tmp_path, named):
    desk = place()
    if named:
        desk.documents.open_path(lesson(tmp_path))
    desk.shown = structs.replace(desk.shown, open="losses.classifier")
    desk.documents.keep()
    for _ in range(2):
        killed(desk)
        desk = place()  # a question would have no answer
        assert desk.shown.open == "losses.classifier"
        assert desk.documents.path == (tmp_path / "lesson.nabla.json" if named else None)
        assert desk.steps == (222 if named else Session().config(RACE).steps)
        assert not desk.documents.modified
        assert kept_files(tmp_path) == ["last", "window"]


def test_work_that_was_saved_or_taken_back_before_the_crash_is_not_asked_about(place, tmp_path):
    path = lesson(tmp_path)
    desk = place()
    desk.documents.open_path(path)
    for steps in (99, 77):
        desk.set_steps(steps)
        desk.documents.keep()
    desk.documents.save()
    killed(desk)
    desk = place()
    assert (desk.steps, desk.documents.path) == (77, path)
    desk.set_steps(55)
    desk.documents.keep()
    desk.set_steps(77)
    desk.documents.keep()
    killed(desk)
    assert place().steps == 77
    assert kept_files(tmp_path) == ["last", "window"]


def test_an_example_that_was_only_looked_at_is_not_asked_about_but_opens_again(place):
    desk = place()
    desk.documents.examples[RACE] = Session(experiments={RACE: race(33)})
    desk.set_steps(33)
    desk.documents.keep()
    killed(desk)
    assert place().steps == 33


def test_of_two_windows_with_all_saved_the_one_that_was_there_last_opens_again(place, tmp_path):
    for steps, moment in ((11, 1000), (22, 2000)):
        session = Session(experiments={RACE: race(steps)})
        crashed(tmp_path / "kept", Kept(session, session), steps // 11)
        os.utime(tmp_path / "kept" / f"window-0000000{steps // 11}.nabla.json", (moment, moment))
    desk = place()
    assert desk.steps == 22
    assert kept_files(tmp_path) == ["last", "window"]


@pytest.mark.parametrize("escape", [False, True])
def test_who_does_not_want_it_back_gets_the_session_of_last_time(place, qtbot, tmp_path, monkeypatch, escape):
    path = lesson(tmp_path)
    desk = place()
    desk.documents.open_path(path)
    desk.leave()
    desk = place()
    desk.set_steps(99)
    desk.documents.keep()
    killed(desk)
    desk = place(start=False)
    asked = []

    def press():
        box = QApplication.activeModalWidget()
        asked.append(box.text())
        if escape:
            qtbot.keyClick(box, Qt.Key.Key_Escape)
        else:
            qtbot.mouseClick(box.button(Button.No), Qt.MouseButton.LeftButton)

    monkeypatch.undo()  # this one is answered by a real key
    QTimer.singleShot(0, press)
    desk.documents.restore_last()
    assert len(asked) == 1
    assert (desk.steps, desk.documents.path, desk.documents.modified) == (222, path, False)
    assert kept_files(tmp_path) == ["last", "recovered", "window"]
    killed(desk)
    assert place().steps == 222  # and is asked no more
    assert kept_files(tmp_path) == ["last", "recovered", "window"]


def test_in_the_window_no_opens_the_last_session_and_the_menu_lists_what_was_put_aside(
    window, tmp_path, answer
):
    path = lesson(tmp_path)
    last = Kept(load(path), load(path), path)
    crashed(tmp_path / "kept", Kept(Session(experiments={RACE: race(99)}), Session()))
    Slot(tmp_path / "kept", "last").write(last)
    said = answer(Button.No)
    window.documents.restore_last()
    assert len(said) == 1
    assert "File ▸ Open recent lists it" in said[0]
    assert (window.documents.path, window.playback.config.steps) == (path, 222)
    assert window.windowTitle().startswith("lesson –")
    [aside] = (tmp_path / "kept").glob("recovered-*.nabla.json")
    assert "File ▸ Open recent" in window.status_line.words
    file = next(iter(window.menuBar().actions())).menu()
    assert file.title() == "&File"
    recent = next(action.menu() for action in file.actions() if action.menu())
    assert recent.title() == "Open &recent"
    next(action for action in recent.actions() if action.text() == aside.name).trigger()
    assert window.playback.config.steps == 99


@pytest.mark.opens_on("optimizers.race")
def test_a_real_window_that_is_killed_is_asked_about_only_with_work_and_once(
    make, place, qtbot, tmp_path, monkeypatch, answer
):
    window = make()
    window.documents.restore_last()
    qtbot.waitUntil(lambda: window.playback.shown is not None)
    window.documents.keep()
    killed(window)
    desk = place()  # nothing was touched, and nobody would answer
    desk.set_steps(99)
    desk.documents.keep()
    killed(desk)
    window = make()
    asked = meanwhile(monkeypatch, window, Button.Yes)
    window.documents.restore_last()
    assert len(asked) == 1
    assert window.playback.config.steps == 99
    assert window.windowTitle().startswith("untitled*")
    killed(window)
    said = answer(Button.Yes)
    assert place().steps == 99
    assert len(said) == 1
    assert kept_files(tmp_path) == ["last", "window"]


@unix
def test_windows_that_are_killed_can_be_recovered(place, tmp_path, answer):
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from gui.app.app import application; from tests.gui.app.test_documents import Desk\n"
        "qt = application()\n"
        "desks = [Desk(Path(sys.argv[1])) for _ in range(2)]\n"
        "for desk, steps in zip(desks, (111, 222)):\n"
        "    desk.documents.restore_last(); desk.set_steps(steps); desk.documents.keep()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "kept"], cwd=ROOT, env=environment, check=False
    )
    assert done.returncode == -signal.SIGKILL
    said = answer(Button.Yes, Button.Yes)
    windows = [place(), place()]
    assert sorted(desk.steps for desk in windows) == [111, 222]
    assert all(desk.documents.modified for desk in windows)
    assert len(said) == 2
    for desk in windows:
        desk.leave(saved=True)


@pytest.mark.parametrize(
    "content", ["{", '{"schema": 1, "looks": {"optimizers.race": {"options": {"x": 1}}}}']
)
def test_a_kept_session_that_is_damaged_is_put_aside_and_said(place, tmp_path, answer, content):
    (tmp_path / "kept").mkdir()
    for name in ("last.nabla.json", "window-00000001.nabla.json"):
        (tmp_path / "kept" / name).write_text(content)
        said = answer()
        desk = place()
        assert len(said) == 1
        [aside] = (tmp_path / "kept").glob(f"damaged-*-{name}")
        assert aside.read_text() == content
        assert aside.name in said[0]
        (tmp_path / "kept" / "last.nabla.json").unlink(missing_ok=True)
        desk.leave(saved=True)
        (tmp_path / "kept" / "last.nabla.json").unlink()


def test_a_session_kept_by_an_older_program_opens(place, tmp_path):
    (tmp_path / "kept").mkdir()
    save(Session(experiments={RACE: race(99)}), tmp_path / "kept" / "last.nabla.json")
    assert place().steps == 99


def test_without_a_folder_to_keep_in_the_program_starts_and_says_so_once(place, qtbot, tmp_path):
    (tmp_path / "kept").write_text("a file in its place")
    desk, said = place(start=False), []
    desk.documents.said.connect(said.append)
    desk.documents.restore_last()
    desk.set_steps(99)
    desk.documents.keep()
    assert len(said) == 1
    assert "Not kept" in said[0]
    assert str(tmp_path) in said[0] or "…" in said[0]
    desk.leave(saved=True)


def test_that_the_session_cannot_be_kept_is_said_once(place, monkeypatch):
    desk = place()
    said = []
    desk.documents.said.connect(said.append)

    def full(slot, kept):
        raise SessionError(
            "The file cannot be written: {reason}", reason="there is no space left on the disk"
        )

    monkeypatch.setattr(Slot, "write", full)
    for _ in range(3):
        desk.documents.keep()
    assert len(said) == 1
    assert "no space left" in said[0]


# Close


def test_closing_waits_out_of_sight_for_a_frame_that_takes_long(make, qtbot):
    begun, go_on, seen = Event(), Event(), []

    def frames(config):
        yield Frame(0, {"value": 0.0}, None)
        begun.set()
        assert go_on.wait(30)
        yield Frame(1, {"value": 1.0}, None)

    window = make()
    runner = Runner(Experiment("toys.long", "Long", CountConfig, frames, lambda config: 10), CountConfig())
    window.engine.take(runner)
    window.engine.aim(runner, inf)
    qtbot.waitUntil(begun.is_set)

    def look():
        seen.append((window.isVisible(), window.engine.isRunning()))
        go_on.set()

    QTimer.singleShot(100, look)
    window.documents.on_file = window.session()
    window.close()
    assert seen == [(False, True)]
    assert window.engine.isFinished()
