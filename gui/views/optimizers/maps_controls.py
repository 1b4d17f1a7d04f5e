"""How one looks at a map: the options, and the bar over the plots."""

from typing import Annotated

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QWidget

from engine.config import Config, plain
from gui.language import tr
from gui.theme import Theme

LINES = "Draw the level lines of the surface over the map of starts."
RACE = "Show this run in Race, step by step: it becomes the only racer there."


class MapsOptions(Config, frozen=True):
    """Whether level lines lie over the map of starts."""

    lines: Annotated[bool, plain("Level lines", LINES)] = True


class MapsBar(QWidget):
    """A switch and a button."""

    lines_wanted = Signal(bool)
    race_wanted = Signal()

    def __init__(self, theme: Theme, options: MapsOptions) -> None:
        super().__init__()
        self.lines = QCheckBox(tr("Level lines"))
        self.lines.setChecked(options.lines)
        self.lines.setToolTip(tr(LINES))
        self.lines.toggled.connect(self.lines_wanted)
        self.race = QPushButton(tr("Open this run in Race"))
        self.race.setToolTip(tr(RACE))
        self.race.clicked.connect(lambda: self.race_wanted.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        row.setSpacing(theme.px(12))
        row.addWidget(self.race)
        row.addWidget(self.lines)
        row.addStretch(1)
