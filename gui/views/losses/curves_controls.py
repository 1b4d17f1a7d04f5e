"""How one looks at the loss curves: which of them are drawn, and which one is explained."""

from collections.abc import Iterable
from typing import Annotated

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from engine.config import Config, choice, plain
from engine.loss_curves import OVER
from engine.losses import LOSSES
from gui.language import tr
from gui.theme import Theme

# As they are called in programs, in every language: seven of them have to fit.
SHORT = {"mse": "MSE", "mae": "MAE", "huber": "Huber", "log_cosh": "Log-cosh", "bce": "BCE",
         "hinge": "Hinge", "focal": "Focal"}  # fmt: skip
ALL = OVER["logit"]
LARGE = 1.3  # times the ordinary size of the text
EXPLAINED = "Whose formulas, numbers and flat ranges are shown."


class CurvesOptions(Config, frozen=True):
    """Which losses are drawn, and which one is explained."""

    shown: Annotated[tuple[str, ...], plain("Losses", "Which losses are drawn.", max_length=len(ALL))] = ALL
    explained: Annotated[str, choice("Explain", EXPLAINED, {name: LOSSES[name].title for name in ALL})] = (
        "mse"
    )

    def drawn(self, over: str) -> list[str]:
        """The losses that are drawn over an axis: those chosen, or all where none of them is possible."""
        chosen = [name for name in OVER[over] if name in self.shown]
        return chosen or list(OVER[over])

    def subject(self, over: str) -> str:
        """The loss that is explained."""
        drawn = self.drawn(over)
        return self.explained if self.explained in drawn else drawn[0]

    def toggled(self, name: str) -> tuple[str, ...]:
        """The losses that are drawn when one more, or one less, is."""
        chosen = set(self.shown) ^ {name}
        return tuple(one for one in ALL if one in chosen)


class CurvesBar(QWidget):
    """A switch for each loss, and which one is explained."""

    changed = Signal(dict)  # options
    toggled = Signal(str)  # a loss is to be drawn, or no longer

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.px
        self.setObjectName("loss_bar")
        self.setStyleSheet(
            f"#loss_bar QToolButton {{ border: none; border-radius: {px(4)}px;"
            f" padding: {px(3)}px {px(5)}px; color: {theme.quiet}; }}"
            f"#loss_bar QToolButton:checked {{ color: {theme.text}; background: {theme.hairline}; }}"
            f"#loss_bar QToolButton:hover {{ color: {theme.text}; }}"
            f"#loss_bar QToolButton:focus {{ text-decoration: underline; }}"
        )
        self.switches = {name: self._switch(name) for name in ALL}
        self.explained = QComboBox()
        self.explained.setAccessibleName(tr("Explain"))
        self.explained.setToolTip(tr(EXPLAINED))
        self.explained.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.explained.setMinimumContentsLength(5)
        self.explained.activated.connect(
            lambda: self.changed.emit({"explained": self.explained.currentData()})
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(px(6), px(3), px(6), px(3))
        row.setSpacing(px(2))
        for button in self.switches.values():
            row.addWidget(button)
        row.addStretch(1)
        label = QLabel(tr("Explain"))
        row.addWidget(label)
        label.setVisible(theme.scale < LARGE)  # where it is large, the switches need the room
        row.addWidget(self.explained)

    def _switch(self, name: str) -> QToolButton:
        button, title = QToolButton(), tr(LOSSES[name].title)
        button.setText(SHORT[name])
        button.setToolTip(tr("{loss}: draw it or not", loss=title))
        button.setAccessibleName(title)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self.toggled.emit(name))
        return button

    def show_losses(self, possible: Iterable[str], drawn: list[str], subject: str) -> None:
        """Offer the losses that this axis allows, those that are drawn pressed."""
        possible = set(possible)
        for name, button in self.switches.items():
            button.setVisible(name in possible)
            button.setChecked(name in drawn)
        if drawn != [self.explained.itemData(k) for k in range(self.explained.count())]:
            self.explained.clear()
            for name in drawn:
                self.explained.addItem(SHORT[name], name)
        self.explained.setCurrentIndex(drawn.index(subject))
