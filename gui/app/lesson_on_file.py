"""The file of a lesson that is being written: where it is, what stands in it, and how it is saved."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from engine import files
from engine.config import Problem
from engine.lessons.lesson_file import LARGEST, SUFFIX
from gui.app import document_questions as questions
from gui.app.kept import changed_since, digest_of
from gui.look.file_to_write import ask_for_file_to_write
from gui.look.folders import first_folder
from gui.look.language import tr
from gui.look.messages import Button
from gui.look.plain import plain_name


@dataclass
class LessonOnFile:
    """Where a lesson is saved, if anywhere, and the text that was read there or written last."""

    path: Path | None = None
    text: str = ""
    digest: str = ""  # of the bytes of the text; "" before the first time

    @classmethod
    def read(cls, path: Path) -> "LessonOnFile":
        """Read a file.

        Raises:
            Problem: it cannot be read, or is no text.
        """
        data = files.read_bytes(path, LARGEST)
        try:
            return cls(path, data.decode("utf-8"), digest_of(data))
        except UnicodeDecodeError:
            raise Problem("The file is not UTF-8.") from None

    @property
    def name(self) -> str:
        """The name of the file."""
        return plain_name(self.path.name) if self.path is not None else tr("untitled") + SUFFIX

    def save(self, window: QWidget, text: str) -> bool:
        """Write the lesson to its file, or ask for one; return whether it was written."""
        if self.path is None:
            return self.save_as(window, text)
        if not changed_since(self.path, self.digest, LARGEST):
            return self._store(window, self.path, text)
        answer = questions.ask_to_overwrite(window, self.path)
        if answer == Button.Yes:
            return self._store(window, self.path, text)
        return answer == Button.No and self.save_as(window, text)

    def save_as(self, window: QWidget, text: str) -> bool:
        """Ask for a file and write the lesson to it; return whether it was written."""
        start = str(Path(first_folder(*([self.path.parent] if self.path else []))) / self.name)
        words = tr("Nabla lessons") + f" (*{SUFFIX})"
        path = ask_for_file_to_write(window, tr("Save lesson"), start, words, SUFFIX, ".md")
        return path is not None and self._store(window, path, text)

    def _store(self, window: QWidget, path: Path, text: str) -> bool:
        data = text.encode("utf-8")
        try:
            files.write_bytes(path, data)
        except Problem as error:
            words = tr("“{name}” was not saved.", name=plain_name(path.name))
            questions.show_error(window, words, error)
            return False
        self.path, self.text, self.digest = path, text, digest_of(data)
        return True
