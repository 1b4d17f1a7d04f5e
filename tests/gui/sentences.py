"""Finds every sentence that a user can see, by where it is written, so that none stays untranslated.

`python -m tests.gui.sentences` prints those without a Chinese translation, as the beginning of a JSON file.
"""

import ast
import importlib
import json
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import engine
import gui
from engine import files
from engine.config import KINDS, REASONS, Config, Problem
from gui.app.examples import example_files, example_title
from gui.form.field import fields_of, structs_in
from gui.form.kinds import FAMILIES
from gui.look.language import TRANSLATIONS

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(file for room in ("engine", "gui") for file in (ROOT / room).rglob("*.py"))
PARTS = ("title", "meaning", "looks", "found", "passes")  # of an entry of a table, what is shown
NOT_WORDS = re.compile(r"(\{\w+\}|[^A-Za-z])*")  # slots and marks alone need no translation


def modules() -> Iterator[ModuleType]:
    """Every module of the program."""
    for room in (engine, gui):
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            yield importlib.import_module(found.name)


@cache
def read(file: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The sentences that the calls in a file say, and all strings in it."""
    nodes = tuple(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    strings = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return frozenset({*_of_calls(nodes), *_looked_up(nodes, _module_name(file))}), frozenset(strings)


@cache
def wanted() -> dict[str, set[str]]:
    """Where → the sentences written there that need a translation."""
    found: dict[str, set[str]] = defaultdict(set)
    found["engine.config"] |= {*KINDS.values(), *REASONS.values()}
    found["engine.files"] |= set(files.REASONS.values())
    found["gui.form.kinds"] |= set(FAMILIES.values())
    found["gui.app.examples"] |= {example_title(path) for path in example_files()}
    for module in list(modules()):
        found[module.__name__] |= set(_of_tables(module))
    for config_type in _below(Config):
        found[config_type.__module__] |= set(_of_fields(config_type))
    for file in SOURCES:
        found[_module_name(file)] |= read(file)[0]
    return {
        where: {sentence for sentence in sentences if not NOT_WORDS.fullmatch(sentence)}
        for where, sentences in found.items()
        if not where.startswith("tests.")
    }


def _module_name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _of_tables(module: ModuleType) -> Iterator[str]:
    """Titles, meanings and more words in tables such as OPTIMIZERS, SURFACES and MISTAKES."""
    for name, table in vars(module).items():
        if name.isupper() and isinstance(table, dict):
            for entry in table.values():
                words = (getattr(entry, part, None) for part in PARTS)
                yield from (text for text in words if isinstance(text, str) and text)


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for lower in kind.__subclasses__():
        yield lower
        yield from _below(lower)


def _of_fields(config_type: type[Any]) -> Iterator[str]:
    for field in fields_of(config_type):
        if field.title != field.name:
            yield from filter(
                None, (field.title, field.meaning, field.unit, *field.choices.values(), *field.told.values())
            )
        for kind in structs_in(field.type):  # what there is to choose from
            yield from filter(None, (getattr(kind, part, "") for part in ("title", "meaning")))


def _of_calls(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Literals given to tr(), to Problem() or to one of its kinds, directly or by a name in the same file."""
    local = _assigned(nodes)
    for said in _said(nodes):
        yield from _literals(said, local)


def _looked_up(nodes: Sequence[ast.AST], module: str) -> Iterator[str]:
    """What tr() can find in a table of the module, as in tr(SHAPES[shape]) or tr(STOPS.get(why, why))."""
    tables = vars(importlib.import_module(module))
    for said in _said(nodes):
        names = {part.id for part in ast.walk(said) if isinstance(part, ast.Name)}
        for name in names:
            if name.isupper() and isinstance(tables.get(name), dict):
                yield from (text for text in tables[name].values() if isinstance(text, str))


def _said(nodes: Sequence[ast.AST]) -> Iterator[ast.expr]:
    """What is given to a speaker first."""
    speakers = _speakers()
    for node in nodes:
        if isinstance(node, ast.Call) and node.args and _called(node.func) in speakers:
            yield node.args[0]


def _called(function: ast.expr) -> str:
    """The last name of what is called."""
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _speakers() -> set[str]:
    """The names of what takes a sentence: tr, Problem and its kinds."""
    return {"tr", Problem.__name__, *(kind.__name__ for kind in _below(Problem))}


def _assigned(nodes: Sequence[ast.AST]) -> dict[str, list[ast.expr]]:
    """Name → what is assigned to it anywhere in a file."""
    found = defaultdict(list)
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id].append(node.value)
    return found


def _literals(node: ast.expr, local: dict[str, list[ast.expr]]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (text for part in (node.body, node.orelse) for text in _literals(part, local))
    elif isinstance(node, ast.Name):
        yield from (text for value in local.get(node.id, []) for text in _literals(value, {}))


def written() -> set[str]:
    """Every string in the source: a translation of something that is not among them is of no use."""
    return {string for file in SOURCES for string in read(file)[1]}


def translations(language: str = "zh_CN") -> list[tuple[str, str, str]]:
    """(file, sentence, translation), with repetitions."""
    found: list[tuple[str, str, str]] = []
    for file in sorted((TRANSLATIONS / language).glob("*.json")):
        pairs = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=list)
        found += [(file.name, sentence, translation) for sentence, translation in pairs]
    return found


def missing() -> dict[str, str]:
    """Sentences without a translation, as the beginning of a file of them."""
    known = {sentence for _, sentence, _ in translations()}
    return {sentence: "" for _, group in sorted(wanted().items()) for sentence in sorted(group - known)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(missing(), ensure_ascii=False, indent=2) + "\n")
