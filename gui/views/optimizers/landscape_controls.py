"""How one looks at a network landscape: the options, and the bar over the plots in which they are chosen."""

from collections.abc import Sequence
from typing import Annotated

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from engine.config import Config, choice, number, plain
from gui.language import tr
from gui.theme import Theme

LAYOUTS = {"contour": "Contours", "surface": "Landscape"}


class LandscapeOptions(Config, frozen=True):
    """How one looks at the map and the paths."""

    layout: Annotated[str, choice("Show", "The map as contours or as a landscape.", LAYOUTS)] = "contour"
    log: Annotated[
        bool, plain("Log levels", "Colours and contours for the logarithm of the loss; or for the loss.")
    ] = True
    racer: Annotated[
        int,
        number(
            "Explain", "Which optimizer the formulas and the dotted curve tell of.", ge=0, le=3, of="racers"
        ),
    ] = 0
    camera: Annotated[
        tuple[float, float, float], plain("Viewpoint", "From where the landscape is seen.", kind="camera")
    ] = (-60.0, 35.0, 1.35)


class LandscapeBar(QWidget):
    """What is shown, and where one is. `changed` tells which options to change."""

    changed = Signal(dict)

    def __init__(self, theme: Theme, options: LandscapeOptions) -> None:
        super().__init__()
        self.layouts, self.racer, self.phase = QComboBox(), QComboBox(), QLabel()
        for name, title in LAYOUTS.items():
            self.layouts.addItem(tr(title), name)
        self.layouts.setCurrentIndex(list(LAYOUTS).index(options.layout))
        self.layouts.setAccessibleName(tr("Show"))
        self.layouts.setToolTip(tr("The map as contours or as a landscape."))
        self.log = QCheckBox(tr("Log levels"))
        self.log.setToolTip(tr("Colours and contours for the logarithm of the loss; or for the loss."))
        self.log.setChecked(options.log)
        self.racer.setAccessibleName(tr("Explain"))
        self.racer.setToolTip(tr("Which optimizer the formulas and the dotted curve tell of."))
        self.racer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.phase.setObjectName("quiet")
        self.phase.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._lay_out(theme)
        self._connect()

    def _lay_out(self, theme: Theme) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        row.setSpacing(theme.px(10))
        row.addWidget(self.layouts)
        row.addWidget(self.log)
        row.addWidget(self.phase, 1)
        row.addWidget(QLabel(tr("Explain")))
        row.addWidget(self.racer)

    def _connect(self) -> None:
        self.layouts.activated.connect(lambda: self.changed.emit({"layout": self.layouts.currentData()}))
        self.log.toggled.connect(lambda on: self.changed.emit({"log": on}))
        self.racer.activated.connect(lambda index: self.changed.emit({"racer": index}))

    def show_racers(self, names: Sequence[str], chosen: int) -> None:
        """Offer these racers, one of them chosen."""
        if list(names) != [self.racer.itemText(index) for index in range(self.racer.count())]:
            self.racer.clear()
            self.racer.addItems(names)
        self.racer.setCurrentIndex(chosen)

    def show_phase(self, text: str) -> None:
        """Say where in the run one is."""
        if text != self.phase.text():
            self.phase.setText(text)
            self.phase.setToolTip(text)
