"""Entropy ▸ Fit Q to P: the logits of Q are trained with several losses, each run from the same start.

Recorded at every step for each loss, such as "js": `js.loss` (that of this run), `js.cross_entropy` and
`js.kl` (of its Q, for every run), `js.distance` (the largest |qᵢ − pᵢ|) and `js.z0`, `js.z1`, … (its logits);
and `entropy`, H(P), which is constant. Losses are in the unit of the base.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from engine.changes import spans
from engine.checkpoints import Checkpoint
from engine.config import Problem
from engine.experiment import Experiment, Frame
from engine.experiments.entropy.fit_config import FitConfig
from engine.gradient_check import GradientCheck, check_gradient
from engine.information.divergence_gradients import DIVERGENCES, Array, Model, Truth, through_softmax
from engine.information.information import entropy
from engine.optimizers.table import FirstOrder
from engine.pieces import Working
from engine.recording import Recording
from engine.training import ChunkTraining, chunk_frames

__all__ = ["EXPERIMENT", "FitConfig", "FitEnd", "FitInspection", "FitSnapshot", "frames", "inspect"]

CHUNK = 100  # steps a frame: a few milliseconds
INFINITE = "KL(Q‖P) is ∞ from the start: P has a 0, a softmax never has, and ∞ has no gradient."
TOO_FAR = "The logits diverged."
ALL_ENDED = "No run could go on."


class FitEnd(NamedTuple):
    """The step at which a run could not go on, and why. A run that ended at its start stays there."""

    step: int
    problem: Problem


class FitSnapshot(NamedTuple):
    """How the run of each loss ended, in the order of the config; None if it has not ended."""

    ends: tuple[FitEnd | None, ...]


class FitInspection(NamedTuple):
    """One run at one step. Gradients are by the logits, [outcomes], in the unit of the base."""

    name: str  # of the run's own loss
    q: Array
    entropy: float
    cross_entropy: float
    kl: float
    loss: float
    gradient: Array  # of the run's own loss; NaN where that is ∞
    of_cross_entropy: Array
    of_kl: Array
    difference: float  # the largest between the two


class FitChecks(NamedTuple):
    """How well the gradients of an inspection agree with finite differences of the losses."""

    gradient: GradientCheck | None  # None where it is NaN
    of_cross_entropy: GradientCheck
    of_kl: GradientCheck


class FitState(NamedTuple):
    """All that the runs need to go on: the logits of all, and of those that have a gradient, and the ends."""

    last: Array  # [runs, outcomes]
    z: Array
    moments: Any  # the state of the optimizer
    ends: tuple[FitEnd | None, ...]


def frames(
    config: FitConfig, chunk: int = CHUNK, after: Checkpoint | None = None
) -> Iterator[Frame[FitSnapshot] | Working]:
    """Yield the start, then `chunk` steps of all runs at a time."""
    return chunk_frames(FitTraining(config), config, config.steps, chunk, watched(config), after)


def watched(config: FitConfig) -> list[str]:
    """The names of the numbers by which the runs may end: KL(P‖Q) of each that is not stuck at its start."""
    finite = _finite_at_start(config, Truth.of(config.p.values))
    return [f"{name}.kl" for name, known in zip(config.losses, finite, strict=True) if known]


def _finite_at_start(config: FitConfig, truth: Truth) -> list[bool]:
    """Whether each loss is finite at the first logits: at ∞ it has no gradient."""
    z = config.first_logits
    return [bool(np.isfinite(DIVERGENCES[name].at(truth, z))) for name in config.losses]


class FitTraining(ChunkTraining[FitSnapshot]):
    """The runs of all losses, and which of them have ended; one that begins at ∞ has no gradient."""

    def __init__(self, config: FitConfig) -> None:
        self.config, self.truth = config, Truth.of(config.p.values)
        names, z = config.losses, config.first_logits
        finite = _finite_at_start(config, self.truth)
        self.ends = [None if known else FitEnd(0, Problem(INFINITE)) for known in finite]
        self.rows = [k for k, known in enumerate(finite) if known]
        self.last = np.tile(z, (len(names), 1))
        self.walk = FitWalk(config, self.truth, [names[k] for k in self.rows], self.last[self.rows])

    def ended(self) -> bool:
        """Whether no run can go on."""
        return None not in self.ends

    def start(self) -> Frame[FitSnapshot]:
        """Measure everything before the first step."""
        return self._frame(self.last[np.newaxis], 0)

    def chunk(self, first: int, last: int) -> Frame[FitSnapshot]:
        """Take the steps `first` … `last` of all runs."""
        return self._frame(self._forward(first, last), last)

    def _forward(self, first: int, last: int) -> Array:
        """Take the steps `first` … `last`; the logits of all after each, [steps, runs, outcomes]."""
        path = np.repeat(self.last[np.newaxis], last - first + 1, axis=0)
        for span in spans(self.config, first, last):
            self.walk.use(span.settings.optimizer)
            there = self.walk.forward(span.last - span.first + 1)
            path[span.first - first : span.last - first + 1, self.rows] = there
        for k in self.rows:
            lost = ~np.isfinite(path[:, k]).all(axis=1)
            if lost.any() and self.ends[k] is None:
                self.ends[k] = FitEnd(first + int(lost.argmax()), Problem(TOO_FAR))
                path[lost.argmax() :, k] = np.nan
        self.last = path[-1].copy()
        return path

    def _frame(self, path: Array, step: int) -> Frame[FitSnapshot]:
        """The frame of a path that ends at `step`."""
        return replace(_frame(self.config, self.truth, path, step, self.ends), state=self.state)

    def until(self, frame: Frame[FitSnapshot], first: int, stop: int) -> Frame[FitSnapshot]:
        """The frame of the newest chunk, which begins with step `first`, cut after step `stop`."""
        ends = tuple(end if end is not None and end.step <= stop else None for end in self.ends)
        return replace(super().until(frame, first, stop), snapshot=FitSnapshot(ends))

    def state(self) -> FitState:
        """All that they need to go on."""
        return FitState(self.last, self.walk.z, self.walk.state, tuple(self.ends))

    def go_on(self, state: FitState, settings: FitConfig) -> None:
        """Go on from a state, which was reached with these settings."""
        self.walk.use(settings.optimizer)
        self.last, self.ends = state.last, [*state.ends]
        self.walk.z, self.walk.state = state.z, state.moments


class FitWalk:
    """All runs at once, one in each row: their logits, and the state of the optimizer."""

    def __init__(self, config: FitConfig, truth: Truth, names: list[str], z: Array) -> None:
        self.rule: FirstOrder = config.optimizer
        self.truth = truth
        self.rules = [DIVERGENCES[name].d_log_q for name in names]
        self.units = np.array([[DIVERGENCES[name].unit(config.b)] for name in names])
        self.z = z
        self.state: Any = self.rule.start(z)

    def use(self, rule: FirstOrder) -> None:
        """Use other settings of the same optimizer from the next step on."""
        if rule != self.rule:
            self.rule, self.state = rule, rule.taken_over(self.z, self.state)

    def forward(self, count: int) -> Array:
        """Take steps; the logits after each, [steps, runs, outcomes] (for Nesterov the classical iterate)."""
        path = np.empty((count, *self.z.shape))
        d_log_q = np.empty_like(self.z)
        with np.errstate(all="ignore"):
            for step in range(count if self.rules else 0):
                model = Model.of(self.z)
                for k, rule in enumerate(self.rules):
                    d_log_q[k] = rule(self.truth, Model(model.q[k], model.log_q[k]))
                gradient = through_softmax(d_log_q, model.q) / self.units
                moved, self.state = self.rule.update(self.z, gradient, self.state)
                self.z = np.asarray(moved, np.float64)
                path[step] = getattr(self.state, "position", self.z)
        return path


def _frame(
    config: FitConfig, truth: Truth, path: Array, step: int, ends: list[FitEnd | None]
) -> Frame[FitSnapshot]:
    """Measure every run along its path[steps, runs, outcomes], which ends at `step`."""
    cross, kl = DIVERGENCES["cross_entropy"], DIVERGENCES["kl"]
    count = len(path)
    diverged = None
    if all(end is not None for end in ends):
        known = [end for end in ends if end is not None]
        diverged = known[0].problem if len(known) == 1 else Problem(ALL_ENDED)
        count -= step - max(end.step for end in known)
    path, step = path[:count], step - len(path) + count
    scalars: dict[str, float | Array] = {"entropy": np.full(count, float(entropy(truth.p, config.b)))}
    with np.errstate(invalid="ignore"):
        model = Model.of(path)
        distances = np.abs(model.q - truth.p).max(axis=-1)
        crosses = cross.value(truth, model) / cross.unit(config.b)
        kls = kl.value(truth, model) / kl.unit(config.b)
        for k, name in enumerate(config.losses):
            loss = DIVERGENCES[name]
            own = loss.value(truth, Model(model.q[:, k], model.log_q[:, k])) / loss.unit(config.b)
            scalars[f"{name}.loss"] = own
            scalars[f"{name}.cross_entropy"], scalars[f"{name}.kl"] = crosses[:, k], kls[:, k]
            scalars[f"{name}.distance"] = distances[:, k]
            scalars |= {f"{name}.z{i}": path[:, k, i] for i in range(path.shape[-1])}
    return Frame(step, scalars, FitSnapshot(tuple(ends)), diverged)


def inspect(config: FitConfig, recording: Recording, step: int, name: str) -> FitInspection | None:
    """Everything about the run of one loss at `step`; None if it had diverged before."""
    z = _logits(config, recording, step, name)
    if not np.isfinite(z).all():
        return None
    truth = Truth.of(config.p.values)
    cross, kl, own = DIVERGENCES["cross_entropy"], DIVERGENCES["kl"], DIVERGENCES[name]
    of_cross, of_kl = cross.gradient(truth, z, config.b), kl.gradient(truth, z, config.b)
    return FitInspection(
        name=name,
        q=Model.of(z).q,
        entropy=float(recording.column("entropy")[step]),
        cross_entropy=float(recording.column(f"{name}.cross_entropy")[step]),
        kl=float(recording.column(f"{name}.kl")[step]),
        loss=float(recording.column(f"{name}.loss")[step]),
        gradient=own.gradient(truth, z, config.b),
        of_cross_entropy=of_cross,
        of_kl=of_kl,
        difference=float(np.abs(of_cross - of_kl).max()),
    )


def _logits(config: FitConfig, recording: Recording, step: int, name: str) -> Array:
    """The logits of a run minus the largest one: this gives the same Q with smaller rounding errors."""
    z = np.array([recording.column(f"{name}.z{i}")[step] for i in range(len(config.p.values))], np.float64)
    return np.asarray(z - z.max())


def checked(
    config: FitConfig, recording: Recording, step: int, name: str
) -> tuple[FitInspection, FitChecks] | None:
    """An inspection with the checks of its gradients, which take some milliseconds."""
    found = inspect(config, recording, step, name)
    if found is None:
        return None
    truth, z = Truth.of(config.p.values), _logits(config, recording, step, name)

    def check(loss: str, gradient: Array) -> GradientCheck:
        return check_gradient(lambda at: DIVERGENCES[loss].at(truth, at, config.b), gradient, z)

    own = check(name, found.gradient) if np.isfinite(found.gradient).all() else None
    crosses, kls = check("cross_entropy", found.of_cross_entropy), check("kl", found.of_kl)
    return found, FitChecks(own, crosses, kls)


EXPERIMENT = Experiment(
    name="entropy.fit",
    title="Fit Q to P",
    config_type=FitConfig,
    frames=frames,
    last_step=lambda config: config.steps,
    cheap=True,
    watched=watched,
)
