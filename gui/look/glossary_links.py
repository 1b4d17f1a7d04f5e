"""Finds the words of the glossary in a text, each entry once: where they stand, and of which entry they are.

The text is cut into words; in Chinese, where there are no spaces, into those characters that a name begins
with. The longest name that stands at such a place counts. All names of a language are prepared once.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from PySide6.QtGui import QColor, QTextBlock, QTextCharFormat, QTextCursor, QTextDocument

from gui.look.glossary import GlossaryEntry, glossary
from gui.look.theme import Theme

SCHEME = "glossary"
LETTER = "A-Za-z0-9α-ωÀ-ɏ_"
ARTICLE = re.compile("(the|an?) ")
WORD = f"(?<![{LETTER}])[A-Za-zα-ω][{LETTER}-]*"


class Index:
    """The names of all entries in a language."""

    def __init__(self, language: str) -> None:
        self._after = re.compile(f"[{LETTER}]")
        word, firsts = re.compile(WORD), set[str]()
        found: dict[str, dict[str, GlossaryEntry | None]] = defaultdict(dict)
        for entry in glossary().values():
            words = entry.words[language]
            for name in (*words.names, *words.unlike):
                for spelled in {name, name[0].upper() + name[1:]}:
                    start = word.match(spelled)
                    first = start[0] if start else spelled[0]
                    if not start:
                        firsts.add(first)
                    if name in words.unlike:
                        found[first][spelled] = None
                    else:
                        found[first].setdefault(spelled, entry)
        self._starts = {
            first: sorted(names.items(), key=lambda one: -len(one[0])) for first, names in found.items()
        }
        self._places = re.compile(f"{WORD}|[{''.join(sorted(firsts))}]" if firsts else WORD)

    def words_in(self, text: str, experiment: str, seen: set[str]) -> Iterator[tuple[int, int, str]]:
        """(start, end, key of the entry) of the words of a text; those of entries in `seen` are left out.

        `experiment` is what the text speaks of, "" where it is of none. What is found is added to `seen`.
        """
        end = 0
        for place in self._places.finditer(text):
            at = place.start()
            if at < end:
                continue
            for name, entry in self._starts.get(place[0], ()):
                if text.startswith(name, at) and not self._goes_on(name, text, at + len(name)):
                    end = at + len(name)
                    if entry is not None and entry.key not in seen and _meant(entry, experiment):
                        seen.add(entry.key)
                        yield at, end, entry.key
                    break

    def _goes_on(self, name: str, text: str, end: int) -> bool:
        """Whether the last word of a name is longer in a text."""
        return bool(self._after.match(name[-1]) and self._after.match(text, end))


def _meant(entry: GlossaryEntry, experiment: str) -> bool:
    return not entry.own_pages or experiment in entry.experiments


@cache
def index_of(language: str) -> Index:
    """The names of a language, prepared when they are first needed."""
    return Index(language)


def entry_headed(name: str, language: str, experiment: str) -> GlossaryEntry | None:
    """What a longer name is about in the end: "norm of the gradient" is a norm, so is 梯度的范数."""
    chinese = language != "en"
    bare = name if chinese else ARTICLE.sub("", name)
    found = list(index_of(language).words_in(bare, experiment, set()))
    if not found:
        return None
    start, end, key = found[-1 if chinese else 0]
    return glossary()[key] if (end == len(bare) if chinese else start == 0) else None


def link_words(document: QTextDocument, language: str, experiment: str, theme: Theme, but: str = "") -> None:
    """Make the first word of each entry in a document a link, with dots under it; not those of entry `but`.

    Headings, links and what is set as code stay as they are.
    """
    index, seen, looks = index_of(language), {but}, _looks(theme)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    block = document.begin()
    while block.isValid():
        if not block.blockFormat().headingLevel():
            _link_block(block, index, experiment, seen, cursor, looks)
        block = block.next()
    cursor.endEditBlock()


def _looks(theme: Theme) -> QTextCharFormat:
    looks = QTextCharFormat()
    looks.setAnchor(True)
    looks.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    looks.setUnderlineColor(QColor(theme.quiet))
    return looks


def _link_block(
    block: QTextBlock,
    index: Index,
    experiment: str,
    seen: set[str],
    cursor: QTextCursor,
    looks: QTextCharFormat,
) -> None:
    for start, end, key in index.words_in(block.text(), experiment, seen):
        cursor.setPosition(block.position() + start)
        cursor.setPosition(block.position() + end, QTextCursor.MoveMode.KeepAnchor)
        if cursor.charFormat().isAnchor() or cursor.charFormat().fontFixedPitch():
            seen.discard(key)  # it may come again
            continue
        looks.setAnchorHref(f"{SCHEME}:{key}")
        cursor.mergeCharFormat(looks)


def entry_at(href: str) -> GlossaryEntry | None:
    """The entry that a link leads to; None where it leads elsewhere."""
    scheme, _, key = href.partition(":")
    return glossary().get(key) if scheme == SCHEME else None
