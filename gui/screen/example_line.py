"""The line over the plots that says what to look at in an example, and which lesson speaks of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from gui.look.language import tr
from gui.look.theme import Theme


class ExampleLine(QWidget):
    """A sentence, a link to a stop of a lesson if there is one, and a button that hides the line."""

    followed = Signal()  # the link
    dismissed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("example line")
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setAccessibleName(tr("What to look at"))
        self.link = QPushButton()
        self.link.setToolTip(tr("Open the lesson at this stop"))
        self.link.clicked.connect(self.followed)
        self.close_button = QPushButton("×")
        self.close_button.setToolTip(
            tr("Take this line away; it comes back when the example is opened again")
        )
        self.close_button.setAccessibleName(tr("Take this line away"))
        self.close_button.clicked.connect(self.dismissed)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(12), theme.px(6), theme.px(8), 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.words, 1)
        for button in (self.link, self.close_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def tell(self, words: str, link: str) -> None:
        """Show a sentence and the words of the link, or nothing where there is no sentence."""
        self.words.setText(words)
        self.link.setText(link)
        self.link.setVisible(bool(link))
        self.setVisible(bool(words))
