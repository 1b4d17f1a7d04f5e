"""Frames while a network trains in the open window, and how much of its speed the engine keeps.

python -m tests.benchmarks.live_training [seconds] [losses.classifier | lstm.train]
"""

import sys
from math import inf
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

from engine.config import replaced
from engine.experiments import EXPERIMENTS
from engine.runner import Runner
from tests.benchmarks.window import open_window

LONG = {"losses.classifier": {"epochs": 10_000}, "lstm.train": {"steps": 100_000}}


def memory() -> float:
    """Megabytes that the process holds now (where the system tells)."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 / 2**20 if status.exists() else float("nan")


def main() -> None:
    """Print frame times with the engine free, and its speed with the window against alone."""
    from PySide6.QtCore import QEventLoop, QTimer

    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    name = sys.argv[2] if len(sys.argv) > 2 else "losses.classifier"
    experiment = EXPERIMENTS[name]
    config = replaced(experiment.config_type(), **LONG[name])
    alone = _alone(Runner(experiment, config), seconds / 2)
    with open_window() as window:
        window.show_experiment(experiment.name)
        window.playback.edit(config)
        window.playback.tick(0.0)
        window.playback.set_speed(inf)
        window.playback.play()
        frames: list[float] = []
        draw = window.on_screen.tick

        def timed(passed: float) -> None:
            before, begin = window.on_screen._drawn, perf_counter()
            draw(passed)
            if window.on_screen._drawn != before:
                frames.append(1000 * (perf_counter() - begin))

        window.on_screen.tick = timed  # type: ignore[method-assign]
        loop = QEventLoop()
        QTimer.singleShot(1000, loop.quit)
        loop.exec()
        frames.clear()
        held = [memory()]
        minute = QTimer()
        minute.timeout.connect(lambda: held.append(memory()))
        minute.start(60_000)
        first, begin, cpu = window.playback.recording.last, perf_counter(), process_time()
        QTimer.singleShot(int(1000 * seconds), loop.quit)
        loop.exec()
        speed = (window.playback.recording.last - first) / (perf_counter() - begin)
        cores = (process_time() - cpu) / (perf_counter() - begin)
        window.playback.pause()
        held.append(memory())
    print("memory: " + ", ".join(f"{megabytes:.0f}" for megabytes in held) + " MB, minute by minute")
    print(f"frames: p50 {median(frames):.1f} ms, p99 {quantiles(frames, n=100)[98]:.1f} ms, "
          f"longest {max(frames):.1f} ms, {len(frames) / seconds:.0f} a second")  # fmt: skip
    print(f"engine: {alone:.0f} steps/s alone, {speed:.0f} with the window, ratio {speed / alone:.2f} "
          f"({cores:.2f} cores)")  # fmt: skip


def _alone(runner: Runner, seconds: float) -> float:
    runner.drive(50)
    first, begin = runner.recording.last, perf_counter()
    runner.goal = inf
    while runner.hungry and perf_counter() - begin < seconds:
        runner.advance()
    return (runner.recording.last - first) / (perf_counter() - begin)


if __name__ == "__main__":
    main()
