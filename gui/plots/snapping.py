"""Tidy numbers: a dragged value, or one moved by keys, is 0.45 and not 0.4513; with Shift it is finer."""

from math import ceil, floor, inf, isfinite, log10

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QInputEvent

from gui.plots.axes import Axes
from gui.plots.scale import Range, Scale

APART = 2.0  # the least pixels from one tidy number to the next
NUDGE = 0.01  # the least step of an arrow key, as a fraction of the range; with Ctrl ten times as far
FINER = 3  # decimals that a value may have more, so that a handle does not stick
SAME = 0.06  # of a step: a value so near to a tidy number counts as that number, for it may have been rounded


def fine(event: QInputEvent) -> bool:
    """Whether Shift is pressed: the user wants numbers as fine as a pixel."""
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


def spacing(least: float) -> float:
    """Return the smallest of 1 and 5 × 10ⁿ that is at least `least`; multiples of 2 would miss the 5."""
    decade: float = 10.0 ** floor(log10(least) + 1e-9)
    return next(step * decade for step in (1, 5, 10) if step * decade >= least * (1 - 1e-9))


def multiple(count: int, step: float) -> float:
    """Return `count` × `step` for a step of 1 or 5 × 10ⁿ, as 0.3, not 0.30000000000000004."""
    return round(count * step, -floor(log10(step) + 1e-9)) + 0.0


def snapped(value: float, step: float, within: Range = (-inf, inf)) -> float:
    """Return the multiple of a step (1 or 5 × 10ⁿ) nearest to a value, if possible one within a range."""
    if not (0 < step < inf and isfinite(value)):
        return min(max(value, within[0]), within[1])
    count, (low, high) = round(value / step), within
    first = ceil(low / step - 1e-9) if low > -inf else count
    last = floor(high / step + 1e-9) if high < inf else count
    if first > last:
        return min(max(value, low), high)
    return multiple(min(max(count, first), last), step)


def short(value: float, decimals: int, before: float) -> float:
    """Return a value with few decimals; with up to three more if it would be what it was before.

    Where a place is computed from the setting that a handle sets, a step of an arrow key may be less than the
    last of these decimals: rounded away, the handle would stick.
    """
    tries = [round(value, decimals + more) for more in range(FINER + 1)]
    return next((one for one in tries if one != before), before)


def tidy_at(axes: Axes, place: QPointF, fine: bool = False) -> tuple[float, float]:
    """Return the values at a place of a plot (outside: at the nearest edge) as tidy numbers."""
    plane = axes.plane
    across, up = plane.at(place)
    return (
        _tidy(axes.x, across, plane.x, plane.rect.width(), fine),
        _tidy(axes.y, up, plane.y, plane.rect.height(), fine),
    )


def _tidy(scale: Scale, at: float, seen: Range, pixels: float, fine: bool) -> float:
    """Return the tidy value at an axis coordinate, for a visible range over a number of pixels."""
    at = min(max(at, seen[0]), seen[1])
    value = scale.value(at)
    pixel = abs(scale.value(at + (seen[1] - seen[0]) / pixels) - value)
    if not 0 < pixel < inf:
        return value
    step = 10.0 ** floor(log10(pixel)) if fine else spacing(APART * pixel)
    step = max(step, 1.0) if scale.whole else step
    return snapped(value, step, (scale.value(seen[0]), scale.value(seen[1])))


def stepped(scale: Scale, value: float, way: int, seen: Range, event: QInputEvent) -> float:
    """Return the value after an arrow key: the next tidy number up (`way` = 1) or down (−1).

    With Shift the steps are a tenth, with Ctrl ten times as long.
    """
    if not way:
        return value
    far = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    at = scale.coordinate_of(value)
    at = min(max(at, seen[0]), seen[1]) if at == at else seen[0]
    value = scale.value(at)
    away = abs(scale.value(at + way * NUDGE * (seen[1] - seen[0])) - value)
    if not 0 < away < inf:
        return value
    step = spacing(away) * (0.1 if fine(event) else 10.0 if far else 1.0)
    step = max(step, 1.0) if scale.whole else step
    return multiple(floor(value / step + SAME) + 1 if way > 0 else ceil(value / step - SAME) - 1, step)
