"""Into one model: its gates over a held-out sequence, and one unit of it along the same sequence."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.experiments.lstm.train_config import TrainConfig, titles
from engine.experiments.lstm.train_inspection import Followed, Snapshot
from engine.experiments.lstm.train_tasks import Data
from gui.language import tr
from gui.plots.coloured_text import MARKS, ColouredTextPanel
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.heatmap import HeatmapPanel
from gui.plots.ticks import value_text
from gui.theme import Theme
from gui.views.lstm.train_controls import GATES, SIGNED, TrainOptions

COLUMNS = 50  # steps of the heat map
SHARE = 0.72  # of the width of the heat map that its cells have, about

Values = NDArray[np.floating]


class Inside(QObject):
    """The heat map, and the unit as colours under a text or as a curve. `unit_chosen` from 1."""

    unit_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme
        self.heat = HeatmapPanel("", theme)
        self.heat.square = False
        self.coloured = ColouredTextPanel("", theme)
        self.unit = CurvesPanel("", theme)
        self.heat.setMinimumSize(theme.px(160), theme.px(90))
        for panel in (self.coloured, self.unit):
            panel.setMinimumSize(theme.px(140), theme.px(64))
        self.heat.selected.connect(lambda row, _: self.unit_chosen.emit(row + 1))
        self.heat.hovered.connect(self._tell)
        self._shown: tuple[str, Values, tuple[str, ...]] | None = None
        self._model = ""  # its name, where there are two

    def clear(self) -> None:
        """Show nothing, until there is something."""
        self._shown = None
        self.heat.set_matrix(np.zeros((0, 0)))
        self.coloured.set_text("")
        self.unit.set_curves(())

    def draw(self, config: TrainConfig, options: TrainOptions, shot: Snapshot, followed: Followed) -> None:
        """Show the gate that is chosen (or the hidden state, where a cell has no such gate)."""
        names = titles(config)
        self._model = names[min(options.model, len(names) - 1)] if len(names) > 1 else ""
        gates = followed.run.gates
        gate = gate_of(options, gates._fields)
        values: Values = getattr(gates, gate)[:, 0, :]  # [steps, hidden]
        unit = min(options.unit, values.shape[1]) - 1
        self._draw_heat(gate, values, symbols_of(shot.data), unit)
        title = tr("Unit {n}: {gate}", n=unit + 1, gate=tr(GATES[gate]))
        line = values[:, unit]
        if shot.data.text is not None:
            text = shot.data.said(shot.data.passage.x[:, 0])
            self.coloured.title = tr("{unit}, over held-out text", unit=title)
            self.coloured.set_text(text, line, limit=reach(gate, line))
        else:
            self._draw_unit(title, gate, line)

    def _draw_heat(self, gate: str, values: Values, names: tuple[str, ...], unit: int) -> None:
        window = values[:COLUMNS]
        self._shown = (gate, window, names)
        fits = self.heat.width() * SHARE / len(window) > self.theme.px(13)
        columns = names[: len(window)] if fits and names else [str(k + 1) for k in range(len(window))]
        self.heat.set_captions(tr("hidden unit"), tr("step"))
        rows = [str(k + 1) for k in range(window.shape[1])]
        signed = gate in SIGNED
        limit = reach(gate, window)
        self.heat.set_matrix(window.T, rows, columns, signed=signed, limit=limit)
        if self.heat_row != unit:
            self.heat.select((unit, 0))
        self._tell(None)

    @property
    def heat_row(self) -> int | None:
        """The row of the heat map that is framed."""
        cell = self.heat.selection
        return None if cell is None else cell[0]

    def _tell(self, cell: object) -> None:
        """Put what is under the mouse into the title of the heat map."""
        if self._shown is None:
            return
        gate, values, names = self._shown
        title = tr(GATES[gate])
        if isinstance(cell, tuple) and cell[0] < values.shape[1] and cell[1] < len(values):
            row, column = cell
            there = f" “{MARKS.get(names[column], names[column])}”" if names else ""
            self.heat.title = tr(
                "{gate}, unit {unit}, step {step}{there}: {value}", gate=title, unit=row + 1, step=column + 1,
                there=there, value=value_text(float(values[column, row])),
            )  # fmt: skip
        else:
            name = f"{self._model}: " if self._model else ""
            self.heat.title = name + tr("{gate} of all units, held-out sequence", gate=title)

    def _draw_unit(self, title: str, gate: str, line: Values) -> None:
        steps = np.arange(1.0, len(line) + 1)
        limits = (-1.05, 1.05) if gate in ("hidden_state", "candidate") else None
        limits = (-0.02, 1.02) if gate not in SIGNED else limits
        self.unit.title = title
        self.unit.set_axes(
            (tr("step"), ""), (tr("value"), ""), x_limits=(1, float(len(line))), y_limits=limits
        )
        self.unit.set_curves([Curve("unit", "", steps, line, self.theme.stroke(gate))])


def gate_of(options: TrainOptions, gates: tuple[str, ...]) -> str:
    """The gate that is chosen, if the cell has it."""
    return options.gate if options.gate in gates else "hidden_state"


def reach(gate: str, values: Values) -> float:
    """What the strongest colour stands for: 1, or the largest that a cell state has reached."""
    known = values[np.isfinite(values)]
    return max(1.0, float(np.abs(known).max(initial=0.0))) if gate == "cell_state" else 1.0


def symbols_of(data: Data) -> tuple[str, ...]:
    """What is read at each step of the sequence that is looked at; nothing where it is numbers."""
    if not data.names:
        return ()
    return tuple(data.names[int(code)] for code in data.passage.x[:, 0])
