"""A second, hidden view of what a screen shows: it is drawn at any step, and the screen does not change."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from gui.export.figures import Figure, Parts, figures_at, figures_of, places_of
from gui.export.paper import PLAIN, Paper
from gui.look.theme import THEMES
from gui.plots.zoom import ZoomPanel
from gui.screen.finding import Finding
from gui.screen.moment import Moment
from gui.screen.screen import Screen


class Stage:
    """Shows the run of a screen as far as it is recorded, with the layout and the zoom of the screen.

    It is drawn in the theme that `paper` asks for.
    """

    def __init__(self, screen: Screen, paper: Paper = PLAIN) -> None:
        self._screen, self._paper = screen, paper
        screen.view.catch_up()
        run = screen.playback.shown or screen.playback.runner
        self.recording = screen.playback.recording.still()
        theme = replace(THEMES[paper.theme], scale=screen.theme.scale) if paper.theme else screen.theme
        self.view = type(screen.view)(theme, screen.view.options)
        self.view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.view.resize(screen.view.size())
        self.view.show()
        self._settle()
        for own, other in self._pairs(QSplitter):
            own.restoreState(other.saveState())
        self._places: Parts = []
        self._config = run.config
        self._ghosts = tuple(replace(one, recording=one.recording.still()) for one in screen.ghosts())
        for _ in range(2):  # once to begin the run, once with its options and zoom
            self.figures(min(screen.playback.step, self.recording.last))
            for line, told in self._pairs(Finding):
                line.be_as_high_as(told)
            for plot, seen in self._pairs(ZoomPanel):
                logs = [axis.log for axis in (seen.x_axis, seen.y_axis)]
                if logs != [plot.x_axis.log, plot.y_axis.log]:  # as the user has switched them
                    plot.switch_logs(*logs)
                plot.look_like(seen)
            self._settle()
        self._places = places_of(self.view)

    def figures(self, step: int) -> list[Figure]:
        """Return the figures of a step, in the order of `figures_of`; the next call draws in the same plots.

        Plots keep their places, even if a text between them takes more lines at another step.
        """
        view = self.view
        view.show_moment(Moment(self._config, view.options, self.recording, step, self._ghosts, view.memo))
        self.view.catch_up()
        parts = places_of(self.view)
        kept = [panel for panel, _ in self._places] == [panel for panel, _ in parts]
        return figures_at(self._screen, self.view, self._places if kept else parts, step, self._paper)

    def figure(self, step: int, index: int) -> Figure:
        """Return the figure of a step by its index in the `figures_of` of the screen.

        A plot that has nothing to show at that step, and so is hidden there, is drawn in its place.
        """
        figures = self.figures(step)
        if index == 0:
            return figures[0]
        panel = self._places[index - 1][0]
        found = next((figure for figure in figures if figure.panel is panel), None)
        return found or figures_at(self._screen, self.view, self._places, step, self._paper)[index]

    def close(self) -> None:
        """Delete the view."""
        self.view.close()
        self.view.deleteLater()

    def _pairs(self, kind: Any) -> list[tuple[Any, Any]]:
        """Return the widgets of a class here, each with the matching one on the screen."""
        return list(zip(self.view.findChildren(kind), self._screen.view.findChildren(kind), strict=False))

    def _settle(self) -> None:
        """Lay everything out now, instead of later in the event loop."""
        for _ in range(3):
            for widget in (self.view, *self.view.findChildren(QWidget)):
                QApplication.sendPostedEvents(widget, QEvent.Type.LayoutRequest.value)


@contextmanager
def on_paper(screen: Screen, index: int, paper: Paper, still: bool = False) -> Iterator[Figure]:
    """Give a figure for a paper, by its index in `figures_of`; with `still` it does not change meanwhile.

    It is made of the plots on the screen if they can be used, else of a second view of the same run.
    """
    if not still and paper.theme in ("", screen.theme.name):
        yield figures_of(screen, paper)[index]
        return
    with closing(Stage(screen, paper)) as stage:
        yield stage.figures(min(screen.playback.step, stage.recording.last))[index]
