"""Plots on pyqtgraph: each can show itself and be exported; none knows an experiment.

pyqtgraph is imported under this folder only, and after PySide6: it takes the Qt that is there.
"""

# isort: off
import PySide6.QtWidgets  # noqa: F401
import pyqtgraph as pg

# Images are indexed by row first, as in NumPy; no move of the mouse is left out.
pg.setConfigOptions(imageAxisOrder="row-major", antialias=True, mouseRateLimit=0)

__all__ = ["pg"]
