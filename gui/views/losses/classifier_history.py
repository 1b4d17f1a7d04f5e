"""How a classifier has learnt so far: loss and accuracy against steps or epochs, pinned runs behind."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from engine.config import Config
from engine.experiments.losses.classifier_config import ClassifierConfig, batch_size, steps_per_epoch
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.ticks import value_text
from gui.strokes import ghost_stroke
from gui.theme import Theme
from gui.views.step_curves import STEPS, Ruler, StepCurve, round_up

ROOMY = 170  # pixels of height from which on the playhead tells the values


class History(QObject):
    """The two plots. `clicked` tells the step that was pointed at."""

    clicked = Signal(int)

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme
        self.loss = CurvesPanel(tr("Loss"), theme)
        self.accuracy = CurvesPanel(tr("Accuracy"), theme)
        self.ghosts: Sequence[Ghost] = ()
        self._ruler = STEPS
        self._scales = (False, False)  # log loss, epochs
        self._reach = 0.0  # how far the axis of steps goes
        self._lines: dict[tuple[int, str], StepCurve] = {}
        for panel in (self.loss, self.accuracy):
            panel.setMinimumSize(theme.px(120), theme.px(56))
            panel.legend = "ends"
            panel.clicked.connect(lambda x: self.clicked.emit(self._ruler.step(max(0.0, x))))

    def begin(self, ghosts: Sequence[Ghost]) -> None:
        """Forget the last run."""
        self.ghosts, self._lines, self._reach = ghosts, {}, 0.0
        for panel in (self.loss, self.accuracy):
            panel.set_curves(())
        self._set_axes()

    def set_axes(self, log_loss: bool, epochs: bool) -> None:
        """Choose the scales."""
        if (log_loss, epochs) != self._scales:
            self._scales, self._lines, self._reach = (log_loss, epochs), {}, 0.0
            self._set_axes()

    def _set_axes(self) -> None:
        log_loss, epochs = self._scales
        x, limits = (tr("epoch") if epochs else tr("step"), ""), (0.0, self._reach or 1.0)
        self.loss.set_axes(x, (tr("loss"), tr("nats")), log_y=log_loss, x_limits=limits)
        self.accuracy.set_axes(x, (tr("accuracy"), ""), x_limits=limits, y_limits=(0.0, 1.03))

    def _follow(self, config: ClassifierConfig, recording: Recording) -> None:
        """Let the axis of steps reach beyond the run in round numbers, but not beyond its end."""
        steps = config.epochs * steps_per_epoch(config, recording.snapshot(0)[1].data)
        last, least, end = (self._ruler.place(step) for step in (recording.last, 5, steps))
        reach = min(round_up(max(last, least)), end)
        for ghost in self._begun():
            reach = max(reach, self._ruler_of(ghost.config, ghost.recording).place(ghost.recording.last))
        if reach != self._reach:
            self._reach = reach
            self._set_axes()

    def _begun(self) -> list[Ghost]:
        return [ghost for ghost in self.ghosts if ghost.recording.last >= 0]

    def draw(self, config: ClassifierConfig, recording: Recording, step: int) -> None:
        """Draw both plots with the playhead at `step`."""
        self._ruler = self._ruler_of(config, recording)
        self._follow(config, recording)
        for panel, quantity in ((self.loss, "loss"), (self.accuracy, "accuracy")):
            curves = [
                curve for k, ghost in enumerate(self._begun()) for curve in self._ghost(k, ghost, quantity)
            ]
            own = [self._line(recording, f"{part}_{quantity}", self._ruler)
                   for part in ("training", "held_out")]  # fmt: skip
            curves += [
                Curve("training", tr("training"), *own[0].points(), self.theme.stroke("training")),
                Curve("held_out", tr("held-out"), *own[1].points(), self.theme.stroke("held_out"),
                      sparse=True),
            ]  # fmt: skip
            panel.set_curves(curves)
            values = " · ".join(value_text(line.at(step)[0]) for line in own)
            roomy = step < recording.last and panel.height() > self.theme.px(ROOMY)
            panel.set_cursor(self._ruler.place(step), values if roomy else "")

    def at(self, recording: Recording, name: str, step: int) -> tuple[float, int]:
        """The newest value of a scalar not after `step`, and the step it was measured at."""
        line = self._line(recording, name, self._ruler)
        line.points()
        return line.at(step)

    def _line(self, recording: Recording, name: str, ruler: Ruler) -> StepCurve:
        key = (id(recording), name)
        if key not in self._lines:
            self._lines[key] = StepCurve(recording, name, ruler)
        return self._lines[key]

    def _ghost(self, k: int, ghost: Ghost, quantity: str) -> list[Curve]:
        """Two faint curves; only the held-out one is named, with the settings that differ."""
        ruler = self._ruler_of(ghost.config, ghost.recording)
        curves = []
        for part, name in (("training", ""), ("held_out", ghost.label)):
            points = self._line(ghost.recording, f"{part}_{quantity}", ruler).points()
            stroke = ghost_stroke(self.theme.stroke(part), k)
            curves.append(
                Curve(f"{part}_{k}", name, *points, stroke, ghost=True, width=1.4, sparse=part == "held_out")
            )
        return curves

    def _ruler_of(self, config: Config, recording: Recording) -> Ruler:
        """How far along the axis a step leads."""
        assert isinstance(config, ClassifierConfig)
        data = recording.snapshot(0)[1].data
        return Ruler(len(data.training), batch_size(config, data)) if self._scales[1] else STEPS
