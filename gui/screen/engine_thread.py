"""The only thread beside the window's: it computes the run that is on the screen, and answers questions.

The window does not wait for signals about new frames: it reads the recording sixty times a second. While it
draws, the engine stands still at its next frame boundary (`held`). That makes both faster, because only one
thread can run Python code at a time.

What the window must not compute itself, it asks here (`ask`). Questions are answered between two frames. A
single question is answered soon; a question with every frame gets only a part of the time, so that the run
goes on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Event
from time import perf_counter

from PySide6.QtCore import QThread, Signal

from engine.runner import Runner
from gui.screen.answering import Answering, Question, Queue

SLICE = 0.002  # seconds of computing before the thread looks for questions again
HANDED = 0.002  # … that the window has for itself when what it has waited for is there
EVEN, RARE = 1.0, 8.0  # time for frames after a piece of an answer, in multiples of the time of the piece
SAVED, SAVING = 0.5, 0.1  # seconds of answers at the ratio EVEN; how many are gained back in each second
PATIENCE = 3000  # ms to wait for the present frame when the window closes


class EngineThread(QThread):
    """Advances runners to their goals: the one on the screen first, then those behind it."""

    ended = Signal(object)  # the Runner whose run has just ended
    answered = Signal(object)  # an Answering that is over

    def __init__(self) -> None:
        super().__init__()
        self._condition = Condition()
        self._screen_free = Event()
        self._screen_free.set()
        self._stands = Event()  # set while nothing is computed
        self._stands.set()
        self._runners: tuple[Runner, ...] = ()
        self._dropped: list[Runner] = []
        self._awaited: Callable[[], bool] | None = None  # whether what the window waits for is there
        self._questions = Queue()
        self._answering: Answering | None = None  # used by the thread only, like the next two
        self._frames_until = 0.0  # until when only frames are computed, by `perf_counter`
        self._saved = (SAVED, 0.0)  # seconds of answers left at the ratio EVEN, and at which time
        self._closing = False

    def take(self, *runners: Runner) -> None:
        """Advance these runners from now on, in this order; others stay where they are."""
        with self._condition:
            self._runners = runners
            self._condition.notify_all()

    def aim(self, runner: Runner, goal: float) -> None:
        """Set the step to which a runner goes on; a goal that is already passed stops it where it is."""
        with self._condition:
            runner.goal = goal
            self._condition.notify_all()

    def drop(self, runner: Runner) -> None:
        """Stop a runner for ever; its generator is closed in the engine's thread, where it ran."""
        with self._condition:
            self._runners = tuple(other for other in self._runners if other is not runner)
            self._dropped.append(runner)
            self._condition.notify_all()

    def ask(self, question: Question) -> bool:
        """Take a question, to be answered later; return False if the thread does not run.

        A thread that is about to end takes questions but answers none, because the window is gone.
        """
        with self._condition:
            if not self._closing and not self.isRunning():
                return False
            self._questions.put(question)
            self._condition.notify_all()
        return True

    def wait_for(self, runner: Runner, step: int, seconds: float) -> bool:
        """Wait until a runner has recorded `step` or has ended, at most this many seconds."""
        with (
            self._condition,
            self._awaiting(lambda: runner.recording.last >= step or runner.finish is not None) as there,
        ):
            return self._condition.wait_for(there, seconds)

    def wait_for_answer(self, question: Question, seconds: float) -> bool:
        """Wait until a question has been answered, at most this many seconds."""
        with self._awaiting(question.answered.is_set):
            return question.answered.wait(seconds)

    @contextmanager
    def _awaiting(self, there: Callable[[], bool]) -> Iterator[Callable[[], bool]]:
        """Let the engine pause as soon as what the window waits for is there."""
        self._awaited = there
        try:
            yield there
        finally:
            self._awaited = None

    @contextmanager
    def held(self, patience: float = 0.0) -> Iterator[float]:
        """Let the engine stand still, from its next frame boundary, while the screen is drawn.

        Wait for that boundary if it is expected within `patience` seconds: beside a frame that is being
        computed, drawing takes up to twice as long, and so does the frame. The value is when the drawing
        begins, by `perf_counter`.
        """
        self._screen_free.clear()
        try:
            if patience and self._is_near(patience):
                self._stands.wait(patience)
            yield perf_counter()
        finally:
            self._screen_free.set()

    def close(self, patience: int = PATIENCE) -> bool:
        """End the thread; return whether it has ended within `patience` milliseconds.

        If it has not, its object must be kept: destroying a running thread ends the process.
        """
        with self._condition:
            self._closing = True
            self._condition.notify_all()
        self._screen_free.set()
        return self.wait(patience)

    def run(self) -> None:
        """Do the work of the thread; called by Qt."""
        while True:
            self._stands.set()
            with self._condition:
                self._condition.wait_for(self._has_work)
                dropped, self._dropped = self._dropped, []
                closing = self._closing
            for old in dropped:
                old.stop()
            if closing:
                self._give_up()
                return
            self._stand_by()
            if self._next() is None or perf_counter() >= self._frames_until:
                self._answer()
            if (runner := self._next()) is not None:  # perhaps another than before the answer
                self._advance(runner)

    def _is_near(self, seconds: float) -> bool:
        """Whether the present frame will have been computed within this time, if it takes as long as the
        last.
        """
        runner = self._next()
        since = None if runner is None else runner.working_since
        return runner is None or since is None or runner.last_took - (perf_counter() - since) < seconds

    def _stand_by(self) -> None:
        """Stand still while the screen is drawn."""
        while True:
            self._stands.set()
            self._screen_free.wait()
            self._stands.clear()
            if self._screen_free.is_set():  # else the window was told in between that nothing is computed
                return

    def _answer(self) -> None:
        """Compute a piece of an answer, if one is wanted."""
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
            done.question.answered.set()
            self._hand_over()

    def _pay(self, begun: float, ended: float) -> None:
        """Reserve time for frames after a piece of an answer: more if much was asked lately."""
        saved, since = self._saved
        left = min(saved + SAVING * (ended - since), SAVED) - (ended - begun)
        self._saved = max(left, 0.0), ended
        self._frames_until = ended + (EVEN if left > 0 else RARE) * (ended - begun)

    def _give_up(self) -> None:
        """Abandon the question that is being answered."""
        if self._answering is not None:
            self._answering.close()
            self._answering = None

    def _advance(self, runner: Runner) -> None:
        """Compute at least one frame, and stop when the screen is to be drawn."""
        until = perf_counter() + SLICE
        runner.advance()
        while runner.has_work and self._screen_free.is_set() and perf_counter() < until:
            runner.advance()
        self._hand_over()
        if runner.finish is not None:
            self.ended.emit(runner)

    def _hand_over(self) -> None:
        """Tell the window what there is; pause if it waits for that, because only one thread runs Python."""
        with self._condition:
            self._condition.notify_all()
            if (there := self._awaited) is not None and there():
                self._condition.wait(HANDED)

    def _has_work(self) -> bool:
        asked = self._answering is not None or len(self._questions) > 0
        return self._closing or bool(self._dropped) or asked or self._next() is not None

    def _next(self) -> Runner | None:
        return next((runner for runner in self._runners if runner.has_work), None)
