"""The glossary: what the words and symbols of the field are, in each language, and where they are seen.

It is one readable file, `resources/glossary.md`, whose head says how an entry is written. It is read once,
and strictly: what is not written as it should be is an error with its line.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from gui.look.language import LANGUAGES

FILE = Path(__file__).resolve().parents[2] / "resources" / "glossary.md"
KEY = re.compile(r"[a-z][a-z0-9_]*")
PLACE = re.compile(r"([a-z]\w*\.[a-z]\w*)(?:: ([a-z][\w.]*))?")
NO_LINK = "!"


class GlossaryError(ValueError):
    """An entry is not written as it should be; the message says where, and why."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")


@dataclass(frozen=True)
class EntryWords:
    """An entry in one language: its name, what else names it, what it is, and where on the screen it is.

    `unlike` is what looks like one of the names and is none.
    """

    name: str
    also: tuple[str, ...]
    meaning: str
    where: str
    unlike: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All that names it."""
        return self.name, *self.also


@dataclass(frozen=True)
class GlossaryEntry:
    """One entry: its symbol in formulas (LaTeX, "" where there is none) and (experiment, setting) pairs.

    The setting is "" where none moves it. With `own_pages` its words mean it only in these experiments.
    """

    key: str
    chapter: str
    symbol: str
    own_pages: bool
    places: tuple[tuple[str, str], ...]
    words: Mapping[str, EntryWords]

    @property
    def experiments(self) -> tuple[str, ...]:
        """Those in which it is seen, each once."""
        return tuple(dict.fromkeys(name for name, _ in self.places))

    def setting(self, experiment: str) -> str:
        """The first setting of an experiment that moves it, or ""."""
        return next((way for name, way in self.places if name == experiment and way), "")


@dataclass
class _Draft:
    """An entry of which not all lines are read yet."""

    key: str
    chapter: str
    line: int
    symbol: str = ""
    own_pages: bool = False
    places: list[tuple[str, str]] = field(default_factory=list)
    words: dict[str, EntryWords] = field(default_factory=dict)
    language: str = ""
    heads: tuple[str, ...] = ()
    paragraphs: list[str] = field(default_factory=list)

    def end_language(self, line: int) -> None:
        """Take the paragraphs of the language that ends before a line."""
        if not self.language:
            return
        if len(self.paragraphs) != 2:
            raise GlossaryError(line, f"{self.key} needs two paragraphs in {self.language}")
        name, *rest = self.heads
        also = tuple(one for one in rest if not one.startswith(NO_LINK))
        unlike = tuple(one.removeprefix(NO_LINK) for one in rest if one.startswith(NO_LINK))
        self.words[self.language] = EntryWords(name, also, self.paragraphs[0], self.paragraphs[1], unlike)
        self.language, self.paragraphs = "", []

    def ended(self, line: int) -> GlossaryEntry:
        """The whole entry."""
        self.end_language(line)
        missing = [name for name in LANGUAGES if name not in self.words]
        if missing:
            raise GlossaryError(self.line, f"{self.key} is missing in {', '.join(missing)}")
        if not self.places:
            raise GlossaryError(self.line, f"{self.key} names no experiment")
        return GlossaryEntry(
            self.key, self.chapter, self.symbol, self.own_pages, tuple(self.places), dict(self.words)
        )

    def take(self, text: str, line: int) -> None:
        """Take one line that is not a heading of a chapter or an entry."""
        if text.startswith("### "):
            self.end_language(line)
            language, colon, heads = text.removeprefix("### ").partition(": ")
            if not colon or language not in LANGUAGES or language in self.words:
                raise GlossaryError(line, f"{text!r} is no language with a name")
            self.language, self.heads = language, tuple(one.strip() for one in heads.split(","))
            if not all(one.removeprefix(NO_LINK) for one in self.heads):
                raise GlossaryError(line, "a name is empty")
        elif self.language:
            self.paragraphs.append(text)
        elif text == "- own pages":
            self.own_pages = True
        elif text.startswith("- symbol: "):
            self.symbol = text.removeprefix("- symbol: ")
        elif text.startswith("- ") and (found := PLACE.fullmatch(text.removeprefix("- "))):
            self.places.append((found[1], found[2] or ""))
        else:
            raise GlossaryError(line, f"{text!r} is neither a symbol nor an experiment")


def read_glossary(text: str) -> tuple[GlossaryEntry, ...]:
    """All entries of a glossary, in their order.

    Raises:
        GlossaryError: something is not written as it should be.
    """
    entries = tuple(_entries(text))
    twice = [key for key, count in Counter(entry.key for entry in entries).items() if count > 1]
    if twice:
        raise GlossaryError(1, f"there are two of {', '.join(twice)}")
    return entries


def _entries(text: str) -> Iterator[GlossaryEntry]:
    chapter, draft, line = "", None, 0
    for line, whole in enumerate(text.splitlines(), 1):
        row = whole.strip()
        if row.startswith(("# ", "## ")):
            if draft is not None:
                yield draft.ended(line)
                draft = None
            if row.startswith("# "):
                chapter = row.removeprefix("# ")
                continue
            key = row.removeprefix("## ")
            if not KEY.fullmatch(key):
                raise GlossaryError(line, f"{key!r} is no key: small letters, digits and _")
            draft = _Draft(key, chapter, line)
        elif row and draft is not None:
            draft.take(row, line)
    if draft is not None:
        yield draft.ended(line)


@cache
def glossary() -> Mapping[str, GlossaryEntry]:
    """The entries that ship, by their keys."""
    return {entry.key: entry for entry in read_glossary(FILE.read_text(encoding="utf-8"))}


def entry_of_symbol(latex: str, experiment: str, setting: str) -> GlossaryEntry | None:
    """What a symbol in formulas stands for, if it is what a setting of an experiment, "racers.0.beta", sets.

    One symbol has several meanings, so it alone says nothing.
    """
    place = experiment, re.sub(r"\.\d+", "", setting)
    return next((one for one in glossary().values() if latex == one.symbol and place in one.places), None)


def entry_named(name: str, language: str) -> GlossaryEntry | None:
    """The entry with a name in a language, whatever its capitals."""
    return _names(language).get(name.casefold())


@cache
def _names(language: str) -> Mapping[str, GlossaryEntry]:
    found: dict[str, GlossaryEntry] = {}
    for entry in glossary().values():
        for name in entry.words[language].names:
            found.setdefault(name.casefold(), entry)
    return found
