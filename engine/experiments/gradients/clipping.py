"""Gradients ▸ Exploding and clipping: three runs of gradient descent from one start, unclipped and clipped.

Recorded for each way of clipping ("none", "norm", "value") at every step: `way.loss`, `way.norm` (of the
gradient before clipping), `way.moved` (the length of the last step) and, if there are two parameters, `way.x`
and `way.y`. A run that diverges ends there; the others go on.
"""

from collections.abc import Iterator
from math import isfinite
from typing import Annotated, NamedTuple

import numpy as np

from engine.config import Config, choice, number, plain
from engine.experiment import Experiment, Frame
from engine.experiments.gradients.clipping_scenes import (
    CliffScene,
    ClippingScene,
    Net,
    OneUnit,
    PlaneScene,
    Vector,
)
from engine.gradient_check import GradientCheck, check_gradient
from engine.networks.clipping import clip_by_norm, clip_by_value, norm
from engine.optimizers.descent import GradientDescent
from engine.optimizers.schedules import ConstantRate, Schedule, schedule_field
from engine.pieces import WORKING, Pieces, Working
from engine.training import ChunkTraining, chunk_frames

WAYS = ("none", "norm", "value")
SCENES = {
    "cliff": "A cliff",
    "unit": "A recurrent net of one unit",
    "net": "A net learning to remember",
}
TOO_MUCH = 1e30  # a loss beyond it counts as diverged
CHUNK = {"cliff": 500, "unit": 250, "net": 1}  # steps a frame: a few milliseconds
PAUSE = 50  # steps between two pauses
PROFILE = 241  # points of the loss along a step


def of_net(config: "ClippingConfig") -> bool:
    """Whether the scene is the net that learns to remember."""
    return config.scene == "net"


class ClippingConfig(Config, frozen=True):
    """The scene, the learning rate, and the threshold of clipping."""

    scene: Annotated[str, choice("Scene", "What is made small.", SCENES)] = "unit"
    cliff_start: Annotated[
        tuple[float, float],
        plain(
            "Start",
            "Where all begin; drag it on the contours.",
            kind="point",
            when=lambda c: c.scene == "cliff",
        ),
    ] = (2.12, 2.5)
    unit_start: Annotated[
        tuple[float, float],
        plain(
            "Start",
            "Where all begin; drag it on the contours.",
            kind="point",
            when=lambda c: c.scene == "unit",
        ),
    ] = (4.6, -2.8)
    length: Annotated[
        int,
        number(
            "Length",
            "Steps of a sequence, during which the sign must be remembered.",
            ge=2,
            le=100,
            when=of_net,
        ),
    ] = 30
    gain: Annotated[
        float,
        number(
            "Weight scale",
            "The recurrent weights begin as an orthogonal matrix times this.",
            ge=0.1,
            le=4,
            when=of_net,
        ),
    ] = 1.5
    learning_rate: Annotated[
        float,
        number(
            "Learning rate", "How far a step goes.", symbol="η", gt=0, le=100, scale="log", soft=(1e-3, 10)
        ),
    ] = 0.5
    schedule: Annotated[Schedule, schedule_field()] = ConstantRate()
    threshold: Annotated[
        float,
        number(
            "Threshold",
            "By norm, the longest gradient; by value, the largest entry.",
            symbol="c",
            gt=0,
            le=1e6,
            scale="log",
            soft=(1e-2, 100),
        ),
    ] = 0.5
    steps: Annotated[int, number("Steps", "How many steps each run has.", ge=1, le=2000, scale="log")] = 150
    seed: Annotated[
        int, plain("Seed", "Chooses weights and sequences of the net.", kind="seed", more=True, when=of_net)
    ] = 0

    @property
    def descent(self) -> GradientDescent:
        """The rule of all three runs, after clipping."""
        return GradientDescent(learning_rate=self.learning_rate, schedule=self.schedule)

    @property
    def unit_start_names(self) -> tuple[str, str]:
        """The weight of the unit and its bias."""
        return "w", "b"


class ClippingSnapshot(NamedTuple):
    """The parameters of each run; None if it has ended, with the step of its end in `ended`."""

    thetas: tuple[Vector | None, ...]
    ended: tuple[int | None, ...]


def scene_of(config: ClippingConfig) -> ClippingScene:
    """The loss that is minimised."""
    if config.scene == "cliff":
        return CliffScene(config.cliff_start)
    return (
        OneUnit(config.unit_start) if config.scene == "unit" else Net(config.seed, config.length, config.gain)
    )


def clipped(gradient: Vector, way: str, threshold: float) -> Vector:
    """The gradient after clipping by one of the ways."""
    if way == "none":
        return gradient
    clip = clip_by_norm if way == "norm" else clip_by_value
    return np.asarray(clip(gradient, threshold).gradient, np.float64)


class ClippingRun:
    """One run. It keeps its parameters, and takes no more steps once it has diverged."""

    def __init__(self, scene: ClippingScene, way: str, config: ClippingConfig) -> None:
        self.scene, self.way, self.config = scene, way, config
        self.rates = config.descent.rates(1)
        self.theta: Vector | None = scene.start()
        self.ended: int | None = None
        self.moved = 0.0

    def look(self, step: int) -> dict[str, float]:
        """The scalars of a step, at the current parameters."""
        if self.theta is None:
            return dict.fromkeys(("loss", "norm", "moved", "x", "y"), float("nan"))
        here = self.scene.at(self.theta, step + 1)
        self.gradient = here.gradient
        size = norm(here.gradient)
        if not (isfinite(here.loss) and here.loss < TOO_MUCH and isfinite(size)):
            self.theta, self.ended = None, step
            return self.look(step)
        x, y = map(float, self.theta[:2]) if len(self.theta) == 2 else (float("nan"),) * 2
        return {"loss": here.loss, "norm": size, "moved": self.moved, "x": x, "y": y}

    def go(self) -> None:
        """θ ← θ − η_t·clipped gradient."""
        if self.theta is not None:
            move = next(self.rates) * clipped(self.gradient, self.way, self.config.threshold)
            self.moved = norm(move)
            self.theta = self.theta - move


class ClippingTraining(ChunkTraining[ClippingSnapshot]):
    """The runs of all ways, from one start."""

    def __init__(self, config: ClippingConfig) -> None:
        scene = scene_of(config)
        self.runs = [ClippingRun(scene, way, config) for way in WAYS]

    def start(self) -> Frame[ClippingSnapshot]:
        """Measure everything before the first step."""
        return self._frame(0, [self._look(0)])

    def chunk(self, first: int, last: int) -> Pieces[Frame[ClippingSnapshot]]:
        """Take the steps `first` … `last` of all runs, with pauses."""
        rows = []
        for step in range(first, last + 1):
            for run in self.runs:
                run.go()
            rows.append(self._look(step))
            if step % PAUSE == 0:
                yield WORKING
        return self._frame(last, rows)

    def _look(self, step: int) -> dict[str, float]:
        """The scalars of all runs at a step."""
        return {f"{run.way}.{name}": value for run in self.runs for name, value in run.look(step).items()}

    def _frame(self, step: int, rows: list[dict[str, float]]) -> Frame[ClippingSnapshot]:
        """The frame of the steps that end with `step`; `rows` has the scalars of each."""
        scalars = {name: np.array([row[name] for row in rows]) for name in rows[0]}
        shot = ClippingSnapshot(tuple(run.theta for run in self.runs), tuple(run.ended for run in self.runs))
        return Frame(step, scalars, shot)


def frames(config: ClippingConfig) -> Iterator[Frame[ClippingSnapshot] | Working]:
    """Yield the start, then some steps of all three runs at a time."""
    return chunk_frames(ClippingTraining(config), config, config.steps, CHUNK[config.scene])


class SameStep(NamedTuple):
    """One gradient, and the step of each way of clipping from it."""

    gradient: Vector
    norm: float
    loss: float  # before the step
    clipped: dict[str, Vector]  # the gradient after each way of clipping
    moves: dict[str, Vector]  # −η_t·(the clipped gradient)
    lengths: dict[str, float]  # of those
    after: dict[str, float]  # the loss after each of them; ∞ where it diverges
    distances: Vector  # along the gradient, from 0 to a little beyond the unclipped step
    profile: Vector  # the loss there

    @property
    def turned(self) -> float:
        """Degrees between the gradient and the gradient clipped by value; exactly 0 for the same."""
        long, short = (norm(self.clipped[way]) for way in ("none", "value"))
        if not (0 < long < np.inf and 0 < short < np.inf):
            return 0.0
        a, b = self.clipped["none"] / long, self.clipped["value"] / short
        return float(np.degrees(2 * np.arctan2(np.linalg.norm(a - b), np.linalg.norm(a + b))))


def same_step(config: ClippingConfig, theta: Vector, step: int) -> SameStep:
    """The step after `step` from θ in three ways: unclipped, clipped by norm, clipped by value."""
    scene, rate = scene_of(config), config.descent.rate(step + 1)
    with np.errstate(over="ignore", invalid="ignore"):
        loss, gradient = scene.at(theta, step + 1)
        size = norm(gradient)
        kept = {way: clipped(gradient, way, config.threshold) for way in WAYS}
        moves = {way: -rate * one for way, one in kept.items()}
        lengths = {way: norm(move) for way, move in moves.items()}
        after = {way: scene.loss(theta + move, step + 1) for way, move in moves.items()}
        longest = 1.15 * max(lengths["none"], lengths["norm"]) or 1.0
        distances = np.linspace(0.0, longest, PROFILE if isinstance(scene, PlaneScene) else 61)
        along = gradient / size if size > 0 else gradient
        if isinstance(scene, PlaneScene):
            points = theta[:, None] - along[:, None] * distances
            profile = np.asarray(scene.value(*points), np.float64)
        else:
            profile = np.array([scene.loss(theta - along * far, step + 1) for far in distances.tolist()])
    return SameStep(gradient, size, loss, kept, moves, lengths, after, distances, profile)


def check(scene: ClippingScene, theta: Vector, step: int, gradient: Vector) -> GradientCheck:
    """Compare a few entries of the gradient at θ with finite differences.

    On a wall the gradient changes over a very short distance, so the step of the differences is smaller where
    the gradient is larger: they are taken in u for θ + s·u, with s ≈ 1/‖g‖².
    """
    scale = max(1 / (1 + float(np.vdot(gradient, gradient))), 1e-4)
    with np.errstate(over="ignore", invalid="ignore"):
        return check_gradient(
            lambda u: scene.loss(theta + scale * u, step), scale * gradient, np.zeros_like(theta), at_most=4
        )


def checked_step(
    config: ClippingConfig, theta: Vector | tuple[float, ...], step: int
) -> tuple[SameStep, GradientCheck]:
    """`same_step`, with a check of its gradient."""
    theta = np.asarray(theta)
    same = same_step(config, theta, step)
    return same, check(scene_of(config), theta, step + 1, same.gradient)


EXPERIMENT = Experiment(
    name="gradients.clipping",
    title="Exploding and clipping",
    config_type=ClippingConfig,
    frames=frames,
    last_step=lambda config: config.steps,
    cheap=True,
)
