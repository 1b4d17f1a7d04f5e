"""When a run ends before its last step: the loss is low enough, the held-out loss rises, or the time is up.

*Early stopping.* With every step a network fits its training examples better. At first its loss on held-out
examples falls too; later this loss often rises again: the network overfits. The held-out loss is noisy, so a
single rise means nothing. The run ends when the lowest held-out loss was measured a given number of
measurements ago; this number is the *patience*. The weights at the lowest loss are the ones to keep.

A rule uses the losses that an experiment names (`Experiment.watched`), at the steps where they are measured.
If there are several, for example of two networks, the rule must hold for all of them, except those that are
no longer measured because their network has diverged. If a setting changes after some step
(`engine.changes`), the run went on there, so no rule ends it before the last change, and the patience begins
there.

A run without held-out examples can end when a number is low enough: f or the length of its gradient in a race
of optimizers, KL(P‖Q) when Q is fitted to P. Such a run is recorded many steps at a time; `first_over` finds
the exact step at which it ends.

A rule never changes the numbers of a run, only its last step. Only the rule for the time depends on the
computer.

References: L. Prechelt, "Early stopping — but when?", in "Neural networks: tricks of the trade", 1998;
Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 7.8.
"""

from collections.abc import Collection, Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.changes import changes_of
from engine.config import Config, Problem, Tagged, number
from engine.recording import Recording

Array = NDArray[np.float64]
Floats = NDArray[np.floating[Any]]
Losses = list[Array]  # the measurements so far of each watched loss that is still measured


class StopRule(Tagged, frozen=True):
    """Base of the rules: they decide whether a run is over, by its losses or by its time."""

    title: ClassVar[str]
    meaning: ClassVar[str]

    def is_over(self, losses: Losses) -> bool:
        """Whether a run is over by its losses, after their newest measurements."""
        return False

    def is_over_at(self, losses: Floats) -> NDArray[np.bool_]:
        """Whether a run is over by the losses of a single step, for each of many steps; shape (steps,).

        `losses` has the shape (losses, steps), with NaN where a loss is not measured.
        """
        return np.zeros(losses.shape[1], np.bool_)

    def is_late(self, seconds: float) -> bool:
        """Whether a run is over by the seconds that its computation took."""
        return False

    def reason(self) -> Problem:
        """Why the run has ended."""
        raise NotImplementedError


class LastStep(StopRule, frozen=True, tag="last_step"):
    """No rule: the run ends at its last step."""

    title = "At the last step"
    meaning = "The run has all its steps."


class LowEnough(StopRule, frozen=True):
    """Base of the rules that end a run when a number is low enough."""

    limit: float = 0.1

    def is_over(self, losses: Losses) -> bool:
        """Whether all newest losses are below the limit."""
        return all(float(loss[-1]) < self.limit for loss in losses)

    def is_over_at(self, losses: Floats) -> NDArray[np.bool_]:
        """Whether all losses that are measured at a step are below the limit, for each step."""
        known = np.isfinite(losses).any(axis=0)
        return np.asarray(known & ~(losses >= self.limit).any(axis=0))


class LossBelow(LowEnough, frozen=True, tag="loss_below"):
    """The loss is low enough."""

    title = "Loss below"
    meaning = "The run ends when its loss on held-out examples, or else on all examples, is low enough."
    limit: Annotated[
        float,
        number("Loss", "The loss below which the run ends.", gt=0, le=1e6, scale="log", soft=(1e-3, 10)),
    ] = 0.1

    def reason(self) -> Problem:
        """The limit is reached."""
        return Problem("Stopped: the loss is below {limit}", limit=f"{self.limit:g}")


class ValueBelow(LowEnough, frozen=True, tag="value_below"):
    """The value of the function is low enough."""

    title = "f below"
    meaning = "The race ends when f is low enough for all racers; one that has diverged does not count."
    limit: Annotated[
        float, number("Value of f", "The f below which the race ends.", ge=-1e6, le=1e6, soft=(-100, 100))
    ] = 0.001

    def reason(self) -> Problem:
        """The limit is reached."""
        sign = "−" if self.limit < 0 else ""
        return Problem("Stopped: f is below {limit}", limit=f"{sign}{abs(self.limit):g}")


class SlopeBelow(LowEnough, frozen=True, tag="slope_below"):
    """The gradient is short enough: the ground is level, at a minimum or elsewhere."""

    title = "Gradient below"
    meaning = (
        "The race ends when ‖∇f‖ is small enough for all racers, as at a minimum, but also at a saddle"
        " or on a plateau; one that has diverged does not count."
    )
    limit: Annotated[
        float,
        number(
            "Length of the gradient",
            "The length of ∇f below which the race ends.",
            gt=0,
            le=1e6,
            scale="log",
            soft=(1e-8, 10),
        ),
    ] = 0.001

    def reason(self) -> Problem:
        """The limit is reached."""
        return Problem("Stopped: ‖∇f‖ is below {limit}", limit=f"{self.limit:g}")


class KLBelow(LowEnough, frozen=True, tag="kl_below"):
    """Q is near enough to P."""

    title = "KL below"
    meaning = "The run ends when KL(P‖Q) is low enough for all losses, in the unit of the base."
    limit: Annotated[
        float,
        number(
            "KL(P‖Q)", "The KL(P‖Q) below which the run ends.", gt=0, le=1e6, scale="log", soft=(1e-6, 10)
        ),
    ] = 0.01

    def reason(self) -> Problem:
        """The limit is reached."""
        return Problem("Stopped: KL(P‖Q) is below {limit}", limit=f"{self.limit:g}")


class HeldOutRises(StopRule, frozen=True, tag="held_out_rises"):
    """The lowest held-out loss was measured too long ago."""

    title = "Held-out loss rises"
    meaning = "The run ends when the loss on held-out examples has not been lower for so many measurements."
    patience: Annotated[
        int,
        number("Patience", "Measurements since the lowest held-out loss.", ge=1, le=1000, soft=(1, 50)),
    ] = 10

    def is_over(self, losses: Losses) -> bool:
        """Whether the lowest value of each loss was measured at least `patience` measurements ago."""
        return all(len(loss) - 1 - int(np.argmin(loss)) >= self.patience for loss in losses)

    def reason(self) -> Problem:
        """The patience is over."""
        return Problem("Stopped: no lower held-out loss in {n} measurements", n=self.patience)


class TimeIsUp(StopRule, frozen=True, tag="time"):
    """The run has computed for a number of seconds."""

    title = "Time"
    meaning = "The run ends after so many seconds of computing, on this computer."
    seconds: Annotated[
        float,
        number("Seconds", "How long is computed.", ge=0.1, le=86_400, scale="log", soft=(1.0, 600.0)),
    ] = 10.0

    def is_late(self, seconds: float) -> bool:
        """Whether the time is over."""
        return seconds >= self.seconds

    def reason(self) -> Problem:
        """The time is up."""
        return Problem("Stopped: {seconds} s of computing", seconds=f"{self.seconds:g}")


AnyStop = LastStep | LossBelow | HeldOutRises | TimeIsUp
StopWithoutHeldOut = LastStep | LossBelow | TimeIsUp  # for runs without held-out examples
StopOfRace = LastStep | ValueBelow | SlopeBelow | TimeIsUp
StopOfFit = LastStep | KLBelow | TimeIsUp


def first_over(config: Config, first: int, losses: Sequence[float | Floats]) -> int | None:
    """The first of many steps at which the rule of a config ends its run, if it is a rule for single steps.

    `losses` has a column for each loss, with an entry for each step from `first` on. None if the run does not
    end in these steps.
    """
    rule = getattr(config, "stop", None)
    if not isinstance(rule, LowEnough) or not losses:
        return None
    skipped = max(_since(config) + 1 - first, 0)
    over = rule.is_over_at(np.stack(losses)[:, skipped:])
    return first + skipped + int(over.argmax()) if over.any() else None


def _since(config: Config) -> int:
    """The step of the last change; before it no rule ends the run."""
    return max((change.step for change in changes_of(config)), default=-1)


class StopWatch:
    """Applies the rule of a config to its run; without a rule a run is never over."""

    def __init__(self, config: Config, watched: Collection[str]) -> None:
        """Begin with the config and `watched`, the names of the losses."""
        rule = getattr(config, "stop", None)
        self.rule: StopRule | None = None if isinstance(rule, LastStep) else rule
        self.watched = watched
        self.since = _since(config)

    def over(self, recording: Recording, seconds: float) -> Problem | None:
        """Why the run is over after its last recorded step; None if it is not."""
        step = recording.last
        if self.rule is None or step <= self.since:
            return None
        columns = [recording.column(name) for name in self.watched if name in recording.names]
        measured = [loss[self.since + 1 :] for loss in columns if np.isfinite(loss[step])]
        known = [loss[np.isfinite(loss)] for loss in measured]
        over = bool(known) and self.rule.is_over(known)
        return self.rule.reason() if over or self.rule.is_late(seconds) else None
