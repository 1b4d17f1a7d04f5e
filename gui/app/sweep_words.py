"""A sweep in words: its settings, its measures, its progress, and what it has found."""

from math import isfinite
from typing import Any

from engine.config import Config
from engine.setting_paths import way_of
from engine.sweeps.axis import SweepAxis
from engine.sweeps.evidence import FEWEST, LEVEL, SweepCell, best, rivals, sign_test
from engine.sweeps.measure import SweepMeasure
from engine.sweeps.one_run import RunResult
from engine.sweeps.plan import SweepPlan, SweepRun, has_seed
from gui.form.field import Field, fields_of, structs_in, tag_of
from gui.form.kinds import title_of
from gui.form.settings_text import value_text
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.views.words import joined

NAMED = 3  # rivals that are named; of more, only the number is told


def field_at(config: Config, path: str) -> tuple[list[str], Field | None]:
    """The titles along the way to a setting, and its declaration."""
    titles: list[str] = []
    found: Field | None = None
    value: Any = config
    for part in way_of(path):
        if isinstance(part, int):
            value = value[part]
            titles[-1] = f"{titles[-1]} {part + 1}"
            continue
        found = next(field for field in fields_of(value.__class__) if field.name == part)
        titles.append(tr(found.title))
        value = getattr(value, part)
    return titles, found


def setting_title(config: Config, path: str) -> str:
    """A setting by its titles: Optimizer ▸ Learning rate."""
    return " ▸ ".join(field_at(config, path)[0])


def value_words(config: Config, path: str, value: Any) -> str:
    """A value of a setting, as the form shows it."""
    field = field_at(config, path)[1]
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if isinstance(value, int | float):
        return short_text(value)
    if field is not None and value in field.choices:
        return value_text(value, field)
    kinds = () if field is None else structs_in(field.type)
    return next((title_of(kind) for kind in kinds if tag_of(kind) == value), str(value))


def values_words(config: Config, axis: SweepAxis) -> str:
    """How many values there are, and which."""
    shown = [value_words(config, axis.path, value) for value in axis.values]
    if len(shown) == 1:
        return tr("One value: {value}", value=shown[0])
    some = ", ".join(shown) if len(shown) <= 5 else f"{', '.join(shown[:2])}, …, {shown[-1]}"
    return tr("{n} values: {values}", n=len(shown), values=some)


def measure_words(measure: SweepMeasure) -> str:
    """A measure, as an axis is named."""
    ways = {
        "end": tr("at the end"),
        "lowest": tr("the lowest"),
        "highest": tr("the highest"),
        "area": tr("mean over the run"),
    }
    if measure.side:
        sign = "≤" if measure.side == "below" else "≥"
        limit = short_text(measure.limit)
        return tr("first step with {name} {sign} {limit}", name=measure.scalar, sign=sign, limit=limit)
    return f"{measure.scalar} · {ways[measure.how]}"


def cell_words(plan: SweepPlan, config: Config, cell: SweepCell) -> str:
    """The values of a combination."""
    return combination_words(plan, config, cell.values)


def combination_words(plan: SweepPlan, config: Config, values: tuple[Any, ...]) -> str:
    """Each setting that varies, with a value."""
    pairs = zip(plan.axes, values, strict=True)
    return ", ".join(
        f"{field_at(config, axis.path)[0][-1]} {value_words(config, axis.path, value)}"
        for axis, value in pairs
    )


def run_words(plan: SweepPlan, run: SweepRun, result: RunResult) -> str:
    """Which run is on the screen: its values, its seed, its number."""
    config, number = plan.base(), result.number(SweepMeasure(plan.measure))
    words = combination_words(plan, config, run.values)
    if has_seed(config):
        seed = getattr(config, "seed", 0) + run.seed
        words = tr("{values}, seed {seed}", values=words, seed=seed)
    if number is None or not isfinite(number):
        return tr("On the screen: {values}; no number.", values=words)
    return tr("On the screen: {values}; {number}.", values=words, number=short_text(number, 4))


def diverged_words(plan: SweepPlan, config: Config, known: list[SweepCell]) -> str:
    """The combinations that no picture can show: more than half of their runs diverged."""
    lost = [cell for cell in known if cell.diverged and not isfinite(cell.median)]
    if not lost:
        return ""
    names = "; ".join(cell_words(plan, config, cell) for cell in lost[:NAMED])
    if (more := len(lost) - NAMED) > 0:
        return tr("Diverged: {names} and {n} more.", names=names, n=more)
    return tr("Diverged: {names}.", names=names)


def finding(plan: SweepPlan, config: Config, known: list[SweepCell], measure: SweepMeasure) -> str:
    """The best combination, and whether the seeds tell it from the others."""
    first = best(known, measure)
    if first is None:
        return tr("No run has a number yet.") if not known else tr("No run has a number: all diverged.")
    number = short_text(first.median, 4)
    words = tr("Best: {values}, median {number}.", values=cell_words(plan, config, first), number=number)
    if lost := diverged_words(plan, config, known):
        words = joined(words, lost)
    if len(known) < 2:
        return words
    if sign_test(plan.seeds, 0) > LEVEL:
        return joined(words, tr("With fewer than {n} seeds chance cannot be ruled out.", n=FEWEST))
    others = rivals(known, measure)
    if not others:
        return joined(words, tr("The seeds tell it from all others."))
    names = "; ".join(cell_words(plan, config, cell) for cell in others[:NAMED])
    if (more := len(others) - NAMED) > 0:
        return joined(words, tr("Not distinguishable from {names} and {n} more.", names=names, n=more))
    return joined(words, tr("Not distinguishable from {names}.", names=names))


def time_words(seconds: float) -> str:
    """A length of time, coarsely."""
    if seconds < 90:
        return tr("{n} s", n=max(round(seconds), 1))
    if seconds < 5400:
        return tr("{n} min", n=round(seconds / 60))
    return tr("{n} h", n=round(seconds / 3600))
