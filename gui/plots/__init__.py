"""Plots on pyqtgraph: each can show itself and be exported; none knows an experiment.

pyqtgraph is imported under this folder only, and after PySide6: it takes the Qt that is there.
"""

# isort: off
import sys

import PySide6.QtWidgets  # noqa: F401
import pyqtgraph as pg

# Images are indexed by row first, as in NumPy; no move of the mouse is left out.
pg.setConfigOptions(imageAxisOrder="row-major", antialias=True, mouseRateLimit=0)


def _report(*_: object) -> None:
    """Report the error that is being handled; pyqtgraph only prints one of an item that the mouse is over."""
    kind, error, trace = sys.exc_info()
    if kind is not None and error is not None:
        sys.excepthook(kind, error, trace)


pg.debug.printExc = _report

__all__ = ["pg"]
