"""LaTeX → SVG, in a time that grows with the length of the formula. Slow to import: see `formula`.

A fence stretches over the row it stands in, so a row is measured before it is set. ziamath sets every part
of a row for that and then sets it again, the rows inside likewise: twice the time for each row inside
another. Here a row is measured once: what stretches counts nothing towards the height of a row, so that
the height found while an outer row was measured is that of the inner one too, and is kept.
"""

import warnings
from collections.abc import Sequence
from copy import deepcopy
from threading import Lock
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, tostring

from latex2mathml import exceptions

from engine.config import Problem
from gui.look.terms import marked

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it opens its font in the old way
    import ziamath
    from ziafont.fonttypes import BBox
    from ziamath.nodes.mrow import Mrow
    from ziamath.tex import tex2mml

LONGEST = 20_000  # characters: no formula of the program comes near, and its time is known
HEIGHT = "measured"  # the attribute that keeps what a row was found to measure
ROOM = "room"  # the attribute of the outermost row: how wide a line may be
NATURAL = "natural"  # its attribute that tells how wide it was before it was broken
LEAD = 0.5  # of the height of the letters, between two lines
# Where a line may be broken, from the best place to the last: before these.
BREAKS = (("=", "≤", "≥", "≈", "<", ">", "←", "→", "≪", "≫", "∼"), ("+", "−", "-"), ("·", "×", "∘"))

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
# Each part reads the style of the part that it is in; to copy it for that took a fifth of the time.
ziamath.styles.asdict = vars
_one_at_a_time = Lock()  # the font is read from one open file


class FormulaRow(Mrow, tag="mrow"):  # type: ignore[misc, call-arg]
    """A row of parts that is measured once; it takes the place of ziamath's own.

    A row with `href`, the number of a term and its colour, is set in this colour, and leaves in the SVG where
    it stands. The outermost row is broken into lines where it is wider than its room.
    """

    nodes: list[Any]
    nodexy: list[tuple[float, float]]
    bbox: Any

    def __init__(self, element: Element, parent: Any, **kwargs: Any) -> None:
        colour = element.get("href", "").partition("#")[2]
        if colour:
            element.set("mathcolor", f"#{colour}")
        super().__init__(element, parent, **kwargs)

    def _setup(self, **kwargs: Any) -> None:
        super()._setup(**kwargs)
        if kwargs.get("nostretch"):
            self.element.set(HEIGHT, f"{self.bbox.ymin!r} {self.bbox.ymax!r}")
        elif float(self.element.get(ROOM, "inf")) < self.bbox.xmax - self.bbox.xmin:
            self._break(float(self.element.get(ROOM, "inf")))

    def _break(self, room: float) -> None:
        """Put the parts on several lines, each as wide as the room allows."""
        self.element.set(NATURAL, f"{self.bbox.xmax - self.bbox.xmin:.3f}")
        starts = [x for x, _ in self.nodexy] + [self._xadvance]
        lines = _lines(_strengths(self.nodes), starts, room)
        y, placed, low, high, wide = 0.0, [], 0.0, 0.0, 0.0
        for k, line in enumerate(lines):
            parts = [self.nodes[n] for n in line]
            top, bottom = max(part.bbox.ymax for part in parts), min(part.bbox.ymin for part in parts)
            if k:
                y += top - low + LEAD * self.size
            else:
                high = top
            low = bottom
            left = starts[line[0]]
            placed += [(starts[n] - left, y) for n in line]
            wide = max(wide, *(starts[n] - left + self.nodes[n].bbox.xmax for n in line))
        self.nodes, self.nodexy = [self.nodes[n] for line in lines for n in line], placed
        self.bbox = BBox(min(self.bbox.xmin, 0.0), wide, low - y, high)

    def draw(self, x: float, y: float, svg: Element) -> tuple[float, float]:
        """Draw the parts; of a term, tell where it is."""
        mark, box = self.element.get("href"), self.bbox
        if mark is not None:
            number, size = mark.partition("#")[0], (box.xmax - box.xmin, box.ymax - box.ymin)
            place = " ".join(f"{part:.3f}" for part in (x + box.xmin, y - box.ymax, *size))
            SubElement(svg, TERM, {"number": number, "place": place})
        end: tuple[float, float] = super().draw(x, y, svg)
        return end

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
        FormulaRow(copied, self.parent, **{**kwargs, "nostretch": True})
        for child, twin in zip(line, copied, strict=True):
            for inner, same in zip(child.iter(), twin.iter(), strict=False):
                if HEIGHT in same.attrib and inner.tag == same.tag:
                    inner.set(HEIGHT, same.attrib[HEIGHT])
        return str(copied.get(HEIGHT))


OPENING, CLOSING = ("(", "[", "{"), (")", "]", "}")
HAIR = "0.01"  # pixels: Qt leaves no letter without an outline in SVG and PDF, by itself a black one
TERM = "term"  # the tag by which a row tells where a term stands


def _strength(node: Any) -> int:
    """How well a line begins with a part: 3 after a wide space, 2 with a relation, 1 with + or −; 0 badly."""
    if node.mtag == "mspace":
        return 4 if node.width > 0.9 * node.size else 0
    text = getattr(node, "string", "") if node.mtag == "mo" else ""
    return next((3 - k for k, signs in enumerate(BREAKS) if text in signs), 0) if text else 0


def _strengths(nodes: Sequence[Any]) -> list[float]:
    """How well a line begins with each part: between brackets, worse than anywhere else."""
    found, depth = [], 0
    for node in nodes:
        text = getattr(node, "string", "") if node.mtag == "mo" else ""
        depth = max(0, depth - (text in CLOSING))
        found.append(min(_strength(node), 0.5) if depth else _strength(node))
        depth += text in OPENING
    return found


def _lines(strengths: Sequence[float], starts: Sequence[float], room: float) -> list[list[int]]:
    """The numbers of the parts on each line. `starts` ends with where the last part ends."""
    lines, begin = [], 0
    while begin < len(strengths):
        fits = [n for n in range(begin + 1, len(strengths)) if starts[n] - starts[begin] <= room]
        if starts[-1] - starts[begin] <= room or not any(strengths[begin + 1 :]):
            end = len(strengths)
        else:
            later = [n for n in range(begin + 1, len(strengths)) if strengths[n]]
            good = [n for n in fits if strengths[n] and n > begin + 1] or later[:1]
            end = max(good, key=lambda n: (strengths[n], n))
        lines.append([*range(begin, end)])
        begin = end
        while begin < len(strengths) and strengths[begin] == 4:  # a space leads no line
            begin += 1
    return lines


class Spot(NamedTuple):
    """Where a term stands, by its number: pixels from the upper left corner of the formula."""

    term: int
    x: float
    y: float
    width: float
    height: float


Svg = tuple[bytes, float, float, float, tuple[Spot, ...], float]


def typeset_svg(
    latex: str, px: int, colour: str, terms: Sequence[tuple[str, str]] = (), room: float = 0.0
) -> Svg:
    """Return the SVG, its width and height, how far its baseline is below its top, in pixels, where its
    `terms`, (LaTeX, colour), stand, and its width in one line.

    Lines are at most `room` wide where they can be broken; 0: one line.

    Raises:
        Problem: the LaTeX cannot be understood, or is too long.
    """
    if len(latex) > LONGEST:
        raise Problem("This formula is too long to be typeset.")
    try:
        with _one_at_a_time:
            formula = _set(marked(latex, terms), px, colour, room)
            root = formula.svgxml()
    except MISTAKES as error:
        raise Problem("This formula cannot be typeset: {latex}", latex=latex) from error
    for part in root.iter():
        if "stroke" not in part.attrib and "fill" in part.attrib:
            part.attrib |= {"stroke": part.attrib["fill"], "stroke-width": HAIR}
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    spots = []
    for found in root.findall(TERM):
        x, y, *size = map(float, found.attrib["place"].split())
        spots.append(Spot(int(found.attrib["number"]), x - left, y - top, size[0], size[1]))
        root.remove(found)
    natural = next(
        (float(row.attrib[NATURAL]) for row in formula.element.iter() if NATURAL in row.attrib), width
    )
    return tostring(root), width, height, -top, tuple(spots), natural


def _set(latex: str, px: int, colour: str, room: float) -> ziamath.Math:
    whole = fromstring(tex2mml(latex))
    whole.set("mathcolor", colour)
    _hold_bases(whole)
    if room and len(whole):
        whole[0].set(ROOM, f"{room:.0f}")
    return ziamath.Math(whole, size=px)


def _hold_bases(whole: Element) -> None:
    """Let no operator stretch that has indices, as Σᵢ between brackets: it would measure nothing, its
    indices would stand a thousand pixels from it, and the brackets would reach as far.
    """
    for scripts in whole.iter():
        base = scripts[0] if len(scripts) else scripts
        if scripts.tag.rpartition("}")[2] in ("msub", "msup", "msubsup") and base.tag.endswith("mo"):
            base.set("stretchy", "false")
