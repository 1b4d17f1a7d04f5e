"""The ticks of an axis, and the texts of numbers: 0.25, 4×10⁵, 10⁻³."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from gui.look.numbers import DIGITS, FIGURE_SPACE, SUPERSCRIPTS, number_text

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
PLAIN = 4  # the power of ten up to which the ticks of a log axis are written in full
LARGE = 10.0**DIGITS  # from here on decimals are not written
STRIDES = (1, 2, 3, 4, 5, 10, 20, 25, 50, 100, 200, 400)  # decades between the ticks of a log axis


@dataclass(frozen=True)
class Ticks:
    """Places along an axis, in its own coordinates (log₁₀ of the value on a log axis)."""

    places: tuple[float, ...]
    labels: tuple[str, ...]
    minor: tuple[float, ...] = ()

    def between(self, low: float, high: float) -> "Ticks":
        """Return those between two places."""
        seen = [pair for pair in zip(self.places, self.labels, strict=True) if low <= pair[0] <= high]
        return Ticks(tuple(place for place, _ in seen), tuple(label for _, label in seen))


def value_text(x: float) -> str:
    """Write a number with four significant digits, for a label (without the space for a sign)."""
    return number_text(x).removeprefix(FIGURE_SPACE)


def factor_text(x: float) -> str:
    """Write a number as a factor: a negative one in parentheses."""
    return f"({value_text(x)})" if x < 0 else value_text(x)


def texts(values: Iterable[float]) -> list[list[str]]:
    """Write values in several ways, the longest first: with four digits, then with fewer decimals."""
    values = list(values)
    known = [abs(value) for value in values if math.isfinite(value)]
    ways = [[value_text(value) for value in values]]
    for decimals in (3, 2):
        if max(known, default=0.0) >= 2.0 * 10.0**-decimals:
            ways.append([fixed_text(value, decimals) for value in values])
    return ways


def fixed_text(value: float, decimals: int) -> str:
    """Write a number with so many decimals; a large number in the usual way, which has digits enough.

    A half is rounded away from 0, as by hand: 0.125 is 0.13 with two decimals.
    """
    if not math.isfinite(value) or abs(value) >= LARGE:
        return value_text(value)
    half = math.copysign(math.ulp(value), value) if _ends_in_half(value, decimals) else 0.0
    return f"{value + half:z.{decimals}f}".replace("-", "−")  # z: no −0.00


def _ends_in_half(value: float, decimals: int) -> bool:
    """Whether what is left off a number as one types it is just one half: the 5 of 0.125."""
    written = repr(value)
    return written[-1] == "5" and "e" not in written and len(written.partition(".")[2]) == decimals + 1


def power_text(exponent: int) -> str:
    """Write a power of ten: 10⁻³."""
    return "10" + str(exponent).translate(SUPERSCRIPTS)


def nice_step(span: float, count: int) -> float:
    """Return the smallest of 1, 2, 2.5, 5 × 10ⁿ that divides `span` into at most `count` parts; 1 for 0."""
    raw = span / max(count, 1)
    if not 0.0 < raw < math.inf:
        return 1.0
    decade = max(10.0 ** math.floor(math.log10(raw)), math.ulp(0.0))
    return next(step * decade for step in STEPS if step * decade >= raw * (1 - 1e-9))


def finer_step(step: float, whole: bool = False) -> float:
    """Return the next smaller of the steps 1, 2, 2.5, 5 × 10ⁿ; with `whole`, without 2.5."""
    decade = 10.0 ** math.floor(math.log10(step) + 1e-9)
    finer = (s * decade for s in (0.5, *STEPS) if s * decade < step * (1 - 1e-9))
    return max(s for s in finer if not whole or s % 1.0 == 0)


def linear_ticks(low: float, high: float, count: int, whole: bool = False) -> Ticks:
    """Return ticks at round numbers from `low` to `high`: at most `count` + 1, and 2 where `count` allows.

    With a single tick, nobody could read the scale. With `whole`, steps are whole numbers.
    """
    if not math.isfinite(high - low) or high - low <= 1e-13 * max(abs(low), abs(high), 1e-290):
        return Ticks((low,), (value_text(low),))
    step = nice_step(high - low, count)
    if whole and step % 1.0:
        step = 1.0 if step < 1.0 else 5.0  # 5 rather than 2.5
    places = _multiples(low, high, step)
    while len(places) < 2 <= count and not (whole and step <= 1.0):
        step = finer_step(step, whole)
        places = _multiples(low, high, step)
    return Ticks(places, tuple(_label(place, step, max(abs(low), abs(high))) for place in places))


def _multiples(low: float, high: float, step: float) -> tuple[float, ...]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(k * step for k in range(first, last + 1))


def whole_ticks(low: float, high: float, count: int) -> Ticks:
    """Return ticks at whole numbers only: layers, outcomes, epochs."""
    return linear_ticks(low, high, count, whole=True)


def _label(place: float, step: float, largest: float) -> str:
    """Write a tick so that neighbours differ and all have the same number of decimals."""
    if place == 0:
        return "0"
    power = math.floor(math.log10(largest))
    shift = power if power >= 5 or power < -3 else 0
    scaled_step = step / 10.0**shift if abs(shift) < 300 else step * 10.0 ** (-shift)
    decimals = _decimals(scaled_step)
    digits = f"{abs(place) / 10.0**shift:.{decimals}f}"
    raised = f"×{power_text(shift)}" if shift else ""
    return ("−" if place < 0 else "") + digits + raised


def _decimals(step: float) -> int:
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return decimals + (abs(round(step, decimals) - step) > 1e-3 * step)


def log_ticks(low: float, high: float, count: int, raised: bool = False) -> Ticks:
    """Return ticks at powers of ten between 10^`low` and 10^`high`, or finer ones in a narrow range.

    Powers of ten from 1 to 10⁴ are written in full, unless `raised`: 10³ is narrower than 1000.
    """
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    if last - first >= 1:
        stride = next(n for n in STRIDES if n * max(count, 2) >= last - first + 1)
        places = range(math.ceil(first / stride) * stride, last + 1, stride)
        if len(places) < 2:  # with a single tick, nobody could read the scale
            places = range(first, last + 1, last - first)
        minor = _between(low, high, range(2, 10)) if last - first <= 10 and stride == 1 else ()
        return Ticks(tuple(map(float, places)), tuple(_power_labels(places, raised)), minor)
    if abs(low) > 290 or abs(high) > 290 or high - low <= 0:
        return Ticks((low,), (power_text(round(low)),))
    digits = (1, 2, 3, 5, 7) if high - low < 0.12 * count else (1, 2, 5)
    powers = [math.floor(low) + k + math.log10(d) for k in (0, 1) for d in digits]
    values = [10.0**place for place in powers if low <= place <= high]
    if len(values) < 3:
        values = [v for v in linear_ticks(10.0**low, 10.0**high, max(count, 2)).places if v > 0]
    step = values[1] - values[0] if len(values) > 1 else max(values, default=10.0**low) / 2
    labels = tuple(_label(value, step, 10.0**high) for value in values)
    return Ticks(tuple(math.log10(value) for value in values), labels)


def _power_labels(powers: range, raised: bool) -> list[str]:
    """1, 10, 100 where no power is below 0 or large, as for counts of steps; else 10⁻¹, 10⁰, 10¹."""
    plain = not raised and powers[0] >= 0 and powers[-1] <= PLAIN
    return [str(10**power) if plain else power_text(power) for power in powers]


def _between(low: float, high: float, digits: range) -> tuple[float, ...]:
    places = (k + math.log10(d) for k in range(math.floor(low), math.ceil(high)) for d in digits)
    return tuple(place for place in places if low <= place <= high)


def listed(values: Iterable[float], names: Iterable[object] | None = None) -> str:
    """Write numbers in a row, each after its name or index: 1 → 0.5  2 → 0.25. No line breaks in a pair."""
    pairs = zip(count(1) if names is None else names, values, strict=False)
    return "  ".join(f"{name}\u00a0→\u00a0{value_text(float(value))}" for name, value in pairs)
