"""The threads of a sweep: one begins some runs to see how long they take, one has all of them made.

Each ends soon after `requestInterruption`. Only the next one that makes runs in the same
file waits for it.
"""

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
from gui.app.threads import threads

PATIENCE = 100  # ms between two looks at whether this one is wanted, while it waits for the one before


class ProbeThread(QThread):
    """Begins some runs of a sweep."""

    probed = Signal(object, object)  # the plan; a Probe, or the Problem

    def __init__(self, plan: SweepPlan) -> None:
        super().__init__()
        self.plan = plan

    def run(self) -> None:
        """Emit what was found; meanwhile the processes that are wanted next are made ready.

        Nothing is emitted if it was interrupted.
        """
        with suppress(OSError):  # it is told of when the runs are to be made
            get_ready()
        try:
            found: object = probe(self.plan, unwanted=self.isInterruptionRequested)
        except Problem as problem:
            found = problem
        if not self.isInterruptionRequested():
            self.probed.emit(self.plan, found)


class SweepThread(QThread):
    """Has the missing runs of a sweep made, or only reads those that are known.

    Its file is opened and closed in this thread. If it is interrupted, what is written stays.
    """

    came = Signal(object)  # runs with their results, a `Finished`
    others = Signal(int)  # how many runs in the file were made by another version of the program
    failed = Signal(object)  # the Problem

    def __init__(self, plan: SweepPlan, path: Path, make: Callable[[], Workers] | None) -> None:
        super().__init__()
        self._plan, self._path, self._make = plan, path, make
        self.makes = make is not None
        # Those that were told to end, and may not have given the file back yet.
        self._before = [one for one in threads().running if self.makes and _leaves(one, path)]

    def run(self) -> None:
        """Work until everything is there, or it is interrupted."""
        while any(not before.wait(PATIENCE) for before in self._before):
            if self.isInterruptionRequested():
                return
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


def _leaves(thread: QThread, path: Path) -> bool:
    """Whether a thread is ending that made runs in this file."""
    ours = isinstance(thread, SweepThread) and thread.makes and thread._path == path
    return ours and thread.isInterruptionRequested()
