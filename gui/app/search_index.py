"""What the search knows: experiments, lessons and their stops, examples, entries, settings and commands.

Each thing has its names in both languages. What does not depend on the window is made once a language.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import msgspec
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from engine.experiments import CATALOGUE, EXPERIMENTS
from gui.app.contents import questions
from gui.app.examples import example_files, example_title, opens_at
from gui.app.glossary_dialog import place_title
from gui.app.lesson_files import lesson_files, stop_titles, titles_of
from gui.app.menu_items import bare
from gui.form.field import Field, fields_of
from gui.look.glossary import glossary
from gui.look.language import LANGUAGES, sentences, tr
from gui.look.matching import Fit, Names

MOST = 60  # rows that are listed
# What comes first of what fits equally well.
KINDS = ("experiment", "entry", "question", "command", "lesson", "stop", "example", "setting")


@dataclass(frozen=True)
class Findable:
    """One thing that can be found: its kind, its names, where it is in words, and what leads there.

    `target` is an experiment; (experiment, way to a setting); the key of an entry; the path of an example or
    of a lesson; (path, number of the stop); the place of a question; or the QAction of a command.
    """

    kind: str
    names: Names
    where: str
    target: Any
    symbol: str = ""

    @property
    def title(self) -> str:
        """Its name in the language of the window, and its symbol."""
        return f"{self.names.names[0]} {self.symbol}".strip()

    @property
    def experiment(self) -> str:
        """The experiment whose setting it is, or ""."""
        return str(self.target[0]) if self.kind == "setting" else ""


def find(things: list[Findable], typed: str, shown: str) -> list[tuple[Findable, str]]:
    """What fits, the best first, and the name that fits where it is not the title.

    The settings of the `shown` experiment come before anything that fits equally well, others after it.
    """
    fits: list[tuple[Fit, int, int]] = []
    for number, thing in enumerate(things):
        fit = thing.names.fit(typed)
        if fit is not None:
            rank = -1 if thing.experiment == shown else KINDS.index(thing.kind)
            fits.append((fit, rank, number))
    best = sorted(fits, key=lambda one: (one[0][:2], one[1], one[0][2], one[2]))
    return [(things[number], _other(things[number], fit)) for fit, _, number in best[:MOST]]


def _other(thing: Findable, fit: Fit) -> str:
    return thing.names.names[fit[3]] if fit[3] else ""


@cache
def things_of(language: str) -> tuple[Findable, ...]:
    """All that does not depend on the window, in a language that is installed."""
    said = (*_entries(language), *questions_of(language), *_stops(language))
    return (*contents_of(language), *said, *_examples(), *_settings())


@cache
def contents_of(language: str) -> tuple[Findable, ...]:
    """The experiments and the lessons, in a language that is installed."""
    return (*_experiments(), *_lessons(language))


@cache
def questions_of(language: str) -> tuple[Findable, ...]:
    """The contents by question, in a language that is installed."""
    return tuple(_questions(language))


def both(sentence: str) -> Names:
    """The names of what is said in English in the program: as it is shown, and in the other languages."""
    return _both(sentence, tr(sentence))


@lru_cache(maxsize=2048)
def _both(sentence: str, shown: str) -> Names:
    others = (sentences(language).get(sentence, "") for language in LANGUAGES if language != "en")
    return Names.of(shown, sentence, *others)


def _experiments() -> Iterator[Findable]:
    for experiments in CATALOGUE.values():
        for one in experiments:
            yield Findable("experiment", both(one.title), place_title(one.name).partition(" ▸ ")[0], one.name)


def _entries(language: str) -> Iterator[Findable]:
    order = sorted(LANGUAGES, key=lambda one: one != language)
    for entry in glossary().values():
        names = (name for one in order for name in entry.words[one].names)
        yield Findable("entry", Names.of(*names), "", entry.key)


def _questions(language: str) -> Iterator[Findable]:
    order = sorted(LANGUAGES, key=lambda one: one != language)
    for place, question in enumerate(questions()):
        names = Names.of(*(question.words[one] for one in order))
        yield Findable("question", names, tr(question.chapter), place)


def _lessons(language: str) -> Iterator[Findable]:
    for path in lesson_files():
        yield Findable("lesson", _named(titles_of(path), language), "", path)


def _stops(language: str) -> Iterator[Findable]:
    for lesson in _lessons(language):
        for number, titles in enumerate(stop_titles(lesson.target)):
            yield Findable("stop", _named(titles, language), lesson.names.names[0], (lesson.target, number))


def _named(titles: dict[str, str], language: str) -> Names:
    """The names of what has titles by language; "" is English."""
    order = sorted(("", *LANGUAGES), key=lambda one: one != language)
    return Names.of(*(titles[one] for one in order if one in titles))


def _examples() -> Iterator[Findable]:
    for path in example_files():
        yield Findable("example", both(example_title(path)), place_title(opens_at(path)), path)


def _settings() -> Iterator[Findable]:
    for name, experiment in EXPERIMENTS.items():
        seen: set[str] = set()
        for way, field in _fields(experiment.config_type()):
            if field.title not in seen:
                seen.add(field.title)
                names = both(field.title)
                if field.symbol:
                    names = Names.of(*names.names, field.symbol)
                yield Findable("setting", names, place_title(name), (name, way), field.symbol)


def _fields(config: msgspec.Struct, way: str = "") -> Iterator[tuple[str, Field]]:
    """The settings of a config, and those inside them, with the ways to them; only what has a title."""
    for field in fields_of(type(config)):
        if field.title == field.name or field.kind in ("table", "text"):
            continue
        yield f"{way}{field.name}", field
        value = getattr(config, field.name)
        values = value if isinstance(value, list | tuple) else [value]
        for one in values:
            if isinstance(one, msgspec.Struct):
                yield from _fields(one, f"{way}{field.name}.")


def commands(bar: QMenuBar) -> Iterator[Findable]:
    """What the menus can do now, without the lessons and examples that they open."""
    english, known = _english(), {tr(example_title(path)) for path in example_files()}
    known |= {title for path in lesson_files() for title in titles_of(path).values()}
    for top in bar.actions():
        menu = top.menu()
        if isinstance(menu, QMenu):
            for action in _leaves(menu):
                text = bare(action.text())
                if text in known:
                    continue
                names = Names.of(text, *english.get(text, ()))
                keys = action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)
                yield Findable("command", names, f"{bare(top.text())}  {keys}".strip(), action)


def _leaves(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _leaves(inner)
        elif not action.isSeparator() and action.isEnabled() and action.text():
            yield action


@cache
def _english() -> dict[str, tuple[str, ...]]:
    """Words of the menus → the same in the other languages."""
    found: dict[str, tuple[str, ...]] = {}
    for language in LANGUAGES:
        if language != "en":
            for sentence, translation in sentences(language).items():
                if "&" in sentence:
                    found[bare(translation)] = (bare(sentence),)
                    found.setdefault(bare(sentence), (bare(translation),))
    return found
