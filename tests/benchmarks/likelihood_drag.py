"""A point, the outlier or the chance of a coin is dragged: run, both plots and the numbers made anew.

python -m tests.benchmarks.likelihood_drag
"""

from math import sin
from statistics import median, quantiles
from time import perf_counter

from engine.config import replaced
from engine.experiments.losses.likelihood_config import LikelihoodConfig, with_outlier, with_point, with_start
from tests.benchmarks.window import open_window

MANY = tuple((0.15 * k + 0.3, 1.0 + 0.08 * k + 0.5 * sin(7.0 * k)) for k in range(60))
LINE = LikelihoodConfig(steps=300)
OUTLIER = LikelihoodConfig(scene="outlier")
CASES = {
    "a point, 300 steps": (LINE, lambda c, t: with_point(c, 5, 3.0, 3.0 + 2 * t)),
    "a point of degree 5, 300 steps": (
        replaced(LINE, degree=5),
        lambda c, t: with_point(c, 5, 3.0, 3.0 + 2 * t),
    ),
    "one of 60 points, 1000 steps": (
        replaced(LINE, points=MANY, steps=1000),
        lambda c, t: with_point(c, 5, 3.0, 3.0 + 2 * t),
    ),
    "the start": (LINE, lambda c, t: with_start(c, 3.0 + 2 * t, 0.5)),
    "the coin, 1000 tosses": (
        LikelihoodConfig(scene="coin", tosses=1000),
        lambda c, t: replaced(c, p=0.5 + 0.4 * t),
    ),
    "the outlier": (OUTLIER, lambda c, t: with_outlier(c, 8.2, 3.0 + 4 * t)),
    "the outlier of 60 points": (
        replaced(OUTLIER, points=MANY),
        lambda c, t: with_outlier(c, 8.2, 3.0 + 4 * t),
    ),
}


def main() -> None:
    """Print the median and the 99th percentile of a drag, from the new config to the finished picture."""
    from PySide6.QtWidgets import QApplication

    with open_window(1280, 720) as window:
        window.clock.pause()
        window.show_experiment("losses.likelihood")
        playback = window.playback
        for name, (config, change) in CASES.items():
            playback.edit(config)
            playback.tick(0.0)
            playback.seek(30)
            times, complete = [], 0
            for turn in range(150):
                begin = perf_counter()
                playback.edit(change(config, sin(turn / 20)))
                window.on_screen.tick(0.0)
                QApplication.processEvents()
                times.append(1000 * (perf_counter() - begin))
                complete += playback.shown is playback.runner
            high = quantiles(times[20:], n=100)[98]
            print(f"{name}: median {median(times[20:]):.1f} ms, p99 {high:.1f} ms, whole {complete} of 150")


if __name__ == "__main__":
    main()
