"""How one looks at Newton's method: the options, and the bar over the plots."""

from typing import Annotated

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from engine.config import Config, choice
from gui.language import tr
from gui.theme import Theme

TITLES = {
    "newton": "Newton",
    "damped_newton": "Damped Newton",
    "gradient_descent": "Gradient descent",
}

# Where there is little room.
SHORT = {
    "newton": "Newton",
    "damped_newton": "damped",
    "gradient_descent": "descent",
}


class NewtonOptions(Config, frozen=True):
    """How one looks at the three ways."""

    of: Annotated[
        str, choice("Step of", "Whose parabola is drawn: what its next step takes f for.", TITLES)
    ] = "newton"


class NewtonBar(QWidget):
    """Whose step is drawn, and a way to a telling start."""

    chosen = Signal(str)
    start_wanted = Signal()

    def __init__(self, theme: Theme, options: NewtonOptions) -> None:
        super().__init__()
        self.ways = QComboBox()
        for name, title in TITLES.items():
            self.ways.addItem(tr(title), name)
        self.ways.setCurrentIndex(self.ways.findData(options.of))
        self.ways.setAccessibleName(tr("Step of"))
        self.ways.setToolTip(tr("Whose parabola is drawn: what its next step takes f for."))
        self.ways.activated.connect(lambda index: self.chosen.emit(self.ways.itemData(index)))
        self.button = QPushButton(tr("A telling start"))
        self.button.setToolTip(tr("Begin where this function shows what it is here for."))
        self.button.clicked.connect(self.start_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        row.setSpacing(theme.px(8))
        row.addWidget(QLabel(tr("Step of")))
        row.addWidget(self.ways)
        row.addWidget(self.button)
        row.addStretch(1)
