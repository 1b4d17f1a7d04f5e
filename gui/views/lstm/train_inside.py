"""Into one model: its gates over a held-out sequence, and one unit of it along the same sequence."""

import numpy as np
from numpy.typing import NDArray

from engine.experiments.lstm.train_config import titles
from engine.experiments.lstm.train_inspection import Followed
from engine.experiments.lstm.train_tasks import TaskData
from gui.look.language import tr
from gui.look.numbers import counted
from gui.look.theme import Theme
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.heatmap import HeatmapPanel
from gui.plots.own.coloured_text import MARKS, ColouredTextPanel
from gui.plots.ticks import value_text
from gui.views.lstm.train_options import GATES, At, model_of

SIGNED = {"hidden_state", "cell_state", "candidate"}  # the others are from 0 to 1
COLUMNS = 50  # steps of the heat map
SHARE = 0.72  # of the width of the heat map that its cells have, about

Values = NDArray[np.floating]


class GatesPanel(HeatmapPanel):
    """All units of a gate over the steps; its title tells the number under the mouse."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("", theme)
        self.square = False
        self.hovered.connect(self._tell)
        self._shown: tuple[str, str, Values, tuple[str, ...]] | None = None

    def show_nothing(self) -> None:
        """Show nothing, until there is something."""
        self._shown = None
        self.set_matrix(np.zeros((0, 0)))

    def show_values(self, model: str, gate: str, values: Values, names: tuple[str, ...], unit: int) -> None:
        """Show [steps, units] of a gate, a unit framed; `names` are what is read at each step."""
        self._shown = (model, gate, values, names)
        fits = self.width() * SHARE / len(values) > self.theme.px(13)
        columns = names[: len(values)] if fits and names else counted(len(values))
        self.set_captions(tr("hidden unit"), tr("step"))
        self.set_matrix(
            values.T, counted(values.shape[1]), columns, signed=gate in SIGNED, limit=reach(gate, values)
        )
        if self.selection is None or self.selection[0] != unit:
            self.select((unit, 0))
        self._tell(None)

    def _tell(self, cell: object) -> None:
        """Put what is under the mouse into the title."""
        if self._shown is None:
            return
        model, gate, values, names = self._shown
        if isinstance(cell, tuple) and cell[0] < values.shape[1] and cell[1] < len(values):
            row, column = cell
            there = f" “{MARKS.get(names[column], names[column])}”" if names else ""
            self.title = tr(
                "{gate}, unit {unit}, step {step}{there}: {value}",
                gate=tr(GATES[gate]),
                unit=row + 1,
                step=column + 1,
                there=there,
                value=value_text(float(values[column, row])),
            )
        else:
            self.title = model + tr("{gate} of all units, held-out sequence", gate=tr(GATES[gate]))


def looked_at(at: At, followed: Followed) -> tuple[str, Values, int]:
    """The gate that is chosen (the hidden state, where a cell has no such gate), [steps, units]; the unit."""
    gates = followed.run.gates
    gate = at.options.gate if at.options.gate in gates._fields else "hidden_state"
    values: Values = getattr(gates, gate)[:, 0, :]
    return gate, values, min(at.options.unit, values.shape[1]) - 1


def show_gates(panel: GatesPanel, at: At, followed: Followed) -> None:
    """Show the gate of all units."""
    gate, values, unit = looked_at(at, followed)
    names = titles(at.config)
    model = f"{names[model_of(at)]}: " if len(names) > 1 else ""
    panel.show_values(model, gate, values[:COLUMNS], symbols_of(at.data), unit)


def show_coloured(panel: ColouredTextPanel, at: At, followed: Followed) -> None:
    """Colour the held-out text by one unit."""
    gate, values, unit = looked_at(at, followed)
    data, line = at.data, values[:, unit]
    if data.text is None:  # the answer is still of a run before, of another task
        return
    panel.title = tr("{unit}, over held-out text", unit=_title(gate, unit))
    panel.set_text(data.said(data.passage.x[:, 0]), line, limit=reach(gate, line))


def show_unit(panel: CurvesPanel, at: At, followed: Followed) -> None:
    """Draw one unit along a sequence of numbers."""
    gate, values, unit = looked_at(at, followed)
    steps = np.arange(1.0, len(values) + 1)
    limits = None if gate == "cell_state" else (-1.05, 1.05) if gate in SIGNED else (-0.02, 1.02)
    panel.title = _title(gate, unit)
    panel.set_axes((tr("step"), ""), (tr("value"), ""), x_limits=(1, float(len(steps))), y_limits=limits)
    panel.set_curves([Curve("unit", "", steps, values[:, unit], panel.theme.stroke(gate))])


def _title(gate: str, unit: int) -> str:
    return tr("Unit {n}: {gate}", n=unit + 1, gate=tr(GATES[gate]))


def reach(gate: str, values: Values) -> float:
    """What the strongest colour stands for: 1, or the largest that a cell state has reached."""
    known = values[np.isfinite(values)]
    return max(1.0, float(np.abs(known).max(initial=0.0))) if gate == "cell_state" else 1.0


def symbols_of(data: TaskData) -> tuple[str, ...]:
    """What is read at each step of the sequence that is looked at; nothing where it is numbers."""
    if not data.names:
        return ()
    return tuple(data.names[int(code)] for code in data.passage.x[:, 0])
