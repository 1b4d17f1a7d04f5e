"""The answers in a lesson: judged by the run of the stop; what was said of each, and which were right."""

from collections.abc import Iterable
from typing import Any, Protocol, cast

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.config import Config
from engine.lessons.check import config_of
from engine.lessons.facts import RunFacts
from engine.lessons.lesson import LessonStop, StopText
from engine.lessons.question import ChooseQuestion, DrawQuestion, NumberQuestion, ReachQuestion
from engine.session import Look
from engine.setting_paths import plain_values
from gui.app.lesson_sketch import ExpectedCurve
from gui.app.lesson_verdicts import choice_verdict, hint_for, number_verdict
from gui.look.language import tr
from gui.look.numbers import number_text
from gui.look.preferences import Preferences
from gui.screen.playback import Playback
from gui.screen.playback_state import StopScene
from gui.screen.screen import Screen

EVERY = 0.1  # seconds between two looks at whether a state is reached


class LessonStage(Protocol):
    """What a lesson asks of its window."""

    preferences: Preferences

    @property
    def playback(self) -> Playback: ...
    @property
    def on_screen(self) -> Screen: ...
    def show_scene(self, name: str, config: Config, look: Look, scene: StopScene | None = None) -> None: ...


class StopOnScreen(Protocol):
    """The stop that is asked about, and where its run is."""

    @property
    def stop(self) -> LessonStop | None: ...
    @property
    def stage(self) -> LessonStage: ...
    def text(self) -> StopText: ...


class LessonAnswers(QObject):
    """Judges the answers to the question of the stop that its parent, a `StopOnScreen`, shows."""

    said = Signal(bool)  # something else was said of an answer; whether it was right
    compared = Signal(object)  # the curve beside a sketch

    def __init__(self, guide: QObject) -> None:
        super().__init__(guide)
        self._verdicts: dict[str, tuple[str, bool | None]] = {}  # by stop, what was said last
        self.done: dict[str, None] = {}  # the stops whose questions were answered rightly, in that order
        self.expected = ExpectedCurve()
        self._age = 0.0

    @property
    def _asked(self) -> StopOnScreen:
        return cast(StopOnScreen, self.parent())

    def begin(self, done: Iterable[str] = ()) -> None:
        """Begin with another lesson, of which some stops are done."""
        self.done = dict.fromkeys(done)
        self._verdicts = dict.fromkeys(self.done, ("", True))
        self.expected.begin(self.done)

    def verdict(self, stop: LessonStop) -> tuple[str, bool | None]:
        """What was said last at a stop, and whether its answer was right; None before there was one."""
        return self._verdicts.get(stop.name, ("", None))

    def has_said(self, stop: LessonStop) -> bool:
        """Whether anything was said at a stop."""
        return stop.name in self._verdicts

    @property
    def away(self) -> bool:
        """Whether something else than the scene of the stop is on the screen, or what the user made of it:
        another experiment, an example, or after *Undo* what was there before.
        """
        asked = self._asked
        return asked.stop is not None and asked.stage.playback.scene is not self.expected.scene

    def facts(self, answer: float | None = None) -> RunFacts | None:
        """The run of the stop's experiment as it is now; None where that is not on the screen."""
        playback, stop = self._asked.stage.playback, self._asked.stop
        if stop is None or playback.experiment.name != stop.scene.experiment or playback.shown is None:
            return None
        options = plain_values(self._asked.stage.on_screen.view.options)
        steps = playback.runner.last_step
        ended = playback.runner.finish is not None and playback.step >= playback.recording.last
        return RunFacts(
            playback.shown.config, playback.recording, playback.step, steps, ended, options, answer
        )

    def judge(self, answer: Any) -> None:
        """Judge an answer to the question of the stop, and say so."""
        stop = self._asked.stop
        if stop is None:
            return
        text, question = self._asked.text(), stop.scene.question
        if isinstance(question, ChooseQuestion):
            self._say(stop, *choice_verdict(text, answer, self.facts()))
        elif isinstance(question, NumberQuestion):
            self._say(stop, *number_verdict(question, text, answer, self.facts(answer)))
        elif isinstance(question, DrawQuestion):
            self._compare(stop, question, answer)
        else:
            self._say(stop, text.after, None)

    def _compare(self, stop: LessonStop, question: DrawQuestion, sketch: np.ndarray[Any, Any]) -> None:
        """Let the run go to the end of the sketch, and show both as soon as it is there."""
        facts, text = self.facts(), self._asked.text()
        if self.away or facts is None:
            self._say(stop, tr("Return to the lesson first."), False)
            return
        if np.isnan(sketch).all():
            self._say(stop, tr("Draw first what you expect."), False)
            return
        curve = self.expected.of_run(stop, self._asked.stage.playback, sketch)
        if curve is None:
            self._say(stop, tr("Now it runs; then both curves are compared."), None)
            return
        self.compared.emit(curve)
        away = number_text(100 * question.distance(sketch, curve), 2).strip()
        words = tr("Your sketch is {away} % of the height away on average.", away=away)
        right = question.accepts(sketch, curve)
        self._say(stop, f"{words}\n\n{text.after if right else hint_for(text.hints, facts)}", right)

    def tick(self, seconds: float) -> None:
        """Look whether the state that is asked for is reached."""
        self._age += seconds
        stop = self._asked.stop
        if stop is None or self._age < EVERY:
            return
        self._age = 0.0
        question = stop.scene.question
        if isinstance(question, DrawQuestion):
            self._watch_sketch(stop, question)
        if not isinstance(question, ReachQuestion) or self.verdict(stop)[1]:
            return
        facts, text = self.facts(), self._asked.text()
        if facts is None:
            return
        if question.accepts(facts):
            self._say(stop, text.after or tr("Right."), True)
        elif facts.config != config_of(stop):
            self._say(stop, hint_for(text.hints, facts), False)

    def _watch_sketch(self, stop: LessonStop, question: DrawQuestion) -> None:
        """Compare a sketch once its run is there; keep a run that is held from going on."""
        if self.expected.sketch is not None and not self.away:
            self._compare(stop, question, self.expected.sketch)
        elif self.expected.kept_back(self._asked.stage.playback):
            words = tr("Draw first what you expect, then press Compare: the run comes after that.")
            self._say(stop, words, None)

    def _say(self, stop: LessonStop, words: str, right: bool | None) -> None:
        said = words, right
        if self._verdicts.get(stop.name) == said:
            return
        self._verdicts[stop.name] = said
        if right:
            self.done[stop.name] = None
        self.said.emit(bool(right))
