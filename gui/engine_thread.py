"""The one thread beside the window: it advances the run that is on the screen.

The window never waits for a signal to learn of new frames: it pulls from the recording sixty times
a second. While it draws it holds the engine still at its next frame boundary (`held`), which makes
both faster: two threads that want Python at once only take it from each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Event
from time import perf_counter

from PySide6.QtCore import QThread, Signal

from engine.runner import Runner

SLICE = 0.002  # seconds of computing between two looks at what is asked
PATIENCE = 3000  # ms to wait for the frame in progress when the window closes


class EngineThread(QThread):
    """Drives runners as far as their goals: the one on the screen first, then those behind it."""

    ended = Signal(object)  # the Runner whose run has just ended

    def __init__(self) -> None:
        super().__init__()
        self._condition = Condition()
        self._screen_free = Event()
        self._screen_free.set()
        self._runners: tuple[Runner, ...] = ()
        self._dropped: list[Runner] = []
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
                return
            if runner is not None:
                self._screen_free.wait()
                self._advance(runner)

    def _advance(self, runner: Runner) -> None:
        """Compute for a moment: a frame at least, and no longer than until the screen is to be drawn."""
        until = perf_counter() + SLICE
        runner.advance()
        while runner.hungry and self._screen_free.is_set() and perf_counter() < until:
            runner.advance()
        with self._condition:
            self._condition.notify_all()
        if runner.finish is not None:
            self.ended.emit(runner)

    def _has_work(self) -> bool:
        return self._closing or bool(self._dropped) or self._next() is not None

    def _next(self) -> Runner | None:
        return next((runner for runner in self._runners if runner.hungry), None)
