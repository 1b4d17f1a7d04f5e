"""What a view asks of the engine: it draws, and what takes time is computed in the other thread.

The picture before stays until the answer is there. `gui.screen.answering` says what a question is.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from enum import Enum
from time import perf_counter
from typing import Any
from weakref import ref

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from engine.config import Config, Problem
from gui.plots.panel import paint_now
from gui.screen.answering import Answering, Asker, Question
from gui.screen.engine_thread import EngineThread

KEEP_OLD = 250  # milliseconds for which the picture of a run before stands, while this one has no answers


@dataclass(frozen=True, eq=False)
class Answer:
    """What comes back: `about` is what was given with the question, to tell which moment it is of."""

    key: str
    number: int
    value: Any
    about: Any


class Questions(QObject):
    """What one view asks. It belongs to the view: what comes when the view has gone goes nowhere.

    Without a thread that runs (in a test, on a stage, where pictures are rendered) a question is answered
    before `ask` returns.
    """

    answered = Signal(object)  # an Answer
    failed = Signal(str)  # the key of a question that has a Problem for an answer, which is in `problems`

    expired = Signal()  # everything was forgotten and nothing has come since: an empty plot is honest now

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = ref(view)
        self._engine: EngineThread | None = None
        self._asker = Asker()
        self._asked: dict[str, tuple[Question, Any]] = {}  # the newest of each key, with what it is about
        self._waiting: dict[int, tuple[Question, Any]] = {}
        self.problems: dict[str, Problem] = {}  # by key, why there is no answer; any other error is raised
        self._count = 0
        self._drew = 0.0
        self._old = QTimer(self)
        self._old.setSingleShot(True)
        self._old.timeout.connect(self.expired)

    def use(self, engine: EngineThread) -> None:
        """Have what is asked from now on answered by this thread, while it runs."""
        self._engine = engine
        engine.answered.connect(self._take)

    def ask(self, key: str, function: Callable[..., Any], *arguments: Any, about: Any = None) -> int:
        """Ask for `function(*arguments)`, and return the question's number.

        What is asked again with the same arguments is not computed again.
        """
        before = self._asked.get(key)
        if before is not None and same_question(before[0], function, arguments):
            return before[0].number
        question = Question(ref(self._asker), key, self._count, function, arguments)
        self._count += 1
        self._asked[key] = self._waiting[question.number] = question, about
        if self._engine is None or not self._engine.ask(question):
            self._answer_now(question)
        return question.number

    def newest(self, key: str) -> int:
        """The number of the question of a key that was asked last; −1 before the first."""
        return self._asked[key][0].number if key in self._asked else -1

    def waits(self, *keys: str) -> bool:
        """Whether the newest question of any of these keys, or of any key, is still to be answered."""
        return any(self.newest(key) in self._waiting for key in keys or tuple(self._asked))

    def forget(self, *keys: str) -> None:
        """Want no answer any more to what was asked under these keys, or at all.

        Forget everything when another run begins: what is shown stays until there are others, or `expired`.
        """
        for key in keys or tuple(self._asked):
            self._asker.wanted_from[key] = self._count
            self._asked.pop(key, None)
            self.problems.pop(key, None)
        self._waiting = {n: asked for n, asked in self._waiting.items() if asked[0].wanted}
        if not keys:
            self._old.start(KEEP_OLD)

    def settle(self) -> None:
        """Answer at once, in this thread, whatever waits: for a picture that is taken now."""
        while newest := [asked[0] for asked in self._asked.values() if asked[0].number in self._waiting]:
            self._answer_now(newest[0])
        if self._old.isActive():
            self._old.stop()
            self.expired.emit()

    def _answer_now(self, question: Question) -> None:
        answering = Answering(question)
        while not answering.over:
            answering.advance()
        self._take(answering)

    @Slot(object)
    def _take(self, answering: Answering) -> None:
        """Take an answer, unless it is another's, or there is a newer one already."""
        question = answering.question
        if question.asker() is not self._asker or question.number not in self._waiting:
            return
        about = self._waiting[question.number][1]
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
        """Let the answer be drawn, and painted where there is a screen, while the engine stands still."""
        begun = perf_counter()
        view, running = self._view(), self._engine is not None and self._engine.isRunning()
        with self._engine.held() if self._engine is not None and running else nullcontext():
            self.answered.emit(answer)
            if running and view is not None:
                paint_now(view)
        self._drew += perf_counter() - begun

    def drew(self) -> float:
        """How many seconds answers have been drawn for since this was asked last: the engine stood still."""
        drew, self._drew = self._drew, 0.0
        return drew


def same_question(before: Question, function: Callable[..., Any], arguments: tuple[Any, ...]) -> bool:
    """Whether a question is asked again."""
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
