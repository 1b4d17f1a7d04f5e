"""What the sentences and the formulas of several pages are made of."""

from collections.abc import Iterable
from math import isnan

from gui.plots.ticks import fixed_text, value_text


def told(value: float) -> str:
    """A number that is exactly 0 where it is 0."""
    return value_text(value) if value else "0"


def percent(share: float, sign: str = " %") -> str:
    """A share in whole percent; a dash where there is none."""
    return "–" if isnan(share) else f"{100 * share:.0f}{sign}"


def vector(values: Iterable[float]) -> str:
    """Numbers in a row, in parentheses."""
    return "(" + ", ".join(value_text(float(value)) for value in values) + ")"


def digits_of_shares(shares: Iterable[float]) -> int:
    """With how many decimals shares are written: two, or as many as let what is written sum to 1."""
    known = [float(share) for share in shares]
    sums = {n: sum(float(fixed_text(share, n)) for share in known) for n in (2, 3, 4)}
    return next((n for n, total in sums.items() if abs(total - 1) < 0.1**n / 2), 2)


def joined(*texts: str) -> str:
    """One under another, without those that say nothing."""
    return "\n".join(filter(None, texts))
