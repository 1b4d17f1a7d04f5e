"""Where the characters of a text stand: in lines, broken between words if there are words."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

CLOSING = "，。、；：？！）》」』”’…,.;:?!)"  # characters that may not begin a line
IDEOGRAPHS = 0x2E7F  # code points above this are ideographs


class Place(NamedTuple):
    """The place of a character."""

    number: int  # from 0
    left: float
    top: float
    width: float
    height: float

    @property
    def rect(self) -> QRectF:
        """The whole place, as high as a line."""
        return QRectF(self.left, self.top, self.width, self.height)

    @property
    def paper(self) -> QRectF:
        """What is coloured of it."""
        return QRectF(self.left, self.top + 1, self.width + 0.5, self.height - 2)


class Numbered(NamedTuple):
    """Which place each pixel of a panel shows."""

    places: list[Place]
    size: tuple[int, int, float]  # of the panel, and how many pixels of the screen one of its pixels has
    numbers: NDArray[np.intp]  # 1 for the first place; 0: none


def arranged(text: str, widths: list[float], rect: QRectF, height: float) -> tuple[list[Place], bool]:
    """Return the places of the characters that fit into `rect`, by whole lines, and whether all do.

    `widths` are those of the characters, `height` is that of a line.
    """
    places: list[Place] = []
    y, begin = rect.top(), 0
    while begin < len(widths):
        if y + height > rect.bottom() + 0.5:
            return places, False
        end = _line_end(text, begin, rect.width(), widths)
        x = rect.left()
        for k in range(begin, end):
            places.append(Place(k, x, y, widths[k], height))
            x += widths[k]
        begin, y = end, y + height
    return places, True


def _line_end(text: str, begin: int, width: float, widths: list[float]) -> int:
    """Return where a line that begins at `begin` ends: after a line break, else after the last word that
    fits.
    """
    stop = text.find("\n", begin) + 1 or len(text)  # here at the latest
    x, end = 0.0, stop
    for k in range(begin, stop):
        x += widths[k]
        if x > width and k > begin:
            end = k
            break
    if end == stop:
        return stop
    return next((k + 1 for k in range(end - 1, begin - 1, -1) if _breaks_after(text, k)), end)


def _breaks_after(text: str, k: int) -> bool:
    """Whether a line may end here: after a space or an ideograph, but not before closing punctuation."""
    follows = text[k + 1 : k + 2]
    wide = ord(text[k]) > IDEOGRAPHS
    return (text[k] == " " or wide) and not (follows and follows in CLOSING)


def numbered(places: list[Place], width: int, height: int, ratio: float) -> NDArray[np.intp]:
    """Return which place each pixel shows, shape (rows, columns): its number from 1, or 0 for none.

    The rectangles are filled with their numbers as colours, so that Qt rounds their edges as usual.
    """
    picture = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.black)
    with QPainter(picture) as painter:
        for number, place in enumerate(places, 1):
            painter.fillRect(place.paper, QColor.fromRgb(number))
    pixels = np.frombuffer(picture.constBits(), np.uint32).reshape(picture.height(), picture.width())
    return (pixels & 0xFFFFFF).astype(np.intp)
