"""The script of *Losses ▸ Image classifier*: its data, its network, and the training batch by batch."""

from engine.data.training_data import TrainingData
from engine.experiments.losses.classifier import MOST_MEASURED
from engine.experiments.losses.classifier_config import ClassifierConfig
from engine.scripts.changing import MovingLines, check_end, turn_lines
from engine.scripts.classifier_numpy import write_numpy
from engine.scripts.classifier_run import ClassifierLines, ClassifierRun
from engine.scripts.classifier_torch import write_torch
from engine.scripts.datasets import write_data, write_generators
from engine.scripts.endings import DIVERGED, end_lines
from engine.scripts.writer import ScriptWriter

NEW_EPOCH = """
    if place >= len(order):
        order, place = rng.permutation(training), 0
    rows = order[place : place + batch_size]
    place += batch_size
"""


def write(script: ScriptWriter, config: ClassifierConfig, data: TrainingData) -> None:
    """Write the run."""
    check_end(config)
    run, tr = ClassifierRun(config, data), script.tr
    write_generators(script, config.seed)
    write_data(script, config.data, config.held_out, data)
    lines = (write_numpy if script.framework == "numpy" else write_torch)(script, run)
    _settings(script, run, lines.moving)
    _loop(script, run, lines)
    script.plot(f"""
        for name in ("training.loss", "held_out.loss"):
            plt.semilogy(list(curves[name]), list(curves[name].values()), label=name)
        plt.xlabel({tr("step")!r})
        plt.legend()
        plt.show()
    """)


def _settings(script: ScriptWriter, run: ClassifierRun, moving: MovingLines) -> None:
    """The settings of the training."""
    tr, own = script.tr, run.own_settings(run.config)
    script.note(tr("The training"))
    script.setting("batch_size", own["batch_size"])
    if any("batch_size" in turn.settings for turn in run.turns):
        script.setting("steps", run.steps)
    else:
        script.setting("epochs", run.config.epochs)
        script.code("steps = epochs * -(-len(training) // batch_size)")
    if run.has("l2_decay"):
        script.setting("l2_decay", own["l2_decay"], tr("weight decay: adds ½λ·Σw² to the loss"))
    script.note(tr("The optimizer: {name}", name=tr(run.config.optimizer.title)))
    for name, value in moving.settings.items():
        script.setting(name, value)
    script.code("\n".join(moving.start))


def _loop(script: ScriptWriter, run: ClassifierRun, lines: ClassifierLines) -> None:
    """What is measured before the first step, and the training."""
    tr, answer = script.tr, lines.answer
    training, held_out = (
        name + _thin(len(rows))
        for name, rows in (("training", run.data.training), ("held_out", run.data.held_out))
    )
    script.note(tr("The network before the first step"))
    script.code(f'keep(0, measured("training", {training}{answer}))')
    script.code(f'keep(0, measured("held_out", {held_out}{answer}))')
    script.note(tr("Every step takes the next batch of a random order of the training examples"))
    script.code("order, place = [], 0")
    script.code("for t in range(1, steps + 1):")
    first = [*end_lines(run.config, ["held_out.loss"]), *turn_lines(run.turns)]
    smoothed = [str(turn.t) for turn in run.turns if "label_smoothing" in turn.settings]
    if smoothed and lines.targets:
        first += [f"if t in ({', '.join(smoothed)},):", f"    {lines.targets}"]
    if first:
        script.code("\n".join(first), 1)
    script.code(NEW_EPOCH, 1)
    script.code("\n".join(lines.step), 1)
    if run.every > 1:
        script.code(f"if t % {run.every} == 0 or t == steps:", 1)
    measure = f'numbers |= measured("held_out", {held_out}{answer})'
    script.code(measure, 2 if run.every > 1 else 1)
    script.code("keep(t, numbers)", 1)
    script.code(f"{DIVERGED}\n    break", 1)
    if lines.after:
        script.code(lines.after, 1)


def _thin(rows: int) -> str:
    """A slice that leaves few enough examples to measure."""
    each = -(-rows // MOST_MEASURED)
    return f"[::{each}]" if each > 1 else ""
