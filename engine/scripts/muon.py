"""Muon in a script: every weight matrix moves by its orthogonal momentum, and Adam moves the biases.

In NumPy `matrices(vector)` are the weight matrices in a vector like θ, as views. In PyTorch each of them is a
parameter of `model`.
"""

from typing import Any

from engine.changes import changes_of, config_at
from engine.config import Config, Problem
from engine.optimizers.adam import Adam
from engine.optimizers.muon import COEFFICIENTS, TINY, Muon, newton_schulz
from engine.scripts.changing import ANOTHER_RULE, ChangedSettings, MovingLines, turn_lines
from engine.scripts.rules import rule_lines
from engine.scripts.writer import ScriptWriter, literal

RENAMED = {"momentum": "mu", "weight_decay": "decay"}  # settings, whose names stand for other things
SCHEDULED = ("scheduled_rate", "learning_rate")


def muon_turns(config: Config, last: int) -> list[ChangedSettings]:
    """The changes of Muon's settings in the steps up to `last`.

    Raises:
        Problem: its equations are others after a change.
    """
    found = []
    for step in sorted({change.step for change in changes_of(config) if change.step < last}):
        before, after = (config_at(config, t).optimizer for t in (step, step + 1))  # type: ignore[attr-defined]
        old, new = _settings(before), _settings(after)
        if before.equations != after.equations or old.keys() != new.keys():
            raise Problem(ANOTHER_RULE, where="changes", step=step)
        if old != new:
            found.append(ChangedSettings(step + 1, {k: v for k, v in new.items() if v != old[k]}))
    return found


def write_orthogonal(script: ScriptWriter, rule: Muon) -> str:
    """Write the function that makes a matrix orthogonal; returns the call for the matrix `M`."""
    package, tr = ("np" if script.framework == "numpy" else "torch"), script.tr
    if rule.method == "newton_schulz":
        words = tr("Newton–Schulz: a polynomial that brings all singular values near to 1")
        renamed = {"COEFFICIENTS": literal(COEFFICIENTS), "TINY": literal(TINY)}
        script.function(newton_schulz, words, renamed | {"np.linalg.norm": f"{package}.linalg.norm"})
        return "newton_schulz(M, iterations)"
    script.note(tr("O = U Vᵀ of M = U Σ Vᵀ, without the directions in which M is 0 up to rounding"))
    script.code(f"""
        def orthogonal_factor(matrix):
            u, sigma, v = {package}.linalg.svd(matrix, full_matrices=False)
            present = sigma > sigma[0] * max(matrix.shape) * {package}.finfo(matrix.dtype).eps
            return u[:, present] @ v[present]
    """)
    return "orthogonal_factor(M)"


def muon_lines(rule: Muon, found: list[ChangedSettings], orthogonal: str) -> MovingLines:
    """The lines of Muon in NumPy, which move `theta` by `gradient`."""
    settings = _settings(rule)
    rate, rest_rate, scheduled = _rates(rule)
    rest = rule_lines(Adam(), "numpy", "theta[is_bias]", "gradient[is_bias]")
    settings |= {name: value for name, value in rest.settings.items() if name != "learning_rate"}
    start = (
        "momentum = np.zeros_like(theta)",
        "is_bias = np.ones(len(theta), bool)",
        "for W in matrices(is_bias):",
        "    W[...] = False",
        *rest.start,
    )
    step = (
        *turn_lines(found),
        *scheduled,
        "momentum = mu * momentum + (1 - mu) * gradient",
        f"direction = {direction_of(rule)}",
        "for W, M in zip(matrices(theta), matrices(direction)):",
        *(f"    {line}" for line in matrix_step(rule, rate, orthogonal, "W", "M.shape[1]", "M.shape[0]")),
        *(line.replace("learning_rate", rest_rate) for line in rest.step),
    )
    return MovingLines(settings, start, step, "", True)


def muon_torch_lines(rule: Muon, found: list[ChangedSettings], orthogonal: str) -> MovingLines:
    """The lines of Muon in PyTorch, which move the parameters of `model`."""
    settings = _settings(rule)
    rate, rest_rate, scheduled = _rates(rule)
    start = (
        "matrices = [p for p in model.parameters() if p.ndim > 1]",
        "biases = [p for p in model.parameters() if p.ndim == 1]",
        "momenta = [torch.zeros_like(W) for W in matrices]",
        "optimizer = torch.optim.Adam(biases, lr=rest_rate)",
    )
    step = (
        *turn_lines(found),
        *scheduled,
        "with torch.no_grad():",
        "    for W, momentum in zip(matrices, momenta):",
        "        momentum.copy_(mu * momentum + (1 - mu) * W.grad)",
        f"        M = ({direction_of(rule).replace('gradient', 'W.grad')}).flatten(1)",
        *(
            f"        {line}"
            for line in matrix_step(rule, rate, orthogonal, "W", "M.shape[0]", "M.shape[1]", ".view_as(W)")
        ),
        *([f'optimizer.param_groups[0]["lr"] = {rest_rate}'] if scheduled or found else []),
        "optimizer.step()",
    )
    return MovingLines(settings, start, step, "model.zero_grad()", True)


def _settings(rule: Muon) -> dict[str, Any]:
    """The settings of a rule by their names in a script; only those that are used."""
    left_out = {"schedule", "method", "nesterov", "scale"}
    if rule.method != "newton_schulz":
        left_out.add("iterations")
    if not rule.weight_decay:
        left_out.add("weight_decay")
    names = [name for name in rule.__struct_fields__ if name not in left_out]
    found = {RENAMED.get(name, name): getattr(rule, name) for name in names}
    if not rule.schedule.constant:
        schedule = rule_lines(Adam(schedule=rule.schedule)).settings
        found |= {name: value for name, value in schedule.items() if name in rule.schedule.__struct_fields__}
    return found


def _rates(rule: Muon) -> tuple[str, str, list[str]]:
    """The names of the rate of a step and of Adam's, and the lines that compute them."""
    if rule.schedule.constant:
        return "learning_rate", "rest_rate", []
    lines = rule_lines(Adam(schedule=rule.schedule)).step
    place = next(k for k, line in enumerate(lines) if line.startswith("scheduled_rate = "))
    ratio = "adam_rate = scheduled_rate * (rest_rate / learning_rate)"
    return "scheduled_rate", "adam_rate", [*lines[: place + 1], ratio]


def direction_of(rule: Muon) -> str:
    """What is made orthogonal; with Nesterov a mean of `gradient` and `momentum`."""
    return "(1 - mu) * gradient + mu * momentum" if rule.nesterov else "momentum"


def matrix_step(
    rule: Muon, rate: str, orthogonal: str, w: str, n_out: str, n_in: str, shaped: str = ""
) -> list[str]:
    """The lines that move one matrix `w`, whose direction is `M`."""
    larger = f"max({n_in}, {n_out})"
    original = rule.scale == "original"
    scale = f"math.sqrt(max(1.0, {n_out} / {n_in}))" if original else f"0.2 * math.sqrt({larger})"
    lines = [f"scale = {scale}", f"{w} -= {rate} * scale * {orthogonal}{shaped}"]
    return [f"{w} *= 1 - {rate} * decay", *lines] if rule.weight_decay else lines
