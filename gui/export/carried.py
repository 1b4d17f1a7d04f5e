"""The session in a picture: an exported figure can be opened again as its experiment, at its step.

PNG stores texts in their own chunks (iTXt), SVG in <metadata>, PDF in an attached file. The session has one
experiment, as in a session file: its settings, options, step, pinned runs. It names no files, so that a
picture contains neither data nor folder names of the user.

The session in a picture is read as strictly as a session file.

References: W3C, *Portable Network Graphics (PNG) Specification*, 11.3.3.4; ISO 32000-1, 7.11.4.
"""

import re
import zlib
from html import escape, unescape
from pathlib import Path

from engine import files
from engine.config import Problem
from engine.session import LARGEST, Session, SessionError, encode, files_named, read, without_files
from gui.export.file_kinds import refuse_others
from gui.export.png import SIGNATURE, chunks

KEYWORD = "Nabla session"
ATTACHED = "session.nabla.json"
IN_SVG = re.compile(rb'<metadata id="nabla-session">(.*?)</metadata>', re.DOTALL)
AFTER = re.compile(rb"</desc>")  # the description stands before the first drawing
IN_PDF = re.compile(rb"/EF\s*<<\s*/F (\d{1,9}) 0 R\s*>>")
PICTURES = {".png", ".svg", ".pdf"}


def text_of(session: Session) -> str:
    """A session as the text that a picture carries, in one line and without the names of files."""
    bare = without_files(session, files_named(session))
    return " ".join(encode(bare).decode("utf-8").split())


def is_picture(path: Path) -> bool:
    """Whether a file is a picture by its name."""
    return path.suffix.lower() in PICTURES


def in_svg(svg: bytes, text: str) -> bytes:
    """An SVG that carries a text."""
    held = b'<metadata id="nabla-session">' + escape(text, quote=False).encode("utf-8") + b"</metadata>"
    return AFTER.sub(lambda found: found[0] + b"\n" + held, svg, count=1)


def carried(data: bytes) -> bytes | None:
    """The bytes of the session that a picture carries, if it is a picture with one.

    Of a picture only the beginning is needed, but of a PDF all.
    """
    if data.startswith(SIGNATURE):
        return _in_png(data)
    if data.startswith(b"%PDF"):
        return _in_pdf(data)
    found = IN_SVG.search(data)
    return unescape(found[1].decode("utf-8", "replace")).encode("utf-8") if found else None


def carries(path: Path) -> bool:
    """Whether a picture that can be read carries a session."""
    try:
        return carried(files.read_bytes(path, LARGEST)) is not None
    except Problem:
        return False


def session_bytes(path: Path) -> bytes:
    """The bytes of a session: of a session file, or those in a picture.

    Raises:
        SessionError: the file cannot be read, or is a picture without a session.
    """
    if not is_picture(path):
        refuse_others(path, "session")
        return read(path)
    try:
        data = carried(files.read_bytes(path, LARGEST))
    except Problem as problem:
        raise SessionError(problem.sentence, where=problem.where, **problem.values) from problem
    if data is None:
        raise SessionError("This picture carries no session: it was exported without one, or not by Nabla.")
    return data


def _in_png(data: bytes) -> bytes | None:
    """iTXt: keyword, 0, compressed or not, method, language, 0, keyword in that language, 0, the text."""
    for name, content in chunks(data):
        if name == b"IDAT":
            return None
        keyword, _, rest = content.partition(b"\0")
        if name == b"iTXt" and keyword == KEYWORD.encode() and rest[:1] == b"\0":
            return rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    return None


def _in_pdf(data: bytes) -> bytes | None:
    """The first attached file, which Qt packs with zlib."""
    named = IN_PDF.search(data)
    place = data.find(b"\n" + named[1] + b" 0 obj") if named else -1
    begin = data.find(b"stream", place)
    if place < 0 or begin < 0:
        return None
    packed = data[begin + len(b"stream") :].lstrip(b"\r\n")
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(packed, LARGEST)
    except zlib.error:
        return None
    return found if unpacker.eof else None
