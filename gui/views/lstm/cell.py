"""LSTM ▸ Cell, step by step: the cell as a diagram, its inputs and weights as bars, its states as curves."""

from collections.abc import Sequence
from math import nan
from typing import Annotated, ClassVar

import numpy as np
from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config, Problem, choice, replaced
from engine.experiments.lstm.cell import GATES, LARGEST, CellConfig, Snapshot, before, check, values
from engine.gradient_check import GradientCheck
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.old_view import OldView
from gui.plots.bars import Bars, BarsPanel
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.diagram import DiagramPanel
from gui.plots.panel import Panel
from gui.questions import Answer
from gui.splitters import above_each_other, side_by_side
from gui.theme import LONG, Stroke, Theme
from gui.views.lstm.cell_controls import CELLS, PANES, PHASE_TITLES, Bar
from gui.views.lstm.cell_diagrams import DIAGRAMS, PHASES, SHEET
from gui.views.lstm.cell_formulas import formulas

STROKES = {"input_gate": "input_gate", "forget_gate": "forget_gate", "candidate": "candidate",
           "output_gate": "output_gate", "rnn_state": "rnn", "gru_update": "update_gate",
           "gru_reset": "reset_gate", "gru_candidate": "candidate"}  # fmt: skip


class CellOptions(Config, frozen=True):
    """How one looks at the cells."""

    cell: Annotated[str, choice("Cell", "Which cell is drawn.", CELLS)] = "lstm"
    phase: Annotated[str, choice("Part", "Which part of the step is spoken of.", PHASE_TITLES)] = "all"
    pane: Annotated[str, choice("Bars", "What the bars below show.", PANES)] = "inputs"


class CellView(OldView):
    """The diagram above; below bars to drag, and what each cell remembers."""

    options_type: ClassVar[type[Config]] = CellOptions
    pace: ClassVar[float] = 1.0
    options: CellOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = CellConfig()
        self.ghosts: Sequence[Ghost] = ()
        self._shown: tuple[Snapshot, Recording, int] | None = None
        self._checked: GradientCheck | None = None  # the newest there is
        self.bar = Bar(theme, self.options)
        self.diagram = DiagramPanel("", theme)
        self.bars = BarsPanel("", theme)
        self.bars.draggable = True
        self.curves = CurvesPanel(tr("What each cell remembers"), theme)
        self.questions.answered.connect(self._take)
        self.bar.changed.connect(self._change)
        self.diagram.selected.connect(self._choose_part)
        self.bars.dragged.connect(self._drag)
        self.bars.clicked.connect(self._choose_step)
        self.curves.clicked.connect(lambda t: self.step_chosen.emit(max(0, round(t))))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        below = side_by_side((self.bars, self.curves), (1, 1))
        column.addWidget(above_each_other((self.diagram, below), (58, 42)), 1)

    def panels(self) -> list[Panel]:
        return [self.diagram, self.bars, self.curves]

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, CellConfig)
        self.config, self.ghosts = config, ghosts
        self.curves.set_axes((tr("step"), ""), (tr("state"), ""), x_limits=(0, len(config.inputs)))

    def draw(self, recording: Recording, step: int) -> None:
        shot: Snapshot = recording.snapshot(step)[1]
        self._shown = (shot, recording, step)
        self.questions.ask("check", check, self.config, shot, self.options.cell)
        self._draw_diagram(shot, step)
        self._draw_bars(step)
        self._draw_curves(recording, step)

    def live(self, recording: Recording, step: int) -> list[Live]:
        shot: Snapshot = recording.snapshot(step)[1]
        return formulas(self.config, shot, self.options.cell, step, self._checked)

    def _take(self, answer: Answer) -> None:
        self._checked = answer.value
        self.live_changed.emit()

    # The three plots

    def _draw_diagram(self, shot: Snapshot, step: int) -> None:
        kind = self.options.cell
        now, old = values(shot, kind, step), before(shot, kind, step)
        if not step:  # nothing is read yet: there are states, all 0, but no input and no gates
            now = {name: value if name.endswith("state") else nan for name, value in now.items()}
            old = old._replace(x=nan)
        picture = DIAGRAMS[kind](now, old, self.theme.stroke, step, clamped(self.config))
        strong = PHASES[kind].get(self.options.phase, ())
        last = len(self.config.inputs)
        self.diagram.title = tr("{cell}, step {step} of {last}", cell=tr(CELLS[kind]), step=step, last=last)
        self.diagram.set_diagram(SHEET, *picture, strong=strong)

    def _draw_bars(self, step: int) -> None:
        if self.options.pane == "inputs":
            inputs = np.array(self.config.inputs)
            reach = max(1.2, 1.1 * float(np.abs(inputs).max()))
            self.bars.entitle(tr("Inputs"), tr("drag them"))
            self.bars.set_axes((tr("step"), ""), ("x", ""), (-reach, reach))
            labels = [str(k + 1) for k in range(len(inputs))]
            self.bars.set_bars(
                labels, [Bars("inputs", "", inputs, self.theme.stroke("p"))], highlight=step - 1, passing=True
            )
            return
        self.bars.entitle(tr("Weights of the {cell}", cell=tr(CELLS[self.options.cell])), tr("drag them"))
        names = GATES[self.options.cell]
        largest = max(abs(value) for name in names for value in getattr(self.config, name))
        reach = max(5.0, 1.1 * largest)
        self.bars.set_axes(("", ""), (tr("weight"), ""), (-reach, reach))
        series = [
            Bars(
                name, gate_title(name), np.array(getattr(self.config, name)), self.theme.stroke(STROKES[name])
            )
            for name in names
        ]
        self.bars.set_bars(["w · x", "u · h", "b"], series)

    def _draw_curves(self, recording: Recording, step: int) -> None:
        steps = np.arange(recording.last + 1.0)
        lines = (("lstm.cell_state", "LSTM c", "cell_state"), ("lstm.hidden_state", "LSTM h", "lstm"),
                 ("gru.hidden_state", "GRU h", "gru"), ("rnn.hidden_state", "RNN h", "rnn"))  # fmt: skip
        ghosts = [
            Curve(f"{name}.{k}", ghost.label if not j else "", np.arange(ghost.recording.last + 1.0),
                  ghost.recording.column(name), self.theme.stroke(stroke), ghost=True)
            for k, ghost in enumerate(self.ghosts) if ghost.recording.last > 0
            for j, (name, _, stroke) in enumerate(lines)
        ]  # fmt: skip
        own = [
            Curve(name, title, steps, recording.column(name), self._stroke(name, stroke))
            for name, title, stroke in lines
        ]
        self.curves.set_curves([*ghosts, *own])
        self.curves.set_cursor(step)

    def _stroke(self, name: str, key: str) -> Stroke:
        """The colour of a cell; the LSTM's h is dashed, to tell it from its c."""
        stroke = self.theme.stroke(key)
        return Stroke(stroke.colour, LONG) if name == "lstm.hidden_state" else stroke

    # What the user does

    def _change(self, changes: dict[str, object]) -> None:
        self.set_option(**changes)
        self.bar.show_options(self.options)
        if self._shown is not None:
            self.draw(self._shown[1], self._shown[2])
            self.live_changed.emit()

    def _choose_part(self, key: str) -> None:
        """A box was clicked: the part of the step that it belongs to."""
        found = next((name for name, keys in PHASES[self.options.cell].items() if key in keys), "all")
        self._change({"phase": found if key and found != self.options.phase else "all"})

    def _choose_step(self, index: int) -> None:
        if self.options.pane == "inputs":
            self.step_chosen.emit(index + 1)

    def _drag(self, key: str, index: int, value: float) -> None:
        """A bar was moved: an input, or a weight."""
        numbers = list(getattr(self.config, key))
        numbers[index] = min(max(round(value, 3), -LARGEST), LARGEST)
        try:
            self.edited.emit(replaced(self.config, **{key: tuple(numbers)}))
        except Problem:
            return


def clamped(config: CellConfig) -> set[str]:
    """The gates of the LSTM that are held at 0 or 1."""
    ways = {"forget_gate": config.forget, "input_gate": config.write, "output_gate": config.read}
    return {name for name, way in ways.items() if way != "free"}


def gate_title(name: str) -> str:
    """What a gate is called beside its bars."""
    return {
        "input_gate": tr("input gate"), "forget_gate": tr("forget gate"), "candidate": tr("candidate"),
        "output_gate": tr("output gate"), "rnn_state": tr("state"), "gru_update": tr("update gate"),
        "gru_reset": tr("reset gate"), "gru_candidate": tr("candidate"),
    }[name]  # fmt: skip


VIEW = CellView
