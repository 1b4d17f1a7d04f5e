"""LSTM ▸ Cell, step by step: the cell as a diagram, its states as curves, its inputs and weights as bars."""

from math import nan
from typing import Annotated

import numpy as np

from engine.config import Config, choice
from engine.experiments.lstm.cell import (
    GATES,
    LARGEST,
    CellConfig,
    before,
    check,
    values,
)
from gui.look.language import tr
from gui.look.numbers import counted
from gui.look.theme import LONG, Stroke, Theme
from gui.plots.bars import Bars, BarsPanel
from gui.plots.curves import CurvesPanel
from gui.plots.own.diagram import DiagramPanel
from gui.plots.ticks import value_text
from gui.screen.hero import WithHero
from gui.screen.terms import Spot, Term, term
from gui.screen.view import Live, Moment, View
from gui.views.curve_plots import Plot, fill_history, over_steps
from gui.views.lstm.cell_diagrams import DIAGRAMS, PHASES, SHEET
from gui.views.lstm.cell_words import finding, formulas, still_known
from gui.views.pinned import column_curve, with_pinned

CELLS = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}
PHASE_TITLES = {"all": "Whole step", "delete": "1 · Delete", "add": "2 · Add", "read": "3 · Read"}
PANES = {"inputs": "Inputs", "weights": "Weights"}
SERIES = {  # by the field of the weights: what they are called, and whose stroke they have
    "input_gate": ("input gate", "input_gate"),
    "forget_gate": ("forget gate", "forget_gate"),
    "candidate": ("candidate", "candidate"),
    "output_gate": ("output gate", "output_gate"),
    "rnn_state": ("state", "rnn"),
    "gru_update": ("update gate", "update_gate"),
    "gru_reset": ("reset gate", "reset_gate"),
    "gru_candidate": ("candidate", "candidate"),
}
LINES = (
    ("lstm.cell_state", "LSTM c", "cell_state"),
    ("lstm.hidden_state", "LSTM h", "hidden_state"),
    ("gru.hidden_state", "GRU h", "gru"),
    ("rnn.hidden_state", "RNN h", "rnn"),
)
LETTERS = {
    "lstm": {
        "f": "forget_gate",
        "i": "input_gate",
        "g": "candidate",
        "o": "output_gate",
        "c": "cell_state",
        "h": "hidden_state",
    },
    "gru": {"z": "update_gate", "r": "reset_gate", "n": "candidate", "h": "hidden_state"},
    "rnn": {"h": "hidden_state"},
}
PARTS = {
    "forget_gate": "forget gate",
    "input_gate": "input gate",
    "output_gate": "output gate",
    "candidate": "candidate",
    "update_gate": "update gate",
    "reset_gate": "reset gate",
    "cell_state": "cell state",
    "hidden_state": "hidden state",
}


class CellOptions(Config, frozen=True):
    """How one looks at the cells."""

    cell: Annotated[str, choice("Cell", "Which cell is drawn.", CELLS)] = "lstm"
    phase: Annotated[str, choice("Part", "Which part of the step is spoken of.", PHASE_TITLES)] = "all"
    pane: Annotated[str, choice("Bars", "What the bars show.", PANES)] = "inputs"


At = Moment[CellConfig, CellOptions]


class CellView(View):
    """The diagram; beside it what each cell remembers, and bars to drag."""

    config_type, options_type = CellConfig, CellOptions
    pace = 1.0

    def build(self, theme: Theme) -> None:
        self.bar = self.options_bar("cell:", "phase:", "pane:", "")
        self.diagram = DiagramPanel("", theme)
        self.bars = BarsPanel("", theme)
        self.bars.draggable = True
        self.curves = CurvesPanel(tr("What each cell remembers"), theme)
        # It opens where the cell state still knows what was read, just before something else is.
        self.tell(finding, opens_on=lambda at: still_known(at.config.inputs))
        self.questions.spare("felt")
        self.ask("felt", lambda at: (check, at.config, at.snapshot, at.options.cell))
        self.fill(self.diagram, show_diagram)
        self.fill(self.bars, show_bars)
        fill_history(self, self.curves, states)
        self.diagram.selected.connect(self._choose_part)
        self.bars.dragged.connect(self._drag)
        self.bars.clicked.connect(self._choose_step)
        self.lay_out(self.bar, WithHero(theme, self.diagram, (self.curves, self.bars)))

    def terms(self, at: At) -> list[Term]:
        kind, shown = at.options.cell, values(at.snapshot, at.options.cell, at.step) if at.step else {}
        now = {name: value_text(value) for name, value in shown.items()}
        return [
            *(
                term(letter, tr(PARTS[key]), *_spots(self, kind, key), value=now.get(key, ""))
                for letter, key in LETTERS[kind].items()
            ),
            term("h_{t-1}", tr("hidden state before the step"), (self.diagram, "bus")),
            term("c_{t-1}", tr("cell state before the step"), (self.diagram, "c_before")),
            term("x", tr("the input"), (self.diagram, "x"), (self.bars, "inputs")),
            term(r"\frac{\partial h_T}{\partial x_t}", tr("gradient of the last output by an input")),
        ]

    def formulas(self, at: At) -> list[Live] | None:
        found = self.answer("felt")
        return None if found is None else formulas(at.config, at.snapshot, at.options.cell, at.step, found)

    def _choose_part(self, key: str) -> None:
        """A box was clicked: the part of the step that it belongs to."""
        found = next((name for name, keys in PHASES[self.options.cell].items() if key in keys), "all")
        self.set_option(phase=found if key and found != self.options.phase else "all")

    def _choose_step(self, index: int) -> None:
        if self.options.pane == "inputs":
            self.jump(index + 1)

    def _drag(self, key: str, index: int, value: float) -> None:
        """A bar was moved: an input, or a weight."""
        numbers = list(getattr(self.at.config, key))
        numbers[index] = min(max(round(value, 3), -LARGEST), LARGEST)
        self.edit(**{key: tuple(numbers)})


def _spots(view: CellView, kind: str, key: str) -> tuple[Spot, ...]:
    """Where a gate is seen, or a state: its wire, and its curve."""
    wires = {"cell_state": "add", "hidden_state": "h"}
    if key not in wires:
        return ((view.diagram, key),)
    return (view.diagram, wires[key]), (view.curves, f"{kind}.{key}")


def show_diagram(panel: DiagramPanel, at: At) -> None:
    """Draw the cell with the numbers of the step."""
    kind, step = at.options.cell, at.step
    now, old = values(at.snapshot, kind, step), before(at.snapshot, kind, step)
    if not step:  # nothing is read yet: there are states, all 0, but no input and no gates
        now = {name: value if name.endswith("state") else nan for name, value in now.items()}
        old = old._replace(x=nan)
    picture = DIAGRAMS[kind](now, old, panel.theme.stroke, step, clamped(at.config))
    last = len(at.config.inputs)
    panel.title = tr("{cell}, step {step} of {last}", cell=tr(CELLS[kind]), step=step, last=last)
    panel.set_diagram(SHEET, *picture, strong=PHASES[kind].get(at.options.phase, ()))


def clamped(config: CellConfig) -> set[str]:
    """The gates of the LSTM that are held at 0 or 1."""
    ways = {"forget_gate": config.forget, "input_gate": config.write, "output_gate": config.read}
    return {name for name, way in ways.items() if way != "free"}


def show_bars(panel: BarsPanel, at: At) -> None:
    """Draw the inputs, or the weights of the cell, to be dragged."""
    (_show_inputs if at.options.pane == "inputs" else _show_weights)(panel, at)


def _show_inputs(panel: BarsPanel, at: At) -> None:
    inputs = np.array(at.config.inputs)
    reach = max(1.2, 1.1 * float(np.abs(inputs).max()))
    panel.entitle(tr("Inputs"), tr("drag them"))
    panel.set_axes((tr("step"), ""), ("x", ""), (-reach, reach))
    bars = [Bars("inputs", "", inputs, panel.theme.stroke("p"))]
    panel.set_bars(counted(len(inputs)), bars, highlight=at.step - 1, passing=True)


def _show_weights(panel: BarsPanel, at: At) -> None:
    weights = {name: np.array(getattr(at.config, name)) for name in GATES[at.options.cell]}
    reach = max(5.0, 1.1 * max(float(np.abs(three).max()) for three in weights.values()))
    panel.entitle(tr("Weights of the {cell}", cell=tr(CELLS[at.options.cell])), tr("drag them"))
    panel.set_axes(("", ""), (tr("weight"), ""), (-reach, reach))
    panel.set_bars(
        ["w · x", "u · h", "b"],
        [
            Bars(name, tr(SERIES[name][0]), three, panel.theme.stroke(SERIES[name][1]))
            for name, three in weights.items()
        ],
    )


def states(at: At, theme: Theme) -> Plot:
    """The state of every cell, those of pinned runs behind."""
    strokes = {name: theme.stroke(key) for name, _, key in LINES}
    strokes["lstm.hidden_state"] = Stroke(strokes["lstm.hidden_state"].colour, LONG)
    return Plot(
        over_steps(len(at.config.inputs), tr("state")),
        with_pinned(
            at,
            lambda _, recording: [
                column_curve(recording, name, title, strokes[name]) for name, title, _ in LINES
            ],
        ),
    )
