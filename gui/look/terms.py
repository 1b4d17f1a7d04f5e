"""Where the terms of a formula stand in its LaTeX: what of it can be pointed at.

A term is written as it stands in the formula, such as `\\beta_1`, `H(P,Q)` or `\\hat{m}_t`. It is found only
where it is all of a symbol: `p` neither in `p_i` nor in `\\hat p`, and nothing in a subscript.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[^\\]", re.DOTALL)
SPACES = frozenset({" ", "\n", "\t", r"\,", r"\;", r"\:", r"\!", r"\ "})
ALTER = frozenset(
    {
        r"\hat",
        r"\bar",
        r"\tilde",
        r"\dot",
        r"\vec",
        r"\mathbf",
        r"\mathrm",
        r"\text",
        r"\operatorname",
        r"\left",
        r"\right",
        "_",
        "^",
    }
)
WORDS = frozenset({r"\mathrm", r"\text", r"\operatorname", r"\mathbf"})  # what is in their braces is one name
FUNCTIONS = frozenset({r"\sigma", r"\varphi"})  # before a bracket they are functions, not what a setting sets


class Found(NamedTuple):
    """A term by its place among those that were looked for, from `begin` to `end` of the LaTeX."""

    term: int
    begin: int
    end: int


class _Token(NamedTuple):
    text: str
    begin: int
    end: int
    closed: bool  # in a subscript, or in a word that is written out


def terms_in(latex: str, terms: Sequence[str]) -> list[Found]:
    """Return every place of the terms, from left to right; where several fit, the longest."""
    tokens = _tokens(latex)
    wanted: dict[str, list[tuple[tuple[str, ...], int]]] = {}  # by the first word
    for k, words in sorted(enumerate(map(_words, terms)), key=lambda one: -len(one[1])):
        if words:
            wanted.setdefault(words[0], []).append((words, k))
    found, at = [], 0
    while at < len(tokens):
        fit = next((one for one in wanted.get(tokens[at].text, ()) if _stands(tokens, at, one[0])), None)
        if fit is not None:
            last = at + len(fit[0]) - 1
            found.append(Found(fit[1], tokens[at].begin, tokens[last].end))
            at = last
        at += 1
    return found


def marked(latex: str, terms: Sequence[tuple[str, str]]) -> str:
    r"""The LaTeX with each term, (LaTeX, colour), in `\href{its number and colour}{…}`."""
    pieces, done = [], 0
    for term, begin, end in terms_in(latex, [name for name, _ in terms]):
        mark = f"{term}{terms[term][1]}"
        pieces += [latex[done:begin], rf"{{\href{{{mark}}}{{{latex[begin:end]}}}}}"]
        done = end
    return "".join([*pieces, latex[done:]])


@lru_cache(maxsize=1000)
def _words(latex: str) -> tuple[str, ...]:
    return tuple(token.text for token in _tokens(latex))


@lru_cache(maxsize=1000)
def _tokens(latex: str) -> tuple[_Token, ...]:
    """The tokens without the spaces."""
    return tuple(_read(latex))


def _read(latex: str) -> Iterator[_Token]:
    groups: list[bool] = []  # of the braces that are open: whether they close up what is in them
    before = ""
    for match in TOKEN.finditer(latex):
        text = match[0]
        if text in SPACES:
            continue
        if text == "}" and groups:
            groups.pop()
        yield _Token(text, match.start(), match.end(), any(groups))
        if text == "{":
            groups.append(before == "_" or before in WORDS)
        before = text


def _stands(tokens: Sequence[_Token], at: int, words: tuple[str, ...]) -> bool:
    """Whether the words stand at a place, as a symbol of their own."""
    end = at + len(words)
    if tuple(token.text for token in tokens[at:end]) != words or tokens[at].closed:
        return False
    before = tokens[at - 1].text if at else ""
    if before in ALTER or (before == "{" and at > 1 and tokens[at - 2].text in ALTER - {"^"}):
        return False
    after = [token.text for token in tokens[end : end + 3]]
    if after[:1] in (["_"], ["'"]) or after[:2] == ["^", "*"] or after == ["^", "{", "*"]:
        return False
    return not (words[-1:] and words[0] in FUNCTIONS and len(words) == 1 and after[:1] == ["("])
