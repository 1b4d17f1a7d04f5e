"""Names from a file, made safe to show: short, on one line, without invisible characters.

The name of a file, a class, a cell or a key of a session is text from an unknown source. It can have a
million characters, line breaks, or marks that change the direction of writing, so that "gpj.exe" looks like
"exe.jpg". A widget must show it as plain text (in Qt: Qt.TextFormat.PlainText), never as HTML.

Reference: Unicode Standard Annex #9, "Bidirectional Algorithm", section 2; general categories in UAX #44.
"""

import unicodedata

UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")  # controls, format characters, lone surrogates, line separators
JOINERS = "\u200c\u200d"  # needed in Persian, Hindi and emoji; they do not change the direction of writing


def plain_name(text: str, most: int = 60) -> str:
    r"""Return a name for a message: at most `most` characters, with control characters written as \u202e.

    A longer name loses its middle, because the end of a path is important. The time does not depend on the
    length.
    """
    if len(text) > most:
        tail = most // 2
        return f"{_seen(text[: most - tail - 1])}…{_seen(text[-tail:])}"
    return _seen(text)


def _seen(text: str) -> str:
    """The text with every invisible character written as its code."""
    return "".join(_code(c) if unicodedata.category(c) in UNSEEN and c not in JOINERS else c for c in text)


def _code(character: str) -> str:
    names = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
    number = ord(character)
    return names.get(character) or (f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}")
