"""Run ▸ Sweep…: many runs of the experiment on the screen, while the window goes on."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.config import Config, Problem
from engine.experiments import experiment_of
from engine.session import Look, Session
from engine.sweeps.one_run import RunResult
from engine.sweeps.plan import SweepPlan, SweepRun
from engine.sweeps.probe import Probe
from gui.app.sweep_files import SUFFIX, asked, default_path, plan_in
from gui.app.sweep_form import SweepForm
from gui.app.sweep_jobs import SweepJobs
from gui.app.sweep_results import SweepResults
from gui.app.sweep_threads import SweepThread
from gui.look.durations import coarse_time
from gui.look.folders import first_folder
from gui.look.language import problem_text, tr
from gui.look.plain import plain_name
from gui.look.theme import Theme
from gui.screen.playback import Playback

SIZE = 980, 620  # pixels at the ordinary size of text
FORM = 260  # of the width
PAUSE = 400  # ms after the last change until some runs are begun to see how long they take


class SweepStage(Protocol):
    """What a sweep asks of the window."""

    @property
    def playback(self) -> Playback: ...
    def show_scene(self, name: str, config: Config, look: Look) -> None: ...


class SweepDialog(QDialog):
    """Asks for a sweep, has it made, shows what is known of it. Closing it ends the workers."""

    said = Signal(str)  # what was done, for the status line

    def __init__(
        self, window: QWidget, theme: Theme, experiment: str, config: Config, path: Path | None = None
    ) -> None:
        """The results are kept in `path`, or in the file of the experiment.

        Raises:
            Problem: there is no place for that file.
        """
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.theme, self.experiment = theme, experiment
        self._title = tr("Sweep: {experiment}", experiment=tr(experiment_of(experiment).title))
        self.setWindowTitle(self._title)
        self.path = path or default_path(experiment)
        self._probed: Probe | None = None
        self._plan: SweepPlan | None = None  # what is asked for, if it can be made
        self._pressed = False  # whether the sweep begins as soon as it is known what can be measured
        self.form = SweepForm(theme, experiment, config)
        self.seen = SweepResults(theme, experiment)
        self.seen.chosen.connect(self._show_run)
        self.seen.said.connect(self.said)
        self.jobs = SweepJobs(self)
        self.jobs.probed.connect(self._show_probe)
        self.jobs.probe_ended.connect(self._look_again)
        self.jobs.came.connect(self.seen.add)
        self.jobs.others.connect(self.seen.tell_others)
        self.jobs.failed.connect(self.form.show_problem)
        self.jobs.ended.connect(self._ended)
        self._build()
        self._wait = QTimer(self, singleShot=True, interval=PAUSE)
        self._wait.timeout.connect(self._begin_probe)
        self.form.changed.connect(self._changed)
        self._changed()

    def _build(self) -> None:
        self.estimate = QLabel()
        self.estimate.setTextFormat(Qt.TextFormat.PlainText)
        self.estimate.setWordWrap(True)
        self.start = QPushButton()
        self.start.clicked.connect(self._start_or_stop)
        self.other = QPushButton(tr("Open results…"))
        self.other.setAutoDefault(False)
        self.other.clicked.connect(self._ask_for_file)
        self.seen.buttons.addWidget(self.other)
        left = QVBoxLayout()
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(self.form)
        area.setFixedWidth(self.theme.px(FORM))
        left.addWidget(area, 1)
        left.addWidget(self.estimate)
        left.addWidget(self.start)
        row = QHBoxLayout(self)
        row.addLayout(left)
        row.addWidget(self.seen, 1)
        window = cast(QWidget, self.parent())
        self.resize(min(self.theme.px(SIZE[0]), window.width()), min(self.theme.px(SIZE[1]), window.height()))

    # What is asked for

    def _changed(self) -> None:
        """Something else is asked for: say whether it can be made, and look what is known of it."""
        plan = self._wanted()
        self._pressed = self._pressed and plan is not None
        self._name_start()
        if plan is not None:
            self._tell_time(plan)
            if self.jobs.work is None:
                self._wait.start()

    def _wanted(self) -> SweepPlan | None:
        self._plan = problem = None
        try:
            self._plan = self.form.plan()
        except Problem as found:
            self.estimate.clear()
            problem = found
        self.form.show_problem(problem)
        return self._plan

    def _begin_probe(self) -> None:
        plan = self._wanted()
        if plan is not None and self.jobs.probe is None and self.jobs.work is None:
            self.jobs.begin_probe(plan)

    def _show_probe(self, plan: SweepPlan, found: Probe | Problem) -> None:
        if isinstance(found, Probe):
            self._probed = found
            self.form.offer_scalars(list(found.names))
            self._tell_time(plan)
        elif "names" in found.values:  # what there is to be measured
            self.form.offer_scalars(str(found.values["names"]).split(", "))
        elif plan == self._plan:
            if self._pressed:
                self._pressed = False
                self.estimate.clear()
            self.form.show_problem(found)
        if self._pressed:
            self._run()
            self._name_start()
        elif isinstance(found, Probe):
            self._look(plan)
        elif "names" in found.values:
            self._wait.start()
        else:
            self._name_start()

    def _look_again(self, plan: SweepPlan | None) -> None:
        """Look anew if something else than what is there now, of `plan`, was asked for meanwhile."""
        if self._plan not in (None, plan):
            self._wait.start()

    def _tell_time(self, plan: SweepPlan) -> None:
        if self._probed is None:
            return
        time = coarse_time(max(1.0, self._probed.of(plan.count, self.form.workers)))
        self.estimate.setText(tr("{n} runs, about {time}", n=plan.count, time=time))

    # The work

    def _look(self, plan: SweepPlan) -> None:
        """Show what is known of a sweep already."""
        if self.jobs.work is None:
            self.seen.set_plan(plan)
            self.jobs.begin(SweepThread(plan, self.path, None))

    def _name_start(self) -> None:
        """Name the button by what a press does next."""
        plan = self._plan
        if self._pressed or self.jobs.makes:
            self.start.setText(tr("Stop"))
            self.start.setEnabled(self._pressed or not self.jobs.ending)
            return
        part = plan is not None and plan == self.seen.plan and 0 < len(self.seen.results) < plan.count
        self.start.setText(tr("Go on") if part else tr("Run the sweep"))
        self.start.setEnabled(plan is not None)

    def _start_or_stop(self) -> None:
        if self._pressed:
            self._pressed = False
            self.estimate.clear()
        elif self.jobs.makes:
            self.jobs.interrupt()
        else:
            self._run()
        self._name_start()

    def _run(self) -> None:
        """Have the runs made; first it must be known what can be measured."""
        plan = self._wanted()
        self._pressed = plan is not None and not self.form.knows_scalars
        if self._pressed:
            self.estimate.setText(tr("It begins as soon as it is known what the runs measure."))
            self._begin_probe()
        elif plan is not None:
            self.jobs.leave()  # a look at what is known, and a probe: a press waits for neither
            self._wait.stop()
            self.seen.set_plan(plan)
            self.jobs.begin(SweepThread(plan, self.path, self.form.make()))

    def _ended(self) -> None:
        self.seen.show_now()
        self._name_start()
        self._look_again(self.seen.plan)

    def stop(self) -> None:
        """Have the work end soon, if any is done; what is known stays."""
        self._pressed = False
        self.jobs.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.stop()
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape closes it as its button does: the work ends."""
        self.stop()
        super().reject()

    # A run, a file

    def _show_run(self, run: SweepRun, result: RunResult) -> None:
        """Have a run in its experiment, with the same numbers."""
        stage = cast(SweepStage, self.parent())
        same = stage.playback.experiment.name == self.experiment
        look = stage.playback.look() if same else Look()
        assert run.config is not None
        there = Look(step=result.steps, options=look.options, pins=look.pins)
        stage.show_scene(self.experiment, run.config, there)

    def _ask_for_file(self) -> None:
        words = tr("Results of a sweep") + f" (*{SUFFIX});;(*)"
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Open results…"), first_folder(""), words)
        if chosen:
            self.open_results(Path(chosen))

    def open_results(self, path: Path) -> None:
        """Ask about the sweep that a file is for, and show it."""
        try:
            plan = plan_in(path)
            if plan.experiment != self.experiment:
                raise Problem("This file is of another experiment: {name}", name=plan.experiment)
        except Problem as problem:
            self.form.show_problem(problem)
            return
        session = Session(experiments={self.experiment: self.form.config})
        allowed = asked(self, plan, path, session)
        if allowed is not None:
            self.show_results(allowed, path)

    def show_results(self, plan: SweepPlan, path: Path) -> None:
        """Show the sweep that a file is for, and go on in this file."""
        self.path = path
        self.setWindowTitle(f"{self._title} – {plain_name(path.name)}")
        self.form.show_plan(plan)


def open_sweep(
    window: QWidget, theme: Theme, playback: Playback, say: Callable[[str], None]
) -> SweepDialog | None:
    """Open the dialog for the experiment that is played; where it cannot be, say why."""
    try:
        if playback.runner.last_step < 1:
            raise Problem("Nothing is computed step by step here: there is nothing to sweep.")
        return _opened(SweepDialog(window, theme, playback.experiment.name, playback.config), say)
    except Problem as problem:
        say(problem_text(problem))
        return None


def open_results(
    window: QWidget, theme: Theme, plan: SweepPlan, path: Path, say: Callable[[str], None]
) -> SweepDialog:
    """Open the dialog for the sweep that a file is for."""
    dialog = _opened(SweepDialog(window, theme, plan.experiment, plan.base(), path), say)
    dialog.show_results(plan, path)
    return dialog


def _opened(dialog: SweepDialog, say: Callable[[str], None]) -> SweepDialog:
    dialog.said.connect(say)
    dialog.show()
    return dialog
