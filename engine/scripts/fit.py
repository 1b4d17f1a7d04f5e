"""The script of *Entropy ▸ Fit Q to P*: the logits of Q are trained with several losses side by side."""

from typing import Any, NamedTuple

import numpy as np

from engine.activations import log_softmax
from engine.changes import changes_of
from engine.config import Problem
from engine.experiments.entropy.fit import EXPERIMENT, INFINITE
from engine.experiments.entropy.fit_config import FitConfig, RandomStart
from engine.information.divergence_gradients import DIVERGENCES
from engine.information.shaped_distribution import MOST
from engine.optimizers.descent import Nesterov
from engine.optimizers.iterate_averaging import ASGD
from engine.scripts.changing import MovingLines, check_end, moving_lines, turns
from engine.scripts.rounding import steps_in_torch
from engine.scripts.writer import ScriptWriter, literal
from engine.stop_rules import KLBelow

GROWS = "The weight decay makes the logits grow without limit: lower it or the learning rate"


class LossLines(NamedTuple):
    """A loss in a script: lines that compute it, and in NumPy ∂L/∂log q of the row k."""

    numpy: tuple[str, ...]
    d_log_q: str
    torch: tuple[str, ...]


KL_DIV = "torch.nn.functional.kl_div"
LOSSES = {
    "cross_entropy": LossLines(
        ("return -np.sum(p * log_q)",), "-p", ("return torch.nn.functional.cross_entropy(z, p)",)
    ),
    "kl": LossLines(
        ("return np.sum(p * (log_p - log_q))",),
        "-p",
        (f'return {KL_DIV}(torch.log_softmax(z, dim=0), p, reduction="sum")',),
    ),
    "reverse_kl": LossLines(
        ("return np.sum(np.exp(log_q) * (log_q - log_p))",),
        "q[{k}] * (log_q[{k}] - log_p)",
        (
            "log_q = torch.log_softmax(z, dim=0)",
            f'return {KL_DIV}(p.log(), log_q, reduction="sum", log_target=True)',
        ),
    ),
    "js": LossLines(
        (
            "log_m = log_mixture(log_q)",
            "kl_of_p = np.sum(p * (log_p - log_m))",
            "kl_of_q = np.sum(np.exp(log_q) * (log_q - log_m))",
            "return (kl_of_p + kl_of_q) / 2",
        ),
        "0.5 * q[{k}] * (log_q[{k}] - log_mixture(log_q[{k}]))",
        (
            "log_q = torch.log_softmax(z, dim=0)",
            "log_m = torch.logaddexp(p.log(), log_q) - np.log(2.0)",
            f'kl_of_p = {KL_DIV}(log_m, p, reduction="sum")',
            f'kl_of_q = {KL_DIV}(log_m, log_q, reduction="sum", log_target=True)',
            "return (kl_of_p + kl_of_q) / 2",
        ),
    ),
    "squared_error": LossLines(
        ("return np.sum((np.exp(log_q) - p) ** 2)",),
        "2.0 * q[{k}] * (q[{k}] - p)",
        ("return torch.sum((torch.softmax(z, dim=0) - p) ** 2)",),
    ),
}


def write(script: ScriptWriter, config: FitConfig, data: Any) -> None:
    """Write the runs of all losses, except one that is ∞ from the start."""
    tr, rule = script.tr, config.optimizer
    check_end(config)
    if rule.learning_rate * getattr(rule, "weight_decay", getattr(rule, "lambd", 0.0)) > 2:
        raise Problem(GROWS, where="optimizer")
    names = [name for name in config.losses if name != "reverse_kl" or all(config.p.values)]
    if not names:
        raise Problem(INFINITE, where="p")
    script.note(tr("The truth P, and the first logits z of Q = softmax(z)"))
    script.setting("p", np.array(config.p.values, np.float64))
    if isinstance(config.start, RandomStart):
        spread, count = literal(config.start.spread), len(config.p.values)
        script.code(f"z = np.random.default_rng({config.seed}).normal(0.0, {spread}, {MOST})[:{count}]")
    else:
        script.setting("z", config.first_logits)
    script.setting("steps", steps_in_torch(script, EXPERIMENT, config, data))
    if names != config.losses:
        script.note(tr(INFINITE))
    (_numpy if script.framework == "numpy" else _torch)(script, config, names)
    script.plot(f"""
        for name in losses:
            plt.semilogy(list(curves[name + ".kl"].values()), label=name)
        plt.xlabel({tr("step")!r})
        plt.ylabel("KL(P‖Q)")
        plt.legend()
        plt.show()
    """)


def _numpy(script: ScriptWriter, config: FitConfig, names: list[str]) -> None:
    """Gradients are written out, as ∂L/∂z = u − q·Σu with u = ∂L/∂log q."""
    tr, zeros = script.tr, not all(config.p.values)
    if zeros:
        words = tr("−∞ where p is 0")
        script.code(f"log_p = np.log(p, out=np.full(len(p), -np.inf), where=p > 0)  # {words}")
    else:
        script.code("log_p = np.log(p)")
    _entropy(script, config)
    script.function(log_softmax, tr("log softmax(z), which never overflows"), {"floating": "np.asarray"})
    if "js" in names:
        script.note(tr("log M of the mixture M = ½(P + Q)"))
        script.code("def log_mixture(log_q):\n    return np.logaddexp(log_p, log_q) - np.log(2.0)")
    for name in LOSSES:
        _loss(script, config, names, name, "log_q", LOSSES[name].numpy)
    _together(script, names)
    natural = all(DIVERGENCES[name].unit(config.b) == 1.0 for name in names)
    if not natural:
        units = ", ".join("nats" if DIVERGENCES[name].logarithmic else "1.0" for name in names)
        script.code(f"unit = np.array([{units}])")
    script.code(f"z = np.tile(z, ({len(names)}, 1))")
    moving = _moving(script, config)
    step, place = moving.step, _place(config)
    if isinstance(config.optimizer, Nesterov) and config.optimizer.schedule.constant and changes_of(config):
        own = "position = z - learning_rate * gradient"  # θ − ηv is the same only as long as η is
        step = tuple(own if line.startswith("position = ") else line for line in step)
    script.code("for step in range(steps + 1):")
    script.code(f"log_q = log_softmax({place})\nq = np.exp(log_q)", 1)
    _keep(script, config, "log_q[k]", "np.abs(q[k] - p).max()")
    if moving.counts:
        script.code("t = step + 1", 1)
    if place != "z":
        script.code("log_q = log_softmax(z)\nq = np.exp(log_q)", 1)
    script.note(tr("u = ∂L/∂log q; through softmax the gradient is ∂L/∂z = u − q·Σu"), indent=1)
    script.code("u = np.empty_like(z)", 1)
    for k, name in enumerate(names):
        script.code(f"u[{k}] = {LOSSES[name].d_log_q.format(k=k)}  # {name}", 1)
    through = "u - q * u.sum(axis=1, keepdims=True)"
    script.code(f"gradient = {through if natural else f'({through}) / unit[:, np.newaxis]'}", 1)
    script.code("\n".join(step), 1)


def _torch(script: ScriptWriter, config: FitConfig, names: list[str]) -> None:
    tr = script.tr
    _entropy(script, config)
    script.code("p, z = torch.tensor(p), torch.tensor(z)")
    for name in LOSSES:
        _loss(script, config, names, name, "z", LOSSES[name].torch)
    _together(script, names)
    script.code(f"z = z.repeat({len(names)}, 1).requires_grad_()")
    moving, place = _moving(script, config), _place(config)
    script.code("for step in range(steps + 1):")
    script.code(f"place = {place}.detach()\nq = torch.softmax(place, dim=1)", 1)
    _keep(script, config, "place[k]", "(q[k] - p).abs().max()")
    if moving.counts:
        script.code("t = step + 1", 1)
    script.code("total = sum(loss(z[k]) for k, loss in enumerate(losses.values()))", 1)
    script.code(f"{moving.zero}\ntotal.backward()", 1)
    step = list(moving.step)
    if isinstance(config.optimizer, Nesterov) and "optimizer.step()" in step:
        script.note(tr("Nesterov's θ is measured; z is the look-ahead point"), indent=1)
        measured = 'position = z.detach() - optimizer.param_groups[0]["lr"] * z.grad'
        step.insert(step.index("optimizer.step()"), measured)  # with the rate of this step
    script.code("\n".join(step), 1)


def _entropy(script: ScriptWriter, config: FitConfig) -> None:
    """The nats in one unit of the logarithm, where it is not 1, and H(P)."""
    if config.b != np.e:
        script.code(f"nats = np.log({literal(config.b)})  # {script.tr('in one unit of the losses')}")
    seen = "p" if all(config.p.values) else "p[p > 0]"
    script.code(f"entropy = -np.sum({seen} * np.log({seen})){_per_unit(config)}")


def _per_unit(config: FitConfig) -> str:
    return "" if config.b == np.e else " / nats"


def _loss(
    script: ScriptWriter,
    config: FitConfig,
    names: list[str],
    name: str,
    argument: str,
    lines: tuple[str, ...],
) -> None:
    """The function of a loss; those of cross-entropy and KL measure every run."""
    if name not in (*names, "cross_entropy", "kl"):
        return
    tr = script.tr
    words = {
        "cross_entropy": tr("Cross-entropy H(P, Q) = −Σ p log q"),
        "kl": tr("KL(P‖Q) = Σ p log(p/q)"),
        "reverse_kl": tr("Reverse KL(Q‖P) = Σ q log(q/p)"),
        "js": tr("Jensen–Shannon: ½ KL(P‖M) + ½ KL(Q‖M)"),
        "squared_error": tr("Squared error Σ (q − p)²"),
    }
    text = "\n    ".join(lines) + (_per_unit(config) if DIVERGENCES[name].logarithmic else "")
    if not all(config.p.values):
        text = text.replace("p * (log_p - log_q)", "p[p > 0] * (log_p - log_q)[p > 0]")
        text = text.replace("p * (log_p - log_m)", "p[p > 0] * (log_p - log_m)[p > 0]")
    script.note(words[name])
    script.code(f"def {name}({argument}):\n    {text}")


def _together(script: ScriptWriter, names: list[str]) -> None:
    script.note(script.tr("A row of logits for each loss: all runs side by side, from the same start"))
    together = f"{', '.join(names)}{',' if len(names) == 1 else ''}"
    script.code(f"losses = {{loss.__name__: loss for loss in ({together})}}")


def _place(config: FitConfig) -> str:
    """The name of the logits that are measured: Nesterov's θ, the average of ASGD, or z itself."""
    return "position" if isinstance(config.optimizer, Nesterov | ASGD) else "z"


def _moving(script: ScriptWriter, config: FitConfig) -> MovingLines:
    """Write what stands before the first step, and return the lines of a step."""
    found = turns(config, config.steps, lambda settings: settings.optimizer)
    moving = moving_lines(config.optimizer, found, script.framework, "z", "gradient")
    script.note(script.tr("The optimizer: {name}", name=script.tr(config.optimizer.title)))
    for name, value in moving.settings.items():
        script.setting(name, value)
    start = list(moving.start)
    if _place(config) == "position" and not any(line.startswith("position = ") for line in start):
        start.append("position = z" + (".copy()" if script.framework == "numpy" else ".detach().clone()"))
    script.code("\n".join(start))
    return moving


def _keep(script: ScriptWriter, config: FitConfig, row: str, distance: str) -> None:
    """Measure all runs, and end them where a rule says so."""
    place = "place" if script.framework == "torch" else _place(config)
    script.code(
        f"""
        keep(step, {{"entropy": entropy}})
        for k, (name, loss) in enumerate(losses.items()):
            keep(step, {{f"{{name}}.loss": loss({row}), f"{{name}}.kl": kl({row})}})
            keep(step, {{f"{{name}}.cross_entropy": cross_entropy({row})}})
            keep(step, {{f"{{name}}.distance": {distance}}})
            keep(step, {{f"{{name}}.z{{i}}": {place}[k, i] for i in range(len(p))}})
    """,
        1,
    )
    if isinstance(config.stop, KLBelow):
        since = max((change.step for change in changes_of(config)), default=0)
        low = f'all(curves[f"{{name}}.kl"][step] < {literal(config.stop.limit)} for name in losses)'
        script.code(f"if step > {since} and {low}:\n    break", 1)
