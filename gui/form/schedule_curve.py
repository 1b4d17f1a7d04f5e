"""The factor of a learning-rate schedule over the steps of a run: a curve, with grips that reshape it."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QWidget

from engine.optimizers.schedules import (
    ConstantRate,
    CosineDecay,
    CosineRestarts,
    ExponentialDecay,
    InverseRootDecay,
    InverseTimeDecay,
    LinearDecay,
    Schedule,
    StepDecay,
)
from gui.form.field import fields_of
from gui.look.language import tr
from gui.look.theme import Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel, Handle

HEIGHT = 104  # pixels, at the ordinary size of text
POINTS = 400  # the most points of the curve
SMALLEST = 0.01  # the least factor that a grip on a falling curve is drawn down to
WARM_UP = "warm-up"
SHAPE = "shape"


class Grip(NamedTuple):
    """Where the grip of a schedule is, and which settings bring it to a point (t, ψ)."""

    t: int
    psi: float
    free: str
    settings: Callable[[int, float], dict[str, float]]  # of k, the steps since the warm-up, and ψ


def grip_of(schedule: Schedule, middle: int) -> Grip | None:
    """Return the grip of a schedule; if it never stops falling, the point of its curve at step `middle`."""
    full = schedule.warmup_steps + 1  # the first step of the schedule itself
    at = max(middle, full + 1)
    there = at, schedule.factor(at), "y"
    match schedule:
        case LinearDecay() | CosineDecay():
            end = full + schedule.total_steps, schedule.end_factor, "xy"
            return Grip(*end, lambda k, psi: {"total_steps": k, "end_factor": psi})
        case StepDecay():
            cut = full + schedule.step_size, schedule.gamma, "xy"
            return Grip(*cut, lambda k, psi: {"step_size": k, "gamma": psi})
        case CosineRestarts():
            end = full + schedule.first_period, schedule.end_factor, "xy"
            return Grip(*end, lambda k, psi: {"first_period": k, "end_factor": psi})
        case ExponentialDecay():
            return Grip(*there, lambda k, psi: {"gamma": max(psi, SMALLEST) ** (1 / k)})
        case InverseTimeDecay():
            return Grip(*there, lambda k, psi: {"decay_rate": (1 / max(psi, SMALLEST) - 1) / k})
        case InverseRootDecay():
            return Grip(*there, lambda k, psi: {"decay_rate": (1 / max(psi, SMALLEST) ** 2 - 1) / k})
    return None


def dragged(schedule: Schedule, middle: int, key: str, t: float, psi: float) -> Any:
    """Return the schedule whose grip is at (t, ψ), or as near as its settings allow."""
    found: dict[str, Any] = {"warmup_steps": round(t) - 1}
    grip = grip_of(schedule, middle)
    if key == SHAPE and grip is not None:
        found = grip.settings(max(round(t) - 1 - schedule.warmup_steps, 1), psi)
    fields = {field.name: field for field in fields_of(type(schedule))}
    changes = {
        name: fields[name].inside(value if fields[name].whole else _rounded(value))
        for name, value in found.items()
    }
    return schedule.with_(**changes)


def _rounded(value: float) -> float:
    """Round to four digits; near 1, round 1 − value: in a long run γ = 0.9999 and 0.99995 differ much."""
    if 0.9 < value < 1:
        return round(1 - float(f"{1 - value:.4g}"), 15)
    return float(f"{value:.4g}")


class ScheduleCurve(CurvesPanel):
    """A plot of ψ against t. `reshaped` carries the schedule that the grip was dragged to."""

    reshaped = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("", theme)
        self.setParent(parent)
        self.setAccessibleName(tr("Factor of the learning rate at each step"))
        self.setToolTip(tr("Factor of the learning rate at each step. Drag a ring to reshape it."))
        self.setFixedHeight(theme.px(HEIGHT))
        self.plot.vb.setMouseEnabled(False, False)
        self.readout = False  # in this low plot it would cover the grip
        self.handle_dragged.connect(self._reshape)
        self._schedule: Schedule = ConstantRate()
        self._steps = 0

    def show_schedule(self, schedule: Schedule, steps: int) -> None:
        """Draw the factors of the first `steps` steps."""
        self._schedule = schedule
        if steps != self._steps:
            self._steps = steps
            self.set_axes(
                ("t", ""), ("ψ", ""), x_limits=(1, max(steps, 1) + 1), y_limits=(0, 1.04), whole_x=True
            )
        t = np.unique(np.linspace(1, max(steps, 2), POINTS).round().astype(int))
        stroke = Stroke(self.theme.text)
        self.set_curves([Curve("factor", "ψ", t.astype(float), schedule.factor(t), stroke)])
        grip = grip_of(schedule, self._middle)
        handles = [Handle(WARM_UP, "", schedule.warmup_steps + 1, 1.0, stroke, "x")]
        if grip is not None:
            handles.append(Handle(SHAPE, "", grip.t, grip.psi, stroke, grip.free))
        self.set_handles(handles)

    @property
    def _middle(self) -> int:
        return max(self._steps // 2, 2)

    def _reshape(self, key: str, t: float, psi: float) -> None:
        self.reshaped.emit(dragged(self._schedule, self._middle, key, t, min(max(psi, 0.0), 1.0)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the wheel scroll the form, and not zoom the plot."""
        event.ignore()
