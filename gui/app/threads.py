"""Threads that work for a dialog, and may go on a little after it is closed: the window waits for none."""

from PySide6.QtCore import QCoreApplication, QObject, QThread


class Threads(QObject):
    """Keeps each thread until it has ended: destroying a running one ends the process."""

    def __init__(self, application: QCoreApplication) -> None:
        super().__init__(application)
        self.running: list[QThread] = []

    def start(self, thread: QThread) -> None:
        """Start a thread, and keep it."""
        self.running.append(thread)
        thread.finished.connect(self._drop)
        thread.start()

    def _drop(self) -> None:
        ended = [thread for thread in self.running if thread.isFinished()]
        for thread in ended:
            thread.wait()  # what is left to it takes no time
            self.running.remove(thread)

    def finish(self) -> None:
        """Have all of them end, and return when they have. For the end of the program."""
        for thread in self.running:
            thread.requestInterruption()
        for thread in self.running:
            thread.wait()
        self.running.clear()


def threads() -> Threads:
    """Return those of the application."""
    application = QCoreApplication.instance()
    assert application is not None
    found = application.findChild(Threads)
    return found if isinstance(found, Threads) else Threads(application)
