"""Into one model: its gates over a held-out sequence, and one unit of it along the same sequence."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.experiments.lstm.train_config import titles
from engine.experiments.lstm.train_inspection import Followed, correlations, separators
from engine.experiments.lstm.train_tasks import TaskData
from gui.look.language import tr
from gui.look.numbers import counted, short_text
from gui.look.theme import Theme
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.heatmap import HeatmapPanel
from gui.plots.own.coloured_text import MARKS, ColouredTextPanel
from gui.views.lstm.train_options import GATES, At, model_of

SIGNED = {"hidden_state", "cell_state", "candidate"}  # the others are from 0 to 1
COLUMNS = 50  # steps of the heat map
SHARE = 0.72  # of the width of the heat map that its cells have, about

Values = NDArray[np.floating]
Passage = tuple[str, NDArray[np.bool_]]


@dataclass(frozen=True)
class UnitsAlong:
    """A gate or state along a sequence: `values` [steps, units]."""

    gate: str
    values: Values
    order: tuple[int, ...]  # the units, from 0, as they are sorted
    unit: int  # the one that is looked at
    follows: float | None  # its correlation with the separators of a text
    step: int  # of the training


class GatesPanel(HeatmapPanel):
    """All units of a gate over the steps; its title tells the number under the mouse."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("", theme)
        self.square = False
        self.hovered.connect(self._tell)
        self._shown: tuple[str, UnitsAlong, tuple[str, ...]] | None = None

    def show_nothing(self) -> None:
        """Show nothing, until there is something."""
        self._shown = None
        self.set_matrix(np.zeros((0, 0)))

    def unit_of(self, row: int) -> int:
        """The number of the unit in a row, from 1."""
        return 1 + (self._shown[1].order[row] if self._shown else row)

    def show_values(self, model: str, inside: UnitsAlong, names: tuple[str, ...]) -> None:
        """Show the units as they are sorted, one framed; `names` are what is read at each step."""
        self._shown = (model, inside, names)
        values = inside.values[:COLUMNS, inside.order]
        fits = self.width() * SHARE / len(values) > self.theme.px(13)
        columns = names[: len(values)] if fits and names else counted(len(values))
        self.set_captions(tr("unit, sorted"), tr("time step"))
        rows, limit = [str(unit + 1) for unit in inside.order], reach(inside.gate, values)
        self.set_matrix(values.T, rows, columns, signed=inside.gate in SIGNED, limit=limit)
        row = inside.order.index(inside.unit)
        if self.selection is None or self.selection[0] != row:
            self.select((row, 0))
        self._tell(None)

    def _tell(self, cell: object) -> None:
        """Put what is under the mouse into the title."""
        if self._shown is None:
            return
        model, inside, names = self._shown
        gate, values = tr(GATES[inside.gate]), inside.values[:COLUMNS, inside.order]
        if isinstance(cell, tuple) and cell[0] < values.shape[1] and cell[1] < len(values):
            row, column = cell
            there = f" “{MARKS.get(names[column], names[column])}”" if names else ""
            self.title = tr(
                "{gate}, unit {unit}, time step {step}{there}: {value}",
                gate=gate,
                unit=self.unit_of(row),
                step=column + 1,
                there=there,
                value=float(values[column, row]),
            )
        else:
            self.title = model + tr("{gate} of all units, after step {step}", gate=gate, step=inside.step)


def looked_at(at: At, followed: Followed) -> UnitsAlong:
    """The gate that is chosen (the hidden state, where a cell has no such gate), and the unit.

    The units are sorted by what they tell of a text: their correlation with its separators, downwards;
    of another sequence, by how much they change along it.
    """
    passage = at.once(passage_of, at.data)
    return at.once(_units_along, followed, passage, at.options.gate, at.options.unit, at.kept)


def _units_along(followed: Followed, passage: Passage, wanted: str, number: int, step: int) -> UnitsAlong:
    gates = followed.run.gates
    gate = wanted if wanted in gates._fields else "hidden_state"
    values: Values = getattr(gates, gate)[:, 0, :]
    text, between = passage
    tells = correlations(values, between) if len(text) == len(values) else values.std(axis=0)
    order = tuple(np.argsort(-np.nan_to_num(tells), kind="stable").tolist())
    unit = min(number, len(order)) - 1 if number else order[0]
    return UnitsAlong(gate, values, order, unit, float(tells[unit]) if text else None, step)


def passage_of(data: TaskData) -> Passage:
    """The held-out text, and which of its characters stand between words; nothing where it is no text."""
    text = data.said(data.passage.x[:, 0]) if data.text is not None else ""
    return text, separators(text)


def show_gates(panel: GatesPanel, at: At, followed: Followed) -> None:
    """Show the gate of all units."""
    names = titles(at.config)
    model = f"{names[model_of(at)]}: " if len(names) > 1 else ""
    panel.show_values(model, looked_at(at, followed), at.once(symbols_of, at.data))


def show_coloured(panel: ColouredTextPanel, at: At, followed: Followed) -> None:
    """Colour the held-out text by one unit."""
    data = at.data
    if data.text is None:  # the answer is still of a run before, of another task
        return
    inside = looked_at(at, followed)
    line = inside.values[:, inside.unit]
    text, _ = at.once(passage_of, data)
    panel.set_text(text, line, limit=reach(inside.gate, line))
    slots = {"unit": _title(inside), "r": short_text(inside.follows or 0.0, 2), "step": inside.step}
    panel.title = tr("{unit} · r = {r} with word breaks · after step {step}", **slots)
    panel.brief = tr("{unit} · after step {step}", **slots)


def show_unit(panel: CurvesPanel, at: At, followed: Followed) -> None:
    """Draw one unit along a sequence of numbers."""
    inside = looked_at(at, followed)
    gate, values = inside.gate, inside.values
    steps = np.arange(1.0, len(values) + 1)
    limits = None if gate == "cell_state" else (-1.05, 1.05) if gate in SIGNED else (-0.02, 1.02)
    panel.title = tr("{unit} · after step {step}", unit=_title(inside), step=inside.step)
    axes = (tr("time step"), ""), (tr("value"), "")
    panel.set_axes(*axes, x_limits=(1, float(len(steps))), y_limits=limits, whole_x=True)
    panel.set_curves([Curve("unit", "", steps, values[:, inside.unit], panel.theme.stroke(gate))])


def _title(inside: UnitsAlong) -> str:
    return tr("Unit {n}: {gate}", n=inside.unit + 1, gate=tr(GATES[inside.gate]))


def reach(gate: str, values: Values) -> float:
    """What the strongest colour stands for: 1, or the largest that a cell state has reached."""
    known = values[np.isfinite(values)]
    return max(1.0, float(np.abs(known).max(initial=0.0))) if gate == "cell_state" else 1.0


def symbols_of(data: TaskData) -> tuple[str, ...]:
    """What is read at each step of the sequence that is looked at; nothing where it is numbers."""
    if not data.names:
        return ()
    return tuple(data.names[int(code)] for code in data.passage.x[:, 0])
