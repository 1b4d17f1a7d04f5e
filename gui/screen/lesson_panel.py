"""The lesson beside the plots: the text of a stop, its question, and the way to the next one."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QTextLayout
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.config import Problem
from engine.lessons.lesson import LessonStop, StopText
from engine.lessons.question import ChooseQuestion, DrawQuestion, NumberQuestion, ReachQuestion
from gui.form.number_reading import parse_number
from gui.look.fold import Fold
from gui.look.language import installed, problem_text, tr
from gui.look.theme import Theme
from gui.plots.own.sketch import SketchPanel
from gui.screen.notes import GOOD
from gui.screen.options_widgets import push_button
from gui.screen.reading import Explanation

WIDTH = 360  # of the lesson, to begin with, in pixels at the ordinary size of text
SKETCH = 220  # pixels of height of a plot to sketch in
MARGIN, BOX = 16, 34  # pixels around the text, and for the box before an answer
BY_TAB = Qt.FocusPolicy.TabFocus  # a click leaves the space bar to the run: it would press the button again


class LessonPanel(QScrollArea):
    """Shows one stop. It knows no run: who hears `answered` says by `show_verdict` whether it is right."""

    moved = Signal(int)  # by how many stops to go on
    answered = Signal(object)  # places of answers, a number, a sketch, or None for what is only revealed
    closed = Signal()
    returned = Signal()  # back to the scene of the stop
    entry_requested = Signal(str)  # a word is in the glossary: the key of its entry

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._dress()
        inside = QWidget(self.viewport())
        inside.setObjectName("lesson")
        self.setWidget(inside)
        self.where, self.title = QLabel(), QLabel()
        self.where.setObjectName("quiet")
        self.title.setObjectName("title")
        for label in (self.where, self.title):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.words, self.asked, self.verdict, self.teacher = (Explanation(theme) for _ in range(4))
        self._texts = self.words, self.asked, self.verdict, self.teacher
        for text in self._texts:
            text.entry_requested.connect(self.entry_requested)
        self.asked.setAccessibleName(tr("Question"))
        self.verdict.setAccessibleName(tr("Answer"))
        self.teacher.setAccessibleName(tr("For the teacher"))
        self._make_controls()
        self.sketch: SketchPanel | None = None
        self.choices: list[QAbstractButton] = []
        self._stop: LessonStop | None = None
        self._to_see: QWidget | None = None  # what an answer brings into sight, until somebody scrolls
        self.verticalScrollBar().rangeChanged.connect(self._taller)
        self.verticalScrollBar().actionTriggered.connect(self._scrolled)
        self._lay_out(inside)

    def _dress(self) -> None:
        theme = self.theme
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the text in it takes the focus
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(theme.px(260))
        self.setAccessibleName(tr("Lesson"))
        self.setStyleSheet(
            f"QScrollArea, #lesson, QTextBrowser {{ background: transparent; border: none; }}"
            f"QTextBrowser, QRadioButton, QCheckBox {{ font-size: {theme.notes_px}px; }}"
            f"QTextBrowser:focus {{ border: 1px solid {theme.accent}; }}"
            f"#quiet {{ color: {theme.quiet}; }} #title {{ font-size: {theme.title_px + 4}px; }}"
        )

    def _make_controls(self) -> None:
        """The buttons, and the line in which a number is typed."""
        self.close_button = push_button(
            tr("Close lesson"), tr("Leave the lesson; it is remembered how far you are"), self.closed.emit
        )
        self.return_button = push_button(
            tr("Return to the lesson"),
            tr("Bring what this stop shows back to the screen"),
            self.returned.emit,
        )
        self.back = push_button(tr("Back"), tr("The stop before (Page Up)"), partial(self.moved.emit, -1))
        self.next = push_button(tr("Next"), tr("The next stop (Page Down)"), partial(self.moved.emit, +1))
        self.check = push_button("", "", self._answer)
        for button in (self.close_button, self.return_button, self.back, self.next, self.check):
            button.setFocusPolicy(BY_TAB)
        self.for_teacher = Fold(tr("For the teacher"), "teacher", self.theme)
        self.for_teacher.setToolTip(tr("What to say, what to ask the class, and how to go on"))
        self.for_teacher.setFocusPolicy(BY_TAB)
        self.for_teacher.toggled.connect(self.teacher.setVisible)
        self.entry = QLineEdit()
        self.entry.returnPressed.connect(self._answer)
        self.unit = QLabel()

    def _lay_out(self, inside: QWidget) -> None:
        margin = self.theme.px(MARGIN)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(margin, margin, margin, margin)
        self._column.setSpacing(self.theme.px(10))
        head = QHBoxLayout()
        head.addWidget(self.where, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(head)
        for widget in (self.title, self.return_button, self.words, self.asked):
            self._column.addWidget(widget)
        self._answers = QVBoxLayout()
        self._answers.setSpacing(self.theme.px(6))
        self._column.addLayout(self._answers)
        line = QHBoxLayout()
        line.addWidget(self.entry, 1)
        line.addWidget(self.unit)
        self._column.addLayout(line)
        self._column.addWidget(self.check, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self.verdict)
        self._column.addWidget(self.for_teacher, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self.teacher)
        self._column.addStretch(1)
        way = QHBoxLayout()
        way.addWidget(self.back)
        way.addStretch(1)
        way.addWidget(self.next)
        self._column.addLayout(way)

    def show_stop(self, stop: LessonStop, text: StopText, where: str, first: bool, last: bool) -> None:
        """Show a stop in a language; `where` says where in the lesson it is."""
        self._stop = stop
        self.where.setText(where)
        self.title.setText(text.title)
        for part in self._texts:
            part.experiment = stop.scene.experiment
        self.words.set_markdown(text.words)
        self.asked.set_markdown(text.asked)
        self.asked.setVisible(bool(text.asked))
        self.back.setEnabled(not first)
        self.next.setEnabled(not last)
        self._ask(stop, text)
        self._show_teacher(text.teacher)
        self.show_verdict("", None)
        self.verticalScrollBar().setValue(0)

    def take_focus(self) -> None:
        """Have the focus on the whole panel, or nowhere while it is hidden: Space is for the run then.

        Elsewhere it could be on a button, which Space presses, or in a line, which takes what is typed. The
        arrow keys scroll the text.
        """
        now = self.window().focusWidget()
        if self.isVisible():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif now is not None:
            now.clearFocus()

    def _ask(self, stop: LessonStop, text: StopText) -> None:
        """Make what a question is answered with."""
        question = stop.scene.question
        for button in self.choices:
            button.hide()
            button.deleteLater()
        several = sum(answer.right for answer in text.answers) > 1
        self.choices = [QCheckBox() if several else QRadioButton() for _ in text.answers]
        for button, answer in zip(self.choices, text.answers, strict=True):
            button.setProperty("words", answer.words)
            button.setAccessibleName(answer.words)
            button.setFocusPolicy(BY_TAB)
            self._answers.addWidget(button)
        self._wrap_choices()
        if self.sketch is not None:
            self.sketch.hide()
            self.sketch.deleteLater()
            self.sketch = None
        if isinstance(question, DrawQuestion):
            self.sketch = SketchPanel(
                tr("What you expect"), self.theme, question.steps, question.low, question.high
            )
            self.sketch.setFixedHeight(self.theme.px(SKETCH))
            self._answers.addWidget(self.sketch)
        number = question if isinstance(question, NumberQuestion) else None
        self.entry.setVisible(number is not None)
        self.entry.clear()
        self.unit.setText(number.unit_in(installed()) if number is not None else "")
        self.unit.setVisible(bool(self.unit.text()))
        self.entry.setAccessibleName(text.asked)
        words = {ReachQuestion: "", type(None): "", ChooseQuestion: tr("Check"), NumberQuestion: tr("Check")}
        self.check.setText(words.get(type(question), tr("Compare") if self.sketch else tr("Show the answer")))
        self.check.setVisible(bool(self.check.text()))

    def _wrap_choices(self) -> None:
        """Break the answers into lines as wide as the panel: Qt does not, and all would get their width."""
        for button in self.choices:
            button.ensurePolished()
            layout = QTextLayout(button.property("words"), button.font())
            layout.beginLayout()
            broken = []
            while (line := layout.createLine()).isValid():
                line.setLineWidth(max(1, self.viewport().width() - self.theme.px(2 * MARGIN + BOX)))
                broken.append(layout.text()[line.textStart() : line.textStart() + line.textLength()].strip())
            button.setText("\n".join(broken).replace("&", "&&"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Answers to choose from fit the width."""
        super().resizeEvent(event)
        self._wrap_choices()

    def _show_teacher(self, words: str) -> None:
        """Fold the teacher's notes under a button; before a class each stop begins with them closed."""
        if self.theme.presenting:
            self.for_teacher.setChecked(False)
        self.teacher.set_markdown(words)
        self.for_teacher.setVisible(bool(words))
        self.teacher.setVisible(bool(words) and self.for_teacher.isChecked())

    def _answer(self) -> None:
        """Tell what was answered."""
        question = self._stop.scene.question if self._stop is not None else None
        if isinstance(question, ChooseQuestion):
            self.answered.emit([k for k, button in enumerate(self.choices) if button.isChecked()])
        elif isinstance(question, NumberQuestion):
            try:
                self.answered.emit(parse_number(self.entry.text()))
            except Problem as problem:
                self.show_verdict(problem_text(problem), False)
        elif self.sketch is not None:
            self.answered.emit(self.sketch.values)
        else:
            self.answered.emit(None)

    def show_verdict(self, words: str, right: bool | None) -> None:
        """Say what is said after an answer; `right` is None where nothing is judged."""
        mark = {True: "✓ ", False: "✗ ", None: ""}[right]
        self.verdict.set_markdown(mark + words if words else "")
        self.verdict.setVisible(bool(words))
        colour = {True: GOOD[self.theme.dark], False: self.theme.error, None: self.theme.text}[right]
        self.verdict.setStyleSheet(f"QTextBrowser {{ color: {colour}; }}")
        self._to_see = (self.next if right else self.verdict) if words or right else None
        if self._to_see is not None:
            QTimer.singleShot(0, self, self._see)  # once the words have their height

    def _taller(self) -> None:
        """What is shown has another height, perhaps only now: a bar at its side makes lines shorter."""
        self._see()

    def _see(self) -> None:
        """Bring the way on into sight, or after a wrong answer what is said to it."""
        if self._to_see is not None:
            self.ensureWidgetVisible(self._to_see)

    def _scrolled(self) -> None:
        self._to_see = None

    def show_away(self, away: bool) -> None:
        """Offer the way back where the screen shows something else than the stop."""
        self.return_button.setVisible(away)
