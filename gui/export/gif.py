"""GIF: at most 256 colours for the whole animation, and only the part of each picture that has changed.

A file is a header, one table of colours, and pictures. A picture is a rectangle, the time it is shown, and
the indices of its pixels, compressed by LZW. A pixel with the transparent index keeps its colour. Pillow
compresses; everything around it is written here, so that pictures are written one by one.

Reference: CompuServe, *Graphics Interchange Format, Version 89a*, 1990.
"""

import struct
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from engine.config import Problem

COLOURS = 255  # in a table of 256
CLEAR = 255  # the transparent index
PLAIN = 0.002  # a colour with at least this fraction of the pixels is a surface, and stays exact
EXACT = 96  # the most colours that stay exact
EYE = np.array([3.0, 4.0, 2.0])  # weights of differences in red, green and blue
OFTEN = 12  # the largest weight of a colour in a mean
CELL = 4  # levels of a channel that are put together before means are taken
CHUNK = 8192  # colours that are compared with the table at a time

Codes = NDArray[np.uint32]  # 0xRRGGBB
Indices = NDArray[np.uint8]
Number = TypeVar("Number", np.uint8, np.uint32)


def pillow(module: str) -> Any:
    """Import a module of Pillow when it is first needed, so that the window starts without it.

    Raises:
        Problem: Pillow is not installed.
    """
    try:
        return import_module(f"PIL.{module}")
    except ImportError as error:
        raise Problem("An animation needs the library Pillow, which is not installed") from error


def codes_of(image: QImage) -> Codes:
    """Return the colours of a picture as 0xRRGGBB, shape (height, width)."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(rgb.constBits(), np.uint32).reshape(rgb.height(), rgb.bytesPerLine() // 4)
    return rows[:, : rgb.width()] & np.uint32(0xFFFFFF)


class Palette:
    """The colours of an animation, chosen from some of its pictures; others become the nearest of these.

    There is no dithering: an area of one colour stays so.
    """

    def __init__(self, samples: Sequence[tuple[Codes, NDArray[np.int64]]]) -> None:
        """Choose from samples: (colours, how many pixels have them) of each picture."""
        colours, where = np.unique(np.concatenate([found for found, _ in samples]), return_inverse=True)
        counts = np.bincount(where, np.concatenate([number for _, number in samples])).astype(np.int64)
        self.colours = colours if len(colours) <= COLOURS else _chosen(colours, counts)
        self._nearest = np.full(2**24, -1, np.int16)  # the index for each colour; −1: not yet computed
        self._nearest[self.colours] = np.arange(len(self.colours))

    def indices(self, codes: Codes) -> Indices:
        """Return the picture as indices of the palette."""
        found = self._nearest[codes]
        new = np.unique(codes[found < 0])
        if new.size:
            table = _parts(self.colours) * np.sqrt(EYE)
            for k in range(0, len(new), CHUNK):
                points = _parts(new[k : k + CHUNK]) * np.sqrt(EYE)
                apart = (table**2).sum(axis=1) - 2 * points @ table.T
                self._nearest[new[k : k + CHUNK]] = apart.argmin(axis=1)
            found = self._nearest[codes]
        return found.astype(np.uint8)

    def table(self) -> bytes:
        """Return the table of colours of the file: 256 times red, green and blue."""
        parts = np.zeros((256, 3), np.uint8)
        parts[: len(self.colours)] = _parts(self.colours)
        return parts.tobytes()


def sample(codes: Codes) -> tuple[Codes, NDArray[np.int64]]:
    """Return the colours of a picture and how many pixels have each."""
    return np.unique(codes, return_counts=True)


def _parts(codes: Codes) -> NDArray[np.float64]:
    """Return red, green and blue, shape (n, 3)."""
    return np.stack([codes >> 16 & 255, codes >> 8 & 255, codes & 255], axis=-1).astype(np.float64)


def _chosen(colours: Codes, counts: NDArray[np.int64]) -> Codes:
    """Return the exact colours of surfaces, and means of all others, found by median cut and k-means."""
    image_module = pillow("Image")
    order = np.argsort(-counts, kind="stable")
    plain = order[:EXACT][counts[order[:EXACT]] >= PLAIN * counts.sum()]
    rest = np.setdiff1d(order, plain)
    means, often = _gathered(_parts(colours[rest]), counts[rest])
    # Weighted by the root of the count: a thin line has few pixels, but is seen well.
    often = np.clip(np.sqrt(often / often.min()), 1, OFTEN)
    points = np.repeat(means.astype(np.uint8), often.astype(np.int64), axis=0)
    strip = image_module.fromarray(points[np.newaxis])
    wanted = COLOURS - len(plain)
    cut = strip.quantize(wanted, method=image_module.Quantize.MEDIANCUT, kmeans=1)
    table = np.array(cut.getpalette()[: 3 * wanted], np.uint32).reshape(-1, 3)
    codes = table[:, 0] << 16 | table[:, 1] << 8 | table[:, 2]
    return np.union1d(colours[plain], codes)


def _gathered(
    parts: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the means of colours that hardly differ, shape (n, 3), and how often each occurs."""
    cells, where = np.unique(parts // CELL @ [1 << 16, 1 << 8, 1], return_inverse=True)
    often = np.bincount(where, counts.astype(np.float64)).astype(np.float64)
    sums = [np.bincount(where, counts * part, len(cells)) for part in parts.T]
    return np.stack(sums, axis=1) / often[:, np.newaxis], often


class GifWriter:
    """Writes an animation picture by picture."""

    def __init__(
        self, put: Callable[[bytes], object], size: tuple[int, int], palette: Palette, loop: bool
    ) -> None:
        """Begin a file of `size` (width, height); with `loop` the animation repeats."""
        self._put, self._palette = put, palette
        self._before: Indices | None = None
        put(b"GIF89a" + struct.pack("<HHBBB", *size, 0xF7, 0, 0) + palette.table())  # 0xF7: 256 colours
        if loop:
            put(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00")

    def add(self, codes: Codes, hundredths: int) -> None:
        """Add a picture that is shown for this many hundredths of a second."""
        now = self._palette.indices(codes)
        top, left, part, changed = difference(self._before, now)
        self._before = now
        choices = [part] if changed.all() else [part, np.where(changed, part, np.uint8(CLEAR))]
        self._put(min((_packed(choice, (left, top), hundredths) for choice in choices), key=len))

    def end(self) -> None:
        """Finish the file."""
        self._put(b";")


def difference(
    before: NDArray[Number] | None, now: NDArray[Number]
) -> tuple[int, int, NDArray[Number], NDArray[np.bool_]]:
    """Return the smallest rectangle with every change: its top and left, its pixels, where it changed."""
    if before is None:
        return 0, 0, now, np.ones(now.shape, bool)
    changed = now != before
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not rows.size:
        return 0, 0, now[:1, :1], changed[:1, :1]
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return int(rows[0]), int(columns[0]), now[box], changed[box]


def _packed(indices: Indices, offset: tuple[int, int], hundredths: int) -> bytes:
    """Return a picture as bytes: its place, its time, and its pixels compressed by LZW."""
    image = pillow("Image").fromarray(np.ascontiguousarray(indices))
    parts = pillow("GifImagePlugin").getdata(
        image, offset, duration=10 * hundredths, transparency=CLEAR, disposal=1, interlace=0
    )
    return b"".join(parts)
