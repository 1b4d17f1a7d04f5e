"""A thread that typesets what the user types, so that the window never waits for it."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, QThreadPool, Signal

from gui.look.formula import Order, shelf


class Typesetter(QObject):
    """Typesets one formula after the other in another thread, and tells which is on the shelf."""

    done = Signal(object)  # the Order

    def __init__(self, application: QCoreApplication) -> None:
        pool = QThreadPool(application)  # before this object, so that its thread has ended when this goes
        pool.setMaxThreadCount(1)
        super().__init__(application)
        self._pool = pool

    def start(self, order: Order) -> "Job":
        """Typeset an order when those before it are done."""
        job = Job(order, self)
        self._pool.start(job)
        return job


@dataclass
class Job:
    """An order on its way; one that is no longer `wanted` when its turn comes is passed over."""

    order: Order
    typesetter: Typesetter
    wanted: bool = True

    def __call__(self) -> None:
        """Do the work, in the other thread."""
        if self.wanted:
            shelf().fill(self.order)
            self.typesetter.done.emit(self.order)


def typesetter() -> Typesetter:
    """Return the one of the application."""
    application = QCoreApplication.instance()
    assert application is not None
    found = application.findChild(Typesetter)
    return found if isinstance(found, Typesetter) else Typesetter(application)
