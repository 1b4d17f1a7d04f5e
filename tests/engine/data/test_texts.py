"""Texts come back as they went in, and a useless file is told why."""

import os

import numpy as np
import pytest

from engine.config import Problem
from engine.data import texts, user_files
from engine.data.texts import TEXTS, Vocabulary, read_text, split_text, vocabulary_of


def test_the_texts_that_ship() -> None:
    alice, chinese = (read_text(TEXTS[name]) for name in ("alice", "daodejing"))
    assert alice.startswith("Alice was beginning to get very tired")
    assert len(alice) > 5000
    assert len(vocabulary_of(alice)) < 70
    assert chinese.startswith("道可道，非常道")
    assert chinese.count("\n") == 80  # 81 chapters
    assert len(chinese) > 5000
    assert set(TEXTS) == {path.stem for path in texts.FOLDER.glob("*.txt")}
    readme = (texts.FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(path.name in readme for path in TEXTS.values())


def test_there_and_back() -> None:
    vocabulary = vocabulary_of("banana 道!")
    assert vocabulary == Vocabulary(" !abn道")
    assert vocabulary.decode(vocabulary.encode("nab 道")) == "nab 道"
    assert vocabulary.decode(vocabulary.encode("n?x")) == "n"
    assert len(vocabulary) == 6


def test_a_text_is_turned_into_numbers_piece_by_piece(monkeypatch) -> None:
    monkeypatch.setattr(texts, "PIECE", 7)
    text = "It was the best of times 道可道 😀\n" * 3
    assert vocabulary_of(text).characters == "".join(sorted(set(text)))
    symbols = vocabulary_of(text).encode(text)
    assert symbols.dtype == np.int32
    assert vocabulary_of(text).decode(symbols) == text
    assert vocabulary_of("ab").encode("xa\ud800b\U0010ffff").tolist() == [0, 1]
    assert vocabulary_of("").encode("ab").tolist() == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_encodings(tmp_path, encoding) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(("道可道，非常道。\r\n" * 30).encode(encoding))
    assert read_text(path) == "\n".join(["道可道，非常道。"] * 30)


def test_what_is_held_out_is_the_end() -> None:
    learnt, held_out = split_text(np.arange(50), 0.1)
    np.testing.assert_array_equal(learnt, np.arange(45))
    np.testing.assert_array_equal(held_out, np.arange(45, 50))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "0 characters"),
        (b"short", "5 characters"),
        (b"a" * 500, "1 different characters"),
        (b"text\0" * 100, "not a text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "The file is a PNG picture, not a table or a text"),
        (
            "é".encode("latin-1") * 500,
            "line 1: the encoding of the text is not known; save the file as UTF-8",
        ),
        (b"fine\n" * 100 + b"\xff", "line 101: the encoding of the text is not known"),
        ("".join(map(chr, range(0x4E00, 0x4E00 + 11_000))).encode(), "11000 different"),
    ],
)
def test_useless_files_say_why(tmp_path, content, sentence) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(content)
    with pytest.raises(Problem, match=sentence):
        read_text(path)


def test_files_that_cannot_be_read(tmp_path, monkeypatch) -> None:
    with pytest.raises(Problem, match="There is no file"):
        read_text(tmp_path / "nothing.txt")
    with pytest.raises(Problem, match="is not a file"):
        read_text(tmp_path)
    monkeypatch.setattr(user_files, "MOST_BYTES", 2**20)
    large = tmp_path / "large.txt"
    large.write_bytes(b"ab" * 2**20)
    with pytest.raises(Problem, match="larger than 1 MB"):
        read_text(large)
    if os.geteuid():
        large.chmod(0)
        with pytest.raises(Problem, match="cannot be read"):
            read_text(large)


def test_line_ends_and_the_mark_of_byte_order(tmp_path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(b"\xef\xbb\xbf" + b"one\r\ntwo\rthree\n" * 30)
    assert read_text(path) == "\n".join(["one", "two", "three"] * 30)
