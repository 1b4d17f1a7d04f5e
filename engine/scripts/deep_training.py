"""The training of *Gradients ▸ Deep network* in NumPy, step by step: its batches, its rule, when it ends."""

from engine.experiments.gradients.deep_network import EVERY
from engine.experiments.gradients.deep_network_config import NetworkSettings
from engine.networks.normalization import MEMORY
from engine.optimizers.adam import Adam
from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.muon import Muon
from engine.optimizers.trainer import FLUSH_EVERY, SMALL_STATE
from engine.scripts.changing import ChangedSettings, MovingLines, turn_lines
from engine.scripts.deep_run import DeepRun
from engine.scripts.muon import muon_lines
from engine.scripts.rules import trainer_lines
from engine.scripts.writer import INDENT, ScriptWriter


def write_training(
    script: ScriptWriter, run: DeepRun, settings: NetworkSettings, suffix: str, orthogonal: str
) -> None:
    """Write the function that trains a network of one form; `orthogonal` is the name of Muon's function."""
    moving = _moving(script, run, suffix, orthogonal)
    config, tr, batch = run.config, script.tr, settings.normalization == "batch"
    answer = "position" if isinstance(config.optimizer, ASGD) else "theta"
    given = ", running" if batch else ""
    measured = f"held_out_loss{suffix}({answer}, phi{given})"
    script.code(f"""
        def held_out_loss{suffix}(theta, phi{given}):
            logits, _, _ = forward{suffix}(theta, inputs[held_out], phi, False{given})
            return cross_entropy(logits, targets[held_out])[0]
    """)
    script.note(
        tr("The training of one network; each begins with the same generator, so it has the same batches")
    )
    script.code(f"def train{suffix}(name, theta, phi, slope, straight):")
    script.code("\n".join(run.local_settings(moving)), 1)
    script.code("rng = np.random.default_rng(seed).spawn(3)[1]\nflush = True", 1)
    if batch:
        script.note(
            tr("Running means of μ and σ² of each layer, for the examples that have no batch"), indent=1
        )
        script.code("running = [(np.zeros((1, width), dtype), np.ones((1, width), dtype))] * depth", 1)
    script.code("\n".join(moving.start), 1)
    script.code(f'keep(0, {{name + ".held_out": {measured}}})', 1)
    run.write_steps(script)
    script.code(
        f"""
        rows = rng.choice(training, batch_size, replace=False)
        logits, a, caches = forward{suffix}(theta, inputs[rows], phi, flush)
        loss, d_logits = cross_entropy(logits, targets[rows])
        gradient, d_first, d_last = backward{suffix}(theta, d_logits, a, caches, slope, flush)
        keep(t, {{name + ".loss": loss, name + ".first": norm(d_first), name + ".last": norm(d_last)}})
        """,
        2,
    )
    if config.clipping != "none":
        by_norm = "clip_by_norm(gradient, clip_at)"
        clipped = by_norm if config.clipping == "norm" else "np.clip(gradient, -clip_at, clip_at)"
        script.code(f"gradient = {clipped}", 2)
    script.code("\n".join([f"# {tr(config.optimizer.title)}", *moving.step]), 2)
    if batch:
        script.code(
            f"""
            larger = len(rows) / (len(rows) - 1)
            for k, (*_, mean_k, variance_k) in enumerate(caches):
                mean_k = {MEMORY} * running[k][0] + (1.0 - {MEMORY}) * mean_k
                variance_k = {MEMORY} * running[k][1] + (1.0 - {MEMORY}) * (variance_k * larger)
                running[k] = mean_k, variance_k
            """,
            2,
        )
    script.code(
        f"""
        if not (math.isfinite(loss) and math.isfinite(np.sum(theta))):
            break
        if t % {EVERY} == 0 or t == steps:
            keep(t, {{name + ".held_out": {measured}}})
        ends = (a, d_first, d_logits)
        flush = not straight or not all(np.vdot(some, some) > 1e-16 for some in ends)
        """,
        2,
    )
    if run.yields:
        script.code("yield t", 2)


def _moving(script: ScriptWriter, run: DeepRun, suffix: str, orthogonal: str) -> MovingLines:
    """The rule, as a trainer applies it: numbers of its state that are nearly 0 become 0."""
    rule, found = run.config.optimizer, run.rule_turns
    if isinstance(rule, Muon):
        script.note(script.tr("The weight matrices in a vector like θ, each [in, out]"))
        name = f"matrices{suffix}"
        script.code(f"def {name}(vector):\n    return [layer[0] for layer in layers_of{suffix}(vector)]")
        moving = muon_lines(rule, found, orthogonal)
        own = [
            tuple(line.replace("matrices(", f"{name}(") for line in some)
            for some in (moving.start, moving.step)
        ]
        return moving._replace(start=own[0], step=(*own[1], *_flushed(["momentum"])))
    lines = trainer_lines(rule)
    start, step = (
        [line for line in some if isinstance(rule, ASGD) or not line.startswith("position = ")]
        for some in (lines.start, lines.step)
    )
    kept = [line.partition(" = ")[0] for line in start if "theta" in line]
    turning = turn_lines(found)
    if isinstance(rule, Adam) and rule.bias_correction:
        turning = _summed(rule, found)
    return MovingLines(lines.settings, tuple(start), (*turning, *step, *_flushed(kept)), "", True)


def _flushed(kept: list[str]) -> list[str]:
    if not kept:
        return []
    said = [f"{INDENT}flush_to_zero({name}, {SMALL_STATE!r})" for name in kept]
    return [f"if t % {FLUSH_EVERY} == 0:", *said]


def _summed(rule: Adam, found: list[ChangedSettings]) -> list[str]:
    """The changes of Adam, whose m/(1 − β₁) and v/(1 − β₂) are kept: m and v stay the same."""
    lines, now = [], {"beta1": rule.beta1, "beta2": rule.beta2}
    for turn in found:
        lines += turn_lines([turn])
        for name, kept in (("beta1", "m"), ("beta2", "v")):
            if name in turn.settings:
                lines.append(f"{INDENT}{kept} *= (1.0 - {now[name]!r}) / (1.0 - {name})")
                now[name] = turn.settings[name]
    return lines
