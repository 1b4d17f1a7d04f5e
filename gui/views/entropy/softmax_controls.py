"""The bar between the chain and what is shown below it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from engine.experiments.entropy.softmax import FEWEST, MOST
from gui.language import tr
from gui.theme import Theme

PANES = {"chain": "Chain", "naive": "Naive formula", "sigmoid": "Sigmoid", "temperature": "Temperature"}
TIPS = {
    "chain": "Every step from the logits to the probabilities",
    "naive": "The formula as it is printed, in float32 and in float64: where it overflows",
    "sigmoid": "One class against all others is a sigmoid",
    "temperature": "Probabilities and entropy at every temperature",
}


class Controls(QWidget):
    """Which pane is shown, and how many classes there are."""

    changed = Signal(dict)  # options
    resized = Signal(int)  # classes more or less

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.px
        self.setObjectName("softmax_controls")
        self.setStyleSheet(
            f"#softmax_controls QToolButton {{ border: none; border-radius: {px(4)}px;"
            f" padding: {px(3)}px {px(8)}px; color: {theme.quiet}; }}"
            f"#softmax_controls QToolButton:checked {{ color: {theme.text}; background: {theme.hairline}; }}"
            f"#softmax_controls QToolButton:hover {{ color: {theme.text}; }}"
            f"#softmax_controls QToolButton:focus {{ text-decoration: underline; }}"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(px(6), px(3), px(6), px(3))
        row.setSpacing(px(4))
        self.panes = {name: self._switch(name, title) for name, title in PANES.items()}
        for button in self.panes.values():
            row.addWidget(button)
        row.addStretch(1)
        self.fewer = self._button("−", tr("One class less"), -1)
        self.more = self._button("+", tr("One class more"), +1)
        row.addWidget(self.fewer)
        row.addWidget(self.more)

    def _switch(self, name: str, title: str) -> QToolButton:
        button = QToolButton()
        button.setText(tr(title))
        button.setToolTip(tr(TIPS[name]))
        button.setAccessibleName(tr(title))
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self.changed.emit({"pane": name}))
        return button

    def _button(self, sign: str, words: str, by: int) -> QPushButton:
        button = QPushButton(sign)
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setFixedWidth(2 * button.sizeHint().height() - 4)
        button.clicked.connect(lambda: self.resized.emit(by))
        return button

    def show_pane(self, name: str, compact: bool) -> None:
        """Press the switch of a pane; where there is room the chain is always seen, and needs no switch."""
        self.panes["chain"].setVisible(compact)
        for key, button in self.panes.items():
            button.setChecked(key == name)

    def show_count(self, count: int) -> None:
        """No class can be taken from two, or added to eight."""
        self.fewer.setEnabled(count > FEWEST)
        self.more.setEnabled(count < MOST)
