"""The sentence over mini-batches: how near the minimum each size stays, and for how many examples."""

from typing import Any

import numpy as np

from engine.experiments.optimizers import batches as experiment
from engine.experiments.optimizers.batches_config import BatchesConfig, model_of, sizes
from engine.linear_models import Array
from engine.recording import Recording
from gui.look.language import tr
from gui.plots.ticks import value_text
from gui.screen.moment import Moment

At = Moment[BatchesConfig, Any]


def finding(at: At) -> str:
    """Who has stayed farthest from the minimum over the last half of the steps so far, and who nearest."""
    config, step, asked = at.config, at.step, sizes(at.config)
    names = [f"B = {size}" for size in asked]
    squares = at.once(_squares, at.recording, len(asked), model_of(config), at.last)
    if step == 0:
        away = _text(float(np.sqrt(squares[0][0])))
        if len(asked) == 1:
            return tr("{name} starts {away} from the minimum. Will its noise let it arrive?",
                      name=names[0], away=away)  # fmt: skip
        return tr("{n} runs start {away} from the minimum; only the batch differs. Which of them arrives?",
                  n=len(asked), away=away)  # fmt: skip
    half = (step + 1) // 2
    radii = [float(np.sqrt(one[half : step + 1].mean())) for one in squares]
    known = sorted((radius, i) for i, radius in enumerate(radii) if np.isfinite(radius))
    if not known:
        return tr(
            "By step {k} every run has left the range of numbers: the learning rate is too large.", k=step
        )
    (near, best), (far, worst) = known[0], known[-1]
    slots = {"a": half, "best": names[best], "near": _text(near)}
    if lost := [i for i, radius in enumerate(radii) if not np.isfinite(radius)]:
        return tr("{lost} left the range of numbers; {best} stays {near} from the minimum.",
                  lost=names[lost[0]], **slots)  # fmt: skip
    if len(known) == 1:
        return tr("Since step {a} {best} is {near} from the minimum (RMS).", **slots)
    seen = {name: experiment.seen(config, asked[i], step) for name, i in (("n", best), ("m", worst))}
    sentence = "Since step {a} {worst} is {far} from the minimum ({m} examples), {best} {near} ({n})."
    return tr(sentence, **slots, **seen, worst=names[worst], far=_text(far))


def _squares(recording: Recording, runs: int, model: Any, last: int) -> list[Array]:
    """The squared distance of each run from the minimum, at every step."""
    return [((experiment.path(recording, i, last) - model.minimum) ** 2).sum(axis=1) for i in range(runs)]


def _text(value: float) -> str:
    return value_text(value) if value else "0"
