"""The curves of the memory span, made from its snapshots and columns."""

from dataclasses import replace

import numpy as np

from engine.activations import Array
from engine.experiments.lstm.memory import MemoryConfig, MemorySnapshot
from engine.recording import Recording
from engine.recurrent.memory_span import factor_of_forget_gates
from engine.recurrent.through_time import CELLS
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import DOTTED, LONG, Stroke, Theme
from gui.plots.curves import Curve, Span

FLOOR = 1e-30  # smaller values are not drawn: they would leave no room for the rest
BIASES = (0, 1, 2)  # biases whose σ(b)ⁿ is drawn for comparison
THIN = 1.3


def _back(key: str, name: str, norms: Array, stroke: Stroke, relative: bool, width: float = 2.0) -> Curve:
    """Norms against the steps back: over the newest of them if so wished, a gap where they are too small."""
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = norms / norms[0] if relative and norms[0] > 0 else norms
        shown = np.where((scaled < FLOOR) & (scaled > 0), np.nan, scaled)
    return Curve(key, name, np.arange(float(len(norms))), shown, stroke, width=width)


def felt(snapshot: MemorySnapshot, theme: Theme, relative: bool) -> list[Curve]:
    """‖∂L/∂h‖ of every cell against the steps back."""
    return [
        _back(name, CELLS[name].title, shot.reach.hidden, theme.stroke(name), relative)
        for name, shot in snapshot.shots.items()
    ]


def inside(snapshot: MemorySnapshot, theme: Theme, relative: bool) -> list[Curve]:
    """The LSTM's ‖∂L/∂c‖, and the products of the gates that keep, each in the colour of its cell."""
    lstm, gru, stroke = snapshot.shots["lstm"].reach, snapshot.shots["gru"].reach, theme.stroke
    assert gru.kept is not None
    assert lstm.kept is not None
    assert lstm.cell is not None
    return [
        _back("update_gate", tr("∏ z, GRU"), gru.kept, stroke("gru"), False),
        _back("forget_gate", tr("∏ f, LSTM"), lstm.kept, stroke("lstm"), False),
        _back("cell_state", "‖∂L/∂c‖", lstm.cell, Stroke(theme.text, LONG), relative),
    ]


def at_the_start(curves: list[Curve]) -> list[Curve]:
    """Curves of the nets before they were trained: thin and faint."""
    return [
        replace(curve, name="", ghost=True, width=THIN, column=tr("{name} at the start", name=curve.name))
        for curve in curves
    ]


def direct_ways(config: MemoryConfig, delay: int, theme: Theme) -> list[Curve]:
    """σ(b)ⁿ for the bias of the config and for some others."""
    distance, own = np.arange(delay + 1.0), config.forget_bias
    lines = [
        _back(
            f"bias {bias}",
            f"σ({bias})ⁿ",
            factor_of_forget_gates(bias, distance),
            theme.stroke("numeric"),
            False,
            width=1.2,
        )
        for bias in BIASES
        if bias != own
    ]
    stroke = Stroke(theme.stroke("lstm").colour, DOTTED)
    way = _back("bias", "", factor_of_forget_gates(own, distance), stroke, False, width=1.6)
    return [*lines, replace(way, column=f"σ({short_text(own, 4)})ⁿ")]


def history(recording: Recording, quantity: str, theme: Theme) -> list[Curve]:
    """Loss or accuracy of every cell at every step."""
    curves, steps = [], np.arange(recording.last + 1.0)
    for name, cell in CELLS.items():
        if f"{name}.{quantity}" in recording.names:
            values = recording.column(f"{name}.{quantity}")[: len(steps)]  # it may have grown meanwhile
            now_and_then = quantity == "accuracy"
            curves.append(Curve(name, cell.title, steps, values, theme.stroke(name), sparse=now_and_then))
    return curves


def reached(snapshot: MemorySnapshot, theme: Theme) -> list[Curve]:
    """The accuracy each cell reached, against the delay: one point for each delay that is done."""
    delays = np.array([float(point.delay) for point in snapshot.points])
    return [
        Curve(
            name,
            cell.title,
            delays,
            np.array([point.accuracies[k] for point in snapshot.points]),
            theme.stroke(name),
            sparse=True,
        )
        for k, (name, cell) in enumerate(CELLS.items())
    ]


def stages(config: MemoryConfig) -> list[Span]:
    """Every second delay shaded, each named."""
    if len(config.delays) == 1:
        return []
    length, bare = config.stage_length, Stroke("#00000000")
    return [
        Span(k * length, (k + 1) * length, f"{delay}", None if k % 2 else bare)
        for k, delay in enumerate(config.delays)
    ]
