"""The bar over the two distributions: presets, exchange, make equal."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from engine.experiments.entropy.two_distributions import PRESETS, TwoDistributionsConfig
from gui.language import tr
from gui.theme import Theme


class Bar(QWidget):
    """Tells what was pressed."""

    preset_chosen = Signal(str)
    swapped = Signal()
    equalled = Signal()
    codes_wanted = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.px
        self.presets = QComboBox()
        self.presets.setPlaceholderText(tr("Choose a preset …"))
        for name in PRESETS:
            self.presets.addItem(title(name), name)
        self.presets.setCurrentIndex(-1)
        self.presets.setAccessibleName(tr("Preset"))
        self.presets.setToolTip(tr("Sets P and Q to a pair worth looking at."))
        self.presets.setMinimumContentsLength(18)
        self.presets.activated.connect(self._choose)
        self.swap = self._button("P ↔ Q", tr("KL is not the same both ways: exchange them and see."))
        self.swap.setAccessibleName(tr("Exchange P and Q"))
        self.swap.clicked.connect(self.swapped)
        self.equal = self._button(tr("Q = P"), tr("Make the model right: KL becomes 0."))
        self.equal.clicked.connect(self.equalled)
        self.codes = self._button(tr("Codes"), tr("Show the Huffman codes in the place of bars and sums."))
        self.codes.setCheckable(True)
        self.codes.clicked.connect(self.codes_wanted)
        self.codes.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(px(8), px(6), px(8), px(6))
        row.setSpacing(px(8))
        row.addWidget(QLabel(tr("Preset")))
        for widget in (self.presets, self.swap, self.equal, self.codes):
            row.addWidget(widget)
        row.addStretch(1)

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        return button

    def _choose(self, index: int) -> None:
        self.preset_chosen.emit(self.presets.itemData(index))

    def show_config(self, config: TwoDistributionsConfig) -> None:
        """Name the example that is on show, as long as nothing was changed."""
        pair = (config.p.values, config.q.values)
        shown = next((k for k, preset in enumerate(PRESETS.values()) if preset == pair), -1)
        self.presets.setCurrentIndex(shown)
        self.equal.setEnabled(pair[0] != pair[1])


def title(name: str) -> str:
    """What a preset is called."""
    return {
        "coin": tr("A fair coin, taken for a biased one"),
        "biased": tr("A biased coin, taken for a fair one"),
        "die": tr("A fair die, taken for a loaded one"),
        "one_hot": tr("A one-hot label and a prediction"),
        "peaked": tr("Peaked and flat"),
        "halves": tr("Powers of a half"),
        "wrong": tr("The wrong code, counted exactly"),
        "lecture": tr("Two that differ much"),
        "disjoint": tr("Nothing in common"),
        "padded": tr("A coin and a die: padded with zeros"),
    }[name]
