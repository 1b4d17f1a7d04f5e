"""A window for benchmarks: settings of its own, nothing of the user's touched."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from gui.app.window import Window


@contextmanager
def open_window(width: int = 1440, height: int = 900) -> Iterator["Window"]:
    """An open, running window."""
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from gui.app.app import Collector, application
    from gui.app.memory import keep_memory
    from gui.app.window import Window
    from gui.look.formula_thread import typesetter
    from gui.look.preferences import Preferences

    keep_memory()
    application()
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "s.ini"), QSettings.Format.IniFormat)
        preferences = Preferences(store)
        preferences.language, preferences.theme = "en", "light"
        window = Window(preferences, Path(folder))
        window.resize(width, height)
        window.clock.start()
        Collector(window)
        window.show()
        QApplication.processEvents()
        try:
            yield window
        finally:
            window.documents.on_file = window.session()
            window.close()
            typesetter().finish()
