"""WebP: an animation without loss, each picture only where it differs from the one before.

A file is a RIFF container. The header VP8X has the size, ANIM how often it plays; each picture is in a chunk
ANMF: its place (even numbers of pixels), its size, its time, and its pixels as one WebP picture has them. A
pixel that keeps its colour is transparent.
Pillow compresses; everything around it is written here, so that the pictures need not be in memory at a time.

Reference: Google, "WebP Container Specification" (developers.google.com/speed/webp/docs/riff_container).
"""

import io
import struct
from collections.abc import Callable

import numpy as np

from gui.export.apng import pixels_of
from gui.export.gif import Codes, difference, pillow
from gui.export.png import Bytes

ANIMATED, TRANSPARENT = 0x02, 0x10  # flags of the header
OVER, KEPT = 0, 0  # what is under transparent pixels is seen; a picture stays when its time ends
EFFORT = 20  # of 100: more makes little difference and takes longer
RIFF = 12  # bytes before the first chunk of a file


class WebpWriter:
    """Writes an animation. Compressed pictures are kept until the end: the file begins with its size."""

    def __init__(self, put: Callable[[bytes], object], size: tuple[int, int], loop: bool) -> None:
        """Begin a file of `size` (width, height); with `loop` the animation repeats."""
        self._put = put
        self._before: Codes | None = None
        canvas = bytes([ANIMATED | TRANSPARENT, 0, 0, 0]) + _three(size[0] - 1) + _three(size[1] - 1)
        plays = struct.pack("<IH", 0xFFFFFFFF, 0 if loop else 1)  # the background is never seen
        self._chunks = [_chunk(b"VP8X", canvas), _chunk(b"ANIM", plays)]

    def add(self, codes: Codes, hundredths: int) -> None:
        """Add a picture that is shown for this many hundredths of a second."""
        top, left, part, changed = difference(self._before, codes)
        self._before = codes
        bottom, right = top + part.shape[0], left + part.shape[1]
        more = ((top % 2, 0), (left % 2, 0))  # the place is stored in pairs of pixels
        top, left = top - top % 2, left - left % 2
        pixels = pixels_of(codes[top:bottom, left:right], np.pad(changed, more))
        place = _three(left // 2) + _three(top // 2) + _three(right - left - 1) + _three(bottom - top - 1)
        head = place + _three(10 * hundredths) + bytes([OVER | KEPT])
        self._chunks.append(_chunk(b"ANMF", head + _packed(pixels)))

    def end(self) -> None:
        """Write the file."""
        content = b"WEBP" + b"".join(self._chunks)
        self._put(b"RIFF" + struct.pack("<I", len(content)) + content)


def _packed(pixels: Bytes) -> bytes:
    """Return a picture, shape (height, width, 4), as the chunk VP8L of a WebP picture."""
    file = io.BytesIO()
    pillow("Image").fromarray(pixels).save(file, "WEBP", lossless=True, quality=EFFORT, method=2)
    data, place = file.getvalue(), RIFF
    while data[place : place + 4] != b"VP8L":  # a header may come first
        place += 8 + struct.unpack_from("<I", data, place + 4)[0]
    (length,) = struct.unpack_from("<I", data, place + 4)
    return data[place : place + 8 + length + length % 2]


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _three(number: int) -> bytes:
    """Return a number as three bytes, the lowest first."""
    return number.to_bytes(3, "little")
