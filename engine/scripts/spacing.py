"""The layout of a script: blank lines and double quotes, as formatters have them."""

import io
import re
import tokenize

BLANK = 2  # blank lines around a function at the left edge


def laid_out(text: str) -> str:
    """The script with two blank lines around each function, double quotes, and 1e30 instead of 1e+30."""
    return _spaced(_spelt(text))


def _spelt(text: str) -> str:
    """'x' becomes "x" where no quote or backslash is in it, and 1e+30 becomes 1e30."""
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
