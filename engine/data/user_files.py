"""A file of the user: read as a whole, up to a limit of size; every error is a clear message.

Characters are stored as bytes in some encoding, which most files do not name. The encoding is known if there
is a byte order mark, or if the bytes are valid UTF-8, which bytes of other encodings almost never are.
Otherwise it may be GB18030, the usual encoding of Chinese files; this is accepted only if most of the text is
common Chinese.

References: RFC 3629, "UTF-8, a transformation format of ISO 10646"; GB 18030-2005; GB 2312-80, of which rows
1 to 3 are punctuation, and rows 16 to 55 the 3,755 everyday characters.
"""

import codecs
from itertools import islice
from pathlib import Path

from engine.config import Problem
from engine.files import read_bytes, reason

MOST_BYTES = 20 * 2**20
ENCODINGS = {
    "auto": "Automatic",
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "gb18030": "GB18030 (Chinese)",
    "cp1252": "Windows-1252 (Western)",
}
MARKS = {  # the longer first: UTF-32 begins as UTF-16 does
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
BEGINNINGS = {  # the first bytes of files that are not texts, and their kind
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"PK\x03\x04": "zip",  # also .xlsx, .docx and .ods
    b"\xd0\xcf\x11\xe0": "office",  # .xls and .doc
    b"%PDF-": "pdf",
    b"\x1f\x8b": "gzip",
}
NO_TEXTS = {
    "png": "The file is a PNG picture, not a table or a text",
    "jpeg": "The file is a JPEG picture, not a table or a text",
    "gif": "The file is a GIF picture, not a table or a text",
    "zip": "The file is a workbook, a document or an archive. Save it as CSV or as plain text first",
    "office": "The file is a workbook or a document. Save it as CSV or as plain text first",
    "pdf": "The file is a PDF. Save its text as plain text first",
    "gzip": "The file is compressed (gzip). Unpack it first",
}
SAMPLE = 20_000  # characters that are checked for being Chinese
EVERYDAY = 0.6  # in Chinese, at least this fraction of the characters beyond ASCII is common


def bytes_of(path: Path, most: int | None = None) -> bytes:
    """The bytes of a file.

    Raises:
        Problem: there is none, it cannot be read, or it is larger than `most` bytes, by default 20 MB.
    """
    most = MOST_BYTES if most is None else most
    content = head_of(path, most + 1)
    if len(content) > most:
        raise Problem("The file is larger than {most} MB", most=most // 2**20)
    return content


def head_of(path: Path, count: int) -> bytes:
    """The first bytes of a file, `count` at most.

    Raises:
        Problem: there is none, or it cannot be read.
    """
    try:
        if not path.exists():
            raise Problem("There is no file {path}", path=path)
        if not path.is_file():
            raise Problem("{path} is not a file", path=path)
    except OSError as error:
        raise Problem("The file cannot be read: {reason}", reason=reason(error)) from error
    return read_bytes(path, count)[:count]


def stamp_of(path: str) -> tuple[int, ...]:
    """When a file was last changed, and its size: while both stay, so does the file. Without a file ()."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return ()
    return (status.st_mtime_ns, status.st_size)


def no_text(content: bytes) -> str | None:
    """The kind of a file (a key of `NO_TEXTS`) if its first bytes show that it is not a text."""
    return next((kind for mark, kind in BEGINNINGS.items() if content.startswith(mark)), None)


def _check_text(content: bytes) -> None:
    """Refuse the content of a picture, an archive and others that are no text."""
    kind = no_text(content)
    if kind is not None:
        raise Problem(NO_TEXTS[kind])


def decoded(content: bytes, encoding: str = "auto", whole: bool = True) -> str:
    """Decode bytes to a text, without a byte order mark.

    `encoding` is a key of `ENCODINGS`. A text that is not `whole` may end within a character.

    Raises:
        Problem: they are a picture or another file that is not a text; or they are not valid in that
            encoding, or in any known one, and `where` is the line.
    """
    _check_text(content)
    if encoding == "auto":
        encoding = encoding_of(content, whole)
    elif encoding == "utf-8":
        encoding = "utf-8-sig"
    elif encoding == "utf-16" and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16-le"
    try:
        return _decoded(content, encoding, whole)
    except UnicodeDecodeError as error:
        line = _line(content, error.start)
        name = ENCODINGS.get(encoding.removesuffix("-sig").removesuffix("-le"), encoding)
        raise Problem(
            "line {line}: the text is not {encoding}", where=f"line {line}", line=line, encoding=name
        ) from error


def encoding_of(content: bytes, whole: bool = True) -> str:
    """The encoding of the byte order mark; without one, UTF-8 or GB18030, whichever is valid.

    Raises:
        Problem: neither is valid, and `where` is the line; or the file is not a text.
    """
    _check_text(content)
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return encoding
    try:
        _decoded(content, "utf-8", whole)
    except UnicodeDecodeError as error:
        if _is_chinese(content, whole):
            return "gb18030"
        line = _line(content, error.start)
        sentence = "line {line}: the encoding of the text is not known; save the file as UTF-8"
        raise Problem(sentence, where=f"line {line}", line=line) from error
    return "utf-8"


def _decoded(content: bytes, encoding: str, whole: bool) -> str:
    """Decode bytes; a text that is not whole may end within a character."""
    if whole:
        return content.decode(encoding)
    return codecs.getincrementaldecoder(encoding)().decode(content)


def _line(content: bytes, place: int) -> int:
    """The line, from 1, of a place in the content."""
    return content.count(b"\n", 0, place) + 1


def _is_chinese(content: bytes, whole: bool) -> bool:
    """Whether the bytes are GB18030, and most characters beyond ASCII are common in Chinese."""
    try:
        text = _decoded(content, "gb18030", whole)
    except UnicodeDecodeError:
        return False
    beyond = list(islice((character for character in text if character > "\x7f"), SAMPLE))
    return sum(map(_is_everyday, beyond)) >= EVERYDAY * len(beyond)


def _is_everyday(character: str) -> bool:
    """Whether a character is punctuation or one of the first level of GB 2312."""
    code = character.encode("gb18030")
    return len(code) == 2 and code[1] >= 0xA1 and (0xA1 <= code[0] <= 0xA3 or 0xB0 <= code[0] <= 0xD7)
