"""What is recorded along the steps of a training, as it is drawn: its known points, and their axis."""

from bisect import bisect_right
from collections.abc import Sequence
from math import floor, log10
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.linear.mini_batches import BatchSizes, examples_after
from engine.recording import Recording

Vector = NDArray[np.float64]


class Ruler(NamedTuple):
    """The axis of steps, in epochs: how much of the examples has been seen. An epoch of one is a step."""

    examples: int = 1
    batches: BatchSizes = ((1, 1),)

    def place(self, steps: Any) -> Any:
        """Where so many steps lead (a number or an array)."""
        return examples_after(self.examples, "shuffled", self.batches, steps) / self.examples

    def step(self, place: float) -> int:
        """The step that is nearest to a place."""
        if len(self.batches) > 1:
            low = self._last_before(place)
        else:
            batch = self.batches[0][1]
            an_epoch = -(-self.examples // batch)
            low = int(place) * an_epoch + min(int(place % 1 * self.examples / batch), an_epoch - 1)
        return low if place - self.place(low) <= self.place(low + 1) - place else low + 1

    def _last_before(self, place: float) -> int:
        """The last step that does not lead beyond a place."""
        high = self.batches[-1][0]
        while self.place(high) <= place:
            high *= 2
        return bisect_right(range(high), place, key=self.place) - 1


STEPS = Ruler()


class StepCurve:
    """The points of one scalar of a recording that are known; only what is new is looked at again."""

    def __init__(self, recording: Recording, name: str, ruler: Ruler = STEPS) -> None:
        self.recording, self.name, self.ruler = recording, name, ruler
        self._seen = 0
        self._known = 0
        self._points: Vector = np.zeros((2, 1024))  # with room to grow

    def points(self) -> tuple[Vector, Vector]:
        """x along the axis and y, up to now."""
        column = self.recording.column(self.name)
        fresh = column[self._seen :]
        known = np.flatnonzero(~np.isnan(fresh))
        end = self._known + known.size
        if end > self._points.shape[1]:
            longer = np.zeros((2, 2 * end))
            longer[:, : self._known] = self._points[:, : self._known]
            self._points = longer
        self._points[0, self._known : end] = self.ruler.place(known + self._seen)
        self._points[1, self._known : end] = fresh[known]
        self._known, self._seen = end, len(column)
        return self._points[0, :end], self._points[1, :end]

    def at(self, step: int) -> tuple[float, int]:
        """The newest value not after `step`, and its step; NaN before the first."""
        x = self._points[0, : self._known]
        k = int(np.searchsorted(x, self.ruler.place(step), side="right"))
        return (float(self._points[1, k - 1]), self.ruler.step(x[k - 1])) if k else (float("nan"), step)


class Lines:
    """The scalars of a run as they are known; of each only what is new is looked at again."""

    def __init__(self, recording: Recording, ruler: Ruler = STEPS) -> None:
        self.recording, self.ruler = recording, ruler
        self._curves: dict[str, StepCurve] = {}

    def points(self, name: str) -> tuple[Vector, Vector]:
        """Places along the axis and values up to now."""
        if name not in self.recording.names:
            return np.zeros(0), np.zeros(0)
        if name not in self._curves:
            self._curves[name] = StepCurve(self.recording, name, self.ruler)
        return self._curves[name].points()

    def newest(self, name: str, step: int) -> tuple[float, int]:
        """The newest value not after `step`, and the step it was measured at."""
        if not self.points(name)[0].size:
            return float("nan"), step
        return self._curves[name].at(step)


class Steps:
    """0, 1, 2, … as far as a run goes: one array for all its curves, however often it is drawn."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._known = 0
        self._all: Vector = np.empty(1024)  # with room to grow

    def known(self) -> Vector:
        """Every step up to now."""
        end = self.recording.last + 1
        if end > len(self._all):
            longer = np.empty(2 * end)
            longer[: self._known] = self._all[: self._known]
            self._all = longer  # what has been given away stays as it is
        self._all[self._known : end] = np.arange(self._known, end)
        self._known = end
        return self._all[:end]


def round_up(x: float, heads: Sequence[float] = (1.0, 2.0, 5.0, 10.0)) -> float:
    """The next of 1, 2, 5, 10, 20, …, or of other `heads`, from 1 to 10, times powers of ten."""
    decade = 10.0 ** floor(log10(x))
    return next(head * decade for head in heads if head * decade >= x * (1 - 1e-9))
