"""Says over the plots what to look at in the example that is open, and leads to the lesson on it."""

from functools import partial
from typing import Protocol, cast

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from gui.app.example_words import place_of, place_words, sentence_of
from gui.app.lesson_guide import LessonGuide
from gui.look.language import installed
from gui.screen.playback import Playback
from gui.screen.screen import Screen


class ExampleStage(Protocol):
    """What is asked of the window."""

    guide: LessonGuide

    @property
    def playback(self) -> Playback: ...
    @property
    def on_screen(self) -> Screen: ...


class ExampleTeller(QObject):
    """Keeps which sentences were taken away. That is no step to undo, and no part of a session."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._away: set[str] = set()  # English titles

    @property
    def _stage(self) -> ExampleStage:
        """The window. Qt's parent, not a reference: the two would hold each other for ever."""
        return cast(ExampleStage, self.parent())

    @property
    def _title(self) -> str:
        example = self._stage.playback.example
        return example.title if example is not None and not example.is_figure else ""

    def opened(self, title: str) -> None:
        """An example is opened: its sentence is said again."""
        self._away.discard(title)

    def join(self, screen: Screen) -> None:
        """Hear the line of a screen that was just made."""
        screen.example_line.followed.connect(self._follow)
        screen.example_line.dismissed.connect(self._dismiss)
        self.tell()

    def tell(self) -> None:
        """Say what to look at; a lecture has no room for it."""
        stage, title = self._stage, self._title
        screen, language = stage.on_screen, installed()
        seen = title not in self._away and not screen.theme.presenting
        place = place_of(title)
        link = place_words(place, language) if place is not None else ""
        screen.example_line.tell(sentence_of(title, language) if seen else "", link)

    def _dismiss(self) -> None:
        self._away.add(self._title)
        self.tell()

    def _follow(self) -> None:
        place = place_of(self._title)
        if place is not None:  # later: what was pressed goes with the screen
            QTimer.singleShot(0, self, partial(self._stage.guide.open, place.path, place.stop))
