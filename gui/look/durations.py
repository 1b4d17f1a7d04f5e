"""A length of time in words, coarsely: 40 s, 12 min, 3 h, 2 d."""

from gui.look.language import tr


def coarse_time(seconds: float) -> str:
    """A length of time, in the largest unit of which it has at least one and a half."""
    if seconds < 90:
        return tr("{n} s", n=max(round(seconds), 0))
    if seconds < 90 * 60:
        return tr("{n} min", n=round(seconds / 60))
    if seconds < 36 * 3600:
        return tr("{n} h", n=round(seconds / 3600))
    return tr("{n} d", n=round(seconds / 86_400))
