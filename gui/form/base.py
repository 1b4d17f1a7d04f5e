"""What every editor of a setting shares: title, tooltip, the place for its controls, and its error."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import msgspec
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.config import Problem
from gui.form.field import Field
from gui.look.combo import Combo
from gui.look.icons import icon
from gui.look.language import problem_text, tr
from gui.look.theme import Stroke, Theme

WIDTH = 240  # pixels of a form, to begin with and at least, at the ordinary size of text
LIVE = "•"  # stands behind the title of a setting that may change while a run goes on
EDGES = 26  # pixels of WIDTH that its margins and its scroll bar take
ORDER = QEvent.Type(QEvent.registerEventType())  # asks a form to put its editors in the order of the Tab key


@dataclass(frozen=True)
class Kit:
    """What editors are made with: the theme, the table kind → editor, and the stroke of each racer's tag."""

    theme: Theme
    editors: "Mapping[str, type[Editor]]"
    strokes: Callable[[str], Stroke]
    room: int = WIDTH - EDGES  # pixels across, at the ordinary size of text

    def inset(self, pixels: int) -> "Kit":
        """Return a kit for rows that are indented by `pixels`, and so have less room."""
        return replace(self, room=self.room - pixels)


class Editor(QWidget):
    """A title with controls beside or below it, and under them what is wrong, in red.

    `changed` carries the value that the user entered; it is not yet known to be valid. `set_value`
    shows a value without a signal. `restore` shows the last value set, for the Escape key.
    """

    changed = Signal(object)
    changed_together = Signal(dict)  # several fields of the record at once: names and values
    looks_around = False  # whether it also needs the outer record: the one that contains its own record
    keeps_refused = True  # whether a refused value stays on the screen, to be tried again

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field, self.kit = field, kit
        self.value: Any = None
        self._lit = self._live = self._starts_over = False
        self.invalid = False  # whether the controls show something that the config does not hold
        px = kit.theme.px
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(px(2))
        self._head = QHBoxLayout()
        self._head.setSpacing(px(8))
        self.label = QLabel(tr(field.title) + self._aside(), self)
        self.label.setWordWrap(True)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._head.addWidget(self.label, 1)
        self._rows.addLayout(self._head)
        self._error: QLabel | None = None  # what is wrong, once there was something
        self.setToolTip(self._tip())

    def show_live(self, on: bool, starts_over: bool = False) -> None:
        """Mark the setting as one that may change while the run goes on, or remove the mark.

        Beside such settings the tip of every other one says that it `starts_over`.
        """
        if (on, starts_over) != (self._live, self._starts_over):
            self._live, self._starts_over = on, starts_over
            dot = f' <span style="color:{self.kit.theme.accent}">{LIVE}</span>'
            self.label.setText(self.label.text().removesuffix(dot) + dot * on)
            self.setToolTip(self._tip())

    def _aside(self) -> str:
        """Return the symbol and the unit, in a quiet colour."""
        words = [f"<i>{self.field.symbol}</i>" if self.field.symbol else ""]
        words.append(f"({tr(self.field.unit)})" if self.field.unit else "")
        text = " ".join(filter(None, words))
        return f' <span style="color:{self.kit.theme.quiet}">{text}</span>' if text else ""

    def _tip(self) -> str:
        live = tr("{mark} may change while the run goes on", mark=LIVE) if self._live else ""
        live = tr("A change starts the run over") if self._starts_over else live
        return "\n".join(filter(None, (tr(self.field.meaning), self.field.range_text, live)))

    def beside(self, *items: QWidget | QLayout) -> None:
        """Put controls on the line of the title; the first is what the title stands for."""
        for item in items:
            self._add(item, self._head, self._head.count())

    def has_room(self, wide: int) -> bool:
        """Whether controls of so many pixels fit beside the title."""
        title = self.label.fontMetrics().horizontalAdvance(tr(self.field.title)) + self._head.spacing()
        return title + wide < self.kit.theme.px(self.kit.room)

    def place(self, combo: Combo) -> None:
        """Put a combo box beside the title, or below it where not all of its entries have room there."""
        if self.has_room(combo.wide):
            combo.setMinimumWidth(combo.wide)
            self.beside(combo)
        else:
            self.below(combo)

    def below(self, item: QWidget | QLayout) -> None:
        """Put a control, or a layout of them, under the title."""
        self._add(item, self._rows, self._rows.count() - (self._error is not None))

    def _add(self, item: QWidget | QLayout, line: QBoxLayout, place: int) -> None:
        if isinstance(item, QLayout):
            line.insertLayout(place, item)
            return
        line.insertWidget(place, item)
        if not item.accessibleName():
            item.setAccessibleName(tr(self.field.title))
            item.setAccessibleDescription(tr(self.field.meaning))
        if self.label.buddy() is None:
            self.label.setBuddy(item)

    def inner(self, names: Sequence[str]) -> "Editor | None":
        """Return the editor of a setting inside this one; this editor itself if `names` is empty."""
        return None if names else self

    def revealed(self, names: Sequence[str]) -> "Editor":
        """The same, once what it is folded into is open; where it is not there, the nearest around it."""
        return self

    def light(self, on: bool) -> None:
        """Light this editor, because the pointer is on something that this setting determines; or stop."""
        if on != self._lit:
            self._lit = on
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a tint of the accent colour behind a setting that is lit."""
        super().paintEvent(event)
        if self._lit:
            tint = QColor(self.kit.theme.accent)
            tint.setAlphaF(0.22)
            with QPainter(self) as painter:
                painter.fillRect(self.rect(), tint)

    def set_value(self, value: Any) -> None:
        """Show a value, without a signal; what was wrong is forgotten."""
        self.value = value
        self.invalid = False
        self.show_problem(None)
        self.show_value(value)

    def show_value(self, value: Any) -> None:
        """Bring the controls to a value. Each kind of editor says how."""
        raise NotImplementedError

    def see_record(self, record: msgspec.Struct) -> None:
        """Take notice of the record that the field belongs to. Most editors do not need it."""

    def show_problem(self, problem: Problem | None) -> None:
        """Show under the controls what is wrong; None removes the message."""
        if self._error is None:
            if problem is None:
                return
            self._error = self._error_line()
        self._error.setText(problem_text(problem) if problem else "")
        self._error.setVisible(problem is not None)

    def _error_line(self) -> QLabel:
        line = QLabel(self)
        line.setObjectName("error")
        line.setWordWrap(True)
        line.setTextFormat(Qt.TextFormat.PlainText)
        self._rows.addWidget(line)
        return line

    def refuse(self, problem: Problem) -> None:
        """Keep what the user entered on the screen, and say what is wrong with it."""
        self.invalid = True
        self.show_problem(problem)

    @property
    def error(self) -> str:
        """The message that is shown; empty when nothing is wrong."""
        return "" if self._error is None else str(self._error.text())

    def restore(self) -> None:
        """Show the last valid value again, and forget the one that was refused."""
        self.set_value(self.value)
        self.changed.emit(self.value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape restores a refused value."""
        if event.key() == Qt.Key.Key_Escape and self.invalid:
            self.restore()
        else:
            super().keyPressEvent(event)


def icon_button(name: str, words: str, theme: Theme, parent: QWidget | None = None) -> QToolButton:
    """A small button with an icon; `words` are its tooltip and its accessible name."""
    button = QToolButton(parent)
    button.setToolTip(words)
    button.setAccessibleName(words)
    button.setIcon(icon(name, theme.text, theme.quiet))
    button.setIconSize(QSize(theme.px(13), theme.px(13)))
    button.setAutoRaise(True)
    return button


class FormSheet(QScrollArea):
    """The scrolled area that holds the editors; `rearranged` is emitted when some were added or removed."""

    rearranged = Signal()
    whole = False  # whether all of its editors have been made
    _waits = False  # whether an event that puts them in the order of the Tab key is posted

    def order_soon(self) -> None:
        """Call `put_in_order` once when control returns to Qt, however many editors were made until then."""
        if self.whole and not self._waits:
            self._waits = True
            QCoreApplication.postEvent(self, QEvent(ORDER))

    def customEvent(self, event: QEvent) -> None:
        if event.type() == ORDER:
            self.put_in_order()

    def put_in_order(self) -> None:
        """Let the Tab key stop at the editors that exist now, in the order of the layouts."""
        self._waits, inside = False, self.widget()
        for first, second in pairwise(_stops(inside) if inside is not None else ()):
            QWidget.setTabOrder(first, second)
        self.rearranged.emit()


def order_tabs(widget: QWidget) -> None:
    """Let the Tab key go through a form from top to bottom, also after rows were added or removed."""
    form: QWidget | None = widget
    while form is not None and not isinstance(form, FormSheet):
        form = form.parentWidget()
    if form is not None:
        form.order_soon()


def _stops(widget: QWidget) -> Iterator[QWidget]:
    """Yield the widgets that the Tab key stops at, in the order of the layouts."""
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield widget
    layout = widget.layout()
    if layout is not None:
        yield from _stops_in(layout)


def _stops_in(layout: QLayout) -> Iterator[QWidget]:
    for item in filter(None, map(layout.itemAt, range(layout.count()))):
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield from _stops(widget)
        elif inner is not None:
            yield from _stops_in(inner)
