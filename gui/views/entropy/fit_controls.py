"""How one looks at the fit of Q to P: the options, and the bar over the plots in which they are chosen."""

from collections.abc import Sequence
from typing import Annotated

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QWidget

from engine.config import Config, choice, plain
from engine.divergence_gradients import DIVERGENCES
from engine.experiments.entropy.fit_config import LABELS
from gui.language import tr
from gui.theme import Theme

MEASURES = {"loss": "Its own loss", "kl": "KL(P‖Q)", "distance": "Largest |q − p|"}
EXPLAINED = "Whose Q, gradient and formulas are shown."
MEASURED = "What is compared between the runs."
ENOUGH = 560  # pixels that the row needs with words before its choices


class FitOptions(Config, frozen=True):
    """How one looks at the runs."""

    explained: Annotated[
        str, choice("Explain", EXPLAINED, {name: loss.title for name, loss in DIVERGENCES.items()})
    ] = "cross_entropy"
    measure: Annotated[str, choice("Compare", MEASURED, MEASURES)] = "loss"
    log: Annotated[bool, plain("Log axis", "Compare on a logarithmic axis.")] = False


class FitBar(QWidget):
    """Labels to take P from, what to compare, and which run is explained."""

    changed = Signal(dict)  # options
    label_chosen = Signal(str)  # a name of LABELS

    def __init__(self, theme: Theme, options: FitOptions) -> None:
        super().__init__()
        self.labels, self.measure, self.explained = QComboBox(), QComboBox(), QComboBox()
        self.labels.setPlaceholderText(tr("Set P to …"))
        for name, (title, _) in LABELS.items():
            self.labels.addItem(tr(title), name)
        self.labels.setCurrentIndex(-1)
        for name, title in MEASURES.items():
            self.measure.addItem(tr(title), name)
        self.measure.setCurrentIndex(list(MEASURES).index(options.measure))
        self.log = QCheckBox(tr("Log axis"))
        self.log.setToolTip(tr("Compare on a logarithmic axis."))
        self.log.setChecked(options.log)
        for box, name, tip in (
            (self.labels, "Set P to …", "Give P a well-known shape."),
            (self.measure, "Compare", MEASURED),
            (self.explained, "Explain", EXPLAINED),
        ):
            box.setAccessibleName(tr(name))
            box.setToolTip(tr(tip))
        self.captions, self.enough = (QLabel(tr("Compare")), QLabel(tr("Explain"))), theme.px(ENOUGH)
        self._lay_out(theme)
        self._connect()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow row the choices get the room of the words before them."""
        super().resizeEvent(event)
        for caption in self.captions:
            caption.setVisible(event.size().width() >= self.enough)

    def _lay_out(self, theme: Theme) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        row.setSpacing(theme.px(8))
        for box in (self.labels, self.measure, self.explained):
            box.setMinimumContentsLength(6)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMaximumWidth(theme.px(220))
        row.addWidget(self.labels, 3)
        row.addStretch(0)  # the choices come first
        row.addWidget(self.captions[0])
        row.addWidget(self.measure, 4)
        row.addWidget(self.log)
        row.addStretch(0)  # the choices come first
        row.addWidget(self.captions[1])
        row.addWidget(self.explained, 4)

    def _connect(self) -> None:
        self.labels.activated.connect(self._choose_label)
        self.measure.activated.connect(lambda: self.changed.emit({"measure": self.measure.currentData()}))
        self.log.toggled.connect(lambda on: self.changed.emit({"log": on}))
        self.explained.activated.connect(
            lambda: self.changed.emit({"explained": self.explained.currentData()})
        )

    def _choose_label(self, index: int) -> None:
        self.label_chosen.emit(self.labels.itemData(index))
        self.labels.setCurrentIndex(-1)

    def show_losses(self, names: Sequence[str], chosen: str) -> None:
        """Offer the runs of these losses, one of them chosen."""
        if list(names) != [self.explained.itemData(k) for k in range(self.explained.count())]:
            self.explained.clear()
            for name in names:
                self.explained.addItem(tr(DIVERGENCES[name].title), name)
        self.explained.setCurrentIndex(self.explained.findData(chosen))
