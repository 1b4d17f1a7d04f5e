"""Editors of lists of numbers: a vector, and the probabilities of a distribution."""

from math import isfinite

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from engine.config import Problem
from engine.information.shaped_distribution import FEWEST, MOST, Distribution
from gui.form.base import Editor, Kit, icon_button, order_tabs
from gui.form.choices import place_after
from gui.form.field import Field
from gui.form.list_reading import entries_of, parse_list
from gui.form.words import MarkedLine
from gui.look.language import tr
from gui.look.numbers import DIGITS, entry_text

ROOMY = 8  # outcomes beside which there is room for a word


def list_text(values: tuple[float, ...]) -> str:
    """Return the shortest text that is read back as the same numbers."""
    return ", ".join(entry_text(value, 17 if float(f"{value:.12g}") != value else 12) for value in values)


def brief_text(value: float) -> str:
    """Return a short text for a probability: 0.25, 1/3, or its first four digits."""
    text = entry_text(value)
    if len(text) <= 6 or value > 1:
        return text if len(text) <= 6 else entry_text(value, DIGITS)
    simple = (f"{round(value * d)}/{d}" for d in range(3, 25) if 0 < round(value * d) / d == value)
    return next(simple, entry_text(value, DIGITS))


class VectorEditor(Editor):
    """A list of numbers on one line, fractions included."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self.line = MarkedLine(kit.theme.error, self)
        self.line.textEdited.connect(self._read)
        self.below(self.line)

    def _read(self, text: str) -> None:
        try:
            values = parse_list(text)
        except Problem as problem:
            self.refuse(problem)
            return
        self.changed.emit(values)

    def show_value(self, value: tuple[float, ...]) -> None:
        """Show the list; what was typed stays as long as it means the same."""
        if self._typed() != tuple(value):
            self.line.setText(list_text(value))
            self.line.setCursorPosition(0)

    def _typed(self) -> tuple[float, ...] | None:
        try:
            return parse_list(self.line.text())
        except Problem:
            return None

    def show_problem(self, problem: Problem | None) -> None:
        """Also mark the character in the line, when the problem tells its column."""
        super().show_problem(problem)
        self.line.mark(int(str(problem.values.get("column", 0))) if problem else 0)


class DistributionEditor(Editor):
    """Probabilities on one line, how many there are, and which of them are locked.

    A probability that was dragged is written with four digits. Its other digits are not lost: an entry that
    the user does not change keeps them.
    """

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self.value: Distribution
        self.fewer = QToolButton()
        self.fewer.setText("−")
        self.fewer.setToolTip(tr("One outcome fewer"))
        self.fewer.setAccessibleName(tr("One outcome fewer"))
        self.more = icon_button("plus", tr("One outcome more"), kit.theme, self)
        self.fewer.clicked.connect(lambda: self._resize(-1))
        self.more.clicked.connect(lambda: self._resize(+1))
        self.line = MarkedLine(kit.theme.error, self)
        self.line.textEdited.connect(self._read)
        self.scale = QPushButton(tr("Divide by the sum"))
        self.scale.setToolTip(tr("Scale what was typed so that it sums to 1."))
        self.scale.clicked.connect(self._normalise)
        self.scale.hide()
        self.below(self.line)
        self.below(self.scale)
        self.beside(self.fewer, self.more)
        self.label.setBuddy(self.line)
        self.line.setAccessibleName(tr(field.title))
        self._written: list[tuple[str, float]] = []  # what stands on the line for which probability
        self.locks: list[QToolButton] = []
        self._row = QHBoxLayout()
        self._row.setSpacing(kit.theme.px(2))
        self._lock_label = QLabel(tr("Lock"))
        self._lock_label.setObjectName("quiet")
        self._row.addWidget(self._lock_label)
        self.below(self._row)

    def show_value(self, value: Distribution) -> None:
        """Show a distribution; what was typed stays as long as it means the same."""
        if self._typed() != value.values:
            self._written = [(brief_text(each), each) for each in value.values]
            self.line.setText(", ".join(text for text, _ in self._written))
            self.line.setCursorPosition(0)
        self.scale.hide()
        self.fewer.setEnabled(len(value.values) > max(FEWEST, 2))
        self.more.setEnabled(len(value.values) < MOST)
        if len(self.locks) != len(value.values):
            self._make_locks(len(value.values))
        for k, lock in enumerate(self.locks):
            lock.setChecked(k in value.locked)

    def _make_locks(self, count: int) -> None:
        while len(self.locks) > count:
            lock = self.locks.pop()
            lock.hide()
            self._row.removeWidget(lock)
            lock.deleteLater()
        while len(self.locks) < count:
            self._add_lock(len(self.locks))
        self._lock_label.setVisible(count <= ROOMY)
        order_tabs(self)

    def _add_lock(self, k: int) -> None:
        lock = QToolButton()
        lock.setText(str(k + 1))
        lock.setCheckable(True)
        lock.setObjectName("digit")
        lock.setToolTip(tr("Lock outcome {n}: it keeps its probability while others are dragged.", n=k + 1))
        lock.setAccessibleName(tr("Lock outcome {n}", n=k + 1))
        lock.setMinimumWidth(self.kit.theme.px(14))
        lock.setStyleSheet("padding-left: 0px; padding-right: 0px;")
        lock.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        lock.clicked.connect(lambda on: self.changed.emit(self.value.with_lock(k, on)))
        self._row.addWidget(lock, 1)
        self.locks.append(lock)

    def _typed(self) -> tuple[float, ...] | None:
        try:
            return self._parse(self.line.text())
        except Problem:
            return None

    def _parse(self, text: str) -> tuple[float, ...]:
        """Read the line; an entry that the user did not change has all its digits."""
        values = []
        known = dict(self._written)
        for k, entry in enumerate(entries_of(text)):
            same = k < len(self._written) and self._written[k][0] == entry.text
            values.append(self._written[k][1] if same else known.get(entry.text, entry.value))
        return tuple(values)

    def _read(self, text: str) -> None:
        self.scale.hide()
        try:
            values = self._parse(text)
            kept = (place_after(k, self.value.values, values) for k in self.value.locked)
            locked = tuple(k for k in kept if k is not None)
            found = Distribution(values, locked)
        except Problem as problem:
            self.refuse(problem)
            self.scale.setVisible(self._scaled() is not None)
            return
        self.changed.emit(found)

    def _scaled(self) -> Distribution | None:
        """Return what was typed, divided by its sum; None if that is not a distribution."""
        typed = self._typed() or ()
        total = sum(typed)
        if not typed or min(typed) < 0 or not (total > 0 and isfinite(total)):
            return None
        try:
            return Distribution(tuple(value / total for value in typed))
        except Problem:
            return None

    def _normalise(self) -> None:
        scaled = self._scaled()
        if scaled is not None:
            self.changed.emit(scaled)

    def _resize(self, by: int) -> None:
        self.changed.emit(self.value.resized(len(self.value.values) + by))

    def show_problem(self, problem: Problem | None) -> None:
        """Also mark the character in the line, when the problem tells its column."""
        super().show_problem(problem)
        self.line.mark(int(str(problem.values.get("column", 0))) if problem else 0)
