"""Entropy ▸ Three classes: all predictions as a triangle, the landscape of a loss, and descents over it.

Recorded at every step for each loss, such as "js": where its Q is in the triangle, `js.x` and `js.y`; its
logits `js.z0`, `js.z1`, `js.z2`; `js.loss`, in the unit of the base, and `js.slope`, |∂L/∂z|. KL(P‖Q) has the
gradient of cross-entropy, and so its path. A loss that is ∞ stays at its start, and has no slope.
"""

from collections.abc import Iterator
from math import inf
from typing import Any, NamedTuple

import numpy as np

from engine.config import Problem
from engine.experiment import Experiment, Frame
from engine.experiments.entropy.three_classes_config import Shares, ThreeClassesConfig
from engine.gradient_check import GradientCheck, check_gradient
from engine.information.divergence_gradients import DIVERGENCES, Array, Model, Truth, through_softmax
from engine.information.triangle import point_of
from engine.pieces import Working
from engine.recording import Recording
from engine.training import ChunkTraining, chunk_frames

CHUNK = 50  # steps a frame
TOO_FAR = "The logits diverged. Try a smaller learning rate."


def frames(config: ThreeClassesConfig) -> Iterator[Frame[None] | Working]:
    """Yield the start, then the steps of all descents, some at a time, until all have diverged."""
    return chunk_frames(TriangleDescent(config), config, config.steps, CHUNK)


class TriangleDescent(ChunkTraining[None]):
    """The descents of all losses at once, one in each row: their logits, and the state of the optimizer."""

    def __init__(self, config: ThreeClassesConfig) -> None:
        self.config = config
        self.rule: Any = config.optimizer
        self.truth = truth = Truth.of(config.p)
        self.lost = False  # whether all have diverged
        self.units = np.array([[loss.unit(config.b)] for loss in DIVERGENCES.values()])
        self.z = np.tile(config.first_logits, (len(DIVERGENCES), 1))
        self.state: Any = self.rule.start(self.z)
        infinite = {"reverse_kl"} if not truth.p.all() else set()
        self._finite = [
            (k, loss) for k, (name, loss) in enumerate(DIVERGENCES.items()) if name not in infinite
        ]
        self._u = np.zeros_like(self.z)  # ∂L/∂log q; 0 for a loss that is ∞: it stays at its start

    def start(self) -> Frame[None]:
        """Measure everything before the first step."""
        return Frame(0, _scalars(self.config, self.truth, self.z[np.newaxis]), None)

    def chunk(self, first: int, last: int) -> Frame[None]:
        """Take the steps `first` … `last`, or fewer if all descents diverge before `last`."""
        path = self._forward(last - first + 1)
        alive = np.isfinite(path).all(axis=-1).any(axis=-1)  # after each step, whether any descent goes on
        self.lost = not alive.all()
        count = int(alive.argmin()) + 1 if self.lost else len(path)
        problem = Problem(TOO_FAR) if self.lost else None
        return Frame(first + count - 1, _scalars(self.config, self.truth, path[:count]), None, problem)

    def ended(self) -> bool:
        """Whether all have diverged."""
        return self.lost

    def _forward(self, count: int) -> Array:
        """Take steps; the logits after each, [steps, losses, 3] (for Nesterov the classical iterate)."""
        path = np.empty((count, *self.z.shape))
        with np.errstate(all="ignore"):
            for step in range(count):
                moved, self.state = self.rule.update(self.z, self._gradient(), self.state)
                self.z = np.asarray(moved, np.float64)
                path[step] = getattr(self.state, "position", self.z)
        return path

    def _gradient(self) -> Array:
        """∂L/∂z of each loss at its own logits, [losses, 3]; 0 where the loss is ∞."""
        log_q = self.z - np.logaddexp.reduce(self.z, axis=-1, keepdims=True)
        q = np.exp(log_q)
        for k, loss in self._finite:
            self._u[k] = loss.d_log_q(self.truth, Model(q[k], log_q[k]))
        gradient: Array = through_softmax(self._u, q) / self.units
        return gradient


def _scalars(config: ThreeClassesConfig, truth: Truth, path: Array) -> dict[str, float | Array]:
    """Measure each loss along its own logits path[steps, losses, 3]."""
    scalars: dict[str, float | Array] = {}
    with np.errstate(all="ignore"):
        model = Model.of(path)
        x, y = np.moveaxis(point_of(model.q), -1, 0)
        for k, (name, loss) in enumerate(DIVERGENCES.items()):
            own = Model(model.q[:, k], model.log_q[:, k])
            slope = through_softmax(loss.d_log_q(truth, own), own.q) / loss.unit(config.b)
            scalars[f"{name}.x"], scalars[f"{name}.y"] = x[:, k], y[:, k]
            scalars |= {f"{name}.z{i}": path[:, k, i] for i in range(3)}
            scalars[f"{name}.loss"] = loss.value(truth, own) / loss.unit(config.b)
            scalars[f"{name}.slope"] = np.sqrt((slope**2).sum(axis=-1))
    return scalars


class LossAt(NamedTuple):
    """One loss at one prediction: its value, ∂L/∂z [3] and how long that is, and its check."""

    value: float
    gradient: Array  # NaN where the loss is ∞
    slope: float
    check: GradientCheck | None  # None where there is no gradient


class ThreeClassesInspection(NamedTuple):
    """The Q of one descent at one step, and every loss there: the slopes at one place are compared."""

    name: str  # of the loss that leads there
    q: Array
    losses: dict[str, LossAt]


def inspect(
    config: ThreeClassesConfig, recording: Recording, step: int, name: str
) -> ThreeClassesInspection | None:
    """Everything at the Q to which a loss has come at `step`; None if it diverged before."""
    z = logits_at(recording, step, name)
    if not np.isfinite(z).all():
        return None
    truth, z = Truth.of(config.p), z - z.max()  # the same Q with smaller rounding errors
    measured = {loss: _measured(config, truth, z, loss) for loss in DIVERGENCES}
    return ThreeClassesInspection(name, Model.of(z).q, measured)


def logits_at(recording: Recording, step: int, name: str) -> Array:
    """The logits of one descent at a step, [3]."""
    return np.array([recording.column(f"{name}.z{i}")[step] for i in range(3)])


def _measured(config: ThreeClassesConfig, truth: Truth, z: Array, name: str) -> LossAt:
    """One loss at logits z[3], with its gradient and the check of it."""
    loss = DIVERGENCES[name]
    gradient = loss.gradient(truth, z, config.b)
    check = None
    if np.isfinite(gradient).all():
        check = check_gradient(lambda at: loss.at(truth, at, config.b), gradient, z)
    return LossAt(float(loss.at(truth, z, config.b)), gradient, float(np.linalg.norm(gradient)), check)


def is_wrong(p: Shares, q: Array) -> np.ndarray:
    """Whether the likeliest class of predictions q[..., 3] is none of the likeliest of P."""
    return np.asarray(margin(p, q) < 0)


def margin(p: Shares, q: Array) -> Array:
    """How much likelier in q[..., 3] the right class is than the likeliest wrong one; ∞ if none is wrong."""
    right = np.isclose(p, max(p), rtol=0, atol=0.002)  # ⅓ as 0.334, 0.333, 0.333 is a draw
    if right.all():
        return np.full(q.shape[:-1], inf)
    best: Array = q[..., right].max(axis=-1) - q[..., ~right].max(axis=-1)
    return best


def right_from(config: ThreeClassesConfig, recording: Recording, last: int, name: str) -> int | None:
    """The step from which the likeliest class of a descent is right up to a `last` one; None if it is not."""
    z = np.stack([recording.column(f"{name}.z{i}")[: last + 1] for i in range(3)], axis=-1)
    good = ~is_wrong(config.p, z) & np.isfinite(z).all(axis=-1)  # the largest logit is the likeliest class
    if not good[-1]:
        return None
    return 0 if good.all() else len(good) - int(np.argmin(good[::-1]))


EXPERIMENT = Experiment(
    name="entropy.three_classes",
    title="Three classes",
    config_type=ThreeClassesConfig,
    frames=frames,
    last_step=lambda config: config.steps,
    cheap=True,
)
