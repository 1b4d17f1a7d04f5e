"""How one looks at softmax + cross-entropy: the options, and the bar over the plots."""

from typing import Annotated

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QToolButton, QWidget

from engine.config import Config, choice, number
from gui.language import tr
from gui.theme import Theme

SOURCES = {"typed": "As set", "right": "Example, right", "notes": "Example, the notes'"}
PANES = {
    "chain": ("Chain", "The chain alone, with all the room"),
    "training": ("Training", "Loss and accuracy of both classifiers while they train"),
    "drift": ("Drift", "Where the logits drift to, and how often each class is expected"),
    "regions": ("Regions", "What each classifier says of every point; click a point to follow it"),
    "sigmoid": ("Sigmoid", "The same logits with sigmoid and binary cross-entropy"),
}


TITLES = {name: title for name, (title, _) in PANES.items()}


class SoftmaxOptions(Config, frozen=True):
    """How one looks at the chain and at the training."""

    source: Annotated[str, choice("Logits", "Whose logits go through the chain.", SOURCES)] = "typed"
    example: Annotated[
        int, number("Example", "Which training example is followed, from 0.", ge=0, le=10_000)
    ] = 0
    pane: Annotated[
        str, choice("Below", "What is shown below the chain.", TITLES)
    ] = "training"  # fmt: skip


class SoftmaxBar(QWidget):
    """The switches. `changed` tells which options to change."""

    changed = Signal(dict)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.source, self.example = QComboBox(), QSpinBox()
        for name, title in SOURCES.items():
            self.source.addItem(tr(title), name)
        self.source.setAccessibleName(tr("Logits"))
        self.source.setToolTip(tr("Whose logits go through the chain."))
        self.example.setAccessibleName(tr("Example"))
        self.example.setToolTip(tr("Which training example is followed, from 0."))
        self.panes = {name: self._switch(name) for name in PANES}
        self._lay_out(theme)
        self.source.activated.connect(lambda: self.changed.emit({"source": self.source.currentData()}))
        self.example.valueChanged.connect(lambda row: self.changed.emit({"example": row}))

    def _switch(self, name: str) -> QToolButton:
        title, tip = PANES[name]
        button = QToolButton()
        button.setText(tr(title))
        button.setAccessibleName(tr(title))
        button.setToolTip(tr(tip))
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self.changed.emit({"pane": name}))
        return button

    def _lay_out(self, theme: Theme) -> None:
        px = theme.px
        self.setObjectName("softmax")
        self.setStyleSheet(
            f"#softmax QToolButton {{ border: none; border-radius: {px(4)}px;"
            f" padding: {px(3)}px {px(7)}px; color: {theme.quiet}; }}"
            f"#softmax QToolButton:checked {{ color: {theme.text}; background: {theme.hairline}; }}"
            f"#softmax QToolButton:hover {{ color: {theme.text}; }}"
            f"#softmax QToolButton:focus {{ text-decoration: underline; }}"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(px(8), px(4), px(8), px(4))
        row.setSpacing(px(3))
        row.addWidget(self.source)
        row.addWidget(self.example)
        row.addStretch(1)
        for button in self.panes.values():
            row.addWidget(button)

    def show_options(self, options: SoftmaxOptions, examples: int, pictures: bool) -> None:
        """Set the switches as the options are, for so many training examples."""
        self.source.setCurrentIndex(list(SOURCES).index(options.source))
        self.example.blockSignals(True)
        self.example.setMaximum(max(examples - 1, 0))
        self.example.setValue(options.example)
        self.example.blockSignals(False)
        self.example.setVisible(options.source != "typed")
        for name, button in self.panes.items():
            button.setChecked(name == options.pane)
        words = tr("Weights") if pictures else tr("Regions")
        self.panes["regions"].setText(words)
        self.panes["regions"].setAccessibleName(words)
