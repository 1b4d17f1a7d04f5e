"""The base of the pages: what is drawn when, of what is on show, and only where something is otherwise."""

from typing import Annotated

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from engine.config import Config, number, plain
from engine.experiment import Frame
from engine.gradient_check import GradientCheck
from engine.recording import Recording
from gui.look.theme import LIGHT
from gui.plots.curves import CurvesPanel
from gui.screen.moment import Moment, new_run
from gui.screen.view import Urgency, View

NARROW = 300


class Settings(Config, frozen=True):
    rate: Annotated[float, number("Rate", "How fast.", gt=0, le=1)] = 0.5


class Look(Config, frozen=True):
    second: Annotated[bool, plain("Second", "Show the second too.")] = True
    camera: float = 0.0


class Note(QLabel):
    """Remembers what it was told to show."""

    def __init__(self):
        super().__init__()
        self.seen = []


def tell(note, at):
    note.seen.append(at.step)


def title(note, at):
    note.seen.append("title")


class Playback(View):
    config_type, options_type = Settings, Look
    kept_by_plots = ("camera",)

    def __init__(self):
        super().__init__(LIGHT, Look())
        self.now, self.soon, self.settled, self.second, self.early = (Note() for _ in range(5))
        self.fill(self.now, title, by=new_run)
        self.fill(self.now, tell)
        self.fill(self.soon, tell, Urgency.SOON)
        self.fill(self.settled, tell, Urgency.SETTLED)
        self.fill(self.second, tell, anew=Urgency.SETTLED)
        self.fill(self.early, title, by=new_run, early=True)
        self.lay_out(self.now, self.soon, self.settled, self.second, self.early)

    def arrange(self, at, room):
        self.second.setVisible(at.options.second and room.width >= NARROW)
        return room.width < NARROW


def run(steps=9):
    recording = Recording()
    recording.append(Frame(0, {"f": 1.0}, None))
    for step in range(1, steps + 1):
        recording.append(Frame(step, {"f": 1.0}, None))
    return recording


@pytest.fixture
def playback(qtbot):
    made = Playback()
    qtbot.addWidget(made)
    made.resize(400, 300)
    with qtbot.waitExposed(made):
        made.show()
    return made


def show(playback, recording, step, config=Settings()):  # noqa: B008
    playback.show_moment(Moment(config, playback.options, recording, step))


def test_at_first_all_is_drawn(playback):
    show(playback, run(), 3)
    assert playback.now.seen == ["title", 3]
    assert [note.seen for note in (playback.soon, playback.settled, playback.second)] == [[3]] * 3


def test_what_is_not_otherwise_is_not_drawn_again(playback):
    recording = run()
    for step in (3, 3, 4, 4):
        show(playback, recording, step)
    assert playback.now.seen == ["title", 3, 4]


def test_what_is_put_off_is_drawn_once_for_many_moments(playback, qtbot):
    recording = run()
    for step in range(6):
        show(playback, recording, step)
    assert playback.soon.seen == [0]
    qtbot.waitUntil(lambda: len(playback.settled.seen) > 1)
    assert playback.soon.seen == playback.settled.seen == [0, 5]


def test_a_picture_taken_now_has_everything(playback, qtbot):
    recording = run()
    show(playback, recording, 1)
    show(playback, recording, 7)
    playback.catch_up()
    assert playback.soon.seen == playback.settled.seen == [1, 7]
    assert playback.startTimer(1000) > 0, "no timer of its own runs on"


def test_while_a_run_is_played_the_plots_take_turns(playback, qtbot):
    recording = run()
    show(playback, recording, 0)
    playback.fills.hurried = True
    notes = playback.now, playback.soon, playback.second
    for step in range(1, 4):
        show(playback, recording, step)
        for note in notes:
            note.seen.clear()
        playback.fills.take_turns(0.0, at_least_one=True)
        assert sum(map(bool, (note.seen for note in notes))) == 1, "one, though there is no time"
    qtbot.waitUntil(lambda: all(fill.waits is not Urgency.SOON for fill in playback.fills.every))
    show(playback, recording, 4)
    for note in notes:
        note.seen.clear()
    playback.fills.take_turns(10.0, at_least_one=True)
    assert [note.seen for note in notes] == [[4]] * 3, "all that is due, while there is time"


class Prompt(View):
    config_type, options_type = Settings, Look

    def __init__(self):
        super().__init__(LIGHT, Look())
        self.seen, self.curves = [], [CurvesPanel(name, LIGHT) for name in "ab"]
        for name, panel in zip("ab", self.curves, strict=True):
            self.fill(panel, lambda _, at, name=name: self.seen.append((name, at.step)), prompt=True)
        self.note = Note()
        self.fill(self.note, lambda _, at: self.seen.append(("note", at.step)))
        self.lay_out(*self.curves, self.note)


def test_at_full_speed_plots_of_the_same_moment_are_drawn_one_in_each_frame(qtbot):
    view = Prompt()
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    recording = run()
    show(view, recording, 0)
    view.fills.hurried = True
    show(view, recording, 1)
    assert view.seen[3:] == [("a", 1), ("b", 1)], "played: both at once"
    view.fills.apart = True
    for step in range(2, 4):
        view.seen.clear()
        show(view, recording, step)
        assert not view.seen
        for done in range(1, 3):
            assert view.fills.unfinished
            assert not view.fills.take_turns(0.0, at_least_one=True), "the note has had no turn"
            assert len(view.seen) == done
        assert set(view.seen) == {("a", step), ("b", step)}
        assert not view.fills.unfinished
        assert view.fills.take_turns(0.0, at_least_one=True)
        assert view.seen[2:] == [("note", step)]


def test_once_a_run_stands_still_every_plot_shows_where(playback):
    recording = run()
    show(playback, recording, 0)
    playback.fills.hurried = True
    show(playback, recording, 5)
    assert playback.now.seen == ["title", 0]
    playback.fills.hurried = False
    show(playback, recording, 5)
    assert playback.now.seen == ["title", 0, 5]
    assert playback.second.seen == [0, 5]


def test_another_run_and_another_look_wait_for_no_turn(playback):
    recording = run()
    show(playback, recording, 0)
    playback.fills.hurried = True
    show(playback, run(), 3)
    assert playback.now.seen == ["title", 0, "title", 3]
    playback.set_option(second=False)
    assert playback.now.seen[4:] == [3]


def test_another_run_has_an_urgency_of_its_own(playback):
    show(playback, run(), 1)
    recording = run()
    show(playback, recording, 2)
    assert playback.second.seen == [1]
    show(playback, recording, 3)
    assert playback.second.seen == [1, 3], "once it goes on, it keeps up"


def test_what_is_hidden_is_drawn_when_it_is_seen(playback, qtbot):
    recording = run()
    playback.resize(NARROW - 50, 300)
    show(playback, recording, 1)
    show(playback, recording, 2)
    playback.catch_up()
    assert playback.second.seen == []
    assert playback.at.tight
    playback.resize(NARROW + 50, 300)
    qtbot.waitUntil(lambda: playback.second.seen == [2])
    playback.set_option(second=False)
    show(playback, recording, 3)
    playback.set_option(second=True)
    assert playback.second.seen == [2, 3]


def test_an_option_that_a_plot_shows_already_draws_nothing(playback, qtbot):
    show(playback, run(), 1)
    playback.catch_up()
    before = [*playback.now.seen]
    with qtbot.waitSignal(playback.options_changed) as told:
        playback.set_option(camera=3.0)
    assert told.args[0].camera == playback.options.camera == 3.0
    assert playback.now.seen == before


def test_before_the_start_only_what_needs_no_frame_is_drawn(playback):
    recording = Recording()
    show(playback, recording, 0)
    assert (playback.early.seen, playback.now.seen) == (["title"], [])
    recording.append(Frame(0, {"f": 1.0}, None))
    show(playback, recording, 0)
    assert (playback.early.seen, playback.now.seen, playback.soon.seen) == (["title"], ["title", 0], [0])


def test_what_a_setting_cannot_hold_is_no_edit(playback, qtbot):
    show(playback, run(), 1)
    with qtbot.assertNotEmitted(playback.edited):
        playback.edit(rate=7.0)
    with qtbot.waitSignal(playback.edited) as told:
        playback.edit(rate=0.25)
    assert told.args[0] == Settings(0.25)


def double(step):
    return 2 * step


class Asking(View):
    config_type, options_type = Settings, Look

    def __init__(self):
        super().__init__(LIGHT, Look())
        self.answers, self.aside = Note(), Note()
        self.ask("double", question)
        self.fill(self.answers, tell_answer, of="double")
        self.check = self.check_button("Try it")
        self.lay_out(self.answers, self.aside, self.check)

    def check_question(self, at):
        return checks, at.step


def question(at):
    return (double, at.step) if at.step != 5 else None


def tell_answer(note, at, answer):
    note.seen.append((at.step, at.options.second, answer))


def checks(step):
    return [GradientCheck(1e-9, 0, 1.0, 1.0, 4, True), GradientCheck(step / 10, 0, 1.0, 1.0, 4, step < 3)]


@pytest.fixture
def asking(qtbot):
    made = Asking()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_what_is_asked_is_shown_when_it_has_come_and_when_the_options_change(asking):
    recording = run()
    show(asking, recording, 2)
    assert asking.answers.seen == [(2, True, 4)]
    asking.set_option(second=False)
    assert asking.answers.seen[1:] == [(2, False, 4)], "with the same answer"
    show(asking, recording, 5)
    assert asking.answer("double") == 4, "there is nothing to ask: what was there stays"
    show(asking, recording, 4)
    assert asking.answers.seen[2:] == [(4, False, 8)]


class Waiting(View):
    config_type, options_type = Settings, Look

    def __init__(self):
        super().__init__(LIGHT, Look())
        self.plot = CurvesPanel("Double", LIGHT)
        self.ask("double", question)
        self.fill(self.plot, lambda plot, at, answer: None, of="double")
        self.lay_out(self.plot)


def test_an_empty_plot_says_that_its_answer_is_still_computed(qtbot, monkeypatch):
    view = Waiting()
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    assert view.plot.empty_words == "No data yet"
    monkeypatch.setattr(view.questions, "_engine", Late())
    show(view, run(), 2)
    assert view.plot.empty_words == "Being computed …"
    view.questions.settle()
    assert view.plot.empty_words == "No data yet", "it has come, and says nothing"


class Late:
    """An engine that takes every question and has not answered yet."""

    def ask(self, question):
        return True

    def isRunning(self):
        return False


def test_what_nobody_sees_is_not_asked(asking):
    asking.answers.hide()
    show(asking, run(), 2)
    assert asking.answer("double") is None
    asking.answers.show()
    asking.resize(asking.width() + 1, asking.height())
    show(asking, asking.at.recording, 2)
    assert asking.answer("double") == 4


def test_gradients_are_checked_at_the_press_of_a_button_until_the_run_is_another_one(asking, qtbot):
    button, badge = asking.check.button, asking.check.badge
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert badge.text() == "", "there is nothing to check yet"
    recording = run()
    show(asking, recording, 2)
    with qtbot.waitSignal(asking.live_changed):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert badge.toolTip() == "✓ relative error 0.2, step 2"
    show(asking, recording, 7)
    assert asking.checked.at.step == 2, "it stands until it is done again"
    whole, wide = badge.toolTip(), asking.check.width()
    asking.check.resize(wide + 400, asking.check.height())
    assert badge.text() == whole
    asking.check.resize(button.width() + 130, asking.check.height())
    assert whole.startswith(badge.text()[0]), "the mark stays, whatever the room"
    assert 2 < len(badge.text()) < len(whole)
    asking.check.resize(wide, asking.check.height())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert badge.toolTip() == "✗ relative error 0.7, step 7"
    show(asking, run(), 7)
    assert badge.text() == ""
    assert asking.checked is None
