"""The initials of Chinese by its reading in pinyin: 交叉熵 is "jcs", 学习率 is "xxl", KL 散度 is "klsd".

There is no table of readings. The 3,755 common characters of GB 2312 are numbered in the order of their
pinyin, so the number of a character says its initial; only rarer characters that our words use stand below.
A character with several readings has the common one there; words that read it otherwise stand below too.
"""

import re
from bisect import bisect
from functools import cache, lru_cache

# The number, in GB 2312, of the first character of each initial; none begins with i, u or v.
BORDERS = (
    "a B0A1 b B0C5 c B2C1 d B4EE e B6EA f B7A2 g B8C1 h B9FE j BBF7 k BFA6 l C0AC m C2E8 "
    "n C4C3 o C5B6 p C5BE q C6DA r C8BB s C8F6 t CBFA w CDDA x CEF4 y D1B9 z D4D1"
)
LETTERS = BORDERS.split()[::2]
FIRSTS = [int(first, 16) for first in BORDERS.split()[1::2]]
END = 0xD7FA
RARER = {"浏": "l", "熵": "s", "耦": "o", "谛": "d", "轭": "e", "阈": "y", "阱": "j", "骰": "t", "沌": "d"}
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
OTHERWISE = re.compile("|".join(READINGS))
CHINESE = re.compile("[\u4e00-\u9fff]+")
PIECES = re.compile("[\u4e00-\u9fff]|[^\\W_]+")


@cache
def initial(character: str) -> str:
    """The initial of a Chinese character in its common reading; "" where it is not known."""
    if character in RARER:
        return RARER[character]
    try:
        high, low = character.encode("gb2312")
    except (UnicodeEncodeError, ValueError):
        return ""
    number = high << 8 | low
    if not FIRSTS[0] <= number < END:
        return ""
    return LETTERS[bisect(FIRSTS, number) - 1]


@lru_cache(maxsize=4096)
def initials(text: str) -> str:
    """The initials of a text: of each Chinese character and each other word; all of a word in capitals."""
    text = OTHERWISE.sub(lambda found: " ".join(["", *READINGS[found[0]], ""]), text)
    return "".join(_piece(found[0]) for found in PIECES.finditer(text)).casefold()


def _piece(piece: str) -> str:
    if CHINESE.match(piece):
        return initial(piece)
    return piece if piece.isupper() or piece.isdecimal() else piece[0]
