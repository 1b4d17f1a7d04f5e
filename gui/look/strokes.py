"""Names and strokes of racers, of items in a list, and of pinned runs. The only table of dashes is here.

One optimizer has one colour, and two of a kind can still be told apart.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import count

import msgspec
from PySide6.QtGui import QColor

from gui.look.language import tr
from gui.look.theme import DASH_DOT, DASHED, DASHES, DOTTED, LONG, Stroke, Theme

SHADE = 0.2  # of black (on dark, of white) mixed into each further racer of a kind
SHADES = 4  # of one colour that can be told apart; after them the dash is another one
GHOST_DASHES = (DOTTED, LONG, DASH_DOT, DASHED)  # one a pinned run, over again after the last


def class_stroke(theme: Theme, k: int) -> Stroke:
    """The stroke of the k-th of several things of a kind: another colour, and another dash."""
    return Stroke(theme.class_colour(k), DASHES[k % len(DASHES)])


def ghost_stroke(stroke: Stroke, k: int) -> Stroke:
    """The stroke of a thing in the k-th pinned run: the same everywhere for the same run."""
    return Stroke(stroke.colour, GHOST_DASHES[k % len(GHOST_DASHES)])


def racer_names(racers: Sequence[msgspec.Struct]) -> list[str]:
    """The title of each racer, numbered where several have the same."""
    titles = [tr(getattr(racer, "title", type(racer).__name__)) for racer in racers]
    several = {title: count(1) for title, times in Counter(titles).items() if times > 1}
    return [f"{title} {next(several[title])}" if title in several else title for title in titles]


def racer_strokes(racers: Sequence[msgspec.Struct], theme: Theme) -> list[Stroke]:
    """The stroke of each racer: its kind's, from the second of a kind on in another shade, then dash."""
    seen: Counter[str] = Counter()
    strokes = []
    for racer in racers:
        kind = str(racer.__struct_config__.tag)
        turn, step = divmod(seen[kind], SHADES)
        base = theme.stroke(kind)
        dash = DASHES[(DASHES.index(base.dash) + turn) % len(DASHES)]
        strokes.append(Stroke(_mixed(base.colour, "white" if theme.dark else "black", SHADE * step), dash))
        seen[kind] += 1
    return strokes


def names_and_strokes(racers: Sequence[msgspec.Struct], theme: Theme) -> list[tuple[str, Stroke]]:
    """The name and the stroke of each racer."""
    return [*zip(racer_names(racers), racer_strokes(racers, theme), strict=True)]


def _mixed(colour: str, other: str, share: float) -> str:
    """A colour with a share of another."""
    own, added = QColor(colour), QColor(other)
    parts = ((own.red(), added.red()), (own.green(), added.green()), (own.blue(), added.blue()))
    return "#" + "".join(f"{round(a + share * (b - a)):02X}" for a, b in parts)
