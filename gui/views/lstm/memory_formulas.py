"""The formulas of the memory span with the numbers of one step."""

from collections.abc import Sequence
from math import log10

from engine.activations import Array
from engine.experiments.lstm.memory import MemoryConfig, Snapshot
from engine.gradient_check import GradientCheck, worst
from engine.memory_span import left_of_direct_way
from engine.recording import Recording
from engine.recurrent import CELLS
from gui.look.language import problem_text, tr
from gui.look.numbers import SUPERSCRIPTS, short_text
from gui.plots.ticks import power_text, value_text
from gui.screen.notes import Live
from gui.views.lstm.memory_curves import FLOOR

BACK_IN_H = (
    r"\frac{\partial L}{\partial h_{t-1}}"
    r"=U^{\top}\left(\varphi'\circ\frac{\partial L}{\partial h_t}\right)"
)
BACK_IN_C = r"\frac{\partial L}{\partial c_{t-1}}=f_t\circ\frac{\partial L}{\partial c_t}+\ldots"
KEPT = r"\prod_{s=t+1}^{T} f_s\;\approx\;\sigma(b)^{\,T-t}"
LOSS = r"L_T=-\ln p_T(\mathrm{class})"


def formulas(
    config: MemoryConfig, snapshot: Snapshot, recording: Recording, step: int, relative: bool,
    checks: Sequence[GradientCheck],
) -> list[Live]:  # fmt: skip
    """What is left of the gradient in each cell, what of the direct way, and what was learned.

    `checks` are those of the gradients, by cell.
    """
    badges = dict(zip(CELLS, checks, strict=False))
    return [
        *_ended(snapshot),
        _hidden(snapshot, relative, worst([badges["rnn"], badges["gru"]]) if badges else None),
        _cell(snapshot, relative, badges.get("lstm")),
        _kept(config, snapshot),
        _learned(config, recording, step),
        *_reached(snapshot),
    ]


def _ended(snapshot: Snapshot) -> list[Live]:
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


def _hidden(snapshot: Snapshot, relative: bool, check: GradientCheck | None) -> Live:
    lines = [tr("{n} steps back:", n=snapshot.delay)]
    for name, shot in snapshot.shots.items():
        lines.append(f"{CELLS[name].title}  {_norm(shot.reach.hidden, relative)}")
    return Live(tr("An early h, as in an RNN"), BACK_IN_H, "\n".join(lines), check)


def _cell(snapshot: Snapshot, relative: bool, check: GradientCheck | None) -> Live:
    norms = snapshot.shots["lstm"].reach.cell
    assert norms is not None
    text = tr("{n} steps back:", n=snapshot.delay) + f"  {_norm(norms, relative)}"
    return Live(tr("An early c, in the LSTM"), BACK_IN_C, text, check)


def _kept(config: MemoryConfig, snapshot: Snapshot) -> Live:
    kept = snapshot.shots["lstm"].reach.kept
    assert kept is not None
    share = float(left_of_direct_way(config.forget_bias, 1))
    n, b = snapshot.delay, short_text(config.forget_bias)
    left = float(left_of_direct_way(config.forget_bias, n))
    theory = f"= {value_text(left)}" if left else f"≈ {power_text(round(n * log10(share)))}"
    lines = [
        tr("measured over {n} steps: {share}", n=n, share=_small(float(kept[-1]))),
        f"σ({b}) = {value_text(share)},  σ({b}){str(n).translate(SUPERSCRIPTS)} {theory}",
    ]
    return Live(tr("The direct way along c"), KEPT, "\n".join(lines))


def _learned(config: MemoryConfig, recording: Recording, step: int) -> Live:
    lines = []
    for name, cell in CELLS.items():
        if f"{name}.loss" in recording.names:
            loss = float(recording.column(f"{name}.loss")[step])
            lines.append(f"{cell.title}  {value_text(loss)}")
    lines.append(tr("who guesses: {loss}", loss=f"ln {config.classes}"))
    return Live(tr("Mean loss of this batch"), LOSS, "\n".join(lines))


def _reached(snapshot: Snapshot) -> list[Live]:
    if len(snapshot.points) == 0:
        return []
    lines = []
    for point in snapshot.points:
        cells = zip(CELLS.values(), point.accuracies, strict=True)
        shares = ", ".join(f"{cell.title} {percent(share)}" for cell, share in cells)
        lines.append(tr("delay {n}:  {shares}", n=point.delay, shares=shares))
    return [Live(tr("Accuracy reached"), "", "\n".join(lines))]


def percent(share: float) -> str:
    """A share in whole percent; a dash where there is none."""
    return "–" if share != share else f"{100 * share:.0f} %"
