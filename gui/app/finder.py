"""Finds things for the user: opens the glossary, and goes to an experiment and to one of its settings."""

from collections.abc import Callable, Sequence
from typing import Protocol, cast

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QMenuBar, QWidget

from engine.config import Config
from engine.session import Look
from gui.app.appearance import Appearance
from gui.app.contents import LearnersQuestion, questions
from gui.app.documents import Documents
from gui.app.glossary_dialog import GlossaryDialog, field_at
from gui.app.lesson_guide import LessonGuide
from gui.app.palette import SearchPalette
from gui.app.search_index import Findable, commands, contents_of, questions_of, things_of
from gui.app.status_line import StatusLine
from gui.form.base import Editor
from gui.look.language import installed, tr
from gui.screen.playback import Playback
from gui.screen.screen import Screen
from gui.screen.spots import stops_in

LIT = 1800  # ms for which a setting that was gone to stands out


class FinderStage(Protocol):
    """What a finder asks of its window."""

    appearance: Appearance
    documents: Documents
    guide: LessonGuide
    status_line: StatusLine

    @property
    def playback(self) -> Playback: ...
    @property
    def on_screen(self) -> Screen: ...
    def show_experiment(self, name: str) -> None: ...
    def show_form(self, on: bool) -> None: ...
    def show_notes(self, on: bool) -> None: ...
    def show_scene(self, name: str, config: Config, look: Look) -> None: ...
    def menuBar(self) -> QMenuBar: ...


class Finder(QObject):
    """Whatever is chosen in what it opens, it brings to the screen."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)

    @property
    def _window(self) -> QWidget:
        """The window. Qt's parent, not a reference: the two would hold each other for ever."""
        return cast(QWidget, self.parent())

    @property
    def _stage(self) -> FinderStage:
        """The window, as what is asked of it."""
        return cast(FinderStage, self.parent())

    # The glossary

    @property
    def glossary(self) -> GlossaryDialog | None:
        """The glossary, where it is open."""
        dialogs = self._window.findChildren(GlossaryDialog)
        return next((dialog for dialog in dialogs if dialog.isVisible()), None)

    def open_glossary(self) -> None:
        """Open the glossary at its first entry."""
        self.show_entry("")

    def show_entry(self, key: str) -> None:
        """Open the glossary, if it is not open, at an entry."""
        dialog = self.glossary
        if dialog is None:
            dialog = GlossaryDialog(self._window, self._stage.appearance.theme)
            dialog.place_chosen.connect(self._leave_glossary)
            self._stage.appearance.changed.connect(dialog.close)
            dialog.finished.connect(self._window.activateWindow)
            dialog.show()
        dialog.show_entry(key)
        dialog.raise_()
        dialog.activateWindow()

    def _leave_glossary(self, experiment: str, way: str) -> None:
        if self.glossary is not None:
            self.glossary.close()
        self.go_to(experiment, way)

    # The search

    @property
    def palette(self) -> SearchPalette | None:
        """The search, where it is open."""
        dialogs = self._window.findChildren(SearchPalette)
        return next((dialog for dialog in dialogs if dialog.isVisible()), None)

    def open_palette(self) -> None:
        """Open the search, with the experiments and the lessons to begin with."""
        bar = self._stage.menuBar()
        self._open(contents_of(installed()), lambda: [*things_of(installed()), *commands(bar)])

    def open_questions(self) -> None:
        """Open the contents by question."""
        self._open(questions_of(installed()))

    def _open(self, first: Sequence[Findable], things: Callable[[], list[Findable]] | None = None) -> None:
        stage = self._stage
        if self.palette is None:
            shown = stage.playback.experiment.name
            palette = SearchPalette(self._window, stage.appearance.theme, first, things, shown)
            # Queued: the focus goes back to the window first.
            palette.chosen.connect(self._take, Qt.ConnectionType.QueuedConnection)
            palette.finished.connect(self._window.activateWindow)
            palette.open()

    def _take(self, thing: Findable) -> None:
        """Bring what was chosen to the screen, or do it."""
        stage, target = self._stage, thing.target
        if thing.kind == "experiment":
            self.go_to(target)
        elif thing.kind == "setting":
            self.go_to(*target)
        elif thing.kind == "entry":
            self.show_entry(target)
        elif thing.kind == "question":
            self._answer(questions()[target])
        elif thing.kind == "lesson":
            stage.guide.open(target)
        elif thing.kind == "stop":
            path, number = target
            if stage.guide.open(path):
                stage.guide.go(number)
        elif thing.kind == "example":
            stage.documents.open_path(target, True)
        elif thing.kind == "command":
            target.trigger()

    def _answer(self, question: LearnersQuestion) -> None:
        """Show what answers a question; a scene with its notes, which say what is seen."""
        stage = self._stage
        if question.lesson is not None:
            if stage.guide.open(question.lesson) and stage.guide.lesson is not None:
                stops = [stop.name for stop in stage.guide.lesson.stops]
                stage.guide.go(stops.index(question.stop))
        elif question.example is not None:
            stage.documents.open_path(question.example, True)
        else:
            stage.show_scene(question.experiment, question.config(), question.look())
            stage.show_notes(True)

    # Places

    def go_to(self, experiment: str, way: str = "") -> None:
        """Bring an experiment to the screen and give the focus to one of its settings, which stands out."""
        stage = self._stage
        stage.show_experiment(experiment)
        if not way:
            return
        stage.show_form(True)
        editor = stage.on_screen.form.reveal(way)
        if editor is None:
            field = field_at(experiment, way)
            title = tr(field.title) if field is not None else way
            stage.status_line.say(tr("“{title}” is not shown with the present settings.", title=title))
            return
        stops = stops_in(editor)
        if stops:
            stops[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
        light(editor)


def light(editor: Editor) -> None:
    """Let a setting stand out for a moment."""
    editor.light(True)
    QTimer.singleShot(LIT, editor, lambda: editor.light(False))
