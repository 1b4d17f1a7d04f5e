"""What one looks at in *Sparse features*: which examples, which feature, which optimizer."""

from collections.abc import Sequence
from typing import Annotated

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QWidget

from engine.config import Config, choice, number
from gui.language import tr
from gui.theme import Theme

GROUPS = {
    "all": "All examples",
    "rare": "With a rare feature",
    "common": "Only common features",
}


class SparseOptions(Config, frozen=True):
    """How one looks at the runs."""

    group: Annotated[str, choice("Loss on", "The held-out examples whose mean loss is drawn.", GROUPS)] = (
        "rare"
    )
    feature: Annotated[
        int,
        number("Feature", "Whose numbers stand beside the formulas; 1 is the most frequent.", ge=1, le=200),
    ] = 30
    racer: Annotated[
        int, number("Optimizer", "Whose numbers stand beside the formulas.", ge=0, le=7, of="racers")
    ] = 2


class SparseBar(QWidget):
    """The choices. `changed` tells which options to change."""

    changed = Signal(dict)

    def __init__(self, theme: Theme, options: SparseOptions) -> None:
        super().__init__()
        self.group, self.feature, self.racer = QComboBox(), QSpinBox(), QComboBox()
        for name, title in GROUPS.items():
            self.group.addItem(tr(title), name)
        self.group.setCurrentIndex(self.group.findData(options.group))
        self.feature.setPrefix(tr("feature") + " ")
        self._name(self.group, tr("Loss on"), tr("The held-out examples whose mean loss is drawn."))
        self._name(self.feature, tr("Feature"),
                   tr("Whose numbers stand beside the formulas; 1 is the most frequent."))  # fmt: skip
        self._name(self.racer, tr("Optimizer"), tr("Whose numbers stand beside the formulas."))
        self.feature.setMinimumHeight(theme.px(22))  # a Chinese prefix is higher than digits
        self.racer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.group.activated.connect(lambda index: self.changed.emit({"group": self.group.itemData(index)}))
        self.feature.valueChanged.connect(lambda rank: self.changed.emit({"feature": rank}))
        self.racer.activated.connect(lambda index: self.changed.emit({"racer": index}))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        row.setSpacing(theme.px(8))
        row.addWidget(self.group)
        row.addStretch(1)
        row.addWidget(self.feature)
        row.addWidget(self.racer)

    @staticmethod
    def _name(widget: QWidget, name: str, tip: str) -> None:
        widget.setAccessibleName(name)
        widget.setToolTip(tip)

    def offer(self, names: Sequence[str], racer: int, features: int, feature: int) -> None:
        """Offer these optimizers and so many features, one of each chosen; nothing is emitted."""
        if list(names) != [self.racer.itemText(index) for index in range(self.racer.count())]:
            self.racer.clear()
            self.racer.addItems(names)
        self.racer.setCurrentIndex(racer)
        blocked = self.feature.blockSignals(True)
        self.feature.setRange(1, features)
        self.feature.setValue(feature)
        self.feature.blockSignals(blocked)
