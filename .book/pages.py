"""The pages of the book, written from the engine's tables of contents: nothing of it is listed twice."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import symbols

HOUSE = Path(__file__).resolve().parent.parent
LINE = re.compile(r"^ *(\w+) {2,}(\S.*)$")
MORE = re.compile(r"^ {8,}(\S.*)$")
PART = re.compile(r"^\S.*:$")
TITLE = "The engine of Nabla"
FOREWORD = (
    "On each page the text stands on the left, and the lines of Python that it speaks of on the right: "
    "what is read is what runs."
)


class Entry(NamedTuple):
    """A line of a table of contents, and the heading it stands under."""

    name: str
    words: str
    part: str


def contents(package: Path) -> tuple[str, list[Entry]]:
    """Return the title of a package, and the lines of its table of contents, in reading order.

    Files that the table does not name follow, with the first sentence of their own.
    """
    text, entries, part = _text(package / "__init__.py"), list[Entry](), ""
    for line in text.splitlines():
        found, more = LINE.match(line), MORE.match(line)
        if found and _place(package, found[1]).exists():
            entries.append(Entry(found[1], found[2], part))
        elif more and entries:
            entries[-1] = entries[-1]._replace(words=f"{entries[-1].words} {more[1]}")
        elif PART.match(line):
            part = line.rstrip(":")
    named = {entry.name for entry in entries}
    for path in sorted(package.iterdir()):
        name = path.stem
        if name not in named and not name.startswith("_") and (path.suffix == ".py" or path.is_dir()):
            entries.append(Entry(name, _first(_text(_place(package, name))), part))
    return _first(text), entries


def _place(package: Path, name: str) -> Path:
    folder = package / name / "__init__.py"
    return folder if folder.exists() else package / f"{name}.py"


def _text(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""


def _first(text: str) -> str:
    return " ".join(text.split("\n\n")[0].split())


def write(into: Path) -> None:
    """Write all pages into a folder of reStructuredText."""
    about, entries = contents(HOUSE / "engine")
    lines = [".. _engine:", "", *_heading(TITLE), _escaped(about), "", FOREWORD, ""]
    for part in dict.fromkeys(entry.part for entry in entries):
        lines += _listed(HOUSE / "engine", [entry for entry in entries if entry.part == part], part)
    lines += ["* :doc:`List of symbols <symbols>`", "", ".. toctree::", "   :hidden:", "", "   symbols", ""]
    into.mkdir(parents=True, exist_ok=True)
    (into / "index.rst").write_text("\n".join(lines), "utf-8")
    (into / "symbols.rst").write_text("\n".join([*_heading("List of symbols"), *symbols.page()]), "utf-8")
    for entry in entries:
        _page(HOUSE / "engine", into, entry)


def _page(package: Path, into: Path, entry: Entry) -> None:
    """Write the page of a file, or those of a folder."""
    place = _place(package, entry.name)
    if place.name != "__init__.py":
        lines = [
            f".. _{_dotted(place)}:",
            "",
            *_heading(entry.name),
            f".. beside:: {place.relative_to(HOUSE)}",
        ]
        (into / f"{entry.name}.rst").write_text("\n".join(lines) + "\n", "utf-8")
        return
    inner, folder = into / entry.name, package / entry.name
    inner.mkdir(parents=True, exist_ok=True)
    about, entries = contents(folder)
    lines = [
        f".. _{_dotted(folder)}:",
        "",
        *_heading(_escaped(about.rstrip("."))),
        *_listed(folder, entries, ""),
    ]
    (inner / "index.rst").write_text("\n".join(lines) + "\n", "utf-8")
    for each in entries:
        _page(folder, inner, each)


def _listed(package: Path, entries: list[Entry], part: str) -> Iterator[str]:
    """Yield a heading, the lines of contents below it, and the same for the column on the left."""
    names = [entry.name for entry in entries]
    documents = [f"{name}/index" if (package / name).is_dir() else name for name in names]
    if part:
        yield from (part, "-" * len(part), "")
    for entry, document in zip(entries, documents, strict=True):
        yield from (f":doc:`{entry.name} <{document}>`", f"    {_escaped(entry.words)}", "")
    yield from (".. toctree::", "   :hidden:", *([f"   :caption: {part}"] if part else []), "")
    for name, document in zip(names, documents, strict=True):
        yield f"   {name} <{document}>"
    yield ""


def _heading(title: str) -> list[str]:
    return [title, "=" * 2 * len(title), ""]


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(HOUSE).with_suffix("").parts)


def _escaped(words: str) -> str:
    return re.sub(r"([*`_|\\])", r"\\\1", words)
