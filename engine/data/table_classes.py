"""The classes in the label column of a table."""

import math
from collections import Counter
from collections.abc import Sequence

from engine.config import Problem
from engine.data.table_format import LineProblem, TableLayout, number_in, short
from engine.data.table_guess import MOST_CLASSES


def counted(labels: Sequence[str], layout: TableLayout, fewest: int = 2) -> Counter[str]:
    """The number of examples of each class.

    Raises:
        Problem: there are too few or too many classes.
    """
    counts = Counter(labels)
    if not fewest <= len(counts) <= MOST_CLASSES:
        raise Problem(
            "Column {column}, the label, has {found} different values: to tell classes apart, 2 to {most} are"
            " needed. Choose another label",
            column=short(layout.names[layout.label]),
            found=len(counts),
            most=MOST_CLASSES,
        )
    return counts


def classes_of(labels: Sequence[str], lines: Sequence[int], layout: TableLayout) -> tuple[str, ...]:
    """The names of the classes, sorted as numbers, or else by the alphabet; `lines` are their line numbers.

    Raises:
        Problem: there are too few or too many classes, or one has only one example.
    """
    counts = counted(labels, layout)
    for line, name in zip(lines, labels, strict=True):
        if counts[name] < 2:
            sentence = "line {line}: the class {name} has only this example; it needs two"
            raise LineProblem(sentence, line, name=short(name))
    values = {name: number_in(name) for name in counts}
    if all(value is not None and math.isfinite(value) for value in values.values()):
        return tuple(sorted(counts, key=lambda name: (values[name] or 0.0, name)))
    return tuple(sorted(counts))
