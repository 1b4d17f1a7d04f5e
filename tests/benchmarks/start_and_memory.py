"""Seconds from start to the moving race, beside a bare window of pyqtgraph; memory of 10⁶ steps.

python -m tests.benchmarks.start_and_memory
"""

import os
import resource
import subprocess
import sys
from statistics import median
from time import time

TIMES = 5  # how often each start is timed, one kind after the other


def bare() -> None:
    """Open a window of pyqtgraph with one curve."""
    import pyqtgraph as pg
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    plot = pg.PlotWidget()
    plot.plot([0.0, 1.0, 0.5])
    plot.resize(1440, 900)
    plot.show()
    application.processEvents()
    print(time(), flush=True)


def moving() -> None:
    """Open the program's window, and wait for the second step of the race."""
    from PySide6.QtWidgets import QApplication

    from tests.benchmarks.window import open_window

    with open_window() as window:
        window.playback.play()
        while window.playback.step < 2:
            QApplication.processEvents()
        print(time(), flush=True)


def million() -> None:
    """Run four racers over 10⁶ steps, draw the last one, and print the most memory that was used."""
    from PySide6.QtWidgets import QApplication

    from engine.config import replaced
    from tests.benchmarks.window import open_window

    with open_window() as window:
        playback = window.playback
        playback.edit(replaced(playback.config, steps=1_000_000, racers=playback.config.racers[2:]))
        playback.tick(0.0)
        while playback.runner.finish is None:
            playback.seek(playback.runner.recording.last)
            QApplication.processEvents()
        playback.seek(1_000_000)
        window.on_screen.tick(0.0)
        window.repaint()
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"10^6 steps of {len(playback.config.racers)} racers: at most {most} MB")


def seconds(kind: str) -> float:
    """Return the seconds from the start of a process to what it shows, imports included."""
    begin = time()
    done = subprocess.run(
        [sys.executable, "-m", __spec__.name, kind], check=True, capture_output=True, text=True
    )
    return float(done.stdout or time()) - begin


def main() -> None:
    """Print both."""
    starts = [(seconds("bare"), seconds("moving")) for _ in range(TIMES)]
    alone, ours = (sorted(each) for each in zip(*starts, strict=True))
    print(
        f"start to the moving race: best {ours[0]:.2f} s, median {median(ours):.2f} s; "
        f"a bare window of pyqtgraph: best {alone[0]:.2f} s; ratio {ours[0] / alone[0]:.2f}"
    )
    subprocess.run([sys.executable, "-m", __spec__.name, "million"], check=True)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    {"bare": bare, "moving": moving, "million": million, "": main}["".join(sys.argv[1:])]()
