"""How one looks at the fits: the options, and the bar over the plots in which they are chosen."""

from typing import Annotated

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QWidget

from engine.config import Config, choice, plain
from gui.language import tr
from gui.theme import Theme

BELOW = {"costs": "Where the cost comes from", "maps": "Maps of both divergences"}


class GaussianFitOptions(Config, frozen=True):
    """How one looks at the fits."""

    below: Annotated[str, choice("Below", "What stands under the densities.", BELOW)] = "costs"
    log: Annotated[bool, plain("Log axis", "Show the divergences on a logarithmic axis.")] = True


class GaussianFitBar(QWidget):
    """The switches. `changed` tells which options to change."""

    changed = Signal(dict)

    def __init__(self, theme: Theme, options: GaussianFitOptions) -> None:
        super().__init__()
        self.below = QComboBox()
        for name, title in BELOW.items():
            self.below.addItem(tr(title), name)
        self.below.setCurrentIndex(list(BELOW).index(options.below))
        self.below.setAccessibleName(tr("Below"))
        self.below.setToolTip(tr("What stands under the densities."))
        self.log = QCheckBox(tr("Log axis"))
        self.log.setToolTip(tr("Show the divergences on a logarithmic axis."))
        self.log.setChecked(options.log)
        self.log.setParent(self)  # shown without a parent it would flash up as a window of its own
        self.log.setVisible(options.below == "costs")
        hint = QLabel(tr("Drag the rings."))
        hint.setToolTip(
            tr("The ring on a peak moves and weighs it, the one at its side widens it; so for the start.")
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        row.setSpacing(theme.px(10))
        row.addWidget(self.below)
        row.addWidget(self.log)
        row.addStretch(1)
        row.addWidget(hint)
        self.below.activated.connect(lambda _: self._choose(self.below.currentData()))
        self.log.toggled.connect(lambda on: self.changed.emit({"log": on}))

    def _choose(self, below: str) -> None:
        self.log.setVisible(below == "costs")
        self.changed.emit({"below": below})
