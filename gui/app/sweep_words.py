"""A sweep in words: its settings, its measures, its combinations and runs."""

from math import isfinite
from typing import Any

from engine.config import Config
from engine.setting_paths import way_of
from engine.sweeps.axis import SweepAxis
from engine.sweeps.evidence import SweepCell
from engine.sweeps.measure import SweepMeasure
from engine.sweeps.one_run import RunResult
from engine.sweeps.plan import SweepPlan, SweepRun, has_seed
from gui.app.scalar_words import scalar_words
from gui.form.field import Field, fields_of, structs_in, tag_of
from gui.form.kinds import title_of
from gui.form.settings_text import value_text
from gui.look.language import tr
from gui.look.numbers import short_text


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


def measure_words(config: Config, experiment: str, measure: SweepMeasure) -> str:
    """A measure, as an axis is named."""
    name = scalar_words(config, experiment, measure.scalar)
    ways = {
        "end": tr("at the end"),
        "lowest": tr("the lowest"),
        "highest": tr("the highest"),
        "area": tr("mean over the run"),
    }
    if measure.side:
        sign = "≤" if measure.side == "below" else "≥"
        limit = short_text(measure.limit)
        return tr("first step with {name} {sign} {limit}", name=name, sign=sign, limit=limit)
    return f"{name} · {ways[measure.how]}"


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
