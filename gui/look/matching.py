"""How well what was typed fits a name: in English, in Chinese, by pinyin or initials, in this order of worth.

−1 it is a name
0  a name begins with it
1  a word of a name begins with it; in Chinese, where words have no spaces, it stands in the name
2  the initials begin with it: "kl", "cn" for "condition number", "tjs" for 条件数; or its pinyin: "tiaojian"
3  the initials, or the pinyin, contain it from some word on: "jianshu"
4  it stands inside a word
5  its letters stand in the name in this order, with others between them

Of what was typed in several words each must fit somewhere; the worst of them counts.
"""

import re
from dataclasses import dataclass
from itertools import accumulate

from gui.look.pinyin import initials, spelt

SEPARATORS = re.compile(r"[\s\-–—/()（）:：,，、.…▸‖?？+=]+")
CHINESE = re.compile("[\u4e00-\u9fff]")
LEAST = 2  # letters that may stand apart

# Its worth, whether it is another name than the main one, how long the name is, and which of them it is.
Fit = tuple[int, int, int, int]


@dataclass(frozen=True)
class Spelling:
    """A name in pinyin without spaces, "xuexilv", and where each syllable or other word begins: 0, 3, 5.

    Empty if the name has nothing in Chinese.
    """

    text: str
    begins: frozenset[int]

    @classmethod
    def of(cls, name: str) -> "Spelling":
        """Of a name in any language."""
        pieces = spelt(name) if CHINESE.search(name) else ()
        return cls("".join(pieces), frozenset(accumulate(map(len, pieces), initial=0)))

    def place(self, typed: str) -> int | None:
        """Where what was typed stands in it, from the beginning of a syllable on; None if nowhere."""
        typed = typed.replace("ü", "v").replace(" ", "")
        at = self.text.find(typed)
        while at >= 0 and at not in self.begins:
            at = self.text.find(typed, at + 1)
        return at if at >= 0 else None


@dataclass(frozen=True)
class Names:
    """The names of something, ready to be compared: as words with single spaces, initials, and pinyin."""

    names: tuple[str, ...]
    texts: tuple[str, ...]
    initials: tuple[str, ...]
    spellings: tuple[Spelling, ...]

    @classmethod
    def of(cls, *names: str) -> "Names":
        """Of names in any language, the main one first; those that are empty or the same count once."""
        different = tuple(dict.fromkeys(name for name in names if name))
        texts = tuple(SEPARATORS.sub(" ", name.casefold()).strip() for name in different)
        return cls(
            different,
            texts,
            tuple(initials(name) for name in different),
            tuple(Spelling.of(name) for name in different),
        )

    def fit(self, typed: str) -> Fit | None:
        """How well something that was typed fits; the less the better."""
        words = SEPARATORS.sub(" ", typed.casefold()).split()
        fits = [self._fit_one(word) for word in words]
        found = [fit for fit in fits if fit is not None]
        apart = [max(found)] if found and len(found) == len(fits) else []
        whole = self._fit_one(" ".join(words)) if len(words) > 1 else None
        return min(apart if whole is None else [whole, *apart], default=None)

    def _fit_one(self, word: str) -> Fit | None:
        forms = zip(self.texts, self.initials, self.spellings, strict=True)
        fits = [
            (worth, min(place, 1), len(text), place)
            for place, (text, short, spelling) in enumerate(forms)
            if (worth := _worth(word, text, short, spelling)) is not None
        ]
        return min(fits, default=None)


def _worth(word: str, text: str, short: str, spelling: Spelling) -> int | None:
    """The worth of a word for one name with its initials and pinyin; None where it does not fit."""
    if text.startswith(word):
        return 0 if text != word else -1
    inside = word in text
    if f" {word}" in text or (inside and CHINESE.match(word)):
        return 1
    at = spelling.place(word)
    if short.startswith(word) or at == 0:
        return 2
    if len(word) >= LEAST and (word in short or at is not None):
        return 3
    if inside:
        return 4
    if len(word) >= LEAST and _in_order(word, text):
        return 5
    return None


def _in_order(letters: str, text: str) -> bool:
    """Whether letters stand in a text in this order."""
    rest = iter(text)
    return all(letter in rest for letter in letters)
