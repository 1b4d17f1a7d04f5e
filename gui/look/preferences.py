"""What the program remembers about this user on this machine; none of it belongs to a session."""

import json

from PySide6.QtCore import QByteArray, QSettings

from gui.look.language import LANGUAGES, system_language

RECENT = 8
LESSONS = 40  # whose progress is remembered


class Preferences:
    """Typed access to the user's settings."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings("Nabla", "Nabla")

    @property
    def language(self) -> str:
        """The language of the window; the desktop's until one is chosen."""
        found = str(self._store.value("language", ""))
        return found if found in LANGUAGES else system_language()

    @language.setter
    def language(self, language: str) -> None:
        self._store.setValue("language", language)

    @property
    def theme(self) -> str:
        """Light, dark, or system."""
        found = str(self._store.value("theme", "system"))
        return found if found in ("light", "dark") else "system"

    @theme.setter
    def theme(self, theme: str) -> None:
        self._store.setValue("theme", theme)

    @property
    def lecture(self) -> bool:
        """Whether everything is drawn larger."""
        return self._store.value("lecture", "no") == "yes"

    @lecture.setter
    def lecture(self, lecture: bool) -> None:
        self._store.setValue("lecture", "yes" if lecture else "no")

    @property
    def motion(self) -> str:
        """How much moves by itself: less, or full; empty until the user has chosen: as the desktop says."""
        found = str(self._store.value("motion", ""))
        return found if found in ("less", "full") else ""

    @motion.setter
    def motion(self, motion: str) -> None:
        self._store.setValue("motion", motion)

    @property
    def notes(self) -> bool:
        """Whether the notes on the right are shown."""
        return self._store.value("notes", "yes") == "yes"

    @notes.setter
    def notes(self, notes: bool) -> None:
        self._store.setValue("notes", "yes" if notes else "no")

    @property
    def form(self) -> bool:
        """Whether the settings on the left are shown."""
        return self._store.value("form", "yes") == "yes"

    @form.setter
    def form(self, form: bool) -> None:
        self._store.setValue("form", "yes" if form else "no")

    @property
    def export(self) -> dict[str, object]:
        """How figures were exported last, by names that the dialog knows."""
        try:
            found = json.loads(str(self._store.value("export", "{}")))
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @export.setter
    def export(self, choices: dict[str, object]) -> None:
        self._store.setValue("export", json.dumps(choices))

    @property
    def data_folder(self) -> str:
        """The folder that a table or a text was chosen from last; empty before the first."""
        return str(self._store.value("data_folder", ""))

    @data_folder.setter
    def data_folder(self, folder: str) -> None:
        self._store.setValue("data_folder", folder)

    @property
    def lesson_offered(self) -> bool:
        """Whether the first lesson was offered, and taken or not."""
        return self._store.value("lesson_offered", "no") == "yes"

    @lesson_offered.setter
    def lesson_offered(self, offered: bool) -> None:
        self._store.setValue("lesson_offered", "yes" if offered else "no")

    def lesson_progress(self, lesson: str) -> tuple[str, tuple[str, ...]]:
        """The stop at which a lesson was left, and the stops whose questions were answered."""
        try:
            found = json.loads(str(self._store.value("lessons", "{}")))[lesson]
            return str(found["at"]), tuple(str(name) for name in found["done"])
        except (ValueError, TypeError, KeyError):
            return "", ()

    def set_lesson_progress(self, lesson: str, at: str, done: tuple[str, ...]) -> None:
        """Remember how far somebody is in a lesson; of more than `LESSONS` the oldest are forgotten."""
        try:
            before = json.loads(str(self._store.value("lessons", "{}")))
        except ValueError:
            before = {}
        known = before.items() if isinstance(before, dict) else ()
        others = [(name, entry) for name, entry in known if name != lesson]
        kept = dict(others[-(LESSONS - 1) :])
        self._store.setValue("lessons", json.dumps({**kept, lesson: {"at": at, "done": list(done)}}))

    @property
    def recent_lessons(self) -> list[str]:
        """The lessons that were opened or saved last, newest first; not those that ship."""
        found = self._store.value("recent_lessons", [])
        return [str(path) for path in found] if isinstance(found, list) else [str(found)]

    def add_recent_lesson(self, path: str) -> None:
        """Put a lesson on top of the recent ones."""
        others = [other for other in self.recent_lessons if other != path]
        self._store.setValue("recent_lessons", [path, *others][:RECENT])

    @property
    def recent(self) -> list[str]:
        """The session files that were opened or saved last, newest first."""
        found = self._store.value("recent", [])
        return [str(path) for path in found] if isinstance(found, list) else [str(found)]

    def add_recent(self, path: str) -> None:
        """Put a file on top of the recent ones."""
        others = [other for other in self.recent if other != path]
        self._store.setValue("recent", [path, *others][:RECENT])

    @property
    def geometry(self) -> QByteArray | None:
        """Where the window was."""
        found = self._store.value("geometry")
        return found if isinstance(found, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._store.setValue("geometry", geometry)
