"""The comparison of gradients with numeric differences: its button, and its result with the step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from engine.gradient_check import GradientCheck, worst
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import Theme
from gui.screen.moment import Moment
from gui.screen.notes import GOOD
from gui.screen.questions import Answer, Questions, same

CHECK = "check"  # the name of the question


@dataclass(frozen=True)
class Checked:
    """The result of a gradient check at a moment: one or several."""

    at: Moment[Any, Any]
    found: GradientCheck | Sequence[GradientCheck]

    @property
    def checks(self) -> Sequence[GradientCheck]:
        """All results."""
        return [self.found] if isinstance(self.found, GradientCheck) else self.found


class GradientsCheck:
    """The gradient check of a view: asks for it, and keeps the result as long as it is of the run shown."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions
        self.button: CheckButton | None = None  # where the result is shown
        self.checked: Checked | None = None

    def ask(self, question: Sequence[Any] | None, at: Moment[Any, Any]) -> None:
        """Ask for the check of a moment; without a question there is nothing to be checked."""
        if question is not None:
            self._questions.ask(CHECK, *question, about=at)

    def take(self, answer: Answer) -> bool:
        """Show an answer if it is one to a check; return whether it is."""
        if answer.key != CHECK:
            return False
        self.checked = Checked(answer.about, answer.value)
        if self.button is not None:
            self.button.show_check(self.checked.at.kept, worst(self.checked.checks))
        return True

    def at(self, at: Moment[Any, Any]) -> Sequence[GradientCheck]:
        """Return the results if they are of the step of a moment; else nothing."""
        return self.checked.checks if self.checked is not None and self.checked.at.kept == at.kept else ()

    def other(self, asked: Callable[[Any], object], at: Moment[Any, Any], before: Any) -> bool:
        """Whether a moment asks for the gradients of another network than with the options before."""
        if self.button is None or before == at.options or at.last < 0:
            return False
        return not same(asked(replace(at, options=before)), asked(at))

    def forget(self) -> None:
        """Forget the check of another run, and its question."""
        self._questions.forget(CHECK)
        self.checked = None
        if self.button is not None:
            self.button.clear()


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
