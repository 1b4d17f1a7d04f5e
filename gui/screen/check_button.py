"""The button that compares gradients with numeric differences, and the result, with its step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from engine.gradient_check import GradientCheck
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import Theme
from gui.screen.moment import Moment
from gui.screen.notes import GOOD


@dataclass(frozen=True)
class Checked:
    """The result of a gradient check at a moment: one or several."""

    at: Moment[Any, Any]
    found: GradientCheck | Sequence[GradientCheck]

    @property
    def checks(self) -> Sequence[GradientCheck]:
        """All results."""
        return [self.found] if isinstance(self.found, GradientCheck) else self.found


class CheckButton(QWidget):
    """`wanted` asks for a check; the worst of its results is written beside the button, shortened if
    needed.
    """

    wanted = Signal()

    def __init__(self, theme: Theme, tip: str) -> None:
        super().__init__()
        self.theme = theme
        self._ways: tuple[str, ...] = ()  # to say the result, from the whole to the mark alone
        self.button, self.badge = QPushButton(tr("Check gradients")), QLabel()
        self.button.setToolTip(tip)
        self.button.clicked.connect(self.wanted)
        self.badge.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.badge.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.badge, 1)
        row.addWidget(self.button)

    def show_check(self, step: int, check: GradientCheck) -> None:
        """Show a check and its step."""
        mark, error = "✓" if check.passed else "✗", short_text(check.max_relative_error, 2)
        text = tr("{mark} relative error {error}, step {step}", mark=mark, error=error, step=step)
        self._ways = text, f"{mark} {error}", mark
        self._fit()
        self.badge.setToolTip(text)
        self.badge.setAccessibleName(text)
        self.badge.setStyleSheet(f"color: {GOOD[self.theme.dark] if check.passed else self.theme.error};")

    def clear(self) -> None:
        """Show nothing, because there is another run."""
        self._ways = ()
        self.badge.clear()
        self.badge.setToolTip("")
        self.badge.setAccessibleName("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Say as much of the result as there is room for: cut, it would lose its mark."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        room, metrics = self.badge.width(), self.badge.fontMetrics()
        fitting = (one for one in self._ways if metrics.horizontalAdvance(one) <= room)
        self.badge.setText(next(fitting, self._ways[-1] if self._ways else ""))
