"""Twelve outcomes: every number, bar, stack and word made anew while a bar of P is dragged.

python -m tests.benchmarks.distribution_drag
"""

from math import sin
from statistics import median, quantiles
from time import perf_counter

from engine.config import replaced
from engine.information.shaped_distribution import Distribution
from tests.benchmarks.window import open_window

P = Distribution((0.2, 0.15, 0.12, 0.1, 0.09, 0.08, 0.07, 0.06, 0.05, 0.04, 0.03, 0.01))
Q = Distribution((1 / 12,) * 12)


def main() -> None:
    """Print the median and the 99th percentile of a drag, from the edit to the finished picture."""
    from PySide6.QtWidgets import QApplication

    with open_window() as window:
        window.show_experiment("entropy.two_distributions")
        QApplication.processEvents()
        window.clock.pause()
        playback = window.playback
        playback.edit(replaced(playback.config, p=P, q=Q))
        playback.tick(0.0)
        times, complete = [], 0
        for turn in range(300):
            value = round(0.4 + 0.35 * sin(turn / 20), 3)
            begin = perf_counter()
            window.on_screen.view.bars.dragged.emit("p", 0, value)
            window.on_screen.tick(0.0)
            QApplication.processEvents()
            times.append(1000 * (perf_counter() - begin))
            shown = playback.recording.snapshot(0)[1]
            complete += playback.shown is playback.runner and shown.p[0] == value
        times = times[20:]
        high = quantiles(times, n=100)[98]
        print(f"12 outcomes, edit to picture: median {median(times):.1f} ms, p99 {high:.1f} ms")
        print(f"drawn whole in the same frame: {complete} of 300")


if __name__ == "__main__":
    main()
