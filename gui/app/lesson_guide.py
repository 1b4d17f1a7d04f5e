"""Leads through a lesson: brings its stops to the screen, shows what is said there, keeps the progress."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.config import Problem
from engine.lessons.check import config_of
from engine.lessons.lesson import Lesson, LessonStop, StopText
from engine.lessons.lesson_file import SUFFIX, load
from engine.lessons.question import Floats
from engine.session import Look
from engine.setting_paths import plain_values
from gui.app import document_questions as questions
from gui.app.lesson_answers import LessonAnswers, LessonStage
from gui.app.lesson_check import check_scenes, options_of
from gui.app.lesson_files import FOLDER
from gui.app.lesson_verdicts import place_words
from gui.look.language import tr
from gui.look.plain import plain_name
from gui.screen.lesson_panel import LessonPanel
from gui.screen.screen import Screen


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
        self.answers = LessonAnswers(self)
        self.answers.said.connect(self._follow_answer)
        self.answers.compared.connect(self._show_curve)
        self.tries = False  # whether an author tries the lesson: no progress is remembered

    @property
    def _window(self) -> QWidget:
        """The window. Qt's parent, not a reference: the two would hold each other for ever."""
        return cast(QWidget, self.parent())

    @property
    def stage(self) -> LessonStage:
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
        self.lesson, self.path, self.tries = lesson, path, False
        names = [stop.name for stop in lesson.stops]
        at, done = self.stage.preferences.lesson_progress(str(path))
        self.answers.begin(name for name in done if name in names)
        if path.resolve().parent != FOLDER:
            self.stage.preferences.add_recent_lesson(str(path.absolute()))
        at = stop or at
        self.go(names.index(at) if at in names else 0)
        self.changed.emit()
        return True

    def try_out(self, lesson: Lesson, path: Path, index: int) -> None:
        """Show a lesson that is being written from a stop on, as if nothing of it had been answered."""
        self.lesson, self.path, self.tries = lesson, path, True
        self.answers.begin()
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
        self.answers.expected.release()
        self.lesson, self.tries = None, False
        if self.panel is not None:
            self.stage.on_screen.end_lesson()
            self.panel = None
        self.stage.on_screen.form.restrict()
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
        self.answers.expected.come_to(self.lesson.stops[index])
        self._remember()
        self.return_to_scene()

    def return_to_scene(self) -> None:
        """Bring the scene of the stop to the screen."""
        stop = self.stop
        if stop is None:
            return
        scene, held = self.answers.expected.scene, self.answers.expected.scene.held
        look = Look(step=stop.scene.step if held is None else held, options=plain_values(options_of(stop)))
        self._free_keys()  # what is typed in a line belongs to what was there
        self.stage.show_scene(stop.scene.experiment, config_of(stop), look, scene)
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
        return texts.get(self.stage.preferences.language) or next(iter(texts.values()))

    @property
    def right(self) -> bool | None:
        """Whether the last answer to the question of the stop was right; None before there was one."""
        return self.answers.verdict(self.stop)[1] if self.stop is not None else None

    @property
    def away(self) -> bool:
        """Whether something else than the scene of the stop is on the screen (see `LessonAnswers`)."""
        return self.answers.away

    def join(self, screen: Screen) -> None:
        """Give a screen that was just made the panel of the lesson."""
        self.panel = None
        if self.lesson is not None:
            self.panel = LessonPanel(screen.theme, screen)
            self.panel.moved.connect(self.move)
            self.panel.answered.connect(self.answers.judge)
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
        screen, stop = self.stage.on_screen, self.stop
        if self.lesson is None or stop is None:
            return
        if self.panel is None:
            self.join(screen)
            return
        title = self.lesson.titles.get(self.stage.preferences.language, self.lesson.titles[""])
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
        form, stop = self.stage.on_screen.form, self.stop
        if stop is None or self.away:
            form.restrict()
        else:
            form.restrict(stop.scene.shown, stop.scene.locked, stop.scene.hidden)
        if self.panel is not None:
            self.panel.show_away(self.away)

    def _show_verdict(self) -> None:
        if self.panel is None or self.stop is None or not self.answers.has_said(self.stop):
            return
        words, right = self.answers.verdict(self.stop)
        words = words or self.text().after
        if right and self.lesson is not None and self.stop is self.lesson.stops[-1]:
            words += "\n\n" + tr("This was the last stop. The other lessons are under Lessons.")
        self.panel.show_verdict(words, right)

    def _follow_answer(self, right: bool) -> None:
        """Show what was said of an answer; remember it if it is right."""
        self._show_verdict()
        self.shown.emit()
        if right:
            self._remember()

    def _show_curve(self, curve: Floats) -> None:
        if self.panel is not None and self.panel.sketch is not None:
            self.panel.sketch.show_curve(curve)

    def tick(self, seconds: float) -> None:
        """Look whether the state that is asked for is reached."""
        self.answers.tick(seconds)

    def _remember(self) -> None:
        assert self.stop is not None
        if not self.tries:
            self.stage.preferences.set_lesson_progress(
                str(self.path), self.stop.name, tuple(self.answers.done)
            )


def opener(guide: LessonGuide, path: Path) -> Callable[[], object]:
    """What opens a lesson."""
    return partial(guide.open, path)
