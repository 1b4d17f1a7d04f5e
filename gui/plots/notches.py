"""Turns of a wheel or a touchpad in whole notches: many small turns make one."""

from PySide6.QtGui import QWheelEvent

NOTCH = 120  # a notch, in eighths of a degree


class Notches:
    """Adds up the turns of a wheel; the rest below one notch is kept for the next turn."""

    def __init__(self) -> None:
        self._turned = 0

    def turned(self, event: QWheelEvent) -> int:
        """Return by how many notches the wheel has been turned now: positive means away from the user."""
        self._turned += event.angleDelta().y()
        notches = int(self._turned / NOTCH)
        self._turned -= notches * NOTCH
        return notches
