"""A sweep on the terminal: many runs of a session's experiment, with other settings and other seeds."""

import csv
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, TextIO

from engine.config import Config, Problem
from engine.session import Session, SessionError, decode, files_outside, home_of, placed
from engine.setting_paths import plain_values
from engine.sweeps.axis import axis, varied
from engine.sweeps.cluster import cluster
from engine.sweeps.evidence import SweepCell, cells
from engine.sweeps.execute import Finished, execute
from engine.sweeps.measure import SweepMeasure
from engine.sweeps.one_run import DIVERGED, FAILED
from engine.sweeps.plan import SweepPlan
from engine.sweeps.probe import probe
from engine.sweeps.processes import MOST_WORKERS, Workers, get_ready, processes
from engine.sweeps.store import SweepStore
from gui.app.experiment_asked import experiment_asked
from gui.app.sweep_finding import finding
from gui.export.carried import session_bytes
from gui.look.durations import coarse_time
from gui.look.plain import plain_name

LONGEST = 300  # characters of a line
EVERY = 1.0  # seconds between two lines about the progress, where they are not written over each other


@dataclass(frozen=True)
class SweepOrder:
    """What is to be swept: the words of the command line."""

    session: Path
    vary: list[str]
    measure: str
    out: Path
    experiment: str | None = None
    seeds: int = 1
    steps: int | None = None
    workers: int = 0
    scheduler: str | None = None
    csv: Path | None = None
    allow_files: bool = False

    def plan(self) -> SweepPlan:
        """The sweep that is asked for.

        Raises:
            Problem: it cannot be made.
        """
        session = placed(decode(session_bytes(self.session)), home_of(self.session))
        name = session.open if self.experiment is None else experiment_asked(self.experiment).name
        self._check_files(session)
        config = session.config(name)
        if self.steps is not None:
            config = with_steps(config, self.steps)
        if len(self.vary) > 2:
            raise Problem("One or two settings can vary; these are {count}", count=len(self.vary))
        axes = tuple(axis(text, config) for text in self.vary)
        plan = SweepPlan(name, plain_values(config), axes, self.seeds, self.measure)
        plan.check()
        return plan

    def _check_files(self, session: Session) -> None:
        outside = files_outside(session, home_of(self.session))
        if outside and not self.allow_files:
            raise SessionError(
                "The session names files outside its folder: {files}. Add --allow-files to have them read.",
                files=", ".join(map(plain_name, outside[:4])),
            )

    def make(self) -> Callable[[], Workers]:
        """What makes the workers."""
        if self.scheduler is not None:
            return partial(cluster, self.scheduler)
        if not 0 <= self.workers <= MOST_WORKERS:
            raise Problem(
                "--{option} must be from {low} to {high}.", option="workers", low=0, high=MOST_WORKERS
            )
        return partial(processes, self.workers)


def with_steps(config: Config, steps: int) -> Config:
    """A config with a number of steps of its own.

    Raises:
        Problem: its runs have no number of steps that can be set, or not this one.
    """
    if "steps" not in type(config).__struct_fields__:
        raise Problem("The runs of this experiment have no number of steps that can be set", where="steps")
    return varied(config, {"steps": steps})


def sweep(order: SweepOrder) -> int:
    """Make a sweep, or go on with it; returns the exit code: 0 if it is complete, 2 if it cannot be.

    Raises:
        KeyboardInterrupt: Ctrl+C; what is written stays.
    """
    try:
        plan, make = order.plan(), order.make()
        with SweepStore(order.out) as store:
            if order.scheduler is None:
                get_ready()  # while some runs are begun
            found = probe(plan)
            results = _made(plan, store, make, found.seconds)
        _print_results(plan, results)
        if order.csv is not None:
            with order.csv.open("w", newline="", encoding="utf-8") as file:
                write_runs(plan, results, file)
    except Problem as problem:
        place = f"{problem.where}: " if problem.where else ""
        print(plain_name(f"{place}{problem}", LONGEST), file=sys.stderr)
        return 2
    return 0


def _made(plan: SweepPlan, store: SweepStore, make: Callable[[], Workers], seconds: float) -> Finished:
    """Make the runs, and tell how far it is."""
    results: Finished = []
    known = told = 0
    begun = last = monotonic()
    try:
        for some in execute(plan, store, make):
            if not results:
                known, begun = len(some), monotonic()
            results += some
            new, now = len(results) - known, monotonic()
            if told == len(results) or (now - last < EVERY and len(results) < plan.count and told):
                continue
            told, last = len(results), now
            each = (now - begun) / new if new else seconds
            _say(f"{told} of {plan.count} runs, about {coarse_time(each * (plan.count - told))} left")
    except KeyboardInterrupt:
        _say(f"Stopped after {len(results)} of {plan.count} runs: the same command goes on from there.")
        raise
    return results


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _print_results(plan: SweepPlan, results: Finished) -> None:
    """A table of all combinations, then the best one, and how sure that is."""
    measure = SweepMeasure(plan.measure)
    known = cells(plan, results, measure)
    heads = [*(one.path for one in plan.axes), "median", "quartiles", "runs", "diverged", "failed"]
    rows = [heads, *(_row(cell) for cell in known)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(heads))]
    for row in rows:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
    print(finding(known, measure, partial(_named, plan)))


def _row(cell: SweepCell) -> list[str]:
    quartiles = f"{cell.low:.6g} … {cell.high:.6g}"
    counts = (str(count) for count in (len(cell.numbers), cell.diverged, cell.failed))
    return [*map(_written, cell.values), f"{cell.median:.6g}", quartiles, *counts]


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).removesuffix(".0")


def _named(plan: SweepPlan, cell: SweepCell) -> str:
    return ", ".join(
        f"{one.path}={_written(value)}" for one, value in zip(plan.axes, cell.values, strict=True)
    )


def write_runs(plan: SweepPlan, results: Iterable[Any], file: TextIO) -> None:
    """Every run as a line of a CSV table, numbers in full precision."""
    measure = SweepMeasure(plan.measure)
    writer = csv.writer(file)
    paths = [one.path for one in plan.axes]
    writer.writerow([*paths, "seed", plan.measure, "ended", "steps", "seconds", "why"])
    for run, result in sorted(results, key=lambda one: (one[0].seed, list(map(str, one[0].values)))):
        number = result.number(measure)
        ended = result.finish if result.finish == FAILED else DIVERGED if number != number else ""
        writer.writerow(
            [
                *map(_written, run.values),
                run.seed,
                repr(number),
                ended,
                result.steps,
                result.seconds,
                result.why,
            ]
        )
