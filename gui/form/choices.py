"""A choice from a list belongs to an entry, not to a place: it stays when entries above it are removed."""

from collections.abc import Sequence

from engine.config import Config, replaced


def place_after(index: int, before: Sequence[object], after: Sequence[object]) -> int | None:
    """Return where the entry `before[index]` stands in `after`; None when it is gone.

    An entry that is only changed, in a list that stays as long, keeps its place.
    """
    if not 0 <= index < len(before):
        return None
    same = [k for k, entry in enumerate(after) if entry == before[index]]
    if len(before) == len(after):
        return index if index in same or not same else min(same, key=lambda k: abs(k - index))
    least = min(len(before), len(after))
    head = next((k for k in range(least) if before[k] != after[k]), least)
    tail = next((k for k in range(least - head) if before[-1 - k] != after[-1 - k]), least - head)
    if index < head:
        return index
    if index >= len(before) - tail:
        return index + len(after) - len(before)
    return min(same, key=lambda k: abs(k - index)) if same else None


def kept_choice(
    holder: Config, field: str, before: Sequence[object], after: Sequence[object], first: int = 0
) -> Config:
    """Return `holder` with its choice mended after the list has changed.

    Its `field` is the place of an entry, counted from `first`.

    A place past the end means the last; of an entry that is gone, its neighbour is chosen.
    """
    if before == after:
        return holder
    index = min(getattr(holder, field) - first, len(before) - 1)
    found = place_after(index, before, after)
    place = min(index, len(after) - 1) if found is None else found
    return holder if index == place else replaced(holder, **{field: place + first})
