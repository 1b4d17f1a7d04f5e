"""The sentence over moving averages: which of them is nearest to what is under the noise, or calmest."""

from typing import Any, NamedTuple

import numpy as np

from engine.averages import Array, window
from engine.experiments.optimizers.averages import AveragesConfig
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.ticks import value_text
from gui.screen.moment import Moment

At = Moment[AveragesConfig, Any]


class Spread(NamedTuple):
    """Root mean squares over the steps 1 … t, for t = 0 …: of the series first, then of each average."""

    known: bool  # whether it is the distance from the series without noise; else the change a step
    sizes: list[Array]


def finding(at: At) -> str:
    """Which average is nearest to the signal so far; where that is not known, which is calmest."""
    config, step = at.config, at.step
    if step == 0 or at.last < step:
        return tr(
            "Each average keeps β of itself and takes the rest from the new value: how far does it lag?"
        )
    if config.convention == "sum" and not config.corrected:
        return _sum(at)
    spread = at.once(_spread, at.recording, len(config.betas), at.last)
    own, *others = (float(sizes[step]) for sizes in spread.sizes)
    best = min(range(len(others)), key=lambda k: others[k])
    slots = {"t": step, "beta": _beta(config, best), "off": _text(others[best]), "own": _text(own)}
    if not spread.known:
        return tr("Over {t} steps β = {beta} is calmest: it moves {off} a step, the series {own} (RMS).",
                  **slots)  # fmt: skip
    if own <= others[best]:
        return tr("Over {t} steps the series is nearest to the signal: {own} off; β = {beta} is {off} off.",
                  **slots)  # fmt: skip
    return tr("Over {t} steps β = {beta} is nearest to the signal: {off} off (RMS); the series is {own} off.",
              **slots)  # fmt: skip


def _sum(at: At) -> str:
    """How high a sum stands above the average of the same values."""
    config = at.config
    i = min(at.options.explained, len(config.betas) - 1)
    value = float(at.recording.column(f"average.{i}")[at.step])
    return tr("At step {t} the sum for β = {beta} is {value}, {times} times the average of the same values.",
              t=at.step, beta=_beta(config, i), value=_text(value),
              times=short_text(window(config.betas[i]), 4))  # fmt: skip


def _spread(recording: Recording, averages: int, last: int) -> Spread:
    """How far the series and its averages are from the signal, or by how much they move at each step."""
    names = ["series", *(f"average.{i}" for i in range(averages))]
    values = [recording.column(name)[1:] for name in names]
    signal = recording.column("signal")[1:]
    known = bool(np.isfinite(signal).all())
    steps = np.arange(1, last + 1)
    off = [one - signal if known else np.diff(one, prepend=one[:1]) for one in values]
    return Spread(known, [np.append(0.0, np.sqrt(np.cumsum(one**2) / steps)) for one in off])


def _beta(config: AveragesConfig, i: int) -> str:
    return short_text(config.betas[i])


def _text(value: float) -> str:
    return value_text(value) if value else "0"
