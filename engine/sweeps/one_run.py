"""One run of a sweep, from its config to its numbers: a pure function, the same in every process.

The input is a config as JSON, the output the numbers as JSON: nothing else is sent between processes or
machines. The result depends only on the config and the program, except for a run that ends when its time is
up (`engine.stop_rules.TimeIsUp`).
"""

import math
from time import perf_counter
from typing import Any

import msgspec

from engine.config import Problem
from engine.experiments import experiment_of
from engine.runner import Finish, Runner
from engine.sweeps.measure import SweepMeasure, summaries
from engine.sweeps.plan import config_from

SNAPSHOTS = 2**20  # bytes for snapshots: few, because only scalars are measured


NON_FINITE = ("nan", "inf", "-inf")


class RunResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The result of a run: how it ended, after how many steps and seconds, and its numbers.

    `scalars` has for each scalar each of `engine.sweeps.measure.SUMMARIES`, `measured` the number of the
    measure that was asked for. JSON has no NaN and no infinite numbers, so they are written as texts. `why`
    says why a run has no result.
    """

    finish: str
    steps: int
    seconds: float
    scalars: dict[str, dict[str, float | str]] = {}
    measured: dict[str, float | str] = {}
    why: str = ""

    def __post_init__(self) -> None:
        for numbers in (self.measured, *self.scalars.values()):
            for number in numbers.values():
                if isinstance(number, str) and number not in NON_FINITE:
                    raise ValueError(f"{number!r} is no number")

    def number(self, measure: SweepMeasure) -> float | None:
        """The number of the measure; NaN if the run has none, None if the measure is not stored."""
        if self.finish == FAILED or (self.finish == DIVERGED and not measure.side):
            return math.nan
        if measure.text in self.measured:
            return float(self.measured[measure.text])
        if measure.side or not self.scalars:
            return None
        return float(self.scalars.get(measure.scalar, {}).get(measure.how, math.nan))


FAILED, DIVERGED = Finish.FAILED.value, Finish.DIVERGED.value


def measured(experiment: str, config: bytes, measure: str) -> bytes:
    """Make a run and measure it; takes and returns JSON: a config, a `RunResult`."""
    begun = perf_counter()
    try:
        runner = Runner(
            experiment_of(experiment), config_from(experiment, msgspec.json.decode(config)), SNAPSHOTS
        )
        runner.drive()
        result = result_of(runner, SweepMeasure(measure), perf_counter() - begun)
    except Problem as problem:
        result = RunResult(FAILED, 0, perf_counter() - begun, why=str(problem))
    return msgspec.json.encode(result)


def result_of(runner: Runner, measure: SweepMeasure, seconds: float) -> RunResult:
    """The result of a run that has ended."""
    assert runner.finish is not None
    finish, recording, why = runner.finish.value, runner.recording, str(runner.problem or "")
    if finish == FAILED:
        return RunResult(finish, max(recording.last, 0), seconds, why=why)
    number = measure.of(recording, diverged=finish == DIVERGED)
    scalars = {name: _written(summaries(recording.column(name))) for name in recording.names}
    return RunResult(finish, recording.last, seconds, scalars, _written({measure.text: number}), why)


def _written(numbers: dict[str, float]) -> dict[str, Any]:
    """The numbers for JSON: non-finite ones as texts."""
    return {name: value if math.isfinite(value) else str(value) for name, value in numbers.items()}
