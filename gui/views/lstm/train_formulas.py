"""The formulas of a training on sequences, with the numbers of the step on show."""

from math import exp, log

from engine.experiments.lstm.train_config import TrainConfig, networks, titles
from engine.experiments.lstm.train_tasks import Data
from engine.gradient_check import GradientCheck
from engine.recording import Recording
from gui.look.language import tr
from gui.plots.ticks import value_text
from gui.screen.notes import Live
from gui.views.lstm.train_history import SLOTS, lines_of
from gui.views.lstm.train_options import At
from gui.views.step_curves import Lines

NEXT = r"L = -\frac{1}{N}\sum_{t} \ln p_t(x_{t+1})"
ANSWER = r"L = -\frac{1}{N}\sum \ln p(\mathrm{answer})"
SQUARED = r"L = \frac{1}{N}\sum (\hat y - y)^2"
CLIPPING = r"g \leftarrow g \cdot \min\left(1, \frac{c}{\Vert g\Vert}\right)"
SAMPLING = r"p_i = \frac{e^{z_i/T}}{\sum_j e^{z_j/T}}"


def formulas(at: At, check: GradientCheck | None = None) -> list[Live]:
    """Loss, gradient, parameters and, for texts, how characters are drawn."""
    config, data = at.config, at.snapshot.data
    blocks = [_loss(config, data, lines_of(at), at.step), _gradient(config, at.recording, at.step, check)]
    if data.text is not None:
        given = tr(
            "T = {t}: the text is drawn anew at every step, with the same chance",
            t=f"{at.options.temperature:.2f}",
        )
        blocks.append(Live(tr("Writing"), SAMPLING, given))
    counts = [
        f"{name}: {network.count:,}"
        for name, network in zip(titles(config), networks(config, data), strict=True)
    ]
    blocks.append(Live(tr("Parameters"), "", "\n".join(counts)))
    return blocks


def _loss(config: TrainConfig, data: Data, known: Lines, step: int) -> Live:
    lines = []
    for slot, name in zip(SLOTS, titles(config), strict=False):
        loss, _ = known.newest(f"{slot}.loss", step)
        held, at = known.newest(f"{slot}.held_out", step)
        lines.append(tr("{model}, this batch: {loss}", model=name, loss=value_text(loss)))
        lines.append(tr("held-out {loss}, measured at step {step}", loss=value_text(held), step=at))
        if data.text is not None and held < 700:
            lines.append(tr("= {bits} bits a character, perplexity {count}",
                            bits=value_text(held / log(2)), count=value_text(exp(held))))  # fmt: skip
        if data.recalls:
            share, _ = known.newest(f"{slot}.right", step)
            lines.append(tr("right: {share} %", share=value_text(100 * share)))
    lines += [_compared(line.key, line.value) for line in data.lines]
    latex = NEXT if data.text is not None else ANSWER if data.recalls else SQUARED
    return Live(tr("Loss"), latex, "\n".join(lines))


def _compared(key: str, value: float) -> str:
    number = value_text(value)
    return {
        "uniform": tr("a uniform guess: {value}", value=number),
        "frequencies": tr("knowing the frequencies only: {value}", value=number),
        "mean": tr("always the mean: {value}", value=number),
    }[key]


def _gradient(config: TrainConfig, recording: Recording, step: int, check: GradientCheck | None) -> Live:
    lines = []
    for slot, name in zip(SLOTS, titles(config), strict=False):
        if step < 1 or f"{slot}.norm" not in recording.names:
            continue
        before, after = (float(recording.column(f"{slot}.{part}")[step]) for part in ("norm", "clipped"))
        if after < before:
            lines.append(tr("{model}: ‖g‖ = {before}, clipped to {after}", model=name,
                            before=value_text(before), after=value_text(after)))  # fmt: skip
        else:
            lines.append(tr("{model}: ‖g‖ = {before}, not clipped", model=name, before=value_text(before)))
    return Live(tr("Gradient"), CLIPPING if config.clip else "", "\n".join(lines), check)
