"""A thread that typesets formulas, so that the window never waits for them."""

from PySide6.QtCore import QCoreApplication, QObject, QRunnable, QThreadPool, Signal

from gui.look.formula import Order, shelf


class Typesetter(QObject):
    """Typesets one formula after the other in another thread, and tells which is on the shelf."""

    done = Signal(object)  # the Order

    def __init__(self, application: QCoreApplication) -> None:
        pool = QThreadPool(application)  # before this object, so that its thread has ended when this goes
        pool.setMaxThreadCount(1)
        super().__init__(application)
        self._pool, self._jobs = pool, list[Job]()

    def start(self, order: Order) -> "Job":
        """Typeset an order when those before it are done."""
        self._jobs = [job for job in self._jobs if not job.over]
        job = Job(order, self)
        self._jobs.append(job)
        self._pool.start(job)
        return job

    def finish(self) -> None:
        """Drop all waiting orders, and return when the current one is done. For the end of the program."""
        for job in self._jobs:
            job.wanted = False
        self._pool.waitForDone()


class Job(QRunnable):
    """An order on its way; one that is no longer `wanted` when its turn comes is passed over.

    It is kept in this thread until it is over: what ends in the other thread takes the process with it.
    """

    def __init__(self, order: Order, typesetter: Typesetter) -> None:
        super().__init__()
        self.setAutoDelete(False)
        self.order, self.typesetter = order, typesetter
        self.wanted, self.over = True, False

    def run(self) -> None:
        """Do the work, in the other thread."""
        if self.wanted:
            shelf().fill(self.order)
            self.typesetter.done.emit(self.order)
        self.over = True


def typesetter() -> Typesetter:
    """Return the one of the application."""
    application = QCoreApplication.instance()
    assert application is not None
    found = application.findChild(Typesetter)
    return found if isinstance(found, Typesetter) else Typesetter(application)
