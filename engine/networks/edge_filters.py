"""Edge filters are fixed, not learnt: each is a difference between the two sides of a pixel.

    Sobel    (−1 0 1)                    Prewitt  (−1 0 1)
             (−2 0 2)/4                           (−1 0 1)/3          and the same turned by 45°, 90° and 135°
             (−1 0 1)                             (−1 0 1)

Across the edge they take the difference, along it the mean of three rows, which makes them less sensitive to
noise; Sobel's mean gives the middle row more weight. Divided by 4 or 3, a filter gives 1 at a straight edge
from 0 to 1 in its direction. The sign of the result tells which side is brighter; its absolute value tells
only that there is an edge.

References: J. Prewitt, "Object enhancement and extraction" (1970); I. Sobel & G. Feldman, "A 3 × 3 isotropic
gradient operator for image processing" (1968).
"""

from typing import Any

import numpy as np

from engine.activations import Array

# The ring of the eight entries around the middle one, clockwise from the upper left corner.
RING = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))
EDGES: dict[str, tuple[str, tuple[int, ...]]] = {  # the title, and the ring of the filter → brighter
    "sobel": ("Sobel", (-1, 0, 1, 2, 1, 0, -1, -2)),
    "prewitt": ("Prewitt", (-1, 0, 1, 1, 1, 0, -1, -1)),
}
DIRECTIONS = 4  # brighter towards →, ↘, ↓ and ↙; the opposite ones differ only in sign


def edge_filters(name: str, dtype: type[np.floating[Any]] = np.float64) -> Array:
    """The filters of a name, one in each row: [4, 9], brighter towards →, ↘, ↓, ↙."""
    _, ring = EDGES[name]
    filters = np.zeros((DIRECTIONS, 3, 3), dtype)
    for turn in range(DIRECTIONS):
        for place, (row, column) in enumerate(RING):
            filters[turn, row, column] = ring[place - turn]
    return filters.reshape(DIRECTIONS, 9) / sum(weight for weight in ring if weight > 0)
