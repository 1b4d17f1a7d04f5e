"""What one waits for: a sweep of all learning rates, a change in a running training, a fork.

python -m tests.benchmarks.reach

A change takes effect with the first step that has it; a fork is open as soon as its first own step is on the
screen. Both are measured in the open window, from the edit on, beside the time of a step. The time of the
processor is that of engine and window together: on a machine that does other things too, only that counts.
"""

from math import inf
from statistics import median
from threading import Thread
from time import perf_counter, process_time, sleep
from typing import TYPE_CHECKING, Any

from engine.config import replaced
from engine.convergence.rate_sweep import rate_grid
from engine.experiments import EXPERIMENTS
from engine.experiments.optimizers.race_config import RaceConfig
from engine.experiments.optimizers.race_rates import own_rates, sweeping_rates
from engine.optimizers.table import OPTIMIZERS
from engine.pieces import result_of
from tests.benchmarks.race_drag import EIGHT
from tests.benchmarks.window import open_window

if TYPE_CHECKING:
    from gui.app.window import Window

TURNS = 9
LONG = {"lstm.train": {"steps": 100_000}, "losses.classifier": {"epochs": 400}}


def sweep() -> None:
    """Eight racers on Rosenbrock at every rate of the grid, 500 steps each."""
    racers = tuple(OPTIMIZERS[name](learning_rate=rate) for name, rate in EIGHT.items())
    config, times = RaceConfig(racers=racers, steps=500), []
    for _ in range(TURNS):
        begin, worked = perf_counter(), process_time()
        result_of(sweeping_rates(config, 1))
        times.append((perf_counter() - begin, process_time() - worked))
    wall, work = (median(column) for column in zip(*times, strict=True))
    rates = len(rate_grid(*own_rates(config)))
    print(f"sweep 8 x {rates} x 500: {wall:.2f} s, {work:.2f} s of work (limit 1 s)")


def until(done: Any, seconds: float = 20.0) -> float:
    """Let the window live until something is so; the ms that it took."""
    from PySide6.QtWidgets import QApplication

    begin = perf_counter()
    while not done() and perf_counter() - begin < seconds:
        QApplication.processEvents()
        sleep(0.0005)  # the engine has the processor
    return 1000 * (perf_counter() - begin)


def changed_here(window: "Window", name: str, at: int, back: int, what: str) -> None:
    """Change the learning rate at a step: as the run goes on there, or `back` steps behind its end."""
    window.show_experiment(name)
    playback = window.playback
    playback.from_here, playback.speed = True, inf
    playback.edit(replaced(EXPERIMENTS[name].config_type(), **LONG[name]))
    playback.play()
    until(lambda: playback.shown is playback.runner and playback.recording.last >= at)
    each = 1000 * playback.runner.took / playback.recording.last
    waits = [changed_once(playback, back + turn if back else 0, turn) for turn in range(TURNS)]
    acts, work, seen = (median(column) for column in zip(*waits, strict=True))
    print(f"{what}: acts after {acts:.0f} ms ({work:.0f} of work), seen after {seen:.0f}; a step {each:.1f}")


def changed_once(playback: Any, back: int, turn: int) -> tuple[float, float, float]:
    """Change the rate; after how many ms the first step with it is there, their work, and when it is seen."""
    if back:
        playback.seek(playback.recording.last - back)
        until(lambda: playback.step == int(playback.playhead))
    here, before, rule = playback.step, playback.runner, playback.in_force.optimizer
    rule = rule.with_(learning_rate=rule.learning_rate * (0.5 if turn % 2 else 2))
    begin, worked = perf_counter(), process_time()
    playback.edit_settings(replaced(playback.in_force, optimizer=rule), here)
    if back:
        playback.play()
    fork, first = playback.runner, []

    def see() -> None:
        playback.engine.wait_for(fork, here + 1, 20.0)
        first.extend((perf_counter() - begin, process_time() - worked))

    watch = Thread(target=see)  # the window is busy with its pictures, and would see it later
    watch.start()
    until(lambda: playback.shown is fork is not before and playback.step > here)
    seen = perf_counter() - begin
    watch.join()
    return 1000 * first[0], 1000 * first[1], 1000 * seen


def main() -> None:
    """Print the three."""
    sweep()
    with open_window(1280, 720) as window:
        changed_here(window, "lstm.train", 300, 0, "a change in a running lstm.train (limit a frame, 17 ms)")
        changed_here(
            window, "losses.classifier", 2000, 1000, "a fork of 2000 steps of a classifier (limit 300 ms)"
        )


if __name__ == "__main__":
    main()
