"""Run ▸ Sweep…: many runs of the experiment on the screen, while the window goes on."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import thread_time
from typing import Protocol, cast

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from engine.config import Config, Problem
from engine.session import Look
from engine.sweeps.evidence import SweepCell, cells
from engine.sweeps.execute import Finished
from engine.sweeps.measure import SweepMeasure
from engine.sweeps.plan import SweepPlan, SweepRun, experiment_of
from engine.sweeps.probe import Probe
from gui.app.document_questions import show_error
from gui.app.sweep_files import SUFFIX, default_path, plan_in, save_picture, save_table
from gui.app.sweep_finding import finding
from gui.app.sweep_form import SweepForm
from gui.app.sweep_plots import is_curve, run_at, show_curve, show_map
from gui.app.sweep_threads import ProbeThread, SweepThread
from gui.app.sweep_words import cell_words, run_words
from gui.look.durations import coarse_time
from gui.look.file_to_write import ask_for_file_to_write
from gui.look.folders import first_folder
from gui.look.language import problem_text, tr
from gui.look.theme import Theme
from gui.plots.curves import CurvesPanel
from gui.plots.number_map import NumberMap
from gui.screen.playback import Playback

SIZE = 980, 620  # pixels at the ordinary size of text
FORM = 260  # of the width
PAUSE = 400  # ms after the last change until some runs are begun to see how long they take
REDRAW = 400  # ms from one picture of the results to the next, while they come; longer if …
SHARE = 0.01  # … the pictures would take more than this share of the window's time


class SweepStage(Protocol):
    """What a sweep asks of the window."""

    @property
    def playback(self) -> Playback: ...
    def show_scene(self, name: str, config: Config, look: Look) -> None: ...


class SweepDialog(QDialog):
    """Asks for a sweep, has it made, shows what is known of it. Closing it ends the workers."""

    said = Signal(str)  # what was done, for the status line

    def __init__(self, window: QWidget, theme: Theme, experiment: str, config: Config) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.theme, self.experiment = theme, experiment
        self.setWindowTitle(tr("Sweep: {experiment}", experiment=tr(experiment_of(experiment).title)))
        self.path = default_path(experiment)
        self.plan: SweepPlan | None = None  # whose results are shown
        self.results: Finished = []
        self._probe: ProbeThread | None = None
        self._probed: Probe | None = None
        self._work: SweepThread | None = None
        self.form = SweepForm(theme, experiment, config)
        self.curve = CurvesPanel("", theme)
        self.map = NumberMap("", theme)
        self._build()
        self._wait = QTimer(self, singleShot=True, interval=PAUSE)
        self._wait.timeout.connect(self._begin_probe)
        self._redraw = QTimer(self, singleShot=True, interval=REDRAW)
        self._redraw.timeout.connect(self._show_results)
        self.form.changed.connect(self._changed)
        self.curve.clicked.connect(self._curve_clicked)
        self.map.selected.connect(self._cell_chosen)
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.stop)
        self._changed()

    def _build(self) -> None:
        self.estimate, self.finding = QLabel(), QLabel()
        self.shown = QLabel()
        self.shown.setStyleSheet(f"color: {self.theme.quiet}")
        for label in (self.estimate, self.finding, self.shown):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.progress = QProgressBar()
        self.start = QPushButton(tr("Run the sweep"))
        self.start.clicked.connect(self._start_or_stop)
        self.table = QPushButton(tr("Save all runs as CSV…"))
        self.table.clicked.connect(self._save_table)
        self.picture = QPushButton(tr("Save picture…"))
        self.picture.clicked.connect(self._save_picture)
        self.other = QPushButton(tr("Open results…"))
        self.other.clicked.connect(self._ask_for_file)
        left = QVBoxLayout()
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(self.form)
        area.setFixedWidth(self.theme.px(FORM))
        left.addWidget(area, 1)
        left.addWidget(self.estimate)
        left.addWidget(self.start)
        right = QVBoxLayout()
        self.pictures = QStackedLayout()
        self.pictures.addWidget(self.curve)
        self.pictures.addWidget(self.map)
        right.addWidget(self.finding)
        right.addLayout(self.pictures, 1)
        right.addWidget(self.shown)
        right.addWidget(self.progress)
        buttons = QHBoxLayout()
        for button in (self.picture, self.table, self.other):
            button.setAutoDefault(False)
            button.setEnabled(button is self.other)  # there is nothing to save yet
            buttons.addWidget(button)
        right.addLayout(buttons)
        row = QHBoxLayout(self)
        row.addLayout(left)
        row.addLayout(right, 1)
        window = cast(QWidget, self.parent())
        self.resize(min(self.theme.px(SIZE[0]), window.width()), min(self.theme.px(SIZE[1]), window.height()))

    # What is asked for

    def _changed(self) -> None:
        """Something else is asked for: say whether it can be made, and look what is known of it."""
        plan = self._wanted()
        self.start.setEnabled(self._work is not None or plan is not None)
        if plan is not None:
            self._tell_time(plan)
            if self._work is None:
                self._wait.start()

    def _wanted(self) -> SweepPlan | None:
        try:
            plan = self.form.plan()
        except Problem as problem:
            self.form.show_problem(problem)
            self.estimate.clear()
            return None
        self.form.show_problem(None)
        return plan

    def _begin_probe(self) -> None:
        plan = self._wanted()
        if plan is None or self._probe is not None or self._work is not None:
            return
        self._probe = ProbeThread(plan)
        self._probe.probed.connect(self._show_probe)
        self._probe.finished.connect(self._end_probe)
        self._probe.start()

    def _show_probe(self, plan: SweepPlan, found: Probe | Problem) -> None:
        if isinstance(found, Problem):
            if "names" in found.values:  # what there is to be measured
                self.form.offer_scalars(str(found.values["names"]).split(", "))
                self._wait.start()
            elif self._wanted() == plan:
                self.form.show_problem(found)
            return
        self._probed = found
        self.form.offer_scalars(list(found.names))
        self._tell_time(plan)
        self._look(plan)

    def _end_probe(self) -> None:
        probe, self._probe = self._probe, None
        if probe is not None and self._wanted() not in (None, probe.plan):
            self._wait.start()  # something else is asked for meanwhile

    def _tell_time(self, plan: SweepPlan) -> None:
        if self._probed is None:
            return
        workers = self.form.workers
        time = coarse_time(max(1.0, self._probed.of(plan.count, workers)))
        self.estimate.setText(tr("{n} runs, about {time}", n=plan.count, time=time))

    # The work

    def _look(self, plan: SweepPlan) -> None:
        """Show what is known of a sweep already."""
        if self._work is None:
            self._set_plan(plan)
            self._begin(SweepThread(plan, self.path, None))

    def _start_or_stop(self) -> None:
        made = self._work is not None and self._work.makes
        self.stop()  # also a look at what is known, which a press must not wait for
        plan = None if made else self._wanted()
        if plan is not None:
            self._set_plan(plan)
            self._begin(SweepThread(plan, self.path, self.form.make()))
            self.start.setText(tr("Stop"))

    def _begin(self, work: SweepThread) -> None:
        self._work = work
        work.came.connect(self._take)
        work.failed.connect(self._tell)
        work.finished.connect(self._ended)
        work.start()

    def _set_plan(self, plan: SweepPlan) -> None:
        if plan != self.plan:
            self.map.select(None)
        self.plan, self.results = plan, []
        self.shown.setText(tr("A click on a result brings its run to the screen."))
        self._show_results()

    def _take(self, results: Finished) -> None:
        if self.sender() is not self._work:
            return  # what was looked at before another sweep was asked for
        self.results += results
        if not self._redraw.isActive():
            self._redraw.start()

    def _tell(self, problem: Problem) -> None:
        self.form.show_problem(problem)

    def _ended(self) -> None:
        if self.sender() is not self._work:
            return
        self._work = None
        self.start.setText(tr("Run the sweep"))
        self._show_results()

    def stop(self) -> None:
        """End the work, if any is done; what is known stays."""
        if self._probe is not None:
            self._probe.wait()
        if self._work is not None:
            self._work.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.stop()
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape closes it as its button does: the work ends."""
        self.stop()
        super().reject()

    # What is known

    def _cells(self) -> list[SweepCell]:
        return [] if self.plan is None else cells(self.plan, self.results, SweepMeasure(self.plan.measure))

    def _show_results(self) -> None:
        if self.plan is None:
            return
        begun = thread_time()
        config, known = self.plan.base(), self._cells()
        self.pictures.setCurrentIndex(0 if is_curve(self.plan) else 1)
        if is_curve(self.plan):
            show_curve(self.curve, self.plan, config, known)
        else:
            show_map(self.map, self.plan, config, known)
        measure, named = SweepMeasure(self.plan.measure), partial(cell_words, self.plan, config)
        self.finding.setText(finding(known, self.plan.seeds, measure, named))
        self.progress.setRange(0, self.plan.count)
        self.progress.setValue(len(self.results))
        self.progress.setFormat(tr("{done} of {n} runs", done=len(self.results), n=self.plan.count))
        for button in (self.picture, self.table):
            button.setEnabled(bool(self.results))
        self._redraw.setInterval(max(REDRAW, round(1000 * (thread_time() - begun) / SHARE)))

    # A run

    def _curve_clicked(self, x: float) -> None:
        if self.plan is not None:
            self._show_run(run_at(self.plan, self.results, x, 0))

    def _cell_chosen(self, row: int, column: int) -> None:
        if self.plan is not None:
            self._show_run(run_at(self.plan, self.results, column, row))

    def _show_run(self, run: SweepRun | None) -> None:
        """Have a run in its experiment, with the same numbers."""
        if run is None or run.config is None:
            return
        stage = cast(SweepStage, self.parent())
        same = stage.playback.experiment.name == self.experiment
        look = stage.playback.look() if same else Look()
        result = next((result for one, result in self.results if one is run), None)
        steps = None if result is None else result.steps
        if self.plan is not None and result is not None:
            self.shown.setText(run_words(self.plan, run, result))
        stage.show_scene(self.experiment, run.config, Look(step=steps, options=look.options, pins=look.pins))

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

    def _ask_for_file(self) -> None:
        words = tr("Results of a sweep") + f" (*{SUFFIX});;(*)"
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Open results…"), first_folder(""), words)
        if chosen:
            self.open_results(Path(chosen))

    def open_results(self, path: Path) -> None:
        """Show the sweep that a file is for, and go on in this file."""
        try:
            plan = plan_in(path, self.experiment)
        except Problem as problem:
            self.form.show_problem(problem)
            return
        self.path = path
        self.form.show_plan(plan)


def open_sweep(
    window: QWidget, theme: Theme, playback: Playback, say: Callable[[str], None]
) -> SweepDialog | None:
    """Open the dialog for the experiment that is played; where it cannot be, say why."""
    try:
        if playback.runner.last_step < 1:
            raise Problem("Nothing is computed step by step here: there is nothing to sweep.")
        dialog = SweepDialog(window, theme, playback.experiment.name, playback.config)
    except Problem as problem:
        say(problem_text(problem))
        return None
    dialog.said.connect(say)
    dialog.show()
    return dialog
