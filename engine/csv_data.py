"""A table of the user's own: a line an example, a column a feature, and one column that names the class.

    sepal,petal,class
    5.1,1.4,setosa          features 5.1 and 1.4, class "setosa"

The first line may hold names. The label is in the column named label, class, target or y, else in the
last one. Columns are separated by commas, semicolons or tabs; the text is UTF-8. Whatever is wrong is
said with the number of its line.

Reference: RFC 4180, "Common Format and MIME Type for CSV Files".
"""

import csv
import io
import math
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from engine.config import Problem
from engine.datasets import Features, Labelled
from engine.user_files import bytes_of, decoded

MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
MOST_CLASSES = 20
LARGEST = 1e100  # its square is still far from overflow
LABEL_NAMES = ("label", "class", "target", "y")

Row = tuple[int, list[str]]  # the number of its line, and its cells


class LineProblem(Problem):
    """What is wrong in one line of a table."""

    def __init__(self, sentence: str, line: int, **values: object) -> None:
        super().__init__(sentence, where=f"line {line}", line=line, **values)


def read_csv(path: str | Path) -> Labelled:
    """Read features [n, d] and labels from a table; classes are numbered in the order of their names.

    Raises:
        Problem: the file cannot be read, or a line of it cannot be meant.
    """
    rows = _rows(_text(Path(path)))
    first = next(rows, None)
    if first is None:
        raise Problem("The file is empty")
    width = len(first[1])
    if not 2 <= width <= MOST_COLUMNS:
        raise LineProblem(
            "line {line}: expected 2 to {most} columns, found {found}",
            first[0],
            most=MOST_COLUMNS,
            found=width,
        )
    label = _label_column(first[1])
    header = _is_header(first[1], label)
    features: list[Features] = []
    named: list[tuple[int, str]] = []
    for row in rows if header else chain([first], rows):
        if len(named) == MOST_ROWS:
            raise Problem("The file has more than {most} rows", most=MOST_ROWS)
        features.append(np.array(_numbers(row, width, label)))
        named.append((row[0], row[1][label]))
    classes = _classes(named)
    place = {name: index for index, name in enumerate(classes)}
    labels = np.array([place[name] for _, name in named], np.intp)
    columns = first[1] if header else [str(number) for number in range(1, width + 1)]
    return Labelled(np.array(features), labels, classes, tuple(columns[:label] + columns[label + 1 :]))


def _text(path: Path) -> str:
    content = bytes_of(path)
    if b"\0" in content:
        raise Problem("The file is not a table in text form")
    return decoded(content)


def _rows(text: str) -> Iterator[Row]:
    """The lines that are not blank, cut into cells without the space around them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise Problem(
                "line {line}: the quotes or the length of a cell are wrong", where=f"line {line}", line=line
            ) from error
        if any(cells):
            yield line, cells


def _delimiter(text: str) -> str:
    """The separator that the first line with anything in it has most of."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    return max(",;\t", key=first.count)


def _label_column(first: list[str]) -> int:
    """Where the label is: in a column that says so, else in the last."""
    names = [cell.lower() for cell in first]
    return next((names.index(name) for name in LABEL_NAMES if name in names), len(first) - 1)


def _is_header(cells: list[str], label: int) -> bool:
    """Whether the first line holds names: it names the label, or none of its features is a number."""
    features = cells[:label] + cells[label + 1 :]
    return cells[label].lower() in LABEL_NAMES or all(_number(cell) is None for cell in features)


def _numbers(row: Row, width: int, label: int) -> list[float]:
    """The features of a row.

    Raises:
        Problem: it is too short or too long, one of them is no finite number, or the label is missing.
    """
    _, cells = row
    if len(cells) != width:
        raise LineProblem(
            "line {line}: expected {expected} columns, found {found}",
            row[0],
            expected=width,
            found=len(cells),
        )
    if not cells[label]:
        raise LineProblem("line {line}: the label is missing", row[0])
    numbers = []
    for column, cell in enumerate(cells, start=1):
        if column == label + 1:
            continue
        number = _number(cell)
        if number is None or not math.isfinite(number):
            raise LineProblem(
                "line {line}: column {column} is not a number: {cell}",
                row[0],
                column=column,
                cell=_short(cell),
            )
        if abs(number) > LARGEST:
            raise LineProblem(
                "line {line}: the number in column {column} is too large", row[0], column=column
            )
        numbers.append(number)
    return numbers


def _number(cell: str) -> float | None:
    """The number a cell holds, if it holds one (Python's own 1_000 is not one here)."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def _classes(named: list[tuple[int, str]]) -> tuple[str, ...]:
    """The names of the classes, as numbers in order or else by the alphabet."""
    counts = Counter(name for _, name in named)
    if not 2 <= len(counts) <= MOST_CLASSES:
        raise Problem("Expected 2 to {most} classes, found {found}", most=MOST_CLASSES, found=len(counts))
    for line, name in named:
        if counts[name] < 2:
            sentence = "line {line}: the class {name} has only this example; it needs two"
            raise LineProblem(sentence, line, name=_short(name))
    values = {name: _number(name) for name in counts}
    if all(value is not None and math.isfinite(value) for value in values.values()):
        return tuple(sorted(counts, key=lambda name: (values[name] or 0.0, name)))
    return tuple(sorted(counts))


def _short(cell: str) -> str:
    return f"“{cell[:20]}…”" if len(cell) > 20 else f"“{cell}”"
