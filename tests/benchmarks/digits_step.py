"""One training step on the digits: 64-128-128-10, batch 64, Adam, float32, one BLAS thread.

    python -m tests.benchmarks.digits_step

Gradients are checked against PyTorch first. Then Nabla, PyTorch (eager) and scikit-learn take turns in short
rounds, in process time, and the medians are compared. Nabla's step is that of *Losses ▸ Image
classifier*; the whole experiment, with its frames and measurements, is timed beside it. A peer
that is not installed is left out.
"""

import os

for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ[f"{library}_NUM_THREADS"] = "1"  # before NumPy is imported

import importlib.util
from collections.abc import Callable
from itertools import cycle
from statistics import median
from time import process_time

import numpy as np

from engine.data.settings import Digits
from engine.data.training_data import streams
from engine.experiments.losses.classifier import frames
from engine.experiments.losses.classifier_config import ClassifierConfig, network_of, prepare
from engine.experiments.losses.classifier_inspection import targets_of
from engine.optimizers.adam import Adam
from engine.optimizers.trainer import Learner
from engine.pieces import result_of

RATE, BATCH, ROUNDS, STEPS = 0.001, 64, 60, 50
CONFIG = ClassifierConfig(
    data=Digits(tuple(range(10))), layers=2, width=128, batch_size=BATCH, optimizer=Adam(RATE), epochs=10_000
)
DATA = result_of(prepare(CONFIG))
NETWORK = network_of(CONFIG, DATA)
THETA = NETWORK.start(streams(0)[1])
TARGETS = targets_of(CONFIG, DATA).astype(np.float32)
ROWS = [DATA.training[begin : begin + BATCH] for begin in range(0, len(DATA.training) - BATCH, BATCH)]
Step = Callable[[], object]


def nabla() -> Step:
    """The step that the experiment takes."""
    rows, learner = cycle(ROWS), Learner(CONFIG.optimizer, THETA)

    def step() -> None:
        batch = next(rows)
        x, target = DATA.inputs.take(batch, axis=0), TARGETS.take(batch, axis=0)
        learner.step(NETWORK.loss_and_gradient(learner.theta, x, target).gradient)

    return step


def experiment() -> Step:
    """The experiment as it runs: frames with scalars, gradient norm, held-out loss and accuracy."""
    run = frames(CONFIG, DATA)
    next(run)
    return lambda: next(run)


def pytorch(fused: bool) -> Step:
    """The same step in eager PyTorch; checks first that both find the same loss and gradient."""
    import torch

    torch.set_num_threads(1)
    layers = [
        torch.nn.Linear(n_in, n_out) for n_in, n_out in zip(NETWORK.sizes, NETWORK.sizes[1:], strict=False)
    ]
    model = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1], torch.nn.ReLU(), layers[2])
    with torch.no_grad():
        for layer, (weights, bias, _) in zip(layers, NETWORK.layers(THETA), strict=True):
            layer.weight.copy_(torch.tensor(weights.T))
            layer.bias.copy_(torch.tensor(bias))
    x, y = torch.tensor(DATA.inputs), torch.tensor(DATA.labels)
    loss = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=fused)
    rows = cycle([torch.tensor(batch) for batch in ROWS])

    def step() -> float:
        batch = next(rows)
        optimizer.zero_grad()
        value = loss(model(x[batch]), y[batch])
        value.backward()
        optimizer.step()
        return value.item()

    said = NETWORK.loss_and_gradient(THETA, DATA.inputs[ROWS[0]], TARGETS[ROWS[0]])
    value = loss(model(x[torch.tensor(ROWS[0])]), y[torch.tensor(ROWS[0])])
    value.backward()
    theirs = np.concatenate(
        [g for a in layers for g in (a.weight.grad.numpy().T.ravel(), a.bias.grad.numpy())]
    )
    np.testing.assert_allclose(said.loss, value.item(), rtol=1e-5)
    np.testing.assert_allclose(said.gradient, theirs, rtol=1e-3, atol=1e-6)
    return step


def scikit_learn() -> Step:
    """One call of `partial_fit`, which is one step of Adam on the batch it is given."""
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier((128, 128), batch_size=BATCH, learning_rate_init=RATE, alpha=0.0)
    rows = cycle(ROWS)
    model.partial_fit(DATA.inputs[ROWS[0]], DATA.labels[ROWS[0]], classes=np.arange(10))

    def step() -> None:
        batch = next(rows)
        model.partial_fit(DATA.inputs[batch], DATA.labels[batch])

    return step


def contestants() -> dict[str, Step]:
    """Nabla, and those of the others that are installed."""
    steps = {"Nabla, the step": nabla(), "Nabla, the whole experiment": experiment()}
    if importlib.util.find_spec("torch"):
        steps["PyTorch eager, Adam"] = pytorch(fused=False)
        steps["PyTorch eager, fused Adam"] = pytorch(fused=True)
    if importlib.util.find_spec("sklearn"):
        steps["scikit-learn partial_fit"] = scikit_learn()
    return steps


def main() -> None:
    """Time all of them in turn and print microseconds and ratios."""
    steps = contestants()
    times: dict[str, list[float]] = {name: [] for name in steps}
    for turn in range(ROUNDS + 2):
        for name, step in steps.items():
            begin = process_time()
            for _ in range(STEPS):
                step()
            if turn >= 2:  # the first rounds warm up
                times[name].append((process_time() - begin) / STEPS * 1e6)
    own = median(times["Nabla, the step"])
    for name, samples in times.items():
        print(f"{name:28} {median(samples):7.0f} µs a step   {median(samples) / own:5.2f} × the step")


if __name__ == "__main__":
    main()
