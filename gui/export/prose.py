"""Markdown as paragraphs with formulas, to be written as HTML or PDF.

Only text is taken: HTML is shown as it was typed, and pictures or files that are named are not opened.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextDocument,
    QTextFormat,
    QTextFragment,
    QTextFrame,
    QTextListFormat,
    QTextTable,
)

from gui.look.theme import LIGHT
from gui.screen.explanation import CHINESE, CHINESE_BREAK, FORMULA, WORDS_ONLY

MARK = "\ue000{}\ue001"  # stands for a formula while the rest is read; no letter of any text
MARKED = re.compile("\ue000([0-9]+)\ue001")
WEB = re.compile(r"https?://")
NUMBERED = QTextListFormat.Style.ListDecimal


class Wording(NamedTuple):
    """Words that look alike, or one formula (its LaTeX)."""

    text: str
    formula: bool = False
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str = ""  # to a page on the web


@dataclass(frozen=True)
class Passage:
    """A paragraph: `heading` is its level or 0, `depth` how deep in lists it stands, `number` its own there.

    `display` tells that it is one formula that stands alone.
    """

    runs: tuple[Wording, ...]
    heading: int = 0
    depth: int = 0
    number: int = 0  # in a numbered list, from 1
    quoted: bool = False
    code: bool = False

    @property
    def display(self) -> bool:
        """Whether it is one formula that stands alone."""
        return len(self.runs) == 1 and self.runs[0].formula


@dataclass(frozen=True)
class ProseTable:
    """A table, row by row; each cell is a line of words."""

    rows: tuple[tuple[tuple[Wording, ...], ...], ...]


def prose(markdown: str) -> list[Passage | ProseTable]:
    """The paragraphs and tables of a text."""
    formulas: list[str] = []

    def place(found: re.Match[str]) -> str:
        formulas.append(" ".join((found[1] or found[2]).split()))
        mark = MARK.format(len(formulas) - 1)
        return f"\n\n{mark}\n\n" if found[1] is not None else mark

    words = markdown.replace("\ue000", "").replace("\ue001", "")
    document = QTextDocument()
    document.setDefaultFont(LIGHT.font())
    document.setMarkdown(FORMULA.sub(place, CHINESE_BREAK.sub(r"\1", words)), WORDS_ONLY)
    return list(_parts(document.rootFrame(), formulas))


def plain(markdown: str) -> str:
    """A text in one line, without any form."""
    parts = [one for one in prose(markdown) if isinstance(one, Passage)]
    return " ".join("".join(run.text for run in one.runs) for one in parts)


def _parts(frame: QTextFrame, formulas: list[str]) -> Iterator[Passage | ProseTable]:
    place = frame.begin()
    while not place.atEnd():
        inner, block = place.currentFrame(), place.currentBlock()
        if isinstance(inner, QTextTable):
            yield _grid(inner, formulas)
        elif inner is not None:
            yield from _parts(inner, formulas)
        elif block.isValid() and (runs := tuple(_runs(block, formulas))):
            yield _passage(block, runs)
        place += 1


def _grid(table: QTextTable, formulas: list[str]) -> ProseTable:
    def cell(row: int, column: int) -> tuple[Wording, ...]:
        found, runs = table.cellAt(row, column), list[Wording]()
        block, last = found.firstCursorPosition().block(), found.lastCursorPosition().block()
        while True:
            runs += _runs(block, formulas)
            if block == last:
                return tuple(runs)
            block = block.next()

    return ProseTable(tuple(tuple(cell(k, n) for n in range(table.columns())) for k in range(table.rows())))


def _passage(block: QTextBlock, runs: tuple[Wording, ...]) -> Passage:
    form, items = block.blockFormat(), block.textList()
    depth = items.format().indent() if items is not None else 0
    numbered = items is not None and items.format().style() == NUMBERED
    marker = form.marker()
    if items is not None and marker != QTextBlockFormat.MarkerType.NoMarker:  # Qt leaves it on what follows
        ticked = marker == QTextBlockFormat.MarkerType.Checked
        runs = (Wording("☑ " if ticked else "☐ "), *runs)
    return Passage(
        runs,
        form.headingLevel(),
        depth,
        items.format().start() + items.itemNumber(block) if numbered and items is not None else 0,
        bool(form.property(QTextFormat.Property.BlockQuoteLevel)),
        form.hasProperty(QTextFormat.Property.BlockCodeFence) or form.nonBreakableLines(),
    )


def _runs(block: QTextBlock, formulas: list[str]) -> Iterator[Wording]:
    place = block.begin()
    while not place.atEnd():
        yield from _run(place.fragment(), formulas)
        place += 1


def _run(fragment: QTextFragment, formulas: list[str]) -> Iterator[Wording]:
    form = fragment.charFormat()
    if form.isImageFormat():
        words = str(form.toImageFormat().property(QTextFormat.Property.ImageAltText) or "")
        if words:
            yield Wording(f"[{words}]")
        return
    link = form.anchorHref() if WEB.match(form.anchorHref()) else ""
    bold, italic = form.fontWeight() > QFont.Weight.Medium, form.fontItalic()
    if italic and re.search(CHINESE, fragment.text()):  # Chinese has no italics
        bold, italic = True, False
    look = (bold, italic, form.fontFixedPitch(), link)
    for k, part in enumerate(MARKED.split(fragment.text().replace("\u2028", "\n"))):
        if k % 2:
            yield Wording(formulas[int(part)], True)
        elif part:
            yield Wording(part, False, *look)
