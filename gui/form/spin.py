"""A box for a whole number with arrows, in which anything can be typed."""

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QSpinBox, QWidget


class SpinBox(QSpinBox):
    """QSpinBox that takes a number beyond its ends too: once it is entered, the nearest end stands there.

    QSpinBox itself takes no notice of a key that would lead beyond them.
    """

    def __init__(self, low: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(low, high)
        self.lineEdit().setAcceptDrops(False)  # what is dropped there is the window's

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Let every whole number be typed; one beyond the ends is not entered yet."""
        typed = self._typed(text)
        if typed is None or self.minimum() <= typed <= self.maximum():
            return super().validate(text, place)
        return QValidator.State.Intermediate, text, place

    def fixup(self, text: str) -> str:
        """The nearest end, for a number beyond it."""
        typed = self._typed(text)
        if typed is None:
            return super().fixup(text)
        nearest = min(max(typed, self.minimum()), self.maximum())
        return f"{self.prefix()}{nearest}{self.suffix()}"

    def _typed(self, text: str) -> int | None:
        """The number that stands in a text, if it is one."""
        bare = text.removeprefix(self.prefix()).removesuffix(self.suffix()).strip()
        return int(bare) if bare.removeprefix("-").isdecimal() else None
