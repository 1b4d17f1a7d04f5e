"""The slim line of a lesson over a page in a lecture: its stop, its question, and a clock."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout

from gui.look.language import tr
from gui.look.theme import Theme
from gui.screen.notes import GOOD
from gui.screen.options_widgets import push_button
from gui.screen.reading import Explanation


class LectureLine(QFrame):
    """Shows the number and the title of a stop, its question or the verdict, and a clock."""

    returned = Signal()  # back to the scene of the stop
    text_wanted = Signal(bool)  # whether the whole text of the stop is to be there

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("lectureLine")
        self.setAccessibleName(tr("Lesson"))
        self.where, self.title, self.clock = QLabel(), QLabel(), QLabel()
        for label in (self.where, self.title, self.clock):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.asked = Explanation(theme)
        self.asked.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.asked.setAccessibleName(tr("Question"))
        self.clock.setToolTip(tr("How long it has taken, and how long the lesson is to take"))
        self.clock.setAccessibleName(tr("Time"))
        self.return_button = push_button(
            tr("Return to the lesson"),
            tr("Bring what this stop shows back to the screen"),
            self.returned.emit,
        )
        self.text = QToolButton()
        self.text.setText(tr("Lesson text"))
        self.text.setToolTip(tr("The whole text of the stop, and its answers"))
        self.text.setCheckable(True)
        self.text.setObjectName("drawer")
        for button in (self.return_button, self.text):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # the space bar is for the run
        self.text.clicked.connect(self.text_wanted)
        row = QHBoxLayout(self)
        px = theme.px
        row.setContentsMargins(px(8), px(2), px(8), px(2))
        row.setSpacing(px(10))
        middle = QVBoxLayout()
        middle.setContentsMargins(0, px(7), 0, 0)  # as much as is under a paragraph
        middle.addWidget(self.asked)
        row.addWidget(self.where)
        row.addWidget(self.title)
        row.addLayout(middle, 1)
        row.addWidget(self.return_button)
        row.addWidget(self.clock)
        row.addWidget(self.text)
        self.setStyleSheet(
            f"#lectureLine {{ background: {theme.panel}; border-bottom: 1px solid {theme.hairline}; }}"
        )
        self.title.setStyleSheet("font-weight: 600;")
        self.where.setStyleSheet(f"color: {theme.quiet};")

    def show_stop(self, where: str, title: str, asked: str) -> None:
        """Show a stop."""
        self.where.setText(where)
        self.title.setText(title)
        self._say(asked, self.theme.text)

    def show_verdict(self, words: str, right: bool | None) -> None:
        """Show what is said of an answer in the place of the question."""
        mark = {True: "✓ ", False: "✗ ", None: ""}[right]
        colour = {True: GOOD[self.theme.dark], False: self.theme.error, None: self.theme.text}[right]
        self._say(mark + words, colour)

    def _say(self, words: str, colour: str) -> None:
        bare = "background: transparent; border: none;"
        self.asked.setStyleSheet(f"QTextBrowser {{ {bare} color: {colour}; }}")
        self.asked.set_markdown(words)
        self.asked.setVisible(bool(words))

    def show_time(self, words: str, late: bool) -> None:
        """Show the clock; `late` tells that more time has gone than is planned up to the end of this stop."""
        self.clock.setText(words)
        self.clock.setStyleSheet(f"color: {self.theme.error if late else self.theme.quiet};")

    def show_away(self, away: bool) -> None:
        """Offer the way back where the screen shows something else than the stop."""
        self.return_button.setVisible(away)
