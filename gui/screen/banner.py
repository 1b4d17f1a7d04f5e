"""The line over the plots that says why there are no plots, or how much of a file has been read."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from engine.config import Problem
from engine.runner import Finish, Runner
from gui.look.language import problem_text, tr
from gui.look.theme import Theme


class Banner(QLabel):
    """Plain text, because it may quote a file. While a file is read, a button stops the reading."""

    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.setToolTip(tr("Stop reading the file"))
        self.cancel.clicked.connect(self.cancelled)
        self.cancel.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, theme.px(8), 0)
        row.addStretch(1)
        row.addWidget(self.cancel)
        self.setMinimumHeight(theme.px(34))
        self.hide()

    def show_run(self, runner: Runner, *problems: Problem) -> None:
        """Say what is wrong with a run, what it waits for, or why a part of it is not shown."""
        words = _words(runner) or " ".join(map(problem_text, problems))
        reading = runner.preparing is not None and runner.finish is None
        if reading != self.property("reading"):
            self.setProperty("reading", reading)
            self.style().unpolish(self)
            self.style().polish(self)
        self.cancel.setVisible(reading)
        self.setText(words)
        self.setVisible(bool(words))


def _words(runner: Runner) -> str:
    begun = runner.recording.last >= 0
    if runner.finish is Finish.FAILED and runner.problem is not None:
        reason = problem_text(runner.problem)
        return tr("This run broke off. {reason}", reason=reason) if begun else reason
    if runner.finish is Finish.STOPPED and not begun:
        return tr("The file was not read to its end. Run reads it again.")
    if runner.preparing is not None:
        return tr("Reading the file: {percent} %", percent=round(100 * runner.preparing))
    return ""
