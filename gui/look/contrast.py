"""How well letters are told from what is under them, as WCAG 2 measures it, and colours that suffice."""

from functools import lru_cache

LEAST = 4.5  # WCAG 2.1, level AA, for text of ordinary size
ENOUGH = 5.6  # on the plain ground; a panel beside it, or what shines through a patch, takes some of it
STEPS = 50  # towards black or white

Channels = tuple[int, int, int]  # red, green, blue, 0 to 255


def channels(colour: str) -> Channels:
    """The parts of a colour "#RRGGBB"."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: Channels) -> float:
    """Relative luminance, 0 of black to 1 of white."""
    shares = [part / 255 for part in colour]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(channels(one)), luminance(channels(other))))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=256)
def legible(colour: str, ground: str, least: float = ENOUGH) -> str:
    """The colour, moved towards black (on a dark ground, white) as little as letters on the ground need."""
    end = 255 if luminance(channels(ground)) < 0.18 else 0
    parts = channels(colour)
    for step in range(STEPS + 1):
        share = step / STEPS
        found = "#" + "".join(f"{round(part + share * (end - part)):02X}" for part in parts)
        if contrast(found, ground) >= least:
            return found
    return found
