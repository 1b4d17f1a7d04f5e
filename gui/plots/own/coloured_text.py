"""A text whose characters have a background colour: the value of a neuron at each; or a plain text."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGlyphRun, QImage, QKeyEvent, QPainter, QRawFont

from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import Theme, metrics_of
from gui.plots.choosing import Choosing
from gui.plots.colours import image, shades, table, words_read_black
from gui.plots.described import Columns
from gui.plots.own.text_places import Numbered, Place, arranged, numbered
from gui.plots.painting import RIGHT, clipped, outline, put_note, put_text, rgb
from gui.plots.panel import Panel
from gui.plots.scale import FloatArray
from gui.plots.ticks import value_text

MARKS = {"\n": "↵", " ": "␣", "\t": "⇥"}  # signs for invisible characters
SIZES = (1.8, 1.7, 1.6, 1.5, 1.4, 1.3, 1.2, 1.08)  # possible sizes of letters, relative to ordinary text
SCALE = 96  # pixels that the scale takes beside its two numbers, and the space before it
LINE = 1.45  # the distance of lines, in heights of the font


class Lettering(NamedTuple):
    """The characters at the places, and what is the same in each picture of them."""

    places: list[Place]
    font: QFont
    texts: list[str]
    bases: list[QPointF]  # where their base lines begin
    raw: QRawFont  # the main font
    glyphs: list[int]  # their numbers in it; 0: it has no single glyph for that text


class ColouredTextPanel(Choosing, Panel):
    """Characters in lines, broken between words if there are words; wide characters take a wider place.

    With values, each character has a background colour of the diverging map. The value of the character under
    the mouse (`hovered` carries its index), or chosen with the arrow keys, is written beside it. The letters
    are as large as possible. What does not fit in the smallest size is left out, by whole lines, and the last
    line ends with …
    """

    selected = Signal(int)
    selection: int | None

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.brief = ""  # a shorter title
        self._text = ""
        self._values: FloatArray | None = None
        self._limit = 1.0
        self._quiet = 0  # the number of characters at the beginning that were given, not generated
        self._size = SIZES[-1]  # the present size of the letters
        self._laid_out: tuple[object, list[Place], bool] | None = None
        self._lettering: Lettering | None = None
        self._numbered: Numbered | None = None

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
        known = {c: self._width(metrics, c) for c in set(self._text)}
        return arranged(self._text, [known[c] for c in self._text], rect, LINE * metrics.height() / 1.2)

    def _width(self, metrics: QFontMetricsF, character: str) -> float:
        shown = character if self._values is None or character not in "\n\t" else MARKS[character]
        return metrics.horizontalAdvance(shown) if shown != "\n" else 1.0

    # Drawing

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if not self._text:
            self._say(painter, rect, self.empty_words)
            return
        if self._values is not None:
            self._draw_scale(painter, rect)
        places, whole = self._places(rect)
        with clipped(painter, rect.adjusted(-2, -2, 2, 2)):
            inks = self._draw_colours(painter, places, live)
            self._draw_characters(painter, self._characters(places, whole), inks, live)
            self._draw_frames(painter, rect, places, live)

    def _draw_colours(self, painter: QPainter, places: list[Place], live: bool) -> dict[int, list[int]]:
        """Draw the background colours; return which characters are written in which colour."""
        count = len(places)
        if self._values is None:
            quiet, ordinary = (QColor(colour).rgb() for colour in (self.theme.quiet, self.theme.text))
            given = min(self._quiet, count)
            return {quiet: list(range(given)), ordinary: list(range(given, count))}
        unit = (self._values[:count] / self._limit + 1) / 2
        papers = shades(unit, table("diverging", self.theme.plot))
        papers[papers[:, 3] == 0, :3] = rgb(self.theme.panel)
        if live:
            self._draw_numbered(painter, places, papers)
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            for place, (red, green, blue, _) in zip(places, papers.tolist(), strict=True):
                painter.fillRect(place.paper, QColor(red, green, blue))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        spaces = [k + 1 for k, letter in enumerate(self._text[: count - 1]) if letter.isspace()]
        dark = words_read_black(papers[:, :3], [0, *spaces])
        inks = QColor("#ffffff").rgb(), QColor("#000000").rgb()
        return {ink: np.flatnonzero(dark == black).tolist() for black, ink in enumerate(inks)}

    def _draw_numbered(self, painter: QPainter, places: list[Place], papers: NDArray[np.uint8]) -> None:
        """Draw all background colours as one picture: a rectangle for each took a fifth of the time."""
        size = self.width(), self.height(), self.devicePixelRatioF()
        if self._numbered is None or self._numbered.places is not places or self._numbered.size != size:
            self._numbered = Numbered(places, size, numbered(places, *size))
        colours = np.zeros(len(places) + 1, np.uint32)  # the first is transparent
        colours[1:] = 0xFF000000 | papers[:, :3].astype(np.uint32) @ np.array((1 << 16, 1 << 8, 1), np.uint32)
        pixels = colours[self._numbered.numbers]
        rows, columns = pixels.shape
        opaque = QImage.Format.Format_ARGB32_Premultiplied
        picture = QImage(pixels.data, columns, rows, 4 * columns, opaque)
        picture.setDevicePixelRatio(size[2])
        painter.drawImage(0, 0, picture)

    def _characters(self, places: list[Place], whole: bool) -> Lettering:
        """Return the characters and the starts of their base lines; they are kept, as the places are."""
        if self._lettering is None or self._lettering.places is not places:
            font = self._font()
            metrics, raw = QFontMetricsF(font), QRawFont.fromFont(font)
            down = (LINE / 1.2 - 1) * metrics.height() / 2 + metrics.ascent()
            bases = [QPointF(one.left, one.top + down) for one in places]
            texts = [self._shown(one, places, whole) for one in places]
            found = {text: raw.glyphIndexesForString(text) for text in set(self._text)}
            glyph_of = {text: glyphs[0] for text, glyphs in found.items() if len(glyphs) == 1}
            glyphs = [glyph_of.get(text, 0) for text in texts]
            self._lettering = Lettering(places, font, texts, bases, raw, glyphs)
        return self._lettering

    def _draw_characters(
        self, painter: QPainter, lettering: Lettering, inks: dict[int, list[int]], live: bool
    ) -> None:
        """Draw each character in its colour; on the screen, all characters of the main font in one call.

        One call for each of five hundred characters took half of the time of the picture.
        """
        _, font, texts, bases, raw, glyphs = lettering
        painter.setFont(font)
        for ink, indices in inks.items():
            painter.setPen(QColor(ink))
            together = [k for k in indices if glyphs[k]] if live else []
            run = QGlyphRun()
            run.setRawFont(raw)
            run.setGlyphIndexes([glyphs[k] for k in together])
            run.setPositions([bases[k] for k in together])
            painter.drawGlyphRun(QPointF(), run)
            for k in indices:
                if not (live and glyphs[k]):
                    painter.drawText(bases[k], texts[k])

    def _shown(self, place: Place, places: list[Place], whole: bool) -> str:
        if not whole and place is places[-1]:
            return "…"
        character = self._text[place.number]
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
        character = self._text[place.number]
        words = f"{MARKS.get(character, character)}  {value_text(float(self._values[place.number]))}"
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
        return next((one.number for one in places if one.rect.contains(place)), None)

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        if right and self._text:
            at = -1 if self.selection is None else self.selection
            self._choose(min(max(at + right, 0), len(self._text) - 1))
        return bool(right and self._text)
