"""Gradients ▸ Dying ReLU: which units die, when, and what the chosen one can still learn."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

import numpy as np
from PySide6.QtGui import QResizeEvent

from engine.config import Config, choice, number, plain, replaced
from engine.experiments.gradients.dying_relu_config import BiasKick, DyingReluConfig, NoKick
from engine.experiments.gradients.dying_relu_inspection import (
    Snapshot,
    UnitGradient,
    balance,
    check,
    deadliest,
    unit_gradient,
)
from engine.gradient_check import GradientCheck
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.old_view import OldView
from gui.plots.panel import Panel
from gui.plots.units import UnitsPanel
from gui.questions import Answer
from gui.theme import Theme
from gui.views.gradients.dying_relu_controls import Controls
from gui.views.gradients.dying_relu_curves import Curves
from gui.views.gradients.dying_relu_formulas import dead_block, gradient_block, kick_blocks, unit_block

ROOMY = 440  # pixels of height from which there is room for all four plots


class DyingReluOptions(Config, frozen=True):
    """How one looks at the run."""

    layer: Annotated[int, number("Layer", "The layer of the unit that is followed.", ge=1, le=6)] = 2
    unit: Annotated[int, number("Unit", "The unit that is followed.", ge=1, le=64)] = 6
    curve: Annotated[
        str, choice("Curve", "What is drawn beside the dead units.", {"loss": "Loss", "accuracy": "Accuracy"})
    ] = "loss"
    log_loss: Annotated[bool, plain("Log loss", "Show the loss on a logarithmic axis.")] = False


class DyingReluView(OldView):
    """Dead fractions and the loss above, the map of all units in the middle, deaths and revivals below."""

    options_type: ClassVar[type[Config]] = DyingReluOptions
    pace: ClassVar[float] = 60.0
    options: DyingReluOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = DyingReluConfig()
        self.curves = Curves(theme, self)
        title = tr("Share of the training examples with z > 0, for each unit (× = dead)")
        self.units = UnitsPanel(title, theme)
        self.units.setMinimumSize(theme.px(160), theme.px(72))
        self.controls = Controls(self)
        self.checked: tuple[int, GradientCheck] | None = None  # and the step of the network it is of
        self._shown: tuple[Recording, int] | None = None
        self._told: tuple[tuple[int, int, int], UnitGradient] | None = None  # step, layer and unit
        self._connect()
        self._press()

    def _connect(self) -> None:
        self.questions.answered.connect(self._take)
        self.curves.clicked.connect(self.step_chosen)
        self.units.selected.connect(lambda row, column: self._change({"layer": row + 1, "unit": column + 1}))
        self.controls.changed.connect(self._change)
        self.controls.deadliest_wanted.connect(self.go_to_the_deadliest)
        self.controls.death_wanted.connect(self.go_to_the_death)
        self.controls.kick_wanted.connect(self.kick_here)
        self.controls.check_wanted.connect(self.check_gradients)

    def panels(self) -> list[Panel]:
        below = [] if self.curves.turns.isHidden() else [self.curves.turns]
        return [self.curves.dead, self.curves.learning, self.units, *below]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the deaths and revivals make room for the plots that need it more."""
        super().resizeEvent(event)
        low = self.height() < self.theme.px(ROOMY)
        self.curves.turns.setHidden(low)
        self.controls.give_way(low)

    # A run

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, DyingReluConfig)
        self.config = config
        self._shown = self.checked = None
        self.questions.forget()
        self.curves.begin(config, ghosts)
        self.units.set_units(np.zeros((0, 0)), np.zeros((0, 0), bool))
        self.controls.show_check(None)
        self._press()

    def draw(self, recording: Recording, step: int) -> None:
        self._shown = (recording, step)
        if recording.last < 0:
            return
        self.curves.draw(recording, step)
        found, snapshot = recording.snapshot(step)
        layer, unit = self._followed
        asked = (self.config, snapshot, layer, unit)
        self.questions.ask("gradient", unit_gradient, *asked, about=(found, layer, unit))
        self.units.set_units(snapshot.seen.positive / self.config.points, snapshot.seen.dead)
        self.units.select(self._followed)
        self.controls.show_state(deadliest(recording), int(snapshot.since[self._followed]))

    @property
    def _followed(self) -> tuple[int, int]:
        """The unit that is followed (layer, unit), counted from 0; the nearest there is in this network."""
        return (
            min(self.options.layer, self.config.layers) - 1,
            min(self.options.unit, self.config.width) - 1,
        )

    def _snapshot(self) -> tuple[int, Snapshot] | None:
        """The network on show and its step; None before there is one."""
        if self._shown is None or self._shown[0].last < 0:
            return None
        found, snapshot = self._shown[0].snapshot(self._shown[1])
        return found, snapshot

    # What the user does

    def go_to_the_deadliest(self) -> None:
        """Show the update that killed the most units so far."""
        worst = None if self._shown is None else deadliest(self._shown[0])
        if worst is not None:
            self.step_chosen.emit(worst.step)

    def go_to_the_death(self) -> None:
        """Show the update that killed the unit that is followed."""
        shown = self._snapshot()
        if shown is not None and (step := int(shown[1].since[self._followed])) >= 0:
            self.step_chosen.emit(step)

    def kick_here(self) -> None:
        """Begin again with the kick at the step on show; biases are pushed when there is no other kick."""
        shown = self._shown
        step = min(max(shown[1] if shown is not None else 1, 1), self.config.steps)
        kick = self.config.kick
        moved = BiasKick(step=step) if isinstance(kick, NoKick) else kick.with_(step=step)
        self.edited.emit(replaced(self.config, kick=moved))

    def check_gradients(self) -> None:
        """Compare the gradient of the network on show, on its batch, with differences."""
        shown = self._snapshot()
        if shown is None:
            return
        self.questions.ask("check", check, self.config, shown[1], about=shown[0])

    def _take(self, answer: Answer) -> None:
        """Show what the followed unit is told, or what a check has found."""
        if answer.key == "check":
            self.checked = (answer.about, answer.value)
            self.controls.show_check(self.checked)
        else:
            self._told = (answer.about, answer.value)
        self.live_changed.emit()

    def _change(self, changes: dict[str, object]) -> None:
        self.set_option(**changes)
        self._press()
        if self._shown is not None:
            self.draw(*self._shown)
        self.live_changed.emit()

    def _press(self) -> None:
        """Show what the options ask for."""
        self.curves.look(self.options.curve, self.options.log_loss)
        self.controls.show_options(self.options)
        if self._shown is None:
            self.controls.show_state(None, -1)

    # The numbers beside the formulas

    def live(self, recording: Recording, step: int) -> list[Live]:
        if recording.last < 0:
            return []
        found, snapshot = recording.snapshot(step)
        checked = self.checked[1] if self.checked is not None and self.checked[0] == found else None
        sums = balance(recording, found, snapshot.seen.dead.size)
        same_unit = self._told is not None and self._told[0][1:] == self._followed
        told = self._told[1] if self._told is not None and same_unit else None
        return [
            unit_block(self.config, snapshot, *self._followed),
            gradient_block(self.config, told, checked),
            dead_block(self.config, snapshot, sums, deadliest(recording)),
            *kick_blocks(self.config),
        ]


VIEW = DyingReluView
