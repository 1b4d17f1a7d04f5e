"""A docstring taken apart: paragraphs, lists, formulas in columns, lines of code, and what is raised."""

import ast
import re
from collections.abc import Iterator
from textwrap import dedent
from typing import NamedTuple

MATHEMATICAL = re.compile(r"[=←→⇔≤≥≈∝<∂∇Σ∫‖√α-ωΓ-Ω₀-₉ᵢⱼₖₜₙᵀ²³·∘]")
GAP = re.compile(r" {2,}")
ITEM = re.compile(r"[-*] +")
SECTION = re.compile(r"(Args|Raises|Returns|Yields):$")
ENTRY = re.compile(r" *([\w.]+): (.*)")
FUNCTIONS = {
    "argmax",
    "cos",
    "exp",
    "log",
    "max",
    "mean",
    "min",
    "sigmoid",
    "sign",
    "sin",
    "softmax",
    "sqrt",
    "tanh",
}


class Paragraph(NamedTuple):
    """Running text."""

    text: str


class Items(NamedTuple):
    """A list."""

    items: list[str]


class Code(NamedTuple):
    """Lines of Python, or of a file."""

    text: str
    python: bool


class Cell(NamedTuple):
    """An entry of a table: in which column, and whether it is a formula."""

    column: int
    text: str
    formula: bool


class Formulas(NamedTuple):
    """Lines of formulas and words, in columns."""

    rows: list[list[Cell]]
    sums: bool  # Σ adds up; else it is a matrix


class Section(NamedTuple):
    """Arguments, or what is raised: name and meaning."""

    title: str
    entries: list[tuple[str, str]]


Block = Paragraph | Items | Code | Formulas | Section


def blocks(docstring: str) -> Iterator[Block]:
    """Yield the parts of a cleaned docstring, in order."""
    for block in re.split(r"\n\s*\n", docstring.strip("\n")):
        yield from _block(block.rstrip())


def _block(block: str) -> Iterator[Block]:
    lines = block.split("\n")
    if SECTION.match(lines[0]):
        yield Section(lines[0].rstrip(":"), _entries(lines[1:]))
    elif all(line.startswith("    ") for line in lines):
        yield _set_off(dedent(block))
    elif any(line.startswith("    ") for line in lines) and not ITEM.match(lines[0]):
        first = next(k for k, line in enumerate(lines) if line.startswith("    "))
        after = next((k for k in range(first, len(lines)) if not lines[k].startswith("    ")), len(lines))
        for part in (lines[:first], lines[first:after], lines[after:]):
            if part:
                yield from _block("\n".join(part))
    elif ITEM.match(lines[0]):
        yield Items([" ".join(ITEM.sub("", item).split()) for item in re.split(r"\n(?=[-*] )", block)])
    else:
        yield Paragraph(" ".join(block.split()))


def _entries(lines: list[str]) -> list[tuple[str, str]]:
    entries: list[tuple[str, str]] = []
    for line in lines:
        found = ENTRY.match(line)
        if found and len(line) - len(line.lstrip()) <= 4:
            entries.append((found[1], found[2]))
        elif entries:
            entries[-1] = (entries[-1][0], f"{entries[-1][1]} {line.strip()}")
        else:
            entries.append(("", line.strip()))
    return entries


def _set_off(text: str) -> Block:
    if _is_python(text):
        return Code(text, python=True)
    if text.startswith("{") or re.search(r"^[\d;,.\w]+$", text, re.MULTILINE):
        return Code(text, python=False)
    return Formulas(_rows(text.split("\n")), sums=not re.search(r"Σ *=", text))


def _is_python(text: str) -> bool:
    if not text.isascii() and not re.search(
        r"^\s*(def|yield|\w+ = \w+[.(\[]|\w+: \w+\[)", text, re.MULTILINE
    ):
        return False
    try:
        ast.parse(re.sub(r"\byield\b.*|\breturn\b.*", "pass", text))
    except SyntaxError:
        return False
    return True


def _rows(lines: list[str]) -> list[list[Cell]]:
    """Put the parts of lines that two spaces or more hold apart into columns, by where they begin."""
    parts = [[(m.start(), m.group()) for m in re.finditer(r"\S+(?: \S+)*", line)] for line in lines]
    begins = sorted({begin for row in parts for begin, _ in row})
    columns: dict[int, int] = {}
    for begin in begins:  # what begins a character or two beside another column is meant to stand in it
        near = next((b for b in columns if abs(b - begin) <= 2 and not _both(parts, b, begin)), None)
        columns[begin] = columns[near] if near is not None else len(set(columns.values()))
    rows = [[Cell(columns[begin], text, is_formula(text)) for begin, text in row] for row in parts]
    return _joined(rows)


def _joined(rows: list[list[Cell]]) -> list[list[Cell]]:
    """A line that has only words in a column goes on with the words above them."""
    joined: list[list[Cell]] = []
    for row in rows:
        above = joined[-1][-1] if joined and joined[-1] else None
        alone = above is not None and len(row) == 1 and row[0].column == above.column > 0
        if above is not None and alone and not (row[0].formula or above.formula):
            joined[-1][-1] = Cell(above.column, f"{above.text} {row[0].text}", False)
        else:
            joined.append(row)
    return joined


def _both(parts: list[list[tuple[int, str]]], one: int, other: int) -> bool:
    return any({one, other} <= {begin for begin, _ in row} for row in parts)


def is_formula(text: str) -> bool:
    """Tell whether an entry is a formula; what has more than three words between its symbols is text."""
    words = re.findall(r"(?<![\w_])[A-Za-z]{3,}(?![\w_(])", text)
    words = [word for word in words if word.lower() not in FUNCTIONS]
    return bool(MATHEMATICAL.search(text)) and '"' not in text and len(words) <= 3


def all_formula(text: str) -> bool:
    """Tell whether a paragraph is one formula and nothing else."""
    return (
        bool(MATHEMATICAL.search(text))
        and not re.search(r"[A-Za-z]{4,}|[`\";:]|\. ", text)
        and len(text) < 80
    )
