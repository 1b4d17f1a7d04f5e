"""Editor of a list of points: x and y in turn, on one line."""

from engine.config import Problem
from gui.form.list_reading import parse_points
from gui.form.lists import VectorEditor, list_text

Points = tuple[tuple[float, float], ...]


def points_text(points: Points) -> str:
    """Return a text that is read back as the same points."""
    return "; ".join(list_text(point) for point in points)


class PointsEditor(VectorEditor):
    """Points on one line: x, y; x, y; …"""

    def _read(self, text: str) -> None:
        try:
            points = parse_points(text)
        except Problem as problem:
            self.refuse(problem)
            return
        self.changed.emit(points)

    def show_value(self, value: Points) -> None:  # type: ignore[override]
        """Show the points; what was typed stays as long as it means the same."""
        if self._typed() != value:
            self.line.setText(points_text(value))
            self.line.setCursorPosition(0)

    def _typed(self) -> Points | None:  # type: ignore[override]
        try:
            return parse_points(self.line.text())
        except Problem:
            return None
