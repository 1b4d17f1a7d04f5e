"""Leads through a lesson: brings its stops to the screen, judges answers by the run, keeps the progress."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.config import Config, Problem
from engine.lessons.check import config_of
from engine.lessons.facts import RunFacts
from engine.lessons.lesson import Lesson, LessonStop, StopText
from engine.lessons.lesson_file import SUFFIX, load
from engine.lessons.question import ChooseQuestion, DrawQuestion, NumberQuestion, ReachQuestion
from engine.session import Look
from engine.setting_paths import plain_values
from gui.app import document_questions as questions
from gui.app.lesson_check import check_scenes, options_of
from gui.app.lesson_files import FOLDER
from gui.app.lesson_sketch import ExpectedCurve
from gui.app.lesson_verdicts import choice_verdict, hint_for, number_verdict, place_words
from gui.look.language import tr
from gui.look.numbers import number_text
from gui.look.plain import plain_name
from gui.look.preferences import Preferences
from gui.screen.lesson_panel import LessonPanel
from gui.screen.playback import Playback
from gui.screen.playback_state import StopScene
from gui.screen.screen import Screen

EVERY = 0.1  # seconds between two looks at whether a state is reached


class LessonStage(Protocol):
    """What a guide asks of its window."""

    preferences: Preferences

    @property
    def playback(self) -> Playback: ...
    @property
    def on_screen(self) -> Screen: ...
    def show_scene(self, name: str, config: Config, look: Look, scene: StopScene | None = None) -> None: ...


class LessonGuide(QObject):
    """The lesson that is open in a window, if any, and the stop that it is at.

    The window makes its widgets anew for each experiment, language and theme; `join` gives each new screen
    the panel of the lesson. Only `go` and `return_to_scene` change what is on the screen.
    """

    changed = Signal()  # another lesson is open, or none
    shown = Signal()  # another stop is on the screen, or something was said of an answer

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.lesson: Lesson | None = None
        self.path = Path()
        self.index = 0
        self.panel: LessonPanel | None = None
        self._verdicts: dict[str, tuple[str, bool | None]] = {}  # by stop, what was said last
        self._done: dict[str, None] = {}  # the stops whose questions were answered rightly, in that order
        self._expected = ExpectedCurve()
        self._age = 0.0
        self.tries = False  # whether an author tries the lesson: no progress is remembered

    @property
    def _window(self) -> QWidget:
        """The window. Qt's parent, not a reference: the two would hold each other for ever."""
        return cast(QWidget, self.parent())

    @property
    def _stage(self) -> LessonStage:
        """The window, as what is asked of it."""
        return cast(LessonStage, self.parent())

    # Which lesson, which stop

    @property
    def stop(self) -> LessonStop | None:
        """The stop that is shown."""
        return self.lesson.stops[self.index] if self.lesson is not None else None

    def open(self, path: Path, stop: str = "") -> bool:
        """Open a lesson at a stop, or where it was left; an error leaves everything as it is."""
        try:
            lesson = load(path)
            check_scenes(lesson)
        except Problem as error:
            words = tr("“{name}” was not opened.", name=plain_name(path.name))
            questions.show_error(self._window, words, error)
            return False
        self.lesson, self.path, self._verdicts, self.tries = lesson, path, {}, False
        names = [stop.name for stop in lesson.stops]
        at, done = self._stage.preferences.lesson_progress(str(path))
        self._done = dict.fromkeys(name for name in done if name in names)
        self._verdicts = dict.fromkeys(self._done, ("", True))
        self._expected.begin(self._done)
        if path.resolve().parent != FOLDER:
            self._stage.preferences.add_recent_lesson(str(path.absolute()))
        at = stop or at
        self.go(names.index(at) if at in names else 0)
        self.changed.emit()
        return True

    def try_out(self, lesson: Lesson, path: Path, index: int) -> None:
        """Show a lesson that is being written from a stop on, as if nothing of it had been answered."""
        self.lesson, self.path, self._verdicts, self._done, self.tries = lesson, path, {}, {}, True
        self._expected.begin()
        self.go(index)
        self.changed.emit()

    def ask_for_file(self) -> None:
        """Ask for a lesson and open it."""
        words = tr("Nabla lessons") + f" (*{SUFFIX} *.md)"
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Open lesson"), str(FOLDER), words)
        if path:
            self.open(Path(path))

    def close(self) -> None:
        """Leave the lesson; what is on the screen stays."""
        self._expected.release()
        self.lesson, self.tries = None, False
        if self.panel is not None:
            self._stage.on_screen.end_lesson()
            self.panel = None
        self._stage.on_screen.form.restrict()
        self.changed.emit()

    def move(self, by: int) -> None:
        """Go on by so many stops, as far as there are any."""
        if self.lesson is not None and 0 <= self.index + by < len(self.lesson.stops):
            self.go(self.index + by)

    def go(self, index: int) -> None:
        """Show a stop and its scene."""
        if self.lesson is None:
            return
        self.index = index
        self._expected.come_to(self.lesson.stops[index])
        self._remember()
        self.return_to_scene()

    def return_to_scene(self) -> None:
        """Bring the scene of the stop to the screen."""
        stop = self.stop
        if stop is None:
            return
        scene, held = self._expected.scene, self._expected.scene.held
        look = Look(step=stop.scene.step if held is None else held, options=plain_values(options_of(stop)))
        self._free_keys()  # what is typed in a line belongs to what was there
        self._stage.show_scene(stop.scene.experiment, config_of(stop), look, scene)
        self.show()
        self._free_keys()

    def _free_keys(self) -> None:
        if self.panel is not None:
            self.panel.take_focus()

    # What is shown

    def text(self) -> StopText:
        """The text of the stop in the language of the window, or else in the first that it has."""
        text = self.text_of(self.index)
        assert text is not None  # asked only while a lesson is open
        return text

    def text_of(self, index: int) -> StopText | None:
        """The text of a stop in the language of the window; None where there is no such stop."""
        if self.lesson is None or not 0 <= index < len(self.lesson.stops):
            return None
        texts = self.lesson.stops[index].texts
        return texts.get(self._stage.preferences.language) or next(iter(texts.values()))

    @property
    def right(self) -> bool | None:
        """Whether the last answer to the question of the stop was right; None before there was one."""
        return self._verdicts.get(self.stop.name, ("", None))[1] if self.stop is not None else None

    @property
    def away(self) -> bool:
        """Whether something else than the scene of the stop is on the screen, or what the user made of it:
        another experiment, an example, or after *Undo* what was there before.
        """
        return self.stop is not None and self._stage.playback.scene is not self._expected.scene

    def join(self, screen: Screen) -> None:
        """Give a screen that was just made the panel of the lesson."""
        self.panel = None
        if self.lesson is not None:
            self.panel = LessonPanel(screen.theme, screen)
            self.panel.moved.connect(self.move)
            self.panel.answered.connect(self.answer)
            self.panel.closed.connect(self.close)
            self.panel.returned.connect(self.return_to_scene)
            self.panel.entry_requested.connect(screen.entry_requested)
            if self.tries:
                self.panel.close_button.setText(tr("Back to writing"))
                self.panel.close_button.setToolTip(tr("Go on writing; what is on the screen stays"))
            screen.begin_lesson(self.panel)
            self.show()

    def show(self) -> None:
        """Show the stop in the panel; the first time, put one on the screen."""
        screen, stop = self._stage.on_screen, self.stop
        if self.lesson is None or stop is None:
            return
        if self.panel is None:
            self.join(screen)
            return
        title = self.lesson.titles.get(self._stage.preferences.language, self.lesson.titles[""])
        last = len(self.lesson.stops) - 1
        where = f"{title} · {place_words(self.lesson, self.index)}"
        self.panel.show_stop(stop, self.text(), where, self.index == 0, self.index == last)
        self._show_verdict()
        self._restrict()
        self.shown.emit()

    def follow(self) -> None:
        """Take note that something else is on the screen, perhaps."""
        if self.panel is not None:
            self._restrict()
            self.shown.emit()

    def _restrict(self) -> None:
        """Show, lock and hide settings as the stop says, where its scene is on the screen."""
        form, stop = self._stage.on_screen.form, self.stop
        if stop is None or self.away:
            form.restrict()
        else:
            form.restrict(stop.scene.shown, stop.scene.locked, stop.scene.hidden)
        if self.panel is not None:
            self.panel.show_away(self.away)

    def _show_verdict(self) -> None:
        if self.panel is None or self.stop is None or self.stop.name not in self._verdicts:
            return
        words, right = self._verdicts[self.stop.name]
        words = words or self.text().after
        if right and self.lesson is not None and self.stop is self.lesson.stops[-1]:
            words += "\n\n" + tr("This was the last stop. The other lessons are under Lessons.")
        self.panel.show_verdict(words, right)

    # Answers

    def facts(self, answer: float | None = None) -> RunFacts | None:
        """The run of the stop's experiment as it is now; None where that is not on the screen."""
        playback, stop = self._stage.playback, self.stop
        if stop is None or playback.experiment.name != stop.scene.experiment or playback.shown is None:
            return None
        options = plain_values(self._stage.on_screen.view.options)
        steps = playback.runner.last_step
        ended = playback.runner.finish is not None and playback.step >= playback.recording.last
        return RunFacts(
            playback.shown.config, playback.recording, playback.step, steps, ended, options, answer
        )

    def answer(self, answer: Any) -> None:
        """Judge an answer to the question of the stop, and say so."""
        stop = self.stop
        if stop is None:
            return
        text, question = self.text(), stop.scene.question
        if isinstance(question, ChooseQuestion):
            self._say(*choice_verdict(text, answer, self.facts()))
        elif isinstance(question, NumberQuestion):
            self._say(*number_verdict(question, text, answer, self.facts(answer)))
        elif isinstance(question, DrawQuestion):
            self._compare(question, text, answer)
        else:
            self._say(text.after, None)

    def _compare(self, question: DrawQuestion, text: StopText, sketch: np.ndarray[Any, Any]) -> None:
        """Let the run go to the end of the sketch, and show both as soon as it is there."""
        facts = self.facts()
        if self.away or facts is None or self.panel is None or self.panel.sketch is None:
            self._say(tr("Return to the lesson first."), False)
            return
        if np.isnan(sketch).all():
            self._say(tr("Draw first what you expect."), False)
            return
        assert self.stop is not None
        curve = self._expected.of_run(self.stop, self._stage.playback, sketch)
        if curve is None:
            self._say(tr("Now it runs; then both curves are compared."), None)
            return
        self.panel.sketch.show_curve(curve)
        away = number_text(100 * question.distance(sketch, curve), 2).strip()
        words = tr("Your sketch is {away} % of the height away on average.", away=away)
        right = question.accepts(sketch, curve)
        self._say(f"{words}\n\n{text.after if right else hint_for(text.hints, facts)}", right)

    def tick(self, seconds: float) -> None:
        """Look whether the state that is asked for is reached."""
        self._age += seconds
        stop = self.stop
        if stop is None or self._age < EVERY:
            return
        self._age = 0.0
        question = stop.scene.question
        if isinstance(question, DrawQuestion):
            self._watch_sketch(question)
        if not isinstance(question, ReachQuestion) or self._verdicts.get(stop.name, ("", False))[1]:
            return
        facts = self.facts()
        if facts is None:
            return
        if question.accepts(facts):
            self._say(self.text().after or tr("Right."), True)
        elif facts.config != config_of(stop):
            self._say(hint_for(self.text().hints, facts), False)

    def _watch_sketch(self, question: DrawQuestion) -> None:
        """Compare a sketch once its run is there; keep a run that is held from going on."""
        if self._expected.sketch is not None and not self.away:
            self._compare(question, self.text(), self._expected.sketch)
        elif self._expected.kept_back(self._stage.playback):
            self._say(tr("Draw first what you expect, then press Compare: the run comes after that."), None)

    def _say(self, words: str, right: bool | None) -> None:
        assert self.stop is not None
        said = words, right
        if self._verdicts.get(self.stop.name) == said:
            return
        self._verdicts[self.stop.name] = said
        self._show_verdict()
        self.shown.emit()
        if right:
            self._done[self.stop.name] = None
            self._remember()

    def _remember(self) -> None:
        assert self.stop is not None
        if not self.tries:
            self._stage.preferences.set_lesson_progress(str(self.path), self.stop.name, tuple(self._done))


def opener(guide: LessonGuide, path: Path) -> Callable[[], object]:
    """What opens a lesson."""
    return partial(guide.open, path)
