"""The texts of *Memory span*: the formulas with the numbers of one step, and the sentence over the plots."""

from collections.abc import Sequence
from math import log10, nan
from typing import Any

import numpy as np

from engine.activations import Array
from engine.experiments.lstm.memory import MemoryConfig, MemorySnapshot
from engine.gradient_check import GradientCheck, worst
from engine.recording import Recording
from engine.recurrent.memory_span import factor_of_forget_gates
from engine.recurrent.through_time import CELLS
from gui.look.language import problem_text, tr
from gui.look.numbers import SUPERSCRIPTS, short_text
from gui.plots.ticks import power_text, value_text
from gui.screen.view import Live, Moment
from gui.views.lstm.memory_curves import FLOOR
from gui.views.words import percent

At = Moment[MemoryConfig, Any]
LEARNED = 0.9  # with this fraction of right answers a cell counts as remembering
BACK_IN_H = (
    r"\frac{\partial L}{\partial h_{t-1}}"
    r"=U^{\top}\left(\varphi'\circ\frac{\partial L}{\partial h_t}\right)"
)
BACK_IN_C = r"\frac{\partial L}{\partial c_{t-1}}=f_t\circ\frac{\partial L}{\partial c_t}+\ldots"
KEPT = r"\prod_{s=t+1}^{T} f_s\;\approx\;\sigma(b)^{\,T-t}"
LOSS = r"L_T=-\ln p_T(\mathrm{class})"


def formulas(at: At, checks: Sequence[GradientCheck]) -> list[Live]:
    """What is left of the gradient in each cell, what the forget gates keep, and what was learned.

    `checks` are those of the gradients, by cell.
    """
    snapshot, relative, badges = at.snapshot, at.options.relative, dict(zip(CELLS, checks, strict=False))
    return [
        *_ended(snapshot),
        _hidden(snapshot, relative, worst([badges["rnn"], badges["gru"]]) if badges else None),
        _cell(snapshot, relative, badges.get("lstm")),
        _kept(at.config, snapshot),
        _learned(at),
        *_reached(snapshot),
    ]


def _ended(snapshot: MemorySnapshot) -> list[Live]:
    words = [problem_text(shot.end.problem) for shot in snapshot.shots.values() if shot.end is not None]
    return [Live(tr("How this run ended"), "", "\n".join(words))] if words else []


def _norm(values: Array, relative: bool) -> str:
    """The norm at the first state, and a word where it is as good as nothing."""
    return _small(float(values[-1] / values[0]) if relative and values[0] > 0 else float(values[-1]))


def _small(value: float) -> str:
    """A number, and a word where it is too small to be drawn, or to be a number at all."""
    text = value_text(value)
    if value == 0:
        text += " " + tr("(no number is smaller)")
    elif value < FLOOR:
        text += " " + tr("(too small to draw)")
    return text


def _hidden(snapshot: MemorySnapshot, relative: bool, check: GradientCheck | None) -> Live:
    lines = [tr("{n} steps back:", n=snapshot.delay)]
    for name, shot in snapshot.shots.items():
        lines.append(f"{CELLS[name].title}  {_norm(shot.reach.hidden, relative)}")
    return Live(tr("An early h, as in an RNN"), BACK_IN_H, "\n".join(lines), check)


def _cell(snapshot: MemorySnapshot, relative: bool, check: GradientCheck | None) -> Live:
    norms = snapshot.shots["lstm"].reach.cell
    assert norms is not None
    text = tr("{n} steps back:", n=snapshot.delay) + f"  {_norm(norms, relative)}"
    return Live(tr("An early c, in the LSTM"), BACK_IN_C, text, check)


def _kept(config: MemoryConfig, snapshot: MemorySnapshot) -> Live:
    kept = snapshot.shots["lstm"].reach.kept
    assert kept is not None
    share = float(factor_of_forget_gates(config.forget_bias, 1))
    n, b = snapshot.delay, short_text(config.forget_bias)
    left = float(factor_of_forget_gates(config.forget_bias, n))
    theory = f"= {value_text(left)}" if left else f"≈ {power_text(round(n * log10(share)))}"
    lines = [
        tr("measured over {n} steps: {share}", n=n, share=_small(float(kept[-1]))),
        f"σ({b}) = {value_text(share)},  σ({b}){str(n).translate(SUPERSCRIPTS)} {theory}",
    ]
    return Live(tr("The product of the forget gates"), KEPT, "\n".join(lines))


def _learned(at: At) -> Live:
    columns = {f"{name}.loss": cell.title for name, cell in CELLS.items()}
    lines = [
        f"{title}  {value_text(at.value(loss))}"
        for loss, title in columns.items()
        if loss in at.recording.names
    ]
    lines.append(tr("who guesses: {loss}", loss=f"ln {at.config.classes}"))
    return Live(tr("Mean loss of this batch"), LOSS, "\n".join(lines))


def _reached(snapshot: MemorySnapshot) -> list[Live]:
    lines = []
    for point in snapshot.points:
        cells = zip(CELLS.values(), point.accuracies, strict=True)
        shares = ", ".join(f"{cell.title} {percent(share)}" for cell, share in cells)
        lines.append(tr("delay {n}:  {shares}", n=point.delay, shares=shares))
    return [Live(tr("Accuracy reached"), "", "\n".join(lines))] if lines else []


def finding(at: At) -> str:
    """Say what is left of the gradient of each cell, and which cells answer rightly."""
    shot: MemorySnapshot = at.snapshot
    if len(at.config.delays) > 1 and len(shot.points) == len(at.config.delays):
        return _longest(shot)
    left = {name: _left(cell.reach.hidden) for name, cell in shot.shots.items()}
    right = {name: percent(_accuracy(at, name, shot), "") for name in shot.shots}
    return tr(
        "Relative gradient {n} steps back: LSTM {a}, GRU {b}, RNN {c}. "
        "Accuracy: {p} %, {q} %, {r} % (chance: {g} %).",
        n=shot.delay,
        a=left["lstm"],
        b=left["gru"],
        c=left["rnn"],
        p=right["lstm"],
        q=right["gru"],
        r=right["rnn"],
        g=percent(1 / at.config.classes, ""),
    )


def _longest(shot: MemorySnapshot) -> str:
    """The longest delay that each cell has learned, after the last of them."""
    found = {
        name: max((point.delay for point in shot.points if point.accuracies[k] >= LEARNED), default="–")
        for k, name in enumerate(CELLS)
    }
    return tr(
        "Longest delay with {share} % accuracy: LSTM {lstm}, GRU {gru}, RNN {rnn} steps.",
        share=percent(LEARNED, ""),
        **found,
    )


def learned_at(at: At) -> int | None:
    """The step at which the LSTM first answers rightly, at a single delay; None while it does not."""
    if len(at.config.delays) > 1 or "lstm.accuracy" not in at.recording.names:
        return None
    known = np.flatnonzero(at.recording.column("lstm.accuracy") >= LEARNED)
    return int(known[0]) if known.size else None


def _left(norms: Array) -> str:
    with np.errstate(all="ignore"):
        share = float(norms[-1] / norms[0])
    return value_text(share if np.isfinite(share) else nan)


def _accuracy(at: At, name: str, shot: MemorySnapshot) -> float:
    """Return the newest measurement at this delay; NaN without one, or if the cell has diverged."""
    if shot.shots[name].end is not None:
        return nan
    return float(at.once(_newest, at.recording, name, at.kept - shot.step, at.kept))


def _newest(recording: Recording, name: str, first: int, last: int) -> float:
    if f"{name}.accuracy" not in recording.names:
        return nan
    values = recording.column(f"{name}.accuracy")[first : last + 1]
    known = values[~np.isnan(values)]
    return float(known[-1]) if known.size else nan
