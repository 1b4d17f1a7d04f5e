"""Editors of settings that are neither numbers nor files: a switch, a choice, a text, a formula, classes."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontDatabase, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from engine.config import Problem
from gui.form.base import Editor, Kit
from gui.form.field import Field
from gui.form.line import WritingLine
from gui.look.combo import Combo
from gui.look.language import tr


class SwitchEditor(Editor):
    """On or off."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self.box = QCheckBox()
        self.box.clicked.connect(lambda on: self.changed.emit(on))
        self.beside(self.box)

    def show_value(self, value: bool) -> None:
        """Show on or off."""
        self.box.setChecked(value)


class ChoiceEditor(Editor):
    """One of several names."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self.combo = Combo(narrow=True, parent=self)
        for name, title in field.choices.items():
            self.combo.addItem(tr(title), name)
        self.combo.activated.connect(lambda index: self.changed.emit(self.combo.itemData(index)))
        self.place(self.combo)

    def show_value(self, value: str) -> None:
        """Show a name by its title."""
        self.combo.setCurrentIndex(self.combo.findData(value))


class MarkedLine(WritingLine):
    """A line of text that can mark one of its columns in red."""

    def __init__(self, error: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._error, self.column = error, 0

    def mark(self, column: int) -> None:
        """Mark the character at `column`, counted from 1; 0 removes the mark."""
        self.column = column
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, then a red stroke under the marked character."""
        super().paintEvent(event)
        if self.column < 1:
            return
        metrics, text = self.fontMetrics(), self.text()
        cursor = self.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
        origin = cursor.center().x() - metrics.horizontalAdvance(text[: self.cursorPosition()])
        left = origin + metrics.horizontalAdvance(text[: self.column - 1])
        right = origin + metrics.horizontalAdvance((text + " ")[: self.column])
        with QPainter(self) as painter:
            painter.setPen(QPen(QColor(self._error), 2))
            painter.drawLine(left, self.height() - 4, max(right, left + 4), self.height() - 4)


class TextEditor(Editor):
    """A line of text; each key changes the setting at once."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self.line = MarkedLine(kit.theme.error, self)
        self.line.textEdited.connect(self._type)
        self.below(self.line)

    def _type(self, text: str) -> None:
        self.changed.emit(text)

    def show_value(self, value: str) -> None:
        """Show a text from its beginning; while the user types, the cursor stays where it was."""
        if value != self.line.text():
            self.line.setText(value)
            self.line.setCursorPosition(0)

    def show_problem(self, problem: Problem | None) -> None:
        """Also mark the character in the line, when the problem tells its column."""
        super().show_problem(problem)
        self.line.mark(int(str(problem.values.get("column", 0))) if problem else 0)


class ExpressionEditor(TextEditor):
    """A formula, in a monospaced font."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(kit.theme.text_px)
        self.line.setFont(font)
        self.line.setObjectName("formula")


class ClassesEditor(Editor):
    """Which of the digits 0 … 9 take part."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        line = QHBoxLayout()
        line.setSpacing(kit.theme.px(3))
        self.buttons = [QToolButton() for _ in range(10)]
        for digit, button in enumerate(self.buttons):
            button.setText(str(digit))
            button.setCheckable(True)
            button.setObjectName("digit")
            button.setAccessibleName(f"{tr(field.title)}, {digit}")
            button.setMinimumWidth(kit.theme.px(17))
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(self._click)
            line.addWidget(button, 1)
        self.below(line)
        self.label.setBuddy(self.buttons[0])

    def show_value(self, value: tuple[int, ...]) -> None:
        """Show which digits take part."""
        for digit, button in enumerate(self.buttons):
            button.setChecked(digit in value)

    def _click(self) -> None:
        chosen = (digit for digit, button in enumerate(self.buttons) if button.isChecked())
        self.changed.emit(type(self.value)(chosen))
