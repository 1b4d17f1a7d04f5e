"""Markdown with formulas → a document: $inline$ formulas on the baseline, $$others$$ on their own line."""

import re
from functools import lru_cache

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QImage,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
)

from gui.look.formula import Order, Typeset, typeset_or_none
from gui.look.formula_label import SMALLEST, STRIDE
from gui.look.line_starts import hold_points
from gui.look.theme import Theme

FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<!\\)\$(?!\s)([^$\n]+?)\$", re.DOTALL)
CHINESE = r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]"
POINTS = "，。、；：！？…）》」』”"  # characters with room after them
CHINESE_BREAK = re.compile(  # a line break that Qt would turn into a space
    rf"^(?!#)(.*(?:{CHINESE}(?=\n{CHINESE})|[{POINTS}](?=\n[A-Za-zα-ω$])))\n", re.MULTILINE
)
SHORT = re.compile(r"(?<![^\s（(“])([\w′()]{1,5}) ([−×·]) (?=[\w′(])")  # "p − y", which no line is to part
HARD = "\u00a0"  # a space at which no line ends
OURS = re.compile(r"([0-9]{1,6})\.formula")  # the name of the image of a formula
FEATURES = QTextDocument.MarkdownFeature
WORDS_ONLY = FEATURES.MarkdownDialectGitHub | FEATURES.MarkdownNoHTML  # HTML is shown as it is typed
LINE_HEIGHT = 145.0  # per cent


def explanation(markdown: str, theme: Theme, width: int, ratio: float, parent: QObject) -> QTextDocument:
    """Make the document. Formulas wider than `width` are scaled down; `ratio` is device pixels to a pixel."""
    document = QTextDocument(parent)
    font = theme.font(theme.notes_px)
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.setIndentWidth(theme.px(20))
    formulas: list[tuple[str, bool]] = []

    def place(found: re.Match[str]) -> str:
        block = found[1] is not None
        formulas.append((" ".join((found[1] or found[2]).split()), block))
        image = f"![formula]({len(formulas) - 1}.formula)"  # Qt drops images without a text
        return f"\n\n{image}\n\n" if block else image

    words = FORMULA.sub(place, CHINESE_BREAK.sub(r"\1", markdown))
    document.setMarkdown(SHORT.sub(rf"\1{HARD}\2{HARD}", words), WORDS_ONLY)
    _drop_pictures(document, len(formulas))
    _lay_out(document, theme)
    _stress(document)
    for index, formula in enumerate(formulas):
        _add_image(document, f"{index}.formula", formula, theme, width, ratio)
    _show_images(document, formulas, theme)
    if formulas:
        hold_points(document, width)
    return document


def _drop_pictures(document: QTextDocument, formulas: int) -> None:
    """Put its words in the place of each picture that is no formula: a text could name any file."""
    cursor = QTextCursor(document)
    for start, end, name in _images(document):
        number = OURS.fullmatch(name)
        if number is None or int(number[1]) >= formulas:
            words = _latex(document, start)
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(words, QTextCharFormat())


def _add_image(
    document: QTextDocument, name: str, formula: tuple[str, bool], theme: Theme, width: int, ratio: float
) -> None:
    latex, block = formula
    px, room = theme.px(16), max(width - theme.px(8), 40)
    found = typeset_or_none(Order(latex, px, theme.text, (), room // STRIDE * STRIDE))
    if found is not None:
        metrics = QFontMetricsF(theme.font(theme.notes_px))
        scale = min(1.0, max(room / found.width, theme.px(SMALLEST) / px))
        image = _image(found, ratio, scale, None if block else metrics.xHeight() / 2)
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), image)


@lru_cache(maxsize=200)
def _image(found: Typeset, ratio: float, scale: float, middle: float | None) -> QImage:
    """Return the image of a formula; cached, because the same explanations are often shown again."""
    return found.image(ratio, scale, middle)


def _show_images(document: QTextDocument, formulas: list[tuple[str, bool]], theme: Theme) -> None:
    """Put each image on the baseline; a formula whose LaTeX cannot be drawn is replaced by its source."""
    cursor = QTextCursor(document)
    for start, end, name in _images(document):
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        latex, block = formulas[int(name.split(".")[0])]
        image = document.resource(QTextDocument.ResourceType.ImageResource, QUrl(name))
        if image is None:
            cursor.insertText(latex, QTextCharFormat())
            continue
        shown = QTextImageFormat()
        shown.setName(name)
        shown.setWidth(image.deviceIndependentSize().width())
        shown.setHeight(image.deviceIndependentSize().height())
        shown.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        shown.setProperty(QTextImageFormat.Property.ImageAltText, latex)
        cursor.setCharFormat(shown)
        if block:
            spaced = QTextBlockFormat()
            spaced.setTopMargin(theme.px(2))
            spaced.setBottomMargin(theme.px(18))
            cursor.setBlockFormat(spaced)


def formulas_in(document: QTextDocument) -> list[str]:
    """Return the LaTeX of the formulas in a document, in their order."""
    return [_latex(document, start) for start, _, _ in reversed(_images(document))]


def formula_named(document: QTextDocument, name: str) -> str:
    """Return the LaTeX of the formula whose image has this name; "" if there is none."""
    found = (_latex(document, start) for start, _, one in _images(document) if name and one == name)
    return next(found, "")


def _latex(document: QTextDocument, start: int) -> str:
    """Return the LaTeX that was stored with the image at a place."""
    cursor = QTextCursor(document)
    cursor.setPosition(start + 1)
    return str(cursor.charFormat().property(QTextImageFormat.Property.ImageAltText))


def _images(document: QTextDocument) -> list[tuple[int, int, str]]:
    """Return where the images are, the last first, so that a replacement does not move the next ones."""
    found = []
    block = document.begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            if piece.charFormat().isImageFormat():
                name = piece.charFormat().toImageFormat().name()
                found += [
                    (at, at + 1, name) for at in range(piece.position(), piece.position() + piece.length())
                ]
            pieces += 1
        block = block.next()
    return found[::-1]


def _lay_out(document: QTextDocument, theme: Theme) -> None:
    """Set the height of lines, and the size of headings."""
    block = document.begin()
    while block.isValid():
        _lay_out_block(block, theme)
        block = block.next()


def _stress(document: QTextDocument) -> None:
    """Make Chinese words that are stressed bold and upright: Chinese has no italics."""
    found = []
    block = document.begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            if piece.charFormat().fontItalic() and re.search(CHINESE, piece.text()):
                found.append((piece.position(), piece.length()))
            pieces += 1
        block = block.next()
    cursor, bold = QTextCursor(document), QTextCharFormat()
    bold.setFontItalic(False)
    bold.setFontWeight(QFont.Weight.Bold)
    for start, length in found:
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(bold)


def _lay_out_block(block: QTextBlock, theme: Theme) -> None:
    level = block.blockFormat().headingLevel()
    spaced = QTextBlockFormat()
    spaced.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    spaced.setTopMargin(theme.px(12) if level else 0)
    spaced.setBottomMargin(theme.px(4 if level or block.textList() else 10))
    cursor = QTextCursor(block)
    cursor.mergeBlockFormat(spaced)
    if level:
        words = QTextCharFormat()
        words.setFontWeight(QFont.Weight.DemiBold)
        words.setProperty(QTextCharFormat.Property.FontSizeAdjustment, 1 if level == 1 else 0)
        cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        cursor.mergeCharFormat(words)
