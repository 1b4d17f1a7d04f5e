"""A view asks, the engine's thread answers: real threads, real signals."""

import gc
from itertools import pairwise
from math import inf
from threading import Event, get_ident

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from engine.config import Problem
from engine.runner import Finish, Runner
from gui.screen.engine_thread import EngineThread
from gui.screen.questions import Questions, same
from tests.toys import CountConfig, Counter


class Someone:
    """A widget that asks, and what it was told: key, number, value, about."""

    def __init__(self, engine, qtbot):
        self.view = QWidget()
        qtbot.addWidget(self.view)
        self.questions = Questions(self.view)
        if engine is not None:
            self.questions.use(engine)
        self.told = []
        self.questions.answered.connect(
            lambda answer: self.told.append((answer.key, answer.number, answer.value, answer.about))
        )

    @property
    def values(self):
        return [value for _, _, value, _ in self.told]


@pytest.fixture
def someone(engine, qtbot):
    return Someone(engine, qtbot)


class Gate:
    """A function of the engine that is under way until it is let go."""

    def __init__(self):
        self.begun, self.free = Event(), Event()

    def __call__(self, value):
        self.begun.set()
        assert self.free.wait(10)
        return value


def test_an_answer_comes_from_the_other_thread_with_its_number_and_what_it_is_about(someone, qtbot):
    def where(value):
        return value, get_ident()

    assert someone.questions.ask("field", where, 7, about="step 3") == 0
    assert someone.questions.waits("field")
    assert someone.told == []
    qtbot.waitUntil(lambda: bool(someone.told))
    [(key, number, (value, thread), about)] = someone.told
    assert (key, number, value, about) == ("field", 0, 7, "step 3")
    assert thread != get_ident()
    assert not someone.questions.waits()


def test_a_picture_takes_with_it_what_is_answered_within_a_moment(someone, monkeypatch):
    """What took longer the time before is not waited for."""
    monkeypatch.setattr("gui.screen.questions.SOON", 5.0)
    someone.questions.ask("field", abs, -7)
    someone.questions.ask("levels", abs, -9)
    someone.questions.take_soon()
    assert someone.values == [7, 9]
    gate = Gate()
    someone.questions._took["slow"] = 6.0
    someone.questions.ask("slow", gate, 1)
    someone.questions.take_soon()
    assert someone.values == [7, 9]
    gate.free.set()


def test_a_spared_key_is_asked_now_and_then_and_at_the_end(someone, qtbot, monkeypatch):
    monkeypatch.setattr("gui.screen.questions.SOON", 5.0)
    monkeypatch.setattr("gui.screen.questions.OFTEN", 1e6)
    someone.questions.spare("told")
    for value in range(1, 9):
        someone.questions.ask("told", abs, -value)
        someone.questions.take_soon()  # does not wait for one that is held back
    assert someone.values == [1]
    qtbot.waitUntil(lambda: not someone.questions.waits())
    assert someone.values == [1, 8]
    monkeypatch.setattr("gui.screen.questions.OFTEN", 0.0)
    someone.questions.ask("told", abs, -9)
    someone.questions.take_soon()
    assert someone.values == [1, 8, 9]


def test_a_question_that_is_held_back_is_answered_once_if_a_picture_is_taken(someone, qtbot, monkeypatch):
    monkeypatch.setattr("gui.screen.questions.OFTEN", 1e6)
    asked = []
    someone.questions.spare("told")
    for value in (1, 2):
        someone.questions.ask("told", asked.append, value)
    with qtbot.waitSignal(someone.questions._rest.timeout):
        someone.questions.settle()
    someone.questions.ask("field", abs, -7)
    qtbot.waitUntil(lambda: 7 in someone.values)
    assert asked.count(2) == 1


def test_an_error_that_comes_together_with_an_answer_does_not_end_the_wait(someone, monkeypatch):
    monkeypatch.setattr("gui.screen.questions.SOON", 5.0)

    def fails():
        raise Problem("Too large")

    someone.questions.ask("field", abs, -7)
    someone.questions.ask("levels", fails)
    assert all(question.answered.wait(5.0) for question, _ in someone.questions._waiting.values())
    someone.questions.take_soon()
    assert someone.values == [7]
    assert [*someone.questions.problems] == ["levels"]


def test_of_the_questions_that_wait_the_newest_of_a_key_is_answered(someone, qtbot):
    gate = Gate()
    someone.questions.ask("field", gate, 0)
    assert gate.begun.wait(10)
    for value in range(1, 50):
        someone.questions.ask("field", abs, -value)
    someone.questions.ask("lines", abs, -100)
    gate.free.set()
    qtbot.waitUntil(lambda: not someone.questions.waits())
    assert [told[:3] for told in someone.told] == [("field", 0, 0), ("field", 49, 49), ("lines", 50, 100)]


def test_the_same_question_is_asked_once(someone, qtbot):
    asked = []
    array = np.arange(3.0)

    def count(*arguments):
        asked.append(arguments)
        return len(asked)

    def ask(*arguments):
        number = someone.questions.ask("count", count, *arguments)
        qtbot.waitUntil(lambda: not someone.questions.waits())
        return number

    assert [ask(array, CountConfig(steps=5)), ask(array, CountConfig(steps=5))] == [0, 0]
    assert ask(array.copy(), CountConfig(steps=5)) == 1
    assert ask(array, CountConfig(steps=6)) == 2
    assert someone.values == [1, 2, 3]
    someone.questions.forget("count")
    assert ask(array, CountConfig(steps=6)) == 3


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        (1, 1, True),
        (1, 1.0, False),
        ("a", "a", True),
        (None, None, True),
        ((1, "a"), (1, "a"), True),
        (1, 2, False),
        ((1,), (1, 2), False),
        (CountConfig(steps=3), CountConfig(steps=3), True),
        (np.zeros(2), np.zeros(2), False),
        ([1], [1], False),
    ],
)
def test_what_is_the_same(one, other, are):
    assert same(one, other) is are


def test_what_is_forgotten_is_not_answered(someone, qtbot):
    gate = Gate()
    someone.questions.ask("slow", gate, "old")
    assert gate.begun.wait(10)
    someone.questions.ask("field", abs, -1)
    someone.questions.forget()
    assert not someone.questions.waits()
    someone.questions.ask("field", abs, -2)
    gate.free.set()
    qtbot.waitUntil(lambda: bool(someone.told))
    qtbot.waitUntil(lambda: not someone.questions.waits())
    assert someone.values == [2]


def test_what_is_shown_of_a_run_before_expires_unless_there_is_an_answer(someone, engine, qtbot):
    expired = []
    someone.questions.expired.connect(lambda: expired.append(list(someone.told)))
    someone.questions.forget()
    someone.questions.ask("field", abs, -1)
    qtbot.waitUntil(lambda: not someone.questions.waits())
    assert not someone.questions._old.isActive()
    with qtbot.waitSignal(someone.questions.expired):
        someone.questions.forget()
    someone.questions.forget()
    someone.questions.settle()
    assert len(expired) == 2
    someone.questions.settle()
    assert len(expired) == 2


def test_frames_go_on_between_the_pieces_of_an_answer(engine, someone, qtbot):
    run = Runner(Counter().experiment(), CountConfig(steps=10_000_000))
    seen = []

    def in_pieces():
        for _ in range(5):
            seen.append(run.recording.last)
            yield
        return "done"

    engine.take(run)
    engine.aim(run, inf)
    assert engine.wait_for(run, 1, 5)
    someone.questions.ask("pieces", in_pieces)
    qtbot.waitUntil(lambda: bool(someone.told))
    assert someone.values == ["done"]
    assert len(seen) == 5
    assert all(later > earlier for earlier, later in pairwise(seen))


def test_pieces_that_nobody_wants_any_more_are_closed_where_they_ran(someone, qtbot):
    begun, closed = Event(), []

    def for_ever():
        try:
            while True:
                begun.set()
                yield
        finally:
            closed.append(get_ident())

    someone.questions.ask("endless", for_ever)
    assert begun.wait(10)
    someone.questions.forget("endless")
    qtbot.waitUntil(lambda: bool(closed))
    assert closed[0] != get_ident()


def test_a_view_that_is_gone_is_told_nothing_and_ends_its_pieces(engine, qtbot):
    begun, closed = Event(), Event()

    def for_ever():
        try:
            while True:
                begun.set()
                yield
        finally:
            closed.set()

    view = QWidget()
    questions, told = Questions(view), []
    questions.use(engine)
    questions.answered.connect(told.append)
    gate = Gate()
    questions.ask("slow", gate, 1)
    assert gate.begun.wait(10)
    questions.ask("endless", for_ever)
    other = Someone(engine, qtbot)
    gate.free.set()
    assert begun.wait(10)  # so the first answer is on its way to this thread
    view.deleteLater()
    del view, questions
    gc.collect()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert closed.wait(10)
    other.questions.ask("after", abs, -3)
    qtbot.waitUntil(lambda: bool(other.told))
    assert other.values == [3]
    assert told == []


def test_a_sentence_for_the_user_is_kept_until_there_is_an_answer(someone, qtbot):
    def refuse():
        raise Problem("There is nothing at {x}", x=3)

    with qtbot.waitSignal(someone.questions.failed) as failed:
        someone.questions.ask("field", refuse)
    assert failed.args == ["field"]
    assert str(someone.questions.problems["field"]) == "There is nothing at 3"
    someone.questions.ask("field", abs, -1)
    qtbot.waitUntil(lambda: bool(someone.told))
    assert someone.questions.problems == {}


def test_any_other_error_is_raised_in_the_windows_thread_and_the_engine_goes_on(someone, qtbot):
    def divide(number):
        return number // 0

    with qtbot.captureExceptions() as raised:
        someone.questions.ask("field", divide, 3)
        qtbot.waitUntil(lambda: bool(raised))
    assert [kind for kind, _, _ in raised] == [ZeroDivisionError]
    someone.questions.ask("field", abs, -1)
    qtbot.waitUntil(lambda: bool(someone.told))


def test_what_is_asked_once_is_answered_evenly_and_what_is_asked_always_takes_a_ninth_of_the_time(qapp):
    engine, now = EngineThread(), 100.0
    engine._pay(now, now + 0.4)
    assert engine._frames_until == pytest.approx(100.4 + 0.4), "as long as the answer took"
    now += 0.8
    engine._pay(now, now + 0.4)
    assert engine._frames_until == pytest.approx(now + 0.4 + 8 * 0.4), "nothing is saved any more"
    for _ in range(20):
        before, now = now, engine._frames_until
        engine._pay(now, now + 0.05)
    assert (now - before) == pytest.approx(9 * 0.05)
    engine._pay(now + 60.0, now + 60.1)
    assert engine._frames_until == pytest.approx(now + 60.2), "a minute later it is saved again"


def test_drawing_an_answer_counts_as_drawing(window, qtbot, monkeypatch):
    """A run has its time to itself after a picture, whoever has asked for it."""
    view = window.on_screen.view
    monkeypatch.setattr(
        window.on_screen, "tick", lambda seconds: None
    )  # it asks the same, and then it is told
    view.questions.drew()
    with qtbot.waitSignal(view.questions.answered):
        view.questions.ask("extra", abs, -1)
    assert view.questions.drew() > 0
    assert view.questions.drew() == 0


def test_nothing_is_answered_while_the_screen_is_drawn_and_asking_waits_for_nothing(engine, someone, qtbot):
    begun = Event()

    def begin():
        begun.set()
        return 1

    someone.questions.ask("first", abs, -1)
    qtbot.waitUntil(lambda: bool(someone.told))
    with engine.held():
        someone.questions.ask("field", begin)
        assert not begun.wait(0.05)
    qtbot.waitUntil(lambda: len(someone.told) == 2)


def test_without_a_thread_that_runs_an_answer_is_there_when_ask_returns(qtbot):
    for engine in (None, EngineThread()):
        someone = Someone(engine, qtbot)
        someone.questions.ask("field", abs, -4, about="now")
        assert someone.told == [("field", 0, 4, "now")]
        with pytest.raises(ZeroDivisionError):
            someone.questions.ask("field", divmod, 1, 0)


def test_a_picture_that_is_taken_now_has_all_its_answers(someone, qtbot):
    gate = Gate()
    someone.questions.ask("slow", gate, "old")
    assert gate.begun.wait(10)

    def pieces():
        yield
        return "new"

    someone.questions.ask("slow", pieces)
    someone.questions.ask("field", abs, -1)
    someone.questions.settle()
    assert someone.values == ["new", 1]
    gate.free.set()
    someone.questions.ask("last", abs, -2)
    qtbot.waitUntil(lambda: not someone.questions.waits())
    assert someone.values == ["new", 1, 2], "what was under way has been overtaken"


def test_a_thread_ends_in_the_middle_of_an_answer(qtbot):
    for _ in range(50):
        engine = EngineThread()
        run = Runner(Counter().experiment(), CountConfig(steps=10_000_000))
        someone, closed = Someone(engine, qtbot), Event()

        def for_ever(closed=closed):
            try:
                while True:
                    yield
            finally:
                closed.set()

        engine.start()
        engine.take(run)
        engine.aim(run, inf)
        someone.questions.ask("endless", for_ever)
        assert engine.wait_for(run, 3, 5)
        engine.drop(run)
        assert engine.close()
        assert run.finish in (Finish.STOPPED, None)
        someone.questions.ask("late", abs, -1)
        assert someone.told == []


def test_what_cannot_be_answered_is_said_over_the_plots(window, qtbot):
    def refuse():
        raise Problem("The loss became infinite at step {step}", step=3)

    window.on_screen.view.questions.ask("extra", refuse)
    qtbot.waitUntil(window.on_screen.banner.isVisible)
    assert window.on_screen.banner.text() == "The loss became infinite at step 3"
    window.on_screen.view.questions.ask("extra", abs, -1)
    qtbot.waitUntil(lambda: not window.on_screen.banner.isVisible())
