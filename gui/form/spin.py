"""A box for a whole number with arrows, in which anything can be typed."""

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QSpinBox, QWidget


class SpinBox(QSpinBox):
    """A QSpinBox in which a number beyond its limits can be typed; entered, it becomes the nearest limit.

    QSpinBox itself ignores every key that would lead to a number beyond its limits.
    """

    def __init__(self, low: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(low, high)
        self.lineEdit().setAcceptDrops(False)  # dropped files are left to the window

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Let every whole number be typed; a number beyond the limits counts as not yet complete."""
        typed = self._typed(text)
        if typed is None or self.minimum() <= typed <= self.maximum():
            return super().validate(text, place)
        return QValidator.State.Intermediate, text, place

    def fixup(self, text: str) -> str:
        """Return the nearest limit for a number beyond it."""
        typed = self._typed(text)
        if typed is None:
            return super().fixup(text)
        nearest = min(max(typed, self.minimum()), self.maximum())
        return f"{self.prefix()}{nearest}{self.suffix()}"

    def _typed(self, text: str) -> int | None:
        """Return the number in a text; None if it is no number."""
        bare = text.removeprefix(self.prefix()).removesuffix(self.suffix()).strip()
        return int(bare) if bare.removeprefix("-").isdecimal() else None
