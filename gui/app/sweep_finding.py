"""What a sweep has found, in a few sentences: for the dialog and for the terminal."""

from collections.abc import Callable, Sequence
from math import isfinite

from engine.sweeps.evidence import LEVEL, SweepCell, SweepVerdict, is_random, verdict
from engine.sweeps.measure import SweepMeasure
from gui.look.language import tr
from gui.look.numbers import short_text

NAMED = 3  # combinations that are named; of more, only the number is told


def finding(known: Sequence[SweepCell], measure: SweepMeasure, named: Callable[[SweepCell], str]) -> str:
    """The best combination, what diverged, and whether the seeds tell the best from the others, line by line.

    `named` says the values of a combination.
    """
    found = verdict(known, measure)
    if found.best is None:
        return tr("No run has a number yet.") if not known else tr("No run has a number: all diverged.")
    number = short_text(found.best.median, 4)
    lines = [tr("Best: {values}, median {number}.", values=named(found.best), number=number)]
    lost = [cell for cell in known if cell.diverged and not isfinite(cell.median)]
    if lost:
        names, more = _names(lost, named)
        lines.append(
            tr("Diverged: {names} and {n} more.", names=names, n=more)
            if more
            else tr("Diverged: {names}.", names=names)
        )
    seeds = max(len(cell.numbers) for cell in known)  # as far as the runs are made
    if found.compared and seeds > 1 and not is_random(known):
        lines.append(tr("All seeds give the same numbers: nothing is left to chance here."))
    elif found.compared:
        lines.append(_told_apart(found, seeds, named))
    return "\n".join(lines)


def _told_apart(found: SweepVerdict, seeds: int, named: Callable[[SweepCell], str]) -> str:
    """Whether the seeds tell the best combination from the others, and by which test."""
    level = short_text(LEVEL)
    if seeds < found.needed:
        return tr(
            "To tell it from others takes at least {n} seeds"
            " (sign test with Holm’s correction, comparisons: {m}, p ≤ {level}).",
            n=found.needed,
            m=found.compared,
            level=level,
        )
    if not found.rivals:
        return tr(
            "The seeds tell it from all others (sign test with Holm’s correction, p ≤ {level}).", level=level
        )
    names, more = _names(found.rivals, named)
    if not more:
        return tr(
            "Not distinguishable from {names} (sign test with Holm’s correction, p > {level}).",
            names=names,
            level=level,
        )
    return tr(
        "Not distinguishable from {names} and {n} more (sign test with Holm’s correction, p > {level}).",
        names=names,
        n=more,
        level=level,
    )


def _names(some: Sequence[SweepCell], named: Callable[[SweepCell], str]) -> tuple[str, int]:
    """The first few of some combinations, and how many are left."""
    return "; ".join(map(named, some[:NAMED])), max(len(some) - NAMED, 0)
