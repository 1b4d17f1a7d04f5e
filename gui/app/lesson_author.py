"""Writes a lesson in a window: its stops in order, what is on the screen as a stop, its text, its file."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from engine.config import Problem
from engine.lessons.check import problems
from engine.lessons.lesson_source import LessonSource
from gui.app import document_questions as questions
from gui.app.lesson_draft import (
    Fault,
    fault_of,
    lesson_of,
    new_source,
    scene_of,
    stop_from,
    with_scene,
)
from gui.app.lesson_files import FOLDER
from gui.app.lesson_guide import LessonGuide
from gui.app.lesson_on_file import LessonOnFile
from gui.app.lesson_writing import LessonWriting
from gui.look.language import problem_text, tr
from gui.look.messages import Button
from gui.look.plain import plain_name
from gui.look.preferences import Preferences
from gui.screen.lesson_editor import LessonEditor
from gui.screen.playback import Playback
from gui.screen.screen import Screen

WIDTH = 460  # of the editor, in pixels at the ordinary size of text
PAUSE = 250  # ms after the last key until the text is checked


class AuthorStage(Protocol):
    """What an author asks of the window."""

    preferences: Preferences
    guide: LessonGuide

    @property
    def playback(self) -> Playback: ...
    @property
    def on_screen(self) -> Screen: ...


class LessonAuthor(QObject):
    """The lesson that is written in a window, if any. The window makes the editor anew with each screen."""

    changed = Signal()  # a lesson is being written now, or none any more; or it was saved
    said = Signal(str)  # what was done, for the status line

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.writing: LessonWriting | None = None
        self.file = LessonOnFile()
        self.editor: LessonEditor | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._look)
        self._stage.guide.changed.connect(self.resume)

    @property
    def _window(self) -> QWidget:
        """The window. Qt's parent, not a reference: the two would hold each other for ever."""
        return cast(QWidget, self.parent())

    @property
    def _stage(self) -> AuthorStage:
        """The window, as what is asked of it."""
        return cast(AuthorStage, self.parent())

    @property
    def source(self) -> LessonSource | None:
        """The text as it is now; None while no lesson is written."""
        return self.writing.source if self.writing is not None else None

    @property
    def modified(self) -> bool:
        """Whether there is something to save."""
        return self.source is not None and self.source.text != self.file.text

    @property
    def path(self) -> Path | None:
        """Where the lesson is saved; None for one that was not yet."""
        return self.file.path

    @property
    def name(self) -> str:
        """What the lesson is called: its file, with a star where that holds something else."""
        return self.file.name + "*" * self.modified

    # Begin and end

    def new(self) -> None:
        """Begin a lesson with what is on the screen as its first stop."""
        if self.may_leave():
            source = new_source(self._stage.preferences.language)
            self._begin(source.added(0, self._stop_from_screen(source)), LessonOnFile())

    def edit(self) -> None:
        """Write on at the lesson that is open; of one that ships, at a copy."""
        guide = self._stage.guide
        if guide.lesson is None or guide.tries or not self.may_leave():
            return
        try:
            file = LessonOnFile.read(guide.path)
        except Problem as error:
            words = tr("“{name}” was not opened.", name=plain_name(guide.path.name))
            questions.show_error(self._window, words, error)
            return
        ships = guide.path.resolve().parent == FOLDER
        self._begin(LessonSource.of(file.text), LessonOnFile() if ships else file, guide.index)

    def _begin(self, source: LessonSource, file: LessonOnFile, part: int = 0) -> None:
        self.writing, self.file = LessonWriting(source, part), file
        if self._stage.guide.lesson is not None:
            self._stage.guide.close()  # the editor takes its place
        else:
            self.join(self._stage.on_screen)
        self.changed.emit()

    def close(self) -> None:
        """Stop writing, if what is not saved may go."""
        if self.writing is None or not self.may_leave():
            return
        self.writing = None
        if self.editor is not None:
            self._stage.on_screen.end_lesson()
            self.editor = None
        self.changed.emit()

    def may_leave(self) -> bool:
        """Whether the lesson may go: it is saved, or the user says so."""
        if not self.modified:
            return True
        answer = questions.ask_to_save(self._window, self.file.name)
        return self.save() if answer == Button.Save else answer == Button.Discard

    # What is shown

    def join(self, screen: Screen) -> None:
        """Give a screen the editor, where no lesson is shown there."""
        self.editor = None
        if self.writing is None or self._stage.guide.lesson is not None:
            return
        self.editor = editor = LessonEditor(screen.theme, screen)
        for signal, act in (
            (editor.chosen, self.choose),
            (editor.typed, self._take),
            (editor.moved, self._move),
            (editor.removed, self._remove),
            (editor.added, self.add),
            (editor.undone, self.undo),
            (editor.scene_taken, self._take_scene),
            (editor.tried, self.try_here),
            (editor.checked, self.check),
            (editor.saved, self.save),
            (editor.closed, self.close),
        ):
            signal.connect(act)
        screen.begin_lesson(editor, WIDTH)
        self._show()

    def resume(self) -> None:
        """Show the editor again where a lesson was shown."""
        if self.writing is not None and self.editor is None and self._stage.guide.lesson is None:
            self.join(self._stage.on_screen)
        elif self._stage.guide.lesson is not None:
            self.editor = None  # it has gone with the place that the lesson took

    def _show(self) -> None:
        writing = self.writing
        if self.editor is not None and writing is not None:
            self.editor.show_parts(self.name, writing.settled.names, writing.part, writing.undoes)
            self.editor.show_text(writing.shown)
            self._look()

    def _look(self) -> None:
        """Say what is wrong with the text, as far as that can be told without a run."""
        if self.source is not None:
            self._show_fault(fault_of(self.source, self.path))

    def _show_fault(self, fault: Fault | None) -> None:
        writing = self.writing
        if self.editor is None or writing is None:
            return
        self.editor.show_name(self.name)
        if fault is None:
            self.editor.show_problem("")
            return
        here, part, line = writing.line_of(fault.where)
        words = problem_text(fault.problem)
        if here:
            self.editor.show_problem(tr("Line {n}: {what}", n=here, what=words), here)
        else:
            title = writing.source.names[part] if part >= 0 else tr("Title and head")
            self.editor.show_problem(tr("{stop}, line {n}: {what}", stop=title, n=line, what=words))

    # What is written

    def choose(self, part: int) -> None:
        """Show another part."""
        if self.writing is not None:
            self.writing.choose(part)
            self._show()

    def _take(self, text: str) -> None:
        """Keep what is typed into the part that is shown, and look at it when no more keys come."""
        if self.writing is not None:
            self.writing.type(text)
            self._pause.start()

    def undo(self) -> None:
        """Take the last change of the stops back."""
        if self.writing is not None and self.writing.undoes:
            self.writing.undo()
            self._show()

    def add(self) -> None:
        """Add what is on the screen as a stop after the one that is shown, or in a new lesson."""
        if self.writing is None:
            self.new()
            return
        self.writing.add(self._stop_from_screen(self.writing.settle()))
        self._show()

    def _stop_from_screen(self, source: LessonSource) -> str:
        return stop_from(source, self._scene(), self._stage.preferences.language)

    def _scene(self) -> dict[str, object]:
        view, folder = self._stage.on_screen.view, self.path.parent if self.path is not None else None
        return scene_of(self._stage.playback, view.options, folder)

    def _take_scene(self) -> None:
        if self.writing is not None and self.writing.part >= 0:
            self.writing.rewrite(lambda stop: with_scene(stop, self._scene()))
            self._show()

    def _move(self, by: int) -> None:
        if self.writing is not None and self.writing.move(by):
            self._show()

    def _remove(self) -> None:
        if self.writing is not None and self.writing.remove():
            self._show()

    # What is done with it

    def try_here(self) -> None:
        """Go through the lesson from the stop that is shown on."""
        if self.writing is None:
            return
        source = self.writing.settle()
        fault = fault_of(source, self.path)
        if fault is not None:
            self._show_fault(fault)
            return
        part = max(self.writing.part, 0)
        self._stage.guide.try_out(lesson_of(source, self.path), self.path or Path(), part)

    def check(self) -> None:
        """Set up every stop and make its run, and say the first thing that is wrong."""
        if self.writing is None:
            return
        source = self.writing.settle()
        fault = fault_of(source, self.path)
        if fault is None:
            found = next(problems(lesson_of(source, self.path)), None)
            fault = Fault(found, found.where) if found is not None else None
        self._show_fault(fault)
        if fault is None:
            self.said.emit(tr("Every stop can be shown, and every question can be asked."))

    def save(self) -> bool:
        """Write the lesson to its file, or ask for one; whether it was written."""
        return self._saved(self.file.save)

    def save_as(self) -> bool:
        """Ask for a file and write the lesson to it."""
        return self._saved(self.file.save_as)

    def _saved(self, save: Callable[[QWidget, str], bool]) -> bool:
        if self.writing is None or not save(self._window, self.writing.settle().text) or self.path is None:
            return False
        self._look()
        self._stage.preferences.add_recent_lesson(str(self.path.absolute()))
        self.changed.emit()
        self.said.emit(tr("Saved to {path}", path=self.path))
        return True
