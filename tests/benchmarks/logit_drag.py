"""A logit is dragged: the chain, the Jacobian and every gradient are computed and drawn again.

python -m tests.benchmarks.logit_drag
"""

from math import sin
from statistics import median, quantiles
from time import perf_counter

from engine.config import replaced
from tests.benchmarks.window import open_window


def main() -> None:
    """Print the median and the 99th percentile of a drag, from the new logit to the finished picture."""
    from PySide6.QtWidgets import QApplication

    with open_window(1280, 720) as window:
        window.clock.pause()
        window.show_experiment("losses.softmax")
        for classes in (4, 8):
            for pane in ("training", "sigmoid", "regions"):
                playback, screen = window.playback, window.on_screen
                screen.view.set_option(pane=pane)
                playback.edit(replaced(playback.config, logits=(0.0,) * classes))
                screen.tick(0.0)
                playback.seek(300)
                screen.tick(0.0)
                QApplication.processEvents()
                times = []
                for turn in range(220):
                    logits = (4.0 * sin(turn / 15), *playback.config.logits[1:])
                    begin = perf_counter()
                    playback.edit(replaced(playback.config, logits=logits))
                    screen.tick(0.017)
                    QApplication.processEvents()
                    times.append(1000 * (perf_counter() - begin))
                times = times[20:]
                high = quantiles(times, n=100)[98]
                print(f"{classes} logits, {pane}: median {median(times):.1f} ms, p99 {high:.1f} ms")


if __name__ == "__main__":
    main()
