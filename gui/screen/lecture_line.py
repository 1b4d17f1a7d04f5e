"""The slim line of a lesson over a page in a lecture: its stop, its question, and a clock."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout

from gui.look.language import tr
from gui.look.theme import Theme
from gui.screen.notes import GOOD
from gui.screen.options_widgets import push_button
from gui.screen.reading import Explanation

SLACK = 1.1  # times as long as its letters a question may be: formulas are wider than their source


class LectureLine(QFrame):
    """Shows the number and the title of a stop and a clock, and under them its question."""

    returned = Signal()  # back to the scene of the stop
    text_wanted = Signal(bool)  # whether the whole text of the stop is to be there

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme, self._length = theme, 0.0
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
        px = theme.px
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(px(8), px(2), px(8), px(2))
        column.setSpacing(px(2))
        row = QHBoxLayout()
        row.setSpacing(px(10))
        row.addWidget(self.where)
        row.addWidget(self.title)
        self._beside = QVBoxLayout()  # the question, where it fits into the line
        self._beside.setContentsMargins(0, px(7), 0, 0)  # as much as is under a paragraph
        self._beside.addWidget(self.asked)
        row.addLayout(self._beside, 1)
        for widget in (self.return_button, self.clock, self.text):
            row.addWidget(widget)
        column.addLayout(row)
        self._others = (self.where, self.title, self.return_button, self.clock, self.text)
        self.setStyleSheet(
            f"#lectureLine {{ background: {theme.panel}; border-bottom: 1px solid {theme.hairline}; }}"
        )
        self.title.setStyleSheet("font-weight: 600;")
        self.where.setStyleSheet(f"color: {theme.quiet};")

    def show_stop(self, where: str, title: str, asked: str, right: bool | None) -> None:
        """Show a stop; the question is marked once it was answered. What is said then is in the text."""
        self.where.setText(where)
        self.title.setText(title)
        mark = {True: "✓ ", False: "✗ ", None: ""}[right]
        colour = {True: GOOD[self.theme.dark], False: self.theme.error, None: self.theme.text}[right]
        bare = "background: transparent; border: none;"
        self.asked.setStyleSheet(f"QTextBrowser {{ {bare} color: {colour}; }}")
        self.asked.set_markdown(mark + asked if asked else "")
        self.asked.setVisible(bool(asked))
        self._length = self.theme.metrics(self.theme.notes_px).horizontalAdvance(mark + asked)
        self._place()

    def _place(self) -> None:
        """Put the question into the line where it fits there, else under it."""
        taken = sum(part.sizeHint().width() + self.theme.px(10) for part in self._others if part.isVisible())
        fits = self._length * SLACK < self.width() - taken - self.theme.px(26)
        (self._beside if fits else self._column).addWidget(self.asked)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def show_time(self, words: str, late: bool) -> None:
        """Show the clock; `late` tells that more time has gone than is planned up to the end of this stop."""
        self.clock.setText(words)
        self.clock.setStyleSheet(f"color: {self.theme.error if late else self.theme.quiet};")

    def show_away(self, away: bool) -> None:
        """Offer the way back where the screen shows something else than the stop."""
        self.return_button.setVisible(away)
