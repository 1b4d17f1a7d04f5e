"""Markdown as paragraphs: words and formulas, and nothing that a text could have done."""

import pytest

from gui.export.prose import Passage, ProseTable, plain, prose

pytestmark = pytest.mark.usefixtures("qapp")


def words(part):
    return [run.text for run in part.runs]


def test_paragraphs_lists_formulas_and_looks():
    head, line, one, two, shown, last = prose(
        "## Head\n\nan *old* **man**, `x`, $a_1$\n\n- one\n- two\n\n$$E = mc^2$$\n\n50. first"
    )
    assert (head.heading, words(head)) == (2, ["Head"])
    assert words(line) == ["an ", "old", " ", "man", ", ", "x", ", ", "a_1"]
    old, man, code, formula = (line.runs[k] for k in (1, 3, 5, 7))
    assert (old.italic, man.bold, code.code, formula.formula) == (True, True, True, True)
    assert [(part.depth, part.number, words(part)) for part in (one, two)] == [
        (1, 0, ["one"]),
        (1, 0, ["two"]),
    ]
    stressed, step = (prose("*学习率*与 *step*")[0].runs[k] for k in (0, 2))
    assert [(run.bold, run.italic) for run in (stressed, step)] == [(True, False), (False, True)]
    assert shown.display
    assert words(shown) == ["E = mc^2"]
    assert (last.number, last.depth) == (50, 1)


def test_a_table_a_quotation_and_code():
    table, quoted, code = prose("| a | b |\n|---|---|\n| 1 | $x$ |\n\n> said\n\n```\nx = 1\n```")
    assert isinstance(table, ProseTable)
    assert [["".join(run.text for run in cell) for cell in row] for row in table.rows] == [
        ["a", "b"],
        ["1", "x"],
    ]
    assert table.rows[1][1][0].formula
    assert quoted.quoted
    assert code.code
    assert words(code) == ["x = 1"]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("<img src='file:///etc/hostname'>", "<img src='file:///etc/hostname'>"),
        ("![a picture](/etc/hostname)", "[a picture]"),
        ("![](//host/share/x.png)end", "end"),
        ("![x](0.formula) ![y](99.formula)", "[x] [y]"),
        ("\ue0007\ue001", "7"),
        ("[here](javascript:alert(1)) [there](file:///etc/passwd)", "here there"),
    ],
)
def test_what_a_text_names_is_not_opened_and_its_html_is_text(markdown, text):
    assert plain(markdown) == text
    assert all(run.link == "" for part in prose(markdown) for run in part.runs)


def test_a_link_to_the_web_is_one():
    (part,) = prose("see [d2l](https://d2l.ai)")
    assert isinstance(part, Passage)
    assert part.runs[1][0] == "d2l"
    assert part.runs[1].link == "https://d2l.ai"
