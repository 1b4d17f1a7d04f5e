"""How the file of a table is read: the settings of the user, and the layout that follows from them.

    Format    what the user says; all of it may be left to be guessed        (stored in a session)
    Layout    what is so: every column is the label, a feature, or left out  (`table_guess` makes it)

Reference: RFC 4180, "Common Format and MIME Type for CSV Files" (which files seldom keep to).
"""

from typing import Annotated, NamedTuple

from engine.config import Config, Problem, choice, number, plain
from engine.data.user_files import ENCODINGS

MOST_COLUMNS = 1_000
MISSING = frozenset({"", "?", "nan", "na", "n/a", "#n/a", "null"})  # in small letters
SEPARATORS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Vertical bar", " ": "Spaces"}
SEPARATOR_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "space": " "}


class TableFormat(Config, frozen=True):
    """The settings for reading a table. Columns are counted from 1."""

    encoding: Annotated[str, choice("Encoding", "How its characters are stored.", ENCODINGS)] = "auto"
    separator: Annotated[
        str,
        choice(
            "Separator",
            "What stands between two cells of a line.",
            {
                "auto": "Automatic",
                **{name: SEPARATORS[character] for name, character in SEPARATOR_NAMES.items()},
            },
        ),
    ] = "auto"
    decimal: Annotated[
        str,
        choice(
            "Decimal sign",
            "What stands before the decimals of a number.",
            {"auto": "Automatic", "point": "Point: 1.5", "comma": "Comma: 1,5"},
        ),
    ] = "auto"
    header: Annotated[
        str,
        choice(
            "First line",
            "Whether the first line names the columns.",
            {"auto": "Automatic", "yes": "Column names", "no": "Already an example"},
        ),
    ] = "auto"
    label: Annotated[
        int, number("Label", "The column that names the class; 0 guesses it.", ge=0, le=MOST_COLUMNS)
    ] = 0
    left_out: Annotated[
        tuple[int, ...] | None,
        plain("Left out", "Columns that are not features; guessed if nothing is set."),
    ] = None
    pictures: Annotated[
        str,
        choice(
            "Shown as",
            "Whether an example is a square picture, a column a pixel.",
            {"auto": "Automatic", "yes": "Square pictures", "no": "Numbers"},
        ),
    ] = "auto"


class LeftOut(NamedTuple):
    """A column that is not a feature, and the reason: "text", "empty", "counter" or "chosen"."""

    column: int
    why: str


class TableLayout(NamedTuple):
    """Everything that is needed to read a table. Columns are counted from 0."""

    encoding: str
    separator: str
    decimal: str  # "." or ","
    skipped: int  # lines before the table: 1 where the first says `sep=;`
    header: bool
    names: tuple[str, ...]  # of all columns
    label: int
    features: tuple[int, ...]
    left_out: tuple[LeftOut, ...]
    side: int  # of a square picture, in pixels; 0 where the features are not pixels


class LineProblem(Problem):
    """An error in one line of a table."""

    def __init__(self, sentence: str, line: int, **values: object) -> None:
        super().__init__(sentence, where=f"line {line}", line=line, **values)


def number_in(cell: str, decimal: str = ".") -> float | None:
    """The number in a cell, or None. Separators of thousands, as in 1,000 or 1_000, are not allowed."""
    if decimal == ",":
        if "." in cell:
            return None
        cell = cell.replace(",", ".")
    if cell.startswith("\N{MINUS SIGN}"):
        cell = f"-{cell[1:]}"
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def is_missing(cell: str) -> bool:
    """Whether a cell means that its value is missing."""
    return cell.lower() in MISSING


def short(cell: str) -> str:
    """A cell in quotes, with at most its first 20 characters."""
    return f"“{cell[:20]}…”" if len(cell) > 20 else f"“{cell}”"
