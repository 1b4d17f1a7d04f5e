"""A text whose characters have a background colour: the value of a neuron at each; or a plain text."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGlyphRun, QKeyEvent, QPainter, QRawFont
from PySide6.QtWidgets import QWidget

from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import Theme, metrics_of
from gui.plots.choosing import Choosing
from gui.plots.colours import image, reads_black, shades, table
from gui.plots.described import Columns
from gui.plots.painting import RIGHT, clipped, outline, put_note, put_text, rgb
from gui.plots.panel import Panel
from gui.plots.scale import FloatArray
from gui.plots.ticks import value_text

MARKS = {"\n": "↵", " ": "␣", "\t": "⇥"}  # signs for invisible characters
CLOSING = "，。、；：？！）》」』”’…,.;:?!)"  # characters that may not begin a line
IDEOGRAPHS = 0x2E7F  # code points above this are ideographs
SIZES = (1.8, 1.7, 1.6, 1.5, 1.4, 1.3, 1.2, 1.08)  # possible sizes of letters, relative to ordinary text
SCALE = 96  # pixels that the scale takes beside its two numbers, and the space before it
LINE = 1.45  # the distance of lines, in heights of the font


Character = tuple[str, QPointF]  # a text, and where its base line begins


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a character."""

    index: int
    rect: QRectF
    paper: QRectF  # what is coloured of it


class ColouredTextPanel(Choosing, Panel):
    """Characters in lines, broken between words if there are words; wide characters take a wider place.

    With values, each character has a background colour of the diverging map. The value of the character under
    the mouse (`hovered` carries its index), or chosen with the arrow keys, is written beside it. The letters
    are as large as possible. What does not fit in the smallest size is left out, by whole lines, and the last
    line ends with …
    """

    selected = Signal(int)
    selection: int | None

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self.brief = ""  # a shorter title
        self._text = ""
        self._values: FloatArray | None = None
        self._limit = 1.0
        self._quiet = 0  # the number of characters at the beginning that were given, not generated
        self._size = SIZES[-1]  # the present size of the letters
        self._laid_out: tuple[object, list[Place], bool] | None = None
        self._bases: tuple[list[Place], list[Character]] | None = None  # the characters at these places

    def set_text(
        self, text: str, values: FloatArray | None = None, *, limit: float = 1.0, quiet: int = 0
    ) -> None:
        """Show a text, and a value for each character; ±`limit` has the strongest colour.

        The first `quiet` characters are written in a paler colour.
        """
        if text != self._text or (values is None) != (self._values is None):
            self._laid_out = None
        self._text, self._quiet, self._limit = text, quiet, limit
        self._values = None if values is None else np.asarray(values, float)
        if self.selection is not None and self.selection >= len(text):
            self.selection = None
        self.update()

    @property
    def text(self) -> str:
        """The text that is shown."""
        return self._text

    def table(self) -> Columns:
        """Return a row for each character: its number, the character, its value."""
        columns: Columns = [
            (tr("number"), np.arange(1, len(self._text) + 1)),
            (tr("character"), list(self._text)),
        ]
        return columns if self._values is None else [*columns, (tr("value"), self._values)]

    # Places

    def _font(self) -> QFont:
        return self.theme.font(round(self.theme.text_px * self._size))

    def _places(self, rect: QRectF) -> tuple[list[Place], bool]:
        """Return the places of the characters that fit, and whether all do."""
        key = (rect.left(), rect.top(), rect.width(), rect.height(), self.theme.scale)
        if self._laid_out is None or self._laid_out[0] != key:
            for size in SIZES[-1:] if self._values is None else SIZES:
                self._size = size
                self._laid_out = (key, *self._arranged(rect))
                if self._laid_out[2]:
                    break
        assert self._laid_out is not None
        return self._laid_out[1], self._laid_out[2]

    def _arranged(self, rect: QRectF) -> tuple[list[Place], bool]:
        metrics = QFontMetricsF(self._font())
        height = LINE * metrics.height() / 1.2
        widths = {c: self._width(metrics, c) for c in set(self._text)}
        places: list[Place] = []
        y, begin = rect.top(), 0
        while begin < len(self._text):
            if y + height > rect.bottom() + 0.5:
                return places, False
            end = self._line_end(begin, rect.width(), widths)
            x = rect.left()
            for k in range(begin, end):
                wide = widths[self._text[k]]
                paper = QRectF(x, y + 1, wide + 0.5, height - 2)
                places.append(Place(k, QRectF(x, y, wide, height), paper))
                x += wide
            begin, y = end, y + height
        return places, True

    def _width(self, metrics: QFontMetricsF, character: str) -> float:
        shown = character if self._values is None or character not in "\n\t" else MARKS[character]
        return metrics.horizontalAdvance(shown) if shown != "\n" else 1.0

    def _line_end(self, begin: int, width: float, widths: dict[str, float]) -> int:
        """Return where a line that begins at `begin` ends: after a line break, else after the last word
        that fits.
        """
        x, space = 0.0, None
        for k in range(begin, len(self._text)):
            x += widths[self._text[k]]
            if x > width and k > begin:
                return space if space is not None else k
            if self._text[k] == "\n":
                return k + 1
            if self._breaks_after(k):
                space = k + 1
        return len(self._text)

    def _breaks_after(self, k: int) -> bool:
        """Whether a line may end here: after a space or an ideograph, but not before closing punctuation."""
        follows = self._text[k + 1 : k + 2]
        wide = ord(self._text[k]) > IDEOGRAPHS
        return (self._text[k] == " " or wide) and not (follows and follows in CLOSING)

    # Drawing

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if not self._text:
            self._say(painter, rect, self.empty_words)
            return
        if self._values is not None:
            self._draw_scale(painter, rect)
        places, whole = self._places(rect)
        with clipped(painter, rect.adjusted(-2, -2, 2, 2)):
            inks = self._draw_colours(painter, places)
            self._draw_characters(painter, self._written(places, whole), inks, live)
            self._draw_frames(painter, rect, places, live)

    def _draw_colours(self, painter: QPainter, places: list[Place]) -> dict[int, list[int]]:
        """Draw the background colours; return which characters are written in which colour."""
        count = len(places)
        if self._values is None:
            quiet, ordinary = (QColor(colour).rgb() for colour in (self.theme.quiet, self.theme.text))
            given = min(self._quiet, count)
            return {quiet: list(range(given)), ordinary: list(range(given, count))}
        unit = (self._values[:count] / self._limit + 1) / 2
        papers = shades(unit, table("diverging", self.theme.plot))
        papers[papers[:, 3] == 0, :3] = rgb(self.theme.panel)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for place, (red, green, blue, _) in zip(places, papers.tolist(), strict=True):
            painter.fillRect(place.paper, QColor(red, green, blue))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        dark = reads_black(papers[:, :3])
        inks = QColor("#ffffff").rgb(), QColor("#000000").rgb()
        return {ink: np.flatnonzero(dark == black).tolist() for black, ink in enumerate(inks)}

    def _written(self, places: list[Place], whole: bool) -> list[Character]:
        """Return the characters and the starts of their base lines; they are kept, as the places are."""
        if self._bases is None or self._bases[0] is not places:
            metrics = QFontMetricsF(self._font())
            down = (LINE / 1.2 - 1) * metrics.height() / 2 + metrics.ascent()
            below = QPointF(0.0, down)
            written = [(self._shown(one, places, whole), one.rect.topLeft() + below) for one in places]
            self._bases = places, written
        return self._bases[1]

    def _draw_characters(
        self, painter: QPainter, written: list[Character], inks: dict[int, list[int]], live: bool
    ) -> None:
        """Draw each character in its colour; on the screen, all characters of the main font in one call.

        One call for each of five hundred characters took half of the time of the picture.
        """
        painter.setFont(self._font())
        font = QRawFont.fromFont(self._font())
        found = {text: font.glyphIndexesForString(text) for text in set(self._text)} if live else {}
        glyph_of = {text: glyphs[0] for text, glyphs in found.items() if len(glyphs) == 1 and glyphs[0]}
        for ink, indices in inks.items():
            painter.setPen(QColor(ink))
            characters = [written[k] for k in indices]
            run = QGlyphRun()
            run.setRawFont(font)
            run.setGlyphIndexes([glyph_of[text] for text, _ in characters if text in glyph_of])
            run.setPositions([base for text, base in characters if text in glyph_of])
            painter.drawGlyphRun(QPointF(), run)
            for text, base in characters:
                if text not in glyph_of:
                    painter.drawText(base, text)

    def _shown(self, place: Place, places: list[Place], whole: bool) -> str:
        if not whole and place is places[-1]:
            return "…"
        character = self._text[place.index]
        if character in "\n\t":
            return MARKS[character] if self._values is not None else ""
        return character

    def heading(self, live: bool) -> str:
        """The title, or `brief` where the whole title leaves no room for the scale beside it."""
        whole = super().heading(live)
        wide = self.theme.metrics(self.theme.title_px).horizontalAdvance(whole)
        return whole if not self.brief or wide <= self._title_room(self.paper()) else self.brief

    def _title_room(self, rect: QRectF) -> float:
        """With values the scale stands beside the title."""
        scale = self.metrics.horizontalAdvance("".join(self._ends)) + self.theme.px(SCALE)
        return super()._title_room(rect) - (scale if self._values is not None else 0.0)

    @property
    def _ends(self) -> tuple[str, str]:
        """The values at both ends of the scale."""
        return short_text(-self._limit, 3), short_text(self._limit, 3)

    def _draw_scale(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the colour scale, at the right end of the title."""
        metrics, px = metrics_of(painter.font()), self.theme.px
        low, high = self._ends
        line = QRectF(rect.left(), rect.top() - self.theme.text_px - px(9), rect.width(), metrics.height())
        put_text(painter, line, RIGHT, high, self.theme.quiet)
        bar = QRectF(
            line.right() - metrics.horizontalAdvance(high) - px(64), line.center().y() - px(4), px(60), px(8)
        )
        ramp = image(shades(np.linspace(0, 1, 128)[None, :], table("diverging", self.theme.plot)))
        painter.drawImage(bar, ramp)
        put_text(painter, QRectF(bar.left() - px(60), line.top(), px(56), line.height()), RIGHT, low)

    def _draw_frames(self, painter: QPainter, rect: QRectF, places: list[Place], live: bool) -> None:
        hovered = self._hovered if live else None
        chosen = self.selection if self.marked else None
        for index, colour, width in ((chosen, self.theme.accent, 2), (hovered, self.theme.text, 1)):
            if index is not None and index < len(places):
                outline(painter, colour, width)
                painter.drawRect(places[index].rect)
        told = hovered if hovered is not None else (self.selection if live else None)
        if told is not None and told < len(places) and self._values is not None:
            self._draw_value(painter, rect, places[told])

    def _draw_value(self, painter: QPainter, rect: QRectF, place: Place) -> None:
        """Write the character and its value on a patch beside it."""
        assert self._values is not None
        character = self._text[place.index]
        words = f"{MARKS.get(character, character)}  {value_text(float(self._values[place.index]))}"
        painter.setFont(self.theme.font())
        share = float(place.rect.center().x() > rect.center().x())
        below = place.rect.bottom() + self.line_height + self.theme.px(4) < rect.bottom()
        y = place.rect.bottom() + 1 if below else place.rect.top() - self.line_height - self.theme.px(3)
        at = QPointF(place.rect.center().x(), max(y, rect.top()))
        put_note(painter, self.theme, at, words, share=share, within=self._notes_room)

    # The mouse and the keys

    def _found_at(self, place: QPointF) -> int | None:
        """Return the index of the character at a place of the widget."""
        places, _ = self._places(self.content)
        return next((one.index for one in places if one.rect.contains(place)), None)

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        if right and self._text:
            at = -1 if self.selection is None else self.selection
            self._choose(min(max(at + right, 0), len(self._text) - 1))
        return bool(right and self._text)
