"""A table of the user: one example per line, columns of numbers, and one column with the class.

    sepal,petal,class
    5.1,1.4,setosa          features 5.1 and 1.4, class "setosa"

What a `TableFormat` does not say about the file is guessed from its beginning (`table_guess`). Lines with a
missing value are left out and counted. Every other error is reported with its line number. A clean table of
numbers is read by NumPy, block by block; if that fails, it is read cell by cell.

Reference: RFC 4180, "Common Format and MIME Type for CSV Files".
"""

import math
from collections.abc import Generator, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engine.config import Problem
from engine.data.datasets import Features, Labelled
from engine.data.table_classes import classes_of, counted
from engine.data.table_format import (
    LineProblem,
    TableFormat,
    TableLayout,
    is_missing,
    number_in,
    short,
)
from engine.data.table_guess import HEAD, TableLook, look
from engine.data.table_rows import Row, cells_of, lines_of
from engine.data.user_files import bytes_of, decoded, head_of

MOST_BYTES = 100 * 2**20
MOST_ROWS = 100_000
MOST_NUMBERS = 20_000_000
BLOCK = 2**17  # characters that are read at once
LARGEST = 1e100  # its square is still far from overflow

GUESSED = TableFormat()


class About(NamedTuple):
    """What the user is told about a table."""

    layout: TableLayout
    rows: int  # the number of examples
    missing: int  # the number of lines left out because a value is missing


class Table(NamedTuple):
    """The content of a file."""

    labelled: Labelled
    about: About


class Sample(NamedTuple):
    """The beginning of a file, read with one layout."""

    look: TableLook
    examples: int
    missing: int
    classes: tuple[str, ...]  # those in this part of the file
    problem: Problem | None  # why it cannot be used with this layout


class Block(NamedTuple):
    """Some lines of a table: their features, labels and line numbers."""

    features: Features
    labels: list[str]
    lines: list[int]
    missing: int


def reading(path: str | Path, said: TableFormat = GUESSED) -> Generator[float, None, Table]:
    """Read a table piece by piece: yields the fraction that is done, and returns the table at the end.

    Raises:
        Problem: the file cannot be read, or one of its lines is wrong.
    """
    yield 0.0
    content = bytes_of(Path(path), MOST_BYTES)
    found = look(content[:HEAD], said, len(content) <= HEAD)
    if found.problem is not None:
        raise found.problem
    layout = found.layout
    text = decoded(content, said.encoding)
    del content  # it may be large
    if "\0" in text:
        raise Problem("The file is not a table in text form")
    blocks: list[Block] = []
    for fraction, block in _blocks(text, layout):
        blocks.append(block)
        _check_size(blocks, layout)
        yield fraction
    labels = [label for block in blocks for label in block.labels]
    lines = [line for block in blocks for line in block.lines]
    classes = classes_of(labels, lines, layout)
    place = {name: index for index, name in enumerate(classes)}
    features = np.concatenate([block.features for block in blocks])
    if layout.side:
        features = features.reshape(-1, layout.side, layout.side)
    named = tuple(layout.names[k] for k in layout.features)
    labelled = Labelled(features, np.array([place[name] for name in labels], np.intp), classes, named)
    return Table(labelled, About(layout, len(labels), sum(block.missing for block in blocks)))


def sample(head: bytes, said: TableFormat, whole: bool) -> Sample:
    """Read the beginning of a file in the same way as the whole file.

    Raises:
        Problem: it is not a table.
    """
    found = look(head, said, whole)
    if found.problem is not None:
        return Sample(found, 0, 0, (), found.problem)
    try:
        block = _careful(found.rows, found.layout)
        if whole:
            classes = classes_of(block.labels, block.lines, found.layout)
        else:
            classes = tuple(sorted(counted(block.labels, found.layout, fewest=1)))
    except Problem as problem:
        return Sample(found, 0, 0, (), problem)
    return Sample(found, len(block.labels), block.missing, classes, None)


def head_of_table(path: str | Path) -> tuple[bytes, bool]:
    """The beginning of a file, enough to guess its layout, and whether this is the whole file."""
    content = head_of(Path(path), HEAD + 1)
    return content[:HEAD], len(content) <= HEAD


def _check_size(blocks: Sequence[Block], layout: TableLayout) -> None:
    """Refuse a table with too many rows or numbers."""
    rows = sum(len(block.labels) for block in blocks)
    if rows > MOST_ROWS:
        raise Problem("The file has more than {most} rows", most=MOST_ROWS)
    if rows * len(layout.features) > MOST_NUMBERS:
        fits = MOST_NUMBERS // len(layout.features)
        raise Problem(
            "The table has more than {most} numbers: keep {rows} rows or fewer", most=MOST_NUMBERS, rows=fits
        )


# Blocks of lines


def _blocks(text: str, layout: TableLayout) -> Iterator[tuple[float, Block]]:
    """(the fraction of the text that is read, the next block)."""
    if '"' in text:
        yield from _careful_blocks(text, layout)
        return
    begin, line, header = 0, 1, layout.header
    while begin < len(text):
        end = text.find("\n", begin + BLOCK) + 1 or len(text)
        lines = lines_of(text[begin:end])
        used, first = lines[layout.skipped :] if begin == 0 else lines, line
        if begin == 0:
            first += layout.skipped
        if header and any(map(str.strip, used)):
            skip = next(k for k, words in enumerate(used) if words.strip()) + 1
            used, first, header = used[skip:], first + skip, False
        yield end / len(text), _fast(used, first, layout) or _careful(_rows(used, first, layout), layout)
        line += len(lines) - 1
        begin = end


def _rows(lines: Sequence[str], first: int, layout: TableLayout) -> list[Row]:
    return list(cells_of(lines, layout.separator, first=first))


def _careful_blocks(text: str, layout: TableLayout) -> Iterator[tuple[float, Block]]:
    """All rows, by the reader that understands quotes; a quoted cell may contain line breaks."""
    lines = lines_of(text)[layout.skipped :]
    rows = cells_of([f"{line}\n" for line in lines], layout.separator, first=1 + layout.skipped)
    if layout.header:
        next(rows, None)
    at_once = max(1, BLOCK // (8 * len(layout.names)))
    while part := list(islice(rows, at_once)):
        yield min(part[-1][0] / len(lines), 1.0), _careful(part, layout)


def _fast(lines: Sequence[str], first: int, layout: TableLayout) -> Block | None:
    """A block of lines in which all features are numbers, or None if anything else is in them."""
    separator, width = layout.separator, len(layout.names)
    if separator == " ":
        lines = [" ".join(line.split()) for line in lines]
    numbered = [(n, line) for n, line in enumerate(lines, first) if line and not line.isspace()]
    if any(line.count(separator) != width - 1 for _, line in numbered):
        return None
    labels = [line.split(separator, layout.label + 1)[layout.label].strip() for _, line in numbered]
    if any(map(is_missing, labels)):
        return None
    written = [line for _, line in numbered]
    if layout.decimal == ",":
        if any("." in line for line in written):
            return None
        written = [line.replace(",", ".") for line in written]
    features = _numbers_by_numpy(written, layout)
    if features is None or not (np.abs(features) <= LARGEST).all():
        return None
    return Block(features, labels, [n for n, _ in numbered], 0)


def _numbers_by_numpy(lines: Sequence[str], layout: TableLayout) -> Features | None:
    """The features of lines without any error, or None."""
    if not lines:
        return np.zeros((0, len(layout.features)))
    try:
        found: Features = np.loadtxt(
            lines, delimiter=layout.separator, usecols=layout.features, ndmin=2, comments=None
        )
    except ValueError:
        return None
    return found


def _careful(rows: Sequence[Row], layout: TableLayout) -> Block:
    """A block of rows, cell by cell: rows with missing values are left out, errors are reported."""
    features, labels, lines, missing = [], [], [], 0
    for row in rows:
        numbers = _numbers(row, layout)
        if numbers is None:
            missing += 1
            continue
        features.append(numbers)
        labels.append(row[1][layout.label])
        lines.append(row[0])
    shaped = np.array(features, np.float64).reshape(-1, len(layout.features))
    return Block(shaped, labels, lines, missing)


def _numbers(row: Row, layout: TableLayout) -> list[float] | None:
    """The features of a row, or None where one of them or the label is missing.

    Raises:
        Problem: it is too short or too long, or one of them is not a finite number.
    """
    line, cells = row
    if len(cells) != len(layout.names):
        sentence = "line {line}: expected {expected} columns, found {found}"
        raise LineProblem(sentence, line, expected=len(layout.names), found=len(cells))
    if is_missing(cells[layout.label]) or any(is_missing(cells[k]) for k in layout.features):
        return None
    numbers = []
    for k in layout.features:
        number = number_in(cells[k], layout.decimal)
        if number is None or not math.isfinite(number):
            sentence = "line {line}: column {column} is not a number: {cell}"
            raise LineProblem(sentence, line, column=k + 1, cell=short(cells[k]))
        if abs(number) > LARGEST:
            raise LineProblem("line {line}: the number in column {column} is too large", line, column=k + 1)
        numbers.append(number)
    return numbers
