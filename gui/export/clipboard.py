"""Figures on the clipboard: as pictures, or the numbers behind them."""

from gui.export import export
from gui.export.figures import Figure, figures_of
from gui.export.paper import Paper, paper_of
from gui.export.stage import on_paper
from gui.look.preferences import Preferences
from gui.plots.panel import Panel
from gui.screen.screen import Screen

PRINT = 192  # dots an inch, unless others were chosen


def index_of(figures: list[Figure], panel: Panel | None) -> int:
    """Return the index of the figure of this plot alone; if there is none, of the whole experiment."""
    drawings = [figure.panel for figure in figures]
    return drawings.index(panel) if panel in drawings else 0


def copy_picture(screen: Screen, panel: Panel | None = None, preferences: Preferences | None = None) -> None:
    """Put a plot or the whole experiment on the clipboard as a picture, with the settings of the last export.

    Raises:
        Problem: the picture is too large, or the size that was chosen last too small.
    """
    found = preferences.export if preferences else {}
    dpi = found.get("dpi")
    index = index_of(figures_of(screen), panel)
    copy_figure(screen, index, paper_of(found), dpi if isinstance(dpi, int) else PRINT)


def copy_figure(screen: Screen, index: int, paper: Paper, dpi: float) -> None:
    """Put a figure on the clipboard as a picture, by its index in `figures_of`.

    Raises:
        Problem: it is too large, or too small.
    """
    with on_paper(screen, index, paper) as figure:
        figure.drawing.check()
        export.copy_picture(figure.drawing, figure.size, dpi, figure.drawing.zoom)


def copy_data(screen: Screen, panel: Panel | None = None) -> None:
    """Put the numbers behind a plot, or behind all of them, on the clipboard."""
    figures = figures_of(screen)
    export.copy_data(figures[index_of(figures, panel)].drawing)
