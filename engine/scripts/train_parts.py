"""What the scripts of *Train on sequences* share: settings, the optimizer's step, changes, the end."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from engine.changes import changes_of, spans
from engine.experiments.lstm.train_config import CELLS, TrainConfig, kinds
from engine.networks import initializers
from engine.optimizers.muon import Muon
from engine.optimizers.update_rule import GradientRule
from engine.scripts.changing import ChangedSettings, check_end, turns
from engine.scripts.muon import muon_turns
from engine.scripts.rules import RuleLines, rule_lines
from engine.scripts.writer import INDENT, Framework, ScriptWriter
from engine.stop_rules import HeldOutRises, LossBelow


def check(config: TrainConfig) -> None:
    """Refuse what a script cannot repeat.

    Raises:
        Problem: the reason.
    """
    check_end(config)
    rule_turns(config)


def rule_turns(config: TrainConfig) -> list[ChangedSettings]:
    """The changes of the settings of the optimizer."""
    if isinstance(config.optimizer, Muon):
        return muon_turns(config, config.steps)
    return turns(config, config.steps, lambda settings: settings.optimizer)


def other_turns(config: TrainConfig) -> list[ChangedSettings]:
    """The changes of the batch size and of the clipping."""
    acting = [change for change in changes_of(config) if change.step < config.steps]
    own = [change for change in acting if change.where in ("batch_size", "clip")]
    return [ChangedSettings(change.step + 1, {change.where: change.value}) for change in own]


def merged(*found: list[ChangedSettings]) -> list[ChangedSettings]:
    """Changes in the order of their steps, all those of one step as one."""
    settings: dict[int, dict[str, Any]] = {}
    for turn in sorted(chain(*found), key=lambda turn: turn.t):
        settings.setdefault(turn.t, {}).update(turn.settings)
    return [ChangedSettings(t, changed) for t, changed in settings.items()]


def slots(config: TrainConfig) -> tuple[str, ...]:
    """The names of the models."""
    return ("first", "second")[: len(kinds(config))]


def clips(config: TrainConfig) -> bool:
    """Whether gradients are clipped at any step."""
    return any(span.settings.clip > 0 for span in spans(config, 1, config.steps))


def clip_condition(config: TrainConfig) -> str:
    """When a gradient is clipped."""
    unclipped = any(span.settings.clip == 0 for span in spans(config, 1, config.steps))
    return "0 < clip < size" if unclipped else "size > clip"


def write_settings(script: ScriptWriter, config: TrainConfig) -> None:
    """Write the settings that are not those of the task or of the optimizer."""
    tr = script.tr
    script.note(", ".join(CELLS[kind] for kind in kinds(config)))
    if script.framework == "numpy":
        script.code(f"dtype = np.float32  # {tr('in float64 a run has other digits, and needs more time')}")
    script.setting("hidden", config.hidden)
    script.setting("steps", config.steps)
    script.setting("batch_size", config.batch_size, tr("sequences a step"))
    if clips(config):
        script.setting("clip", config.clip, tr("a longer gradient is shortened to this length"))
    if "lstm" in kinds(config):
        script.setting("forget_bias", config.forget_bias)
    script.setting("seed", config.seed)


def write_initializers(script: ScriptWriter) -> None:
    """Write the two functions that draw weights."""
    tr = script.tr
    script.function(initializers.uniform)
    script.function(initializers.xavier_uniform, tr("Xavier: the variance is 2/(inputs + outputs)"))
    script.function(initializers.orthogonal, tr("A random orthogonal matrix"))


def write_update(script: ScriptWriter, rule: GradientRule) -> RuleLines:
    """Write the settings of a rule, and one step of it as a function `update`; returns its lines.

    The function takes and returns θ and the `state` of the rule, if it has one.
    """
    lines = _lines_of(rule, script.framework)
    script.note(described(script, rule))
    for name, value in lines.settings.items():
        script.setting(name, value)
    takes = arguments_of(lines)
    names = names_of_state(lines)
    unpacked = [f"{names} = state"] if names else []
    returned = f"theta, ({names})".replace("((", "(").replace("))", ")") if names else "theta"
    step = [f"{INDENT}{line}" for line in (*unpacked, *lines.step, f"return {returned}")]
    script.code("\n".join([f"def update({takes}):", *step]))
    return lines


def described(script: ScriptWriter, rule: GradientRule) -> str:
    """The name of a rule, and what it does."""
    return script.tr("{title}: {meaning}", title=script.tr(rule.title), meaning=script.tr(rule.meaning))


def _lines_of(rule: GradientRule, framework: Framework) -> RuleLines:
    """The lines of a rule that moves θ, without what has no influence on it."""
    lines = rule_lines(rule, framework, "theta", "gradient")
    step = tuple(re.sub(r"theta\.copy_\((.*)\)$", r"theta = \1", line) for line in lines.step)
    start = lines.start
    if rule.name == "nesterov":
        start, step = (
            tuple(line for line in part if not line.startswith("position")) for part in (start, step)
        )
    return replace(lines, start=start, step=step)


def names_of_state(lines: RuleLines) -> str:
    """The names of what a rule keeps, as a tuple is written."""
    names = [line.split(" = ")[0] for line in lines.start]
    return f"({names[0]},)" if len(names) == 1 else ", ".join(names)


def first_state(lines: RuleLines) -> str:
    """What a rule keeps before the first step, as a tuple."""
    values = [line.split(" = ", 1)[1] for line in lines.start]
    return f"({values[0]},)" if len(values) == 1 else f"({', '.join(values)})"


def arguments_of(lines: RuleLines, theta: str = "theta", state: str = "state") -> str:
    """The arguments of `update` that a rule needs."""
    needs_t = any(re.search(r"\bt\b", line) for line in lines.step)
    return ", ".join([theta, "gradient", *([state] if lines.start else []), *(["t"] if needs_t else [])])


def write_stop(script: ScriptWriter, config: TrainConfig) -> None:
    """Write the rule that ends the run: its setting, and for the patience a function."""
    tr, stop = script.tr, config.stop
    if isinstance(stop, LossBelow):
        script.note(tr(stop.meaning))
        script.setting("limit", stop.limit)
    if not isinstance(stop, HeldOutRises):
        return
    since = _since(config)
    losses = 'list(curves[name + ".held_out"].values())'
    if since >= 0:
        losses = f'[loss for t, loss in curves[name + ".held_out"].items() if t > {since}]'
    script.note(tr(stop.meaning))
    script.setting("patience", stop.patience)
    script.code(f"""
        def rises(name):
            losses = {losses}
            return len(losses) - 1 - int(np.argmin(losses)) >= patience
    """)


def stop_at_start(config: TrainConfig, names: Sequence[str]) -> list[str]:
    """The lines that end the run before its first step, if the rule may say so."""
    if not isinstance(config.stop, LossBelow) or _since(config) >= 0:
        return []
    below = [f'curves["{name}.held_out"][0] < limit' for name in names]
    return [f"if {' and '.join(below)}:", f"{INDENT}steps = 0"]


def stop_lines(config: TrainConfig, names: Sequence[str]) -> list[str]:
    """The lines after a measurement that end the run, if its rule says so."""
    since = _since(config)
    later = [f"t > {since}"] if since >= 0 else []
    if isinstance(config.stop, LossBelow):
        below = [f'curves["{name}.held_out"][t] < limit' for name in names]
        return [f"if {' and '.join(later + below)}:", f"{INDENT}break"]
    if isinstance(config.stop, HeldOutRises):
        rises = [f'rises("{name}")' for name in names]
        return [f"if {' and '.join(later + rises)}:", f"{INDENT}break"]
    return []


def _since(config: TrainConfig) -> int:
    """The step of the last change; no rule ends the run before it. −1 if there is none."""
    return max((change.step for change in changes_of(config)), default=-1)
