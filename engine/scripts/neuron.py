"""The script of *Losses ▸ Sigmoid*: one neuron, trained by squared error and by cross-entropy."""

from typing import Any

from engine.activations import sigmoid
from engine.experiments.losses.neuron import NeuronConfig
from engine.scripts.rates import rate_text, torch_start, torch_step, write_factor
from engine.scripts.writer import ScriptWriter


def write(script: ScriptWriter, config: NeuronConfig, data: Any) -> None:
    """Write the run of both neurons."""
    tr = script.tr
    script.note(tr("The start of both neurons, and what they should answer"))
    script.setting("weight_start", config.weight)
    script.setting("bias_start", config.bias)
    script.setting("x", config.input, tr("Input"))
    script.setting("y", config.target, tr("Target"))
    script.setting("steps", config.steps)
    write_factor(script, config.descent("cross_entropy"))
    (_numpy if script.framework == "numpy" else _torch)(script, config)
    script.plot(f"""
        for name in ("squared_error", "cross_entropy"):
            plt.plot(list(curves[name + ".p"].values()), label=name)
        plt.xlabel({tr("step")!r})
        plt.ylabel("p")
        plt.legend()
        plt.show()
    """)


def _numpy(script: ScriptWriter, config: NeuronConfig) -> None:
    """Both neurons with the derivative by hand; q is 1 − p."""
    tr = script.tr
    script.function(sigmoid, tr("The sigmoid σ(z) = 1/(1 + e⁻ᶻ), which never overflows in this form"))
    script.note(tr("Squared error: ½(p − y)², with the slope (p − y)·σ′(z)"))
    _loop(
        script,
        "squared_error",
        config,
        "0.5 * ((1 - y) * p - y * q) ** 2",
        "((1 - y) * p - y * q) * p * q",
    )
    script.note(tr("Cross-entropy: −y·log p − (1 − y)·log(1 − p), with the slope p − y"))
    _loop(
        script,
        "cross_entropy",
        config,
        "np.maximum(z, 0.0) - z * y + np.log1p(np.exp(-np.abs(z)))",
        "(1 - y) * p - y * q",
    )


def _loop(script: ScriptWriter, name: str, config: NeuronConfig, loss: str, slope: str) -> None:
    """Gradient descent on one loss; `loss` and `slope` are the expressions of L and ∂L/∂z."""
    script.setting("learning_rate", config.rate(name))
    rule = config.descent(name)
    rate = "learning_rate" if rule.schedule.constant else "rate"
    script.code(f"""
        w, b = weight_start, bias_start
        for step in range(steps + 1):
            z = w * x + b
            p, q = sigmoid(z), sigmoid(-z)  # {script.tr("q = 1 − p, exact even where p rounds to 1")}
            by_z = {slope}
            loss = {loss}
            keep(step, {{"{name}.loss": loss, "{name}.p": p}})
            keep(step, {{"{name}.weight": w, "{name}.bias": b}})
    """)
    if not rule.schedule.constant:
        script.code(f"rate = {rate_text(rule)}", 1)
    script.code(f"w, b = w - {rate} * x * by_z, b - {rate} * by_z", 1)


def _torch(script: ScriptWriter, config: NeuronConfig) -> None:
    """Both neurons with the derivative by automatic differentiation."""
    tr = script.tr
    losses = {
        "squared_error": "0.5 * (torch.sigmoid(z) - y) ** 2",
        "cross_entropy": "torch.nn.functional.binary_cross_entropy_with_logits(z, y)",
    }
    words = {
        "squared_error": tr("Squared error: ½(p − y)², with the slope (p − y)·σ′(z)"),
        "cross_entropy": tr("Cross-entropy: −y·log p − (1 − y)·log(1 − p), with the slope p − y"),
    }
    script.code("y = torch.tensor(y, dtype=torch.float64)")
    for name, loss in losses.items():
        rule = config.descent(name)
        script.note(words[name])
        script.code(f"""
            w = torch.tensor(weight_start, dtype=torch.float64, requires_grad=True)
            b = torch.tensor(bias_start, dtype=torch.float64, requires_grad=True)
            optimizer = torch.optim.SGD([w, b], lr={config.rate(name)!r})
        """)
        torch_start(script, rule)
        script.code(f"""
            for step in range(steps + 1):
                z = w * x + b
                loss = {loss}
                p = torch.sigmoid(z)
                keep(step, {{"{name}.loss": loss, "{name}.p": p}})
                keep(step, {{"{name}.weight": w, "{name}.bias": b}})
                optimizer.zero_grad()
                loss.backward()
        """)
        torch_step(script, rule)
