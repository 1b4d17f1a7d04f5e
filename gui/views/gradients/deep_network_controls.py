"""How one looks at deep networks: the options, and the bars in which they are chosen."""

from typing import Annotated

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSpinBox, QWidget

from engine.config import Config, choice, number
from engine.experiments.gradients.deep_network_config import POINTS
from engine.gradient_check import GradientCheck
from gui.language import tr
from gui.notes import GOOD
from gui.numbers import short_text
from gui.theme import Theme

GRADIENTS = {"activations": "By its activations", "weights": "By its weights"}
SIZES = {"typical": "Typical sizes", "bound": "Upper bound"}
INSIDE = {"curves": "Curves", "table": "Numbers"}
TIPS = {
    "of": "With respect to what the gradient is taken in each layer.",
    "explained": "Whose factors, histograms and formulas are shown.",
    "sizes": "Factors as they are on average, or so large that the gradient is never above their product.",
    "inside": "The chain product as curves, or factor by factor.",
    "example": "The example whose gradient is followed back: its row in the data.",
}


class DeepOptions(Config, frozen=True):
    """How one looks at the networks."""

    of: Annotated[str, choice("Gradient", TIPS["of"], GRADIENTS)] = "activations"
    explained: Annotated[str, choice("Network", TIPS["explained"], {"a": "A", "b": "B"})] = "a"
    sizes: Annotated[str, choice("Factors", TIPS["sizes"], SIZES)] = "typical"
    inside: Annotated[str, choice("Chain", TIPS["inside"], INSIDE)] = "curves"
    example: Annotated[int, number("Example", TIPS["example"], ge=0, lt=POINTS)] = 0
    layer: Annotated[
        int, number("Layer", "The layer whose factor is shown; 0 is the first.", ge=0, le=64)
    ] = 0


class Chooser(QComboBox):
    """One of some words, with a tip."""

    picked = Signal(dict)

    def __init__(self, field: str, title: str, words: dict[str, str]) -> None:
        super().__init__()
        for name, word in words.items():
            self.addItem(tr(word), name)
        self.setAccessibleName(tr(title))
        self.setToolTip(tr(TIPS[field]))
        self.activated.connect(lambda index: self.picked.emit({field: self.itemData(index)}))

    def show_choice(self, name: str) -> None:
        """Show what is chosen."""
        self.setCurrentIndex(self.findData(name))


class Bar(QWidget):
    """What is seen of which network, above the plots."""

    changed = Signal(dict)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.of = Chooser("of", "Gradient", GRADIENTS)
        self.explained = Chooser("explained", "Network", {"a": "A", "b": "B"})
        self.example = QSpinBox()
        self.example.setRange(0, POINTS - 1)
        self.example.setAccessibleName(tr("Example"))
        self.example.setToolTip(tr(TIPS["example"]))
        self.network = QLabel(tr("Network"))
        for box in (self.of, self.explained):
            box.picked.connect(self.changed)
        self.example.valueChanged.connect(lambda row: self.changed.emit({"example": row}))
        parts = (QLabel(tr("Gradient")), self.of, None, self.network, self.explained, None,
                 QLabel(tr("Example")), self.example)  # fmt: skip
        _fill(self, theme, parts)

    def show_options(self, options: DeepOptions, two: bool) -> None:
        """Show what is chosen; one network alone needs no choice."""
        self.of.show_choice(options.of)
        self.explained.show_choice(options.explained)
        for part in (self.network, self.explained):
            part.setVisible(two)
        self.example.blockSignals(True)
        self.example.setValue(options.example)
        self.example.blockSignals(False)


class ChainBar(QWidget):
    """How the chain product is shown, and the check of the gradient, between the plots."""

    changed = Signal(dict)
    check_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.inside = Chooser("inside", "Chain", INSIDE)
        self.sizes = Chooser("sizes", "Factors", SIZES)
        self.check = QPushButton(tr("Check gradients"))
        self.check.setToolTip(
            tr("Compare the gradient of this network on its batch with numeric differences")
        )
        self.badge = QLabel()
        self.check.clicked.connect(self.check_wanted)
        for box in (self.inside, self.sizes):
            box.picked.connect(self.changed)
        _fill(self, theme, (QLabel(tr("Chain")), self.inside, self.sizes, None, self.badge, self.check))

    def show_options(self, options: DeepOptions) -> None:
        """Show what is chosen."""
        self.inside.show_choice(options.inside)
        self.sizes.show_choice(options.sizes)

    def show_check(self, found: tuple[int, GradientCheck] | None) -> None:
        """Show what the gradient check found, and at which step."""
        if found is None:
            self.badge.clear()
            return
        step, result = found
        colour = GOOD[self.theme.dark] if result.passed else self.theme.error
        self.badge.setText(
            tr("{mark} relative error {error}, step {step}", mark="✓" if result.passed else "✗",
               error=short_text(result.max_relative_error, 2), step=step)
        )  # fmt: skip
        self.badge.setStyleSheet(f"color: {colour};")


def _fill(bar: QWidget, theme: Theme, parts: tuple[QWidget | None, ...]) -> None:
    """Put parts side by side; None is a space that grows."""
    row = QHBoxLayout(bar)
    row.setContentsMargins(theme.px(8), theme.px(4), theme.px(8), theme.px(4))
    row.setSpacing(theme.px(6))
    for part in parts:
        if part is None:
            row.addStretch(1)
            continue
        if isinstance(part, QComboBox):
            part.setMinimumContentsLength(3)
            part.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        row.addWidget(part)
