"""Mini-batches in words: the formulas with the numbers of one step, and who stays near the minimum."""

from typing import Any

import numpy as np

from engine.changes import config_at
from engine.config import replaced
from engine.experiments.optimizers import batches as experiment
from engine.experiments.optimizers import batches_ball
from engine.experiments.optimizers.batches_config import BatchesConfig, BatchesData, count_of, sizes
from engine.linear.linear_models import Array
from engine.optimizers.descent import Momentum
from engine.recording import Recording
from gui.look.language import tr
from gui.plots.ticks import value_text
from gui.screen.view import Live, Moment
from gui.views.words import told

At = Moment[BatchesConfig, Any]
VARIANCE = r"E\|g_B-g\|^2=\frac{\sigma^2}{B}\cdot\frac{n-B}{n-1}"
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


SUMMED = r"\mathrm{epochs}=\frac{1}{n}\sum_{i=1}^{t}B_i"  # where the size has changed


def gradient_block(look: experiment.BatchLook) -> Live:
    """The mean over a batch, the true gradient, and its check."""
    x, y = look.cloud.true.tolist()
    numbers = tr("true gradient g = ({x}, {y})", x=x, y=y)
    return Live(tr("Gradient of a batch"), r"g_B=\frac{1}{B}\sum_{i\in B} g_i", numbers, look.check)


def variance_block(config: BatchesConfig, cloud: experiment.Cloud, size: int) -> Live:
    """How far the gradient of a mini-batch is off: predicted and measured."""
    n, predicted = count_of(config), float(np.trace(cloud.predicted))
    lines = [tr("predicted {value}", value=predicted)]
    if size < n:
        single = predicted * size * (n - 1) / (n - size)
        lines[0] += f" = {value_text(single)} / {size} · {n - size}/{n - 1}"
    lines.append(tr("measured {value}, over 200 batches", value=cloud.measured))
    if rest := experiment.short_batch(config, size):
        lines.append(tr("That is a whole batch; the last one of an epoch holds {rest} examples.", rest=rest))
    return Live(tr("How far it is off"), VARIANCE, "\n".join(lines))


def ball_block(config: BatchesConfig, recording: Recording, run: int, size: int, step: int) -> Live:
    """The noise ball: predicted, by the rule of thumb, and measured."""
    data: BatchesData = recording.data
    rate, config = batches_ball.rate_at(config, step), config_at(config, step)
    heavy = isinstance(config.optimizer, Momentum)
    lines = [_predicted(config, data, size, rate)]
    if batches_ball.linear(config):
        if not batches_ball.constant_rate(config):
            now = tr("if η stayed at {rate}, that of this step:", rate=rate)
            lines.insert(0, now)
        rule = (
            "for small η: √(½η/(1−β) tr H⁻¹Cov) = {value}"
            if heavy
            else "for small η: √(½η tr H⁻¹Cov) = {value}"
        )
        lines.append(tr(rule, value=batches_ball.rule_of_thumb(config, data, size, rate)))
    measured = batches_ball.measured_ball(recording, run, step)
    half = (step + 1) // 2
    lines.append(tr("measured {value}, over steps {first} to {last}", value=measured, first=half, last=step))
    latex = config.optimizer.with_schedule(BALL_WITH_MOMENTUM if heavy else BALL)
    return Live(tr("The noise ball: radius √tr Σ"), latex, "\n".join(lines))


def _predicted(config: BatchesConfig, data: BatchesData, size: int, rate: float) -> str:
    """The radius by theory and how far it holds, or why there is none."""
    if not batches_ball.linear(config):
        return tr("Predicted for gradient descent and momentum only.")
    if rate == 0:
        return tr("θ stays where it is.")
    ball = batches_ball.predicted_ball(replaced(config, order="independent"), data, size, rate)
    if ball is None and config.task == "classification":
        return tr("By the curvature at the minimum it has no finite size; further out the loss is flatter.")
    if ball is None:
        return tr("It has no finite size: E‖θ − θ*‖² grows without bound. Lower η or ask more examples.")
    words = "predicted {value}"
    if config.order != "independent":
        words = "for independent batches {value}; shuffled ones leave less, if η is small and none is short"
    elif config.task == "classification":
        words = "predicted {value}, approximately: this loss is not quadratic"
    return tr(words, value=float(np.sqrt(np.trace(ball))))


def cost_block(config: BatchesConfig, recording: Recording, run: int, size: int, step: int) -> Live:
    """What the steps so far have brought, and what they have cost."""
    title, loss = tr("Loss and cost at step {step}", step=step), float(recording.column(f"{run}.loss")[step])
    if not np.isfinite(loss):
        lost = tr("This run has diverged. Lower the learning rate.")
        return Live(title, r"L\rightarrow\infty", lost)
    model, second = recording.data.model, recording.data.time_of(size)
    asked = experiment.seen(config, run, step)
    spent = 1e3 * float(experiment.seconds(config, recording.data, run, step))
    lines = [
        tr("L = {loss}, at the minimum {least}", loss=loss, least=float(model.loss(model.minimum))),
        tr("{epochs} epochs, {seen} examples seen", epochs=asked / model.count, seen=asked),
        tr(
            "{time} ms: a step takes {one} µs (median of 40, measured on this computer)",
            time=spent,
            one=1e6 * second,
        ),
    ]
    latex = SHUFFLED if experiment.short_batch(config, size) else INDEPENDENT
    changed = sizes(config, step)[run] != sizes(config)[run]
    return Live(title, SUMMED if changed else latex, "\n".join(lines))


def finding(at: At) -> str:
    """Who has stayed farthest from the minimum over the last half of the steps so far, and who nearest."""
    config, step, asked = at.config, at.step, sizes(at.config, at.step)
    names = [f"B = {size}" for size in asked]
    squares = at.once(_squares, at.recording, len(asked), at.last)
    if step == 0:
        one = "{name} starts {away} from the minimum. Will its noise let it arrive?"
        some = "{n} runs start {away} from the minimum; only the batch differs. Which of them arrives?"
        away = told(float(np.sqrt(squares[0][0])))
        return tr(one if len(asked) == 1 else some, name=names[0], n=len(asked), away=away)
    half = (step + 1) // 2
    radii = [float(np.sqrt(one[half : step + 1].mean())) for one in squares]
    known = sorted((radius, i) for i, radius in enumerate(radii) if np.isfinite(radius))
    if not known:
        lost = "By step {k} every run has diverged: the learning rate is too large."
        return tr(lost, k=step)
    (near, best), (far, worst) = known[0], known[-1]
    slots = {"a": half, "best": names[best], "near": told(near)}
    if gone := [i for i, radius in enumerate(radii) if not np.isfinite(radius)]:
        return tr(
            "{lost} diverged; {best} stays {near} from the minimum.",
            lost=names[gone[0]],
            **slots,
        )
    if len(known) == 1:
        return tr("Since step {a}, {best} has been {near} (RMS) from the minimum.", **slots)
    seen = {name: int(experiment.seen(config, i, step)) for name, i in (("n", best), ("m", worst))}
    sentence = (
        "Since step {a}, {worst} has been {far} (RMS) from the minimum, {best} has been {near}; "
        "examples used: {m} and {n}."
    )
    return tr(sentence, **slots, **seen, worst=names[worst], far=told(far))


def _squares(recording: Recording, runs: int, last: int) -> list[Array]:
    """The squared distance of each run from the minimum, at every step."""
    minimum = recording.data.model.minimum
    return [((experiment.path(recording, i, last) - minimum) ** 2).sum(axis=1) for i in range(runs)]
