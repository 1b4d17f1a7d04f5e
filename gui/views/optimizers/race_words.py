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
        return tr("At step {step} no method can go on.", step=step)
    if there:
        return _arrived(config, racers, there, going, f)
    first, last = min(going, key=_height), max(going, key=_height)
    low, high = _text(first[2]), _text(last[2])
    if len(going) == 1:
        return tr("At step {step} {name} is at {f} = {value}.", step=step, name=first[0], f=f, value=low)
    if low == high:
        return tr("At step {step} {n} methods are at {f} = {value}.", step=step, n=len(going), f=f, value=low)
    return tr("At step {step} {first} is lowest, with {f} = {low}; {last} is highest, at {high}.",
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
    config: RaceConfig, racers: list[tuple[str, Result]], there: list[tuple[str, int]], going: list[Runner],
    f: str,
) -> str:  # fmt: skip
    (name, steps), (slow, needed) = min(there, key=_steps), max(there, key=_steps)
    tolerance = short_text(config.tolerance)
    others = [one for one in going if one[0] != name]
    if len(there) == len(racers) > 1 and needed > steps:
        return tr("All came within {tolerance} of the minimum: {first} after {n} steps, {last} after {m}.",
                  tolerance=tolerance, first=name, n=steps, last=slow, m=needed)  # fmt: skip
    if len(there) == len(racers) > 1:
        return tr("All came within {tolerance} of the minimum after {n} steps.", tolerance=tolerance, n=steps)
    if not others:
        return tr("{first} came within {tolerance} of the minimum after {n} steps.",
                  tolerance=tolerance, first=name, n=steps)  # fmt: skip
    last = max(others, key=_height)
    return tr("{first} was within {tolerance} of the minimum after {n} steps; {last} now has {f} = {high}.",
              first=name, tolerance=tolerance, n=steps, last=last[0], f=f, high=_text(last[2]))  # fmt: skip


def _height(runner: Runner) -> float:
    return runner[2]


def _steps(arrival: tuple[str, int]) -> int:
    return arrival[1]


def _text(value: float) -> str:
    return number_text(value).strip()
