"""Typeset formulas: LaTeX → outlines, drawn crisply at any size, on the screen and on paper.

Typesetting takes some milliseconds, for a long formula a tenth of a second. It is done once for each
formula, size and colour; what the user types is typeset in another thread, see `formula_thread`.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from engine.config import Problem

if TYPE_CHECKING:
    from gui.look.typesetter import Spot

ROOM = 16 * 1024 * 1024  # bytes of SVG that are kept


@dataclass(frozen=True)
class Typeset:
    """A formula as SVG; sizes in logical pixels, `ascent` from the top to the baseline."""

    svg: bytes
    width: float
    height: float
    ascent: float
    spots: "tuple[Spot, ...]" = ()  # where its terms stand
    natural: float = 0.0  # the width of all of it in one line

    def paint(self, painter: QPainter, corner: QPointF, scale: float = 1.0) -> None:
        """Draw the outlines with the top left corner at `corner`."""
        area = QRectF(corner.x(), corner.y(), self.width * scale, self.height * scale)
        QSvgRenderer(QByteArray(self.svg)).render(painter, area)

    def image(self, ratio: float, scale: float = 1.0, middle: float | None = None) -> QImage:
        """Draw on a transparent image with `ratio` device pixels to a logical one.

        `middle` pads it so that its middle is this far above the baseline, for a line of text.
        """
        top = self.ascent * scale
        bottom = (self.height - self.ascent) * scale
        if middle is not None:
            top, bottom = (max(top - middle, bottom + middle) + shift for shift in (middle, -middle))
        size = QSize(max(1, round(self.width * scale * ratio)), max(1, round((top + bottom) * ratio)))
        image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        with QPainter(image) as painter:
            self.paint(painter, QPointF(0, top - self.ascent * scale), scale)
        return image


class Order(NamedTuple):
    """What is to be typeset: LaTeX mathematics, at a text height of `px`, in a colour.

    `terms`, (LaTeX, colour) each, have colours of their own. Wider than a `room`, it is broken into lines.
    """

    latex: str
    px: int
    colour: str
    terms: tuple[tuple[str, str], ...] = ()
    room: float = 0.0


@dataclass
class FormulaShelf:
    """What was typeset last, as much of it as there is room for. Two threads may use it."""

    _found: OrderedDict[Order, Typeset | Problem] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def get(self, order: Order) -> Typeset | Problem | None:
        """Return what an order came to, or None if it is not (or no longer) here."""
        with self._lock:
            for one in (order._replace(room=0.0), order):  # what fits in one line is the same in every room
                found = self._found.get(one)
                if found is not None and one in (order, _key(order, found)):
                    self._found.move_to_end(one)
                    return found
        return None

    def fill(self, order: Order) -> Typeset | Problem:
        """Return what an order comes to; typeset it if it is not here."""
        known = self.get(order)
        if known is not None:
            return known
        found = _typeset(order)
        key = _key(order, found)
        with self._lock:
            if key not in self._found:
                self._found[key] = found
                self._bytes += _weight(found)
            while self._bytes > ROOM and len(self._found) > 1:
                self._bytes -= _weight(self._found.popitem(last=False)[1])
        return found


def _key(order: Order, found: Typeset | Problem) -> Order:
    """What an order is kept under: without its room where nothing had to be broken."""
    broken = isinstance(found, Typeset) and 0 < order.room < found.natural
    return order if broken else order._replace(room=0.0)


def _weight(found: Typeset | Problem) -> int:
    return 1000 + (len(found.svg) if isinstance(found, Typeset) else 0)


def _typeset(order: Order) -> Typeset | Problem:
    from gui.look.typesetter import typeset_svg  # slow to import, so not before the first formula

    try:
        return Typeset(*typeset_svg(*order))
    except Problem as problem:
        return problem


@cache
def shelf() -> FormulaShelf:
    """Return the shelf of this process."""
    return FormulaShelf()


def typeset(latex: str, px: int, colour: str) -> Typeset:
    """Typeset LaTeX mathematics at a text height of `px`. Words belong outside: there is no Chinese here.

    Raises:
        Problem: the LaTeX cannot be understood.
    """
    found = shelf().fill(Order(latex, px, colour))
    if isinstance(found, Problem):
        raise found.with_traceback(None)
    return found


def typeset_or_none(order: Order) -> Typeset | None:
    """Typeset, or None when the LaTeX is empty or cannot be understood."""
    found = shelf().fill(order) if order.latex else None
    return found if isinstance(found, Typeset) else None
