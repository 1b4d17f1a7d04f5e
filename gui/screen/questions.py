"""The questions of a view to the engine: a view only draws, and what takes time is computed in the other
thread.

The old picture stays until the answer has come. `gui.screen.answering` says what a question is.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from enum import Enum
from math import inf
from time import perf_counter
from typing import Any
from weakref import ref

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from engine.config import Config, Problem
from gui.screen.answering import Answering, Asker, Question
from gui.screen.engine_thread import EngineThread

SOON = 0.004  # seconds for which a picture waits for an answer, so that both are painted at once
KEEP_OLD = 250  # milliseconds for which the picture of the old run stays while the new one has no answers
OFTEN = 0.05  # seconds between two questions of a key that is spared; formulas do not change more often
AT_REST = 100  # milliseconds after the last change until one that was held back is asked


@dataclass(frozen=True, eq=False)
class Answer:
    """An answer; `about` was given with the question, and says for which moment it is."""

    key: str
    number: int
    value: Any
    about: Any


class Questions(QObject):
    """The questions of one view. It belongs to the view: an answer that comes after the view is gone is
    dropped.

    Without a running thread (in a test, or where pictures are rendered) a question is answered before `ask`
    returns.
    """

    answered = Signal(object)  # an Answer
    drawn = Signal()  # it has been drawn, and is to be painted now
    failed = Signal(str)  # the key of a question that ended with a Problem, which is in `problems`

    expired = Signal()  # all answers were forgotten and none has come since: plots should now be empty

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._engine: EngineThread | None = None
        self._asker = Asker()
        self._asked: dict[str, tuple[Question, Any]] = {}  # the newest question of each key, with its `about`
        self._waiting: dict[int, tuple[Question, Any]] = {}
        self.problems: dict[str, Problem] = {}  # by key, why there is no answer; other errors are raised
        self._count = 0
        self._took: dict[str, float] = {}  # seconds of the last answer of each key
        self._drew = 0.0
        self._together = False  # whether several answers are drawn before they are painted
        self._old = QTimer(self)
        self._old.setSingleShot(True)
        self._old.timeout.connect(self.expired)
        # of each spared key: when a question was sent, by `perf_counter`; the newest, if not sent yet
        self._asked_at: dict[str, float] = {}
        self._held_back: dict[str, Question] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._ask_held_back)

    def use(self, engine: EngineThread) -> None:
        """Send questions from now on to this thread, while it runs."""
        self._engine = engine
        engine.answered.connect(self._take)

    def spare(self, key: str) -> None:
        """Ask questions of this key at most every 50 ms, because only formulas show the answers.

        One that comes sooner is held back until no other has come for 100 ms; a newer one takes its place.
        """
        self._asked_at[key] = -inf

    def ask(self, key: str, function: Callable[..., Any], *arguments: Any, about: Any = None) -> int:
        """Ask for `function(*arguments)`, and return the question's number.

        The same question with the same arguments is not computed again.
        """
        before = self._asked.get(key)
        if before is not None and same_question(before[0], function, arguments):
            return before[0].number
        question = Question(ref(self._asker), key, self._count, function, arguments)
        self._count += 1
        self._asked[key] = self._waiting[question.number] = question, about
        if perf_counter() - self._asked_at.get(key, -inf) < OFTEN and self._runs:
            self._held_back[key] = question
            self._rest.start(AT_REST)
        else:
            self._send(question)
        return question.number

    def _send(self, question: Question) -> None:
        """Let the engine answer a question; without a running engine, answer it here."""
        self._held_back.pop(question.key, None)
        if question.key in self._asked_at:
            self._asked_at[question.key] = perf_counter()
        if self._engine is None or not self._engine.ask(question):
            self._answer_now(question)

    @Slot()
    def _ask_held_back(self) -> None:
        for question in [*self._held_back.values()]:
            self._send(question)

    @property
    def _runs(self) -> bool:
        return self._engine is not None and self._engine.isRunning()

    def newest(self, key: str) -> int:
        """Return the number of the last question of a key; −1 before the first."""
        return self._asked[key][0].number if key in self._asked else -1

    def waits(self, *keys: str) -> bool:
        """Whether the newest question of one of these keys (without keys: of any) has no answer yet."""
        return any(self.newest(key) in self._waiting for key in keys or tuple(self._asked))

    def forget(self, *keys: str) -> None:
        """Drop the questions of these keys; without keys, all.

        All are dropped when another run begins: the plots stay until new answers have come, or until
        `expired`.
        """
        for key in keys or tuple(self._asked):
            self._asker.wanted_from[key] = self._count
            self._asked.pop(key, None)
            self._held_back.pop(key, None)
            self.problems.pop(key, None)
        self._waiting = {n: asked for n, asked in self._waiting.items() if asked[0].wanted}
        if not keys:
            self._old.start(KEEP_OLD)

    def take_soon(self) -> None:
        """Take and draw the answers that come within a moment; the caller paints them all at once."""
        ends, self._together = perf_counter() + SOON, True
        try:
            for question, _ in [*self._waiting.values()]:
                key, left = question.key, max(ends - perf_counter(), 0.0)
                newest = question.number == self.newest(key)  # an error may have come beside an answer
                quick = newest and self._took.get(key, 0.0) < SOON and key not in self._held_back
                if quick and self._engine is not None and self._engine.wait_for_answer(question, left):
                    QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)
        finally:
            self._together = False

    def settle(self) -> None:
        """Answer all waiting questions now, in this thread, because a picture is taken."""
        while newest := [asked[0] for asked in self._asked.values() if asked[0].number in self._waiting]:
            self._answer_now(newest[0])
        if self._old.isActive():
            self._old.stop()
            self.expired.emit()

    def _answer_now(self, question: Question) -> None:
        self._held_back.pop(question.key, None)
        answering = Answering(question)
        while not answering.over:
            answering.advance()
        self._take(answering)

    @Slot(object)
    def _take(self, answering: Answering) -> None:
        """Take an answer, unless it belongs to another view, or a newer one is there already."""
        question = answering.question
        if question.asker() is not self._asker or question.number not in self._waiting:
            return
        about = self._waiting[question.number][1]
        self._took[question.key] = answering.took
        self._old.stop()
        for number in [n for n, asked in self._waiting.items() if asked[0].key == question.key]:
            if number <= question.number:
                del self._waiting[number]
        self.problems.pop(question.key, None)
        if answering.error is None:
            self._tell(Answer(question.key, question.number, answering.value, about))
            return
        if self.newest(question.key) == question.number:
            del self._asked[question.key]
        if not isinstance(answering.error, Problem):
            raise answering.error
        self.problems[question.key] = answering.error
        self.failed.emit(question.key)

    def _tell(self, answer: Answer) -> None:
        """Draw the answer while the engine stands still, and paint it if it is on a screen."""
        begun = perf_counter()
        runs = self._runs
        with self._engine.held() if self._engine is not None and runs else nullcontext():
            self.answered.emit(answer)
            if runs and not self._together:
                self.drawn.emit()
        self._drew += perf_counter() - begun

    def drew(self) -> float:
        """Return for how many seconds answers were drawn since the last call; the engine stood still then."""
        drew, self._drew = self._drew, 0.0
        return drew


def same_question(before: Question, function: Callable[..., Any], arguments: tuple[Any, ...]) -> bool:
    """Whether a question is the same as the one before."""
    return before.function is function and same(before.arguments, arguments)


def same(one: Any, other: Any) -> bool:
    """Whether two arguments are the same object, or plain values that are equal; arrays are not compared."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, Config | str | int | float | Enum) and bool(one == other)
