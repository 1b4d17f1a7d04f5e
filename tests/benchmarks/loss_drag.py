"""The pages *Loss curves* and *Sigmoid*, worked out again and redrawn while a handle is dragged.

python -m tests.benchmarks.loss_drag
"""

from collections.abc import Callable
from math import sin
from statistics import median, quantiles
from time import perf_counter
from typing import TYPE_CHECKING

from engine.config import Config, replaced
from tests.benchmarks.window import open_window

if TYPE_CHECKING:
    from gui.app.window import Window


def dragged(window: "Window", title: str, edit: Callable[[float], Config]) -> None:
    """Print the median and the 99th percentile of a drag, from the new config to the finished picture."""
    from PySide6.QtWidgets import QApplication

    playback, times, complete = window.playback, [], 0
    step = playback.step
    for turn in range(220):
        begin = perf_counter()
        playback.edit(edit(sin(turn / 20)))
        window.on_screen.tick(0.0)
        QApplication.processEvents()
        times.append(1000 * (perf_counter() - begin))
        complete += playback.shown is playback.runner and playback.step == step
    high = quantiles(times[20:], n=100)[98]
    print(f"{title}: median {median(times[20:]):.1f} ms, p99 {high:.1f} ms; whole in {complete} of 220")


def main() -> None:
    """Drag the start of the neuron and the point of the loss curves."""
    with open_window(1280, 720) as window:
        window.clock.pause()
        window.show_experiment("losses.neuron")
        playback = window.playback
        for steps in (300, 2000):
            playback.edit(replaced(playback.config, steps=steps))
            playback.tick(0.0)
            playback.seek(60)
            dragged(window, f"neuron, {steps} steps", lambda s: replaced(playback.config, bias=2.0 + 3.0 * s))
        window.show_experiment("losses.curves")
        curves = window.playback
        curves.tick(0.0)
        dragged(window, "curves, the point", lambda s: replaced(curves.config, logit=round(6.0 * s, 3)))
        dragged(window, "curves, the target", lambda s: replaced(curves.config, label=0.5 + 0.5 * s))


if __name__ == "__main__":
    main()
