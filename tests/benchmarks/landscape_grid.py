"""One point of a network landscape: with the first layer put together from three parts, and without.

Both give the same number (checked first); printed are the times, and how many times faster the first is.
Run: python -m tests.benchmarks.landscape_grid
"""

import os

for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

from statistics import median
from time import process_time

import numpy as np

from engine.config import replaced
from engine.experiments.optimizers.landscape import loss_over
from engine.experiments.optimizers.landscape_config import LandscapeConfig, prepare
from engine.networks.network_landscape import WeightPlane

POINTS, ROUNDS = 100, 7


def measure(layers: int, width: int) -> None:
    """Print the times for one network."""
    task = prepare(replaced(LandscapeConfig(), layers=layers, width=width))
    network, data = task
    rng = np.random.default_rng(0)
    plane = WeightPlane(network.start(rng).astype(np.float64), 0.1 * rng.normal(size=(2, network.count)))
    loss = loss_over(task, plane)
    x, target = data.inputs[data.training].astype(np.float64), data.targets[data.training].astype(np.float64)
    places = rng.normal(size=(POINTS, 2)).tolist()
    for place in places[:5]:
        assert np.isclose(loss.value(*place), network.loss(plane.at(*place), x, target), rtol=1e-10)
    parts, whole = [], []
    for _ in range(ROUNDS):  # in turn, so that both meet the same machine
        begun = process_time()
        for place in places:
            loss.value(*place)
        parts.append(process_time() - begun)
        begun = process_time()
        for place in places:
            network.loss(plane.at(*place), x, target)
        whole.append(process_time() - begun)
    one, other = (1e3 * median(times) / POINTS for times in (parts, whole))
    print(f"{layers} × {width}: {one:.3f} ms a point, {other:.3f} ms by the network, {other / one:.1f}×")


if __name__ == "__main__":
    for layers, width in ((0, 16), (1, 16), (2, 32)):
        measure(layers, width)
