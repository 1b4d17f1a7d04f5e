"""Writes a lesson in a window: its stops in order, what is on the screen as a stop, its text, its file."""

from pathlib import Path
from typing import Protocol, cast

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from engine import files
from engine.config import Problem
from engine.lessons.check import problems
from engine.lessons.lesson_file import LARGEST, SUFFIX
from engine.lessons.lesson_source import LessonSource
from gui.app import document_questions as questions
from gui.app.kept import digest_of
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
from gui.look.file_to_write import ask_for_file_to_write
from gui.look.folders import first_folder
from gui.look.language import problem_text, tr
from gui.look.messages import Button
from gui.look.plain import plain_name
from gui.look.preferences import Preferences
from gui.screen.lesson_editor import LessonEditor
from gui.screen.playback import Playback
from gui.screen.screen import Screen

WIDTH = 460  # of the editor, in pixels at the ordinary size of text
PAUSE = 250  # ms after the last key until the text is checked
KEPT = 100  # states of the stops that can be taken back


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
        self._settled: LessonSource | None = None  # without what is typed into the part that is shown
        self._typed: str | None = None
        self.path: Path | None = None
        self.part = -1
        self.editor: LessonEditor | None = None
        self._on_file, self._digest = "", ""
        self._before: list[tuple[LessonSource, int]] = []
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._look)

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
        """The text as it is now."""
        if self._settled is None or self._typed is None:
            return self._settled
        return self._settled.with_part(self.part, self._typed)

    @property
    def modified(self) -> bool:
        """Whether there is something to save."""
        return self.source is not None and self.source.text != self._on_file

    @property
    def name(self) -> str:
        """What the lesson is called: its file, with a star where that holds something else."""
        name = plain_name(self.path.name) if self.path is not None else tr("untitled") + SUFFIX
        return name + "*" * self.modified

    # Begin and end

    def new(self) -> None:
        """Begin a lesson with what is on the screen as its first stop."""
        if self.may_leave():
            source = new_source(self._stage.preferences.language)
            self._begin(source.added(0, self._stop_from_screen(source)), None)

    def edit(self) -> None:
        """Write on at the lesson that is open; of one that ships, at a copy."""
        guide = self._stage.guide
        if guide.lesson is None or guide.tries or not self.may_leave():
            return
        try:
            data = files.read_bytes(guide.path, LARGEST)
            source = LessonSource.of(data.decode("utf-8"))
        except (Problem, UnicodeDecodeError) as error:
            problem = error if isinstance(error, Problem) else Problem("The file is not UTF-8.")
            words = tr("“{name}” was not opened.", name=plain_name(guide.path.name))
            questions.show_error(self._window, words, problem)
            return
        ships = guide.path.resolve().parent == FOLDER
        on_file = ("", "") if ships else (source.text, digest_of(data))
        self._begin(source, None if ships else guide.path, guide.index, *on_file)

    def _begin(
        self, source: LessonSource, path: Path | None, part: int = 0, on_file: str = "", digest: str = ""
    ) -> None:
        self._settled, self._typed, self.path, self.part, self._before = source, None, path, part, []
        self._on_file, self._digest = on_file, digest
        if self._stage.guide.lesson is not None:
            self._stage.guide.close()  # the editor takes its place
        else:
            self.join(self._stage.on_screen)
        self.changed.emit()

    def close(self) -> None:
        """Stop writing, if what is not saved may go."""
        if self.source is None or not self.may_leave():
            return
        self._settled = self._typed = None
        if self.editor is not None:
            self._stage.on_screen.end_lesson()
            self.editor = None
        self.changed.emit()

    def may_leave(self) -> bool:
        """Whether the lesson may go: it is saved, or the user says so."""
        if not self.modified:
            return True
        answer = questions.ask_to_save(self._window, self.name.rstrip("*"))
        return self.save() if answer == Button.Save else answer == Button.Discard

    # What is shown

    def join(self, screen: Screen) -> None:
        """Give a screen the editor, where no lesson is shown there."""
        self.editor = None
        if self.source is None or self._stage.guide.lesson is not None:
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
        if self.source is not None and self.editor is None and self._stage.guide.lesson is None:
            self.join(self._stage.on_screen)
        elif self._stage.guide.lesson is not None:
            self.editor = None  # it has gone with the place that the lesson took

    def _show(self) -> None:
        source = self._settled
        if self.editor is not None and source is not None:
            self.editor.show_parts(self.name, source.names, self.part, bool(self._before))
            self.editor.show_text(source.part(self.part) if self._typed is None else self._typed)
            self._look()

    def _look(self) -> None:
        """Say what is wrong with the text, as far as that can be told without a run."""
        if self.source is not None:
            self._show_fault(fault_of(self.source, self.path))

    def _show_fault(self, fault: Fault | None) -> None:
        settled, source = self._settled, self.source
        if self.editor is None or settled is None or source is None:
            return
        self.editor.show_name(self.name)
        if fault is None:
            self.editor.show_problem("")
            return
        part, line = source.place(fault.where)
        here = line + source.begins(part) - settled.begins(self.part)
        shown = settled.part(self.part) if self._typed is None else self._typed
        words = problem_text(fault.problem)
        if 0 < here <= len(shown.splitlines()):
            self.editor.show_problem(tr("Line {n}: {what}", n=here, what=words), here)
        else:
            title = source.names[part] if part >= 0 else tr("Title and head")
            self.editor.show_problem(tr("{stop}, line {n}: {what}", stop=title, n=line, what=words))

    # What is written

    def choose(self, part: int) -> None:
        """Show another part."""
        source = self._settle()
        if source is not None:
            self.part = max(-1, min(part, len(source.stops) - 1))
            self._show()

    def _settle(self) -> LessonSource | None:
        """Take what was typed for good."""
        self._settled, self._typed = self.source, None
        return self._settled

    def _take(self, text: str) -> None:
        """Keep what is typed into the part that is shown, and look at it when no more keys come."""
        if self._settled is not None:
            shown = self._settled.part(self.part).replace("\r\n", "\n")
            self._typed = None if text == shown else text
            self._pause.start()

    def _change(self, source: LessonSource, part: int) -> None:
        """Have other stops; what was before can be taken back."""
        if self._settled is not None:
            self._before = [*self._before, (self._settled, self.part)][-KEPT:]
        self._settled, self._typed, self.part = source, None, part
        self._show()

    def undo(self) -> None:
        """Take the last change of the stops back."""
        if self._before:
            (self._settled, self.part), self._typed = self._before.pop(), None
            self._show()

    def add(self) -> None:
        """Add what is on the screen as a stop after the one that is shown, or in a new lesson."""
        source = self._settle()
        if source is None:
            self.new()
            return
        at = self.part + 1 if self.part >= 0 else len(source.stops)
        self._change(source.added(at, self._stop_from_screen(source)), at)

    def _stop_from_screen(self, source: LessonSource) -> str:
        return stop_from(source, self._scene(), self._stage.preferences.language)

    def _scene(self) -> dict[str, object]:
        view, folder = self._stage.on_screen.view, self.path.parent if self.path is not None else None
        return scene_of(self._stage.playback, view.options, folder)

    def _take_scene(self) -> None:
        source = self._settle()
        if source is not None and self.part >= 0:
            text = with_scene(source.stops[self.part], self._scene())
            self._change(source.with_part(self.part, text), self.part)

    def _move(self, by: int) -> None:
        source = self._settle()
        if source is not None and 0 <= self.part + by < len(source.stops):
            self._change(source.moved(self.part, by), self.part + by)

    def _remove(self) -> None:
        source = self._settle()
        if source is not None and self.part >= 0 and len(source.stops) > 1:
            self._change(source.without(self.part), min(self.part, len(source.stops) - 2))

    # What is done with it

    def try_here(self) -> None:
        """Go through the lesson from the stop that is shown on."""
        source = self._settle()
        fault = fault_of(source, self.path) if source is not None else None
        if source is None or fault is not None:
            self._show_fault(fault)
            return
        self._stage.guide.try_out(lesson_of(source, self.path), self.path or Path(), max(self.part, 0))

    def check(self) -> None:
        """Set up every stop and make its run, and say the first thing that is wrong."""
        source = self._settle()
        if source is None:
            return
        fault = fault_of(source, self.path)
        if fault is None:
            found = next(problems(lesson_of(source, self.path)), None)
            fault = Fault(found, found.where) if found is not None else None
        self._show_fault(fault)
        if fault is None:
            self.said.emit(tr("Every stop can be shown, and every question can be asked."))

    def save(self) -> bool:
        """Write the lesson to its file, or ask for one; whether it was written."""
        if self.path is None:
            return self.save_as()
        if not self._changed_by_others(self.path):
            return self._store(self.path)
        answer = questions.ask_to_overwrite(self._window, self.path)
        return self._store(self.path) if answer == Button.Yes else answer == Button.No and self.save_as()

    def save_as(self) -> bool:
        """Ask for a file and write the lesson to it."""
        start = str(Path(first_folder(*([self.path.parent] if self.path else []))) / self.name.rstrip("*"))
        words = tr("Nabla lessons") + f" (*{SUFFIX})"
        path = ask_for_file_to_write(self._window, tr("Save lesson"), start, words, SUFFIX, ".md")
        return path is not None and self._store(path)

    def _changed_by_others(self, path: Path) -> bool:
        """Whether another program has changed the file since it was read or written here."""
        try:
            return bool(self._digest) and digest_of(files.read_bytes(path, LARGEST)) != self._digest
        except Problem:
            return False  # it is gone, or whoever writes it says what it is

    def _store(self, path: Path) -> bool:
        source = self._settle()
        assert source is not None  # one saves what there is
        data = source.text.encode("utf-8")
        try:
            files.write_bytes(path, data)
        except Problem as error:
            words = tr("“{name}” was not saved.", name=plain_name(path.name))
            questions.show_error(self._window, words, error)
            return False
        self.path, self._on_file, self._digest = path, source.text, digest_of(data)
        self._look()
        self._stage.preferences.add_recent_lesson(str(path.absolute()))
        self.changed.emit()
        self.said.emit(tr("Saved to {path}", path=path))
        return True
