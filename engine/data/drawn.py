"""A digit drawn by hand, made like the digits of a data set: of the same size, in the same place.

    strokes, lines between points → enlarged to a box → a fine bitmap of ink → the share of ink in each pixel

How a data set is made decides what a network learns to see. The UCI digits of 8 × 8 pixels fill all rows;
their grey level counts the ink of a bitmap of 32 × 32 in blocks of 4 × 4. The MNIST digits of 28 × 28 pixels
fit into 20 × 20, and their centre of mass is in the middle. Here pictures of up to 16 rows are made in the
first way, larger ones in the second, in proportion.

A drawing is a tuple of strokes, each a text such as "120,305 140,330": points "x,y" in thousandths of the
paper, from its upper left corner. The pen is as wide after the strokes are enlarged as before.

References: E. Alpaydin & C. Kaynak, "Cascading classifiers" (1998); LeCun et al., "Gradient-based learning
applied to document recognition" (1998), on MNIST.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.config import Problem

STROKE = re.compile(r"\d{1,3},\d{1,3}( \d{1,3},\d{1,3})*")
PAPER = 1000  # its sides
FINE = 4  # entries of the bitmap along each side of a pixel
WIDEST = 26 / 32  # the greatest width of a digit that fills all rows, in widths of the picture
FILLING = 16  # in pictures of at most this many rows a digit fills all rows
BOX = 20 / 28  # the fraction of a larger picture that the box of a digit takes

Points = NDArray[np.float64]


def check_drawing(drawing: Sequence[str], where: str = "") -> None:
    """Check that these are strokes.

    Raises:
        Problem: one of them is not; `where` is as given, with its place in the drawing.
    """
    for place, stroke in enumerate(drawing):
        if not STROKE.fullmatch(stroke):
            sentence = 'A stroke is points such as "120,305 140,330": whole numbers from 0 to 999'
            raise Problem(sentence, where=f"{where}[{place}]")


def points_of(stroke: str) -> Points:
    """The points[n, (x, y)] of a stroke, in widths of the paper."""
    return np.array([point.split(",") for point in stroke.split()], np.float64) / PAPER


def stroke_of(points: Sequence[tuple[float, float]]) -> str:
    """The text of a stroke through points, in widths of the paper; points beyond it are put on its edge."""
    inside = np.clip(np.rint(np.array(points) * PAPER), 0, PAPER - 1).astype(int).tolist()
    return " ".join(f"{x},{y}" for x, y in inside)


def picture(drawing: Sequence[str], pen: float, shape: tuple[int, int]) -> NDArray[np.float32]:
    """The drawing as a picture[rows, columns] with ink from 0 to 1; the pen is in widths of the picture."""
    strokes = [points_of(stroke) for stroke in drawing]
    if not strokes:
        return np.zeros(shape, np.float32)
    fills = shape[0] <= FILLING
    box = (WIDEST, 1.0) if fills else (BOX, BOX)
    ink = bitmap(in_the_middle(strokes, pen, box), pen, (shape[0] * FINE, shape[1] * FINE))
    if not fills:
        ink = centred(ink)
    rows, columns = shape
    shares: NDArray[np.float32] = ink.reshape(rows, FINE, columns, FINE).mean((1, 3)).astype(np.float32)
    return shares


def in_the_middle(strokes: Sequence[Points], pen: float, box: tuple[float, float]) -> list[Points]:
    """Enlarge strokes until they, with the pen, fill a box (width, height), and put it in the middle.

    Width and height grow by the same factor; a dot only moves.
    """
    every = np.concatenate(strokes)
    low, high = every.min(axis=0), every.max(axis=0)
    room = np.maximum(np.array(box) - pen, 0.0)
    growth = (room / np.maximum(high - low, 1e-3)).min() if (high > low).any() else 1.0
    return [(points - (low + high) / 2) * growth + 0.5 for points in strokes]


def bitmap(strokes: Sequence[Points], pen: float, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Where there is ink on a grid of this shape: at most half the width of the pen from a stroke."""
    y, x = ((np.arange(count) + 0.5) / count for count in shape)
    ink = np.zeros(shape, bool)
    for points in strokes:
        for begin, end in pairwise([points[0], *points]):
            ink |= squared_distances(x, y, begin, end) <= (pen / 2) ** 2
    return ink


def squared_distances(x: Points, y: Points, begin: Points, end: Points) -> Points:
    """The squared distance of each place (x[columns], y[rows]) from a line, [rows, columns]."""
    way = end - begin
    dx, dy = x[None, :] - begin[0], y[:, None] - begin[1]
    length = float(way @ way)
    share = np.clip((dx * way[0] + dy * way[1]) / length, 0.0, 1.0) if length else np.zeros(1)
    squared: Points = (dx - share * way[0]) ** 2 + (dy - share * way[1]) ** 2
    return squared


def centred(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Move the ink by whole entries until its centre of mass is in the middle; none is lost at an edge."""
    moved = ink
    for axis, length in enumerate(ink.shape):
        there = np.flatnonzero(ink.any(axis=1 - axis))
        mass = ink.sum(axis=1 - axis)
        wanted = round((length - 1) / 2 - float(mass @ np.arange(length)) / max(int(mass.sum()), 1))
        possible = (-int(there[0]), length - 1 - int(there[-1])) if there.size else (0, 0)
        moved = np.roll(moved, min(max(wanted, possible[0]), possible[1]), axis=axis)
    return moved
