"""How one looks at mini-batches: the options, and the bar over the plots in which they are chosen."""

from collections.abc import Sequence
from typing import Annotated

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from engine.config import Config, choice, number
from gui.language import tr
from gui.theme import Theme

AGAINST = {"steps": "Steps", "epochs": "Epochs", "seconds": "Seconds"}


class BatchesOptions(Config, frozen=True):
    """How one looks at the runs."""

    against: Annotated[
        str,
        choice(
            "Loss against", "Steps taken, examples seen, or the time of a step on this computer.", AGAINST
        ),
    ] = "steps"
    explained: Annotated[
        int, number("Explain", "Which batch size the cloud and the formulas tell of.", ge=0, le=2, of="")
    ] = 0


class BatchesBar(QWidget):
    """Two lists. `changed` tells which options to change."""

    changed = Signal(dict)

    def __init__(self, theme: Theme, options: BatchesOptions) -> None:
        super().__init__()
        self.against, self.explained = QComboBox(), QComboBox()
        for name, title in AGAINST.items():
            self.against.addItem(tr(title), name)
        self.against.setCurrentIndex(list(AGAINST).index(options.against))
        self.against.setAccessibleName(tr("Loss against"))
        self.against.setToolTip(tr("Steps taken, examples seen, or the time of a step on this computer."))
        self.explained.setAccessibleName(tr("Explain"))
        self.explained.setToolTip(tr("Which batch size the cloud and the formulas tell of."))
        self.explained.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        row.setSpacing(theme.px(8))
        for text, box in (("Loss against", self.against), ("Explain", self.explained)):
            row.addWidget(QLabel(tr(text)))
            row.addWidget(box)
            row.addSpacing(theme.px(8))
        row.addStretch(1)
        self.against.activated.connect(lambda: self.changed.emit({"against": self.against.currentData()}))
        self.explained.activated.connect(lambda index: self.changed.emit({"explained": index}))

    def show_runs(self, names: Sequence[str], chosen: int) -> None:
        """Offer these batch sizes, one of them chosen."""
        if list(names) != [self.explained.itemText(index) for index in range(self.explained.count())]:
            self.explained.clear()
            self.explained.addItems(names)
        self.explained.setCurrentIndex(chosen)
