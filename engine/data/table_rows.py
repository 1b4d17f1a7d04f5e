"""The lines of a table, split into cells."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from engine.data.table_format import LineProblem

Row = tuple[int, list[str]]  # the number of its line, and its cells

SAYS_SEPARATOR = re.compile(r'\ufeff?"?sep=(.)"?\s*', re.IGNORECASE)


def lines_of(text: str) -> list[str]:
    """The lines of a text, with any kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def said_separator(lines: Sequence[str]) -> str:
    """The separator that the first line names, as in spreadsheets (`sep=;`), or an empty text."""
    found = SAYS_SEPARATOR.fullmatch(lines[0]) if lines else None
    return found[1] if found else ""


def cells_of(lines: Iterable[str], separator: str, strict: bool = True, first: int = 1) -> Iterator[Row]:
    """The lines that are not blank, split into cells without spaces around them; `first` is the first number.

    Raises:
        Problem: if `strict`: quotes that do not end, or a cell of more than 100,000 characters.
    """
    if separator == " ":
        lines = (" ".join(line.split()) for line in lines)
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=strict)
    while True:
        line = reader.line_num + first
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise LineProblem("line {line}: the quotes or the length of a cell are wrong", line) from error
        if any(cells):
            yield line, cells
