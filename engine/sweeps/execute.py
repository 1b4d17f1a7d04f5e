"""Makes the runs of a sweep that are not in its file yet, and writes each result as it comes.

It uses any `concurrent.futures.Executor`: processes on this machine, or the workers of a Dask cluster. A
worker or the whole executor may be lost: then a new one is made, and the unfinished runs are made again. A
run that was lost twice is made alone; if its process ends again, this is stored as its result.
"""

import threading
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

import msgspec

from engine.config import Problem
from engine.sweeps.cluster import NoScheduler
from engine.sweeps.measure import SweepMeasure
from engine.sweeps.one_run import FAILED, RunResult, measured
from engine.sweeps.plan import SweepPlan, SweepRun
from engine.sweeps.processes import Workers
from engine.sweeps.store import SweepStore, key_of

AHEAD = 2  # runs that each worker has at a time: it never waits, and a stop loses little
LOST = (BrokenProcessPool, CancelledError, OSError)  # errors if the executor, or its scheduler, is gone
LOOK = 0.2  # the most seconds between two checks for results
PAUSE = 0.5  # seconds before a lost executor is made again; doubled after each failure
TRIES = 7  # how often it is made again without a result in between: about a minute
ALONE_FROM = 2  # after this many losses a run is made alone
Finished = list[tuple[SweepRun, RunResult]]


@dataclass
class _Ahead:
    """The runs that are still to be made: by key, their order, and how often each was lost."""

    runs: dict[str, SweepRun]
    next: deque[str]
    losses: Counter[str] = field(default_factory=Counter)
    failures: int = 0  # losses of the executor since the last result
    begun: bool = False  # whether there have been workers

    def lost(self, keys: list[str]) -> None:
        """Put lost runs back, to be made again."""
        self.losses.update(keys)
        self.next.extendleft(reversed(keys))

    def room(self, pending: int, count: int) -> bool:
        """Whether the next run can be given to the workers besides the pending ones."""
        if not self.next:
            return False
        return pending == 0 if self.losses[self.next[0]] >= ALONE_FROM else pending < AHEAD * count


def missing(plan: SweepPlan, store: SweepStore) -> tuple[Finished, dict[str, SweepRun]]:
    """The finished runs of a sweep with their results, and the missing ones by key.

    A run whose settings are not allowed gets a result that says so.
    """
    measure = SweepMeasure(plan.measure)
    done: Finished = []
    keys: dict[str, SweepRun] = {}
    for run in plan.runs():
        if run.config is None:
            done.append((run, RunResult(FAILED, 0, 0.0, why=str(run.problem))))
        else:
            keys[key_of(plan.experiment, run.config)] = run
    for key, result in store.results(list(keys)).items():
        if result.number(measure) is not None:
            done.append((keys.pop(key), result))
    return done, keys


def execute(
    plan: SweepPlan, store: SweepStore, make: Callable[[], Workers]
) -> Generator[Finished, None, None]:
    """Make the missing runs; yield each result after it is written, and sometimes an empty list.

    First it yields the results that are already known. Close the generator to stop: written results stay. The
    workers come from `make`, and are ended at the end.

    Raises:
        Problem: the sweep cannot be made, the file cannot be written, another program makes the runs of this
            file, no scheduler answers, or the workers are gone and do not come back.
    """
    plan.check()
    with _lease(store):
        store.keep_plan(plan)
        done, runs = missing(plan, store)
        yield done
        ahead = _Ahead(runs, deque(runs))
        while ahead.next:
            try:
                yield from _with_workers(plan, store, make, ahead)
            except LOST as error:
                if isinstance(error, NoScheduler) and not ahead.begun:
                    raise
                ahead.failures += 1
                if ahead.failures > TRIES:
                    raise Problem(
                        "The workers are gone: {reason}", reason=str(error) or type(error).__name__
                    ) from error
                yield from _pause(PAUSE * 2 ** (ahead.failures - 1), store)


@contextmanager
def _lease(store: SweepStore) -> Iterator[None]:
    _hold(store)
    try:
        yield
    finally:
        store.give_lease_back()


def _hold(store: SweepStore) -> None:
    if not store.take_lease():
        raise Problem("Another program is making the runs of {name}", name=store.path.name)


def _pause(seconds: float, store: SweepStore) -> Iterator[Finished]:
    """Wait, yielding so that the caller can stop."""
    end, waiting = monotonic() + seconds, threading.Event()
    while monotonic() < end:
        waiting.wait(min(LOOK, seconds))
        _hold(store)
        yield []


def _with_workers(
    plan: SweepPlan, store: SweepStore, make: Callable[[], Workers], ahead: _Ahead
) -> Iterator[Finished]:
    """Make runs until all are made, or until the executor is lost: then the pending runs are to be made
    again.
    """
    workers = make()
    ahead.begun = True
    pending: dict[Future[bytes], str] = {}
    try:
        while ahead.next or pending:
            while ahead.room(len(pending), workers.count):
                key = ahead.next[0]
                config = msgspec.json.encode(ahead.runs[key].config)
                pending[workers.executor.submit(measured, plan.experiment, config, plan.measure)] = key
                ahead.next.popleft()
            wait(pending, LOOK, FIRST_COMPLETED)
            lost: list[BaseException] = []
            yield _keep(plan, store, ahead, pending, lost)
            if lost:
                raise lost[0]
    except LOST:
        ahead.lost(list(pending.values()))
        raise
    finally:
        workers.end()


def _keep(
    plan: SweepPlan,
    store: SweepStore,
    ahead: _Ahead,
    pending: dict[Future[bytes], str],
    lost: list[BaseException],
) -> Finished:
    """Write the results that have come. Lost runs stay in `pending`; their errors are added to `lost`."""
    _hold(store)
    come = {future: _outcome(future, ahead.losses[key]) for future, key in pending.items() if future.done()}
    texts = {pending.pop(future): text for future, text in come.items() if isinstance(text, bytes)}
    made = {key: ahead.runs[key] for key in texts}
    store.keep((plan.experiment, run.config, key, texts[key]) for key, run in made.items() if run.config)
    lost += [outcome for outcome in come.values() if isinstance(outcome, BaseException)]
    if made:
        ahead.failures = 0
    return [(run, msgspec.json.decode(texts[key], type=RunResult)) for key, run in made.items()]


def _outcome(future: Future[bytes], losses: int) -> bytes | BaseException:
    """The result of a run as JSON, or the error if it was lost."""
    error = CancelledError() if future.cancelled() else future.exception()
    if error is None:
        return future.result()
    if isinstance(error, LOST) and losses < ALONE_FROM:
        return error
    ended = isinstance(error, BrokenProcessPool | CancelledError)
    why = "The process of this run ended" if ended else f"{type(error).__name__}: {error}"
    return msgspec.json.encode(RunResult(FAILED, 0, 0.0, why=why))
