"""The bar over the plots of a view, made from its options: a small widget for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from engine.config import Config
from gui.form.field import Field, fields_of
from gui.form.spin import SpinBox
from gui.form.words import MarkedLine
from gui.look.combo import Combo
from gui.look.language import tr
from gui.look.theme import Theme
from gui.screen.options_widgets import Slide, SwitchRow
from gui.screen.two_rows import Item, TwoRows

LONGEST = 200  # the most characters of a line of text


@dataclass(frozen=True)
class Switches:
    """A choice as a row of buttons, one of them pressed; `tips` has a translated tooltip for each value."""

    name: str
    tips: Mapping[str, str]


Part = str | QWidget | Switches


class OptionsBar(QWidget):
    """The widgets of the options; `changed` carries the option and its new value.

    A part is the name of an option (with a colon: with its title before it), `Switches`, any other widget, or
    "" for the free room. In a narrow bar the titles are hidden; one that is still too narrow has two rows.
    A whole number has a number box, until entries are offered for it.
    """

    changed = Signal(dict)

    def __init__(
        self,
        theme: Theme,
        options: Config,
        parts: Sequence[Part],
        lists: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Make the bar; `lists` names whole numbers that choose from a list, besides those `of` a list of
        settings.
        """
        super().__init__(parent)
        self.theme = theme
        self._fields = {field.name: field for field in fields_of(type(options))}
        self._lists = lists
        self._boxes: dict[str, QWidget] = {}
        self._told: object = None  # what is shown; None after an action of the user, which may be refused
        self.changed.connect(self._forget)
        self._rows = TwoRows(theme, self)
        for item in [self._item(part) for part in parts]:
            self._rows.append(*item)
        self.show_options(options)

    def __getitem__(self, name: str) -> Any:
        """Return the widget of an option."""
        return self._boxes[name]

    # How it is made

    def _item(self, part: Part) -> Item:
        """Return a part as an item of the rows."""
        if isinstance(part, QWidget):
            wish = part.sizePolicy().horizontalPolicy()
            roomy = wish in (QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
            return part, int(roomy), None
        if isinstance(part, Switches):
            row = SwitchRow(self.theme, self._fields[part.name].choices, part.tips, self)
            row.chosen.connect(lambda value: self.changed.emit({part.name: value}))
            return self._named(part.name, row), 0, None
        if not part:
            return None, 1, None
        field = self._fields[part.removesuffix(":")]
        title = QLabel(tr(field.title), self) if part.endswith(":") else None
        box = self._made(field)
        box.setToolTip(tr(field.meaning))
        return self._named(field.name, box), 0, title

    def _named(self, name: str, box: QWidget) -> QWidget:
        self._boxes[name] = box
        box.setAccessibleName(tr(self._fields[name].title))
        return box

    def _made(self, field: Field) -> QWidget:
        """Return the widget for a kind of field."""
        if field.kind == "bool":
            return self._check(field)
        if field.kind == "text" and not field.choices:
            return self._line(field)
        if field.kind == "real":
            slide = Slide(self.theme, *(field.slider_range or (0.0, 1.0)), self)
            slide.moved.connect(lambda value: self.changed.emit({field.name: value}))
            return slide
        if field.kind == "int" and not field.of and field.name not in self._lists:
            return self._spin(field)
        return self._combo(field)

    def _check(self, field: Field) -> QCheckBox:
        check = QCheckBox(tr(field.title), self)
        check.toggled.connect(lambda on: self.changed.emit({field.name: on}))
        return check

    def _line(self, field: Field) -> MarkedLine:
        line = MarkedLine(self.theme.error, self)
        line.setMaxLength(LONGEST)
        line.setPlaceholderText(tr(field.title))
        line.setFixedWidth(self.theme.px(170))
        line.textEdited.connect(lambda text: self.changed.emit({field.name: text}))
        return line

    def _spin(self, field: Field) -> SpinBox:
        spin = SpinBox(int(field.limits.get("ge", 0)), int(field.limits.get("le", 10**6)), self)
        spin.setMinimumHeight(self.theme.px(22))
        spin.valueChanged.connect(lambda value: self.changed.emit({field.name: value}))
        return spin

    def _combo(self, field: Field) -> QComboBox:
        combo = Combo(parent=self)
        for key, title in field.choices.items():
            combo.addItem(tr(title), key)
        combo.currentIndexChanged.connect(
            lambda index: self.changed.emit({field.name: combo.itemData(index)})
        )
        return combo

    # What it shows

    def show_options(self, options: Config, offers: Mapping[str, object] | None = None) -> None:
        """Show the chosen values, without a signal.

        `offers` has for an option what can be chosen in a run: texts for the values of a whole number, in
        order from the lowest; a text for each value; a range of numbers; or whether the option is shown at
        all.
        """
        told = options, dict(offers or {})
        if told == self._told:
            return
        self._told = told
        for name, offer in told[1].items():
            if name in self._boxes:
                with QSignalBlocker(self._boxes[name]):
                    self._offer(name, offer)
        for name, box in self._boxes.items():
            with QSignalBlocker(box):
                _show(box, getattr(options, name))
        if self.testAttribute(Qt.WidgetAttribute.WA_WState_Created):  # otherwise its width is not known yet
            self._rows.fit(self.width())

    def _forget(self) -> None:
        self._told = None

    def _offer(self, name: str, offer: object) -> None:
        box = self._boxes[name]
        if box.isHidden() == (offer is not False):
            self._rows.show_widget(box, offer is not False)
        if isinstance(offer, bool):
            return
        if isinstance(offer, range) and isinstance(box, QSpinBox):
            box.setRange(offer.start, offer.stop - 1)
        elif isinstance(box, QComboBox):
            entries = self._entries(name, offer)
            if entries != [(box.itemData(k), box.itemText(k)) for k in range(box.count())]:
                box.clear()
                for value, text in entries:
                    box.addItem(text, value)

    def _entries(self, name: str, offer: Any) -> list[tuple[object, str]]:
        if isinstance(offer, Mapping):
            return list(offer.items())
        return list(enumerate(offer, start=int(self._fields[name].limits.get("ge", 0))))

    # Room

    def minimumSizeHint(self) -> QSize:
        """Return the size that it needs without the titles, in one row."""
        return QSize(self._rows.least, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rows.fit(self.width())

    def event(self, event: QEvent) -> bool:
        """Make room anew where a widget needs another width than before: one that was just shown, say."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._rows.fit(self.width())
        return super().event(event)


def _show(box: QWidget, value: Any) -> None:
    """Show a value; if it is not offered, show the last entry (for a number) or the first (for a name)."""
    if isinstance(box, QCheckBox):
        box.setChecked(value)
    elif isinstance(box, QSpinBox | Slide):
        box.setValue(value)
    elif isinstance(box, SwitchRow):
        box.show_choice(value)
    elif isinstance(box, MarkedLine):
        if value != box.text():
            box.setText(value)
    elif isinstance(box, QComboBox):
        found = box.findData(value)
        beyond = box.count() - 1 if isinstance(value, int) else 0
        box.setCurrentIndex(found if found >= 0 else beyond)
