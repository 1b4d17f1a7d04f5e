"""The buttons over and under the plots of the dying units, and how everything is laid out."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLayout, QPushButton, QToolButton

from engine.experiments.gradients.dying_relu_inspection import Deadliest
from engine.gradient_check import GradientCheck
from gui.language import tr
from gui.notes import GOOD
from gui.numbers import short_text

if TYPE_CHECKING:
    from gui.views.gradients.dying_relu import DyingReluOptions, DyingReluView

TURNS_ROW, TURNS_SHARE = 3, 28


class Controls(QObject):
    """Makes the buttons and lays out a view. `changed` tells which options to change."""

    changed = Signal(dict)
    deadliest_wanted = Signal()
    death_wanted = Signal()
    kick_wanted = Signal()
    check_wanted = Signal()

    def __init__(self, view: "DyingReluView") -> None:
        super().__init__(view)
        self.theme = view.theme
        self.deadliest = _button(
            tr("Deadliest update"), tr("Go to the update that killed the most units so far")
        )
        self.death = _button(tr("Death of the unit"), tr("Go to the update that killed the chosen unit"))
        self.kick = _button(
            tr("Kick here"),
            tr("Begin again and kick the network at the step on show (biases are pushed if no kick is set)"),
        )
        self.check = _button(
            tr("Check gradients"),
            tr("Compare the gradient of this network on its batch with numeric differences"),
        )
        self.loss = _switch(tr("Loss"), tr("Show how the loss falls"))
        self.accuracy = _switch(tr("Accuracy"), tr("Show the share of examples that are classified rightly"))
        self.log = _switch(tr("Log scale"), tr("Show the loss on a logarithmic axis"))
        self.badge = QLabel()
        self._connect()
        self._lay_out(view)

    def _connect(self) -> None:
        self.deadliest.clicked.connect(self.deadliest_wanted)
        self.death.clicked.connect(self.death_wanted)
        self.kick.clicked.connect(self.kick_wanted)
        self.check.clicked.connect(self.check_wanted)
        self.loss.clicked.connect(lambda: self.changed.emit({"curve": "loss"}))
        self.accuracy.clicked.connect(lambda: self.changed.emit({"curve": "accuracy"}))
        self.log.clicked.connect(lambda on: self.changed.emit({"log_loss": on}))

    def show_options(self, options: "DyingReluOptions") -> None:
        """Press the switches as the options are."""
        self.loss.setChecked(options.curve == "loss")
        self.accuracy.setChecked(options.curve == "accuracy")
        self.log.setChecked(options.log_loss)
        self.log.setEnabled(options.curve == "loss")

    def show_state(self, worst: Deadliest | None, died_at: int) -> None:
        """Offer only jumps that lead somewhere; `died_at` is −1 while the unit lives."""
        self.deadliest.setEnabled(worst is not None)
        self.death.setEnabled(died_at >= 0)

    def show_check(self, found: tuple[int, GradientCheck] | None) -> None:
        """Show what the gradient check found, and at which step."""
        if found is None:
            self.badge.clear()
            return
        step, result = found
        colour = GOOD[self.theme.dark] if result.passed else self.theme.error
        words = tr("{mark} relative error {error}, step {step}", mark="✓" if result.passed else "✗",
                   error=short_text(result.max_relative_error, 2), step=step)  # fmt: skip
        self.badge.setText(words)
        self.badge.setStyleSheet(f"color: {colour};")

    def give_way(self, low: bool) -> None:
        """Leave no room for the deaths and revivals in a low window."""
        self.grid.setRowStretch(TURNS_ROW, 0 if low else TURNS_SHARE)

    def _lay_out(self, view: "DyingReluView") -> None:
        theme, px = self.theme, self.theme.px
        view.setObjectName("dying")
        view.setStyleSheet(
            f"#dying QToolButton {{ border: none; border-radius: {px(4)}px;"
            f" padding: {px(3)}px {px(8)}px; color: {theme.quiet}; }}"
            f"#dying QToolButton:checked {{ color: {theme.text}; background: {theme.hairline}; }}"
            f"#dying QToolButton:hover {{ color: {theme.text}; }}"
            f"#dying QToolButton:focus {{ text-decoration: underline; }}"
        )
        view.setMinimumSize(px(260), px(300))
        grid = self.grid = QGridLayout(view)
        grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(1)
        switches = (self.log, self.loss, self.accuracy)
        grid.addLayout(self._row(self.deadliest, self.death, None, *switches), 0, 0, 1, 2)
        grid.addWidget(view.curves.dead, 1, 0)
        grid.addWidget(view.curves.learning, 1, 1)
        grid.addWidget(view.units, 2, 0, 1, 2)
        grid.addWidget(view.curves.turns, TURNS_ROW, 0, 1, 2)
        grid.addLayout(self._row(self.kick, None, self.badge, self.check), 4, 0, 1, 2)
        for row, share in ((1, 38), (2, 34), (TURNS_ROW, TURNS_SHARE)):
            grid.setRowStretch(row, share)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)

    def _row(self, *widgets: QPushButton | QToolButton | QLabel | None) -> QHBoxLayout:
        """Things side by side; None is the room that is left."""
        row, margin = QHBoxLayout(), self.theme.px(4)
        row.setContentsMargins(margin, 2, margin, 2)
        row.setSpacing(margin)
        for widget in widgets:
            if widget is None:
                row.addStretch(1)
            else:
                row.addWidget(widget)
        return row


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(text)
    return button


def _switch(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(text)
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
