"""How a list of numbers is read that a user wrote or a program printed.

    1/2, 0.25 0.25      3,0; 1,0; 0,2      [ 3.   1.   0.2]      array([0.1, 0.2, 0.7])      (1, 2) (3, 4)

Where semicolons, tabs or lines separate the entries, a comma between digits is a decimal sign; where
nothing else separates them, commas do. What can be read in two ways is refused, and so are tables such as
[1 2; 3 4]: the number of entries is never a guess.
"""

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NoReturn

from engine.config import Problem
from gui.form.number_reading import parse_number, plainly

LONGEST = 10_000  # characters of a list
HOLDERS = (
    "(?:as)?array|ndarray|c?matrix|tensor|parameter|variable|constant|vector|series|list|tuple|set|deque|c|m?float"
    "[0-9]*|double|int[0-9]*"
)  # what a list is printed inside of; range(3) and linspace(0, 1, 3) mean other numbers
CALL = re.compile(
    rf"(?<![\w.])(?:[A-Za-z_]\w*\.)*(?:{HOLDERS}) ?(?=\()|^\s*[A-Za-z_]\w* ?=(?!=)", re.IGNORECASE
)  # array( … ), p = …
TAIL = re.compile(r", *[A-Za-z_]\w* ?=[^,()]*(?:\([^()]*\))?[^,()]*")  # , dtype=float32
GROUP = re.compile(r"\(([^()]*)\)")
BRACKETS_TYPED = set("()[]{}（）［］｛｝【】〔〕⟨⟩")
BRACKETS = str.maketrans("[]{}【】〔〕⟨⟩", "()()()()()")
# A comma between digits, where the number before has no point yet, nor the one after unless it may be the
# end of 1,234.5
BETWEEN_DIGITS = re.compile(r"(?<![.0-9])[0-9]+,(?=[0-9]{3}\.|[0-9]+(?![.0-9]))")
ENTRY = {
    comma: re.compile(rf"[^\s;、{comma}](?:[^\s;、{comma}*/^%]|\s*[*/^]\s*|\s*%)*") for comma in (",", "")
}  # what stands between separators, of which the comma may be one; 1 / 3 is one entry, and so is 50 %
GROUPS = re.compile(
    r"(?:^|[;、\t\n]|,(?= ))\s*[-+]?([1-9][0-9]{0,2}(?: [0-9]{3})+)(?:[.,][0-9]+)?(?=\s*(?:[,;、\t\n]|$))"
)  # 1 200; 3 400
THOUSANDS = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?: [0-9]{3})* 0[0-9]{2}(?: [0-9]{3})*(?![0-9.,])")  # 1 000
GERMAN = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+(?![0-9.,])")  # 1.234,5
MIXED = re.compile(r"([0-9]+)\s*/\s*([0-9]+)|[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒]")  # what 1 may stand before, as in 1 1/2
TABLE = "This is a table of {rows} rows; one list is wanted here: put commas between all its numbers."
STRONG = re.compile(r"[;、\t\n]")


@dataclass(frozen=True)
class Entry:
    """One number of a list: as it was written, the column it begins at (from 1), and its value."""

    text: str
    column: int
    value: float


def parse_list(text: str) -> tuple[float, ...]:
    """Read the numbers of a list.

    Raises:
        Problem: an entry is no number, or the list can be read in two ways; the value `column` tells where.
    """
    return tuple(entry.value for entry in entries_of(text))


def entries_of(text: str) -> list[Entry]:
    """Read a list, with the place of each number.

    Raises:
        Problem: as `parse_list`.
    """
    plain, groups = _unwrapped(text)
    if not groups:
        return _row(text, plain, 0, len(plain))
    rows = [_row(text, plain.replace("\n", " "), start, end) for start, end in groups]
    if len(rows) > 1 and any(len(row) != 1 for row in rows):
        raise Problem(TABLE, rows=len(rows), column=groups[1][0] + 1)
    return [entry for row in rows for entry in row]


def parse_points(text: str) -> tuple[tuple[float, float], ...]:
    """Read points: "0, 1; 2, 3.5", "(0, 1) (2, 3.5)", "[[0, 1], [2, 3.5]]", or x and y in turn.

    Raises:
        Problem: an entry is no number, a row is no point, or the last x has no y.
    """
    plain, groups = _unwrapped(text)
    if len(groups) > 1 or (groups and len(_row(text, plain, *groups[0], width=2)) == 2):
        rows = [_row(text, plain.replace("\n", " "), start, end, width=2) for start, end in groups]
    else:
        rows = _lines(text, plain, *(groups[0] if groups else (0, len(plain))))
    rows = [row for row in rows if row]
    for row in rows if len(rows) > 1 else []:
        if len(row) != 2 and (len(row) > 1 or row is not rows[-1]):
            raise Problem(
                "A point has two numbers, x and y, not {count}.", count=len(row), column=row[0].column
            )
    values = [entry.value for row in rows for entry in row]
    if len(values) % 2:
        raise Problem("The last x has no y")
    return tuple(zip(values[::2], values[1::2], strict=True))


def _lines(text: str, plain: str, start: int, end: int) -> list[list[Entry]]:
    """Read rows of x and y, separated by lines or semicolons."""
    inside = plain[start:end]
    parted = "\n" if "\n" in inside.strip() else ";" if ";" in inside else ""
    if not parted:
        return [_row(text, plain, start, end, points=True)]
    if parted == ";" and BETWEEN_DIGITS.search(inside) and "." not in inside:
        _refuse_comma(plain, start, end)
    rows = []
    for found in re.finditer(f"[^{parted}]+", inside):
        if found[0].strip():
            rows.append(_row(text, plain, start + found.start(), start + found.end(), width=2))
    return rows


def _unwrapped(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Replace by blanks what a program prints around its numbers; return the text and the places of its
    innermost brackets.

    Brackets that are not yet closed are blank too. Every character keeps its column.
    """
    if len(text) > LONGEST:
        problem = "This list has {length} characters; at most {limit} are read."
        raise Problem(problem, length=len(text), limit=LONGEST, column=LONGEST + 1)
    plain = text.replace("，", "、").replace("\r", " ").replace("\u2028", "\n").replace("\u2029", "\n")
    plain = plainly(plain).translate(BRACKETS)  # ， parts entries in Chinese and is no decimal sign
    plain = CALL.sub(_blank, plain)
    if "=" in plain:
        plain = TAIL.sub(_blank, plain)
    if "..." in plain or "…" in plain:
        column = re.search(r"\.\.\.|…", plain).start() + 1  # type: ignore[union-attr]
        raise Problem("The list was cut short when it was printed; bring all of it.", column=column)
    groups = [found.span(1) for found in GROUP.finditer(plain) if found[1].strip()]
    outside = GROUP.sub(" ", plain)
    if re.search(r"[^\s,;、()]", outside):
        groups = []
    elif not groups:
        plain = re.sub(r"[()]", " ", plain)
    if not groups and plain.count("(") != plain.count(")"):  # still being typed
        plain = re.sub(r"[()]", " ", plain)
    return plain, groups


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _row(
    text: str, plain: str, start: int, end: int, width: int | None = None, points: bool = False
) -> list[Entry]:
    """Read one row. `width` is how many numbers it must have, where that is known."""
    row = plain[start:end]
    if gap := re.search(r"(?:^|[,;、])\s*[,;、](?!\s*$)", row):
        raise Problem("An entry is missing between two separators.", column=start + gap.end())
    _check_groups(row, start)
    decimal = _decimal_commas(text, plain, start, end, width, points)
    if decimal:
        row = re.sub(r",(?=\s*(?:[;、\n]|$))", " ", row)
    certain = decimal and bool(re.search(r"(?<![0-9])0,[0-9]|,(?![0-9]{3}(?![0-9]))[0-9]", row))
    found = list(ENTRY["" if decimal else ","].finditer(row))
    if len(found) != (2 if points else width):
        _check_mixed(row, found, start)
    entries = [_entry(text, start + one.start(), start + one.end(), certain) for one in found]
    if width is None and not points:
        _check_table(row, found, start, wraps=bool(set(text) & BRACKETS_TYPED))
    return entries


def _check_mixed(row: str, entries: list[re.Match[str]], start: int) -> None:
    """Refuse 1 1/2, which may be one and a half."""
    for whole, part in pairwise(entries):
        found = MIXED.fullmatch(part[0])
        parted = row[whole.end() : part.start()].strip(" ")
        if not found or parted or not re.fullmatch(r"[-+]?[1-9][0-9]*", whole[0]):
            continue
        if found[1] and int(found[1]) >= int(found[2]):
            continue
        one = f"{whole[0]}{part[0]}"
        if found[1]:
            sign, digits = ("-", whole[0][1:]) if whole[0][0] == "-" else ("", whole[0].lstrip("+"))
            one = f"{sign}{int(digits) * int(found[2]) + int(found[1])}/{found[2]}"
        more = f"{whole[0]}{';' if ';' in row else ','} {part[0]}"
        problem = "Is {text} one number or more? Write {one} or {more}."
        raise Problem(
            problem, column=start + part.start() + 1, text=f"{whole[0]} {part[0]}", one=one, more=more
        )


def _check_table(row: str, entries: list[re.Match[str]], start: int, wraps: bool) -> None:
    """Refuse rows of several numbers, unless lines in brackets may be one list that was wrapped."""
    by = ";" if ";" in row else "" if wraps else "\n"
    ends = [place for place, sign in enumerate(row) if sign == by]
    counts = Counter(bisect_left(ends, entry.start()) for entry in entries)
    if len(counts) < 2 or max(counts.values()) == 1:
        return
    if len(set(counts.values())) == 1:
        raise Problem(TABLE, rows=len(counts), column=start + ends[0] + 2)
    if by == ";":
        problem = "Some entries are parted by spaces, some by semicolons; use one of them."
        raise Problem(problem, column=start + ends[0] + 1)


def _check_groups(row: str, start: int) -> None:
    """Refuse 1 000; 2 000 and 1.234,5, which would become other numbers, and more of them."""
    found = GROUPS.search(row) if STRONG.search(row.strip()) or "," in row else None
    found = found or THOUSANDS.search(row)
    if found:
        digits = found[found.lastindex or 0]
        one, more = digits.replace(" ", ""), digits.replace(" ", "; ")
        problem = "Is {text} one number or more? Write {one} without a space, or {more}."
        raise Problem(
            problem, column=start + found.start(found.lastindex or 0) + 1, text=digits, one=one, more=more
        )
    found = GERMAN.search(row)
    if found:
        one, more = found[0].replace(".", "").replace(",", "."), found[0].replace(",", "; ")
        problem = "Is {text} one number or more? Write {one} or {more}."
        raise Problem(problem, column=start + found.start() + 1, text=found[0], one=one, more=more)


def _entry(text: str, start: int, end: int, decimal_comma: bool) -> Entry:
    try:
        value = parse_number(text[start:end], decimal_comma)
    except Problem as problem:
        slots: dict[str, Any] = {**problem.values, "column": start + 1}
        raise Problem(problem.sentence, **slots) from problem
    return Entry(text[start:end], start + 1, value)


def _decimal_commas(text: str, plain: str, start: int, end: int, width: int | None, points: bool) -> bool:
    """Whether the commas of a row are decimal signs; refuse a row where this cannot be known."""
    row = plain[start:end]
    inner = BETWEEN_DIGITS.findall(row)
    outer = row.count(",") - len(inner) - len(re.findall(r",\s*(?:[;、\n]|$)", row))
    wide = "、" in row.rstrip(" 、\n\t")
    if width is None and not points and (outer or wide) and ";" in row.rstrip("; \n\t"):
        problem = "Some entries are parted by commas, some by semicolons; use one of them."
        raise Problem(problem, column=start + row.index(";") + 1)
    words = row.split()
    if not inner or (width == 2 and "." in row):
        return False
    if width == 2 and not STRONG.search(row.strip()):
        return len(words) == 2
    if len(words) == 1 and not STRONG.search(row):
        typed, before = text[start - 1 : start], text[: start - 1].rstrip()[-1:]
        bracketed = plain[start - 1 : start] == "(" and (points or typed not in "(（" or before.isalnum())
        if not bracketed and (_one_number(words[0]) or (_like_decimals(words[0]) and "." not in row)):
            _refuse_comma(plain, start, end)
        return False
    if outer or points or ("." in row and ";" not in row):
        _refuse_comma(plain, start, end)
    entries = [one[0] for one in ENTRY[""].finditer(row) if BETWEEN_DIGITS.search(one[0])]
    numbers = [_one_number(entry) for entry in entries]
    if any(numbers) != all(numbers) or (not any(numbers) and any(entry.count(",") > 1 for entry in entries)):
        _refuse_comma(plain, start, end)
    return all(numbers)


def _one_number(word: str) -> bool:
    """Whether a word is a number if its comma is a decimal sign."""
    try:
        parse_number(word.rstrip(","), word.count(",") == 1)
    except Problem:
        return len(re.findall(r"[0-9]+", word)) == 2 and word.count(",") == 1
    return True


def _like_decimals(word: str) -> bool:
    """Whether entries between commas look like a number in groups, or like decimals: 1,000,200; 0,5,0,25."""
    parts = re.findall(r"[0-9]+", word)
    zeros = any(len(part) > 1 and part.startswith("0") for part in parts)
    return zeros or (len(parts) % 2 == 0 and all(part == "0" for part in parts[::2]))


def _refuse_comma(plain: str, start: int, end: int) -> NoReturn:
    found = BETWEEN_DIGITS.search(plain, start, end)
    assert found is not None
    place = found.end() - 1
    before, after = re.search(r"[0-9,]*$", plain[start:place]), re.match(r",[0-9,]*", plain[place:end])
    assert before is not None
    assert after is not None
    entry = (before[0] + after[0]).strip(",")
    few = entry if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", entry) else ",".join(entry.split(",")[:2])
    one = few.replace(",", "" if few.count(",") > 1 else ".")
    problem = "Is {text} one number or more? Write {one}, or {more} with a space."
    raise Problem(problem, column=place + 1, text=few, one=one, more=few.replace(",", ", "))
