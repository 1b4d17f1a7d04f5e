"""A training on sequences in words: the formulas with the numbers of the step, and how well the models do."""

from collections.abc import Callable
from math import exp, isnan, log

from engine.experiments.lstm.train_config import networks, titles
from engine.experiments.lstm.train_tasks import TaskData
from engine.gradient_check import GradientCheck
from gui.look.language import tr
from gui.plots.ticks import value_text
from gui.screen.notes import Live
from gui.views.lstm.train_history import SLOTS, lines_of
from gui.views.lstm.train_options import At
from gui.views.words import percent

MOST_NATS = 11.5  # a larger loss is not shown as a number of choices
LEARNED = {True: 0.8, False: 0.5}  # fraction of the loss without knowledge that counts as learnt: text, other
COMPARED = {
    "uniform": "a uniform guess: {value}",
    "frequencies": "knowing the frequencies only: {value}",
    "mean": "always the mean: {value}",
}
NEXT = r"L = -\frac{1}{N}\sum_{t} \ln p_t(x_{t+1})"
ANSWER = r"L = -\frac{1}{N}\sum \ln p(\mathrm{answer})"
SQUARED = r"L = \frac{1}{N}\sum (\hat y - y)^2"
CLIPPING = r"g \leftarrow g \cdot \min\left(1, \frac{c}{\Vert g\Vert}\right)"
SAMPLING = r"p_i = \frac{e^{z_i/T}}{\sum_j e^{z_j/T}}"


def formulas(at: At, check: GradientCheck | None = None) -> list[Live]:
    """Loss, gradient, parameters and, for texts, how characters are drawn."""
    config, data = at.config, at.data
    blocks = [_loss(at), _gradient(at, check)]
    if data.text is not None:
        given = tr(
            "T = {t}: the text is drawn anew at every step, with the same chance",
            t=f"{at.options.temperature:.2f}",
        )
        blocks.append(Live(tr("Writing"), SAMPLING, given))
    models = zip(titles(config), networks(config, data), strict=True)
    counts = "\n".join(f"{name}: {network.count:,}" for name, network in models)
    return [*blocks, Live(tr("Parameters"), "", counts)]


def _loss(at: At) -> Live:
    known, data, step, lines = lines_of(at), at.data, at.step, []
    for slot, name in zip(SLOTS, titles(at.config), strict=False):
        loss, _ = known.newest(f"{slot}.loss", step)
        held, when = known.newest(f"{slot}.held_out", step)
        lines.append(tr("{model}, this batch: {loss}", model=name, loss=loss))
        lines.append(tr("held-out {loss}, measured at step {step}", loss=held, step=when))
        if data.text is not None and held < 700:
            lines.append(
                tr("= {bits} bits a character, perplexity {count}", bits=held / log(2), count=exp(held))
            )
        if data.recalls:
            share, _ = known.newest(f"{slot}.right", step)
            lines.append(tr("accuracy: {share} %", share=100 * share))
    lines += [tr(COMPARED[line.key], value=line.value) for line in data.lines]
    latex = NEXT if data.text is not None else ANSWER if data.recalls else SQUARED
    return Live(tr("Loss"), latex, "\n".join(lines))


def _gradient(at: At, check: GradientCheck | None) -> Live:
    lines, known = [], at.recording.names if at.step > 0 else ()
    for slot, name in zip(SLOTS, titles(at.config), strict=False):
        if f"{slot}.norm" in known:
            before, after = at.value(f"{slot}.norm"), at.value(f"{slot}.clipped")
            words = "{model}: ‖g‖ = {before}, clipped to {after}"
            words = words if after < before else "{model}: ‖g‖ = {before}, not clipped"
            lines.append(tr(words, model=name, before=before, after=after))
    return Live(tr("Gradient"), CLIPPING if at.settings.clip else "", "\n".join(lines), check)


def finding(at: At) -> str:
    """What the newest measurement on held-out sequences says of each model, and of who has learnt nothing."""
    data: TaskData = at.data
    known = {line.key: line.value for line in data.lines}
    if data.text is not None:
        return tr(
            "Perplexity (choices for the next character) after {step} steps: {models} "
            "(by frequencies {frequencies}, uniform {uniform}).",
            step=at.step,
            models=_of_each(at, "held_out", _choices),
            frequencies=_choices(known["frequencies"]),
            uniform=_choices(known["uniform"]),
        )
    if "uniform" in known:
        return tr(
            "Accuracy after {step} steps: {models} (chance: {guess}).",
            step=at.step,
            models=_of_each(at, "right", percent),
            guess=percent(exp(-known["uniform"])),
        )
    return tr(
        "Held-out squared error after {step} steps: {models} (always the mean: {mean}).",
        step=at.step,
        models=_of_each(at, "held_out", value_text),
        mean=known["mean"],
    )


def learned_at(at: At) -> int | None:
    """The step at which a model has clearly learnt more than nothing; None before it."""
    data: TaskData = at.data
    low = LEARNED[data.text is not None] * min(line.value for line in data.lines)
    steps, losses = lines_of(at).points("first.held_out")
    return next((int(step) for step, loss in zip(steps, losses, strict=True) if loss <= low), None)


def _of_each(at: At, what: str, told: Callable[[float], str]) -> str:
    """Every model with its newest number."""
    numbers = [lines_of(at).newest(f"{slot}.{what}", at.step)[0] for slot in SLOTS[: len(titles(at.config))]]
    parts = [f"{name} {told(number)}" for name, number in zip(titles(at.config), numbers, strict=True)]
    return parts[0] if len(parts) == 1 else tr("{a}, {b}", a=parts[0], b=parts[1])


def _choices(nats: float) -> str:
    """A loss as a number of equally likely choices: its perplexity."""
    return f"{exp(nats):.1f}" if nats < MOST_NATS else ("–" if isnan(nats) else "∞")
