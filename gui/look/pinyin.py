"""The initials of Chinese by its reading in pinyin: 交叉熵 is "jcs", 学习率 is "xxl", KL 散度 is "klsd".

There is no table of readings. The 3,755 common characters of GB 2312 are numbered in the order of their
pinyin, so the number of a character says its initial; only rarer characters that our words use stand below.
A character with several readings has the common one there; words that read it otherwise stand below too.
"""

import re
from functools import lru_cache

# The number, in GB 2312, of the first character of each initial; none begins with i, u or v.
BORDERS = (
    ("a", 0xB0A1), ("b", 0xB0C5), ("c", 0xB2C1), ("d", 0xB4EE), ("e", 0xB6EA), ("f", 0xB7A2),
    ("g", 0xB8C1), ("h", 0xB9FE), ("j", 0xBBF7), ("k", 0xBFA6), ("l", 0xC0AC), ("m", 0xC2E8),
    ("n", 0xC4C3), ("o", 0xC5B6), ("p", 0xC5BE), ("q", 0xC6DA), ("r", 0xC8BB), ("s", 0xC8F6),
    ("t", 0xCBFA), ("w", 0xCDDA), ("x", 0xCEF4), ("y", 0xD1B9), ("z", 0xD4D1),
)  # fmt: skip
END = 0xD7FA
RARER = {"浏": "l", "熵": "s", "耦": "o", "谛": "d", "轭": "e", "阈": "y", "阱": "j", "骰": "t"}
READINGS = {  # 重 is else z(hòng), 长 c(háng), 调 d(iào), 行 x(íng), 便 b(iàn)
    "增长": "zz",
    "重叠": "cd",
    "重启": "cq",
    "重新": "cx",
    "重合": "ch",
    "重复": "cf",
    "重置": "cz",
    "重根": "cg",
    "调节": "tj",
    "调整": "tz",
    "行号": "hh",
    "换行": "hh",
    "一行": "yh",
    "逐行": "zh",
    "便宜": "py",
}
CHINESE = re.compile("[\u4e00-\u9fff]+")
PIECES = re.compile("[\u4e00-\u9fff]|[^\\W_]+")


def initial(character: str) -> str:
    """The initial of a Chinese character in its common reading; "" where it is not known."""
    if character in RARER:
        return RARER[character]
    try:
        high, low = character.encode("gb2312")
    except (UnicodeEncodeError, ValueError):
        return ""
    number = high << 8 | low
    return next((letter for letter, first in reversed(BORDERS) if first <= number < END), "")


@lru_cache(maxsize=4096)
def initials(text: str) -> str:
    """The initials of a text: of each Chinese character and of each other word; a word in capitals is whole."""
    for word, letters in READINGS.items():
        if word in text:
            text = text.replace(word, " ".join(["", *letters, ""]))
    return "".join(_piece(found[0]) for found in PIECES.finditer(text)).casefold()


def _piece(piece: str) -> str:
    if CHINESE.match(piece):
        return initial(piece)
    return piece if piece.isupper() or piece.isdecimal() else piece[0]
