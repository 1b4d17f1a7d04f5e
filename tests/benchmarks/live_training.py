"""What the open window does for each new moment of a run, and how much of its speed the engine keeps.

python -m tests.benchmarks.live_training [seconds of each] [experiment …]

Every experiment that trains, at full speed, and every one that is played, a step at each tick. A frame is
all that the window's thread does from one new moment to the next: the picture, the formulas, the answers,
what is painted late. Where another run begins, all plots are drawn at once: that is no frame of training, and
is not counted. `cpu` is its processor time, of which another program's load adds little; `at once` the
longest stretch of it in which the window hears nobody, and `wall` the same by the clock. `window` is the
share of a core that its thread takes. The engine's speed with the window is compared with its speed while
the clock stands still, turn by turn.
"""

import sys
from math import inf, nan
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any

from engine.config import replaced
from engine.experiments import EXPERIMENTS
from tests.benchmarks.window import open_window

if TYPE_CHECKING:
    from gui.app.window import Window

LONG = {
    "losses.classifier": {"epochs": 10_000},
    "lstm.train": {"steps": 100_000},
    "lstm.memory": {"steps": 5000},
    "gradients.deep_network": {"steps": 5000},
    "gradients.dying_relu": {"steps": 5000},
    "optimizers.sparse": {"steps": 5000},
}
LISTEN = 4  # ms between two proofs that the window hears
PACE = 60.0  # steps a second of what is played
ALONE = 0.25  # seconds in which the clock stands still
TURN = 1.0  # … after so many in which it runs
HEAD = (
    f"{'':24} {'cpu ms: p50':>12} {'p99':>6} {'at once: p99':>13} {'most':>6} {'wall: p99':>10}"
    f" {'frames/s':>9} {'window':>7} {'engine/s':>9} {'of alone':>9}"
)


def memory() -> float:
    """Megabytes that the process holds now (where the system tells)."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 / 2**20 if status.exists() else float("nan")


class Frames:
    """Listens to a window: what its thread does from one picture of a run to the next."""

    def __init__(self, window: "Window") -> None:
        from PySide6.QtCore import Qt, QTimer

        self.on = False
        self.cpu: list[float] = []  # ms of each frame
        self.at_once: list[float] = []  # ms of the longest stretch without hearing anybody, in each frame
        self.wall: list[float] = []  # … by the clock
        self._recording: object = None  # of the picture before
        self._begun, self._heard, self._longest = 0.0, (0.0, 0.0), [0.0, 0.0]
        self.screen, self.draw = window.on_screen, window.on_screen.draw
        self.screen.draw = self._drawn  # type: ignore[method-assign]
        self._probe = QTimer(timerType=Qt.TimerType.PreciseTimer)
        self._probe.timeout.connect(self._listen)
        self._probe.start(LISTEN)

    def _drawn(self) -> None:
        now = thread_time()
        at = self.screen.view.at
        recording = at.recording if at is not None else None
        same_run, self._recording = recording is self._recording, recording
        if self.on and self._begun and same_run:
            self.cpu.append(1000 * (now - self._begun))
            self.at_once.append(1000 * self._longest[0])
            self.wall.append(1000 * self._longest[1])
        self._begun, self._longest = now, [0.0, 0.0]
        self.draw()

    def _listen(self) -> None:
        now = thread_time(), perf_counter() - LISTEN / 1000
        for k, (before, after) in enumerate(zip(self._heard, now, strict=True)):
            self._longest[k] = max(self._longest[k], after - before)
        self._heard = thread_time(), perf_counter()

    def count(self, on: bool) -> None:
        """Count from the next picture on, or no more."""
        self.on, self._begun = on, 0.0
        self._heard, self._longest = (thread_time(), perf_counter()), [0.0, 0.0]

    def close(self) -> None:
        """Let the window be."""
        self._probe.stop()
        del self.screen.draw  # the method of its class is there again, and holds nothing


def wait(seconds: float) -> None:
    """Let the window live for a time."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    loop.exec()


class Speed:
    """The engine's steps and seconds, in turns with the window and alone."""

    def __init__(self, playback: Any) -> None:
        self.playback = playback
        self.steps = {"window": 0, "alone": 0}
        self.seconds = {"window": 0.0, "alone": 0.0}

    def turn(self, who: str, seconds: float) -> None:
        """Wait, and count."""
        runner, begin = self.playback.runner, perf_counter()
        first = runner.recording.last
        wait(seconds)
        if runner is self.playback.runner and runner.finish is None:
            self.steps[who] += runner.recording.last - first
            self.seconds[who] += perf_counter() - begin

    def of(self, who: str) -> float:
        """Steps a second."""
        return self.steps[who] / self.seconds[who] if self.seconds[who] else float("nan")


def again(playback: Any) -> None:
    """Begin a run anew that has ended."""
    if playback.ended:
        playback.reset()
        playback.play()


def measured(window: "Window", name: str, seconds: float) -> str:
    """A line of the table."""
    experiment = EXPERIMENTS[name]
    window.show_experiment(name)
    playback = window.playback
    config = replaced(experiment.config_type(), **LONG.get(name, {}))
    playback.edit(config)
    playback.tick(0.0)
    streams = not experiment.is_cheap(config)
    playback.set_speed(inf if streams else PACE)
    playback.play()
    wait(1.0)
    frames, speed = Frames(window), Speed(playback)
    end, cpu, begin = perf_counter() + seconds, 0.0, 0.0
    while perf_counter() < end:
        again(playback)
        before, started = thread_time(), perf_counter()
        frames.count(True)
        speed.turn("window", TURN)
        frames.count(False)
        cpu, begin = cpu + thread_time() - before, begin + perf_counter() - started
        if streams:
            window.clock.pause()
            speed.turn("alone", ALONE)
            window.clock.start()
    playback.pause()
    frames.close()
    made, at_once, wall = ((found or [nan]) * 2 for found in (frames.cpu, frames.at_once, frames.wall))
    line = f"{name:24} {median(made):12.1f} {percentile(made):6.1f} {percentile(at_once):13.1f}"
    line += f" {max(at_once):6.1f} {percentile(wall):10.1f} {len(frames.cpu) / begin:9.1f} {cpu / begin:7.2f}"
    if streams:
        line += f" {speed.of('window'):9.0f} {speed.of('window') / speed.of('alone'):9.2f}"
    return line


def percentile(values: list[float]) -> float:
    """The 99th."""
    return quantiles(values, n=100, method="inclusive")[98]


def main() -> None:
    """Print the table."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    names = sys.argv[2:] or [
        name for name, one in EXPERIMENTS.items() if one.prepare is not None or one.end(one.config_type())
    ]
    print(HEAD)
    with open_window() as window:
        for name in names:
            print(measured(window, name, seconds), flush=True)
        print(f"memory: {memory():.0f} MB")


if __name__ == "__main__":
    main()
