"""How long the window may have to wait for the engine: the longest pieces of a run, in processor time.

python -m tests.benchmarks.longest_piece [seconds]
"""

import sys
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np

from engine.config import replaced
from engine.experiment import Frame
from engine.experiments import EXPERIMENTS
from engine.pieces import result_of

LARGE: dict[str, dict[str, Any]] = {
    "lstm.train": {"layers": 2, "batch_size": 256},
    "lstm.memory": {"delay": 256},
    "gradients.deep_network": {"depth": 32, "width": 256},
    "losses.softmax": {"batch_size": 512},
    "optimizers.maps": {"surface": "expression", "expression": "sin(3*x)*cos(2*y) + x^2/9 + y^2/7"},
}


def main() -> None:
    """Print, for every experiment and for the dearest settings, milliseconds a frame and a piece of one."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    print(f"{'':44}  frame: median     max   piece: p99     max  (ms of the processor)")
    for name, changes in [*((name, {}) for name in EXPERIMENTS), *LARGE.items()]:
        pieces, frames = measured(name, changes, seconds)
        last = sorted(pieces)
        row = (median(frames), max(frames), last[int(0.99 * len(last))], last[-1])
        title = f"{name} {'large' if changes else ''}"
        print(f"{title:44}       {row[0]:7.1f} {row[1]:7.1f}      {row[2]:7.1f} {row[3]:7.1f}", flush=True)


def measured(name: str, changes: dict[str, Any], seconds: float) -> tuple[list[float], list[float]]:
    """Milliseconds of every piece, and of every frame; the first frame makes the arrays and counts too."""
    experiment = EXPERIMENTS[name]
    config = replaced(experiment.config_type(), **changes)
    data = result_of(experiment.preparing(config))
    run, until = iter(experiment.run(config, data)), seconds + perf_counter()
    pieces, frames, so_far = [], [], 0.0
    with np.errstate(all="ignore"):
        while perf_counter() < until or not frames:
            begun = process_time()
            found = next(run, None)
            if found is None:
                break
            pieces.append(1e3 * (process_time() - begun))
            so_far += pieces[-1]
            if isinstance(found, Frame):
                frames.append(so_far)
                so_far = 0.0
    return pieces, frames


if __name__ == "__main__":
    main()
