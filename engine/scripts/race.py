"""The script of *Optimizers ▸ Race*: one racer after the other, each with the lines of its own rule.

A racer that cannot go on leaves its loop. Racers of one gradient take a step at a time. What a method that
searches a line, or uses the Hessian, computes in a step is counted; with the budget "evaluations" it stays
where it is until so many evaluations are over.
"""

import re
from typing import Any

import numpy as np

from engine.changes import changes_of
from engine.config import Problem
from engine.experiments.optimizers.race_config import RaceConfig
from engine.optimizers.adam_relatives import Lion
from engine.optimizers.descent import Nesterov
from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.line_search_methods import LBFGS, ConjugateGradient
from engine.optimizers.newton import ObjectiveRule
from engine.optimizers.resilient import Rprop
from engine.optimizers.update_rule import GradientRule
from engine.optimizers.walk import NOISE_BLOCK
from engine.scripts.changing import check_end, moving_lines, turns
from engine.scripts.race_methods import (
    is_counted,
    is_noisy,
    noise_begins,
    noise_turns,
    start_text,
    write_method_racer,
)
from engine.scripts.race_rounding import last_repeatable
from engine.scripts.rounding import CHAOTIC
from engine.scripts.searches import write_methods
from engine.scripts.surfaces import write_surface
from engine.scripts.writer import ScriptWriter, by_place, literal, numbered
from engine.stop_rules import LowEnough, SlopeBelow
from engine.surfaces.choice import surface_of

ENDS_EARLY = (
    "This path is chaotic: small differences grow from step to step. PyTorch rounds in another way, so the"
    " path ends where its numbers would no longer be those of Nabla; in NumPy it has all steps"
)
NOISE_BEGINS = (
    "Noise begins after a line search may have ended; where it goes on to depends on the last digits of f,"
    " which a script rounds in another way"
)
NO_START = "f has no finite value at the start, so no racer takes a step"


def write(script: ScriptWriter, config: RaceConfig, data: Any) -> None:
    """Write the surface, the start, and the run of every racer."""
    tr = script.tr
    check_end(config)
    x, y = map(float, config.start)
    if not np.isfinite(surface_of(config).value(np.array([x]), np.array([y]))).all():
        raise Problem(NO_START, where="start")
    searching = [rule for rule in config.racers if isinstance(rule, ObjectiveRule)]
    noisy = is_noisy(config)
    if noise_begins(config) and any(isinstance(rule, LBFGS | ConjugateGradient) for rule in searching):
        raise Problem(NOISE_BEGINS, where="changes")
    if script.framework == "torch":
        script.code("torch.set_default_dtype(torch.float64)")
    else:
        script.code('np.seterr(all="ignore")  # ' + tr("where a racer diverges, numbers overflow"))
    script.note(tr("The start, and the number of steps"))
    script.setting("start", (x, y))
    lasts = _last_steps(script, config)
    script.setting("steps", max(lasts))
    if noisy:
        _noise(script, config)
    hessian = not all(isinstance(rule, LBFGS | ConjugateGradient) for rule in searching)
    write_surface(script, config, hessian)
    if searching:
        write_methods(script, searching, noisy, is_counted(script, config))
    _reached(script, config, bool(searching))
    titles = numbered([tr(rule.title) for rule in config.racers])
    for index, rule in enumerate(config.racers):
        script.note(f"{index}: {titles[index]}")
        steps = "steps"
        if lasts[index] < max(lasts):
            script.note(tr(ENDS_EARLY))
            steps = str(lasts[index])
        if isinstance(rule, GradientRule):
            _of_gradient(script, config, index, rule, steps)
        else:
            write_method_racer(script, config, index, rule, steps)
    since = max((change.step + 1 for change in changes_of(config)), default=0)
    if isinstance(config.stop, LowEnough) and since <= max(lasts):
        _end(script, config, config.stop.limit, since)
    _plot(script, titles)


def _last_steps(script: ScriptWriter, config: RaceConfig) -> list[int]:
    """The last step of each racer: in PyTorch, as long as other rounding does not lead elsewhere."""
    if script.framework == "numpy":
        return [config.steps] * len(config.racers)
    lasts = last_repeatable(config)
    if max(lasts) < 1:
        raise Problem(CHAOTIC)
    if isinstance(config.stop, LowEnough):
        lasts = [min(lasts)] * len(lasts)
    if max(lasts) < config.steps:
        script.note(script.tr(ENDS_EARLY))
    return lasts


def _noise(script: ScriptWriter, config: RaceConfig) -> None:
    script.note(
        script.tr("The noise of the gradients, with the standard deviation sigma, drawn in blocks of steps")
    )
    blocks = (config.steps - 1) // NOISE_BLOCK + 1
    drawn = f"np.random.default_rng([{config.seed}, block]).normal(size=({NOISE_BLOCK}, 2))"
    drawn = f"np.concatenate([{drawn} for block in range({blocks})])"
    script.code(f"chance = {drawn if script.framework == 'numpy' else f'torch.tensor({drawn})'}")
    if not any(change.where == "noise" for change in changes_of(config)):
        script.setting("sigma", config.noise)


def _reached(script: ScriptWriter, config: RaceConfig, searching: bool) -> None:
    """The functions that keep where a racer is.

    In NumPy they keep also what was computed so far. In PyTorch this would differ: a search that ends at the
    last digits of f tries more points or fewer.
    """
    tr, slope, in_numpy = script.tr, "", script.framework == "numpy"
    counted = searching and in_numpy
    if isinstance(config.stop, SlopeBelow):
        slope = f', "slope": {"math.hypot(*gradient(*x))" if in_numpy else "math.hypot(*slope)"}'
    script.note(tr("Keep where a racer is; False where it has diverged, so that it cannot go on"))
    script.code(f"def reached(racer, step, x{', calls' if counted else ''}):")
    if slope and not in_numpy:
        leaf = "x = x.clone().requires_grad_()"
        script.code(f"{leaf}\n(slope,) = torch.autograd.grad(f(*x), x)\nx = x.detach()", 1)
    script.code(
        f"""
        numbers = {{"x": x[0], "y": x[1], "f": f(*x){slope}}}
        if not all(math.isfinite(numbers[name]) for name in ("x", "y", "f")):
            return False
        numbers = {{f"{{racer}}.{{name}}": number for name, number in numbers.items()}}
        """,
        1,
    )
    if counted:
        script.code('numbers |= {f"{racer}.{kind}": count for kind, count in calls.items()}', 1)
    script.code("keep(step, numbers)\nreturn True", 1)
    if searching:
        script.note(tr("Keep a path: the racer stays where a step has led, until the next step is complete"))
        place = "x, calls" if counted else "x"
        script.code(f"""
            def keep_path(racer, path, last):
                for (first, {place}), (until, *_) in zip(path, [*path[1:], (last + 1,)]):
                    for step in range(first, min(until, last + 1)):
                        if not reached(racer, step, {place}):
                            return
        """)


# Racers of one gradient


def _of_gradient(
    script: ScriptWriter, config: RaceConfig, index: int, rule: GradientRule, steps: str
) -> None:
    """Write the run of a racer."""
    tr, in_torch = script.tr, script.framework == "torch"
    found = turns(config, config.steps, lambda settings: settings.racers[index])
    moving = moving_lines(rule, found, script.framework, "x", "g")
    searching = any(isinstance(racer, ObjectiveRule) for racer in config.racers)
    none = ", {}" if searching and not in_torch else ""
    step, place = list(moving.step), "x.detach()" if in_torch else "x"
    start = list(moving.start)
    by_package = "optimizer.step()" in step
    if isinstance(rule, Nesterov | ASGD):
        place = "position"
    if isinstance(rule, Nesterov):
        if by_package:
            place_of = 'position = x.detach() - optimizer.param_groups[0]["lr"] * x.grad'
            step.insert(step.index("optimizer.step()"), place_of)
        elif found and rule.schedule.constant:  # θ − ηv is the same only as long as η and β are
            step = [re.sub(r"position = .*", "position = x - learning_rate * g", line) for line in step]
            start = [line for line in start if not line.startswith("position = ")]
    for name, value in moving.settings.items():
        script.setting(name, value)
    script.code("\n".join([f"x = {start_text(script, leaf=True)}", *start]))
    script.code(f'reached("{index}", 0, x{".detach()" if in_torch else ""}{none})')
    script.code(f"for t in range(1, {steps} + 1):")
    lines = noise_turns(config, "t == {t}")
    noise = " + sigma * chance[t - 1]" if is_noisy(config) else ""
    package, gradient = ("torch", "x.grad") if in_torch else ("np", "g")
    if in_torch:
        lines += [moving.zero, "f(*x).backward()"]
        lines += ["x.grad += sigma * chance[t - 1]"] if noise else []
    else:
        lines.append(f"g = np.array(gradient(*x)){noise}")
    if config.surface == "expression" and isinstance(rule, Rprop | Lion):
        words = tr("a hole, where a sign alone would lead on")
        lines.append(f"{gradient}[~{package}.isfinite({gradient})] = {package}.nan  # {words}")
    script.code("\n".join([*lines, *step]), 1)
    script.code(f'if not reached("{index}", t, {place}{none}):\n    break  # {tr("it has diverged")}', 1)


# The end, and the plot


def _end(script: ScriptWriter, config: RaceConfig, limit: float, since: int) -> None:
    """Cut the curves where a rule ends the race."""
    what = "slope" if isinstance(config.stop, SlopeBelow) else "f"
    script.note(script.tr("The race ends where all racers that can go on are below the limit"))
    script.code(f"""
        for end in range({since}, steps + 1):
            known = [curves.get(f"{{racer}}.{what}", {{}}).get(end) for racer in range({len(config.racers)})]
            known = [number for number in known if number is not None]
            if known and max(known) < {literal(limit)}:
                break
        for name, curve in curves.items():
            curves[name] = {{step: number for step, number in curve.items() if step <= end}}
    """)


def _plot(script: ScriptWriter, titles: list[str]) -> None:
    script.name_curves(by_place(titles))
    script.plot(f"""
            figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
            for racer, name in names.items():
                x, y, f = (curves[f"{{racer}}.{{axis}}"] for axis in ("x", "y", "f"))
                left.plot(list(x.values()), list(y.values()), label=name)
                right.plot(list(f), list(f.values()), label=name)
            left.set(xlabel="x", ylabel="y")
            right.set(xlabel={literal(script.tr("step"))}, ylabel="f")
            right.legend()
            plt.show()
    """)
