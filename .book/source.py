"""A file of the engine in pieces, each a text and the lines of Python that stand beside it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

Definition = ast.FunctionDef | ast.ClassDef


class Piece(NamedTuple):
    """A definition, or what stands between two: its dotted name in the file, its text, its code."""

    name: str
    text: str
    code: str


@cache
def pieces(path: Path) -> tuple[Piece, ...]:
    """Return the pieces of a file, the file's own docstring first; each file is read once."""
    text = path.read_text("utf-8")
    tree, lines = ast.parse(text), text.splitlines()
    begin = tree.body[0].end_lineno or 0 if ast.get_docstring(tree) is not None else 0
    found = [Piece("", ast.get_docstring(tree) or "", "")]
    for piece in _within(tree.body, lines, begin, len(lines), ""):
        if piece.text or not (found[-1].code or found[-1].name):
            found.append(piece)
        else:  # what has no text goes on with the code above it
            found[-1] = found[-1]._replace(code=f"{found[-1].code}\n\n{piece.code}".strip("\n"))
    if len(found) > 1 and not found[1].text and not found[1].name:
        found[:2] = [found[0]._replace(code=found[1].code)]
    return tuple(found)


def _within(body: list[ast.stmt], lines: list[str], begin: int, end: int, outer: str) -> Iterator[Piece]:
    """Yield the pieces of some lines, numbered from 0: `begin` is the first, `end` the one after the last."""
    for statement in body:
        if not isinstance(statement, Definition):
            continue
        first = min([statement.lineno, *(d.lineno for d in statement.decorator_list)]) - 1
        first = _with_comment(lines, begin, first)
        if loose := _code(lines[begin:first]):
            yield Piece("", "", loose)
        name = f"{outer}.{statement.name}".lstrip(".")
        last = statement.end_lineno or 0
        if isinstance(statement, ast.ClassDef):
            yield from _class(statement, lines, first, last, name)
        else:
            yield Piece(
                name, ast.get_docstring(statement) or "", _without_text(statement, lines, first, last)
            )
        begin = last
    if rest := _code(lines[begin:end]):
        yield Piece("", "", rest)


def _with_comment(lines: list[str], begin: int, first: int) -> int:
    """Return where the comment begins that stands above a line, blank lines between them or not."""
    above = first
    while above > begin and (not lines[above - 1].strip() or lines[above - 1].lstrip().startswith("#")):
        above -= 1
        first = above if lines[above].strip() else first
    return first


def _class(node: ast.ClassDef, lines: list[str], first: int, last: int, name: str) -> Iterator[Piece]:
    methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
    head = min([m.lineno - 1 - len(m.decorator_list) for m in methods], default=last)
    while lines[head - 1].lstrip().startswith("#"):
        head -= 1
    yield Piece(name, ast.get_docstring(node) or "", _without_text(node, lines, first, head))
    rest = [part for part in node.body if part.lineno > head]
    yield from _within(rest, lines, head, last, name)


def _without_text(node: Definition, lines: list[str], first: int, end: int) -> str:
    """Return lines of a definition without its docstring."""
    if ast.get_docstring(node) is None:
        return _code(lines[first:end])
    text = node.body[0]
    after = text.end_lineno or 0
    while after < end and not lines[after].strip():
        after += 1
    return _code(lines[first : text.lineno - 1] + lines[after:end])


def _code(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n")
