"""The terms of a formula as they are shown, and where their values have room under it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QImage

from gui.look.formula import Typeset
from gui.look.language import tr
from gui.look.theme import Theme

FAINT = 40  # opacity up to which a pixel is bare
LONG = 8  # characters of a value that gives way to shorter ones


@dataclass(frozen=True)
class ShownTerm:
    """A term of a formula: its LaTeX, what it stands for, and the colour and the value of that now."""

    latex: str
    name: str
    colour: str = ""
    value: str = ""
    meaning: str = ""
    entry: str = ""  # the key of what the glossary says of it
    said: str = ""  # that, in one sentence

    @property
    def words(self) -> str:
        """Name and value, under them what it means, and what the glossary says of it."""
        first = tr("{name} = {value}", name=self.name, value=self.value) if self.value else self.name
        said = tr("Glossary: {sentence}", sentence=self.said) if self.said else ""
        return "\n".join(filter(None, (first, self.meaning, said)))


@dataclass
class Below:
    """Where values are written: by the LaTeX of a term, the middle, and the room that was ever needed."""

    free: dict[str, float] = field(default_factory=dict)
    widths: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Typeset | None, terms: Sequence[str], near: float) -> Self:
        """The places under a formula, no farther than `near` below a term; `terms` are its terms in order."""
        free = _free_below(found, near) if found is not None else {}
        return cls({terms[term]: middle for term, middle in free.items()})

    def placed(
        self, terms: Mapping[str, ShownTerm], scale: float, top: float, width: float, theme: Theme
    ) -> list[tuple[ShownTerm, QRectF]]:
        """The values that there is room for in a line of a width, and where; the shorter ones first."""
        metrics, gap, placed = QFontMetricsF(theme.font()), theme.px(4), list[tuple[ShownTerm, QRectF]]()
        told = [(term, terms[term]) for term in self.free if term in terms and terms[term].value]
        for term, shown in sorted(told, key=lambda one: len(one[1].value) > LONG):
            wide = max(self.widths.get(term, 0.0), metrics.horizontalAdvance(shown.value))
            self.widths[term] = wide
            left = min(max(self.free[term] * scale - wide / 2, 0.0), max(width - wide, 0.0))
            spot = QRectF(left, top, wide, metrics.height())
            if wide <= width and not any(
                spot.adjusted(-gap, 0, gap, 0).intersects(other) for _, other in placed
            ):
                placed.append((shown, spot))
        return placed


def _free_below(found: Typeset, near: float) -> dict[int, float]:
    """Terms with nothing under them down to the end of the formula: by their numbers, their middles."""
    ink, free = _ink(found.image(1.0)), dict[int, float]()
    for spot in found.spots:
        bottom, middle = spot.y + spot.height, spot.x + spot.width / 2
        if spot.term not in free and found.height - bottom <= near and _bare(ink, spot.x, bottom, spot.width):
            free[spot.term] = middle
    return free


def _ink(image: QImage) -> NDArray[np.uint8]:
    """How opaque each pixel is, 0 to 255; shape (rows, columns)."""
    opaque = image.convertToFormat(QImage.Format.Format_Alpha8)
    shape = opaque.height(), opaque.bytesPerLine()
    return np.array(opaque.constBits(), np.uint8).reshape(shape)[:, : opaque.width()]


def _bare(ink: NDArray[np.uint8], x: float, y: float, width: float) -> bool:
    """Whether nothing is drawn below a place."""
    return not (ink[int(y + 2) :, max(int(x), 0) : int(x + width) + 1] > FAINT).any()
