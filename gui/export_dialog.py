"""Asks what to export and how, and puts pictures and data on the clipboard."""

from pathlib import Path

from PySide6.QtWidgets import (
    QApplication,
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
from gui.export import FORMATS, SCREEN_DPI, Figure, figures
from gui.language import problem_text, tr
from gui.plots.panel import Panel
from gui.tab import Tab


def figures_of(tab: Tab, panel: Panel | None = None) -> list[Figure]:
    """What can be exported of a tab: the whole experiment, then each plot; or only one plot."""
    title = f"{tr(tab.page.experiment.title)}"
    name = tab.page.experiment.name.replace(".", "-")
    return figures(tab.view.panels(), panel, f"{name}-{tab.page.step}", title, tab.subtitle())


class ExportDialog(QDialog):
    """What, in which format, at which resolution; then where."""

    def __init__(self, parent: QWidget, tab: Tab, panel: Panel | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export"))
        self.figures = figures_of(tab)
        self.what, self.format, self.dpi = QComboBox(), QComboBox(), QSpinBox()
        self.what.addItem(tr("The whole experiment"))
        self.what.addItems([figure.title for figure in self.figures[1:]])
        if panel is not None:
            chosen = [figure.parts[0][0] for figure in self.figures[1:]].index(panel)
            self.what.setCurrentIndex(1 + chosen)
        for kind, words in FORMATS.items():
            self.format.addItem(tr("{name} (data)", name=words) if kind == "csv" else words, kind)
        self.dpi.setRange(72, 1200)
        self.dpi.setValue(2 * SCREEN_DPI)
        self.dpi.setSuffix(" dpi")
        self.pixels = QLabel()
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        form = QFormLayout(self)
        form.addRow(tr("What"), self.what)
        form.addRow(tr("Format"), self.format)
        form.addRow(tr("Resolution"), self.dpi)
        form.addRow("", self.pixels)
        form.addRow(buttons)
        buttons.accepted.connect(self._choose_file)
        buttons.rejected.connect(self.reject)
        for changed in (
            self.what.currentIndexChanged,
            self.format.currentIndexChanged,
            self.dpi.valueChanged,
        ):
            changed.connect(self._show_size)
        self._show_size()

    @property
    def figure(self) -> Figure:
        """The figure that is chosen."""
        return self.figures[self.what.currentIndex()]

    def _show_size(self) -> None:
        kind = self.format.currentData()
        self.dpi.setEnabled(kind == "png")
        size = self.figure.size * (self.dpi.value() / SCREEN_DPI if kind == "png" else 1)
        words = {"png": tr("{w} × {h} pixels", w=round(size.width()), h=round(size.height())),
                 "csv": tr("every number behind the plots")}  # fmt: skip
        self.pixels.setText(words.get(kind, tr("vectors: sharp at any size")))

    def _choose_file(self) -> None:
        kind = self.format.currentData()
        start = f"{self.figure.name}.{kind}"
        words = f"{FORMATS[kind]} (*.{kind})"
        name, _ = QFileDialog.getSaveFileName(self, tr("Export"), start, words)
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
    QApplication.clipboard().setImage(figures_of(tab)[0].image(2 * SCREEN_DPI))


def copy_data(tab: Tab) -> None:
    """Put the numbers behind the plots on the clipboard as CSV."""
    QApplication.clipboard().setText(figures_of(tab)[0].csv_text())
