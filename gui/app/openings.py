"""What is opened into a window: sessions, examples, figures, scenes of lessons; and what was there before."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from engine.config import Config
from engine.session import Look, Session
from gui.app.appearance import Appearance
from gui.app.desk import Desk
from gui.app.documents import Documents
from gui.app.example_teller import ExampleTeller
from gui.app.examples import example_title
from gui.app.lesson_guide import LessonGuide
from gui.app.undo import Document, History
from gui.look.plain import plain_name
from gui.screen.playback import Playback
from gui.screen.playback_state import Example, PlaybackMemo, PlaybackState, StopScene
from gui.screen.screen import Screen


class OpeningStage(Protocol):
    """What openings ask of their window."""

    appearance: Appearance
    desk: Desk
    guide: LessonGuide
    teller: ExampleTeller

    @property
    def playback(self) -> Playback: ...
    @property
    def on_screen(self) -> Screen: ...
    def session(self) -> Session: ...
    def note(self) -> None: ...
    def build(self, same_menus: bool = False) -> None: ...
    def show_title(self) -> None: ...
    def show_experiment(self, name: str) -> None: ...


class Openings(QObject):
    """Brings to the screen what is opened, as a step that can be taken back, and what was there before it."""

    def __init__(self, window: QWidget, documents: Documents, history: History) -> None:
        super().__init__(window)
        self._documents, self._history = documents, history
        self._before: Document | None = None  # what was there before the session that is being opened
        documents.opened.connect(self._opened)
        documents.example_opened.connect(self.show_example)
        documents.figure_opened.connect(self.show_figure)
        history.playback_wanted.connect(self._go_to)
        history.session_wanted.connect(self._go_to_session)
        history.leaving.connect(self._remember_sights)

    @property
    def _stage(self) -> OpeningStage:
        """The window. Qt's parent, not a reference: the two would hold each other for ever."""
        return cast(OpeningStage, self.parent())

    # Sessions and scenes

    def restore(self, session: Session) -> None:
        """Show a session in place of the present one: all of it or, where that raises, nothing."""
        self._stage.note()
        self._before = self._document()
        self._show(session)
        self._documents.current = self._documents.on_file = self._stage.session()

    def _remember_sights(self) -> None:
        self._stage.on_screen.remember()

    def _document(self) -> Document:
        """What is open, with all that stands in no file."""
        self._stage.on_screen.remember()
        return Document(
            self._stage.session(), self._documents.path, self._documents.on_file, self._stage.desk.memos()
        )

    def _opened(self, restored: bool) -> None:
        """A session is open now, and can be taken back; but not that of last time."""
        if restored or self._before is None:
            self._history.clear()
        else:
            self._history.opened(self._before, self._document())
        self._before = None
        self._changed()

    def _show(self, session: Session, memos: Mapping[str, PlaybackMemo] | None = None) -> None:
        """Have a session on the screen and in every playback: all of it or, where that raises, nothing.

        One that was there before has `memos`.
        """
        appearance = self._stage.appearance
        before, done = (appearance.language, appearance.theme_choice), False
        try:
            with self._stage.desk.replaced_by(session, memos):
                appearance.follow(session)
                self._stage.playback.enter()
                self._stage.build()
            done = True
        finally:
            if not done:
                appearance.language, appearance.theme_choice = before
                self._stage.playback.enter()
                self._stage.build()

    def show_example(self, session: Session, path: Path) -> None:
        """Open a session that ships in its own experiment; all others stay as they are."""
        name, config = session.open, session.config(session.open)
        self._stage.note()
        elsewhere = name != self._stage.playback.experiment.name
        if elsewhere:
            self._stage.desk.bring(name)
            self._stage.note()
        self._stage.playback.restore(config, session.looks.get(name, Look()))
        self._stage.playback.example = Example(example_title(path), session)
        self._stage.teller.opened(example_title(path))
        if elsewhere:
            self._stage.build()
        else:
            self._stage.on_screen.renew_view()
        self._changed()

    def show_figure(self, session: Session, path: Path) -> None:
        """Open the session that a picture carries: its experiment, at its step."""
        name, figure = session.open, Example(plain_name(path.name), session, is_figure=True)
        self.show_scene(name, session.config(name), session.looks.get(name, Look()), example=figure)

    def show_scene(
        self,
        name: str,
        config: Config,
        look: Look,
        scene: StopScene | None = None,
        example: Example | None = None,
    ) -> None:
        """Bring the scene of a lesson, or of a figure, to the screen; other experiments stay as they are."""
        self._stage.note()
        elsewhere = name != self._stage.playback.experiment.name
        if elsewhere:
            self._stage.desk.bring(name)
            self._stage.note()
        self._stage.playback.restore(config, look, scene)
        self._stage.playback.example = example
        if elsewhere:
            self._stage.build(same_menus=True)
        else:
            self._stage.on_screen.renew_view()
        self._changed()

    # What was there before

    def _go_to(self, name: str, state: PlaybackState) -> None:
        """Show an experiment as it was at another time."""
        self._stage.show_experiment(name)
        looked_at = self._stage.playback.options
        self._stage.playback.become(state)
        self._history.came_back(self._stage.playback)
        self._stage.on_screen.begin_anew()
        if state.options != looked_at:
            self._stage.on_screen.follow_options()
        else:
            self._stage.on_screen.expect_sights()
        self._changed()

    def _go_to_session(self, document: Document) -> None:
        """Show a whole session as it was at another time."""
        self._documents.path, self._documents.on_file = document.path, document.on_file
        self._show(document.session, document.memos)
        self._history.forget()
        self._changed()

    def _changed(self) -> None:
        """What is open has changed: show so at once."""
        self._stage.note()
        self._stage.guide.follow()
        opened = {name: memo.example for name, memo in self._stage.desk.memos().items()}
        self._documents.examples = {name: example.session for name, example in opened.items() if example}
        self._documents.changed(self._stage.session())
        self._stage.show_title()
