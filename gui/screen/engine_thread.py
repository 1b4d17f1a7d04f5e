"""The one thread beside the window: it advances the run that is on the screen, and answers its questions.

The window never waits for a signal to learn of new frames: it pulls from the recording sixty times
a second. While it draws it holds the engine still at its next frame boundary (`held`), which makes
both faster: two threads that want Python at once only take it from each other.

What the window would have to compute itself it asks here (`ask`): it is answered between two frames, and
what is asked once is answered soon, and of what is asked with every frame as much as leaves the run its time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Event
from time import perf_counter

from PySide6.QtCore import QThread, Signal

from engine.runner import Runner
from gui.screen.answering import Answering, Question, Queue

SLICE = 0.002  # seconds of computing between two looks at what is asked
EVEN, RARE = 1.0, 8.0  # times as long as a piece of an answer took: the frames' time before the next piece
SAVED, SAVING = 0.5, 0.1  # seconds of answers that may be had evenly; as many come back with each second
PATIENCE = 3000  # ms to wait for the frame in progress when the window closes


class EngineThread(QThread):
    """Drives runners as far as their goals: the one on the screen first, then those behind it."""

    ended = Signal(object)  # the Runner whose run has just ended
    answered = Signal(object)  # an Answering that is over

    def __init__(self) -> None:
        super().__init__()
        self._condition = Condition()
        self._screen_free = Event()
        self._screen_free.set()
        self._runners: tuple[Runner, ...] = ()
        self._dropped: list[Runner] = []
        self._questions = Queue()
        self._answering: Answering | None = None  # the thread's own, like the next
        self._frames_until = 0.0  # when it is the questions' turn again, by `perf_counter`
        self._saved = (SAVED, 0.0)  # seconds of answers that may be had evenly, and since when
        self._closing = False

    def take(self, *runners: Runner) -> None:
        """Drive these from now on, the first first; others stay where they are and can be taken again."""
        with self._condition:
            self._runners = runners
            self._condition.notify_all()

    def aim(self, runner: Runner, goal: float) -> None:
        """Let a runner go on to `goal`, or no further than where it is."""
        with self._condition:
            runner.goal = goal
            self._condition.notify_all()

    def drop(self, runner: Runner) -> None:
        """Stop a runner for good; its generator is closed in this thread, where it ran."""
        with self._condition:
            self._runners = tuple(other for other in self._runners if other is not runner)
            self._dropped.append(runner)
            self._condition.notify_all()

    def ask(self, question: Question) -> bool:
        """Answer a question when its turn comes; false where the thread does not run, and nobody will.

        A thread that is to end takes questions and answers none: the window is gone.
        """
        with self._condition:
            if not self._closing and not self.isRunning():
                return False
            self._questions.put(question)
            self._condition.notify_all()
        return True

    def wait_for(self, runner: Runner, step: int, seconds: float) -> bool:
        """Wait until a runner has recorded `step` or has ended, at the most so many seconds."""
        with self._condition:
            return self._condition.wait_for(
                lambda: runner.recording.last >= step or runner.finish is not None, seconds
            )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the engine still, from its next frame boundary, while the screen is drawn."""
        self._screen_free.clear()
        try:
            yield
        finally:
            self._screen_free.set()

    def close(self, patience: int = PATIENCE) -> bool:
        """End the thread; true when it has ended within so many milliseconds.

        Until then nobody may let go of it: a thread that is destroyed while it runs ends the process.
        """
        with self._condition:
            self._closing = True
            self._condition.notify_all()
        self._screen_free.set()
        return self.wait(patience)

    def run(self) -> None:
        """The thread's work; Qt calls it."""
        while True:
            with self._condition:
                self._condition.wait_for(self._has_work)
                dropped, self._dropped = self._dropped, []
                runner, closing = self._next(), self._closing
            for old in dropped:
                old.stop()
            if closing:
                self._give_up()
                return
            self._screen_free.wait()
            if runner is None or perf_counter() >= self._frames_until:
                self._answer()
            if runner is not None:
                self._advance(runner)

    def _answer(self) -> None:
        """Compute a piece of an answer, where one is wanted."""
        if self._answering is not None and not self._answering.question.wanted:
            self._give_up()
        if self._answering is None:
            with self._condition:
                question = self._questions.take()
            self._answering = Answering(question) if question is not None else None
        if self._answering is None:
            return
        begun = perf_counter()
        self._answering.advance()
        self._pay(begun, perf_counter())
        if self._answering.over:
            done, self._answering = self._answering, None
            self.answered.emit(done)

    def _pay(self, begun: float, ended: float) -> None:
        """What an answer took away from a run is given back to it, the more the more was asked lately."""
        saved, since = self._saved
        left = min(saved + SAVING * (ended - since), SAVED) - (ended - begun)
        self._saved = max(left, 0.0), ended
        self._frames_until = ended + (EVEN if left > 0 else RARE) * (ended - begun)

    def _give_up(self) -> None:
        """Leave a question without its answer."""
        if self._answering is not None:
            self._answering.close()
            self._answering = None

    def _advance(self, runner: Runner) -> None:
        """Compute for a moment: a frame at least, and no longer than until the screen is to be drawn."""
        until = perf_counter() + SLICE
        runner.advance()
        while runner.has_work and self._screen_free.is_set() and perf_counter() < until:
            runner.advance()
        with self._condition:
            self._condition.notify_all()
        if runner.finish is not None:
            self.ended.emit(runner)

    def _has_work(self) -> bool:
        asked = self._answering is not None or len(self._questions) > 0
        return self._closing or bool(self._dropped) or asked or self._next() is not None

    def _next(self) -> Runner | None:
        return next((runner for runner in self._runners if runner.has_work), None)
