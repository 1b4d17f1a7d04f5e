"""How one looks at a race: the options, and the bar over the plots in which they are chosen."""

from collections.abc import Sequence
from typing import Annotated

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QWidget

from engine.config import Config, choice, number, plain
from gui.language import tr
from gui.theme import Theme

LAYOUTS = {"both": "Contours and landscape", "contour": "Contours", "surface": "Landscape",
           "step": "Contours and one step"}  # fmt: skip


class RaceOptions(Config, frozen=True):
    """How one looks at a race."""

    layout: Annotated[str, choice("Show", "Which plots stand side by side.", LAYOUTS)] = "both"
    relative: Annotated[bool, plain("f − f*", "Measure f from the lowest known minimum.")] = True
    log: Annotated[bool, plain("Log axis", "Show f on a logarithmic axis.")] = True
    vectors: Annotated[bool, plain("Vectors", "Draw the vectors of the step on the contours.")] = True
    racer: Annotated[int, number("Racer", "Whose steps are explained.", ge=0, le=23)] = 4
    camera: tuple[float, float, float] = (-60.0, 35.0, 1.35)


class RaceBar(QWidget):
    """The switches. `changed` tells which options to change."""

    changed = Signal(dict)

    def __init__(self, theme: Theme, options: RaceOptions) -> None:
        super().__init__()
        self.layouts, self.racer = QComboBox(), QComboBox()
        for name, title in LAYOUTS.items():
            self.layouts.addItem(tr(title), name)
        self.layouts.setCurrentIndex(list(LAYOUTS).index(options.layout))
        self.layouts.setAccessibleName(tr("Show"))
        self.layouts.setToolTip(tr("Which plots stand side by side."))
        self.racer.setAccessibleName(tr("Racer"))
        self.racer.setToolTip(tr("Whose steps are explained."))
        self.racer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.relative = _switch("f − f*", tr("Measure f from the lowest known minimum."), options.relative)
        self.log = _switch(tr("Log axis"), tr("Show f on a logarithmic axis."), options.log)
        self.vectors = _switch(
            tr("Vectors"), tr("Draw the vectors of the step on the contours."), options.vectors
        )
        self._lay_out(theme)
        self._connect()

    def _lay_out(self, theme: Theme) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        row.setSpacing(theme.px(10))
        for widget in (self.layouts, self.relative, self.log, self.vectors):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(QLabel(tr("Explain")))
        row.addWidget(self.racer)

    def _connect(self) -> None:
        self.layouts.currentIndexChanged.connect(
            lambda: self.changed.emit({"layout": self.layouts.currentData()})
        )
        self.relative.toggled.connect(lambda on: self.changed.emit({"relative": on}))
        self.log.toggled.connect(lambda on: self.changed.emit({"log": on}))
        self.vectors.toggled.connect(lambda on: self.changed.emit({"vectors": on}))
        self.racer.activated.connect(lambda index: self.changed.emit({"racer": index}))

    def show_racers(self, names: Sequence[str], chosen: int) -> None:
        """Offer these racers, one of them chosen."""
        if list(names) != [self.racer.itemText(index) for index in range(self.racer.count())]:
            self.racer.clear()
            self.racer.addItems(names)
        self.racer.setCurrentIndex(chosen)


def _switch(text: str, tip: str, on: bool) -> QCheckBox:
    box = QCheckBox(text)
    box.setToolTip(tip)
    box.setChecked(on)
    return box
