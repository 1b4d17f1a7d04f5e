"""The sentence over the memory span: what is left of the gradients, and what was learned from them."""

from math import nan
from typing import Any

import numpy as np

from engine.activations import Array
from engine.experiments.lstm.memory import MemoryConfig, Snapshot
from engine.recording import Recording
from engine.recurrent import CELLS
from gui.look.language import tr
from gui.look.numbers import number_text
from gui.screen.moment import Moment

At = Moment[MemoryConfig, Any]
LEARNED = 0.9  # of the answers right: it remembers


def finding(at: At) -> str:
    """What is left of the LSTM's gradient and the RNN's, and who answers rightly."""
    shot: Snapshot = at.snapshot
    if len(at.config.delays) > 1 and len(shot.points) == len(at.config.delays):
        return _longest(shot)
    left = {name: _left(cell.reach.hidden) for name, cell in shot.shots.items()}
    right = {name: percent(_accuracy(at, name, shot)) for name in shot.shots}
    return tr(
        "{n} steps back the LSTM's gradient is {a} times the last one, the RNN's {b} times. "
        "Right: {p} % and {q} % (a guess: {g} %).",
        n=shot.delay, a=left["lstm"], b=left["rnn"], p=right["lstm"], q=right["rnn"],
        g=percent(1 / at.config.classes),
    )  # fmt: skip


def _longest(shot: Snapshot) -> str:
    """The longest delay that each cell has learned, after the last of them."""
    found = {
        name: max((point.delay for point in shot.points if point.accuracies[k] >= LEARNED), default="–")
        for k, name in enumerate(CELLS)
    }
    return tr("Longest delay with {share} % right: LSTM {lstm}, GRU {gru}, RNN {rnn} steps.",
              share=percent(LEARNED), **found)  # fmt: skip


def learned_at(at: At) -> int | None:
    """The step at which the LSTM first answers rightly, at a single delay; None while it does not."""
    if len(at.config.delays) > 1 or "lstm.accuracy" not in at.recording.names:
        return None
    known = np.flatnonzero(at.recording.column("lstm.accuracy") >= LEARNED)
    return int(known[0]) if known.size else None


def percent(share: float) -> str:
    """A share in whole percent, without the sign; a dash where there is none."""
    return "–" if share != share else f"{100 * share:.0f}"


def _left(norms: Array) -> str:
    with np.errstate(all="ignore"):
        share = float(norms[-1] / norms[0])
    return number_text(share if np.isfinite(share) else nan).strip()


def _accuracy(at: At, name: str, shot: Snapshot) -> float:
    """The newest measurement at this delay; NaN where there is none, or the cell has come to its end."""
    if shot.shots[name].end is not None:
        return nan
    return float(at.once(_newest, at.recording, name, at.kept - shot.step, at.kept))


def _newest(recording: Recording, name: str, first: int, last: int) -> float:
    if f"{name}.accuracy" not in recording.names:
        return nan
    values = recording.column(f"{name}.accuracy")[first : last + 1]
    known = values[~np.isnan(values)]
    return float(known[-1]) if known.size else nan
