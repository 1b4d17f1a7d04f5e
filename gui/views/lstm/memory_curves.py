"""The curves of the memory span, made from its snapshots and columns."""

from collections.abc import Sequence

import numpy as np

from engine.activations import Array
from engine.experiments.lstm.memory import MemoryConfig, Snapshot
from engine.memory_span import left_of_direct_way
from engine.recording import Recording
from engine.recurrent import CELLS
from gui.language import tr
from gui.moment import Ghost
from gui.plots.curves import Curve, Span
from gui.strokes import ghost_stroke
from gui.theme import DOTTED, Stroke, Theme

FLOOR = 1e-30  # what is smaller is as good as 0, and would leave no room for the rest
BIASES = (0, 1, 2)  # whose σ(b)ⁿ is drawn for comparison
THIN = 1.3


def shown(values: Array, relative: bool) -> Array:
    """Norms as they are drawn: over the newest of them if so wished, a gap where they are too small."""
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = values / values[0] if relative and values[0] > 0 else values
        return np.where((scaled < FLOOR) & (scaled > 0), np.nan, scaled)


def felt(
    snapshot: Snapshot, theme: Theme, relative: bool, label: str | None = None, kind: int = 0
) -> list[Curve]:
    """‖∂L/∂h‖ of every cell against the steps back; `label` is that of a pinned run, "" of the start."""
    curves, distance = [], np.arange(snapshot.delay + 1.0)
    for k, (name, shot) in enumerate(snapshot.shots.items()):
        stroke, title = theme.stroke(name), CELLS[name].title
        if label:
            stroke = ghost_stroke(stroke, kind)
        if label is not None:
            title = label if k == 0 else ""
        values = shown(shot.reach.hidden, relative)
        curves.append(
            Curve(name, title, distance, values, stroke, ghost=label is not None,
                  width=THIN if label == "" else 2.0)
        )  # fmt: skip
    return curves


def inside(snapshot: Snapshot, theme: Theme, relative: bool, start: bool = False) -> list[Curve]:
    """The LSTM's ‖∂L/∂c‖, and the products of the gates that keep."""
    curves, distance = [], np.arange(snapshot.delay + 1.0)
    lstm, gru = snapshot.shots["lstm"].reach, snapshot.shots["gru"].reach
    for key, title, values in (
        ("update_gate", tr("∏ u, GRU"), gru.kept),
        ("forget_gate", tr("∏ f, LSTM"), lstm.kept),
        ("cell_state", "‖∂L/∂c‖", lstm.cell),
    ):
        if values is not None:
            of_gradient = key == "cell_state" and relative
            curves.append(
                Curve(key, "" if start else title, distance, shown(values, of_gradient), theme.stroke(key),
                      ghost=start, width=THIN if start else 2.0)
            )  # fmt: skip
    return curves


def direct_ways(config: MemoryConfig, delay: int, theme: Theme) -> list[Curve]:
    """σ(b)ⁿ for the bias of the config and for some others."""
    distance = np.arange(delay + 1.0)
    grey, lines = theme.stroke("numeric"), []
    for bias in BIASES:
        if bias != config.forget_bias:
            left = shown(left_of_direct_way(bias, distance), False)
            lines.append(Curve(f"bias {bias}", f"σ({bias})ⁿ", distance, left, grey, width=1.2))
    own = shown(left_of_direct_way(config.forget_bias, distance), False)
    stroke = Stroke(theme.stroke("forget_gate").colour, DOTTED)
    return [*lines, Curve("bias", "", distance, own, stroke, width=1.6)]


def history(recording: Recording, quantity: str, theme: Theme, ghosts: Sequence[Ghost]) -> list[Curve]:
    """Loss or accuracy of every cell at every step; pinned runs behind."""
    curves = []
    for kind, ghost in enumerate(ghosts):
        if ghost.recording.last >= 0:
            curves += _history(ghost.recording, quantity, theme, ghost.label, kind)
    return curves + _history(recording, quantity, theme, None, 0)


def _history(recording: Recording, quantity: str, theme: Theme, label: str | None, kind: int) -> list[Curve]:
    curves, steps = [], np.arange(recording.last + 1.0)
    for k, name in enumerate(CELLS):
        if f"{name}.{quantity}" not in recording.names:
            continue
        values = recording.column(f"{name}.{quantity}")[: len(steps)]  # it may have grown meanwhile
        known = np.flatnonzero(~np.isnan(values)) if quantity == "accuracy" else np.arange(len(values))
        stroke, title = theme.stroke(name), CELLS[name].title
        if label is not None:
            stroke, title = ghost_stroke(stroke, kind), label if k == 0 else ""
        curves.append(Curve(name, title, steps[known], values[known], stroke, ghost=label is not None))
    return curves


def reached(snapshot: Snapshot, theme: Theme, label: str | None = None) -> list[Curve]:
    """The accuracy each cell reached, against the delay: one point for each delay that is done."""
    delays = np.array([float(point.delay) for point in snapshot.points])
    curves = []
    for k, name in enumerate(CELLS):
        values = np.array([point.accuracies[k] for point in snapshot.points])
        title = CELLS[name].title if label is None else label if k == 0 else ""
        curves.append(
            Curve(name, title, delays, values, theme.stroke(name), ghost=label is not None, sparse=True)
        )
    return curves


def level(key: str, title: str, x: Sequence[float], height: float, theme: Theme) -> Curve:
    """A level line."""
    return Curve(key, title, np.array(x, float), np.full(len(x), height), theme.stroke("numeric"), width=1.2)


def stages(config: MemoryConfig) -> list[Span]:
    """Every second delay shaded, each named."""
    if len(config.delays) == 1:
        return []
    length = config.stage_length
    bare = Stroke("#00000000")
    return [Span(k * length, (k + 1) * length, f"{delay}", None if k % 2 else bare)
            for k, delay in enumerate(config.delays)]  # fmt: skip
