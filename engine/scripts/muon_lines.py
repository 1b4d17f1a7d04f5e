"""One step of Muon in a script: a function `update`, as `train_parts` writes it of other rules."""

from engine.optimizers.descent import GradientDescent
from engine.optimizers.muon import Muon
from engine.scripts.muon import direction_of, matrix_step, write_orthogonal
from engine.scripts.net_words import NetworkWords
from engine.scripts.rules import rule_lines
from engine.scripts.train_parts import described
from engine.scripts.writer import INDENT, ScriptWriter


def muon_settings(script: ScriptWriter, rule: Muon) -> tuple[tuple[str, ...], str, str]:
    """Write the settings of Muon; returns the lines of its schedule, if any, and both learning rates.

    The first rate is that of the matrices, the second that of all other weights.
    """
    tr = script.tr
    descent = GradientDescent(learning_rate=rule.learning_rate, schedule=rule.schedule)
    lines = rule_lines(descent, script.framework, "theta")
    script.note(described(script, rule))
    for name, value in lines.settings.items():
        script.setting(name, value)
    script.setting("mu", rule.momentum, tr("Momentum factor"))
    if rule.method == "newton_schulz":
        script.setting("iterations", rule.iterations, tr("Iterations"))
    if rule.weight_decay:
        script.setting("decay", rule.weight_decay, tr("Weight decay"))
    script.setting("rest_rate", rule.rest_rate, tr("Rate of the rest"))
    if lines.step[:-1]:
        return lines.step[:-1], "scheduled_rate", "rest_rate * factor"
    return (), "learning_rate", "rest_rate"


def muon_in_numpy(script: ScriptWriter, rule: Muon, net: NetworkWords) -> None:
    """Write Muon's settings, its `update`, and `first_state`, what it keeps before the first step."""
    tr = script.tr
    schedule, rate, own_rate = muon_settings(script, rule)
    orthogonal = write_orthogonal(script, rule)
    found = [
        net.parts("V, _").replace("E, ", "_, "),
        "found = [V]",
        f"for gate in {'cell' if net.layers == 1 else '[*lower, *upper]'}:",
        "    size = gate.shape[1] - 1 - hidden",
        "    found += [gate[:, :size].T, gate[:, size + 1 :].T]",
        "return found",
    ]
    script.note(tr("W and U of each gate, and V, as matrices [in, out]: views into θ"))
    script.code("\n".join([f"def matrices({net.kind}theta):", *(INDENT + line for line in found)]))
    script.note(tr("The entries of θ that are in no matrix"))
    script.code(f"""
        def rest_of({net.kind}theta):
            free = np.ones(len(theta), bool)
            for w in matrices({net.kind}free):
                w[...] = False
            return free
    """)
    step = [
        "momentum, mean, mean_square = state",
        *schedule,
        "momentum = mu * momentum + (1 - mu) * gradient",
        f"direction = {direction_of(rule)}",
        "theta = theta.copy()",
        f"for w, M in zip(matrices({net.kind}theta), matrices({net.kind}direction)):",
        *(INDENT + line for line in matrix_step(rule, rate, orthogonal, "w", "w.shape[1]", "w.shape[0]")),
        f"rest = rest_of({net.kind}theta)  # {tr('by Adam')}",
        "mean = 0.9 * mean + (1 - 0.9) * gradient[rest]",
        "mean_square = 0.999 * mean_square + (1 - 0.999) * gradient[rest] ** 2",
        "mean_hat, mean_square_hat = mean / (1 - 0.9**t), mean_square / (1 - 0.999**t)",
        f"theta[rest] -= {own_rate} * mean_hat / (mean_square_hat**0.5 + 1e-08)",
        "return theta, (momentum, mean, mean_square)",
    ]
    script.code(
        "\n".join([f"def update({net.kind}theta, gradient, state, t):", *(INDENT + line for line in step)])
    )
    script.code(f"""
        def first_state({net.kind}theta):
            rest = theta[rest_of({net.kind}theta)]
            return np.zeros_like(theta), np.zeros_like(rest), np.zeros_like(rest)
    """)


def muon_in_torch(script: ScriptWriter, rule: Muon, several: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write Muon's settings and functions; returns the lines before the first step, and those of a step."""
    tr = script.tr
    schedule, rate, own_rate = muon_settings(script, rule)
    orthogonal = write_orthogonal(script, rule)
    start = (
        f"# {tr('W and U of each gate, and V, as matrices [out, in]: so many rows are one')}",
        "weights = []",
        f"for cell, readout in {'[net[-2:] for net in nets.values()]' if several else '[net[-2:]]'}:",
        "    weights += [(w, hidden) for layer in cell.all_weights for w in layer[:2]]",
        "    weights.append((readout.weight, outputs))",
        "rest = [one for one in parameters if all(one is not w for w, _ in weights)]",
        "momenta = [torch.zeros_like(w) for w, _ in weights]",
        "adam = torch.optim.Adam(rest, lr=rest_rate)",
    )
    step = [
        *schedule,
        "for (weight, size), momentum in zip(weights, momenta):",
        "    momentum.mul_(mu).add_((1 - mu) * weight.grad)",
        f"    direction = {direction_of(rule).replace('gradient', 'weight.grad')}",
        "    for w, M in zip(weight.split(size), direction.split(size)):",
        *(2 * INDENT + line for line in matrix_step(rule, rate, orthogonal, "w", "w.shape[0]", "w.shape[1]")),
    ]
    script.code(
        "\n".join(
            [
                "def update(t):" if schedule else "def update():",
                "    with torch.no_grad():",
                *(2 * INDENT + line for line in step),
                f'    adam.param_groups[0]["lr"] = {own_rate}',
                "    adam.step()",
            ]
        )
    )
    return start, ("update(t)" if schedule else "update()",)
