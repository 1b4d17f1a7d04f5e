"""The sentence over a training on sequences: how well the models do on what they have not seen."""

from collections.abc import Callable
from math import exp, isnan

from engine.experiments.lstm.train_config import titles
from engine.experiments.lstm.train_tasks import Data
from gui.look.language import tr
from gui.look.numbers import number_text
from gui.views.lstm.train_history import SLOTS, lines_of
from gui.views.lstm.train_options import At

MOST_NATS = 11.5  # of a loss that is told as a number of choices
LEARNED = {True: 0.8, False: 0.5}  # of the loss of who has learnt nothing: of a text, of another task


def finding(at: At) -> str:
    """What the newest measurement on held-out sequences says of each model, and of who has learnt nothing."""
    data: Data = at.snapshot.data
    known = {line.key: line.value for line in data.lines}
    if data.text is not None:
        return tr(
            "After {step} steps, choices left for the next character: {models} "
            "(by letter frequencies {frequencies}, blindly {uniform}).",
            step=at.step, models=_of_each(at, "held_out", _choices),
            frequencies=_choices(known["frequencies"]), uniform=_choices(known["uniform"]),
        )  # fmt: skip
    if "uniform" in known:
        return tr("Right answers after {step} steps: {models} (a blind guess: {guess}).",
                  step=at.step, models=_of_each(at, "right", _percent),
                  guess=_percent(exp(-known["uniform"])))  # fmt: skip
    return tr("Held-out squared error after {step} steps: {models} (always the mean: {mean}).",
              step=at.step, models=_of_each(at, "held_out", _text), mean=_text(known["mean"]))  # fmt: skip


def learned_at(at: At) -> int | None:
    """The step at which a model has clearly learnt more than nothing; None before it."""
    data: Data = at.snapshot.data
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


def _percent(share: float) -> str:
    return "–" if isnan(share) else f"{100 * share:.0f} %"


def _text(value: float) -> str:
    return number_text(value).strip()
