"""The teacher's notes in a window of their own: what to say, the answers, and what comes next."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.lessons.lesson import StopText
from gui.app.lesson_guide import LessonGuide
from gui.app.lesson_verdicts import place_words
from gui.look.language import tr
from gui.look.theme import Theme
from gui.screen.options_widgets import push_button
from gui.screen.reading import Explanation

SIZE = 640, 560  # pixels at the ordinary size of text


class TeacherWindow(QWidget):
    """Shows of a stop what only the teacher sees; the keys of a clicker work here too."""

    moved = Signal(int)  # by how many stops to go on
    blanked = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Window)
        self.theme = theme
        self.setWindowTitle(tr("For the teacher"))
        self.where, self.clock, self.title, self.after = QLabel(), QLabel(), QLabel(), QLabel()
        for label in (self.where, self.clock, self.title, self.after):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(label in (self.title, self.after))
        self.title.setStyleSheet(f"font-size: {theme.title_px + 6}px; font-weight: 600;")
        self.after.setStyleSheet(f"color: {theme.quiet};")
        self.notes, self.asked = Explanation(theme), Explanation(theme)
        self.notes.setAccessibleName(tr("For the teacher"))
        self.asked.setAccessibleName(tr("Question"))
        self.back = push_button(tr("Back"), tr("The stop before (Page Up)"), partial(self.moved.emit, -1))
        self.next = push_button(tr("Next"), tr("The next stop (Page Down)"), partial(self.moved.emit, +1))
        self._lay_out()
        for keys, signal, by in (("PgDown", self.moved, +1), ("PgUp", self.moved, -1)):
            QShortcut(QKeySequence(keys), self).activated.connect(partial(signal.emit, by))
        for keys in ("B", "."):
            QShortcut(QKeySequence(keys), self).activated.connect(self.blanked)
        room = window.screen().availableSize() - QSize(
            theme.px(20), theme.px(40)
        )  # for the frame of the window
        self.resize(QSize(theme.px(SIZE[0]), theme.px(SIZE[1])).boundedTo(room))

    def _lay_out(self) -> None:
        margin = self.theme.px(14)
        column = QVBoxLayout(self)
        column.setContentsMargins(margin, margin, margin, margin)
        head = QHBoxLayout()
        head.addWidget(self.where, 1)
        head.addWidget(self.clock)
        column.addLayout(head)
        column.addWidget(self.title)
        inside = QWidget()
        inside.setObjectName("lesson")
        text = QVBoxLayout(inside)
        text.setContentsMargins(0, 0, 0, 0)
        text.addWidget(self.notes)
        text.addWidget(self.asked)
        text.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setWidget(inside)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setStyleSheet(
            "QScrollArea, #lesson, QTextBrowser { background: transparent; border: none; }"
        )
        column.addWidget(self.area, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addWidget(self.after, 1)
        foot.addWidget(self.next)
        column.addLayout(foot)

    def show_stop(self, guide: LessonGuide) -> None:
        """Show the stop that a guide is at."""
        lesson = guide.lesson
        if lesson is None or guide.stop is None:
            return
        text = guide.text()
        self.where.setText(place_words(lesson, guide.index))
        self.title.setText(text.title)
        self.notes.set_markdown(text.teacher or tr("There are no notes for this stop."))
        self.asked.set_markdown(question_words(text))
        after = guide.text_of(guide.index + 1)
        self.after.setText(
            tr("Next: {title}", title=after.title) if after is not None else tr("The last stop")
        )
        self.back.setEnabled(guide.index > 0)
        self.next.setEnabled(after is not None)
        self.area.verticalScrollBar().setValue(0)

    def show_time(self, words: str, late: bool, planned: float) -> None:
        """Show the clock, and up to when this stop is planned."""
        self.clock.setText(tr("{time} · this stop until {planned} min", time=words, planned=f"{planned:g}"))
        self.clock.setStyleSheet(f"color: {self.theme.error if late else self.theme.quiet};")

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.emit()
        event.accept()


def question_words(text: StopText) -> str:
    """A question with its right answers ticked, and what is said after them, as Markdown."""
    if not text.asked:
        return ""
    answers = "\n".join(f"- {'☑' if one.right else '☐'} {one.words}" for one in text.answers)
    return "\n\n".join(
        filter(None, (f"**{tr('Question')}:** {text.asked}", answers, text.after and f"✓ {text.after}"))
    )
