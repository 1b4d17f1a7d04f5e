"""How well what was typed fits a name: in English, in Chinese, or by initials, in this order of worth.

−1 it is a name
0  a name begins with it
1  a word of a name begins with it; in Chinese, where words have no spaces, it stands in the name
2  the initials begin with it: "kl", "cn" for "condition number", "tjs" for 条件数
3  the initials contain it from some word on
4  it stands inside a word
5  its letters stand in the name in this order, with others between them

Of what was typed in several words each must fit somewhere; the worst of them counts.
"""

import re
from dataclasses import dataclass

from gui.look.pinyin import initials

SEPARATORS = re.compile(r"[\s\-–—/()（）:：,，、.…▸‖?？+=]+")
CHINESE = re.compile("[\u4e00-\u9fff]")
LEAST = 2  # letters that may stand apart

# Its worth, whether it is another name than the main one, how long the name is, and which of them it is.
Fit = tuple[int, int, int, int]


@dataclass(frozen=True)
class Names:
    """The names of something, ready to be compared: each as words with single spaces, and its initials."""

    names: tuple[str, ...]
    texts: tuple[str, ...]
    initials: tuple[str, ...]

    @classmethod
    def of(cls, *names: str) -> "Names":
        """Of names in any language, the main one first; those that are empty or the same count once."""
        different = tuple(dict.fromkeys(name for name in names if name))
        texts = tuple(SEPARATORS.sub(" ", name.casefold()).strip() for name in different)
        return cls(different, texts, tuple(initials(name) for name in different))

    def fit(self, typed: str) -> Fit | None:
        """How well something that was typed fits; the less the better."""
        words = SEPARATORS.sub(" ", typed.casefold()).split()
        if len(words) > 1 and (whole := self._fit_one(" ".join(words))) is not None and whole[0] < len(words):
            return whole
        fits = [self._fit_one(word) for word in words]
        found = [fit for fit in fits if fit is not None]
        return max(found) if found and len(found) == len(fits) else None

    def _fit_one(self, word: str) -> Fit | None:
        fits = [
            (worth, min(place, 1), len(text), place)
            for place, (text, short) in enumerate(zip(self.texts, self.initials, strict=True))
            if (worth := _worth(word, text, short)) is not None
        ]
        return min(fits, default=None)


def _worth(word: str, text: str, short: str) -> int | None:
    """The worth of a word for one name with its initials; None where it does not fit."""
    if text.startswith(word):
        return 0 if text != word else -1
    inside = word in text
    if f" {word}" in text or (inside and CHINESE.match(word)):
        return 1
    if short.startswith(word):
        return 2
    if len(word) >= LEAST and word in short:
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
