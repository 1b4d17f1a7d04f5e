"""The sentence over a race: which racer is ahead, how far behind the last is; and the change after tuning."""

from collections.abc import Sequence
from operator import itemgetter

from engine.experiments.optimizers.race import RaceConfig, RaceResult
from engine.experiments.optimizers.race_rates import RateSweep
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.ticks import value_text

StillGoing = tuple[str, RaceResult, float]  # name, line of the table, f or f − f*
Ranks = list[int | None]


def at_step(config: RaceConfig, step: int) -> str:
    """Return the step or evaluation in words, as the beginning of a sentence."""
    if config.budget == "steps":
        return tr("At step {step}", step=step)
    return tr("After {n} evaluations", n=step)


def of_steps(config: RaceConfig, steps: int) -> str:
    """Return a number of steps in words; or of gradient evaluations, if the race is counted in these."""
    return tr("{n} steps", n=steps) if config.budget == "steps" else tr("{n} evaluations", n=steps)


def standing(
    config: RaceConfig, racers: list[tuple[str, RaceResult]], step: int, f: str, offset: float
) -> str:
    """Say which racer is ahead at a step. `f` is the name of the measured quantity, `offset` its origin."""
    if step == 0:
        return _start(racers, f, offset)
    there = [(name, found.reached) for name, found in racers if found.reached is not None]
    going = [(name, found, found.value - offset) for name, found in racers if found.value is not None]
    if not going:
        return tr("{when} no method can go on.", when=at_step(config, step))
    if there:
        return _arrived(config, racers, there, going, f)
    first, last = (pick(going, key=itemgetter(2)) for pick in (min, max))
    low, high = value_text(first[2]), value_text(last[2])
    slots = {"when": at_step(config, step), "f": f, "n": len(going), "value": low, "low": low, "high": high}
    if len(going) == 1:
        return tr("{when} {name} is at {f} = {value}.", name=first[0], **slots)
    if low == high:
        return tr("{when} {n} methods are at {f} = {value}.", **slots)
    return tr(
        "{when} {first} is lowest, with {f} = {low}; {last} is highest, at {high}.",
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
    going: list[StillGoing],
    f: str,
) -> str:
    (name, steps), (slow, needed) = (pick(there, key=itemgetter(1)) for pick in (min, max))
    slots = {
        "tolerance": short_text(config.tolerance),
        "first": name,
        "m": needed,
        "steps": of_steps(config, steps),
    }
    if len(there) == len(racers) > 1 and needed > steps:
        return tr(
            "All reached f − f* ≤ {tolerance}: {first} after {steps}, {last} after {m}.",
            last=slow,
            **slots,
        )
    if len(there) == len(racers) > 1:
        return tr("All reached f − f* ≤ {tolerance} after {steps}.", **slots)
    others = [one for one in going if one[0] != name]
    if not others:
        return tr("{first} reached f − f* ≤ {tolerance} after {steps}.", **slots)
    last, _, high = max(others, key=itemgetter(2))
    return tr(
        "{first} reached f − f* ≤ {tolerance} after {steps}; {last} now has {f} = {high}.",
        last=last,
        f=f,
        high=high,
        **slots,
    )


def turned_round(names: Sequence[str], sweep: RateSweep, config: RaceConfig) -> str:
    """Say which racer is lowest now, which one if each has its best rate, and how many ranks change."""
    now, tuned = sweep.ranks(tuned=False), sweep.ranks(tuned=True)
    moved = sum(one != other for one, other in zip(now, tuned, strict=True))
    first, best = (names[ranks.index(1)] if 1 in ranks else "" for ranks in (now, tuned))
    slots = {
        "steps": of_steps(config, sweep.steps),
        "first": first,
        "best": best,
        "n": moved,
        "m": len(names),
    }
    slots |= _largest_move(names, now, tuned)
    if not best:
        return tr("Every racer diverges at every learning rate.")
    if not first:
        return tr("At these rates all diverge; with each at its best, {best} is lowest.", **slots)
    if len(names) == 1:
        return _alone(sweep, config)
    if not moved:
        return tr("After {steps} {best} is lowest. At their best rates the ranks are the same.", **slots)
    if first == best:
        return tr(
            "After {steps} {best} is lowest, at their best rates too. But {n} of {m} ranks change:"
            " {name} goes from {before} to {after}.",
            **slots,
        )
    return tr(
        "After {steps} {first} is lowest. At their best rates it is {best}: {n} of {m} ranks change.",
        **slots,
    )


def _largest_move(names: Sequence[str], now: Ranks, tuned: Ranks) -> dict[str, object]:
    """Return the racer whose rank changes most; one that diverges is behind all others."""
    last = len(names)
    pairs = [(one or last, other or last) for one, other in zip(now, tuned, strict=True)]
    most = max(range(last), key=lambda k: (abs(pairs[k][0] - pairs[k][1]), pairs[k][0] - pairs[k][1]))
    return {"name": names[most], "before": pairs[most][0], "after": pairs[most][1]}


def _alone(sweep: RateSweep, config: RaceConfig) -> str:
    """A single racer has no rank."""
    rate = sweep.best_rate(0)
    slots = {"steps": of_steps(config, sweep.steps), "rate": "–" if rate is None else short_text(rate)}
    return tr("After {steps} it is lowest with η = {rate}.", **slots)
