"""LSTM ▸ Cell, step by step: one unit of each kind reads the same short sequence.

Every gate has three numbers: w for the input, u for the last hidden state, b for the bias. A clamped gate has
a bias of ±1000, so its sigmoid is exactly 1 or 0; nothing else is changed.

Recorded at step t (0 is before the first input): the input `x`, and `lstm.cell_state`, `lstm.hidden_state`,
`lstm.forget_gate`, … `gru.hidden_state`, `rnn.hidden_state`.
"""

from collections.abc import Iterator
from math import isfinite
from typing import Annotated, Any, NamedTuple

import numpy as np

from engine.config import Config, Problem, choice, number, plain
from engine.experiment import Experiment, FloatArray, Frame
from engine.gradient_check import GradientCheck, check_gradient
from engine.recurrent.through_time import CELLS, Run

MOST_STEPS = 24
LARGEST = 100.0  # a weight or an input
CLAMPED_BIAS = {"free": None, "0": -1000.0, "1": 1000.0}
CLAMPS = {"free": "Free", "0": "Clamped to 0", "1": "Clamped to 1"}
GATES = {  # of each cell, in the order of its weights: the field of the config
    "rnn": ("rnn_state",),
    "gru": ("gru_reset", "gru_update", "gru_candidate"),
    "lstm": ("input_gate", "forget_gate", "candidate", "output_gate"),
}
Three = tuple[float, float, float]


def _gate(title: str, meaning: str, more: bool = False) -> Any:
    """Describe the three numbers of a gate."""
    return plain(title, meaning, kind="vector", more=more)


def _clamp(title: str, meaning: str) -> Any:
    """Describe the choice of clamping a gate."""
    return choice(title, meaning, CLAMPS)


class CellConfig(Config, frozen=True):
    """A sequence of numbers, and the weights of three cells of one unit each."""

    inputs: Annotated[
        tuple[float, ...],
        plain(
            "Inputs",
            "One number per step; drag their bars, or type them.",
            kind="vector",
            min_length=1,
            max_length=MOST_STEPS,
        ),
    ] = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    forget: Annotated[str, _clamp("Forget gate is", "Keep all (1) or delete all (0) at every step.")] = "free"
    write: Annotated[str, _clamp("Input gate is", "Write at every step (1) or never (0).")] = "free"
    read: Annotated[str, _clamp("Output gate is", "Show all at every step (1) or nothing (0).")] = "free"
    forget_gate: Annotated[Three, _gate("Forget gate: w, u, b", "Decides what is deleted.")] = (0.0, 0.0, 4.0)
    input_gate: Annotated[Three, _gate("Input gate: w, u, b", "Decides what is written.")] = (6.0, 0.0, -3.0)
    candidate: Annotated[Three, _gate("Candidate: w, u, b", "What could be written.")] = (2.0, 0.0, 0.0)
    output_gate: Annotated[Three, _gate("Output gate: w, u, b", "Decides what is shown.")] = (0.0, 0.0, 2.0)
    rnn_state: Annotated[Three, _gate("RNN: w, u, b", "The only weights in a plain cell.", True)] = (
        1.5,
        0.6,
        0.0,
    )
    gru_update: Annotated[
        Three, _gate("GRU update gate: w, u, b", "The fraction of the old state that is kept.", True)
    ] = (-6.0, 0.0, 3.0)
    gru_reset: Annotated[
        Three, _gate("GRU reset gate: w, u, b", "How much of the old state makes the candidate.", True)
    ] = (0.0, 0.0, 2.0)
    gru_candidate: Annotated[Three, _gate("GRU candidate: w, u, b", "What could be written.", True)] = (
        2.0,
        0.0,
        0.0,
    )
    count_inputs: Annotated[
        int,
        number(
            "Count: inputs",
            "For the count of parameters only.",
            symbol="d",
            ge=1,
            le=100_000,
            soft=(1, 200),
            more=True,
        ),
    ] = 25
    count_hidden: Annotated[
        int,
        number(
            "Count: hidden units",
            "For the count of parameters only.",
            symbol="H",
            ge=1,
            le=100_000,
            soft=(1, 500),
            more=True,
        ),
    ] = 100

    def __post_init__(self) -> None:
        fields = ("inputs", *(name for names in GATES.values() for name in names))
        for name in fields:
            for k, value in enumerate(getattr(self, name)):
                if not (isfinite(value) and abs(value) <= LARGEST):
                    raise Problem(
                        "Must be from {low} to {high}", where=f"{name}[{k}]", low="−100", high="100"
                    )


class CellSnapshot(NamedTuple):
    """The forward pass of each cell, and the derivative of its last output with respect to every input."""

    inputs: FloatArray  # [steps]
    runs: dict[str, Run]  # arrays [steps, 1, 1]
    d_inputs: dict[str, FloatArray]  # ∂h_T/∂x_t of each cell, [steps]


def effective(config: CellConfig, name: str) -> Three:
    """The effective w, u, b of a gate: a clamped gate has only a bias."""
    clamps = {"forget_gate": config.forget, "input_gate": config.write, "output_gate": config.read}
    bias = CLAMPED_BIAS[clamps.get(name, "free")]
    weights: Three = getattr(config, name)
    return weights if bias is None else (0.0, 0.0, bias)


def theta_of(config: CellConfig, kind: str) -> FloatArray:
    """The parameters of a cell of one unit with one input."""
    cell = CELLS[kind](1, 1)
    theta = np.zeros(cell.count)
    for gate, name in zip(cell.parameters(theta), GATES[kind], strict=True):
        gate.of_input[...], gate.of_state[...], gate.bias[...] = effective(config, name)
    return theta


def check(config: CellConfig, shot: CellSnapshot, kind: str) -> GradientCheck:
    """Compare ∂h_T/∂x_t of a cell with finite differences, for a few t."""
    cell, theta = CELLS[kind](1, 1), theta_of(config, kind)

    def output(inputs: FloatArray) -> float:
        return float(cell.forward(theta, inputs.reshape(-1, 1, 1)).outputs[-1, 0, 0])

    return check_gradient(output, shot.d_inputs[kind], shot.inputs, at_most=4)


def frames(config: CellConfig) -> Iterator[Frame[CellSnapshot]]:
    """Yield the start, and then all steps at once."""
    x = np.array(config.inputs)
    runs, d_inputs = {}, {}
    scalars: dict[str, FloatArray] = {"x": x}
    for kind in ("rnn", "gru", "lstm"):
        theta = theta_of(config, kind)
        runs[kind] = run = CELLS[kind](1, 1).forward(theta, x.reshape(-1, 1, 1))
        last = np.zeros_like(run.outputs)
        last[-1] = 1.0
        d_inputs[kind] = CELLS[kind](1, 1).backward(theta, run, last).x.ravel()
        scalars |= {f"{kind}.{name}": values.ravel() for name, values in run.gates._asdict().items()}
    shot = CellSnapshot(x, runs, d_inputs)
    start = {name: 0.0 for name in scalars if name.endswith("state")}
    yield Frame(0, start, shot)
    yield Frame(len(x), scalars, shot)


class Before(NamedTuple):
    """The input of a step and the state before it."""

    x: float
    hidden_state: float
    cell_state: float


def before(shot: CellSnapshot, kind: str, step: int) -> Before:
    """The input of a step (from 1) and the state before it; at step 0 everything is 0."""
    state = shot.runs[kind].before(max(step - 1, 0))
    x = float(shot.inputs[step - 1]) if step else 0.0
    return Before(x, float(state.hidden_state[0, 0]), float(getattr(state, "cell_state", [[0.0]])[0][0]))


def values(shot: CellSnapshot, kind: str, step: int) -> dict[str, float]:
    """Every gate and state of a cell at a step (from 1), by name; all 0 at step 0."""
    gates = shot.runs[kind].gates._asdict()
    return {name: float(array[step - 1, 0, 0]) if step else 0.0 for name, array in gates.items()}


def arrays(config: CellConfig, data: None, shot: CellSnapshot) -> dict[str, Any]:
    """By name: the inputs, and every gate and state of each cell, [steps]."""
    gates = {
        kind: {name: gate[:, 0, 0] for name, gate in run.gates._asdict().items()}
        for kind, run in shot.runs.items()
    }
    return {"inputs": shot.inputs, **gates}


EXPERIMENT = Experiment(
    name="lstm.cell",
    title="Cell, step by step",
    config_type=CellConfig,
    frames=frames,
    last_step=lambda config: len(config.inputs),
    cheap=True,
    arrays=arrays,
)
