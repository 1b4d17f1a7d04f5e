"""One training step of an LSTM: forward, back through all of time, Adam. float32, one BLAS thread.

    python -m tests.benchmarks.lstm_step            # each library with the best instructions it finds
    python -m tests.benchmarks.lstm_step --avx2     # all of them held to AVX2

Gradients are checked against each other first. Then Nabla, PyTorch (eager), a naive NumPy form in float64,
and the bare matrix products that nobody can do without take turns in short rounds, in process time, and the
medians are compared. A second table is a whole network on characters, a third the GRU. Which instructions a
library uses matters more than anything else here, and an OPENBLAS_CORETYPE in the environment would choose
them for NumPy alone: it is left out of account, so that both libraries find out for themselves.
"""

import os
import sys

for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ[f"{library}_NUM_THREADS"] = "1"  # before NumPy is imported
os.environ.pop("OPENBLAS_CORETYPE", None)
if "--avx2" in sys.argv:
    limits = {"OPENBLAS_CORETYPE": "Haswell", "ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2"}
    os.environ.update(limits)

from collections.abc import Callable
from statistics import median
from time import process_time

import numpy as np
import torch

from engine.data.sequences import SequenceBatch
from engine.optimizers.adam import Adam
from engine.recurrent.fast.table import sequence_of
from engine.recurrent.network import RecurrentNetwork
from engine.recurrent.through_time import CELLS, Cell
from tests.benchmarks.lstm_naive import naive_step

SIZES = ((32, 32, 100), (64, 32, 100), (128, 32, 100), (256, 64, 50))  # hidden (and inputs), batch, steps
SECONDS = 6.0  # for each size
VOCABULARY, EMBEDDING = 65, 32
RATE = 0.001
Step = Callable[[], object]
torch.set_num_threads(1)


class Data:
    """x and ∂L/∂h, time first, one example a row; θ as the cell draws it."""

    def __init__(self, cell: Cell, batch: int, steps: int) -> None:
        rng = np.random.default_rng(0)
        self.cell, self.batch, self.steps = cell, batch, steps
        self.x = rng.normal(size=(steps, batch, cell.inputs)).astype(np.float32)
        self.d_hidden = rng.normal(size=(steps, batch, cell.hidden)).astype(np.float32) / (steps * batch)
        self.theta = cell.draw(rng)


def nabla(data: Data) -> Step:
    """The fast form, with x and ∂L/∂h laid out as a network lays them out."""
    sequence = sequence_of(data.cell, data.steps, data.batch)
    x, d_hidden = (np.ascontiguousarray(a.swapaxes(1, 2)) for a in (data.x, data.d_hidden))
    rule = Adam(RATE)
    theta, state = data.theta, rule.start(data.theta)

    def step() -> np.ndarray:
        nonlocal theta, state
        sequence.forward(theta, x)
        gradient = sequence.backward(d_hidden)
        theta, state = rule.update(theta, gradient, state)
        return gradient

    return step


def pytorch(data: Data) -> Step:
    """The same step with the module of PyTorch; its second bias stays 0 and does not learn."""
    layer = getattr(torch.nn, data.cell.name.upper())(data.cell.inputs, data.cell.hidden)
    n = data.cell.inputs
    with torch.no_grad():
        matrix = data.cell.matrix(data.theta).reshape(-1, n + 1 + data.cell.hidden)
        layer.weight_ih_l0.copy_(torch.tensor(matrix[:, :n]))
        layer.bias_ih_l0.copy_(torch.tensor(matrix[:, n]))
        layer.weight_hh_l0.copy_(torch.tensor(matrix[:, n + 1 :]))
        layer.bias_hh_l0.zero_()
    layer.bias_hh_l0.requires_grad_(False)
    x, d_hidden = torch.tensor(data.x), torch.tensor(data.d_hidden)
    learnt = [layer.weight_ih_l0, layer.bias_ih_l0, layer.weight_hh_l0]
    optimizer = torch.optim.Adam(learnt, lr=RATE)

    def step() -> np.ndarray:
        optimizer.zero_grad()
        layer(x)[0].backward(d_hidden)
        optimizer.step()
        w, b, u = (part.grad for part in learnt)
        return torch.cat([w, b[:, None], u], dim=1).numpy().ravel() if checking else w

    checking = True
    first = step()
    np.testing.assert_allclose(first, nabla(data)(), rtol=1e-3, atol=1e-4 * np.abs(first).max())
    checking = False
    return step


def products(data: Data) -> Step:
    """Only the matrix products of an LSTM's step, on arrays that are ready for them."""
    sequence = sequence_of(data.cell, data.steps, data.batch)
    hidden = data.cell.hidden
    x = sequence.stack
    weights, recurrent = sequence.packed.reshape(4 * hidden, -1), sequence.recurrent_back
    z = np.zeros((data.steps, 4 * hidden, data.batch), np.float32)
    d_z, columns = sequence.d_z.reshape(4 * hidden, -1), sequence.columns[:, : -data.batch]
    d_weights = sequence.d_weights.reshape(len(d_z), -1)

    def step() -> None:
        for t in range(data.steps):
            np.dot(weights, x[t], out=z[t])
        for t in range(data.steps):
            np.dot(recurrent, z[t], out=sequence.d_h[t])
        np.dot(d_z, columns.T, out=d_weights)

    return step


def network_on_characters(hidden: int, batch: int, steps: int) -> dict[str, Step]:
    """Embedding, LSTM, readout and cross-entropy: Nabla's network, and the same modules of PyTorch."""
    rng = np.random.default_rng(0)
    network = RecurrentNetwork("lstm", VOCABULARY, hidden, VOCABULARY, embedding=EMBEDDING)
    text = rng.integers(0, VOCABULARY, (steps + 1, batch))
    window, workspace, rule = SequenceBatch(text[:-1], text[1:]), network.workspace(steps, batch), Adam(RATE)
    theta = network.start(rng)
    state = rule.start(theta)

    def own() -> float:
        nonlocal theta, state
        said = network.loss_and_gradient(theta, window, workspace)
        theta, state = rule.update(theta, said.gradient, state)
        return said.loss

    torch.manual_seed(0)
    modules = [
        torch.nn.Embedding(VOCABULARY, EMBEDDING),
        torch.nn.LSTM(EMBEDDING, hidden),
        torch.nn.Linear(hidden, VOCABULARY),
    ]
    optimizer = torch.optim.Adam([p for module in modules for p in module.parameters()], lr=RATE)
    x, target, cross_entropy = torch.tensor(text[:-1]), torch.tensor(text[1:]), torch.nn.CrossEntropyLoss()

    def theirs() -> float:
        optimizer.zero_grad()
        logits = modules[2](modules[1](modules[0](x))[0])
        loss = cross_entropy(logits.reshape(-1, VOCABULARY), target.reshape(-1))
        loss.backward()
        optimizer.step()
        return loss.item()

    return {"Nabla": own, "PyTorch": theirs}


def in_turn(steps: dict[str, Step], seconds: float = SECONDS) -> dict[str, float]:
    """Milliseconds a step: the median over rounds in which each has its turn."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    begin_all = process_time()
    while process_time() - begin_all < seconds or len(times["Nabla"]) < 7:
        for name, step in steps.items():
            begin = process_time()
            step()
            times[name].append((process_time() - begin) * 1e3)
    return {name: median(samples[2:]) for name, samples in times.items()}


def report(what: str, found: dict[str, float]) -> None:
    """One line: milliseconds, and every other time over Nabla's."""
    own = found["Nabla"]
    others = "   ".join(
        f"{name} {took:7.2f} ms ({took / own:.2f}×)" for name, took in found.items() if name != "Nabla"
    )
    print(f"{what:26} Nabla {own:6.2f} ms   {others}")


def main() -> None:
    """Print the three tables. A number over 1× says how much faster Nabla is."""
    print("held to AVX2" if "--avx2" in sys.argv else "each with the best instructions it finds")
    for hidden, batch, steps in SIZES:
        data = Data(CELLS["lstm"](hidden, hidden), batch, steps)
        contestants = {"Nabla": nabla(data), "PyTorch": pytorch(data), "naive float64": naive_step(data)}
        first = nabla(data)()
        np.testing.assert_allclose(naive_step(data)(), first, rtol=1e-3, atol=1e-4 * np.abs(first).max())
        found = in_turn({**contestants, "products alone": products(data)})
        report(f"LSTM {hidden}, batch {batch}, {steps} steps", found)
    for hidden, batch, steps in SIZES:
        report(
            f"characters, LSTM {hidden}", in_turn(network_on_characters(hidden, batch, steps), SECONDS / 2)
        )
    for hidden, batch, steps in SIZES:
        data = Data(CELLS["gru"](hidden, hidden), batch, steps)
        report(f"GRU {hidden}", in_turn({"Nabla": nabla(data), "PyTorch": pytorch(data)}, SECONDS / 2))


if __name__ == "__main__":
    main()
