"""The switches over and under the plots of the classifier, and how everything is laid out."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLayout, QPushButton, QToolButton, QWidget

from engine.gradient_check import GradientCheck
from gui.language import tr
from gui.notes import GOOD
from gui.numbers import short_text

if TYPE_CHECKING:
    from gui.views.losses.classifier import ClassifierOptions, ClassifierView

STRIP_ROW, STRIP_SHARE = 4, 14


class Controls(QObject):
    """Makes the switches and lays out a view. `changed` tells which options to change."""

    changed = Signal(dict)
    check_wanted = Signal()

    def __init__(self, view: "ClassifierView") -> None:
        super().__init__(view)
        self.theme = view.theme
        self.log = self._switch(tr("Log scale"), tr("Show the loss on a logarithmic axis"))
        self.epochs = self._switch(tr("Epochs"), tr("Draw the curves against epochs instead of steps"))
        self.network = self._switch(tr("Weights"), tr("What the network has become inside"))
        self.confusion = self._switch(tr("Confusion"), tr("Which classes are mistaken for which"))
        self.wrong_first = self._switch(
            tr("Wrong ones first"), tr("Put the examples that are classified wrongly to the front")
        )
        self.check = QPushButton(tr("Check gradients"))
        self.check.setToolTip(
            tr("Compare the gradient of this network on its batch with numeric differences")
        )
        self.badge = QLabel()
        self._connect()
        self._lay_out(view)

    def _switch(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setCheckable(True)
        return button

    def _connect(self) -> None:
        self.log.clicked.connect(lambda on: self.changed.emit({"log_loss": on}))
        self.epochs.clicked.connect(lambda on: self.changed.emit({"axis": "epochs" if on else "steps"}))
        self.network.clicked.connect(lambda: self.changed.emit({"pane": "network"}))
        self.confusion.clicked.connect(lambda: self.changed.emit({"pane": "confusion"}))
        self.wrong_first.clicked.connect(lambda on: self.changed.emit({"wrong_first": on}))
        self.check.clicked.connect(self.check_wanted)

    def show_options(self, options: "ClassifierOptions", plane: bool) -> None:
        """Press the switches as the options are; in the plane there are regions and no strip."""
        self.log.setChecked(options.log_loss)
        self.epochs.setChecked(options.axis == "epochs")
        self.network.setText(tr("Regions") if plane else tr("Weights"))
        self.network.setAccessibleName(self.network.text())
        self.network.setChecked(options.pane == "network")
        self.confusion.setChecked(options.pane == "confusion")
        self.wrong_first.setChecked(options.wrong_first)
        self.wrong_first.setHidden(plane)
        self.grid.setRowStretch(STRIP_ROW, 0 if plane else STRIP_SHARE)

    def give_way(self, low: bool) -> None:
        """Leave the room of the accuracy to the loss, or give it back."""
        self._accuracy.setHidden(low)
        self.grid.setRowStretch(2, 0 if low else 28)

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

    def _lay_out(self, view: "ClassifierView") -> None:
        theme, px = self.theme, self.theme.px
        view.setObjectName("classifier")
        view.setStyleSheet(
            f"#classifier QToolButton {{ border: none; border-radius: {px(4)}px;"
            f" padding: {px(3)}px {px(8)}px; color: {theme.quiet}; }}"
            f"#classifier QToolButton:checked {{ color: {theme.text}; background: {theme.hairline}; }}"
            f"#classifier QToolButton:hover {{ color: {theme.text}; }}"
            f"#classifier QToolButton:focus {{ text-decoration: underline; }}"
        )
        view.setMinimumSize(px(260), px(300))  # the same whatever is shown, so that no window jumps
        grid = self.grid = QGridLayout(view)
        grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(1)
        grid.addWidget(_row(theme.px(4), self.log, self.epochs), 0, 0)
        grid.addWidget(_row(theme.px(4), self.network, self.confusion), 0, 1)
        grid.addWidget(view.history.loss, 1, 0)
        self._accuracy = view.history.accuracy
        grid.addWidget(self._accuracy, 2, 0)
        grid.addWidget(view.inside, 1, 1, 2, 1)
        below = QHBoxLayout()
        below.setContentsMargins(theme.px(4), 0, theme.px(8), 0)
        below.setSpacing(theme.px(8))
        below.addWidget(self.wrong_first)
        below.addStretch(1)
        below.addWidget(self.badge)
        below.addWidget(self.check)
        grid.addLayout(below, 3, 0, 1, 2)
        grid.addWidget(view.strip, STRIP_ROW, 0, 1, 2)
        grid.addWidget(view.example, 5, 0, 1, 2)
        for row, share in ((1, 28), (2, 28), (STRIP_ROW, STRIP_SHARE), (5, 30)):
            grid.setRowStretch(row, share)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)


def _row(margin: int, *buttons: QToolButton) -> QWidget:
    """Switches side by side."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(margin, 2, margin, 2)
    row.setSpacing(margin)
    for button in buttons:
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row.addWidget(button)
    row.addStretch(1)
    return holder
