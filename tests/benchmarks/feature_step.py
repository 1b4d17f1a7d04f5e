"""One training step of the image classifier for each kind of features: batch 32, float32, one BLAS thread.

    python -m tests.benchmarks.feature_step

Random pictures of 8 × 8 pixels in four classes, and of 28 × 28 in ten; there is no hidden layer. Where
PyTorch is installed, its step of the same network stands beside it. Process time, medians of short rounds.
"""

import os

for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ[f"{library}_NUM_THREADS"] = "1"  # before NumPy is imported

import importlib.util
from collections.abc import Callable
from math import prod
from statistics import median
from time import process_time

import numpy as np

from engine.experiments.losses.classifier_features import EdgeFilters, FeatureKind, LearntFilters, Pixels
from engine.networks.feature_maps import FeatureNetwork
from engine.networks.network import Network
from engine.optimizers.trainer import keep_freed_memory

BATCH, ROUNDS, STEPS = 32, 15, 20
KINDS: dict[str, FeatureKind] = {
    "pixels": Pixels(),
    "edge filters": EdgeFilters(),
    "8 filters of 3 × 3, max": LearntFilters(),
    "8 filters of 3 × 3, mean": LearntFilters(pooling="mean"),
    "16 filters of 5 × 5, max": LearntFilters(maps=16, side="5"),
}
Step = Callable[[], object]


def nabla(kind: FeatureKind, side: int, classes: int) -> Step:
    """Loss and gradient, as the experiment computes them."""
    rng, bank = np.random.default_rng(0), kind.bank((side, side))
    x = rng.random((BATCH, side * side)).astype(np.float32)
    target = np.eye(classes, dtype=np.float32)[rng.integers(0, classes, BATCH)]
    head = Network((side * side if bank is None else prod(bank.maps_shape), classes))
    network = head if bank is None else FeatureNetwork(bank, head)
    theta = network.start(rng)
    return lambda: network.loss_and_gradient(theta, x, target)


def pytorch(side: int, classes: int) -> Step:
    """The same for 8 filters of 3 × 3 and the largest of 2 × 2."""
    import torch

    torch.set_num_threads(1)
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 8, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(8 * (side // 2) ** 2, classes),
    )
    x, y = torch.rand(BATCH, 1, side, side), torch.randint(0, classes, (BATCH,))

    def step() -> None:
        model.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()

    return step


def main() -> None:
    """Time all of them in turn and print microseconds."""
    keep_freed_memory()
    for side, classes in ((8, 4), (28, 10)):
        steps = {name: nabla(kind, side, classes) for name, kind in KINDS.items()}
        if importlib.util.find_spec("torch"):
            steps["PyTorch, 8 of 3 × 3, max"] = pytorch(side, classes)
        times: dict[str, list[float]] = {name: [] for name in steps}
        for turn in range(ROUNDS + 1):
            for name, step in steps.items():
                begin = process_time()
                for _ in range(STEPS):
                    step()
                if turn:  # the first round warms up
                    times[name].append((process_time() - begin) / STEPS * 1e6)
        for name, samples in times.items():
            print(f"{side:2} × {side:2}   {name:26} {median(samples):7.0f} µs")


if __name__ == "__main__":
    main()
