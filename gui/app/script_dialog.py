"""File ▸ Save as script…: shows the run on the screen as a short program, to be copied or saved."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRegularExpression, Qt, QThread, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QFontDatabase,
    QGuiApplication,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextDocument,
)
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from engine.config import Problem
from engine.scripts.table import script_of
from engine.scripts.writer import Framework, Script
from gui.app.script_files import FRAMEWORKS, script_name, write_script
from gui.app.threads import threads
from gui.look.combo import Combo
from gui.look.file_to_write import ask_for_file_to_write
from gui.look.folders import first_folder
from gui.look.language import problem_text, series, tr
from gui.look.plain import plain_name
from gui.look.preferences import Preferences
from gui.look.theme import Theme
from gui.screen.playback import Playback

SIZE = 860, 640
QUOTES = '"' * 3
COMMENT = QRegularExpression(r"#.*$")
STRING = QRegularExpression(r"\"[^\"]*\"|'[^']*'")
KEYWORD = QRegularExpression(
    r"\b(def|for|in|if|else|while|return|import|from|as|with|try|except|break|and|or|not)\b"
)


class ScriptThread(QThread):
    """Writes a script: a long run that may be chaotic is made again for it, which takes a second or two."""

    def __init__(self, make: Callable[[], Script]) -> None:
        super().__init__()
        self._make = make
        self.found: object = None  # the Script or the Problem, once it has finished

    def run(self) -> None:
        """Keep what is written; nothing, if the program has a fault."""
        try:
            self.found = self._make()
        except Problem as problem:
            self.found = problem


class ScriptDialog(QDialog):
    """The script of a run, in the framework that is chosen."""

    said = Signal(str)  # what was done, for the status line

    def __init__(self, window: QWidget, theme: Theme, playback: Playback, preferences: Preferences) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Script: {experiment}", experiment=tr(playback.experiment.title)))
        self.playback, self.preferences = playback, preferences
        self.script: Script | None = None
        self._work: ScriptThread | None = None
        self._wanted: tuple[Path, Callable[[object], None]] | None = None  # what is to be written next
        self._then: Callable[[object], None] = self._show_written  # what gets it
        self.framework = Combo()
        for key, name in FRAMEWORKS.items():
            self.framework.addItem(name, key)
        self.framework.setAccessibleName(tr("Framework"))
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(tr("Script"))
        self.colours = ScriptColours(self.text.document(), theme)
        self.told = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.copy, self.save = QPushButton(tr("Copy")), QPushButton(tr("Save…"))
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._choose_file)
        self.copy.setAutoDefault(False)
        self.save.setDefault(True)
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.addWidget(QLabel(tr("The run on the screen, without Nabla, in")))
        top.addWidget(self.framework)
        top.addStretch(1)
        bottom.addWidget(self.told, 1)
        bottom.addWidget(self.copy)
        bottom.addWidget(self.save)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self.text, 1)
        column.addLayout(bottom)
        self.resize(min(theme.px(SIZE[0]), window.width()), min(theme.px(SIZE[1]), window.height()))
        self.framework.setCurrentIndex(list(FRAMEWORKS).index(self._kept_framework()))
        self.framework.currentIndexChanged.connect(self._show)
        self._show()

    @property
    def chosen(self) -> Framework:
        """The framework that is chosen."""
        return "torch" if self.framework.currentData() == "torch" else "numpy"

    def _kept_framework(self) -> Framework:
        return "torch" if self.preferences.export.get("framework") == "torch" else "numpy"

    @property
    def busy(self) -> bool:
        """Whether a script is being written."""
        return self._work is not None

    def _write(self, folder: Path, then: Callable[[object], None]) -> None:
        """Have the script written as it is where it lies in this folder; `then` gets it, or the problem."""
        self._wanted = folder, then
        self._allow(False)
        if self._work is None:
            self._begin()

    def _begin(self) -> None:
        assert self._wanted is not None
        (folder, self._then), self._wanted = self._wanted, None
        name, runner = self.playback.experiment.name, self.playback.runner
        make = partial(script_of, name, runner.config, self.chosen, tr, folder, runner.recording.data)
        self._work = ScriptThread(make)
        self._work.finished.connect(self._written)  # in this thread, as it is a method of the dialog
        threads().start(self._work)

    def _written(self) -> None:
        work = self._work
        if work is None or self.sender() is not work:
            return  # the dialog was closed meanwhile
        self._work = None
        if self._wanted is not None:
            self._begin()
        else:
            self._then(work.found)

    def _allow(self, on: bool) -> None:
        for button in (self.copy, self.save):
            button.setEnabled(on)

    def _show(self) -> None:
        self.preferences.export |= {"framework": self.chosen}
        self.told.setText(tr("The script is being written…"))
        self._write(self._folder(), self._show_written)

    def _show_written(self, found: object) -> None:
        if not isinstance(found, Script):
            self.script = None
            self.text.setPlainText("")
            self.told.setText(problem_text(found) if isinstance(found, Problem) else "")
            return
        self.script = found
        told = series(found.files)
        self.told.setText(tr("Beside it: {files}, which it reads.", files=told) if told else "")
        self.text.setPlainText(found.text)
        self._allow(True)

    def done(self, result: int) -> None:
        """Close; what is being written is not wanted any more."""
        self._wanted = self._work = None
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._wanted = self._work = None
        super().closeEvent(event)

    def _folder(self) -> Path:
        return Path(first_folder(str(self.preferences.export.get("folder", ""))))

    def _copy(self) -> None:
        if self.script is not None:
            QGuiApplication.clipboard().setText(self.script.text)
            self.told.setText(self._told_of_copy(self.script))  # the status line is behind this dialog
            self.said.emit(tr("Script copied"))

    def _told_of_copy(self, script: Script) -> str:
        if not script.files:
            return tr("Script copied")
        return tr("Script copied. It reads {files}: Save… writes both.", files=series(script.files))

    def _choose_file(self) -> None:
        start = str(self._folder() / script_name(self.playback.experiment.name, self.chosen))
        path = ask_for_file_to_write(self, tr("Save as script"), start, "Python (*.py)", ".py")
        if path is not None:
            self.framework.setEnabled(False)  # until this one is saved
            self._write(path.absolute().parent, partial(self._save, path))

    def _save(self, path: Path, found: object) -> None:
        self._allow(True)
        self.framework.setEnabled(True)
        if found is None:
            return  # the fault is told by the window
        try:
            if isinstance(found, Problem):
                raise found
            assert isinstance(found, Script)
            write_script(found, path)
        except Problem as problem:
            self.told.setText(problem_text(problem))
            return
        self.preferences.export |= {"folder": str(path.absolute().parent)}
        self.said.emit(tr("Script saved to {path}", path=plain_name(str(path))))
        self.accept()


class ScriptColours(QSyntaxHighlighter):
    """Comments are quiet, words of the language have the accent."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._formats = []
        for pattern, colour in ((KEYWORD, theme.accent), (STRING, theme.text), (COMMENT, theme.quiet)):
            look = QTextCharFormat()
            look.setForeground(QColor(colour))
            self._formats.append((pattern, look))

    def highlightBlock(self, text: str) -> None:
        """Colour one line. The words at the head, between two lines with three quotes, stay as they are."""
        quotes, inside = text.count(QUOTES), self.previousBlockState() == 1
        self.setCurrentBlockState(int(inside != (quotes == 1)))
        if quotes or inside:
            return
        for pattern, look in self._formats:
            found = pattern.globalMatch(text)
            while found.hasNext():
                match = found.next()
                self.setFormat(match.capturedStart(), match.capturedLength(), look)


def open_script(
    window: QWidget, theme: Theme, playback: Playback, preferences: Preferences, say: Callable[[str], None]
) -> ScriptDialog:
    """Show the script of the run on the screen."""
    dialog = ScriptDialog(window, theme, playback, preferences)
    dialog.said.connect(say)
    dialog.open()
    return dialog
