"""A second view of what a tab shows, on no screen: it is drawn at any step while the first stands still."""

from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QSplitter

from gui.figures import Figure, figures_at
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
        ghosts = [Ghost(ghost.config, ghost.recording.still(), ghost.label) for ghost in tab.ghosts()]
        self.view.begin(run.config, ghosts)
        for _ in range(2):  # once to begin the run, once to see it as it is seen
            self.figures(min(tab.page.step, self.recording.last))
            for plot, seen in self._pairs(ZoomPanel):
                plot.look_like(seen)
            self._settle()

    def figures(self, step: int) -> list[Figure]:
        """The figures of a step, those of `figures_of` in their order; the next call draws over them."""
        self.view.draw(self.recording, step)
        self.view.catch_up()
        return figures_at(self._tab, self.view, step)

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
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
