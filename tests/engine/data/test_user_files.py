"""Bytes become text: by their mark, as UTF-8, as GB18030 where that is everyday Chinese, else not at all."""

import codecs

import pytest

from engine.config import Problem
from engine.data.texts import TEXTS
from engine.data.user_files import decoded, encoding_of, head_of

CHINESE = TEXTS["daodejing"].read_text(encoding="utf-8")
MIXED = "长度,宽度,类别\n5.1,3.5,山鸢尾\n"


@pytest.mark.parametrize(
    ("content", "encoding", "text"),
    [
        (b"plain", "utf-8", "plain"),
        (b"", "utf-8", ""),
        ("é 道 😀".encode(), "utf-8", "é 道 😀"),
        (codecs.BOM_UTF8 + "é".encode(), "utf-8-sig", "é"),
        (codecs.BOM_UTF16_LE + "é 道 😀".encode("utf-16-le"), "utf-16", "é 道 😀"),
        (codecs.BOM_UTF16_BE + "é 道 😀".encode("utf-16-be"), "utf-16", "é 道 😀"),
        (codecs.BOM_UTF32_LE + "é 道 😀".encode("utf-32-le"), "utf-32", "é 道 😀"),
        (MIXED.encode("gb18030"), "gb18030", MIXED),
        (bytes.fromhex("d6d0cec4"), "gb18030", "中文"),  # as in the table of GB 2312
        (CHINESE.encode("gb18030"), "gb18030", CHINESE),
    ],
)
def test_the_encoding_is_found(content: bytes, encoding: str, text: str) -> None:
    assert encoding_of(content) == encoding
    assert decoded(content) == text


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("Größe,für\n1,2\n".encode("latin-1"), 1),
        ("länge,art\n1,ä\n".encode("cp1252"), 1),
        ("é".encode("latin-1") * 500, 1),
        ("one\ntwo\nこんにちは、元気ですか\n".encode("shift-jis"), 3),
        (b"one\n" + "Привет, как дела".encode("koi8-r"), 2),
        ("道可道\n".encode() + b"\xff\n", 2),
    ],
)
def test_an_encoding_that_cannot_be_known_is_said_with_what_to_do(content: bytes, line: int) -> None:
    with pytest.raises(Problem) as caught:
        decoded(content)
    sentence = f"line {line}: the encoding of the text is not known; save the file as UTF-8"
    assert str(caught.value) == sentence
    assert caught.value.where == f"line {line}"


@pytest.mark.parametrize("encoding", ["auto", "cp1252", "gb18030"])
@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture, not a table or a text"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "a JPEG picture, not a table or a text"),
        (b"GIF89a\x01\0", "a GIF picture, not a table or a text"),
        (b"PK\x03\x04\x14\0\6\0", "a workbook, a document or an archive. Save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a workbook or a document. Save it as CSV"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF. Save its text as plain text first"),
        (b"\x1f\x8b\x08\0", "compressed \\(gzip\\). Unpack it first"),
    ],
)
def test_a_picture_or_another_file_that_is_no_text_is_told(content: bytes, what: str, encoding: str) -> None:
    with pytest.raises(Problem, match=f"The file is {what}"):
        decoded(content, encoding)


def test_an_encoding_that_is_chosen_is_used() -> None:
    assert decoded("Größe".encode("cp1252"), "cp1252") == "Größe"
    assert decoded("é".encode("utf-16-le"), "utf-16") == "é"
    assert decoded(codecs.BOM_UTF8 + b"a", "utf-8") == "a"
    with pytest.raises(Problem, match="line 2: the text is not UTF-8"):
        decoded(b"a\n\xe9", "utf-8")
    with pytest.raises(Problem, match="line 1: the text is not UTF-16"):
        decoded(b"abc", "utf-16")


def test_a_text_that_is_cut_within_a_character_is_read_up_to_it() -> None:
    for encoding in ("utf-8", "gb18030", "utf-16"):
        content = CHINESE[:200].encode(encoding)
        assert decoded(content[:-1], whole=False) == CHINESE[:199]


def test_the_head_of_a_file(tmp_path) -> None:
    path = tmp_path / "long"
    path.write_bytes(b"0123456789")
    assert head_of(path, 4) == b"0123"
    assert head_of(path, 40) == b"0123456789"
