"""How one looks at the memory span: the options, and the bar over the plots in which they are chosen."""

from typing import Annotated

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QWidget

from engine.config import Config, plain
from engine.gradient_check import GradientCheck
from gui.language import tr
from gui.notes import GOOD
from gui.numbers import short_text
from gui.theme import Theme

RELATIVE = "Divide every gradient by that of the last state: what is left of it on the way back."
STARTS = "Draw faintly how it was before the training."


class MemoryOptions(Config, frozen=True):
    """How one looks at the run."""

    relative: Annotated[bool, plain("Relative to the last step", RELATIVE)] = True
    starts: Annotated[bool, plain("The start too", STARTS)] = True


class MemoryBar(QWidget):
    """Two switches, and the check of the gradients."""

    changed = Signal(dict)  # options
    check_wanted = Signal()

    def __init__(self, theme: Theme, options: MemoryOptions) -> None:
        super().__init__()
        self.theme = theme
        self.relative = QCheckBox(tr("Relative to the last step"))
        self.relative.setToolTip(tr(RELATIVE))
        self.relative.setChecked(options.relative)
        self.starts = QCheckBox(tr("The start too"))
        self.starts.setToolTip(tr(STARTS))
        self.starts.setChecked(options.starts)
        self.check = QPushButton(tr("Check gradients"))
        self.check.setToolTip(
            tr("Compare the three gradients, back through all steps of time, with numeric differences")
        )
        self.badge = QLabel()
        self.relative.toggled.connect(lambda on: self.changed.emit({"relative": on}))
        self.starts.toggled.connect(lambda on: self.changed.emit({"starts": on}))
        self.check.clicked.connect(self.check_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        row.setSpacing(theme.px(8))
        row.addWidget(self.relative)
        row.addWidget(self.starts)
        row.addStretch(1)
        row.addWidget(self.badge)
        row.addWidget(self.check)

    def show_check(self, found: tuple[int, list[GradientCheck]] | None) -> None:
        """Show the worst of the checks, and of which step it is."""
        if found is None:
            self.badge.clear()
            return
        step, checks = found
        worst, passed = max(check.max_relative_error for check in checks), all(c.passed for c in checks)
        colour = GOOD[self.theme.dark] if passed else self.theme.error
        text = tr("{mark} relative error {error}, step {step}", mark="✓" if passed else "✗",
                  error=short_text(worst, 2), step=step)  # fmt: skip
        self.badge.setText(text)
        self.badge.setStyleSheet(f"color: {colour}")
