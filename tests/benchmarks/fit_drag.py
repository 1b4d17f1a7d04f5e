"""Five losses, trained again and redrawn while a bar of P is dragged.

python -m tests.benchmarks.fit_drag
"""

from math import sin
from statistics import median, quantiles
from time import perf_counter

from engine.config import replaced
from engine.information.shaped_distribution import Distribution
from tests.benchmarks.window import open_window


def main() -> None:
    """Print the median and the 99th percentile of a drag, from the new P to the finished picture."""
    from PySide6.QtWidgets import QApplication

    with open_window(1280, 720) as window:
        window.clock.pause()
        window.show_experiment("entropy.fit")
        playback = window.playback
        for steps, outcomes in ((100, 4), (300, 4), (100, 12)):
            p = Distribution((1 / outcomes,) * outcomes)
            playback.edit(replaced(playback.config, steps=steps, p=p))
            playback.tick(0.0)
            playback.seek(30)
            times, complete = [], 0
            for turn in range(200):
                begin = perf_counter()
                playback.edit(
                    replaced(playback.config, p=playback.config.p.moved(0, 0.5 + 0.4 * sin(turn / 20)))
                )
                window.on_screen.tick(0.0)
                QApplication.processEvents()
                times.append(1000 * (perf_counter() - begin))
                complete += playback.shown is playback.runner and playback.step == 30
            high = quantiles(times[20:], n=100)[98]
            print(
                f"{steps} steps, {outcomes} outcomes: median {median(times[20:]):.1f} ms, p99 {high:.1f} ms"
            )
            print(f"drawn whole in the same frame: {complete} of 200")


if __name__ == "__main__":
    main()
