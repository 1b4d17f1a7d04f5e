"""How units die as training goes on: fractions, deaths and revivals, and what the network makes of it."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.experiments.gradients.dying_relu_config import DyingReluConfig, NoKick
from engine.experiments.gradients.dying_relu_inspection import deadliest
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.plots.curves import Curve, CurvesPanel, Mark
from gui.strokes import class_stroke, ghost_stroke
from gui.theme import Stroke, Theme
from gui.views.step_curves import round_up


class Curves(QObject):
    """The three plots over the steps. `clicked` tells the step that was pointed at."""

    clicked = Signal(int)

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme
        self.dead = CurvesPanel(tr("Fraction of dead units"), theme)
        self.learning = CurvesPanel(tr("Loss on the training examples"), theme)
        self.turns = CurvesPanel(tr("Units that died (up) and came back (down) in each update"), theme)
        self.learning.legend = "paper"  # its title names the only curve
        self.ghosts: Sequence[Ghost] = ()
        self._config = DyingReluConfig()
        self._quantity, self._log = "loss", False
        self._span = 0.0  # how far the axis of steps goes
        self._most = (1.0, 1.0)  # how far the axis of deaths and revivals goes
        for panel in self.panels:
            panel.setMinimumSize(theme.px(120), theme.px(72))
            panel.clicked.connect(lambda x: self.clicked.emit(max(0, round(x))))

    @property
    def panels(self) -> list[CurvesPanel]:
        """The plots in reading order."""
        return [self.dead, self.learning, self.turns]

    def begin(self, config: DyingReluConfig, ghosts: Sequence[Ghost]) -> None:
        """Forget the last run."""
        self._config, self.ghosts, self._most = config, ghosts, (1.0, 1.0)
        for panel in self.panels:
            panel.set_curves(())
            panel.set_marks(())
        self._set_axes()

    def look(self, quantity: str, log: bool) -> None:
        """Choose what stands beside the dead: "loss" (on a log axis or not) or "accuracy"."""
        if (quantity, log) != (self._quantity, self._log):
            self._quantity, self._log = quantity, log
            self._set_axes()

    def _set_axes(self) -> None:
        last = max([self._config.steps, *(ghost.recording.last for ghost in self._begun())])
        self._span = float(last)
        step, across = (tr("step"), ""), (0.0, self._span)
        self.dead.set_axes(step, (tr("fraction"), ""), x_limits=across, y_limits=(0.0, 1.03))
        self._set_turns()
        if self._quantity == "accuracy":
            self.learning.title = tr("Accuracy on the training examples")
            self.learning.set_axes(step, (tr("accuracy"), ""), x_limits=across, y_limits=(0.0, 1.03))
        else:
            self.learning.title = tr("Loss on the training examples")
            self.learning.set_axes(step, (tr("loss"), tr("nats")), log_y=self._log, x_limits=across)

    def _set_turns(self) -> None:
        """Let the axis of deaths and revivals end at round numbers, so that both ends have a tick."""
        up, down = self._most
        self.turns.set_axes(
            (tr("step"), ""), (tr("units"), ""), x_limits=(0.0, self._span), y_limits=(-down, 1.06 * up)
        )

    def _begun(self) -> list[Ghost]:
        return [ghost for ghost in self.ghosts if ghost.recording.last >= 0]

    def draw(self, recording: Recording, step: int) -> None:
        """Draw all three with the playhead at `step`."""
        x = np.arange(recording.last + 1.0)
        self._draw_dead(recording, x)
        self._draw_learning(recording, x)
        self._draw_turns(recording, x)
        for panel in self.panels:
            panel.set_cursor(step)

    def _draw_dead(self, recording: Recording, x: np.ndarray) -> None:
        curves = self._faint("dead", "all_units")
        for k in range(self._config.layers):
            name = f"dead.{k + 1}"
            stroke = layer_stroke(self.theme, k)
            curves.append(Curve(name, tr("layer {n}", n=k + 1), x, recording.column(name), stroke))
        if self._config.layers > 1:
            stroke = self.theme.stroke("all_units")
            curves.append(Curve("dead", tr("all units"), x, recording.column("dead"), stroke, width=2.4))
        self.dead.set_curves(curves)
        self.dead.set_marks(self._kick_mark(recording))

    def _kick_mark(self, recording: Recording) -> list[Mark]:
        kick = self._config.kick
        if isinstance(kick, NoKick) or recording.last < kick.step:
            return []
        height = float(recording.column("dead")[kick.step])
        return [Mark(kick.step, height, tr("kick"), Stroke(self.theme.text))]

    def _draw_learning(self, recording: Recording, x: np.ndarray) -> None:
        name = self._quantity
        curves = self._faint(name, "training")
        words = tr("loss") if name == "loss" else tr("accuracy")
        curves.append(Curve(name, words, x, recording.column(name), self.theme.stroke("training")))
        self.learning.set_curves(curves)

    def _draw_turns(self, recording: Recording, x: np.ndarray) -> None:
        died, back = recording.column("deaths"), recording.column("revivals")
        most = (round_up(float(died.max(initial=1.0))), round_up(float(back.max(initial=1.0))))
        if most != self._most:
            self._most = most
            self._set_turns()
        self.turns.set_curves(
            [
                Curve("deaths", tr("died"), x, died, self.theme.stroke("death"), width=1.4, fill=True),
                Curve("revivals", tr("came back"), x, 0.0 - back, self.theme.stroke("revival"), width=1.4,
                      fill=True),
            ]
        )  # fmt: skip
        worst = deadliest(recording)
        marks = []
        if worst is not None:
            words = tr("{n} at step {step}", n=worst.deaths, step=worst.step)
            marks.append(Mark(worst.step, worst.deaths, words, self.theme.stroke("death")))
        self.turns.set_marks(marks)

    def _faint(self, name: str, stroke: str) -> list[Curve]:
        """The same quantity of the pinned runs."""
        return [
            Curve(f"{name}-{k}", ghost.label, np.arange(ghost.recording.last + 1.0),
                  ghost.recording.column(name), ghost_stroke(self.theme.stroke(stroke), k),
                  ghost=True)
            for k, ghost in enumerate(self._begun())
        ]  # fmt: skip


def layer_stroke(theme: Theme, layer: int) -> Stroke:
    """Colour and dash of a hidden layer, counted from 0."""
    return class_stroke(theme, layer)
