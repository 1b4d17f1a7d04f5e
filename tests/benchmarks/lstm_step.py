"""One training step of an LSTM: forward, back through all of time, Adam. float32, one BLAS thread.

    python -m tests.benchmarks.lstm_step            # each library with the best instructions it finds
    python -m tests.benchmarks.lstm_step --avx2     # all of them held to AVX2

Gradients are checked against each other first. Then Nabla, PyTorch (eager), a naive NumPy form in float64,
and the bare matrix products that nobody can do without take turns in short rounds, in process time. The ratio
of a round is that of two neighbours in time, so that the load of the machine hits both; the median over the
rounds is printed, and the ratio of the two best times. Below each size stands what its step is made of: every
call of NumPy, what it reads and writes, and its time. A second table is a whole network on characters, a
third the GRU. Which instructions a library uses matters more than anything else here. An OPENBLAS_CORETYPE
in the environment would choose them for NumPy alone; it is left out of account, so that both libraries find
out for themselves.
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
from engine.recurrent.fast import lstm
from engine.recurrent.fast.table import sequence_of
from engine.recurrent.network import RecurrentNetwork
from engine.recurrent.through_time import CELLS, Cell
from tests.benchmarks.lstm_naive import naive_step
from tests.benchmarks.numpy_clock import NumPyClock

SIZES = ((32, 32, 100), (64, 32, 100), (128, 32, 100), (256, 64, 50))  # hidden (and inputs), batch, steps
SECONDS = 10.0  # for each size
TURN = 0.03  # seconds
VOCABULARY, EMBEDDING = 65, 32
RATE = 0.001
PRODUCTS = ("dot", "matmul")
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
    """The fast form."""
    sequence = sequence_of(data.cell, data.steps, data.batch)
    rule = Adam(RATE)
    theta, state = data.theta, rule.start(data.theta)

    def step() -> np.ndarray:
        nonlocal theta, state
        sequence.forward(theta, data.x)
        gradient = sequence.backward(data.d_hidden)
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
    hidden, batch, steps = data.cell.hidden, data.batch, data.steps
    width = data.cell.inputs + 1 + hidden
    stack, z = np.ones((steps, batch, width), np.float32), np.ones((steps, batch, 4 * hidden), np.float32)
    weights, recurrent = np.ones((width, 4 * hidden), np.float32), np.ones((4 * hidden, hidden), np.float32)
    d_h, d_weights = np.ones((batch, hidden), np.float32), np.ones((4 * hidden, width), np.float32)

    def step() -> None:
        for t in range(steps):
            np.dot(stack[t], weights, out=z[t])
        for t in range(steps):
            np.dot(z[t], recurrent, out=d_h)
        np.dot(z.reshape(-1, 4 * hidden).T, stack.reshape(-1, width), out=d_weights)

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


def in_turn(steps: dict[str, Step], seconds: float = SECONDS) -> dict[str, list[float]]:
    """Milliseconds a step, round by round: in a round each has its turn, so load is shared alike.

    A turn is as many steps as PyTorch takes in `TURN` seconds: as in a training, one step follows the other.
    """
    for step in steps.values():
        step()
    begin = process_time()
    steps["PyTorch"]()
    count = max(1, round(TURN / (process_time() - begin)))
    times: dict[str, list[float]] = {name: [] for name in steps}
    begin_all = process_time()
    while process_time() - begin_all < seconds or len(times["Nabla"]) < 7:
        for name, step in steps.items():
            begin = process_time()
            for _ in range(count):
                step()
            times[name].append((process_time() - begin) * 1e3 / count)
    return {name: samples[1:] for name, samples in times.items()}


def report(what: str, found: dict[str, list[float]]) -> None:
    """One line: median milliseconds; then every other time over Nabla's, round by round and at the best."""
    own = found["Nabla"]
    others = []
    for name, took in found.items():
        if name != "Nabla":
            ratio = median(theirs / ours for theirs, ours in zip(took, own, strict=True))
            others.append(f"{name} {median(took):7.2f} ms ({ratio:.2f}×, best {min(took) / min(own):.2f}×)")
    print(f"{what:28} Nabla {median(own):6.2f} ms   {'   '.join(others)}")


def passes(data: Data) -> None:
    """What limits a step: every kind of call, how many arrays [batch, hidden] it reads and writes, its time.

    Without Adam; all per step of time. Calls that take less than 1 % are put together.
    """
    sequence, clock, rounds = sequence_of(data.cell, data.steps, data.batch), NumPyClock(), 20
    for _ in range(rounds):
        with clock.inside(lstm):
            sequence.forward(data.theta, data.x)
            sequence.backward(data.d_hidden)
    steps, array = rounds * data.steps, data.batch * data.cell.hidden * 4
    whole, rest = sum(one.nanoseconds for one in clock.passes.values()), 0.0
    for name, one in clock.passes.items():
        if one.nanoseconds < whole / 100:
            rest += one.nanoseconds
            continue
        read, written = (memory * one.calls / array / steps for memory in (one.read, one.written))
        print(
            f"    {name:26} {one.calls / steps:5.2f} calls   arrays read {read:5.2f}, written {written:4.2f}"
            f"   {one.nanoseconds / steps / 1e3:7.2f} µs   {one.nanoseconds / whole:4.0%}"
        )
    print(f"    {'all others':66} {rest / steps / 1e3:7.2f} µs   {rest / whole:4.0%}")
    of_products = sum(one.nanoseconds for name, one in clock.passes.items() if name.startswith(PRODUCTS))
    print(f"    together {whole / steps / 1e3:.2f} µs; the products {of_products / whole:.0%} of it")


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
        passes(data)
    for hidden, batch, steps in SIZES:
        report(
            f"characters, LSTM {hidden}", in_turn(network_on_characters(hidden, batch, steps), SECONDS / 2)
        )
    for hidden, batch, steps in SIZES:
        data = Data(CELLS["gru"](hidden, hidden), batch, steps)
        report(f"GRU {hidden}", in_turn({"Nabla": nabla(data), "PyTorch": pytorch(data)}, SECONDS / 2))


if __name__ == "__main__":
    main()
