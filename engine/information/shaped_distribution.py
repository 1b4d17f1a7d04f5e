"""A distribution that the user shapes: drag one bar, and the others give way so that the sum stays 1."""

from typing import Annotated

from engine.config import Config, Problem, plain
from engine.information.information import distribution

FEWEST, MOST = 1, 12


class Distribution(Config, frozen=True):
    """Probabilities of 1 to 12 outcomes, some of them perhaps locked against giving way."""

    values: Annotated[
        tuple[float, ...],
        plain("Probabilities", "One for each outcome; they sum to 1.", kind="vector",
              min_length=FEWEST, max_length=MOST),
    ]  # fmt: skip
    locked: Annotated[
        tuple[int, ...], plain("Locked", "Outcomes, counted from 0, that keep their probability.")
    ] = ()

    def __post_init__(self) -> None:
        try:
            distribution(self.values)
        except Problem as problem:
            place = problem.where.removeprefix("P")  # the index of an entry, or nothing
            raise Problem(
                problem.sentence, where=f"values{place}", **{**problem.values, "name": "The list"}
            ) from problem
        for k, outcome in enumerate(self.locked):
            if not 0 <= outcome < len(self.values):
                raise Problem("There is no outcome {n}", where=f"locked[{k}]", n=outcome)

    def moved(self, outcome: int, value: float) -> "Distribution":
        """Give one outcome another probability; those not locked share what is left, in their proportions.

        A locked outcome does not move, and the others cannot take more than the locked ones leave.
        """
        if outcome in self.locked:
            return self
        others = [k for k in range(len(self.values)) if k != outcome and k not in self.locked]
        free = 1.0 - sum(self.values[k] for k in set(self.locked))
        if not others:
            return self
        value = min(max(value, 0.0), max(free, 0.0))
        before = sum(self.values[k] for k in others)
        values = list(self.values)
        values[outcome] = value
        for k in others:
            share = self.values[k] / before if before > 0 else 1 / len(others)
            values[k] = max(free - value, 0.0) * share
        return Distribution(tuple(values), self.locked)

    def resized(self, count: int) -> "Distribution":
        """Add outcomes of probability 0 at the end, or take outcomes away and share what they had.

        A locked outcome keeps its probability, unless nobody else is left to share.
        """
        count = min(max(count, FEWEST), MOST)
        kept = self.values[:count] + (0.0,) * (count - len(self.values))
        locked = tuple(k for k in self.locked if k < count)
        if count >= len(self.values):
            return Distribution(kept, locked)
        sharing = [k for k in range(count) if k not in locked] or list(range(count))
        free = 1.0 - sum(kept[k] for k in range(count) if k not in sharing)
        before = sum(kept[k] for k in sharing)
        values = list(kept)
        for k in sharing:
            values[k] = free * (kept[k] / before if before > 0 else 1 / len(sharing))
        return Distribution(tuple(values), locked)

    def with_lock(self, outcome: int, locked: bool) -> "Distribution":
        """Lock an outcome, or let it give way again."""
        rest = tuple(k for k in self.locked if k != outcome)
        return Distribution(self.values, tuple(sorted((*rest, outcome))) if locked else rest)
