"""Editors of numbers: one real or whole number, a seed, a point of the plane."""

import math
import random
import sys
from collections.abc import Sequence
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from engine.config import LARGEST_INTEGER, Problem
from gui.form.base import Editor, Kit, icon_button
from gui.form.field import Field
from gui.form.line import WritingLine
from gui.form.list_reading import parse_list
from gui.form.number_reading import parse_number, parse_whole
from gui.form.slider import Slider
from gui.look.language import tr
from gui.look.numbers import entry_text, power_text

BOX_WIDTH, COORDINATE = 70, 60  # pixels, for a number and for one of the two of a point
FRAME = 16  # pixels of a box that the number cannot use: frame, padding, and what Qt keeps free at the ends
WAYS = (entry_text, power_text)


class NumberBox(WritingLine):
    """A line that takes 0.01, 1e-4, 1/3. Emits `entered` with a number, or `refused` with a Problem.

    Up and Down (and the wheel, with the focus) change it by one step; on a log scale by a factor.
    """

    entered = Signal(object)
    refused = Signal(object)

    def __init__(
        self, field: Field, kit: Kit, whole: bool = False, digits: int = 6, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._field, self._whole, self._digits = field, whole, digits
        self._value, self._shown, self._written = 0.0, "", ""
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._beside = kit.theme.px(FRAME)
        self.setFixedWidth(kit.theme.px(BOX_WIDTH))
        self.editingFinished.connect(self._finish)

    def set_value(self, value: float) -> None:
        """Show a number, in as many digits as there is room for."""
        text = str(value) if self._whole else self._as_it_fits(value)
        self._value, self._written = value, text
        if text != self._shown or text != self.text():
            self._shown = text
            self.setText(text)
            self.setCursorPosition(0)

    def _as_it_fits(self, value: float) -> str:
        """Return a text that fits. A text cut at its end would be another number: 9.5e-4, not 0.0009."""
        room, wide = self.width() - self._beside, self.fontMetrics().horizontalAdvance
        for digits in range(self._digits, 0, -1):
            for way in WAYS:
                text = way(value, digits)
                if wide(text) <= room:
                    return text
        return text

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the number again in the new width, unless something typed or refused is on the screen."""
        super().resizeEvent(event)
        if self._written and self._written == self.text():
            self.set_value(self._value)

    @property
    def pending(self) -> bool:
        """Whether something is typed that has not been entered."""
        return self.text() != self._shown

    def _finish(self) -> None:
        if not self.pending:
            return
        self._shown = self.text()
        try:
            value = parse_whole(self.text()) if self._whole else parse_number(self.text())
        except Problem as problem:
            self.refused.emit(problem)
        else:
            self.entered.emit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down change the number, Escape takes back what was typed."""
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        if event.key() in steps:
            self._step(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Escape and self.text() != self._shown:
            self.setText(self._shown)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change the number, with the focus only."""
        if self.hasFocus() and event.angleDelta().y():
            self._step(1 if event.angleDelta().y() > 0 else -1)
        else:
            event.ignore()

    def _step(self, steps: int) -> None:
        self._finish()
        self.entered.emit(self._stepped(steps))

    def _stepped(self, steps: int) -> float:
        """Return the number `steps` steps away; at a limit it stays, and never moves the other way."""
        low, high = self._field.slider_range or (self._value - 10, self._value + 10)
        if self._field.log and self._value > 0:
            value = self._value * 10 ** (steps / 10)
            value = round(value) + (steps > 0) - (steps < 0) if self._whole else float(f"{value:.3g}")
        elif self._whole:
            value = self._value + steps * max(1, round((high - low) / 100))
        else:
            size = max(_power_of_ten((high - low) / 50), _power_of_ten(abs(self._value) / 1000))
            value = round(self._value + steps * size, 10)
        value = min(self._field.inside(value), LARGEST_INTEGER if self._whole else sys.float_info.max)
        return value if (value - self._value) * steps > 0 else self._value


def _power_of_ten(size: float) -> float:
    """Return the largest power of ten that is at most `size`; 0 for 0."""
    return 10.0 ** math.floor(math.log10(size)) if size > 0 else 0.0


class RealEditor(Editor):
    """A number box, and a slider that moves with it where the range is known."""

    whole = False
    inline = False  # slider and box on one line, with the symbol for a title

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self.looks_around = bool(field.most)
        self.box = NumberBox(field, kit, self.whole, parent=self)
        self.box.entered.connect(self._enter)
        self.box.refused.connect(self.refuse)
        self.beside(self.box)
        self.slider: Slider | None = None
        if field.slider_range:
            self.slider = Slider(*field.slider_range, kit.theme, field.log, self.whole, self)
            self.slider.moved.connect(self._slide)
            self._place(self.slider)

    def _place(self, slider: Slider) -> None:
        if self.inline:
            self.label.setText(f"<i>{self.field.symbol}</i>" if self.field.symbol else tr(self.field.title))
            self.label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
            self._head.insertWidget(1, slider, 1)
        else:
            self.below(slider)
        slider.setAccessibleName(tr(self.field.title))

    def show_value(self, value: float) -> None:
        """Bring box and slider to a number."""
        self.box.set_value(value)
        if self.slider and not self.slider.isSliderDown():
            self.slider.set_value(value)

    def see_record(self, record: msgspec.Struct) -> None:
        """Let the slider end at the largest number that the record allows."""
        if self.slider and self.field.most and hasattr(record, self.field.most):
            self.slider.set_most(len(getattr(record, self.field.most)))

    def _enter(self, value: float) -> None:
        if self.slider and self.field.allows(value):
            self.slider.set_value(value)
        self.changed.emit(value)

    def _slide(self, value: float) -> None:
        value = self.field.inside(value)
        self.box.set_value(value)
        self.changed.emit(value)


class IntEditor(RealEditor):
    """A whole number."""

    whole = True


class InlineReal(RealEditor):
    """A number on one line: symbol, slider, box."""

    inline = True


class SeedEditor(Editor):
    """A whole number, and a button that draws a new one."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self.box = NumberBox(field, kit, whole=True, parent=self)
        self.box.entered.connect(self.changed)
        self.box.refused.connect(self.refuse)
        self.button = icon_button("seed", tr("New seed"), kit.theme, self)
        self.button.clicked.connect(self._draw)
        self.beside(self.box, self.button)

    def show_value(self, value: int) -> None:
        """Show a seed."""
        self.box.set_value(value)

    def _draw(self) -> None:
        self.changed.emit(random.SystemRandom().randrange(1, 10**6))


class PointEditor(Editor):
    """The two coordinates of a point."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self.boxes = [NumberBox(field, kit, digits=4, parent=self) for _ in "xy"]
        line = QHBoxLayout()
        line.setSpacing(kit.theme.px(4))
        line.addStretch(1)
        self._names = [QLabel(), QLabel()]
        for label, box in zip(self._names, self.boxes, strict=True):
            box.entered.connect(self._enter)
            box.refused.connect(self._enter_both)
            box.setFixedWidth(kit.theme.px(COORDINATE))
            label.setObjectName("quiet")
            line.addWidget(label)
            line.addWidget(box)
        self._name(("w₁", "w₂"))  # makes room for the widest names
        wide = sum(one.sizeHint().width() for one in self._names) + 2 * self.boxes[0].width()
        wide += 3 * line.spacing()
        (self.beside if self.has_room(wide) else self.below)(line)
        self.label.setBuddy(self.boxes[0])

    def _name(self, names: Sequence[str]) -> None:
        """Say what the two coordinates are."""
        for name, label, box in zip(names, self._names, self.boxes, strict=True):
            label.setText(f"<i>{name}</i>")
            box.setAccessibleName(f"{tr(self.field.title)}, {name}")

    def see_record(self, record: msgspec.Struct) -> None:
        """Name the coordinates as the record does in `<field>_names`, or x and y."""
        self._name(getattr(record, f"{self.field.name}_names", "xy"))

    def show_value(self, value: tuple[float, float]) -> None:
        """Show a point."""
        for box, coordinate in zip(self.boxes, value, strict=True):
            box.set_value(coordinate)

    def _enter(self, coordinate: float) -> None:
        values: list[Any] = list(self.value)
        values[self.boxes.index(self.sender())] = coordinate  # type: ignore[arg-type]
        self.changed.emit(tuple(values))

    def _enter_both(self, problem: Problem) -> None:
        """Take "(1, 2)", typed in either box, as the point; refuse it if it is no point."""
        box = self.sender()
        try:
            point = parse_list(box.text() if isinstance(box, NumberBox) else "")
        except Problem:
            point = ()
        if len(point) == 2:
            self.changed.emit(point)
        else:
            self.refuse(problem)
