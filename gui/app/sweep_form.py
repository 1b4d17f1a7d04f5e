"""What is asked for a sweep: the settings and their values, the seeds, the measure, who makes the runs."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QWidget

from engine.config import Config, Problem
from engine.setting_paths import plain_values, value_at
from engine.sweeps.axis import SweepAxis, Varied, checked, settings_to_vary, values_of, varied
from engine.sweeps.cluster import cluster
from engine.sweeps.measure import rises
from engine.sweeps.plan import MOST_SEEDS, SweepPlan, has_seed
from engine.sweeps.processes import MOST_WORKERS, Workers, default_count, processes
from gui.app.scalar_words import scalar_words
from gui.app.sweep_words import field_at, setting_title, values_words
from gui.form.field import Field
from gui.form.spin import SpinBox
from gui.look.combo import Combo
from gui.look.language import problem_text, tr
from gui.look.theme import Theme

MOST_STEPS = 10_000_000
COUNT = 7  # values that are proposed for a number
FEW = 4  # … and of a setting with choices
LIKELY = ("learning_rate", "width", "hidden", "depth", "batch_size")  # what people vary first


class AxisLines:
    """A setting and its values: a list to choose from, a line, and what the line means."""

    def __init__(self, title: str, theme: Theme, changed: Callable[[], None]) -> None:
        self.choice, self.line, self.meaning = Combo(narrow=True), QLineEdit(), QLabel()
        self.choice.setAccessibleName(title)
        self.line.setAccessibleName(tr("Values of {setting}", setting=title))
        self.line.setToolTip(
            tr("A list, 8, 16, 32, or a range with how many values: 0.1..1:7; with :log at equal factors.")
        )
        self.meaning.setWordWrap(True)
        self.meaning.setStyleSheet(f"color: {theme.quiet}")
        self.found: dict[str, Varied] = {}
        self.choice.currentIndexChanged.connect(changed)
        self.line.textEdited.connect(changed)

    @property
    def path(self) -> str:
        """The setting that is chosen; empty if none is."""
        return str(self.choice.currentData() or "")

    def offer(self, config: Config, none: bool) -> None:
        """Offer the settings of a config; with `none` also none of them."""
        self.found = {one.path: one for one in settings_to_vary(config)}
        self.choice.blockSignals(True)
        self.choice.clear()
        if none:
            self.choice.addItem(tr("none"), "")
        for path in self.found:
            self.choice.addItem(setting_title(config, path), path)
        self.choice.blockSignals(False)

    def choose(self, config: Config, path: str, text: str = "") -> None:
        """Choose a setting, with a text of values; without one, values are proposed."""
        self.choice.setCurrentIndex(max(self.choice.findData(path), 0))
        self.line.setText(text or self.proposed(config))
        self.line.setCursorPosition(0)  # of a long list the beginning is seen

    def proposed(self, config: Config) -> str:
        """Values that make sense for the setting: around its present one, within its limits."""
        if self.path not in self.found:
            return ""
        one, field = self.found[self.path], field_at(config, self.path)[1]
        if one.choices:
            first = [str(one.value).lower()]
            return ", ".join([*first, *(word for word in one.choices if word not in first)][:FEW])
        assert field is not None
        return span_text(float(one.value), field)

    def axis(self, config: Config) -> SweepAxis:
        """The setting and its values.

        Raises:
            Problem: the line cannot be read, or a value is not possible.
        """
        self.meaning.clear()
        made = checked(SweepAxis(self.path, values_of(self.line.text().strip(), self.path, config)), config)
        self.meaning.setText(values_words(config, made))
        return made


def span_text(value: float, field: Field) -> str:
    """A range around a value: over two decades where equal factors make sense, else over the slider."""
    low, high = field.slider_range or (value / 10 if value > 0 else 0.0, 10 * value or 1.0)
    if field.log or (value > 0 and not field.slider_range):
        least, most = max(value / 10, field.inside(low)), min(value * 10, high)
        if least > 0:
            return f"{_digits(least, field)}..{_digits(most, field)}:{COUNT}:log"
    least, most = field.inside(low), field.inside(high)
    count = min(COUNT, round(most - least) + 1) if field.whole else COUNT
    return f"{_digits(least, field)}..{_digits(most, field)}:{max(count, 2)}"


def _digits(value: float, field: Field) -> str:
    return str(round(value)) if field.whole else f"{value:.3g}"


class SweepForm(QWidget):
    """Asks for a sweep of one experiment. `changed` tells that something else is asked for."""

    changed = Signal()

    def __init__(self, theme: Theme, experiment: str, config: Config) -> None:
        super().__init__()
        self.experiment, self.config = experiment, config
        self.first = AxisLines(tr("Setting"), theme, partial(self._other, 0))
        self.second = AxisLines(tr("Second setting"), theme, partial(self._other, 1))
        self.seeds, self.steps = SpinBox(1, MOST_SEEDS), SpinBox(1, MOST_STEPS)
        self.scalar, self.how, self.limit = Combo(narrow=True), Combo(narrow=True), QLineEdit("0.1")
        self.processes, self.scheduler = SpinBox(0, MOST_WORKERS), QLineEdit()
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setStyleSheet(f"color: {theme.error}")
        self._fill()
        self._lay_out()
        self._propose()
        for box in (self.seeds, self.steps):
            box.valueChanged.connect(self._change)
        for line in (self.limit,):
            line.textEdited.connect(self._change)
        for combo in (self.scalar, self.how):
            combo.currentIndexChanged.connect(self._change)

    def _fill(self) -> None:
        for which in (self.first, self.second):
            which.offer(self.config, none=which is self.second)
        for text, how in (
            (tr("at the end"), "end"),
            (tr("the best"), "best"),
            (tr("mean over the run"), "area"),
            (tr("first step at or below"), "below"),
            (tr("first step at or above"), "above"),
        ):
            self.how.addItem(text, how)
        self.processes.setSpecialValueText(tr("the cores but one"))
        self.scheduler.setPlaceholderText("tcp://…:8786")
        self.scheduler.setToolTip(
            tr("The address of a Dask scheduler. Its workers make the runs; left empty, this machine does.")
        )
        self.seeds.setEnabled(has_seed(self.config))
        self.seeds.setToolTip(tr("Each combination runs under so many seeds, the same for all."))

    def _lay_out(self) -> None:
        rows = QFormLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        for title, which in ((tr("Setting"), self.first), (tr("Second setting"), self.second)):
            rows.addRow(title, which.choice)
            rows.addRow(which.line)
            rows.addRow(which.meaning)
        rows.addRow(tr("Seeds"), self.seeds)
        self._steps_shown = "steps" in type(self.config).__struct_fields__
        if self._steps_shown:
            self.steps.setValue(int(value_at(plain_values(self.config), "steps")))
            rows.addRow(tr("Steps of each run"), self.steps)
        rows.addRow(tr("Measure"), self.scalar)
        rows.addRow(self.how)
        rows.addRow(self.limit)
        rows.addRow(tr("Processes"), self.processes)
        rows.addRow(tr("Dask scheduler"), self.scheduler)
        rows.addRow(self.problem)
        names = {
            self.seeds: tr("Seeds"),
            self.steps: tr("Steps of each run"),
            self.scalar: tr("Measure"),
            self.how: tr("Which number of it"),
            self.limit: tr("Limit"),
            self.processes: tr("Processes"),
            self.scheduler: tr("Dask scheduler"),
        }
        for widget, name in names.items():
            widget.setAccessibleName(name)

    def _propose(self) -> None:
        """Begin with what people vary first."""
        paths = list(self.first.found)
        likely = (path for name in LIKELY for path in paths if path.rpartition(".")[2] == name)
        self.first.choose(self.config, next(likely, paths[0] if paths else ""))
        self.second.choose(self.config, "")
        self._show_parts()

    def _other(self, which: int, *_: Any) -> None:
        """Another setting is chosen, or other values are typed."""
        lines = (self.first, self.second)[which]
        if not lines.line.hasFocus() or self.sender() is lines.choice:
            lines.line.setText(lines.proposed(self.config))
        self._change()

    def _change(self) -> None:
        self._show_parts()
        self.changed.emit()

    def _show_parts(self) -> None:
        self.second.line.setVisible(bool(self.second.path))
        self.second.meaning.setVisible(bool(self.second.path))
        self.limit.setVisible(self.how.currentData() in ("below", "above"))

    # What is asked for

    def show_plan(self, plan: SweepPlan) -> None:
        """Show a sweep of this experiment, such as one that a file is for."""
        self.config = plan.base()
        for which, axis in zip((self.first, self.second), (*plan.axes, None), strict=False):
            which.offer(self.config, none=which is self.second)
            text = ", ".join(map(_typed, axis.values)) if axis else ""
            which.choose(self.config, axis.path if axis else "", text)
        self.seeds.setValue(plan.seeds)
        if self._steps_shown:
            self.steps.setValue(int(value_at(plain_values(self.config), "steps")))
        scalar, _, how = plan.measure.partition(":")
        name, _, limit = (how or "end").partition("=")
        self.offer_scalars([scalar])
        self.scalar.setCurrentIndex(self.scalar.findData(scalar))
        self.how.setCurrentIndex(max(self.how.findData(name), 0))
        self.limit.setText(limit or self.limit.text())
        self._change()

    def offer_scalars(self, names: list[str]) -> None:
        """Offer what the runs measure; what was chosen stays chosen, and is offered in any case."""
        before = self.scalar.currentData()
        if [self.scalar.itemData(k) for k in range(self.scalar.count())] == names:
            return
        self.scalar.blockSignals(True)
        self.scalar.clear()
        for name in names:
            self.scalar.addItem(scalar_words(self.config, self.experiment, name), name)
            self.scalar.setItemData(self.scalar.count() - 1, name, Qt.ItemDataRole.ToolTipRole)
        wanted = before if before in names else min(names, key=_rank, default="")
        self.scalar.setCurrentIndex(self.scalar.findData(wanted))
        self.scalar.blockSignals(False)

    @property
    def knows_scalars(self) -> bool:
        """Whether it is known what the runs measure."""
        return self.scalar.count() > 0

    @property
    def measure(self) -> str:
        """The measure, as a text."""
        how = str(self.how.currentData())
        limit = f"={self.limit.text().strip()}" if how in ("below", "above") else ""
        return f"{self.scalar.currentData() or 'loss'}:{how}{limit}"

    @property
    def workers(self) -> int:
        """How many runs are made at a time, as far as it is known before."""
        return self.processes.value() or default_count()

    def plan(self) -> SweepPlan:
        """The sweep that is asked for.

        Raises:
            Problem: it cannot be made.
        """
        config = self.config
        if self._steps_shown:
            config = varied(config, {"steps": self.steps.value()})
        axes = [which.axis(config) for which in (self.first, self.second) if which.path]
        seeds = self.seeds.value() if self.seeds.isEnabled() else 1
        plan = SweepPlan(self.experiment, plain_values(config), tuple(axes), seeds, self.measure)
        plan.check()
        return plan

    def make(self) -> Callable[[], Workers]:
        """What makes the workers."""
        address = self.scheduler.text().strip()
        return partial(cluster, address) if address else partial(processes, self.processes.value())

    def show_problem(self, problem: Problem | None) -> None:
        """Say why the sweep cannot be made."""
        where = self._title_of(problem.where) if problem is not None else ""
        words = "" if problem is None else problem_text(problem)
        self.problem.setText(f"{where}: {words}" if where and words else words)

    def _title_of(self, path: str) -> str:
        known = (self.first.found, self.second.found)
        return setting_title(self.config, path) if any(path in found for found in known) else ""


def _typed(value: Any) -> str:
    """A value as it is typed."""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, float) else str(value)


def _rank(name: str) -> int:
    """The place of a scalar among those that people compare first: a held-out loss, a loss, f."""
    who, _, what = name.rpartition(".")
    return [what == "loss" and who == "held_out", what == "loss", what == "f", rises(name), True].index(True)
