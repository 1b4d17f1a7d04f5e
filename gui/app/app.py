"""Starts the window."""

import gc
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QTimer, QTimerEvent, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from gui.app.interrupt import instead
from gui.app.memory import keep_memory
from gui.app.overrides import guard_overrides
from gui.app.placement import keep_on_screen, place_window
from gui.app.threads import threads
from gui.app.window import Window
from gui.look.formula_thread import typesetter
from gui.look.icons import FOLDER
from gui.look.language import tr
from gui.look.plain import plain_name
from gui.look.preferences import Preferences

INTERRUPTED = 130  # what the event loop returns after Ctrl+C
LONGEST = 300  # characters of an error that is shown
LOOKS = 250  # ms from one look of the garbage collector to the next
YOUNG, MIDDLE, OLD = (
    50_000,
    20,
    50,
)  # new objects from which it has a look; so many looks, and it looks farther
FRAMED = 400  # ms after which a window manager has put its frame around the window


def application() -> QApplication:
    """The one QApplication, made when there is none."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    guard_overrides()
    made = QApplication(["nabla"])
    made.setApplicationName("Nabla")
    made.setOrganizationName("Nabla")
    made.setStyle("Fusion")
    made.setWindowIcon(QIcon(str(FOLDER / "nabla.svg")))
    return made


class Collector(QObject):
    """Has the garbage collector look at what is new in the window's thread alone, and seldom.

    By itself it runs in whichever thread has made an object more, and widgets that it finds in a cycle
    would end in that thread. And a race makes thousands of small tuples a frame, none of them in a cycle:
    it would stop everything for them many times a second. What the start has made it never looks at again.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.collect()
        gc.freeze()
        gc.disable()
        self.startTimer(LOOKS)

    def timerEvent(self, event: QTimerEvent) -> None:
        young, middle, old = gc.get_count()
        if young > YOUNG:
            gc.collect(0 if middle <= MIDDLE else 1 if old <= OLD else 2)


def run(session: Path | None = None, prepare: Callable[[Window], object] | None = None) -> int:
    """Open the window, at a session file or where the user left off; returns the exit code.

    `prepare` is called with the window before its event loop runs: it may change it, or add to its plots.

    Raises:
        KeyboardInterrupt: Ctrl+C has ended it.
    """
    keep_memory()
    qt = application()
    pressed = QTimer(singleShot=True, interval=0)  # acts in the event loop, also when pressed before it runs
    with instead(pressed.start):
        window = open_window(session)
        pressed.timeout.connect(partial(leave, window))
        qt.aboutToQuit.connect(window.clock.stop)
        sys.excepthook = ErrorReport(window)
        try:
            if prepare is not None:
                prepare(window)
            code = qt.exec()
        finally:
            window.clock.stop()
            typesetter().finish()
            threads().finish()
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    return code


def open_window(session: Path | None) -> Window:
    """Make the window and show it, at a session file, a lesson, or where the user left off."""
    window = Window(Preferences())
    window.appearance.desktop.ask()
    place_window(window, window.preferences.geometry)
    window.clock.start()
    Collector(window)
    window.show()
    QTimer.singleShot(FRAMED, window, partial(keep_on_screen, window))
    window.documents.restore_last()
    if session is not None and session.suffix == ".md":
        window.guide.open(session)
    elif session is not None:
        window.documents.open_path(session)
    return window


def leave(window: Window) -> None:
    """End at Ctrl+C: nobody is asked, and what is not saved is kept for the next start."""
    window.documents.keep()
    QApplication.exit(INTERRUPTED)


class ErrorReport(QObject):
    """Shows an error that nobody expected, of any thread, and leaves the window as it is."""

    met = Signal(str)  # the words, which are shown in the thread of the window

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.window = window
        self.met.connect(self._show)

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        traceback.print_exception(kind, error, trace)
        reason = plain_name(f"{kind.__name__}: {error}", LONGEST)
        self.met.emit(tr("Something went wrong: {reason}", reason=reason))

    def _show(self, words: str) -> None:
        self.window.on_screen.banner.setText(words)
        self.window.on_screen.banner.show()
        self.window.status_line.say(words)  # the banner goes with the next picture of a run
