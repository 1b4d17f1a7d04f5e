"""How a window is shown: its language, its theme, and the size of its text."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from engine.session import Session
from gui.look.desktop import DesktopMotion, application
from gui.look.language import LANGUAGES
from gui.look.preferences import Preferences
from gui.look.theme import LECTURE_SCALE, THEMES, Theme, system_theme


class Appearance(QObject):
    """What the user has chosen, here or in a session. It is remembered for the next start."""

    changed = Signal()  # every widget is to be made anew
    calmed = Signal(bool)  # whether nothing is to move by itself

    def __init__(self, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.language = preferences.language
        self._form_asked = False  # in a lecture
        self.notes_asked = False  # whether the notes are to be there where there is little room for them
        self.theme_choice = preferences.theme  # light, dark, or system
        self._system = system_theme(application())
        application().styleHints().colorSchemeChanged.connect(self._follow_system)
        self.desktop = DesktopMotion(self)
        self.desktop.changed.connect(self._tell_motion)

    @property
    def theme(self) -> Theme:
        """The theme in force, at the size in force."""
        name = system_theme(application()) if self.theme_choice == "system" else self.theme_choice
        return replace(THEMES[name], scale=LECTURE_SCALE if self.lecture else 1.0)

    @property
    def said_theme(self) -> str:
        """The theme as it is saved in a session: none where the system chooses."""
        return "" if self.theme_choice == "system" else self.theme_choice

    @property
    def form(self) -> bool:
        """Whether the settings are shown; in a lecture only if the user has asked for them there."""
        return self._form_asked if self.lecture else self._preferences.form

    @form.setter
    def form(self, on: bool) -> None:
        if self.lecture:
            self._form_asked = on
        else:
            self._preferences.form = on

    @property
    def lecture(self) -> bool:
        """Whether everything is drawn large enough to be read from the last row of a classroom."""
        return self._preferences.lecture

    @property
    def calm(self) -> bool:
        """Whether nothing is to move by itself: as the user has chosen, or else as the desktop asks."""
        chosen = self._preferences.motion
        return chosen == "less" if chosen else self.desktop.calm

    def set_calm(self, on: bool) -> None:
        """Choose whether plots show changes as movements."""
        self._preferences.motion = "less" if on else "full"
        self._tell_motion()

    def _tell_motion(self) -> None:
        self.calmed.emit(self.calm)

    def set_theme(self, choice: str) -> None:
        """Light, dark, or as the system."""
        self.theme_choice = self._preferences.theme = choice
        self.changed.emit()

    def set_language(self, name: str) -> None:
        """Show the window in another language from now on."""
        self.language = self._preferences.language = name
        self.changed.emit()

    def set_lecture(self, on: bool) -> None:
        """Turn the lecture on (only what a class has to see, with large text) or off."""
        self._preferences.lecture, self._form_asked, self.notes_asked = on, False, False
        self.changed.emit()

    def _follow_system(self) -> None:
        """Follow the desktop from light to dark and back, where the user lets it choose."""
        before, self._system = self._system, system_theme(application())
        if self.theme_choice == "system" and self._system != before:
            self.changed.emit()

    def follow(self, session: Session) -> None:
        """Take language and theme from a session, where it says any; the theme not if the system chooses."""
        if session.language in LANGUAGES:
            self.language = session.language
        if session.theme in THEMES and self.theme_choice != "system":
            self.theme_choice = session.theme
