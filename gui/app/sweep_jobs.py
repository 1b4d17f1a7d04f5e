"""What a sweep has in work: a probe, and the runs that are read or made. What was left is heard no more."""

from PySide6.QtCore import QObject, Signal

from engine.config import Problem
from engine.sweeps.execute import Finished
from engine.sweeps.plan import SweepPlan
from engine.sweeps.probe import Probe
from gui.app.sweep_threads import ProbeThread, SweepThread
from gui.app.threads import threads


class SweepJobs(QObject):
    """At most one thread of each kind. Threads that were left end by themselves, and tell nothing."""

    probed = Signal(object, object)  # the plan; a Probe, or the Problem
    probe_ended = Signal(object)  # the plan
    came = Signal(object)  # runs with their results, a `Finished`
    others = Signal(int)  # how many runs in the file were made by another version of the program
    failed = Signal(object)  # the Problem
    ended = Signal()  # the runs are read or made

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.probe: ProbeThread | None = None
        self.work: SweepThread | None = None

    @property
    def makes(self) -> bool:
        """Whether runs are being made."""
        return self.work is not None and self.work.makes

    @property
    def ending(self) -> bool:
        """Whether what is in work was told to end."""
        return self.work is not None and self.work.isInterruptionRequested()

    def begin_probe(self, plan: SweepPlan) -> None:
        """Begin some runs of a sweep, to see how long they take."""
        self.probe = ProbeThread(plan)
        self.probe.probed.connect(self._tell_probe)
        self.probe.finished.connect(self._end_probe)
        threads().start(self.probe)

    def begin(self, work: SweepThread) -> None:
        """Have runs read or made."""
        self.work = work
        work.came.connect(self._take)
        work.others.connect(self.others)
        work.failed.connect(self._tell)
        work.finished.connect(self._end)
        threads().start(work)

    def interrupt(self) -> None:
        """Have the runs end soon."""
        if self.work is not None:
            self.work.requestInterruption()

    def stop(self) -> None:
        """Have everything end soon."""
        for thread in (self.probe, self.work):
            if thread is not None:
                thread.requestInterruption()

    def leave(self) -> None:
        """Let the threads end, and hear no more of them."""
        self.stop()
        self.work = self.probe = None

    def _tell_probe(self, plan: SweepPlan, found: Probe | Problem) -> None:
        if self.sender() is self.probe:
            self.probed.emit(plan, found)

    def _end_probe(self) -> None:
        if self.probe is not None and self.sender() is self.probe:
            plan, self.probe = self.probe.plan, None
            self.probe_ended.emit(plan)

    def _take(self, results: Finished) -> None:
        if self.sender() is self.work:
            self.came.emit(results)

    def _tell(self, problem: Problem) -> None:
        if self.sender() is self.work:
            self.failed.emit(problem)

    def _end(self) -> None:
        if self.sender() is self.work:
            self.work = None
            self.ended.emit()
