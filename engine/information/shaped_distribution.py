"""A distribution that the user sets: when one bar is dragged, the others change so that the sum stays 1."""

from typing import Annotated

from engine.config import Config, Problem, plain
from engine.information.information import distribution

FEWEST, MOST = 1, 12


class Distribution(Config, frozen=True):
    """Probabilities of 1 to 12 outcomes; locked ones do not change when another one is moved."""

    values: Annotated[
        tuple[float, ...],
        plain(
            "Probabilities",
            "One for each outcome; they sum to 1.",
            kind="vector",
            min_length=FEWEST,
            max_length=MOST,
        ),
    ]
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
        """Set the probability of one outcome; the unlocked others divide the rest, in their old proportions.

        A locked outcome does not change, so `value` is at most 1 minus the sum of the locked ones.
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
            fraction = self.values[k] / before if before > 0 else 1 / len(others)
            values[k] = max(free - value, 0.0) * fraction
        return Distribution(tuple(values), self.locked)

    def resized(self, count: int) -> "Distribution":
        """Add outcomes of probability 0 at the end, or remove outcomes and divide their probability.

        A locked outcome keeps its probability, unless all that are left are locked.
        """
        count = min(max(count, FEWEST), MOST)
        kept = self.values[:count] + (0.0,) * (count - len(self.values))
        locked = tuple(k for k in self.locked if k < count)
        if count >= len(self.values):
            return Distribution(kept, locked)
        changing = [k for k in range(count) if k not in locked] or list(range(count))
        free = 1.0 - sum(kept[k] for k in range(count) if k not in changing)
        before = sum(kept[k] for k in changing)
        values = list(kept)
        for k in changing:
            values[k] = free * (kept[k] / before if before > 0 else 1 / len(changing))
        return Distribution(tuple(values), locked)

    def with_lock(self, outcome: int, locked: bool) -> "Distribution":
        """Lock or unlock an outcome."""
        rest = tuple(k for k in self.locked if k != outcome)
        return Distribution(self.values, tuple(sorted((*rest, outcome))) if locked else rest)
