"""Where the pages of a handout end: no heading at the foot of a page, and nothing torn in two."""

from collections.abc import Sequence

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument, QTextFormat

from gui.look.line_starts import hold_points

Paragraphs = tuple[QTextCursor, QTextCursor]  # the first and the last of some


def paragraph(cursor: QTextCursor) -> QTextCursor:
    """The paragraph that a cursor is in, wherever it moves to."""
    here = QTextCursor(cursor.block())
    here.setKeepPositionOnInsert(True)
    return here


def break_before(block: QTextBlock) -> None:
    """Let a paragraph begin on a page of its own."""
    form = block.blockFormat()
    form.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
    QTextCursor(block).setBlockFormat(form)


def hold_together(document: QTextDocument, together: Sequence[Paragraphs], high: float) -> None:
    """Break pages, each `high` pixels, so that no heading stands at the foot of one without what it is over,
    and that what belongs `together` is not torn in two.
    """
    hold_points(document)
    whole = {first.block().position(): last.block() for first, last in together}
    groups, block = dict.fromkeys(whole, False), document.lastBlock()
    while block.isValid():  # from the end: what a heading is over may itself be held together
        below, here = block.next(), block.position()
        if block.blockFormat().headingLevel() and below.isValid() and here not in whole:
            at = below.position()
            whole[here], groups[here] = whole.get(at, below), groups.get(at, True)
        block = block.previous()
    for first, begins in sorted(groups.items()):
        begin = document.findBlock(first)
        if _page(document, high, begin) < _page(document, high, whole[first], begins):
            break_before(begin)


def _page(document: QTextDocument, high: float, block: QTextBlock, begins: bool = True) -> int:
    """The page on which a block begins, or else that on which it ends."""
    top, layout = document.documentLayout().blockBoundingRect(block).top(), block.layout()
    if not layout.lineCount():
        return int((top + 1) // high)
    line = layout.lineAt(0 if begins else layout.lineCount() - 1)
    return int((top + line.y() + (1 if begins else line.height() - 1)) // high)
