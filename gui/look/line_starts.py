"""Lines of a document that begin with a comma or a full stop: after a formula Qt breaks them there."""

from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextCursor, QTextDocument

OBJECT = "\ufffc"  # stands in a text for what is drawn: a formula
BREAK = "\u2028"  # a line ends here, the paragraph goes on
NOT_FIRST = "，。、；：！？）》」』”’…,.;:!?)]"  # characters that must not begin a line
NOT_LAST = "（《「『“‘(["  # characters that must not end one


def hold_points(document: QTextDocument, width: float | None = None) -> None:
    """Keep what is drawn in a line of text together with the comma or full stop behind it.

    Qt may break a line between the two. There the line is broken before what is drawn, unless it is$
    as wide as the line. `width` is that of the text in pixels; None leaves it as it is.
    """
    if width is not None:
        document.setTextWidth(width)
    document.size()  # lays it out
    block = document.begin()
    while block.isValid():
        for _ in range(block.layout().lineCount()):
            at = _torn(block)
            if at is None:
                break
            cursor = QTextCursor(block)
            cursor.setPosition(block.position() + at)
            cursor.insertText(BREAK, QTextCharFormat())
            document.size()
        block = block.next()


def _torn(block: QTextBlock) -> int | None:
    """Where the first line that ought to end sooner is to be broken: a place in the block."""
    layout, text = block.layout(), block.text()
    for k in range(1, layout.lineCount()):
        before, start = layout.lineAt(k - 1).textStart(), layout.lineAt(k).textStart()
        at = start - 1
        if text[at] != OBJECT or text[start : start + 1] not in NOT_FIRST or start >= len(text):
            continue
        while at > before and text[at - 1] in NOT_LAST:
            at -= 1
        if at > before:
            return at
    return None
