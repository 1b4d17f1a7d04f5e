"""The editor of the racers of a race: a list of values of several kinds, one card each."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from gui.form.base import Editor, Kit, icon_button, order_tabs
from gui.form.field import Field, fields_of, structs_in
from gui.form.kinds import KindBox, Kinds, discard, families, title_of
from gui.form.numeric import InlineReal
from gui.form.rows import Rows
from gui.look.fold import Fold
from gui.look.icons import icon
from gui.look.language import tr
from gui.look.seen import see
from gui.look.strokes import racer_names, racer_strokes
from gui.look.theme import Stroke, Theme

BESIDE_SWATCH = 2  # pixels
MAIN = "learning_rate"
INSET = 12  # pixels by which the fields in a card stand further in


class RacersEditor(Editor):
    """A list of values of several kinds, one card each, and a button that adds one."""

    keeps_refused = False

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self.kinds = structs_in(field.type)
        self._entries = Kinds(self.kinds)
        self.cards: list[Card] = []
        self._around: msgspec.Struct | None = None
        self._column = QVBoxLayout()
        self._column.setSpacing(kit.theme.px(6))
        self.below(self._column)
        self.add = QPushButton(tr("Add"))
        self.add.setIcon(icon("plus", kit.theme.text))
        self.add.setMenu(self._menu())
        self.add.setAccessibleName(f"{tr('Add')}: {tr(field.title)}")
        self.beside(self.add)

    def _menu(self) -> QMenu:
        menu = QMenu(self.add)
        for family, members in families(self.kinds):
            if family:
                menu.addSeparator()
                menu.addAction(family).setEnabled(False)  # a heading, in letters that are seen in every style
            for kind in members:
                action = menu.addAction(title_of(kind))
                action.setToolTip(tr(getattr(kind, "meaning", "")))
                action.triggered.connect(lambda _=False, kind=kind: self._emit([*self.value, kind()]))
        menu.setToolTipsVisible(True)
        return menu

    def show_value(self, value: Sequence[msgspec.Struct]) -> None:
        """Show the list; existing cards are used again, and those that are too many are removed."""
        kinds = [type(card.racer) for card in self.cards]
        while len(self.cards) > len(value):
            discard(self.cards.pop())
        while len(self.cards) < len(value):
            self._append(value[len(self.cards)])
        strokes = racer_strokes(value, self.kit.theme)
        for card, racer, stroke, name in zip(self.cards, value, strokes, racer_names(value), strict=True):
            card.show_racer(racer, stroke, name)
        self._tell_around()
        if kinds != [type(racer) for racer in value]:
            order_tabs(self)

    def inner(self, names: Sequence[str]) -> Editor | None:
        if len(names) < 2 or int(names[0]) >= len(self.cards):
            return None if names else self
        parts = self.cards[int(names[0])].parts
        editor = next((rows.made[names[1]] for rows in parts if names[1] in rows.made), None)
        return editor.inner(names[2:]) if editor is not None else None

    def revealed(self, names: Sequence[str]) -> Editor:
        """Without a place in `names`, the setting of the first racer that has one of this name."""
        places, way = range(len(self.cards)), list(names)
        if way and way[0].isdecimal():
            places = range(int(way[0]), len(self.cards))[:1]
            del way[0]
        for card in (self.cards[place] for place in places):
            if way and any(field.name == way[0] for field in fields_of(type(card.racer))):
                card.fold.setChecked(card.fold.isChecked() or way[0] != MAIN)
                found = (rows.revealed(way) for rows in card.parts if way[0] in rows.made)
                return next(filter(None, found), self)
        return self

    def see_record(self, record: msgspec.Struct) -> None:
        """Pass the record that contains the racers on to the fields that need it (`looks_around`)."""
        self._around = record
        self._tell_around()

    def _tell_around(self) -> None:
        for card in self.cards:
            card.see_around(self._around)

    def _append(self, racer: msgspec.Struct) -> None:
        card = Card(racer, self._entries, self.kit, len(self.cards), self)
        card.edited.connect(lambda racer: self._change(card, [racer]))
        card.copy.clicked.connect(lambda: self._change(card, [card.racer, card.racer]))
        card.remove.clicked.connect(lambda: self._take_away(card))
        self.cards.append(card)
        self._column.addWidget(card)

    def _take_away(self, card: "Card") -> None:
        """Remove a racer. The focus leaves the button, or a second press would remove the next racer."""
        had_focus = card.remove.hasFocus()
        self._change(card, [])
        if had_focus:
            (card if card in self.cards else self.cards[-1]).kind.setFocus(Qt.FocusReason.OtherFocusReason)

    def _change(self, card: "Card", becomes: list[msgspec.Struct]) -> None:
        """Replace the racer of a card by none, one or two."""
        place = self.cards.index(card)
        self._emit([*self.value[:place], *becomes, *self.value[place + 1 :]])

    def _emit(self, racers: list[msgspec.Struct]) -> None:
        self.changed.emit(type(self.value)(racers))


class Card(QFrame):
    """One racer: its stroke, its kind, its learning rate; all its other fields fold out."""

    edited = Signal(object)

    def __init__(self, racer: msgspec.Struct, kinds: Kinds, kit: Kit, index: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._kit, self._name = kit, ""
        self._around: msgspec.Struct | None = None  # the record that contains the racer
        px = kit.theme.px
        self.swatch = Swatch(kit.theme, self)
        self.kind = KindBox(kinds, kit.theme, self)
        self.kind.setAccessibleName(tr("Kind"))
        self.kind.chosen.connect(lambda kind: self.edited.emit(kind()))
        self.copy = icon_button("copy", tr("Duplicate"), kit.theme, self)
        self.remove = icon_button("remove", tr("Remove"), kit.theme, self)
        self.fold = Fold("", f"racer {index}", kit.theme, self)
        self.fold.setToolTip(tr("All settings"))
        self.fold.setAccessibleName(tr("All settings"))
        self.fold.toggled.connect(self._open)
        self._head, self._under = QHBoxLayout(), QHBoxLayout()
        for line in (self._head, self._under):
            line.setSpacing(0)
        self._head.addWidget(self.swatch)
        self._head.addSpacing(px(BESIDE_SWATCH))
        self._head.addWidget(self.kind, 1)
        self._under.addStretch(1)
        self._crowded: bool | None = None  # whether the buttons stand under the name
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(px(6), px(6), px(2), px(6))
        self._column.setSpacing(px(4))
        self._column.addLayout(self._head)
        self._column.addLayout(self._under)
        self.parts: list[Rows] = []  # the line of the learning rate and, once they were seen, the others
        self._build(racer)

    def _build(self, racer: msgspec.Struct) -> None:
        """Make the rows of a kind."""
        for rows in self.parts:
            discard(rows)
        self.racer = racer
        names = [field.name for field in fields_of(type(racer))]
        self._others = [name for name in names if name != MAIN]
        inline = replace(self._kit, editors={**self._kit.editors, "real": InlineReal})
        self.parts = [self._rows(racer, inline, [name for name in names if name == MAIN])]
        see(self.parts[0], bool(self.parts[0].made))
        see(self.fold, bool(self._others))  # without other fields, the name uses the place of the button
        self._open(self.fold.isChecked())

    def _rows(self, racer: msgspec.Struct, kit: Kit, names: list[str], fold: bool = True) -> Rows:
        rows = Rows(racer, kit, names, fold, parent=self)
        rows.edited.connect(self._edit)
        self._column.addWidget(rows)
        return rows

    def _make_room(self) -> None:
        """Put the buttons beside the name if there is room, else under it."""
        buttons = [self.copy, self.remove, *([] if self.fold.isHidden() else [self.fold])]
        room = self.contentsRect().width() - sum(button.sizeHint().width() for button in buttons)
        margins = self._column.contentsMargins()
        room -= margins.left() + margins.right() + self.swatch.width() + self._kit.theme.px(BESIDE_SWATCH)
        crowded = self.kind.wide_of(self.kind.currentText()) > room
        if crowded != self._crowded:
            self._crowded = crowded
            for button in (self.copy, self.remove, self.fold):
                (self._under if crowded else self._head).addWidget(button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _open(self, on: bool) -> None:
        """Show the other fields, made when they are first seen, or hide them."""
        if on and self._others and len(self.parts) < 2:
            others = self._rows(self.racer, self._kit.inset(INSET), self._others, fold=False)
            others.setContentsMargins(0, self._kit.theme.px(6), self._kit.theme.px(4), 0)
            others.see_around(self._around)
            self.parts.append(others)
            if self._name:
                self._tell_name(self._name)
            order_tabs(self)
        for others in self.parts[1:]:
            others.setVisible(on)

    def see_around(self, record: msgspec.Struct | None) -> None:
        """Pass the record that contains the racer on to the fields that need it (`looks_around`)."""
        self._around = record
        for rows in self.parts:
            rows.see_around(record)

    def _edit(self, racer: msgspec.Struct) -> None:
        self._show(racer)
        self.edited.emit(racer)

    def show_racer(self, racer: msgspec.Struct, stroke: Stroke, name: str) -> None:
        """Show a racer, with new rows if its kind has changed. `name` goes into the accessible names."""
        self.swatch.set_stroke(stroke)
        self.kind.show_kind(racer)
        if type(racer) is not type(self.racer):
            self._build(racer)
            self._name = ""
        self._make_room()
        self._show(racer)
        if name != self._name:
            self._tell_name(name)

    def _tell_name(self, name: str) -> None:
        """Put the name of the racer into the accessible name of every control of the card."""
        self._name = name
        for widget in self.findChildren(QWidget):
            own = widget.property("told") or widget.accessibleName()
            if own:
                widget.setProperty("told", own)
                widget.setAccessibleName(f"{name}: {own}")

    def _show(self, racer: msgspec.Struct) -> None:
        self.racer = racer
        for rows in self.parts:
            rows.set_config(racer)


class Swatch(QWidget):
    """A short piece of the line that a racer is drawn with."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._stroke = theme, Stroke(theme.text)
        self.setFixedSize(theme.px(18), theme.px(14))

    def set_stroke(self, stroke: Stroke) -> None:
        """Draw with another stroke."""
        if stroke != self._stroke:
            self._stroke = stroke
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A thick line from side to side."""
        width = self._theme.px(3)
        pen = QPen(QColor(self._stroke.colour), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if self._stroke.dash:
            pen.setDashPattern([self._theme.scale * part / width for part in self._stroke.dash])
        with QPainter(self) as painter:
            painter.setPen(pen)
            painter.drawLine(QPointF(0, self.height() / 2), QPointF(self.width(), self.height() / 2))
