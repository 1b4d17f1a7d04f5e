"""Questions and messages of the window. A file may speak in them, so they are plain text, never HTML."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

Button = QMessageBox.StandardButton


def tell(parent: QWidget, text: str) -> None:
    """Say what went wrong."""
    _ask(parent, QMessageBox.Icon.Warning, text, Button.Ok, Button.Ok, {})


def ask(
    parent: QWidget, text: str, buttons: Button, default: Button, words: Mapping[Button, str] | None = None
) -> Button:
    """Ask, and return the button that was pressed; `words` says what stands on some of them."""
    return _ask(parent, QMessageBox.Icon.Question, text, buttons, default, words or {})


def _ask(
    parent: QWidget,
    icon: QMessageBox.Icon,
    text: str,
    buttons: Button,
    default: Button,
    words: Mapping[Button, str],
) -> Button:
    box = QMessageBox(icon, "Nabla", "", buttons, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setDefaultButton(default)
    for which, label in words.items():
        box.button(which).setText(label)
    answer = Button(box.exec())
    box.deleteLater()
    return answer
