"""Helpers for painting: colours, lines of text, and painters whose state is restored afterwards."""

import re
import sys
from collections.abc import Callable
from functools import cache, lru_cache
from types import TracebackType

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap, QTextDocumentFragment
from PySide6.QtWidgets import QWidget

from gui.look.theme import Theme, metrics_of

HINTS = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
SHARES = {LEFT: 0.0, CENTRE: 0.5, RIGHT: 1.0}  # how much of the free room is before a text
# a word with the spaces after it, or an ideograph with the punctuation that may not begin a line
PIECES = re.compile(r"[\u2e80-\uffdc][，。、；：？！）》”’…]*\s*|[^\s\u2e80-\uffdc]+\s*|\s+")
CLAUSES = " · ", ": ", ", ", "; ", "：", "，", "；"  # what parts the clauses of a title
COLONS = ": ", "："
# where a word that is too long for a line is broken; a part that is still too long, by the next pattern
SEAMS = (re.compile(r"(?<=[(,/])|(?<=\.)(?!\d)"), re.compile("(?<=[_=])"), re.compile(""))


class reported:
    """Report an error instead of raising it: an error that leaves the `paint` of an item ends the process.

    This and `saved` are entered a hundred times for each picture, so they are classes: three times as fast
    as generators.
    """

    __slots__ = ()

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if not isinstance(error, Exception):
            return False
        sys.excepthook(type(error), error, trace)
        return True


def draw_focus(painter: QPainter, theme: Theme, rect: QRectF) -> None:
    """Draw a frame along the inner edge of the widget that has the focus."""
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        outline(painter, theme.accent, theme.px(2))
        painter.drawRect(rect.adjusted(1, 1, -1, -1))


def rgb(colour: str | QColor) -> tuple[int, int, int]:
    """Return red, green and blue, each from 0 to 255."""
    named = QColor(colour)
    return named.red(), named.green(), named.blue()


class saved:
    """Restore the painter's state afterwards."""

    __slots__ = ("_painter",)

    def __init__(self, painter: QPainter) -> None:
        self._painter = painter

    def __enter__(self) -> None:
        self._painter.save()

    def __exit__(self, *_: object) -> None:
        self._painter.restore()


class clipped(saved):
    """Draw inside `rect` only."""

    __slots__ = ("_rect",)

    def __init__(self, painter: QPainter, rect: QRectF) -> None:
        super().__init__(painter)
        self._rect = rect

    def __enter__(self) -> None:
        super().__enter__()
        self._painter.setClipRect(self._rect, Qt.ClipOperation.IntersectClip)


def wrapped(text: str, metrics: QFontMetricsF, width: float) -> list[str]:
    """Break text into lines that fit: after spaces, between ideographs, inside a word that is too long.

    Such a word, often a name in a program, is broken after a bracket, a comma or the like if possible.
    """
    lines = [""]
    for piece in PIECES.findall(text):
        if metrics.horizontalAdvance((lines[-1] + piece).rstrip()) <= width:
            lines[-1] += piece
            continue
        lines.append("")
        for part in _kept_together(piece, metrics, width):
            if lines[-1] and metrics.horizontalAdvance((lines[-1] + part).rstrip()) > width:
                lines.append("")
            lines[-1] += part
    return [line.rstrip() for line in lines if line.strip()] or [text]


@lru_cache(maxsize=1024)
def unbroken(text: str) -> tuple[str, ...]:
    """Return the parts of a text that are not broken, unless the room is less than one of them."""
    words = (piece.rstrip() for piece in PIECES.findall(text))
    halves = (half for word in words for half in SEAMS[0].split(word))
    return tuple(part for half in halves for part in SEAMS[1].split(half) if part)


def without_tail(text: str, metrics: QFontMetricsF, width: float) -> str:
    """Return a title without the clauses at its end for which there is no room: each says more of it.

    If not even the first clause fits, the whole text is returned.
    """
    rest = text
    while metrics.horizontalAdvance(rest) > width + 1 or rest.count("(") != rest.count(")"):
        sign = max(CLAUSES, key=rest.rfind)
        if sign in COLONS and CLAUSES[0] in rest:  # "grey: given" is one clause: "grey" alone says nothing
            sign = CLAUSES[0]
        rest, found, _ = rest.rpartition(sign)
        if not found:
            return text
    return rest


def _kept_together(piece: str, metrics: QFontMetricsF, width: float, depth: int = 0) -> list[str]:
    """Return the pieces of a word: the word itself if it fits, else its parts, else its letters."""
    if metrics.horizontalAdvance(piece.rstrip()) <= width or depth == len(SEAMS):
        return [piece]
    parts = filter(None, SEAMS[depth].split(piece))
    return [each for part in parts for each in _kept_together(part, metrics, width, depth + 1)]


def picture_of(widget: QWidget, paint: Callable[[QPainter], None]) -> QPixmap:
    """Return a picture as large as a widget with what `paint` paints, on a transparent ground."""
    ratio = widget.devicePixelRatioF()
    picture = QPixmap((widget.size().toSizeF() * ratio).toSize())
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        paint(painter)
    return picture


def plain(text: str) -> str:
    """Return the text without HTML tags: pyqtgraph's axes and titles may have them."""
    return QTextDocumentFragment.fromHtml(text).toPlainText() if "<" in text else text


def put_text(painter: QPainter, rect: QRectF, where: Qt.AlignmentFlag, text: str, colour: str = "") -> None:
    """Write one line into the middle of `rect`, shortened with … if it does not fit.

    Its base line is that of the font, whatever is written: Chinese names and numbers stand on one line.
    """
    metrics = metrics_of(painter.font())
    if colour:
        painter.setPen(QColor(colour))
    room, wide = rect.width() + 1, metrics.horizontalAdvance(text)
    if wide > room:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        wide = metrics.horizontalAdvance(text)
    share = SHARES[where]
    base = rect.center().y() - metrics.height() / 2 + metrics.ascent()
    painter.drawText(QPointF(rect.left() + share * (rect.width() - wide), base), text)


@cache
def _unclipped(where: Qt.AlignmentFlag) -> int:
    """Return the flags for a text that is not clipped; cached, because joining flags is slow."""
    return int(where.value | Qt.TextFlag.TextDontClip.value)


def level(painter: QPainter, rect: QRectF, y: float) -> None:
    """Draw a line across `rect`."""
    painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))


def upright(painter: QPainter, rect: QRectF, x: float) -> None:
    """Draw a line from the top of `rect` to its bottom."""
    painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))


def outline(painter: QPainter, colour: str, width: float = 1.0) -> None:
    """Set the painter to draw outlines without a fill."""
    painter.setPen(QPen(QColor(colour), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def hairline(theme: Theme, width: float = 1.0) -> QPen:
    """Return the pen of axes, grids and frames."""
    return QPen(QColor(theme.hairline), width)


def faded(colour: str, alpha: float) -> QColor:
    """Return a colour with an opacity between 0 and 1."""
    faint = QColor(colour)
    faint.setAlphaF(alpha)
    return faint


def mixed(colour: str, ground: str, share: float) -> QColor:
    """Return the opaque colour that looks like `colour` with opacity `share` over `ground`."""
    over, under = rgb(colour), rgb(ground)
    return QColor(*(round(share * a + (1 - share) * b) for a, b in zip(over, under, strict=True)))


def put_upright(painter: QPainter, middle: QPointF, length: float, text: str) -> None:
    """Write one line from bottom to top."""
    line = metrics_of(painter.font()).height()
    with saved(painter):
        painter.translate(middle)
        painter.rotate(-90)
        put_text(painter, QRectF(-length / 2, -line / 2, length, line), CENTRE, text)


def put_note(
    painter: QPainter,
    theme: Theme,
    corner: QPointF,
    text: str,
    *,
    share: float = 0.0,
    within: QRectF | None = None,
    ink: QColor | None = None,
    metrics: QFontMetricsF | None = None,
) -> QRectF:
    """Write a line on a patch of background, with a `share` of its top edge at the left of `corner`.

    It is moved, and if necessary shortened, to stay `within` a rectangle. Return where it stands. `metrics`
    are those of the font of the painter.
    """
    metrics, edge = metrics or metrics_of(painter.font()), theme.px(8)
    width, height = metrics.horizontalAdvance(text) + edge, metrics.height() + theme.px(2)
    if within is not None and width > within.width():
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(within.width() - edge, 1.0))
        width = metrics.horizontalAdvance(text) + edge
    patch = QRectF(corner.x() - share * width, corner.y(), width, height)
    if within is not None:
        patch.moveLeft(max(min(patch.left(), within.right() - width), within.left()))
        patch.moveTop(max(min(patch.top(), within.bottom() - height), within.top()))
    with saved(painter):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(theme.plot, 0.94))
        painter.drawRoundedRect(patch, 3, 3)
    painter.setPen(ink or QColor(theme.text))
    painter.drawText(patch, _unclipped(CENTRE), text)
    return patch
