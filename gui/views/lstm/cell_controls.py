"""The bar over the cell: which cell, which part of its step, and what the bars show."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from engine.config import Config
from gui.language import tr
from gui.theme import Theme

CELLS = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}
PHASE_TITLES = {"all": "Whole step", "delete": "1 · Delete", "add": "2 · Add", "read": "3 · Read"}
PANES = {"inputs": "Inputs", "weights": "Weights"}


class Bar(QWidget):
    """Tells which options to change."""

    changed = Signal(dict)

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        row.setSpacing(theme.px(8))
        self.boxes: dict[str, QComboBox] = {}
        for name, title, tip, choices in (
            ("cell", tr("Cell"), tr("Which cell is drawn."), CELLS),
            ("phase", tr("Part"), tr("Which part of the step is spoken of."), PHASE_TITLES),
            ("pane", tr("Bars"), tr("What the bars below show."), PANES),
        ):
            row.addWidget(QLabel(title))
            row.addWidget(self._box(name, title, tip, choices))
        row.addStretch(1)
        self.show_options(options)

    def _box(self, name: str, title: str, tip: str, choices: Mapping[str, str]) -> QComboBox:
        box = self.boxes[name] = QComboBox()
        for key, text in choices.items():
            box.addItem(tr(text), key)
        box.setAccessibleName(title)
        box.setToolTip(tip)
        box.activated.connect(lambda index: self.changed.emit({name: box.itemData(index)}))
        return box

    def show_options(self, options: Config) -> None:
        """Show what is chosen."""
        for name, box in self.boxes.items():
            box.setCurrentIndex(box.findData(getattr(options, name)))
