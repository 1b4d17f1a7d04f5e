"""What a word in backticks means: a definition to go to, another name, or nothing that is there."""

import ast
import builtins
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from source import pieces

NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


class File(NamedTuple):
    """The names of a file: those that have a text of their own, and all that occur."""

    told: frozenset[str]
    used: frozenset[str]
    ends: tuple[str, ...]  # with what names end that are put together, such as "_loss"
    imports: frozenset[str]  # the files that it takes names from

    def holds(self, name: str) -> bool:
        """Tell whether a name occurs here, perhaps counted (x0, x1, …) or put together."""
        return name in self.used or name.rstrip("0123456789") in self.used or name.endswith(self.ends)


class Names(NamedTuple):
    """All names of the engine, file by file."""

    files: dict[str, File]

    @classmethod
    def of_house(cls, house: Path) -> "Names":
        """Read the engine in a folder (once)."""
        return _read(house)

    def target(self, word: str, module: str) -> str | None:
        """Return the full name of what a word in a file stands for.

        "" is a name that has no text to go to, such as an argument, or no name at all; None is a broken
        reference.
        """
        name = word.partition("(")[0]
        if not NAME.fullmatch(name) or name.endswith("_"):
            return ""
        here, last = self.files[module], name.rpartition(".")[2]
        if name in here.told:
            return f"{module}.{name}"
        if name.partition(".")[0] == "engine":
            return self._full(name)
        if here.holds(last):
            return ""
        return self._elsewhere(name, last, module)

    def _full(self, name: str) -> str | None:
        if name in self.files:
            return name
        file = next((file for file in sorted(self.files, reverse=True) if name.startswith(f"{file}.")), "")
        inner = name.removeprefix(f"{file}.")
        if file and inner in self.files[file].told:
            return name
        return file if file and self.files[file].holds(inner) else None

    def _elsewhere(self, name: str, last: str, module: str) -> str | None:
        folder = module.rpartition(".")[0]
        files = sorted(self.files, key=lambda file: (not file.startswith(folder), file))
        for file in files:
            if file.endswith(f".{name}"):
                return file
        for file in files:
            if name in self.files[file].told:
                return f"{file}.{name}"
        neighbours = [file for file in files if file.startswith(folder) or file in self.files[module].imports]
        known = (
            hasattr(builtins, name) or hasattr(np, last) or any(self.files[f].holds(last) for f in neighbours)
        )
        return "" if known else None


@cache
def _read(house: Path) -> Names:
    paths = sorted((house / "engine").rglob("*.py"))
    return Names({_module(path.relative_to(house)): _names(path) for path in paths})


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _names(path: Path) -> File:
    tree = ast.parse(path.read_text("utf-8"))
    told = frozenset(piece.name for piece in pieces(path) if piece.name)
    joined = [
        part.value
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    ends = tuple({part for part in joined if re.fullmatch(r"_[a-z]+", part)})
    imports = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return File(told, frozenset(_used(tree)), ends, frozenset(imports))


def _used(tree: ast.AST) -> Iterator[str]:
    """Yield every name in a file, and the words of its texts that are no docstrings."""
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                yield name
            case ast.keyword(arg=str(name)) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Constant(value=str(text)) if id(node) not in spoken:
                yield from re.findall(r"\w+", text)
