"""Asks what to export and how, and puts pictures and data on the clipboard."""

from pathlib import Path

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QMessageBox,
    QSpinBox,
    QWidget,
)

from engine.config import Problem
from gui import export
from gui.figures import FORMATS, Figure, figures_of
from gui.language import problem_text, tr
from gui.plots.panel import Panel
from gui.tab import Tab

PRINT = 192  # dots an inch to begin with


class ExportDialog(QDialog):
    """What, in which format, at which resolution; then where."""

    def __init__(self, parent: QWidget, tab: Tab, panel: Panel | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export"))
        self.figures = figures_of(tab)
        self.what, self.format, self.dpi = QComboBox(), QComboBox(), QSpinBox()
        self.what.addItem(tr("The whole experiment"))
        self.what.addItems([figure.title for figure in self.figures[1:]])
        drawings = [figure.panel for figure in self.figures]
        self.what.setCurrentIndex(drawings.index(panel) if panel in drawings else 0)
        for kind in FORMATS:
            self.format.addItem(tr("CSV (data)") if kind == "csv" else kind.upper(), kind)
        self.dpi.setRange(72, 1200)
        self.dpi.setValue(PRINT)
        self.dpi.setSuffix(" dpi")
        self.pixels = QLabel()
        self._lay_out()
        self._show_size()

    def _lay_out(self) -> None:
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Save | standard.Cancel)
        form = QFormLayout(self)
        form.addRow(tr("What"), self.what)
        form.addRow(tr("Format"), self.format)
        form.addRow(tr("Resolution"), self.dpi)
        form.addRow("", self.pixels)
        form.addRow(buttons)
        buttons.accepted.connect(self._choose_file)
        buttons.rejected.connect(self.reject)
        self.what.currentIndexChanged.connect(self._show_size)
        self.format.currentIndexChanged.connect(self._show_size)
        self.dpi.valueChanged.connect(self._show_size)

    @property
    def figure(self) -> Figure:
        """The figure that is chosen."""
        return self.figures[self.what.currentIndex()]

    def _show_size(self) -> None:
        kind = self.format.currentData()
        self.dpi.setEnabled(kind == "png")
        width, height = (round(side * self.dpi.value() / export.DOTS) for side in self.figure.size)
        words = {"png": tr("{w} × {h} pixels", w=width, h=height), "csv": tr("every number behind the plots")}
        self.pixels.setText(words.get(kind, tr("vectors: sharp at any size")))

    def _choose_file(self) -> None:
        kind = self.format.currentData()
        start = f"{self.figure.name}.{kind}"
        name, _ = QFileDialog.getSaveFileName(self, tr("Export"), start, f"{kind.upper()} (*.{kind})")
        if name and self.save(Path(name if name.lower().endswith("." + kind) else f"{name}.{kind}")):
            self.accept()

    def save(self, path: Path) -> bool:
        """Write what is chosen; an error is shown and the dialog stays."""
        try:
            self.figure.save(path, self.format.currentData(), self.dpi.value())
        except Problem as problem:
            QMessageBox.warning(self, "Nabla", problem_text(problem))
            return False
        return True


def copy_picture(tab: Tab) -> None:
    """Put the whole experiment on the clipboard as a picture."""
    figure = figures_of(tab)[0]
    export.copy_picture(figure.drawing, figure.size)


def copy_data(tab: Tab) -> None:
    """Put the numbers behind the plots on the clipboard."""
    export.copy_data(figures_of(tab)[0].drawing)
