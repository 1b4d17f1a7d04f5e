"""Editor of a list of points: x and y in turn, on one line."""

from engine.config import Problem
from gui.editors.lists import VectorEditor, list_text, parse_list

Points = tuple[tuple[float, float], ...]


def parse_points(text: str) -> Points:
    """Read "0 1; 2 3.5" or "0, 1, 2, 3.5": x and y in turn.

    Raises:
        Problem: an entry is not a number, or the last x has no y.
    """
    values = parse_list(text.replace("(", " ").replace(")", " "))
    if len(values) % 2:
        raise Problem("The last x has no y")
    return tuple(zip(values[::2], values[1::2], strict=True))


def points_text(points: Points) -> str:
    """Write points so that they are read back as they are."""
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
