"""The window's time: it ticks sixty times a second while the engine's thread runs."""

from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from gui.app.memory import hand_back
from gui.screen.engine_thread import EngineThread

TICK = 16  # ms: sixty times a second
LONGEST = 0.1  # seconds that a tick stands for, however long it has been
HAND_BACK = 20.0  # seconds between two looks at what memory is free
SLICE = 30  # ms between two looks at the events while a frame keeps the engine from ending


class Clock(QObject):
    """Lets time run, and the engine with it."""

    ticked = Signal(float)  # seconds since the tick before

    def __init__(self, engine: EngineThread, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self._before = perf_counter()
        self._handed_back = self._before
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        """Start the ticks, and the thread of the engine."""
        self._engine.start()
        self._before = perf_counter()
        self._timer.start(TICK)

    def pause(self) -> None:
        """Stop the ticks; the engine runs on, and `tick` can still be called."""
        self._timer.stop()

    def stop(self) -> None:
        """Let time stand still, for good; the engine's thread has ended when this returns.

        A frame that takes long cannot be broken off. The window is out of sight meanwhile, and others go on.
        """
        self.pause()
        while not self._engine.close(SLICE):
            QApplication.processEvents()

    def tick(self) -> None:
        """Tell everybody how much time has passed since the last tick."""
        now = perf_counter()
        before, self._before = self._before, now
        self.ticked.emit(min(now - before, LONGEST))
        if now - self._handed_back > HAND_BACK:
            self._handed_back = now
            hand_back()
