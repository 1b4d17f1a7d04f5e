"""The layout of a script: blank lines and double quotes, as formatters have them."""

import ast
import io
import re
import tokenize
from itertools import pairwise

POWER = r"(?<![\w.)\]])([\w.]+) \*\* (-?[\w.]+)(?![\w.(\[])"  # of two names or numbers
BLANK = 2  # blank lines around a function at the left edge
LONGEST = 110  # columns of a line of code


def laid_out(text: str) -> str:
    """The script with short lines, two blank lines around functions, double quotes, and 1e30, not 1e+30.

    Where this would make another program of it, such as inside of a text, it stays as it is.

    Raises:
        SyntaxError: it is no program.
    """
    program = ast.dump(ast.parse(text))
    tidy = _spaced(_folded(_spelt(text)))
    try:
        return tidy if ast.dump(ast.parse(tidy)) == program else text
    except SyntaxError:
        return text


def _folded(text: str) -> str:
    """What stands in the last brackets of a long line gets a line of its own; of a long sum, each term."""
    lines = text.splitlines()
    if all(len(line) <= LONGEST for line in lines):
        return text
    opened: list[tuple[int, int]] = []
    pairs: dict[int, list[tuple[int, int]]] = {}  # row → columns of brackets, outside of others
    signs: dict[int, list[int]] = {}  # row → columns of + and −, outside of brackets
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        row, column = token.start
        if token.type == tokenize.OP and token.string in "([{":
            opened.append(token.start)
        elif token.type == tokenize.OP and token.string in ")]}":
            begin = opened.pop()
            if not opened and begin[0] == row:
                pairs.setdefault(row, []).append((begin[1], column))
        elif token.string in ("+", "-") and not opened:
            signs.setdefault(row, []).append(column)
    for row in reversed(range(1, len(lines) + 1)):
        if len(lines[row - 1]) > LONGEST:
            lines[row - 1 : row] = _parts(lines[row - 1], pairs.get(row, []), signs.get(row, []))
    return "\n".join(lines) + "\n"


def _parts(line: str, pairs: list[tuple[int, int]], signs: list[int]) -> list[str]:
    """The lines that a long line becomes."""
    space = " " * (len(line) - len(line.lstrip()))
    terms = [column for column in signs if line[column - 1 : column + 2 : 2] == "  "]
    ends = bool(pairs) and pairs[-1][1] == len(line) - 1
    if terms and not ends and re.match(r"\s*[\w.]+ = ", line):
        first = line.index(" = ") + 3
        cut = [first, *terms, len(line)]
        parts = [f"{space}    {line[begin:end].rstrip()}" for begin, end in pairwise(cut)]
        return [f"{line[:first]}(", *parts, f"{space})"]
    if not pairs:
        return [line]
    begin, end = (
        pairs[-1] if pairs[-1][1] == len(line) - 1 else max(pairs, key=lambda pair: pair[1] - pair[0])
    )
    return [line[: begin + 1], *_filled(line[begin + 1 : end], space + "    "), space + line[end:]]


def _filled(text: str, space: str) -> list[str]:
    """A list of numbers in as many lines as it needs; any other text in one."""
    lines = [space]
    for part in (
        re.split("(?<=, )", text) if len(space + text) > LONGEST and not {'"', "'"} & {*text} else [text]
    ):
        if len(lines[-1] + part) > LONGEST:
            lines = [*lines[:-1], lines[-1].rstrip(), space]
        lines[-1] += part
    return lines


def _spelt(text: str) -> str:
    """'x' becomes "x" where no quote or backslash is in it, 1e+30 becomes 1e30, and x ** 2 x**2."""
    lines = text.splitlines()
    tokens = [*tokenize.generate_tokens(io.StringIO(text).readline)]
    for token in reversed(tokens):
        said = token.string
        if token.type == tokenize.STRING and re.fullmatch(r"f?'[^'\"\\]*'", said):
            said = said.replace("'", '"')
        elif token.type == tokenize.NUMBER:
            said = said.replace("e+", "e")
        row, begin, end = token.start[0] - 1, token.start[1], token.end[1]
        if said != token.string:
            lines[row] = lines[row][:begin] + said + lines[row][end:]
    of_words = re.compile("[\"'#]")  # lines with strings and comments stay as they are
    lines = [line if of_words.search(line) else re.sub(POWER, r"\1**\2", line) for line in lines]
    return "\n".join(lines) + "\n"


def _spaced(text: str) -> str:
    """Two blank lines before a function with its comment, and after it; elsewhere one at most."""
    lines: list[str] = []
    inside = False  # of a function
    for block in _blocks(text):
        first = next(line for line in block if not line.startswith("#")) if _has_code(block) else ""
        is_function = first.startswith("def ")
        if lines:
            lines += [""] * (BLANK if is_function or inside else 1)
        lines += block
        inside = is_function
    return "\n".join(lines) + "\n"


def _has_code(block: list[str]) -> bool:
    return any(not line.startswith("#") for line in block)


def _blocks(text: str) -> list[list[str]]:
    """Parts of a script that blank lines stand between: where it has them, and around functions."""
    blocks: list[list[str]] = [[]]
    in_string = False
    for line in text.splitlines():
        if not line.strip() and not in_string:
            blocks.append([])
            continue
        if not in_string and _begins(line, blocks[-1]):
            block = blocks[-1]
            above = len(block)
            while above and block[above - 1].startswith("#") and line.startswith("def "):
                above -= 1
            blocks[-1:] = [block[:above], block[above:]]
        in_string ^= line.count('"""') % 2 == 1
        if not blocks[-1] and line.startswith((" ", ")")) and len(blocks) > 1:
            blocks.pop()  # a blank line inside of a function
            while not blocks[-1]:
                blocks.pop()
        blocks[-1].append(line)
    return [block for block in blocks if block]


def _begins(line: str, block: list[str]) -> bool:
    """Whether a line begins a function, or what comes after one."""
    if line.startswith("def "):
        return True
    return not line.startswith((" ", ")")) and any(one.startswith("def ") for one in block)
