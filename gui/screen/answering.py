"""Questions to the engine, and how they are answered.

A question is a function of the engine and its arguments. It has a key. Of the waiting questions with the same
key, only the newest is answered; the older ones are dropped. A question that is being answered is answered to
its end, so a view that asks with every frame gets one answer after the other.

A function may be a generator: its return value is the answer, and at every yield frames are computed and the
screen is drawn. A function that takes longer than a frame of the screen (16 ms) has to be a generator.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from threading import Event
from time import perf_counter
from types import GeneratorType
from typing import Any
from weakref import ReferenceType

import numpy as np


class Asker:
    """The object that asks: while it lives, its questions are wanted. The other thread holds it weakly."""

    def __init__(self) -> None:
        self.wanted_from: dict[str, int] = {}  # for each key, the number of the first question still wanted


@dataclass(frozen=True, eq=False)
class Question:
    """The question for `function(*arguments)`; the questions of one asker are numbered from 0."""

    asker: "ReferenceType[Asker]"
    key: str
    number: int
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    answered: Event = field(default_factory=Event)

    @property
    def wanted(self) -> bool:
        """Whether its asker still waits for the answer."""
        asker = self.asker()
        return asker is not None and self.number >= asker.wanted_from.get(self.key, 0)

    def takes_the_place_of(self, other: "Question") -> bool:
        """Whether this question replaces another one: it has the same asker and key."""
        return self.key == other.key and self.asker() is other.asker()


class Answering:
    """A question that is being answered, piece by piece; when it is `over`, it has a `value` or an
    `error`.
    """

    def __init__(self, question: Question) -> None:
        self.question = question
        self.over = False
        self.took = 0.0  # seconds of computing so far
        self.value: Any = None
        self.error: Exception | None = None
        self._pieces: Generator[object, None, Any] | None = None

    def advance(self) -> None:
        """Compute the next piece. Infinity is a result here, as it is in frames."""
        begun = perf_counter()
        try:
            with np.errstate(all="ignore"):
                self._compute()
        # Every error is raised where the question was asked.
        except Exception as error:  # noqa: BLE001
            self.over, self.error = True, error
        self.took += perf_counter() - begun

    def _compute(self) -> None:
        if self._pieces is None:
            self.value = self.question.function(*self.question.arguments)
            if not isinstance(self.value, GeneratorType):
                self.over = True
                return
            self._pieces = self.value
        try:
            next(self._pieces)
        except StopIteration as end:
            self.over, self.value = True, end.value

    def close(self) -> None:
        """Abandon it, in the thread that has begun it."""
        if self._pieces is not None:
            self._pieces.close()


class Queue:
    """The waiting questions, in the order in which their keys came."""

    def __init__(self) -> None:
        self._waiting: list[Question] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, question: Question) -> None:
        """Add a question; it takes the place of an older one of the same key."""
        for index, other in enumerate(self._waiting):
            if question.takes_the_place_of(other):
                self._waiting[index] = question
                return
        self._waiting.append(question)

    def take(self) -> Question | None:
        """Remove and return the next question that is still wanted."""
        while self._waiting:
            question = self._waiting.pop(0)
            if question.wanted:
                return question
        return None
