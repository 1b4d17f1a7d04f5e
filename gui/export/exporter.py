"""What a screen can be asked for on paper, from the menus of the window and from those of its plots."""

from PySide6.QtCore import QObject, Qt, Signal

from engine.config import Problem
from gui.export.clipboard import copy_data, copy_picture
from gui.export.export_dialog import ExportDialog
from gui.look.language import problem_text, tr
from gui.look.preferences import Preferences
from gui.plots.panel import Panel
from gui.screen.screen import Screen


class Exporter(QObject):
    """Exports what a screen shows: one of its plots, or the whole experiment. It goes with its screen."""

    said = Signal(str)  # what was done, or why not, for the status line

    def __init__(self, screen: Screen, preferences: Preferences) -> None:
        super().__init__(screen)
        self._preferences = preferences
        screen.export_requested.connect(self.export)
        screen.picture_requested.connect(self.copy_picture)
        screen.data_requested.connect(self.copy_data)

    @property
    def _screen(self) -> Screen:
        """Qt's parent, not a reference: the two would hold each other for ever."""
        parent = self.parent()
        assert isinstance(parent, Screen)
        return parent

    def export(self, panel: Panel | None = None) -> None:
        """Ask how, and save a plot or the whole experiment."""
        if self._nothing_there():
            return
        dialog = ExportDialog(self._screen.window(), self._screen, panel, self._preferences)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # else it would keep its screen for ever
        dialog.said.connect(self.said)
        dialog.open()

    def copy_picture(self, panel: Panel | None = None) -> None:
        """Put a plot or the whole experiment on the clipboard, as a picture."""
        if self._nothing_there():
            return
        try:
            copy_picture(self._screen, panel, self._preferences)
        except Problem as problem:
            self.said.emit(problem_text(problem))
            return
        self.said.emit(tr("Picture copied"))

    def copy_data(self, panel: Panel | None = None) -> None:
        """Put the numbers behind a plot, or behind all of them, on the clipboard."""
        if self._nothing_there():
            return
        copy_data(self._screen, panel)
        self.said.emit(tr("Data copied"))

    def _nothing_there(self) -> bool:
        """Whether no plot is on show, which is told: the run could not be made."""
        if self._screen.view.panels():
            return False
        self.said.emit(tr("There is no picture: this run could not be made."))
        return True
