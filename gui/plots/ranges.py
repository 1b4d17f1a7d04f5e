"""The range of the curves that a plot shows: it grows with them, and leaves out extreme values."""

from collections.abc import Sequence
from math import ceil, floor, isfinite

import numpy as np

from gui.plots.scale import VAST, FloatArray, Range, Scale, around
from gui.plots.ticks import nice_step

FINEST = 1e-300  # the least width of a range: below it there are not enough numbers for the pixels
SAMPLE = 400  # values of a curve that are used to decide what is usual


def limits_of(axis: Scale, limits: Range | None) -> Range | None:
    """Return the axis coordinates of a range that is given in values.

    On a log axis, steps begin at 1; any other range that begins at 0 or below gives None.
    """
    if limits is None or (axis.log and limits[0] <= 0 and not axis.whole):
        return None
    low, high = (float(edge) for edge in axis.coordinate(limits))
    low = 0.0 if axis.log and not isfinite(low) else low
    return (low, high) if high - low > FINEST else around(low)


def extent(axis: Scale, lines: Sequence[FloatArray], whole: bool) -> Range | None:
    """Return the range of all coordinates; unless `whole`, without extreme values."""
    ends, samples, starts = [], [], []
    for values in lines:
        known = _finite(values, axis.log)
        if known.size:
            ends += [known.min(), known.max()]
            starts.append(known[0])
            samples.append(known[:: max(1, len(known) // SAMPLE)].copy())  # a view would keep all alive
    if not ends:
        return None
    low, high = (float(edge) for edge in np.clip(axis.coordinate((min(ends), max(ends))), -VAST, VAST))
    if whole:
        return low, high
    usual = np.clip(axis.coordinate(np.concatenate(samples)), -VAST, VAST)
    sane = _sane((low, high), quantiles(usual, (0.2, 0.5, 0.8)), axis.log)
    begun = np.clip(axis.coordinate(starts), -VAST, VAST)
    return min(sane[0], float(begun.min())), max(sane[1], float(begun.max()))


def quantiles(values: FloatArray, shares: Sequence[float]) -> list[float]:
    """Return quantiles; like `np.quantile`, which takes ten times as long for so few values."""
    ordered, found = np.sort(values), []
    for share in shares:
        place = share * (len(ordered) - 1)
        below = int(place)
        low, high = float(ordered[below]), float(ordered[min(below + 1, len(ordered) - 1)])
        found.append(low + (place - below) * (high - low))
    return found


def _finite(values: FloatArray, positive: bool) -> FloatArray:
    """Return the values that a scale can show."""
    if values.size == 0:
        return values
    with np.errstate(over="ignore", invalid="ignore"):
        clean = isfinite(float(values.min())) and isfinite(float(values.max()))
    if clean and not (positive and values.min() <= 0):
        return values
    return values[np.isfinite(values) & (values > 0)] if positive else values[np.isfinite(values)]


def _sane(extent: Range, ordinary: Sequence[float], log: bool) -> Range:
    """Leave out values extremely far from the usual ones (the quintiles), such as a curve up to 1e300."""
    (low, high), (fifth, middle, fourth) = extent, ordinary
    spread = max(fourth - fifth, 1.0 if log else 0.1 * abs(middle))
    if spread <= 0:
        return low, high
    # On a log scale a curve that falls far (towards a minimum) is wanted; one that rises far has diverged.
    down, up = (4 * spread + 16, 2 * spread + 4) if log else (100 * spread, 100 * spread)
    return max(low, fifth - down), min(high, fourth + up)


def grown(old: Range | None, extent: Range | None, margin: float) -> Range:
    """Extend a range to include `extent`: in round steps, with some room for further growth."""
    if extent is None:
        return old or (0.0, 1.0)
    low, high = extent
    if old is not None and old[0] <= low and high <= old[1]:
        return old
    if not high - low > 1e-13 * max(abs(low), abs(high), 1e-280):
        low, high = around(low)
    else:
        low, high = low - margin * (high - low), high + margin * (high - low)
    if old is None:
        return low, high
    low, high = min(low, old[0]), max(high, old[1])
    step = nice_step(high - low, 4)
    return (
        low if low == old[0] else floor(low / step) * step,
        high if high == old[1] else ceil(high / step) * step,
    )
