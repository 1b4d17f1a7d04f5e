"""Small experiments with known frames, for testing the machinery."""

from collections.abc import Iterator
from typing import Annotated

import numpy as np

from engine.changes import Changes, check_changes, config_at
from engine.checkpoints import Checkpoint
from engine.config import Config, Problem, number, plain
from engine.experiment import Experiment, Frame
from engine.runner import Runner
from engine.stop_rules import AnyStop, LastStep


class CountConfig(Config, frozen=True):
    """Count to `steps`; what goes wrong and when."""

    steps: Annotated[int, number("Steps", "How far to count.", ge=1, le=10_000_000)] = 10
    chunk: Annotated[int, number("Chunk", "Steps a frame.", ge=1)] = 1
    bytes: Annotated[int, number("Bytes", "Size of a snapshot.", ge=0)] = 0
    diverge_at: int = -1
    fail_at: int = -1
    seed: Annotated[int, plain("Seed", "Seed.", kind="seed")] = 0


class Counter:
    """Frames of a count, and whether the generator was closed."""

    def __init__(self) -> None:
        self.closed = False

    def frames(self, config: CountConfig) -> Iterator[Frame[np.ndarray]]:
        blob = np.zeros(config.bytes, np.uint8)
        try:
            yield Frame(0, {"value": 0.0}, blob)
            step = 0
            while step < config.steps:
                first, step = step + 1, min(step + config.chunk, config.steps)
                if first <= config.fail_at <= step:
                    raise ZeroDivisionError("counted too far")
                diverged = (
                    Problem("Too large at step {n}", n=step) if first <= config.diverge_at <= step else None
                )
                yield Frame(step, {"value": np.arange(first, step + 1.0)}, blob.copy(), diverged)
        finally:
            self.closed = True

    def experiment(self) -> Experiment[CountConfig, np.ndarray]:
        return Experiment("toys.count", "Count", CountConfig, self.frames, lambda config: config.steps)


def counting(**settings):
    """A run of a count, and what counts."""
    counter = Counter()
    return Runner(counter.experiment(), CountConfig(**settings)), counter


def only_frames(run):
    """The frames of a run, without what tells only that it is under way."""
    return (found for found in run if isinstance(found, Frame))


class LiveConfig(Config, frozen=True):
    """Walk for `steps` steps, each as long as `rate` says then."""

    rate: Annotated[float, number("Rate", "How long a step is.", symbol="r", ge=0, le=100, live=True)] = 1.0
    noise: Annotated[float, number("Noise", "How uneven.", ge=0, le=1, live=True)] = 0.0
    start: Annotated[float, number("Start", "Where it begins.", ge=-100, le=100)] = 0.0
    steps: Annotated[int, number("Steps", "How far to walk.", ge=1, le=100_000)] = 40
    seed: Annotated[int, plain("Seed", "Seed.", kind="seed")] = 0
    stop: Annotated[AnyStop, plain("End", "When.")] = LastStep()
    changes: Changes = ()

    def __post_init__(self) -> None:
        check_changes(self)


def walk(config: LiveConfig, after: Checkpoint | None = None) -> Iterator[Frame[float]]:
    """Frames of a walk, each of which can be gone on from."""
    place, first = config.start, 1
    if after is None:
        yield Frame(0, {"place": place}, place, state=lambda: config.start)
    else:
        place, first = after.state, after.step + 1
    for step in range(first, config.steps + 1):
        place += config_at(config, step).rate
        yield Frame(step, {"place": place}, place, state=lambda place=place: place)


WALK = Experiment(
    "toys.walk", "Walk", LiveConfig, walk, lambda config: config.steps, watched=lambda config: ["place"]
)
