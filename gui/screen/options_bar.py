"""The bar over the plots of a view, made from its options: a small widget for each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
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
        self._captions: dict[str, QLabel] = {}
        self._items: list[tuple[QWidget | None, int]] = []  # widgets, None for free room; and their stretch
        self._told: object = None  # what is shown; None after an action of the user, which may be refused
        self.changed.connect(self._forget)
        self._below = 0  # the place of the first item that is in the second row; 0 while there is one row
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        column.setSpacing(theme.px(4))
        self._row, self._second = QHBoxLayout(), QHBoxLayout()
        for row in (self._row, self._second):
            row.setSpacing(theme.px(8))
            column.addLayout(row)
        for part in parts:
            self._add(part)
        for widget, stretch in self._items:
            if widget is None:
                self._row.addStretch(stretch)
            else:
                self._row.addWidget(widget, stretch)
        self._second.addStretch(0)
        self._second.addStretch(0)
        self.show_options(options)

    def __getitem__(self, name: str) -> Any:
        """Return the widget of an option."""
        return self._boxes[name]

    # How it is made

    def _add(self, part: Part) -> None:
        if isinstance(part, QWidget):
            wish = part.sizePolicy().horizontalPolicy()
            roomy = wish in (QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
            self._items.append((part, int(roomy)))
        elif isinstance(part, Switches):
            row = SwitchRow(self.theme, self._fields[part.name].choices, part.tips, self)
            row.chosen.connect(lambda value: self.changed.emit({part.name: value}))
            self._put(part.name, row)
        elif not part:
            self._items.append((None, 1))
        else:
            field = self._fields[part.removesuffix(":")]
            if part.endswith(":"):
                self._captions[field.name] = QLabel(tr(field.title), self)
                self._items.append((self._captions[field.name], 0))
            box = self._made(field)
            box.setToolTip(tr(field.meaning))
            self._put(field.name, box)

    def _put(self, name: str, box: QWidget) -> None:
        self._boxes[name] = box
        box.setAccessibleName(tr(self._fields[name].title))
        self._items.append((box, 0))

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
            self._make_room()

    def _forget(self) -> None:
        self._told = None

    def _offer(self, name: str, offer: object) -> None:
        box = self._boxes[name]
        if box.isHidden() == (offer is not False):
            self._seen(name, offer is not False)
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

    def _seen(self, name: str, on: bool) -> None:
        self._boxes[name].setVisible(on)
        if name in self._captions:
            self._captions[name].setVisible(on)

    # Room

    def _titles(self) -> list[QLabel]:
        """Return the titles of the widgets that are shown."""
        return [title for name, title in self._captions.items() if not self._boxes[name].isHidden()]

    def _wide(self, titles: Sequence[QLabel]) -> int:
        return sum(title.sizeHint().width() + self._row.spacing() for title in titles)

    def _bare(self, wish: Callable[[QWidget], int]) -> list[int]:
        """How much room each item needs without the titles, by what a widget wishes; 0 if it is hidden."""
        titles, between = self._captions.values(), self._row.spacing()
        return [
            0 if widget is None or widget.isHidden() or widget in titles else wish(widget) + between
            for widget, _ in self._items
        ]

    def _edges(self) -> int:
        return 2 * self.theme.px(8) - self._row.spacing()

    def _make_room(self) -> None:
        """Show the titles if there is room for them; without room even for the rest, make two rows of it."""
        titles = self._titles()
        likes = sum(self._bare(_liked)) + self._edges()
        for title in titles:
            title.setVisible(self.width() >= likes + self._wide(titles))
        needs, room = self._bare(_needed), self.width() - self._edges()
        below = 0
        if sum(needs) > room:
            fitting = (k for k in range(len(needs) - 1, 0, -1) if needs[k] and sum(needs[:k]) <= room)
            below = next(fitting, 0)
        if below != self._below:
            self._wrap(below)

    def _wrap(self, below: int) -> None:
        """Move the widgets from a place on into the second row; those in it before go back into the first."""
        moved = list(enumerate(self._items))
        for k, (widget, stretch) in moved[self._below :] if self._below else []:
            if widget is not None:
                self._second.removeWidget(widget)
                self._row.insertWidget(k, widget, stretch)
        for k, (widget, stretch) in moved[below:] if below else []:
            if widget is not None:
                self._row.removeWidget(widget)
                self._second.insertWidget(k - below + 1, widget, stretch)
        parts = self._items[:below], self._items[below:]
        before, after = (any(stretch for _, stretch in part) for part in parts)  # whether it has free room
        self._second.setStretch(0, int(before and not after))
        self._second.setStretch(self._second.count() - 1, int(not before and not after))
        self._below = below

    def minimumSizeHint(self) -> QSize:
        """Return the size that it needs without the titles, in one row."""
        return QSize(sum(self._bare(_needed)) + self._edges(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def event(self, event: QEvent) -> bool:
        """Make room anew where a widget needs another width than before: one that was just shown, say."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        return super().event(event)


def _needed(widget: QWidget) -> int:
    """The least width of a widget in a row, as Qt's rows reckon it."""
    policy, least = widget.sizePolicy().horizontalPolicy(), widget.minimumSizeHint().width()
    if policy is QSizePolicy.Policy.Ignored:
        least = 0
    elif not policy.value & QSizePolicy.PolicyFlag.ShrinkFlag.value:
        least = max(least, widget.sizeHint().width())
    return max(min(least, widget.maximumWidth()), widget.minimumWidth())


def _liked(widget: QWidget) -> int:
    """The width that a widget likes to have in a row."""
    if widget.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored:
        return widget.minimumWidth()
    liked = max(widget.sizeHint().width(), widget.minimumSizeHint().width())
    return max(min(liked, widget.maximumWidth()), widget.minimumWidth())


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
