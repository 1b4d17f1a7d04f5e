"""Plots on pyqtgraph: each knows how to show itself and to be exported; none knows an experiment.

pyqtgraph is imported under this folder only, and after PySide6: it takes the Qt that is there.
"""

# isort: off
import PySide6.QtWidgets  # noqa: F401
import pyqtgraph as pg

# Rows of an image first, as in NumPy; every move of the mouse is heard.
pg.setConfigOptions(imageAxisOrder="row-major", antialias=True, mouseRateLimit=0)
