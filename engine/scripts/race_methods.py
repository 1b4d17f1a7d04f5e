"""The racers of a script that search a line, or use the Hessian: what each step of theirs costs is counted.

Their path has an entry for each step: when it was complete, where it led, and what was computed until then.
With the budget "steps" it is complete at the step of the race; with "evaluations" after so many of them.
"""

from itertools import pairwise
from typing import Any

from engine.changes import changes_of
from engine.experiments.optimizers.race_config import RaceConfig
from engine.optimizers.line_search_methods import LBFGS, ConjugateGradient
from engine.optimizers.newton import ObjectiveRule
from engine.scripts.searches import method_lines, method_start
from engine.scripts.writer import INDENT, ScriptWriter, literal

MEASURED = "value, g = value_at(x), gradient_at(x)"
ALWAYS, AT_TIMES, NEVER = "always", "at times", "never"  # when there is noise


def is_noisy(config: RaceConfig) -> bool:
    """Whether there is noise in the gradients of some step."""
    return _noise_comes(config) != NEVER


def _sigmas(config: RaceConfig) -> list[Any]:
    return [config.noise, *(change.value for change in changes_of(config) if change.where == "noise")]


def _noise_comes(config: RaceConfig) -> str:
    sigmas = _sigmas(config)
    return ALWAYS if all(sigmas) else AT_TIMES if any(sigmas) else NEVER


def noise_begins(config: RaceConfig) -> bool:
    """Whether a step without noise comes before one with noise."""
    sigmas = _sigmas(config)
    return any(not now and later for now, later in pairwise(sigmas))


def noise_turns(config: RaceConfig, when: str) -> list[str]:
    """The lines that set and change the noise in the loop of a racer; none if it stays the same."""
    changes = [change for change in changes_of(config) if change.where == "noise"]
    if not changes or not is_noisy(config):
        return []
    return _set("sigma", when.format(t=1), config.noise) + [
        line for change in changes for line in _set("sigma", when.format(t=change.step + 1), change.value)
    ]


def _set(name: str, when: str, value: object) -> list[str]:
    return [f"if {when}:", f"{INDENT}{name} = {literal(value)}"]


def start_text(script: ScriptWriter, leaf: bool = False) -> str:
    """The start as an array or a tensor; a leaf is one whose gradient PyTorch keeps."""
    if script.framework == "numpy":
        return "np.array(start)"
    return f"torch.tensor(start{', requires_grad=True' if leaf else ''})"


def is_counted(script: ScriptWriter, config: RaceConfig) -> bool:
    """Whether a script counts what is computed: it keeps the numbers, or the race is one of evaluations."""
    return script.framework == "numpy" or config.budget == "evaluations"


def write_method_racer(
    script: ScriptWriter, config: RaceConfig, index: int, rule: ObjectiveRule, steps: str
) -> None:
    """Write the run of a racer; `steps` is its last step, as the script says it."""
    paid, noise = config.budget == "evaluations", _noise_comes(config)
    for name in rule.__struct_fields__:
        script.setting(name, getattr(rule, name))
    if is_counted(script, config):
        script.code("calls.update(values=0, gradients=0, hessians=0)")
    counts = ", dict(calls)" if script.framework == "numpy" else ""
    first = [f"x = {start_text(script)}", f"path, last = [(0, x{counts})], {steps}", *method_start(rule)]
    if isinstance(rule, LBFGS | ConjugateGradient) and noise != ALWAYS:
        first.append(MEASURED if noise == NEVER else "value = None")
    first += ["resting = False"] if noise == AT_TIMES else []
    script.code("\n".join([*first, *(["t = 1"] if paid else [])]))
    script.code(f"while t <= {steps}:" if paid else f"for t in range(1, {steps} + 1):")
    lines = _before(config, index, rule, noise, paid, counts) + method_lines(rule, script)
    if noise == ALWAYS:  # then a method never rests, because f is another function at every step
        lines = [line.replace("trial, resting = None, True", "trial = None") for line in lines]
        lines = [line for line in lines if not line.strip().startswith(("resting = ", "if not resting:"))]
    if paid:
        lines.append('t = 1 + calls["values"] + calls["gradients"] + 2 * calls["hessians"]')
    lines.append(f"path.append(({'t - 1' if paid else 't'}, x{counts}))")
    if noise == NEVER:
        lines += ["if resting:", f"    break  # {script.tr('there is nothing left to do')}"]
    script.code("\n".join(lines), 1)
    script.code(f'keep_path("{index}", path, last)')


def _before(
    config: RaceConfig, index: int, rule: ObjectiveRule, noise: str, paid: bool, counts: str
) -> list[str]:
    """The lines of a step before those of the method: settings that change, and the noise."""
    when = "t >= {t}" if paid else "t == {t}"
    lines = noise_turns(config, when)
    for change in changes_of(config):
        record, _, name = change.where.rpartition(".")
        if record == f"racers[{index}]":
            lines += _set(name, when.format(t=change.step + 1), change.value)
    if noise == NEVER:
        return lines
    if noise == AT_TIMES:
        stays = ["break"] if paid else [f"path.append((t, x{counts}))", "continue"]
        lines += ["if resting and sigma == 0:", *(INDENT + line for line in stays)]
    lines.append("tilt = sigma * chance[t - 1]")
    if not isinstance(rule, LBFGS | ConjugateGradient):
        return lines
    return [
        *lines,
        *(["if value is None or sigma > 0:", INDENT + MEASURED] if noise == AT_TIMES else [MEASURED]),
    ]
