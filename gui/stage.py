"""A second view of what a tab shows, on no screen: it is drawn at any step while the first stands still."""

from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from gui.figures import Figure, Parts, figures_at, places_of
from gui.plots.zoom import ZoomPanel
from gui.tab import Tab
from gui.view import Ghost


class Stage:
    """Shows the run of a tab as far as it is recorded now, laid out and zoomed as it is on the screen."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        tab.view.catch_up()
        run = tab.page.shown or tab.page.runner
        self.recording = run.recording.still()
        self.view = type(tab.view)(tab.theme, tab.view.options)
        self.view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.view.resize(tab.view.size())
        self.view.show()
        self._settle()
        for own, other in self._pairs(QSplitter):
            own.restoreState(other.saveState())
        self._places: Parts = []
        ghosts = [Ghost(ghost.config, ghost.recording.still(), ghost.label) for ghost in tab.ghosts()]
        self.view.begin(run.config, ghosts)
        for _ in range(2):  # once to begin the run, once to see it as it is seen
            self.figures(min(tab.page.step, self.recording.last))
            for plot, seen in self._pairs(ZoomPanel):
                plot.look_like(seen)
            self._settle()
        self._places = places_of(self.view)

    def figures(self, step: int) -> list[Figure]:
        """The figures of a step, those of `figures_of` in their order; the next call draws over them.

        Plots keep their places, although words between them may take more lines at one step than at another.
        """
        self.view.draw(self.recording, step)
        self.view.catch_up()
        parts = places_of(self.view)
        kept = [panel for panel, _ in self._places] == [panel for panel, _ in parts]
        return figures_at(self._tab, self._places if kept else parts, step)

    def close(self) -> None:
        """Let the view go."""
        self.view.close()
        self.view.deleteLater()

    def _pairs(self, kind: Any) -> list[tuple[Any, Any]]:
        """The widgets of a kind here, each with its like on the screen."""
        return list(zip(self.view.findChildren(kind), self._tab.view.findChildren(kind), strict=False))

    def _settle(self) -> None:
        """Lay everything out now, as the event loop would do it later."""
        for _ in range(3):
            for widget in (self.view, *self.view.findChildren(QWidget)):
                QApplication.sendPostedEvents(widget, QEvent.Type.LayoutRequest.value)
