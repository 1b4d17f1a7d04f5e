"""Asks for the handout of a lesson, and writes it."""

from collections.abc import Generator
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QWidget

from engine.config import Problem
from engine.lessons.lesson import Lesson
from engine.lessons.lesson_file import SUFFIX
from gui.app.document_questions import show_error
from gui.export.export_dialog import watched
from gui.export.files import write
from gui.export.handout import Handout, handout_of, language_for
from gui.export.handout_html import html_of
from gui.export.handout_pdf import pdf_of
from gui.look.combo import Combo
from gui.look.file_to_write import ask_for_file_to_write
from gui.look.folders import first_folder
from gui.look.language import tr
from gui.look.preferences import Preferences


def handout_name(path: Path, language: str, teacher: bool) -> str:
    """The name of a handout without its ending: that of the lesson, its language, and for whom it is."""
    name = path.name.removesuffix(SUFFIX).removesuffix(".md")
    return name + (f"-{language}" if language != "en" else "") + ("-teacher" if teacher else "")


def write_handout(handout: Handout, path: Path, kind: str) -> None:
    """Write a handout as html or pdf, in the installed language.

    Raises:
        Problem: the file cannot be written.
    """
    write(path, pdf_of(handout) if kind == "pdf" else html_of(handout).encode("utf-8"))


class HandoutDialog(QDialog):
    """Asks in which format the handout of a lesson is wanted, and for whom; then where."""

    said = Signal(str)  # what was done, for the status line

    def __init__(self, parent: QWidget, lesson: Lesson, path: Path, preferences: Preferences) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Handout"))
        self.lesson, self.path, self.preferences = lesson, path, preferences
        self.format, self.teacher = Combo(), QCheckBox(tr("With the teacher's notes"))
        self.format.addItem(tr("HTML: one file, for every browser"), "html")
        self.format.addItem(tr("PDF: A4, to print"), "pdf")
        self.format.setAccessibleName(tr("Format"))
        self.format.setToolTip(tr("Both have all in one file, and need no network."))
        self.teacher.setToolTip(tr("What only the teacher sees stands under each stop."))
        self.teacher.setEnabled(any(text.teacher for stop in lesson.stops for text in stop.texts.values()))
        what = QLabel(tr("Texts, pictures, questions with room for the answer, and the answers at the end."))
        what.setWordWrap(True)
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Save | standard.Cancel)
        buttons.accepted.connect(self._choose_file)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow(what)
        form.addRow(tr("Format"), self.format)
        form.addRow("", self.teacher)
        form.addRow(buttons)

    @property
    def language(self) -> str:
        """The language of the handout: that of the window, where the lesson has it."""
        return language_for(self.lesson, self.preferences.language)

    def _choose_file(self) -> None:
        kind, teacher = str(self.format.currentData()), self.teacher.isChecked()
        name = handout_name(self.path, self.language, teacher)
        start = str(Path(first_folder(str(self.preferences.export.get("folder", "")))) / f"{name}.{kind}")
        path = ask_for_file_to_write(self, tr("Handout"), start, f"{kind.upper()} (*.{kind})", f".{kind}")
        if path is not None and self.save(path, kind):
            self.accept()

    def save(self, path: Path, kind: str) -> bool:
        """Make the handout and write it; an error is shown, and the dialog stays, as when it is cancelled."""
        try:
            if not watched(self._work(path, kind), self):
                return False
        except Problem as problem:
            show_error(self, tr("The handout was not made."), problem)
            return False
        self.preferences.export |= {"folder": str(path.absolute().parent)}
        self.said.emit(tr("Exported to {path}", path=path))
        return True

    def _work(self, path: Path, kind: str) -> Generator[float]:
        making = handout_of(self.lesson, self.language, self.teacher.isChecked())
        handout = yield from making
        write_handout(handout, path, kind)
