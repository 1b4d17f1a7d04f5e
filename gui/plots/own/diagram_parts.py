"""The parts of a diagram: boxes, wires between them, and names at its edges."""

from dataclasses import dataclass
from math import nan

from gui.look.theme import Stroke

Place = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A part that computes something: a rounded box with a name, or a small circle for × and +."""

    key: str
    at: Place
    text: str
    stroke: Stroke
    value: float = nan  # written in the box, under the name
    round: bool = False
    clamped: bool = False


@dataclass(frozen=True)
class Wire:
    """A line through places with an arrow at its end; its width and colour show the size of its value."""

    key: str
    points: tuple[Place, ...]
    stroke: Stroke
    value: float = nan
    label: Place | None = None  # where the value is written
    arrow: bool = True


@dataclass(frozen=True)
class End:
    """A name at the edge of the sheet, with its value: an input or an output."""

    at: Place
    text: str
    stroke: Stroke
    value: float = nan
