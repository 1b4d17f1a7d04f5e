"""Names that come out of a file, as they may be shown: short, on one line, and nothing in them unseen.

A file's name, a class, a cell, a key of a session is somebody else's text. It may be a million characters
long, hold line breaks, or marks that turn the direction of writing, so that "gpj.exe" is read as "exe.jpg".
What shows it must also take it as plain text (in Qt: Qt.TextFormat.PlainText), never as HTML.

Reference: Unicode Standard Annex #9, "Bidirectional Algorithm", section 2; general categories in UAX #44.
"""

import unicodedata

UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")  # controls, format characters, lone surrogates, line separators
JOINERS = "\u200c\u200d"  # belong to the spelling of Persian, Hindi and emoji, and turn nothing


def plain_name(text: str, most: int = 60) -> str:
    r"""Return a name for a message: of at most `most` characters of it, both ends, and controls as \u202e.

    The middle is left out, as the end of a path says most. The time does not depend on the length.
    """
    if len(text) > most:
        tail = most // 2
        return f"{_seen(text[: most - tail - 1])}…{_seen(text[-tail:])}"
    return _seen(text)


def _seen(text: str) -> str:
    """The text with every character that has no shape of its own written as its code."""
    return "".join(_code(c) if unicodedata.category(c) in UNSEEN and c not in JOINERS else c for c in text)


def _code(character: str) -> str:
    names = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
    number = ord(character)
    return names.get(character) or (f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}")
