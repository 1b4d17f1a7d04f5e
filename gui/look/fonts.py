"""Which fonts are used, on the screen and on paper: the desktop's own, and Chinese as it is written in China.

One code point looks different in China, Japan and Korea (骨, 直, 角); without a family that is named, the
system's locale decides, and often for Japan. So the families are named, and the first one there is taken.
"""

from collections.abc import Sequence
from functools import cache
from unicodedata import normalize

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QRawFont

CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
)
ELSEWHERE = (
    "Noto Sans",
    "Segoe UI",
    "Helvetica Neue",
    "Helvetica",
    "Arial",
)  # who opens an SVG may have these
IDEOGRAPH = "骨"
RADICALS = "".join(map(chr, range(0x2E80, 0x2FE0)))  # signs for parts of characters, in their own right
IDEOGRAPHS = "".join(map(chr, range(0x4E00, 0xA000)))


@cache
def families() -> tuple[str, ...]:
    """The families to write with, those that are there: the desktop's, then Chinese ones.

    A desktop's font that has ideographs itself, which may be the Japanese, comes after the Chinese ones.
    """
    usual = QFontInfo(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)).family()
    return ordered(usual, tuple(QFontDatabase.families()), QRawFont.fromFont(QFont(usual)))


def ordered(usual: str, installed: Sequence[str], face: QRawFont) -> tuple[str, ...]:
    """The desktop's family `usual`, drawn with `face`, and the Chinese ones among those installed."""
    chinese = tuple(name for name in CHINESE if name in installed and name != usual)
    foreign = usual not in CHINESE and face.supportsCharacter(ord(IDEOGRAPH))
    return (*chinese, usual) if foreign else (usual, *chinese)


def stack() -> str:
    """The families as SVG lists them, with names for other machines, and last what every reader knows."""
    names = dict.fromkeys((*families(), *ELSEWHERE, *CHINESE))
    quoted = [f"'{name}'" for name in names if not name.startswith(".") and "'" not in name]
    return ", ".join([*quoted, "sans-serif"])


@cache
def ideographs() -> dict[str, str]:
    """Radicals, each with the ideograph that the fonts draw with the same glyph: ⾻ is drawn as 骨 is."""
    same = {sign: normalize("NFKC", sign) for sign in RADICALS if normalize("NFKC", sign) != sign}
    for family in families():
        face = QRawFont.fromFont(QFont(family))
        drawn = dict(zip(face.glyphIndexesForString(IDEOGRAPHS), IDEOGRAPHS, strict=True))
        for sign, glyph in zip(RADICALS, face.glyphIndexesForString(RADICALS), strict=True):
            if glyph and glyph in drawn:
                same[sign] = drawn[glyph]
    return same
