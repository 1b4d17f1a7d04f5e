"""Eight optimizers × 500 steps, recomputed and redrawn while the start point is dragged.

python -m tests.benchmarks.race_drag
"""

from math import cos, sin
from statistics import median, quantiles
from time import perf_counter

from engine.config import replaced
from engine.optimizers.table import OPTIMIZERS
from tests.benchmarks.window import open_window

EIGHT = {
    "gradient_descent": 0.001,
    "sgd": 0.001,
    "momentum": 0.0005,
    "nesterov": 0.0005,
    "adagrad": 0.3,
    "rmsprop": 0.01,
    "adam": 0.05,
    "adamw": 0.05,
}


def main() -> None:
    """Print the median and the 99th percentile of a drag, from the new start to the finished picture."""
    from PySide6.QtWidgets import QApplication

    with open_window() as window:
        window.clock.pause()
        racers = tuple(OPTIMIZERS[name](learning_rate=rate) for name, rate in EIGHT.items())
        playback = window.playback
        playback.edit(replaced(playback.config, racers=racers, steps=500))
        playback.tick(0.0)
        playback.seek(500)
        times, complete = [], 0
        for turn in range(300):
            angle = turn / 20
            config = replaced(playback.config, start=(-1.0 + 0.5 * cos(angle), 1.0 + 0.5 * sin(angle)))
            begin = perf_counter()
            playback.edit(config)
            window.on_screen.tick(0.0)
            QApplication.processEvents()
            times.append(1000 * (perf_counter() - begin))
            complete += playback.shown is playback.runner and playback.step == 500
        times = times[20:]
        high = quantiles(times, n=100)[98]
        print(f"race 8 x 500, edit to picture: median {median(times):.1f} ms, p99 {high:.1f} ms")
        print(f"drawn whole in the same frame: {complete} of 300")


if __name__ == "__main__":
    main()
