"""The formulas of mini-batches with the numbers of one step."""

import numpy as np

from engine.config import replaced
from engine.descent import Momentum
from engine.experiments.optimizers.batches import (
    Cloud,
    check,
    constant_rate,
    measured_ball,
    predicted_ball,
    rule_of_thumb,
    seconds_per_step,
    seen,
    short_batch,
)
from engine.experiments.optimizers.batches_config import BatchesConfig, model_of
from engine.linear_models import Array
from engine.recording import Recording
from gui.language import tr
from gui.notes import Check, Live
from gui.plots.ticks import value_text

INDEPENDENT = r"\mathrm{epochs}=\frac{t\,B}{n}"
BALL = r"\Sigma=E\left[(I-\eta H_B)\,\Sigma\,(I-\eta H_B)\right]+\eta^2\,\mathrm{Cov}[g_B]"
BALL_WITH_MOMENTUM = (  # of θ and v together
    r"\begin{aligned}S&=E\left[T_B\,S\,T_B^{\top}\right]"
    r"+\mathrm{Cov}\begin{pmatrix}-\eta g_B\\g_B\end{pmatrix}\\"
    r"T_B&=\begin{pmatrix}I-\eta H_B&-\eta\beta I\\H_B&\beta I\end{pmatrix}\end{aligned}"
)
SHUFFLED = (
    r"\mathrm{epochs}=\left\lfloor\frac{t}{k}\right\rfloor+\frac{(t\,\mathrm{mod}\,k)\,B}{n},"
    r"\quad k=\left\lceil\frac{n}{B}\right\rceil"
)


def gradient_block(config: BatchesConfig, theta: Array, cloud: Cloud) -> Live:
    """The mean over a batch, the true gradient, and its check."""
    found, (x, y) = check(config, theta), cloud.true.tolist()
    return Live(
        tr("Gradient of a batch"),
        r"g_B=\frac{1}{B}\sum_{i\in B} g_i",
        tr("true gradient g = ({x}, {y})", x=value_text(x), y=value_text(y)),
        Check(found.max_relative_error, found.passed),
    )


def variance_block(config: BatchesConfig, cloud: Cloud, size: int) -> Live:
    """How far the gradient of a mini-batch is off: predicted and measured."""
    n, predicted = model_of(config).count, float(np.trace(cloud.predicted))
    single = predicted * size * (n - 1) / (n - size) if size < n else None
    lines = [tr("predicted {value}", value=value_text(predicted))]
    if single is not None:
        factor = f"{n - size}/{n - 1}"
        lines[0] += f" = {value_text(single)} / {size} · {factor}"
    lines.append(tr("measured {value}, over 200 batches", value=value_text(cloud.measured)))
    if rest := short_batch(config, size):
        lines.append(tr("That is a whole batch; the last one of an epoch holds {rest} examples.", rest=rest))
    return Live(
        tr("How far it is off"),
        r"E\|g_B-g\|^2=\frac{\sigma^2}{B}\cdot\frac{n-B}{n-1}",
        "\n".join(lines),
    )


def ball_block(config: BatchesConfig, recording: Recording, run: int, size: int, step: int) -> Live:
    """The noise ball: predicted, by the rule of thumb, and measured."""
    lines = [_predicted(config, size)]
    heavy = isinstance(config.optimizer, Momentum)
    if constant_rate(config):
        value = value_text(rule_of_thumb(config, size))
        lines.append(
            tr("for small η: √(½η/(1−β) tr H⁻¹Cov) = {value}", value=value)
            if heavy
            else tr("for small η: √(½η tr H⁻¹Cov) = {value}", value=value)
        )
    measured = measured_ball(config, recording, run, step)
    lines.append(tr("measured {value}, over steps {first} to {last}", value=value_text(measured),
                    first=(step + 1) // 2, last=step))  # fmt: skip
    return Live(
        tr("The noise ball: radius √tr Σ"),
        BALL_WITH_MOMENTUM if heavy else BALL,
        "\n".join(lines),
    )


def _predicted(config: BatchesConfig, size: int) -> str:
    """The radius by theory and how far it holds, or why there is none."""
    if not constant_rate(config):
        return tr("Predicted for gradient descent and momentum with a constant learning rate only.")
    ball = predicted_ball(replaced(config, order="independent"), size)
    if ball is None and config.task == "classification":
        return tr("By the curvature at the minimum it has no finite size; further out the loss is flatter.")
    if ball is None:
        return tr("It has no finite size: E‖θ − θ*‖² grows without bound. Lower η or ask more examples.")
    value = value_text(float(np.sqrt(np.trace(ball))))
    if config.order != "independent":
        return tr(
            "for independent batches {value}; shuffled ones leave less, if η is small and none is short",
            value=value,
        )
    if config.task == "classification":
        return tr("predicted {value}, approximately: this loss is not quadratic", value=value)
    return tr("predicted {value}", value=value)


def cost_block(config: BatchesConfig, recording: Recording, run: int, size: int, step: int) -> Live:
    """What the steps so far have brought, and what they have cost."""
    model, second, asked = model_of(config), seconds_per_step(config, size), seen(config, size, step)
    loss = float(recording.column(f"{run}.loss")[step])
    if not np.isfinite(loss):
        return Live(tr("Loss and cost at step {step}", step=step), r"L\rightarrow\infty",
                    tr("This run has left the range of numbers. Lower the learning rate."))  # fmt: skip
    lines = [
        tr("L = {loss}, at the minimum {least}", loss=value_text(loss),
           least=value_text(float(model.loss(model.minimum)))),
        tr("{epochs} epochs, {seen} examples seen", epochs=value_text(asked / model.count), seen=asked),
        tr("{time} ms: a step takes {one} µs (median of 40, measured on this computer)",
           time=value_text(1e3 * step * second), one=value_text(1e6 * second)),
    ]  # fmt: skip
    formula = SHUFFLED if short_batch(config, size) else INDEPENDENT
    return Live(tr("Loss and cost at step {step}", step=step), formula, "\n".join(lines))
