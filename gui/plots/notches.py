"""A wheel or a touchpad as whole notches: many small turns are one."""

from PySide6.QtGui import QWheelEvent

NOTCH = 120  # eighths of a degree of the wheel


class Notches:
    """Adds up the turns of a wheel; what is less than a notch waits for the next turn."""

    def __init__(self) -> None:
        self._turned = 0

    def turned(self, event: QWheelEvent) -> int:
        """By how many notches the wheel has been turned now: above 0 away from the user."""
        self._turned += event.angleDelta().y()
        notches = int(self._turned / NOTCH)
        self._turned -= notches * NOTCH
        return notches
