"""The editor of a learning-rate schedule: its kind, its curve over the steps of the run, its settings."""

from typing import Any

import msgspec
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.optimizers.schedules import CosineDecay, CosineRestarts, LinearDecay, StepDecay
from gui.form.base import Kit, order_tabs
from gui.form.field import Field
from gui.form.kinds import Kind, KindEditor
from gui.form.schedule_curve import ScheduleCurve
from gui.look.seen import see

UNKNOWN_RUN = 500  # steps that are drawn if the record does not say how many there are
# How long a part of the schedule is, as a share of the run, when its kind is chosen.
PARTS: dict[type[Any], tuple[str, float]] = {
    LinearDecay: ("total_steps", 1),
    CosineDecay: ("total_steps", 1),
    StepDecay: ("step_size", 1 / 4),
    CosineRestarts: ("first_period", 1 / 7),  # of lengths 1, 2 and 4
}


class ScheduleEditor(KindEditor):
    """A schedule. There is no curve for the kind that never changes the learning rate."""

    looks_around = True

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self._room = QVBoxLayout()
        self.below(self._room)
        self.curve: ScheduleCurve | None = None  # made when it is shown for the first time
        self._steps = UNKNOWN_RUN

    def fresh(self, kind: Kind) -> msgspec.Struct:
        """Return the schedule for a newly chosen kind: as long as the run, with the same warm-up."""
        changes: dict[str, Any] = {"warmup_steps": self.value.warmup_steps}
        if kind in PARTS:
            name, share = PARTS[kind]
            changes[name] = max(1, round(share * (self._steps - self.value.warmup_steps)))
        return kind(**changes)

    def show_value(self, value: Any) -> None:
        """Show a schedule, and its curve."""
        super().show_value(value)
        self._draw()

    def see_record(self, record: msgspec.Struct) -> None:
        """Learn from the record of the experiment how many steps there are."""
        super().see_record(record)
        steps = getattr(record, "steps", None)
        if steps is not None and steps != self._steps:
            self._steps = steps
            self._draw()

    def _draw(self) -> None:
        if self.value is None:
            return
        if self.curve is None and not self.value.constant:
            self.curve = ScheduleCurve(self.kit.theme, self)
            self.curve.reshaped.connect(self.changed)
            self._room.addWidget(self.curve)
            order_tabs(self)
        if self.curve is not None:
            see(self.curve, not self.value.constant)
            if not self.value.constant:
                self.curve.show_schedule(self.value, self._steps)
