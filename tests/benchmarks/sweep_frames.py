"""What a window does for each frame while a sweep runs beside it: with one core left, and with none.

python -m tests.benchmarks.sweep_frames [seconds of each]

The race plays at a step each tick; the dialog draws the results of 40 cells as they come.
The columns are those of `live_training`; of `draw` it is the time of one picture of the results.
"""

import os
import sys
import tempfile
from math import nan
from statistics import median
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

from tests.benchmarks.live_training import PACE, Frames, again, percentile, wait
from tests.benchmarks.window import open_window

if TYPE_CHECKING:
    from gui.app.sweep_dialog import SweepDialog
    from gui.app.window import Window

SWEPT = "losses.classifier"
SHOWN = "optimizers.race"


def opened(window: "Window") -> "SweepDialog":
    """The dialog of a sweep that takes longer than it is looked at."""
    from gui.app.sweep_dialog import SweepDialog

    window.show_experiment(SWEPT)
    wait(1.0)
    window.open_sweep()
    dialog = window.findChild(SweepDialog)
    assert isinstance(dialog, SweepDialog)
    dialog.form.first.choose(dialog.form.config, "optimizer.learning_rate", "0.001..0.3:8:log")
    dialog.form.second.choose(dialog.form.config, "batch_size", "8,16,32,64,128")
    dialog.form.seeds.setValue(200)
    wait(3.0)
    return dialog


def measured(window: "Window", what: str, seconds: float, drawn: list[float]) -> str:
    """A line of the table."""
    playback = window.playback
    playback.set_speed(PACE)
    playback.play()
    wait(1.0)
    frames, end, begin, cpu = Frames(window), perf_counter() + seconds, perf_counter(), thread_time()
    drawn.clear()
    while perf_counter() < end:
        again(playback)
        frames.count(True)
        wait(1.0)
        frames.count(False)
    took, cpu = perf_counter() - begin, thread_time() - cpu
    frames.close()
    playback.pause()
    made, at_once, wall = ((found or [nan]) * 2 for found in (frames.cpu, frames.at_once, frames.wall))
    line = f"{what:24} {median(made):12.1f} {percentile(made):6.1f} {percentile(at_once):13.1f}"
    line += f" {max(at_once):6.1f} {percentile(wall):10.1f} {len(frames.cpu) / took:9.1f} {cpu / took:7.2f}"
    return line + (
        f"   draw: {median(drawn):.1f}, most {max(drawn):.1f}, {len(drawn)} times" if drawn else ""
    )


def main() -> None:
    """Print the table."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    head = f"{'':24} {'cpu ms: p50':>12} {'p99':>6} {'at once: p99':>13} {'most':>6} {'wall: p99':>10}"
    print(f"{head} {'frames/s':>9} {'window':>7}")
    os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp()  # nothing is known before
    with open_window() as window:
        window.show_experiment(SHOWN)
        drawn: list[float] = []
        print(measured(window, "no sweep", seconds, drawn), flush=True)
        dialog = opened(window)
        show = dialog.seen.show_now

        def timed() -> None:
            before = thread_time()
            show()
            drawn.append(1000 * (thread_time() - before))

        dialog.seen.redraw.timeout.disconnect()
        dialog.seen.redraw.timeout.connect(timed)
        window.show_experiment(SHOWN)
        for count, what in ((0, "one core left"), (os.cpu_count() or 2, "no core left")):
            dialog.form.processes.setValue(count)
            dialog.start.click()
            wait(1.0)
            print(measured(window, what, seconds, drawn), flush=True)
            known = len(dialog.seen.results)
            dialog.start.click()  # Stop
            while dialog._work is not None:
                wait(0.1)
            print(f"{'':24} {known} runs known")
        dialog.close()


if __name__ == "__main__":
    main()
