"""The threads of a sweep: one begins some runs to see how long they take, one has all of them made."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QThread, Signal

from engine.config import Problem
from engine.sweeps.execute import execute, missing
from engine.sweeps.plan import SweepPlan
from engine.sweeps.probe import probe
from engine.sweeps.processes import Workers, get_ready
from engine.sweeps.store import SweepStore


class ProbeThread(QThread):
    """Begins some runs of a sweep."""

    probed = Signal(object, object)  # the plan; a Probe, or the Problem

    def __init__(self, plan: SweepPlan) -> None:
        super().__init__()
        self.plan = plan

    def run(self) -> None:
        """Emit what was found; meanwhile the processes that are wanted next are made ready."""
        with suppress(OSError):  # it is told of when the runs are to be made
            get_ready()
        try:
            found: object = probe(self.plan)
        except Problem as problem:
            found = problem
        self.probed.emit(self.plan, found)


class SweepThread(QThread):
    """Has the missing runs of a sweep made, or only reads those that are known.

    Its file is opened and closed in this thread. `stop` ends it soon: what is written stays.
    """

    came = Signal(object)  # runs with their results, a `Finished`
    others = Signal(int)  # how many runs in the file were made by another version of the program
    failed = Signal(object)  # the Problem

    def __init__(self, plan: SweepPlan, path: Path, make: Callable[[], Workers] | None) -> None:
        super().__init__()
        self._plan, self._path, self._make = plan, path, make
        self.makes = make is not None

    def run(self) -> None:
        """Work until everything is there, or it is asked to stop."""
        try:
            with SweepStore(self._path) as store:
                if self._make is None:
                    self.others.emit(store.runs_of_others())
                    self.came.emit(missing(self._plan, store)[0])
                    return
                work = execute(self._plan, store, self._make)
                try:
                    for results in work:
                        if results:
                            self.came.emit(results)
                        if self.isInterruptionRequested():
                            return
                finally:
                    work.close()
        except Problem as problem:
            self.failed.emit(problem)

    def stop(self) -> None:
        """End it, and wait until it and its workers have ended."""
        self.requestInterruption()
        self.wait()
