"""The order in which values flow through a diagram of wires: each wire after those that lead to its start."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import hypot

from PySide6.QtCore import QPointF

Place = tuple[float, float]
NEAR = 1e-6  # units of the sheet


def stages(ways: Mapping[str, Sequence[Place]], box_at: Callable[[Place], str | None]) -> dict[str, int]:
    """Return the stage of each wire, from 0: it comes after all that lead to its start, a box or another
    wire.

    `ways` has the places of each wire by its key; `box_at` returns the box at a place.
    """
    begins = {key: box_at(way[0]) for key, way in ways.items()}
    ends = {key: box_at(way[-1]) for key, way in ways.items()}
    before = {
        key: [
            other
            for other in ways
            if other != key
            and (passes(ways[other], way[0]) if begins[key] is None else ends[other] == begins[key])
        ]
        for key, way in ways.items()
    }
    found = dict.fromkeys(ways, 0)
    for _ in ways:  # enough for the longest chain of wires, unless they form a circle
        found = {key: max((found[other] + 1 for other in before[key]), default=0) for key in ways}
    return found


def passes(way: Sequence[Place], at: Place) -> bool:
    """Whether a line through places goes through a place."""
    return any(
        hypot(at[0] - a[0], at[1] - a[1]) + hypot(at[0] - b[0], at[1] - b[1])
        < hypot(a[0] - b[0], a[1] - b[1]) + NEAR
        for a, b in pairwise(way)
    )


def along_line(points: Sequence[QPointF], share: float) -> QPointF:
    """Return the place on a line through points at a fraction of its length."""
    legs = [hypot((b - a).x(), (b - a).y()) for a, b in pairwise(points)]
    left = share * sum(legs)
    for (a, b), leg in zip(pairwise(points), legs, strict=True):
        if left <= leg and leg:
            return a + (b - a) * (left / leg)
        left -= leg
    return points[-1]
