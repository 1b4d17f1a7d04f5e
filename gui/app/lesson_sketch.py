"""The run of a stop whose curve is to be sketched: nobody sees it before the sketch."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from engine.lessons.lesson import LessonStop
from engine.lessons.question import DrawQuestion, Floats
from gui.screen.playback import Playback
from gui.screen.playback_state import StopScene


class ExpectedCurve:
    """Holds a run at the step of its scene until a sketch of it is compared; then it runs.

    What was compared once is known, and is held no more.
    """

    def __init__(self) -> None:
        self.known: set[str] = set()  # the stops whose curves have been seen
        self.sketch: np.ndarray[Any, Any] | None = None  # to be compared as soon as the run is there
        self.scene = StopScene()  # that of the stop

    def begin(self, known: Iterable[str] = ()) -> None:
        """Begin with another lesson, of which some stops are known."""
        self.release()
        self.known = set(known)

    def step_of(self, stop: LessonStop) -> int | None:
        """The step at which the run of a stop is held; None if all of it may be seen."""
        asks = isinstance(stop.scene.question, DrawQuestion) and stop.name not in self.known
        return (stop.scene.step or 0) if asks else None

    def come_to(self, stop: LessonStop) -> None:
        """Begin with another stop."""
        self.release()
        self.scene = StopScene(self.step_of(stop))

    def release(self) -> bool:
        """Let the run be seen to its end; whether it was held."""
        held, self.scene.held, self.sketch = self.scene.held, None, None
        return held is not None

    def kept_back(self, playback: Playback) -> bool:
        """Take a run that is held back to its step if somebody lets it go on; whether that was so."""
        step = playback.held
        if playback.scene is not self.scene or step is None:
            return False
        if not (playback.playing or playback.playhead > step):
            return False
        playback.seek(step)
        return True

    def of_run(self, stop: LessonStop, playback: Playback, sketch: np.ndarray[Any, Any]) -> Floats | None:
        """The curve beside which a sketch is shown; None as long as the run is on its way there."""
        question, run, waited = stop.scene.question, playback.runner, self.sketch is not None
        assert isinstance(question, DrawQuestion)
        self.known.add(stop.name)
        short = run.finish is None and run.recording.last < min(question.steps, run.last_step)
        if self.release() or (short and not waited):
            playback.play()
        self.sketch = sketch if short else None
        return None if short else playback.recording.column(question.scalar)
