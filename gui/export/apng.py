"""APNG: a PNG with more pictures, each only where it differs from the one before. Every colour is exact.

A file is a PNG whose first picture is stored as usual: a program that knows no animation shows that one. Each
picture has a chunk fcTL with its rectangle and its time; the pixels of the later ones are in chunks fdAT. A
pixel that keeps its colour is transparent.

Reference: W3C, *Portable Network Graphics (PNG) Specification*, third edition, 2025, 4.9 and 11.3.6.
"""

import struct
import zlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gui.export.gif import Codes, difference
from gui.export.png import COLOUR, SIGNATURE, Bytes, chunk, filtered

CHANNELS = 4  # bytes of a pixel: red, green, blue, opacity
KEPT, OVER = 0, 1  # a picture stays when its time ends; what is under its transparent pixels is seen
FOR_EVER = 0  # plays


class ApngWriter:
    """Writes an animation picture by picture."""

    def __init__(
        self, put: Callable[[bytes], object], size: tuple[int, int], pictures: int, loop: bool
    ) -> None:
        """Begin a file of `size` (width, height) with so many pictures; with `loop` it repeats."""
        self._put = put
        self._before: Codes | None = None
        self._number = 0  # of the next chunk fcTL or fdAT
        put(SIGNATURE)
        put(chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, COLOUR[CHANNELS], 0, 0, 0)))
        put(chunk(b"acTL", struct.pack(">II", pictures, FOR_EVER if loop else 1)))

    def add(self, codes: Codes, hundredths: int) -> None:
        """Add a picture that is shown for this many hundredths of a second."""
        top, left, part, changed = difference(self._before, codes)
        height, width = part.shape
        place = struct.pack(">IIIIHHBB", width, height, left, top, hundredths, 100, KEPT, OVER)
        self._put(chunk(b"fcTL", self._next() + place))
        packed = zlib.compress(filtered(pixels_of(part, changed), CHANNELS)[0].tobytes(), 6)
        is_first, self._before = self._before is None, codes
        self._put(chunk(b"IDAT", packed) if is_first else chunk(b"fdAT", self._next() + packed))

    def _next(self) -> bytes:
        self._number += 1
        return struct.pack(">I", self._number - 1)

    def end(self) -> None:
        """Finish the file."""
        self._put(chunk(b"IEND", b""))


def pixels_of(codes: Codes, changed: NDArray[np.bool_]) -> Bytes:
    """Return the colours 0xRRGGBB as bytes, shape (height, width, 4); what has not changed is transparent."""
    opaque = np.where(changed, codes << 8 | 255, np.uint32(0))
    return opaque.astype(">u4").view(np.uint8).reshape(*codes.shape, CHANNELS)
