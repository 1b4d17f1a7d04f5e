"""The sentence over a race: who is ahead, and how far behind the last one is."""

from engine.experiments.optimizers.race import RaceConfig, Result
from gui.look.language import tr
from gui.look.numbers import number_text, short_text

Runner = tuple[str, Result, float]  # name, line of the table, f or f − f*


def standing(config: RaceConfig, racers: list[tuple[str, Result]], step: int, f: str, offset: float) -> str:
    """Who is ahead at a step. `f` is the name of what is measured, `offset` what it is measured from."""
    if step == 0:
        return _start(racers, f, offset)
    there = [(name, found.reached) for name, found in racers if found.reached is not None]
    going = [(name, found, found.value - offset) for name, found in racers if found.value is not None]
    if not going:
        return tr("At step {step} no method is left: each was thrown out of the valley.", step=step)
    last = max(going, key=lambda one: one[2])
    if there:
        return _arrived(config, there, going, last, f)
    first = min(going, key=lambda one: one[2])
    if len(going) == 1:
        return tr("At step {step} {name} has come down to {f} = {value}.",
                  step=step, name=first[0], f=f, value=_text(first[2]))  # fmt: skip
    low, high = _text(first[2]), _text(last[2])
    return tr("At step {step} {first} is lowest, with {f} = {low}; {last} is still at {high}.",
              step=step, first=first[0], f=f, low=low, last=last[0], high=high)  # fmt: skip


def _start(racers: list[tuple[str, Result]], f: str, offset: float) -> str:
    value = next((found.value for _, found in racers if found.value is not None), None)
    if value is None:
        return tr("No method can take a step from this start.")
    if len(racers) == 1:
        return tr("{name} starts where {f} = {value}.", name=racers[0][0], f=f, value=_text(value - offset))
    return tr("{n} methods start where {f} = {value}. Who is first at the minimum?",
              n=len(racers), f=f, value=_text(value - offset))  # fmt: skip


def _arrived(
    config: RaceConfig, there: list[tuple[str, int]], going: list[Runner], last: Runner, f: str
) -> str:
    name, steps = min(there, key=lambda one: one[1])
    tolerance = short_text(config.tolerance)
    if last[1].reached is not None and len(going) > 1:
        slow, needed = max(there, key=lambda one: one[1])
        return tr("All are within {tolerance} of the minimum: {first} after {n} steps, {last} after {m}.",
                  tolerance=tolerance, first=name, n=steps, last=slow, m=needed)  # fmt: skip
    if last[1].reached is not None:
        return tr("{first} is within {tolerance} of the minimum after {n} steps.",
                  tolerance=tolerance, first=name, n=steps)  # fmt: skip
    return tr("{first} was within {tolerance} of the minimum after {n} steps; {last} now has {f} = {high}.",
              first=name, tolerance=tolerance, n=steps, last=last[0], f=f, high=_text(last[2]))  # fmt: skip


def _text(value: float) -> str:
    return number_text(value).strip()
