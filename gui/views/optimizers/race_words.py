"""The sentence over a race: who is ahead, and how far behind the last one is."""

from operator import itemgetter

from engine.experiments.optimizers.race import RaceConfig, RaceResult
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.ticks import value_text

Runner = tuple[str, RaceResult, float]  # name, line of the table, f or f − f*


def standing(
    config: RaceConfig, racers: list[tuple[str, RaceResult]], step: int, f: str, offset: float
) -> str:
    """Who is ahead at a step. `f` is the name of what is measured, `offset` what it is measured from."""
    if step == 0:
        return _start(racers, f, offset)
    there = [(name, found.reached) for name, found in racers if found.reached is not None]
    going = [(name, found, found.value - offset) for name, found in racers if found.value is not None]
    if not going:
        return tr("At step {step} no method can go on.", step=step)
    if there:
        return _arrived(config, racers, there, going, f)
    first, last = (pick(going, key=itemgetter(2)) for pick in (min, max))
    low, high = value_text(first[2]), value_text(last[2])
    slots = {"step": step, "f": f, "n": len(going), "value": low, "low": low, "high": high}
    if len(going) == 1:
        return tr("At step {step} {name} is at {f} = {value}.", name=first[0], **slots)
    if low == high:
        return tr("At step {step} {n} methods are at {f} = {value}.", **slots)
    return tr(
        "At step {step} {first} is lowest, with {f} = {low}; {last} is highest, at {high}.",
        first=first[0],
        last=last[0],
        **slots,
    )


def _start(racers: list[tuple[str, RaceResult]], f: str, offset: float) -> str:
    value = next((found.value for _, found in racers if found.value is not None), None)
    if value is None:
        return tr("No method can take a step from this start.")
    slots = {"n": len(racers), "name": racers[0][0], "f": f, "value": value_text(value - offset)}
    if len(racers) == 1:
        return tr("{name} starts where {f} = {value}.", **slots)
    return tr("{n} methods start where {f} = {value}. Who is first at the minimum?", **slots)


def _arrived(
    config: RaceConfig,
    racers: list[tuple[str, RaceResult]],
    there: list[tuple[str, int]],
    going: list[Runner],
    f: str,
) -> str:
    (name, steps), (slow, needed) = (pick(there, key=itemgetter(1)) for pick in (min, max))
    slots = {"tolerance": short_text(config.tolerance), "first": name, "n": steps, "m": needed}
    if len(there) == len(racers) > 1 and needed > steps:
        return tr(
            "All reached f − f* ≤ {tolerance}: {first} after {n} steps, {last} after {m}.",
            last=slow,
            **slots,
        )
    if len(there) == len(racers) > 1:
        return tr("All reached f − f* ≤ {tolerance} after {n} steps.", **slots)
    others = [one for one in going if one[0] != name]
    if not others:
        return tr("{first} reached f − f* ≤ {tolerance} after {n} steps.", **slots)
    last, _, high = max(others, key=itemgetter(2))
    return tr(
        "{first} reached f − f* ≤ {tolerance} after {n} steps; {last} now has {f} = {high}.",
        last=last,
        f=f,
        high=value_text(high),
        **slots,
    )
