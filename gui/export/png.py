"""PNG, written a few rows at a time: a picture of any height needs little memory.

A file is a signature and chunks, each with its length, its name and a check sum. The rows are filtered (each
byte minus its neighbour on the left, or above, whichever gives smaller numbers) and compressed by zlib.

Reference: W3C, *Portable Network Graphics (PNG) Specification*, third edition, 2025.
"""

import struct
import zlib
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOUR = {3: 2, 4: 6}  # the type of a picture by its bytes a pixel: red, green, blue, and opacity
SUB, UP = 1, 2  # filters


class PngWriter:
    """Writes a picture a few rows at a time."""

    def __init__(
        self,
        put: Callable[[bytes], object],
        size: tuple[int, int],
        channels: int,
        dpi: float,
        text: tuple[str, str] = ("", ""),
    ) -> None:
        """Begin a picture of `size` (width, height) with 3 or 4 bytes a pixel and `dpi` dots an inch.

        A `text` that it carries is a keyword of Latin letters, and the text itself.
        """
        self._put, self._channels = put, channels
        self._above = np.zeros((1, size[0] * channels), np.uint8)
        self._packer = zlib.compressobj(6)
        put(SIGNATURE)
        self._chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, COLOUR[channels], 0, 0, 0))
        metre = round(dpi / 0.0254)
        self._chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1))
        if text[0]:
            self._chunk(b"iTXt", text[0].encode("latin-1") + b"\0\0\0\0\0" + text[1].encode("utf-8"))

    def add(self, pixels: Bytes) -> None:
        """Add rows below the present ones, shape (rows, width, channels)."""
        rows, self._above = filtered(pixels, self._channels, self._above)
        packed = self._packer.compress(rows.tobytes())
        if packed:
            self._chunk(b"IDAT", packed)

    def end(self) -> None:
        """Finish the file."""
        self._chunk(b"IDAT", self._packer.flush())
        self._chunk(b"IEND", b"")

    def _chunk(self, name: bytes, content: bytes) -> None:
        self._put(chunk(name, content))


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a file: its length, its name, its content, its check sum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def filtered(pixels: Bytes, channels: int, above: Bytes | None = None) -> tuple[Bytes, Bytes]:
    """Filter rows, shape (rows, width, channels); `above`, shape (1, width · channels), is the row before.

    Returns the rows for the compression, each with its filter in front, and the last row as it was.
    """
    rows = pixels.reshape(len(pixels), -1)
    first = np.zeros((1, rows.shape[1]), np.uint8) if above is None else above
    up = rows - np.concatenate((first, rows[:-1]))
    sub = rows.copy()
    sub[:, channels:] -= rows[:, :-channels]
    flat = _size(up) <= _size(sub)
    found = np.empty((len(rows), rows.shape[1] + 1), np.uint8)
    found[:, 0] = np.where(flat, UP, SUB)
    found[:, 1:] = np.where(flat[:, None], up, sub)
    return found, rows[-1:].copy()


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a file, as name and content, as far as they are whole and their check sums are right."""
    place = len(SIGNATURE)
    while place + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        named, end = data[place + 4 : place + 8 + length], place + 12 + length
        if end > len(data) or zlib.crc32(named) != struct.unpack_from(">I", data, end - 4)[0]:
            return
        yield named[:4], named[4:]
        place = end


def _size(filtered: Bytes) -> NDArray[np.int64]:
    """Return for each row the sum of its bytes as signed absolute values: small numbers compress well."""
    away: NDArray[np.int64] = np.abs(filtered.view(np.int8).astype(np.int16)).sum(axis=1, dtype=np.int64)
    return away
