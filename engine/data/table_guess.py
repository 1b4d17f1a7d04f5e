"""The layout of a table, guessed from the beginning of its file where the user does not say it.

    5.1;1,4;setosa       the separator splits most lines into the same number of clean cells
    4.9;1,5;setosa       the decimal sign is a comma if more cells are numbers with it than with a point

The first line is a header if it has a word above a column of numbers. The label is the column with a name
such as "class"; else one with few different words; else one with few different whole numbers. A column that
only counts the rows is not a feature: in a sorted table it would tell the class without any learning.
"""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from engine.config import Problem
from engine.data.table_format import (
    MOST_COLUMNS,
    SEPARATOR_NAMES,
    SEPARATORS,
    LeftOut,
    LineProblem,
    TableFormat,
    TableLayout,
    is_missing,
    number_in,
)
from engine.data.table_rows import Row, cells_of, lines_of, said_separator
from engine.data.user_files import decoded, encoding_of

HEAD = 100_000  # bytes of a file that are read for the guess
TRIED = 24  # lines used to guess separator and header
MOST_CLASSES = 20
LABEL_NAMES = ("label", "class", "target", "species", "category", "类别", "标签", "类")
ID_NAMES = frozenset(
    {"", "unnamed: 0", "id", "index", "idx", "row", "rownames", "no", "no.", "nr", "#", "序号", "编号"}
)
FEWEST_COUNTED = 5  # fewest rows for a column without a header to be taken for a counter
FEWEST_PIXELS = 64  # fewest pixels for features to be taken for a picture


class TableColumn(NamedTuple):
    """The cells of one column below the header."""

    kind: str  # "number", "text" or "empty"
    present: tuple[str, ...]  # the cells that are not missing
    numbers: tuple[float, ...]  # the cells that are numbers

    @property
    def whole(self) -> bool:
        """Whether all cells that are not missing are whole numbers."""
        return len(self.numbers) == len(self.present) and all(map(float.is_integer, self.numbers))


class TableLook(NamedTuple):
    """The beginning of a file as a table."""

    layout: TableLayout
    rows: list[Row]  # below the header
    columns: tuple[TableColumn, ...]
    whole: bool  # whether this is the whole file
    problem: Problem | None  # why nothing can be learnt with this layout


def look(head: bytes, said: TableFormat, whole: bool = True) -> TableLook:
    """Read the beginning of a file (all of it if it is `whole`) with the settings, and guess the others.

    Raises:
        Problem: it is not a table.
    """
    encoding = encoding_of(head, whole) if said.encoding == "auto" else said.encoding
    text = decoded(head, said.encoding, whole)
    if "\0" in text:
        raise Problem("The file is not a table in text form")
    lines = lines_of(text)
    if not whole and len(lines) > 1:
        lines.pop()  # it may be cut off
    by_file = said_separator(lines)
    skipped = 1 if by_file else 0
    separator = SEPARATOR_NAMES.get(said.separator) or by_file or guess_separator(lines)
    rows = list(cells_of(lines[skipped:], separator, strict=False, first=1 + skipped))
    if not rows:
        raise Problem("The file is empty")
    width = _width(rows)
    decimal = {"point": ".", "comma": ","}.get(said.decimal) or guess_decimal(rows)
    header = guess_header(rows, decimal) if said.header == "auto" else said.header == "yes"
    names = tuple(rows[0][1]) if header else tuple(str(k + 1) for k in range(width))
    names = (*names, *("" for _ in range(width)))[:width]
    body = rows[1:] if header else rows
    columns = tuple(_column(body, k, width, decimal) for k in range(width))
    label = min(said.label, width) - 1 if said.label else guess_label(names if header else (), columns, whole)
    features, left_out = _parts(said, header, names, columns, label)
    side = _side(said, features, columns)
    layout = TableLayout(
        encoding, separator, decimal, skipped, header, names, label, features, left_out, side
    )
    return TableLook(layout, body, columns, whole, _unusable(said, layout))


def _width(rows: Sequence[Row]) -> int:
    """The number of cells that most lines have."""
    width = Counter(len(cells) for _, cells in rows).most_common(1)[0][0]
    if not 2 <= width <= MOST_COLUMNS:
        sentence = "line {line}: expected 2 to {most} columns, found {found}"
        raise LineProblem(sentence, rows[0][0], most=MOST_COLUMNS, found=width)
    return width


def _column(body: Sequence[Row], place: int, width: int, decimal: str) -> TableColumn:
    """The cells of one column that are not missing, and whether they are numbers."""
    present = tuple(cells[place] for _, cells in body if len(cells) == width and not is_missing(cells[place]))
    found = (number_in(cell, decimal) for cell in present)
    numbers = tuple(value for value in found if value is not None and math.isfinite(value))
    kind = "empty" if not present else "number" if len(numbers) >= len(present) / 2 else "text"
    return TableColumn(kind, present, numbers)


# Separator, decimal sign, header


def guess_separator(lines: Sequence[str]) -> str:
    """The separator that gives lines with the same number of cells and no other separator in them."""
    sample = list(islice((line for line in lines if line.strip()), TRIED))
    return max(SEPARATORS, key=lambda separator: _fitness(sample, separator))


def _fitness(lines: Sequence[str], separator: str) -> float:
    """How well a separator divides lines into rows of equal width with clean cells: from 0 to 1."""
    rows = [cells for _, cells in cells_of(lines, separator, strict=False)]
    width, count = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
    if width < 2:
        return 0.0
    cells = [cell for row in rows[1:] or rows for cell in row]
    clean = sum(_is_clean(cell) for cell in cells)
    return count / len(rows) * clean / len(cells)


def _is_clean(cell: str) -> bool:
    """Whether a cell has nothing like a separator in it, except a decimal comma."""
    if number_in(cell) is not None or number_in(cell, ",") is not None:
        return True
    return not any(separator in cell for separator in SEPARATORS if separator != " ")


def guess_decimal(rows: Sequence[Row]) -> str:
    """The decimal sign with which more cells are numbers."""
    cells = [cell for _, row in rows for cell in row]
    point = sum("." in cell and number_in(cell) is not None for cell in cells)
    comma = sum("," in cell and number_in(cell, ",") is not None for cell in cells)
    return "," if comma > point else "."


def guess_header(rows: Sequence[Row], decimal: str) -> bool:
    """Whether the first line has column names instead of an example."""
    first, body = rows[0][1], rows[1 : TRIED + 1]
    if not body:
        return all(number_in(cell, decimal) is None for cell in first)
    columns = [_column(body, k, len(first), decimal) for k in range(len(first))]
    pairs = list(zip(first, columns, strict=True))
    over_numbers = [cell for cell, column in pairs if column.kind == "number" and not is_missing(cell)]
    if any(number_in(cell, decimal) is None for cell in over_numbers):
        return True
    if any(cell.lower() in LABEL_NAMES and cell not in column.present for cell, column in pairs):
        return True
    if not over_numbers:
        return all(number_in(cell, decimal) is None and cell not in column.present for cell, column in pairs)
    return not first[0] and _counts(columns[0])


# The parts of the columns


def _unusable(said: TableFormat, layout: TableLayout) -> Problem | None:
    """Why nothing can be learnt from a table with this layout."""
    if said.label > len(layout.names):
        sentence = "There is no column {column} for the label: the table has {count}"
        return Problem(sentence, column=said.label, count=len(layout.names))
    if not layout.features:
        return Problem("No column is left to learn from: besides the label, one must hold numbers")
    if said.pictures == "yes" and not layout.side:
        sentence = "{count} features make no square picture: a square number is needed, such as 64 or 784"
        return Problem(sentence, count=len(layout.features))
    return None


def guess_label(names: Sequence[str], columns: Sequence[TableColumn], whole: bool = True) -> int:
    """The column that most likely has the class."""
    places = {name.lower(): place for place, name in enumerate(names)}
    for name in LABEL_NAMES:
        if name in places:
            return places[name]
    if "y" in places and "x" not in places and _is_class_like(columns[places["y"]], whole):
        return places["y"]
    words = [k for k, column in enumerate(columns) if column.kind == "text"]
    few = [k for k in words if _is_class_like(columns[k], whole)]
    if few:
        return few[-1]
    codes = [k for k, column in enumerate(columns) if column.kind != "text" and _is_class_like(column, whole)]
    ends = [k for k in (len(columns) - 1, 0) if k in codes]  # between equals: the last column
    if ends:
        return max(ends, key=lambda k: _looks_numbered(columns[k]))
    return (words or codes or [len(columns) - 1])[-1]


def _is_class_like(column: TableColumn, whole: bool) -> bool:
    """Whether there are few different values, words or whole numbers; a beginning may have only one class."""
    values = len(set(column.present))
    if column.kind == "text" and not whole:
        return values <= MOST_CLASSES
    fits = 2 <= values <= min(MOST_CLASSES, len(column.present) / 2)
    return fits and (column.kind == "text" or column.whole)


def _looks_numbered(column: TableColumn) -> tuple[bool, float]:
    """Whether classes are numbered 0, 1, 2 … or 1, 2, 3 …, and how equal their counts are (1: equal)."""
    counts = Counter(column.numbers)
    values = sorted(counts)
    numbered = values[0] in (0, 1) and values[-1] - values[0] == len(values) - 1
    fractions = [count / len(column.numbers) for count in counts.values()]
    return numbered, round(-sum(p * math.log(p) for p in fractions) / math.log(len(fractions)), 2)


def _parts(
    said: TableFormat, header: bool, names: Sequence[str], columns: Sequence[TableColumn], label: int
) -> tuple[tuple[int, ...], tuple[LeftOut, ...]]:
    """Which columns are features, and which are left out, with the reason."""
    others = [k for k in range(len(columns)) if k != label]
    if said.left_out is None:
        why = {k: columns[k].kind for k in others if columns[k].kind != "number"}
        numbers = [k for k in others if k not in why]
        counters = [k for k in numbers if _is_counter(header, names[k], columns[k], k)]
        if len(counters) < len(numbers):
            why |= dict.fromkeys(counters, "counter")
    else:
        why = {k - 1: "chosen" for k in said.left_out if k - 1 in others}
    features = tuple(k for k in others if k not in why)
    return features, tuple(LeftOut(k, why[k]) for k in sorted(why))


def _is_counter(header: bool, name: str, column: TableColumn, place: int) -> bool:
    """Whether a column only counts the rows."""
    if not header:
        return place == 0 and len(column.present) >= FEWEST_COUNTED and _counts(column)
    if name.lower() not in ID_NAMES:
        return False
    return column.whole and len(set(column.numbers)) == len(column.numbers) > 1


def _counts(column: TableColumn) -> bool:
    """Whether the cells are 0, 1, 2 … or 1, 2, 3 …"""
    numbers = column.numbers
    if len(numbers) < 2 or not column.whole or numbers[0] not in (0, 1):
        return False
    return all(value == numbers[0] + k for k, value in enumerate(numbers))


def _side(said: TableFormat, features: Sequence[int], columns: Sequence[TableColumn]) -> int:
    """The number of pixels on each side of a picture; 0 where examples are not pictures."""
    side = math.isqrt(len(features))
    if said.pictures == "no" or side * side != len(features) or side < 2:
        return 0
    return side if said.pictures == "yes" or _looks_like_pixels(features, columns) else 0


def _looks_like_pixels(features: Sequence[int], columns: Sequence[TableColumn]) -> bool:
    """Whether there are many neighbouring features, all from 0 to 1 or whole numbers from 0 to 255."""
    values = [value for k in features for value in columns[k].numbers]
    beside = features[-1] - features[0] < len(features) + 1
    ink = min(values, default=-1.0) >= 0 and (
        max(values) <= 1 or (max(values) <= 255 and all(map(float.is_integer, values)))
    )
    return len(features) >= FEWEST_PIXELS and beside and ink
