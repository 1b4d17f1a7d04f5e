"""What a plot shows, in words, for a screen reader."""

from collections.abc import Sequence
from numbers import Real
from typing import Any

from numpy.typing import NDArray

from gui.look.language import tr
from gui.look.numbers import number_text

Column = Sequence[object] | NDArray[Any]
Columns = list[tuple[str, Column]]  # (name with unit, values), for each column of a table
MOST = 8  # the most columns that are described


def described(columns: Columns) -> str:
    """Describe the columns of a table: how many there are, and the range of each."""
    if not any(len(values) for _, values in columns):
        return tr("No data yet")
    told = [_told(name, values) for name, values in columns[:MOST] if len(values)]
    left = len(columns) - MOST
    if left > 0:
        told.append(tr("and {n} more", n=left))
    return tr("{n} columns: {columns}", n=len(columns), columns="; ".join(told))


def _told(name: str, values: Column) -> str:
    first, last = _text(values[0]), _text(values[-1])
    if len(values) == 1 or first == last:
        return tr("{name} {value}", name=name, value=last)
    return tr("{name} from {first} to {last}", name=name, first=first, last=last)


def _text(value: object) -> str:
    return number_text(float(value)).strip() if isinstance(value, Real) else str(value)
