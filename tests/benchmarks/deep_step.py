"""One training step of a deep network: 2-(64)×20-1, batch 64, ReLU, Adam, float32, one BLAS thread.

    python -m tests.benchmarks.deep_step

Loss and gradients are checked against PyTorch first. Then Nabla and PyTorch (eager, with its ordinary and
its fused Adam) take turns in short rounds, in process time, and the medians are compared. It is timed again
with a gradient that vanishes: sigmoid and small weights, where float32 runs out of digits.
"""

import os

for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ[f"{library}_NUM_THREADS"] = "1"  # before NumPy is imported

import importlib.util
from collections.abc import Callable
from functools import partial
from itertools import cycle
from statistics import median
from time import process_time

import numpy as np

from engine.activations import Array
from engine.networks.deep_network import DeepTrainer, deep_network
from engine.networks.initializers import he_normal, normal
from engine.networks.network import Network
from engine.optimizers.adam import Adam

RATE, BATCH, ROUNDS, STEPS = 0.001, 64, 40, 40
HEALTHY = deep_network(20, 64, "relu")
VANISHING = deep_network(20, 64, "sigmoid")
RNG = np.random.default_rng(0)
BATCHES, WRONG = 16, 0.1  # a tenth of the labels is wrong, so that the loss never gets to 0
X = RNG.normal(size=(BATCHES, BATCH, 2)).astype(np.float32)
Y = ((X[..., :1] * X[..., 1:] > 0) ^ (RNG.random((BATCHES, BATCH, 1)) < WRONG)).astype(np.float32)
Step = Callable[[], object]


def nabla(network: Network, theta: Array) -> Step:
    """The step that the experiment takes."""
    learner = DeepTrainer(network, Adam(RATE), theta)
    batches = cycle(zip(X, Y, strict=True))
    return lambda: learner.learn(*next(batches))


def pytorch(network: Network, theta: Array, fused: bool) -> Step:
    """The same step in eager PyTorch; checks first that both find the same loss and gradient."""
    import torch

    torch.set_num_threads(1)
    bend = {"relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid}[network.activation]
    parts: list[torch.nn.Module] = []
    for weights, shift, _ in network.layers(theta):
        layer = torch.nn.Linear(*weights.shape)
        with torch.no_grad():
            layer.weight.copy_(torch.tensor(weights.T))
            layer.bias.copy_(torch.tensor(shift))
        parts += [layer, bend()]
    layers, model = parts[:-1:2], torch.nn.Sequential(*parts[:-1])
    loss, data = torch.nn.BCEWithLogitsLoss(), list(zip(torch.tensor(X), torch.tensor(Y), strict=True))
    batches = cycle(data)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=fused)

    def step() -> float:
        x, y = next(batches)
        optimizer.zero_grad()
        value = loss(model(x), y)
        value.backward()
        optimizer.step()
        return float(value.item())

    said = network.loss_and_gradient(theta, X[0], Y[0])
    value = loss(model(data[0][0]), data[0][1])
    value.backward()
    theirs = np.concatenate(
        [g for a in layers for g in (a.weight.grad.numpy().T.ravel(), a.bias.grad.numpy())]  # type: ignore[union-attr, operator]
    )
    np.testing.assert_allclose(said.loss, value.item(), rtol=1e-5)
    np.testing.assert_allclose(said.gradient, theirs, rtol=1e-3, atol=1e-7)
    return step


def contestants() -> dict[str, Step]:
    """Nabla, and PyTorch when it is installed."""
    theta = HEALTHY.start(np.random.default_rng(1), he_normal)
    small = VANISHING.start(np.random.default_rng(1), partial(normal, std=0.02))
    steps = {"Nabla": nabla(HEALTHY, theta), "Nabla, vanishing": nabla(VANISHING, small)}
    if importlib.util.find_spec("torch"):
        steps["PyTorch eager, Adam"] = pytorch(HEALTHY, theta, fused=False)
        steps["PyTorch eager, fused Adam"] = pytorch(HEALTHY, theta, fused=True)
        steps["PyTorch eager, vanishing"] = pytorch(VANISHING, small, fused=False)
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
    own = median(times["Nabla"])
    for name, samples in times.items():
        print(f"{name:28} {median(samples):7.0f} µs a step   {median(samples) / own:5.2f} × Nabla")


if __name__ == "__main__":
    main()
