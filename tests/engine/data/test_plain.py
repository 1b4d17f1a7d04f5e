"""Names from a file, as they are shown in messages."""

from time import process_time

import pytest

from engine.data.plain import plain_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("iris.csv", "iris.csv"),
        ("花 é ﬁ.txt", "花 é ﬁ.txt"),
        ("<img src='x'>&amp;", "<img src='x'>&amp;"),  # for whoever shows it as plain text
        ("report\u202egpj.exe", r"report\u202egpj.exe"),
        ("\u2066a\u2069\u200fb", r"\u2066a\u2069\u200fb"),
        ("a\nb\tc\rd", r"a\nb\tc\rd"),
        ("nul\0bel\x07del\x7fnel\x85", r"nul\u0000bel\u0007del\u007fnel\u0085"),
        ("line\u2028end\u2029", r"line\u2028end\u2029"),
        ("half\ud800", r"half\ud800"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("", ""),
    ],
)
def test_every_character_of_a_name_is_seen(name: str, shown: str) -> None:
    assert plain_name(name) == shown


def test_a_long_name_keeps_both_its_ends() -> None:
    path = "/home/anna/" + "very-" * 40 + "long/iris.csv"
    assert plain_name(path, most=31) == "/home/anna/very…y-long/iris.csv"
    assert plain_name("a" * 60) == "a" * 60
    assert plain_name("a" * 30 + "b" * 31) == "a" * 29 + "…" + "b" * 30


def test_a_million_characters_take_no_time() -> None:
    name = "\u202e" * 10**6
    begun = process_time()
    assert len(plain_name(name)) == 59 * len(r"\u202e") + 1
    assert process_time() - begun < 2.0  # some hundredths; it was 18 s where each character was looked at
