"""Typeset formulas: LaTeX → outlines, drawn crisply at any size, on the screen and on paper.

Typesetting takes some milliseconds and is done once for each formula, size and colour.
"""

import warnings
from dataclasses import dataclass
from functools import cache, lru_cache
from types import ModuleType
from xml.etree.ElementTree import ParseError, tostring

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.config import Problem
from gui.theme import Theme

# What the parser lets out, besides its own exceptions, when LaTeX is broken in unusual ways.
OTHER_MISTAKES = (
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    StopIteration,
)


@dataclass(frozen=True)
class Typeset:
    """A formula as SVG; sizes in logical pixels, `ascent` from the top to the baseline."""

    svg: bytes
    width: float
    height: float
    ascent: float

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


@lru_cache(maxsize=1024)
def typeset(latex: str, px: int, colour: str) -> Typeset:
    """Typeset LaTeX mathematics at a text height of `px`. Words belong outside: there is no Chinese here.

    Raises:
        Problem: the LaTeX cannot be understood.
    """
    ziamath, mistakes = _typesetter()
    try:
        root = ziamath.Latex(latex, size=px, color=colour).svgxml()
    except mistakes as error:
        raise Problem("This formula cannot be typeset: {latex}", latex=latex) from error
    _, top, width, height = map(float, root.attrib["viewBox"].split())
    return Typeset(tostring(root), width, height, -top)


@cache
def _typesetter() -> tuple[ModuleType, tuple[type[Exception], ...]]:
    """Import what typesets, and what it may raise; slow, so not before the first formula."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it opens its font in the old way
        import ziamath
    from latex2mathml import exceptions

    ziamath.config.svg2 = False  # Qt reads SVG 1.1
    known = [kind for kind in vars(exceptions).values() if isinstance(kind, type)]
    return ziamath, (*known, *OTHER_MISTAKES)


class Formula(QWidget):
    """One typeset formula, scaled down when it is wider than its place. Broken LaTeX is shown as it is."""

    def __init__(self, theme: Theme, latex: str = "", px: int | None = None) -> None:
        super().__init__()
        self._theme, self._px = theme, px or theme.px(17)
        self._latex = ""
        self._typeset: Typeset | None = None
        self._image: QImage | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self.set_latex(latex)

    @property
    def latex(self) -> str:
        """What is shown."""
        return self._latex

    def set_latex(self, latex: str) -> None:
        """Show another formula."""
        if latex == self._latex:
            return
        self._latex, self._image = latex, None
        self._typeset = typeset_or_none(latex, self._px, self._theme.text)
        self.setAccessibleName(latex)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The size of the formula at full size."""
        if self._typeset is None:
            return QSize(self._px * 10, self._px * 2 if self._latex else 0)
        return QSize(round(self._typeset.width) + 1, round(self._typeset.height) + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw from the image of the last time while size and resolution stay the same."""
        with QPainter(self) as painter:
            if self._typeset is None:
                painter.setFont(self._theme.font())
                painter.setPen(QColor(self._theme.quiet))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self._latex)
                return
            scale = min(1.0, self.width() / self._typeset.width)
            size = QSize(round(self._typeset.width * scale), round(self._typeset.height * scale))
            ratio = painter.device().devicePixelRatioF()
            if self._image is None or self._image.deviceIndependentSize().toSize() != size:
                self._image = self._typeset.image(ratio, scale)
            painter.drawImage(QPointF(0, (self.height() - size.height()) / 2), self._image)


def typeset_or_none(latex: str, px: int, colour: str) -> Typeset | None:
    """Typeset, or None when the LaTeX is empty or cannot be understood."""
    try:
        return typeset(latex, px, colour) if latex else None
    except Problem:
        return None
