"""Exports of a screen, for the menus of the window and of its plots."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from engine.config import Problem
from engine.run_arrays import npz_of, run_arrays, tables_of
from gui.export.clipboard import copy_data, copy_picture
from gui.export.export_dialog import ExportDialog
from gui.export.figures import file_name
from gui.export.files import write
from gui.look.file_to_write import ask_for_file_to_write
from gui.look.folders import first_folder
from gui.look.language import problem_text, tr
from gui.look.preferences import Preferences
from gui.plots.panel import Panel
from gui.screen.screen import Screen


class Exporter(QObject):
    """Exports a plot of a screen, or the whole experiment. It is deleted with its screen."""

    said = Signal(str)  # what was done, or why not, for the status line

    def __init__(self, screen: Screen, preferences: Preferences) -> None:
        super().__init__(screen)
        self._preferences = preferences
        screen.export_requested.connect(self.export)
        screen.picture_requested.connect(self.copy_picture)
        screen.data_requested.connect(self.copy_data)

    @property
    def _screen(self) -> Screen:
        """Return Qt's parent; with a reference of its own, Python could never free the two."""
        parent = self.parent()
        assert isinstance(parent, Screen)
        return parent

    def export(self, panel: Panel | None = None) -> None:
        """Open the dialog, and save a plot or the whole experiment."""
        if self._nothing_there():
            return
        dialog = ExportDialog(self._screen.window(), self._screen, panel, self._preferences)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # else its screen would never be freed
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

    def save_arrays(self) -> None:
        """Ask for a file, and write the arrays of this step into it: weights, gradients, gates, curves."""
        playback = self._screen.playback
        if playback.recording.last < 0:
            self.said.emit(tr("There are no numbers yet."))
            return
        name, folder = playback.experiment.name, str(self._preferences.export.get("folder", ""))
        start = str(Path(first_folder(folder)) / f"{file_name(name)}.npz")
        kinds = f"NPZ (*.npz);;{tr('CSV tables in a ZIP')} (*.zip)"
        path = ask_for_file_to_write(self._screen, tr("Save arrays"), start, kinds, ".npz", (".npz", ".zip"))
        if path is None:
            return
        runner = playback.runner
        found = run_arrays(runner.experiment, runner.config, playback.recording, max(playback.step, 0))
        try:
            write(path, (tables_of if path.suffix.lower() == ".zip" else npz_of)(found))
        except Problem as problem:
            self.said.emit(problem_text(problem))
            return
        self.said.emit(tr("{n} arrays saved to {path}", n=len(found), path=path))

    def _nothing_there(self) -> bool:
        """Whether no plot is shown, because the run failed; if so, say it in the status line."""
        if self._screen.view.panels():
            return False
        self.said.emit(tr("There is no picture: this run could not be made."))
        return True
