"""Everything that can be dragged is dragged: from the move of the mouse to the finished picture.

Every slider and start point of every cheap experiment, with each of its choices; and, as a hand would, the
rings, points, bars and starts in the plots of every experiment.

python -m tests.benchmarks.every_drag [EXPERIMENT] [turns]

Both the time that has passed and the time that the processor worked for it (engine and screen together) are
told: on a machine that does other things too, only the second can be compared.
"""

import sys
from collections.abc import Callable, Iterator
from math import sin
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any, NamedTuple

from engine.config import Problem, replaced
from engine.experiments import EXPERIMENTS
from gui.app.window import Window
from gui.form.field import Field, fields_of, structs_in, tag_of
from gui.screen.playback import Playback
from tests.benchmarks.handles import Mouse, handles
from tests.benchmarks.window import open_window

BUDGET = 16.0  # ms
TURNS, WARM = 60, 10
SHOWN = 3  # the slowest drags of an experiment, told whatever they take


class Drag(NamedTuple):
    """What was dragged, and how long its pictures took, in ms."""

    high: float  # p99
    middle: float
    work: float  # the median of the processor's time
    late: int  # pictures that were not yet those of the new config
    words: str


def scenes(config: Any) -> Iterator[tuple[str, Any]]:
    """The config with each of its choices and kinds, one at a time."""
    yield "as it comes", config
    for field in fields_of(type(config)):
        values = {name: name for name in field.choices}
        if field.kind == "optimizer":
            values = {tag_of(kind): kind() for kind in structs_in(field.type)}
        for name, value in values.items():
            try:
                changed = replaced(config, **{field.name: value})
            except Problem:
                continue
            if changed != config and field.when(config):
                yield f"{field.name} {name}", changed


def sliders(config: Any) -> Iterator[tuple[Field, ...]]:
    """The way to every number and point that is in the foreground and has an effect."""
    for field in fields_of(type(config)):
        if field.more or not field.when(config):
            continue
        if field.kind == "optimizer":
            yield from ((field, *rest) for rest in sliders(getattr(config, field.name)))
        elif field.kind == "point" or (field.kind in ("real", "int") and field.slider_range):
            yield (field,)


def moved(config: Any, way: tuple[Field, ...], t: float) -> Any:
    """The config with one number moved to a place between the ends of its slider, 0 < t < 1."""
    field, *rest = way
    if rest:
        value = moved(getattr(config, field.name), tuple(rest), t)
    elif field.kind == "point":
        x, y = getattr(config, field.name)
        value = (x + 0.2 * (t - 0.5), y + 0.2 * (t - 0.5))
    else:
        low, high = field.slider_range or (0.0, 1.0)
        spread = field.log and low > 0
        value = low * (high / low) ** t if spread else low + t * (high - low)
        value = round(value) if field.kind == "int" else value
    return replaced(config, **{field.name: value})


def timed(window: Window, playback: Playback, turns: int, move: Callable[[int], object], words: str) -> Drag:
    """Move something to and fro."""
    from PySide6.QtWidgets import QApplication

    times, works, late = [], [], 0
    for turn in range(turns + WARM):
        begin, worked = perf_counter(), process_time()
        move(turn)
        window.on_screen.tick(0.0)
        QApplication.processEvents()
        times.append(1000 * (perf_counter() - begin))
        works.append(1000 * (process_time() - worked))
        late += playback.shown is not playback.runner
    high = quantiles(times[WARM:], n=100)[98]
    return Drag(high, median(times[WARM:]), median(works[WARM:]), late, words)


def drag(window: Window, playback: Playback, config: Any, way: tuple[Field, ...], turns: int) -> Drag | None:
    """Move one number to and fro; None where the config does not allow it."""
    try:
        wanted = [moved(config, way, 0.5 + 0.3 * sin(turn / 8)) for turn in range(turns + WARM)]
    except Problem:
        return None
    path = ".".join(field.name for field in way)
    return timed(window, playback, turns, lambda turn: playback.edit(wanted[turn]), path)


def drags_in_plots(window: Window, playback: Playback, turns: int) -> Iterator[Drag]:
    """Drag what can be caught in the plots on show; where one can draw, draw."""
    view = window.on_screen.view
    if hasattr(view.options, "draw"):
        view.set_option(draw=True)
    for number, panel in enumerate(view.panels()):
        for key in [key for key, _ in handles(panel)]:
            begin(playback, playback.config)
            window.on_screen.tick(0.0)
            if key not in dict(handles(panel)):  # what can be caught only at the start
                continue
            mouse = Mouse(panel, dict(handles(panel))[key])
            yield timed(window, playback, turns, mouse.move, f"in plot {number + 1}: {key}")
            mouse.release()


def begin(playback: Playback, config: Any) -> None:
    """Let a run of this config be made, and stand at its end."""
    playback.edit(config)
    playback.tick(0.0)
    playback.engine.aim(playback.runner, playback.runner.last_step or 10**9)
    playback.engine.wait_for(playback.runner, playback.runner.last_step or 10**9, 10)
    playback.tick(0.0)
    playback.seek(playback.runner.recording.last)


def measure(window: Window, name: str, turns: int) -> None:
    """Print the worst drags of an experiment, and all that miss the budget."""
    window.show_experiment(name)
    playback, found = window.playback, []
    for title, config in scenes(EXPERIMENTS[name].config_type()):
        cheap = EXPERIMENTS[name].is_cheap(config)
        if not cheap and title != "as it comes":
            continue
        begin(playback, config)
        for way in sliders(config) if cheap else ():
            if (done := drag(window, playback, config, way, turns)) is not None:
                found.append(done._replace(words=f"{title}, {done.words}"))
        playback.edit(config)
        window.on_screen.tick(0.0)
        found += [
            done._replace(words=f"{title}, {done.words}") for done in drags_in_plots(window, playback, turns)
        ]
    found.sort(key=lambda one: one.work, reverse=True)
    if found:
        print(f"{name}: {len(found)} drags, {sum(one.work > BUDGET for one in found)} above {BUDGET:.0f} ms")
    for one in found[:SHOWN]:
        print(
            f"  {one.work / BUDGET:4.2f} of {BUDGET:.0f} ms: {one.work:4.1f} ms of work, "
            f"median {one.middle:4.1f}, p99 {one.high:4.1f}, late {one.late:3d}  {one.words}",
            flush=True,
        )


def main() -> None:
    """Go through the catalogue, or one experiment."""
    names = [name for name in sys.argv[1:2] if name in EXPERIMENTS] or list(EXPERIMENTS)
    turns = int(sys.argv[2]) if len(sys.argv) > 2 else TURNS
    with open_window(1280, 720) as window:
        window.clock.pause()
        for name in names:
            measure(window, name, turns)


if __name__ == "__main__":
    main()
