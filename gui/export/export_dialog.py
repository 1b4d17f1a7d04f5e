"""The dialog that asks what to export and how; it can also copy pictures and data to the clipboard."""

import textwrap
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QMessageBox,
    QProgressDialog,
    QWidget,
)

from engine.config import Problem
from gui.export import export
from gui.export.animation import can_film, shoot
from gui.export.clipboard import PRINT, copy_figure, index_of
from gui.export.figures import FILMS, FORMATS, Figure, as_film, figures_of
from gui.export.film_form import FilmForm
from gui.export.paper import MILLIMETRES
from gui.export.paper_form import PaperForm
from gui.export.stage import Stage, on_paper
from gui.form.spin import SpinBox
from gui.look.combo import Combo
from gui.look.durations import coarse_time
from gui.look.file_to_write import ask_for_file_to_write
from gui.look.folders import first_folder
from gui.look.language import problem_text, tr
from gui.look.plain import as_plain
from gui.look.preferences import Preferences
from gui.plots.panel import Panel
from gui.screen.screen import Screen


class ExportDialog(QDialog):
    """Asks what, in which format, how large, in which colours; then where. It opens with the last choices."""

    said = Signal(str)  # what was done, for the status line

    def __init__(
        self,
        parent: QWidget,
        screen: Screen,
        panel: Panel | None = None,
        preferences: Preferences | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export"))
        self.on_screen, self.preferences = screen, preferences
        self.figures = figures_of(screen)
        self.what, self.format, self.dpi = Combo(), Combo(), SpinBox(72, 1200)
        self.what.addItem(tr("The whole experiment"))
        self.what.addItems([figure.title for figure in self.figures[1:]])
        self.what.setCurrentIndex(index_of(self.figures, panel))
        self._add_formats()
        self.dpi.setValue(PRINT)
        self.dpi.setSuffix(" dpi")
        self.marked = QCheckBox(tr("For Excel"))
        self.size_shown = QLabel()
        self._name_widgets()
        self._lay_out()
        self._remember()
        self._connect()
        self._show_size()

    def _add_formats(self) -> None:
        """Offer every format; an animation only if the experiment has steps and some of them are recorded."""
        titles = {
            "csv": tr("CSV (data)"),
            "gif": tr("GIF (animation)"),
            "apng": tr("APNG (animation, all colours)"),
            "webp": tr("WebP (animation, all colours)"),
        }
        for kind in FORMATS:
            if kind not in FILMS or self.on_screen.playback.runner.last_step > 0:
                self.format.addItem(titles.get(kind, kind.upper()), kind)
        model = self.format.model()
        if can_film(self.on_screen.playback.recording) or not isinstance(model, QStandardItemModel):
            return
        for place in (self.format.findData(kind) for kind in FILMS):
            if place < 0:
                continue
            model.item(place).setEnabled(False)
            why = tr("There are no steps yet: run it first.")
            self.format.setItemData(place, why, Qt.ItemDataRole.ToolTipRole)

    def _name_widgets(self) -> None:
        for widget, name, tip in (
            (self.what, tr("What"), tr("All plots as they stand on the screen, or one of them.")),
            (self.format, tr("Format"), tr("A picture, the numbers behind it, or the run as an animation.")),
            (self.dpi, tr("Resolution"), tr("Dots an inch: 96 is one pixel for each of the screen's.")),
            (self.marked, tr("For Excel"), tr("Begins with a mark by which Excel knows that it is UTF-8.")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)

    def _lay_out(self) -> None:
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Save | standard.Cancel)
        self.copy = buttons.addButton(tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.setToolTip(tr("Put the picture, or for CSV the data, on the clipboard."))
        self.form = form = QFormLayout(self)
        form.setSizeConstraint(QFormLayout.SizeConstraint.SetFixedSize)
        form.addRow(tr("What"), self.what)
        form.addRow(tr("Format"), self.format)
        self.paper = PaperForm(form)
        form.addRow(tr("Resolution"), self.dpi)
        form.addRow("", self.marked)
        self.film = FilmForm(form, self.on_screen.playback.recording.last)
        form.addRow("", self.size_shown)
        form.addRow(buttons)
        buttons.accepted.connect(self._choose_file)
        buttons.rejected.connect(self.reject)

    def _connect(self) -> None:
        self.copy.clicked.connect(self.copy_figure)
        self.what.currentIndexChanged.connect(self._show_size)
        self.format.currentIndexChanged.connect(self._show_size)
        self.dpi.valueChanged.connect(self._show_size)
        self.film.changed.connect(self._show_size)
        self.paper.changed.connect(self._show_size)

    def _remember(self) -> None:
        """Select what was chosen last."""
        found = self.preferences.export if self.preferences else {}
        at = self.format.findData(found.get("format"))
        item = self.format.model().index(at, 0)
        if at >= 0 and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.format.setCurrentIndex(at)
        dpi = found.get("dpi")
        self.dpi.setValue(dpi if isinstance(dpi, int) else PRINT)
        self.marked.setChecked(found.get("marked") is True)
        self.paper.choose(found)

    def _keep(self) -> None:
        """Save the present choices for the next time."""
        if self.preferences:
            kind, dpi = self.format.currentData(), self.dpi.value()
            chosen = {"format": kind, "dpi": dpi, "marked": self.marked.isChecked()}
            self.preferences.export |= chosen | self.paper.choices()

    @property
    def figure(self) -> Figure:
        """The figure that is chosen."""
        return self.figures[self.what.currentIndex()]

    def _show_size(self) -> None:
        kind = self.format.currentData()
        self.figures = figures_of(self.on_screen, self.paper.paper)
        self.form.setRowVisible(self.dpi, kind == "png")
        self.form.setRowVisible(self.marked, kind == "csv")
        self.paper.show(kind)
        self.film.show(kind in FILMS)
        self.copy.setEnabled(kind not in FILMS)
        self.size_shown.setText(self._size_text(kind))

    def _size_text(self, kind: str) -> str:
        if kind == "csv":
            return tr("every number behind the plots")
        if kind in FILMS:
            return self.film.summary(as_film(self.figure).size)
        drawing = self.figure.drawing
        wide, high = (side * drawing.zoom / MILLIMETRES for side in self.figure.size)
        try:
            drawing.check()
            size = tr("{w} × {h} mm", w=f"{wide:.1f}", h=f"{high:.1f}")
            if kind != "png":
                return f"{size} · {tr('vectors: sharp at any size')}"
            width, height = export.pixels_of(self.figure.size, self.dpi.value(), drawing.zoom)
        except Problem as problem:
            return wrapped_words(problem_text(problem))
        return f"{size} · {tr('{w} × {h} pixels', w=width, h=height)}"

    def _choose_file(self) -> None:
        kind = self.format.currentData()
        folder = str(self.preferences.export.get("folder", "")) if self.preferences else ""
        start = str(Path(first_folder(folder)) / f"{self.figure.name}.{kind}")
        path = ask_for_file_to_write(self, tr("Export"), start, f"{kind.upper()} (*.{kind})", f".{kind}")
        if path is not None and self.save(path):
            self.accept()

    def save(self, path: Path) -> bool:
        """Write the chosen figure; after an error, which is shown, or a cancel, the dialog stays open."""
        self._keep()
        kind = self.format.currentData()
        try:
            done = self._save_film(path) if kind in FILMS else self._save_figure(path, kind)
        except Problem as problem:
            QMessageBox.warning(self, "Nabla", as_plain(problem_text(problem)))
            return False
        if done:
            if self.preferences:
                self.preferences.export |= {"folder": str(path.absolute().parent)}
            self.said.emit(tr("Exported to {path}", path=path))
        return done

    def _save_figure(self, path: Path, kind: str) -> bool:
        """Write a figure, a large picture band by band; return False if the user cancelled."""
        index, paper, dpi = self.what.currentIndex(), self.paper.paper, self.dpi.value()
        large = False
        if kind == "png":
            width, height = export.pixels_of(self.figure.size, dpi, self.figure.drawing.zoom)
            large = width * height > export.BAND
        with on_paper(self.on_screen, index, paper, still=large) as figure:
            return watched(figure.save(path, kind, dpi, self.marked.isChecked()), self, large)

    def _save_film(self, path: Path) -> bool:
        """Write an animation picture by picture; return False if the user cancelled."""
        with closing(Stage(self.on_screen, self.paper.paper)) as stage:
            return watched(shoot(stage, self.what.currentIndex(), path, self.film.film), self)

    def copy_figure(self) -> None:
        """Put what is chosen on the clipboard."""
        self._keep()
        kind = self.format.currentData()
        try:
            if kind == "csv":
                export.copy_data(self.figure.drawing)
            else:
                dpi = self.dpi.value() if kind == "png" else PRINT
                copy_figure(self.on_screen, self.what.currentIndex(), self.paper.paper, dpi)
        except Problem as problem:
            QMessageBox.warning(self, "Nabla", as_plain(problem_text(problem)))
            return
        self.said.emit(tr("Data copied") if kind == "csv" else tr("Picture copied"))


def watched(work: Generator[float], parent: QWidget, long: bool = True) -> bool:
    """Do work that yields the fraction done, with a progress bar that can cancel it; return True at its end.

    After each part the window handles its events. Work that is not `long` is done without a bar.
    """
    if not long:
        with closing(work):
            for _ in work:
                pass
        return True
    bar = QProgressDialog(tr("Drawing the pictures …"), tr("Cancel"), 0, 1000, parent)
    bar.setWindowTitle(tr("Export"))
    bar.setWindowModality(Qt.WindowModality.WindowModal)
    bar.setMinimumDuration(0)
    bar.setAutoClose(False)
    bar.setAutoReset(False)
    bar.setMinimumWidth(360)
    begun = perf_counter()
    try:
        with closing(work):
            for share in work:
                left = (perf_counter() - begun) / share * (1 - share)
                words = tr("{time} left", time=coarse_time(left))
                bar.setLabelText(f"{tr('Drawing the pictures …')} {words}")
                bar.setValue(round(1000 * share))
                if bar.wasCanceled():
                    return False
    finally:
        bar.close()
        bar.deleteLater()
    return True


def wrapped_words(text: str) -> str:
    """Return a sentence broken into lines that fit into a dialog."""
    return "\n".join(textwrap.wrap(text, 60) if text.isascii() else textwrap.wrap(text, 30))
