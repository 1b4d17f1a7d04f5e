"""256 × 256 Adam runs of 500 steps on Rosenbrock, one thread: Nabla beside PyTorch, in the same precision.

    python -m tests.benchmarks.maps

PyTorch takes the 65,536 starts as one tensor (65536, 2) with autograd and `torch.optim.Adam` as it comes;
also as two tensors x and y, fused, and with the gradient written by hand as Nabla has it. Both note at every
step which runs are outside the circle around the minimum, to tell when each has arrived. Where the runs end
and when they arrive is compared first; then all take turns, in process time, and the medians are compared. At
last: how long the map takes as the window computes it, and its first coarse picture.
"""

import os

for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ[f"{library}_NUM_THREADS"] = "1"  # before NumPy is imported

import importlib.util
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np

from engine.config import replaced
from engine.convergence.many_runs import BLOCK, ManyRuns
from engine.experiments.optimizers.maps import EXPERIMENT
from engine.experiments.optimizers.maps_config import MapsConfig
from engine.optimizers.adam import Adam
from engine.runner import Runner
from engine.surfaces.classic import SURFACES

SIDE, STEPS, RATE, RADIUS, ROUNDS = 256, 500, 0.05, 0.05, 9
OWN = "Nabla"
SURFACE = SURFACES["rosenbrock"]
Places = np.ndarray[Any, Any]


def starts(kind: Any) -> tuple[Places, Places]:
    """The starts of the map, in a precision."""
    (x0, x1), (y0, y1) = SURFACE.bounds
    share = (np.arange(SIDE) + 0.5) / SIDE
    x, y = np.meshgrid(x0 + share * (x1 - x0), y0 + share * (y1 - y0))
    return x.ravel().astype(kind), y.ravel().astype(kind)


def nabla(kind: Any) -> tuple[Places, Places]:
    """Where all runs end, shape (2, runs), and when they arrived."""
    x, y = starts(kind)
    ends, arrivals = [], []
    for begin in range(0, len(x), BLOCK):
        part = slice(begin, begin + BLOCK)
        goal = np.ones_like(x[part])
        runs = ManyRuns(Adam(RATE), SURFACE, x[part], y[part], (goal, goal), RADIUS)
        runs.advance(STEPS)
        ends.append(np.stack((runs.x, runs.y)))
        arrivals.append(runs.arrived)
    return np.concatenate(ends, axis=1), np.concatenate(arrivals)


def pytorch(kind: Any, together: bool, by_hand: bool, fused: bool) -> tuple[Places, Places]:
    """The same runs in PyTorch."""
    import torch

    torch.set_num_threads(1)
    x, y = map(torch.tensor, starts(kind))
    places = [torch.stack((x, y), dim=1)] if together else [x, y]
    for place in places:
        place.requires_grad_()
    optimizer = torch.optim.Adam(places, lr=RATE, fused=fused)
    arrived = torch.zeros(len(x), dtype=torch.int16)
    for step in range(STEPS + 1):
        u, v = (places[0][:, 0], places[0][:, 1]) if together else places
        with torch.no_grad():
            outside = (u - 1) ** 2 + (v - 1) ** 2 > RADIUS**2
            torch.maximum(arrived, outside * (step + 1), out=arrived)
        if step == STEPS:
            break
        if by_hand:
            with torch.no_grad():
                bend = y - x * x
                x.grad, y.grad = 2 * (x - 1) - 400 * x * bend, 200 * bend
        else:
            optimizer.zero_grad()
            a, bend = 1 - u, v - u * u
            (a * a + 100 * bend * bend).sum().backward()
        optimizer.step()
    found = places[0].T if together else torch.stack(places)
    return found.detach().numpy(), arrived.numpy()


def contestants(kind: Any) -> dict[str, Callable[[], tuple[Places, Places]]]:
    """Nabla, and PyTorch where it is installed."""
    runs: dict[str, Callable[[], tuple[Places, Places]]] = {OWN: partial(nabla, kind)}
    if importlib.util.find_spec("torch"):
        runs["PyTorch, (65536, 2)"] = partial(pytorch, kind, True, False, False)
        runs["PyTorch, x and y"] = partial(pytorch, kind, False, False, False)
        runs["PyTorch, x and y, fused"] = partial(pytorch, kind, False, False, True)
        runs["PyTorch, gradient by hand, fused"] = partial(pytorch, kind, False, True, True)
    return runs


def compare(kind: Any) -> None:
    """Check that all find the same, let them take turns, and print the ratios."""
    runs = contestants(kind)
    found = {name: run() for name, run in runs.items()}
    ends, arrivals = found[OWN]
    for name, (places, steps) in found.items():
        away = np.quantile(np.abs(places - ends), 0.999)
        assert away < (1e-6 if kind is np.float64 else 5e-3), f"{name} ends elsewhere: {away}"
        assert np.mean(steps == arrivals) > 0.99, f"{name} arrives at other steps"
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            begin = process_time()
            run()
            times[name].append(process_time() - begin)
    least = median(times[OWN])
    for name, samples in times.items():
        print(
            f"{kind.__name__:8} {name:34} {median(samples):6.3f} s   {median(samples) / least:5.2f} × Nabla"
        )


def whole_map() -> None:
    """Time the experiment, to its first picture and to its end."""
    config = replaced(MapsConfig(), surface="rosenbrock", optimizer=Adam(RATE), steps=STEPS)
    firsts, wholes = [], []
    for _ in range(ROUNDS):
        runner, begin, first = Runner(EXPERIMENT, config), perf_counter(), 0.0
        while runner.finish is None:
            runner.advance()
            if runner.recording.last < 0:
                continue
            shot = runner.recording.snapshot(runner.recording.last)[1]
            first = first or (perf_counter() - begin if shot.runs else 0.0)
        firsts.append(first)
        wholes.append(perf_counter() - begin)
    print(f"the map in the window: first picture {1e3 * median(firsts):.0f} ms, whole {median(wholes):.2f} s")


def main() -> None:
    """Compare in both precisions."""
    for kind in (np.float32, np.float64):
        compare(kind)
    whole_map()


if __name__ == "__main__":
    main()
