"""How one looks at a training on sequences: the options, and the two bars in which they are chosen."""

from collections.abc import Sequence
from typing import Annotated

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from engine.config import Config, choice, number, plain
from engine.gradient_check import GradientCheck
from gui.editors.slider import Slider
from gui.editors.words import Line
from gui.language import tr
from gui.notes import GOOD
from gui.numbers import short_text
from gui.theme import Theme

GATES = {
    "hidden_state": "Hidden state h", "cell_state": "Cell state c", "forget_gate": "Forget gate f",
    "input_gate": "Input gate i", "candidate": "Candidate g", "output_gate": "Output gate o",
    "update_gate": "Update gate u", "reset_gate": "Reset gate r",
}  # fmt: skip
SIGNED = {"hidden_state", "cell_state", "candidate"}  # the others are from 0 to 1
WARMEST = 2.0
MOST_WORDS = 200  # characters


class TrainOptions(Config, frozen=True):
    """How one looks at the run."""

    model: Annotated[int, number("Model", "Which model is looked into.", ge=0, le=1, of="")] = 0
    layer: Annotated[int, number("Layer", "Which of its layers.", ge=1, le=2)] = 1
    gate: Annotated[str, choice("Show", "Which gate or state.", GATES)] = "hidden_state"
    unit: Annotated[int, number("Unit", "The one that colours the text.", ge=1, le=512)] = 1
    temperature: Annotated[
        float, number("Temperature", "How daringly characters are drawn.", ge=0, le=WARMEST)
    ] = 0.6
    log_loss: Annotated[bool, plain("Log loss", "Show the loss on a logarithmic axis.")] = False
    words: Annotated[
        str,
        plain("Opening words", "What the model is given to write on from; empty: the held-out text.",
              max_length=MOST_WORDS),
    ] = ""  # fmt: skip


class Inside(QWidget):
    """Which model, layer, gate and unit are looked into. `changed` tells which options to change."""

    changed = Signal(dict)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.log = QCheckBox(tr("Log scale"))
        self.log.setToolTip(tr("Show the loss on a logarithmic axis"))
        self.log.setAccessibleName(tr("Log scale"))
        self.log.clicked.connect(lambda on: self.changed.emit({"log_loss": on}))
        self.model, self.layer, self.gate, self.unit = QComboBox(), QComboBox(), QComboBox(), QSpinBox()
        for box, key, name, tip in (
            (self.model, "model", tr("Model"), tr("Which model is looked into.")),
            (self.layer, "layer", tr("Layer"), tr("Which of its layers.")),
            (self.gate, "gate", tr("Show"), tr("Which gate or state.")),
        ):
            box.setToolTip(tip)
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(
                lambda index, box=box, key=key: self.changed.emit({key: box.itemData(index)})
            )
        self.unit.setToolTip(tr("Which unit colours the text; or click a row of the heat map."))
        self.unit.setAccessibleName(tr("Unit"))
        self.unit.lineEdit().setAcceptDrops(False)
        self.unit.valueChanged.connect(lambda value: self.changed.emit({"unit": value}))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(8), theme.px(5), theme.px(8), theme.px(5))
        row.setSpacing(theme.px(8))
        row.addWidget(self.log)
        row.addStretch(1)
        for widget in (self.model, self.layer, self.gate, QLabel(tr("Unit")), self.unit):
            row.addWidget(widget)

    def show_options(
        self, options: TrainOptions, models: Sequence[str], layers: int, gates: Sequence[str], units: int
    ) -> None:
        """Offer what the models have, and show what is chosen."""
        self.log.setChecked(options.log_loss)
        _offer(self.model, list(enumerate(models)), min(options.model, len(models) - 1))
        self.model.setVisible(len(models) > 1)
        _offer(self.layer, [(k, tr("Layer {n}", n=k)) for k in range(1, layers + 1)], options.layer)
        self.layer.setVisible(layers > 1)
        _offer(self.gate, [(name, tr(title)) for name, title in GATES.items() if name in gates], options.gate)
        with QSignalBlocker(self.unit):
            self.unit.setRange(1, units)
            self.unit.setValue(options.unit)


class Below(QWidget):
    """The opening words, the temperature, and the check of the gradients."""

    changed = Signal(dict)
    check_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.words = Line(theme.error)
        self.words.setMaxLength(MOST_WORDS)
        self.words.setAccessibleName(tr("Opening words"))
        self.words.setPlaceholderText(tr("Opening words"))
        self.words.setToolTip(tr("What the model is given to write on from; empty: the held-out text."))
        self.words.setFixedWidth(theme.px(170))
        self.words.textEdited.connect(lambda text: self.changed.emit({"words": text}))
        self.caption = QLabel(tr("Temperature"))
        self.temperature = Slider(0.0, WARMEST, theme)
        self.temperature.setFixedWidth(theme.px(110))
        self.temperature.setAccessibleName(tr("Temperature"))
        self.temperature.setToolTip(
            tr("0 always takes the likeliest character; 1 draws as the model believes; 2 is reckless")
        )
        self.value = QLabel()
        self.value.setMinimumWidth(theme.px(36))
        self.temperature.moved.connect(lambda value: self.changed.emit({"temperature": round(value, 2)}))
        self.check = QPushButton(tr("Check gradients"))
        self.check.setToolTip(
            tr("Compare the gradient of this network on its batch with numeric differences")
        )
        self.check.clicked.connect(self.check_wanted)
        self.badge = QLabel()
        self.badge.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.badge.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(8), theme.px(3), theme.px(8), theme.px(3))
        row.setSpacing(theme.px(8))
        for widget in (self.words, self.caption, self.temperature, self.value):
            row.addWidget(widget)
        row.addWidget(self.badge, 1)
        row.addWidget(self.check)

    def show_options(self, options: TrainOptions, writes: bool) -> None:
        """Show the opening words and the temperature, where something is written at all."""
        for widget in (self.words, self.caption, self.temperature, self.value):
            widget.setVisible(writes)
        if options.words != self.words.text():
            self.words.setText(options.words)
        self.temperature.set_value(options.temperature)
        self.value.setText(f"{options.temperature:.2f}")

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
        self.badge.setToolTip(self.badge.text())
        self.badge.setStyleSheet(f"color: {colour};")


def _offer(box: QComboBox, entries: Sequence[tuple[object, str]], chosen: object) -> None:
    """Put entries (data, text) into a box unless they are there, and choose one: the first if it is gone."""
    if [(box.itemData(k), box.itemText(k)) for k in range(box.count())] != list(entries):
        box.clear()
        for data, text in entries:
            box.addItem(text, data)
    box.setCurrentIndex(max(0, box.findData(chosen)))
