"""The results of a sweep as they come: what was found, a curve or a map, how far it is, and files of it."""

from functools import partial
from pathlib import Path
from time import thread_time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from engine.config import Problem
from engine.sweeps.evidence import SweepCell, cells
from engine.sweeps.execute import Finished
from engine.sweeps.measure import SweepMeasure
from engine.sweeps.plan import SweepPlan, SweepRun
from gui.app.document_questions import show_error
from gui.app.sweep_files import save_picture, save_table
from gui.app.sweep_finding import finding
from gui.app.sweep_plots import is_curve, run_at, show_curve, show_map
from gui.app.sweep_words import cell_words, run_words
from gui.look.file_to_write import ask_for_file_to_write
from gui.look.folders import first_folder
from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.curves import CurvesPanel
from gui.plots.number_map import NumberMap

SOON = 400  # ms until the first results are drawn
RARELY = 2000  # ms from then on: so they are drawn in one of a hundred frames of the window; longer if …
SHARE = 0.01  # … they would take more than this share of its time


class SweepResults(QWidget):
    """Shows the known runs of a sweep. A click on one chooses it."""

    chosen = Signal(object, object)  # the SweepRun and its RunResult
    said = Signal(str)  # what was done, for the status line

    def __init__(self, theme: Theme, experiment: str) -> None:
        super().__init__()
        self.experiment = experiment
        self.plan: SweepPlan | None = None
        self.results: Finished = []
        self._others = 0
        self.finding, self.shown, self.progress = QLabel(), QLabel(), QProgressBar()
        self.shown.setStyleSheet(f"color: {theme.quiet}")
        for label in (self.finding, self.shown):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.curve, self.map = CurvesPanel("", theme), NumberMap("", theme)
        self.curve.clicked.connect(self._curve_clicked)
        self.map.selected.connect(self._cell_chosen)
        self.pictures = QStackedLayout()
        self.pictures.addWidget(self.curve)
        self.pictures.addWidget(self.map)
        self.picture, self.table = QPushButton(tr("Save picture…")), QPushButton(tr("Save all runs as CSV…"))
        self.picture.clicked.connect(self._save_picture)
        self.table.clicked.connect(self._save_table)
        self.buttons = QHBoxLayout()
        for button in (self.picture, self.table):
            button.setAutoDefault(False)
            button.setEnabled(False)  # there is nothing to save yet
            self.buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.finding)
        column.addLayout(self.pictures, 1)
        column.addWidget(self.shown)
        column.addWidget(self.progress)
        column.addLayout(self.buttons)
        self.redraw = QTimer(self, singleShot=True, interval=SOON)
        self.redraw.timeout.connect(self.show_now)

    def set_plan(self, plan: SweepPlan) -> None:
        """Show another sweep, of which nothing is known yet."""
        if plan != self.plan:
            self.map.select(None)
        self.plan, self.results = plan, []
        self.shown.setText(tr("A click on a result brings its run to the screen."))
        self.show_now()
        self.redraw.setInterval(SOON)

    def tell_others(self, count: int) -> None:
        """Say, as long as nothing is shown, how many runs the file has of another version of the program."""
        self._others = count
        self.show_now()

    def add(self, results: Finished) -> None:
        """Count more runs at once, and draw them soon."""
        self.results += results
        self._show_progress()
        if not self.redraw.isActive():
            self.redraw.start()

    def cells(self) -> list[SweepCell]:
        """The known runs, by their values."""
        return [] if self.plan is None else cells(self.plan, self.results, SweepMeasure(self.plan.measure))

    def show_now(self) -> None:
        """Show all that is known."""
        if self.plan is None:
            return
        self.redraw.stop()  # what was to be drawn soon is drawn now
        begun = thread_time()
        config, known = self.plan.base(), self.cells()
        self.pictures.setCurrentIndex(0 if is_curve(self.plan) else 1)
        if is_curve(self.plan):
            show_curve(self.curve, self.plan, config, known)
        else:
            show_map(self.map, self.plan, config, known)
        measure, named = SweepMeasure(self.plan.measure), partial(cell_words, self.plan, config)
        words = finding(known, measure, named)
        if self._others and not known:
            other = tr(
                "{n} runs in this file are of another version of Nabla, and do not count.", n=self._others
            )
            words = f"{words}\n{other}"
        self.finding.setText(words)
        self._show_progress()
        for button in (self.picture, self.table):
            button.setEnabled(bool(self.results))
        self.redraw.setInterval(max(RARELY, round(1000 * (thread_time() - begun) / SHARE)))

    def _show_progress(self) -> None:
        if self.plan is not None:
            self.progress.setRange(0, self.plan.count)
            self.progress.setValue(len(self.results))
            self.progress.setFormat(tr("{done} of {n} runs", done=len(self.results), n=self.plan.count))

    # A run

    def _curve_clicked(self, x: float) -> None:
        if self.plan is not None:
            self._choose(run_at(self.plan, self.results, x, 0))

    def _cell_chosen(self, row: int, column: int) -> None:
        if self.plan is not None:
            self._choose(run_at(self.plan, self.results, column, row))

    def _choose(self, run: SweepRun | None) -> None:
        result = next((result for one, result in self.results if one is run), None)
        if self.plan is not None and run is not None and run.config is not None and result is not None:
            self.shown.setText(run_words(self.plan, run, result))
            self.chosen.emit(run, result)

    # Files

    def _save_table(self) -> None:
        path = self._where(tr("Save all runs as CSV…"), "csv")
        if path is None or self.plan is None:
            return
        try:
            save_table(self.plan, self.results, path)
        except Problem as problem:
            show_error(self, tr("The table was not saved."), problem)
            return
        self.said.emit(tr("Exported to {path}", path=path))

    def _save_picture(self) -> None:
        path = self._where(tr("Save picture…"), "png", "svg", "pdf")
        if path is None:
            return
        panel = self.pictures.currentWidget()
        assert isinstance(panel, CurvesPanel | NumberMap)
        try:
            save_picture(panel, path)
        except Problem as problem:
            show_error(self, tr("The picture was not saved."), problem)
            return
        self.said.emit(tr("Exported to {path}", path=path))

    def _where(self, title: str, *kinds: str) -> Path | None:
        """The file to write. A name without one of the endings gets the first."""
        filters = ";;".join(f"{kind.upper()} (*.{kind})" for kind in kinds)
        start = str(Path(first_folder("")) / f"{self.experiment}-sweep.{kinds[0]}")
        endings = tuple(f".{kind}" for kind in kinds)
        return ask_for_file_to_write(self, title, start, filters, endings[0], endings)
