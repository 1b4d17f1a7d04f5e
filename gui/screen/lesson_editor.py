"""The editor of a lesson: its stops in order, and the text of one, beside the plots."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QTextCursor, QTextFormat
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.look.icons import icon
from gui.look.language import tr
from gui.look.theme import Theme
from gui.screen.options_widgets import push_button

ROWS = 5  # stops that are seen at once


class LessonEditor(QWidget):
    """Shows one part of a lesson as text; the receiver of `typed` calls `show_problem` with the errors."""

    chosen = Signal(int)  # a part: a stop, or −1 for the head
    typed = Signal(str)  # the text of the part
    moved = Signal(int)  # the stop goes up (−1) or down (+1)
    removed = Signal()
    added = Signal()
    undone = Signal()
    scene_taken = Signal()
    tried = Signal()
    checked = Signal()
    saved = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme, self._line = theme, 0
        self.setMinimumWidth(theme.px(300 if theme.presenting else 400))
        self.setAccessibleName(tr("Writing a lesson"))
        self.name = QLabel()
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setWordWrap(True)
        self.parts = QListWidget()
        self.parts.setAccessibleName(tr("The stops of the lesson"))
        self.parts.currentRowChanged.connect(self._choose)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(tr("The text of the stop"))
        self.text.setTabChangesFocus(True)
        self.text.setStyleSheet(f"font-size: {theme.notes_px}px;")
        self.text.textChanged.connect(self._changed)
        self.problem = QLabel()
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self._make_buttons()
        self._lay_out()

    def _make_buttons(self) -> None:
        self.up = self._small("up", tr("Move this stop up"))
        self.down = self._small("down", tr("Move this stop down"))
        self.add = self._small("plus", tr("Add what is on the screen as a stop, after this one"))
        self.remove = self._small("remove", tr("Remove this stop"))
        self.undo = self._small("undo", tr("Take back the last change of the stops"))
        self.up.clicked.connect(self._up)
        self.down.clicked.connect(self._down)
        for button, signal in ((self.add, self.added), (self.remove, self.removed), (self.undo, self.undone)):
            button.clicked.connect(signal)
        leave, look = tr("Leave the lesson; what is not saved is asked about"), tr("Put the cursor there")
        self.close_button = push_button(tr("Stop writing"), leave, self.closed.emit)
        self.go = push_button(tr("Go there"), look, self._go)
        scene = tr("Let this stop show what is on the screen now: settings, options and step")
        self.scene = push_button(tr("Scene from the screen"), scene, self.scene_taken.emit)
        check = tr("Set up every stop, make its run, and see that its question can be asked")
        self.check = push_button(tr("Check"), check, self.checked.emit)
        try_it = tr("Go through the lesson from this stop on")
        self.try_button = push_button(tr("Try from here"), try_it, self.tried.emit)
        self.save = push_button(tr("Save"), tr("Write the lesson to its file"), self.saved.emit)

    def _small(self, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name, self.theme.text, self.theme.hairline))
        button.setIconSize(QSize(self.theme.px(16), self.theme.px(16)))
        button.setAutoRaise(True)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        return button

    def _lay_out(self) -> None:
        margin = self.theme.px(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(self.theme.px(8))
        column.addLayout(_row(self.name, None, self.close_button))
        self.parts.setFixedHeight(round(ROWS * (self.theme.metrics().height() + self.theme.px(8))))
        column.addWidget(self.parts)
        column.addLayout(_row(self.up, self.down, self.add, self.remove, self.undo, None, self.scene))
        column.addWidget(self.text, 1)
        column.addLayout(_row(self.problem, None, self.go))
        column.addLayout(_row(self.save, None, self.check, self.try_button))

    # What is shown

    def show_parts(self, name: str, names: Sequence[str], part: int, undo: bool) -> None:
        """Show the stops of a lesson by their names, with one of them (or the head, −1) chosen."""
        self.name.setText(name)
        with QSignalBlocker(self.parts):
            self.parts.clear()
            self.parts.addItems([tr("Title and head"), *(f"{k}  {one}" for k, one in enumerate(names, 1))])
            self.parts.setCurrentRow(part + 1)
        self.up.setEnabled(part > 0)
        self.down.setEnabled(0 <= part < len(names) - 1)
        self.remove.setEnabled(part >= 0 and len(names) > 1)
        for button in (self.scene, self.try_button):
            button.setEnabled(part >= 0)
        self.undo.setEnabled(undo)

    def show_text(self, text: str, place: int = 0) -> None:
        """Show the text of a part, with the cursor at a place."""
        with QSignalBlocker(self.text):
            self.text.setPlainText(text)
        cursor = self.text.textCursor()
        cursor.setPosition(min(place, len(self.text.toPlainText())))
        self.text.setTextCursor(cursor)
        self.text.ensureCursorVisible()

    def show_name(self, name: str) -> None:
        """Show what the lesson is called, and whether it is saved."""
        self.name.setText(name)

    def show_problem(self, words: str, line: int = 0) -> None:
        """Say what is wrong, and mark its line (from 1) in this part, 0: none. Without words all is well."""
        self._line = line
        self.problem.setText(words or tr("No mistake found."))
        self.problem.setStyleSheet(f"color: {self.theme.error if words else self.theme.quiet};")
        self.go.setVisible(line > 0)
        marks = []
        if line > 0:
            mark = QTextEdit.ExtraSelection()
            red = QColor(self.theme.error)
            red.setAlpha(50)
            mark.format.setBackground(red)
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            mark.cursor = QTextCursor(self.text.document().findBlockByNumber(line - 1))
            marks.append(mark)
        self.text.setExtraSelections(marks)

    # What is done

    def _changed(self) -> None:
        self.typed.emit(self.text.toPlainText())

    def _choose(self, row: int) -> None:
        self.chosen.emit(row - 1)

    def _up(self) -> None:
        self.moved.emit(-1)

    def _down(self) -> None:
        self.moved.emit(+1)

    def _go(self) -> None:
        block = self.text.document().findBlockByNumber(self._line - 1)
        self.text.setTextCursor(QTextCursor(block))
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self.text.ensureCursorVisible()


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; None is the room between."""
    row = QHBoxLayout()
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            stretches = isinstance(widget, QLabel)
            row.addWidget(widget, 4 if stretches else 0)
    return row
