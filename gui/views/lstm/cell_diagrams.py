"""The diagrams of an RNN, a GRU and an LSTM cell, with the numbers of a step on every wire."""

from collections.abc import Callable
from math import tanh
from typing import NamedTuple

from engine.experiments.lstm.cell import Before
from gui.look.numbers import SUBSCRIPTS
from gui.look.theme import Stroke
from gui.plots.own.diagram_parts import Box, End, Wire

TOP, MIDDLE, GATE, BUS, BOTTOM = 8.0, 23.0, 38.0, 50.0, 58.0  # the heights of the sheet
SHEET = (100.0, 62.0)
PHASES = {
    "lstm": {
        "delete": ("forget_gate", "f", "forget", "c_before"),
        "add": ("input_gate", "candidate", "write", "i", "g", "add", "ig"),
        "read": ("output_gate", "o", "tanh", "read", "h", "shown"),
    },
    "gru": {
        "delete": ("update_gate", "z", "keep", "h_before"),
        "add": ("reset_gate", "r", "recall", "candidate", "n", "one_minus", "share", "add", "new"),
        "read": ("h",),
    },
    "rnn": {"delete": (), "add": ("hidden_state", "h"), "read": ("h",)},
}


class Diagram(NamedTuple):
    """What a `DiagramPanel` shows."""

    boxes: list[Box]
    wires: list[Wire]
    ends: list[End]


Strokes = Callable[[str], Stroke]


def lstm(values: dict[str, float], before: Before, stroke: Strokes, step: int, clamped: set[str]) -> Diagram:
    """The cell state runs along the top: × deletes, + adds; × at the right reads."""
    cell, hidden = stroke("cell_state"), stroke("hidden_state")
    f, i, g, o = (values[name] for name in ("forget_gate", "input_gate", "candidate", "output_gate"))
    c, h = values["cell_state"], values["hidden_state"]
    kept, added, shown = f * before.cell_state, i * g, tanh(c)
    boxes = [
        _gate("forget_gate", 24, "f  σ", f, stroke, clamped),
        _gate("input_gate", 42, "i  σ", i, stroke, clamped),
        _gate("candidate", 58, "g  tanh", g, stroke, clamped),
        _gate("output_gate", 76, "o  σ", o, stroke, clamped),
        Box("forget", (24, TOP), "×", stroke("forget_gate"), round=True),
        Box("write", (58, MIDDLE), "×", stroke("input_gate"), round=True),
        Box("add", (58, TOP), "+", cell, round=True),
        Box("tanh", (86, 18), "tanh", cell),
        Box("read", (86, 30), "×", stroke("output_gate"), round=True),
    ]
    wires = [
        *_bus(before, hidden, (24, 42, 58, 76)),
        Wire("c_before", ((4, TOP), (21.5, TOP)), cell, before.cell_state),
        Wire("forget", ((26.5, TOP), (55.5, TOP)), cell, kept, (41, TOP - 4)),
        Wire("f", ((24, GATE - 4), (24, TOP + 2.6)), stroke("forget_gate"), f, (24, 23)),
        Wire("i", ((42, GATE - 4), (42, MIDDLE), (55.5, MIDDLE)), stroke("input_gate"), i, (42, 27.5)),
        Wire("g", ((58, GATE - 4), (58, MIDDLE + 2.6)), stroke("candidate"), g, (58, 29.5)),
        Wire("ig", ((58, MIDDLE - 2.6), (58, TOP + 2.6)), stroke("input_gate"), added, (58, 15.5)),
        Wire("add", ((60.5, TOP), (97, TOP)), cell, c, (72, TOP - 4)),
        Wire("tanh", ((86, TOP), (86, 13.8)), cell, c),
        Wire("shown", ((86, 22.2), (86, 27.4)), cell, shown, (92, 24.5)),
        Wire("o", ((76, GATE - 4), (76, 30), (83.4, 30)), stroke("output_gate"), o, (76, 27.5)),
        Wire("h", ((86, 32.6), (86, BUS), (97, BUS)), hidden, h, (91.5, 42)),
    ]
    ends = [
        End((7, TOP - 5), _before("c", step), cell, before.cell_state),
        End((93, TOP - 5), _now("c", step), cell, c),
        *_ends(before, h, hidden, stroke("p"), step),
    ]
    return Diagram(boxes, wires, ends)


def rnn(values: dict[str, float], before: Before, stroke: Strokes, step: int, clamped: set[str]) -> Diagram:
    """One box: old state and input become the new state; nothing of the old one is kept as it was."""
    hidden, h = stroke("rnn"), values["hidden_state"]
    boxes = [_gate("hidden_state", 50, "tanh", h, lambda _: hidden, clamped)]
    way = ((50, GATE - 4), (50, 20), (86, 20), (86, BUS), (97, BUS))
    wires = [*_bus(before, hidden, (50,)), Wire("h", way, hidden, h, (68, 20))]
    return Diagram(boxes, wires, _ends(before, h, hidden, stroke("p"), step))


def gru(values: dict[str, float], before: Before, stroke: Strokes, step: int, clamped: set[str]) -> Diagram:
    """The state runs along the top: z keeps a share of it, the candidate n fills up the rest."""
    hidden = stroke("gru")
    z, r, n, h = (values[name] for name in ("update_gate", "reset_gate", "candidate", "hidden_state"))
    boxes = [
        _gate("update_gate", 24, "z  σ", z, stroke, clamped),
        _gate("reset_gate", 44, "r  σ", r, stroke, clamped),
        _gate("candidate", 74, "n  tanh", n, stroke, clamped),
        Box("recall", (58, GATE), "×", stroke("reset_gate"), round=True),
        Box("keep", (24, TOP), "×", stroke("update_gate"), round=True),
        Box("one_minus", (46, MIDDLE), "1−", stroke("update_gate"), round=True),
        Box("share", (74, MIDDLE), "×", stroke("candidate"), round=True),
        Box("add", (74, TOP), "+", hidden, round=True),
    ]
    wires = [
        *_bus(before, hidden, (24, 44, 58, 74)),
        Wire("h_before", ((4, BUS), (4, TOP), (21.5, TOP)), hidden, before.hidden_state),
        Wire("z", ((24, GATE - 4), (24, TOP + 2.6)), stroke("update_gate"), z, (24, 29)),
        Wire("one_minus", ((24, MIDDLE), (43.4, MIDDLE)), stroke("update_gate"), z),
        Wire("share", ((48.6, MIDDLE), (71.4, MIDDLE)), stroke("update_gate"), 1 - z, (60, MIDDLE)),
        Wire("r", ((49.5, GATE), (55.4, GATE)), stroke("reset_gate"), r),
        Wire("recall", ((60.6, GATE), (68.5, GATE)), stroke("reset_gate"), r),
        Wire("n", ((74, GATE - 4), (74, MIDDLE + 2.6)), stroke("candidate"), n, (74, 29.5)),
        Wire("new", ((74, MIDDLE - 2.6), (74, TOP + 2.6)), stroke("candidate"), (1 - z) * n, (74, 15.5)),
        Wire("keep", ((26.5, TOP), (71.5, TOP)), hidden, z * before.hidden_state, (48, TOP - 4)),
        Wire("h", ((76.5, TOP), (90, TOP), (90, BUS), (97, BUS)), hidden, h, (90, 29)),
    ]
    return Diagram(boxes, wires, _ends(before, h, hidden, stroke("p"), step))


def _gate(key: str, x: float, text: str, value: float, stroke: Strokes, clamped: set[str]) -> Box:
    return Box(key, (x, GATE), text, stroke(key), value, clamped=key in clamped)


def _bus(before: Before, hidden: Stroke, gates: tuple[float, ...]) -> list[Wire]:
    """From the left h₋₁, from below x, and up to every gate."""
    last = gates[-1]
    wires = [
        Wire("bus", ((4, BUS), (last, BUS)), hidden, before.hidden_state, arrow=False),
        Wire("x", ((20, BOTTOM), (20, BUS)), hidden, before.x),
    ]
    return wires + [Wire(f"bus{x}", ((x, BUS), (x, GATE + 4.2)), hidden, before.hidden_state) for x in gates]


def _ends(before: Before, h: float, hidden: Stroke, x: Stroke, step: int) -> list[End]:
    return [
        End((7, BUS + 4), _before("h", step), hidden, before.hidden_state),
        End((22, BOTTOM + 2), _now("x", step), x, before.x),
        End((93, BUS + 4), _now("h", step), hidden, h),
    ]


def _now(letter: str, step: int) -> str:
    return letter + str(step).translate(SUBSCRIPTS)


def _before(letter: str, step: int) -> str:
    return letter + str(max(step - 1, 0)).translate(SUBSCRIPTS)


DIAGRAMS = {"lstm": lstm, "gru": gru, "rnn": rnn}
