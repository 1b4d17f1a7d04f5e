"""LaTeX → SVG, in a time that grows with the length of the formula. Slow to import: see `formula`.

A fence stretches over the row it stands in, so a row is measured before it is set. ziamath sets every part
of a row for that and then sets it again, the rows inside likewise: twice the time for each row inside
another. Here a row is measured once: what stretches counts nothing towards the height of a row, so that
the height found while an outer row was measured is that of the inner one too, and is kept.
"""

import warnings
from copy import deepcopy
from threading import Lock
from typing import Any
from xml.etree.ElementTree import Element, ParseError, tostring

from latex2mathml import exceptions

from engine.config import Problem

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it opens its font in the old way
    import ziamath
    from ziamath.nodes.mrow import Mrow

LONGEST = 20_000  # characters: no formula of the program comes near, and its time is known
HEIGHT = "measured"  # the attribute that keeps what a row was found to measure

# What the parser lets out, besides its own exceptions, when LaTeX is broken in unusual ways.
MISTAKES: tuple[type[Exception], ...] = (
    *(kind for kind in vars(exceptions).values() if isinstance(kind, type)),
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    StopIteration,
    RecursionError,
)

ziamath.config.svg2 = False  # Qt reads SVG 1.1
_one_at_a_time = Lock()  # the font is read from one open file


class Row(Mrow, tag="mrow"):  # type: ignore[misc, call-arg]
    """A row of parts that is measured once; it takes the place of ziamath's own."""

    def _setup(self, **kwargs: Any) -> None:
        super()._setup(**kwargs)
        if kwargs.get("nostretch"):
            self.element.set(HEIGHT, f"{self.bbox.ymin!r} {self.bbox.ymax!r}")

    def _get_height_nostretch(self, line: list[Element], **kwargs: Any) -> tuple[float, float]:
        """Return the lowest and the highest point of a row without what stretches."""
        if kwargs.get("nostretch"):  # this row is being measured: fences of any height will do
            return 0.0, 0.0
        known = self.element.get(HEIGHT)
        if known is None:
            known = self._measured(line, **kwargs)
        low, high = map(float, known.split())
        return low, high

    def _measured(self, line: list[Element], **kwargs: Any) -> str:
        """Set a copy of the row without what stretches; the rows inside keep what they measure."""
        copied = Element(self.element.tag, self.element.attrib)
        copied.extend(deepcopy(child) for child in line)
        Row(copied, self.parent, **{**kwargs, "nostretch": True})
        for child, twin in zip(line, copied, strict=True):
            for inner, same in zip(child.iter(), twin.iter(), strict=False):
                if HEIGHT in same.attrib and inner.tag == same.tag:
                    inner.set(HEIGHT, same.attrib[HEIGHT])
        return str(copied.get(HEIGHT))


def typeset_svg(latex: str, px: int, colour: str) -> tuple[bytes, float, float, float]:
    """Return the SVG, its width and height and how far its baseline is below its top, in pixels.

    Raises:
        Problem: the LaTeX cannot be understood, or is too long.
    """
    if len(latex) > LONGEST:
        raise Problem("This formula is too long to be typeset.")
    try:
        with _one_at_a_time:
            root = ziamath.Latex(latex, size=px, color=colour).svgxml()
    except MISTAKES as error:
        raise Problem("This formula cannot be typeset: {latex}", latex=latex) from error
    _, top, width, height = map(float, root.attrib["viewBox"].split())
    return tostring(root), width, height, -top
