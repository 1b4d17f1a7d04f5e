"""Losses ▸ Image classifier: the last layers of an image network, trained on real digits.

    image → features → flatten → fully connected layers → one logit per class → softmax → cross-entropy

The features are the pixels, or the maps of filters: see `engine.networks.feature_maps`.

A step draws a mini-batch, computes the gradient of its mean cross-entropy, and gives it to the optimizer.
Training runs in float32; the gradient check of a snapshot in float64.
"""

from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.checkpoints import Checkpoint
from engine.data.training_data import TrainingData, streams
from engine.experiment import Experiment, Frame
from engine.experiments.losses.classifier_config import (
    ClassifierConfig,
    batch_size,
    network_of,
    prepare,
    steps_of,
)
from engine.experiments.losses.classifier_features import Pixels
from engine.experiments.losses.classifier_inspection import ClassifierSnapshot, arrays, targets_of
from engine.experiments.losses.classifier_maps import logits_in_pieces
from engine.linear.mini_batches import Batches, BatchState
from engine.losses.fused_losses import softmax_cross_entropy
from engine.networks.clipping import norm
from engine.networks.network import accuracy
from engine.optimizers.trainer import Learner, LearnerState, keep_freed_memory
from engine.pieces import Pieces, Working
from engine.training import LiveTraining, Scalars, live_frames

Rows = NDArray[np.intp]
MOST_MEASURED = 2000  # examples a measurement takes, so that it fits between two frames of the screen
MEASURING = 0.3  # fraction of the time for measuring the held-out examples


class ClassifierState(NamedTuple):
    """All that the training needs to go on after a step."""

    learner: LearnerState
    batches: BatchState
    epoch: int
    rows: Rows  # the batch of the step, or the first one


class ClassifierTraining(LiveTraining[ClassifierSnapshot]):
    """The training of the network, one mini-batch after the other.

    `training.loss` and `training.accuracy` are those of the batch before its step (at frame 0, of all
    training examples). `held_out.loss` and `held_out.accuracy` are measured every few steps, after the step.
    Losses are with label smoothing and without weight decay.
    """

    def __init__(self, config: ClassifierConfig, data: TrainingData) -> None:
        rng = streams(config.seed)[1]
        self.settings, self.data, self.network = config, data, network_of(config, data)
        self.targets = targets_of(config, data).astype(np.float32)
        self.learner = Learner(
            config.optimizer, self.network.start(rng, config.initializer), self.network.matrices
        )
        self.batches = Batches(len(data.training), batch_size(config, data), "shuffled", rng)
        if config.features != Pixels():
            keep_freed_memory()  # patches of all pixels are large
        self.epoch, self.rows = 0, data.training[next(self.batches)]  # of step 1: frame 0 shows it already
        self.held_out = thinned(data.held_out)

    def begin(self) -> Pieces[Scalars]:
        """Measure the untrained network."""
        training = yield from self.measured(thinned(self.data.training))
        held_out = yield from self.measured(self.held_out)
        return named("training", training) | named("held_out", held_out)

    def step(self, step: int, measure: bool) -> Pieces[Scalars]:
        """Take one step of the optimizer on the next mini-batch."""
        self.rows = self.rows if step == 1 else self.data.training[next(self.batches)]
        self.epoch = self.batches.epoch
        x, target = self.data.inputs.take(self.rows, axis=0), self.targets.take(self.rows, axis=0)
        found = self.network.loss_and_gradient(self.learner.theta, x, target, self.settings.weight_decay)
        self.learner.step(found.gradient)
        scalars = named("training", (found.loss, accuracy(found.logits, self.data.labels[self.rows])))
        scalars["gradient.norm"] = norm(found.gradient)
        if measure:
            scalars |= named("held_out", (yield from self.measured(self.held_out)))
        return scalars

    def measured(self, rows: Rows) -> Pieces[tuple[float, float]]:
        """Mean cross-entropy and accuracy over some examples; with filters there are pauses."""
        logits = yield from logits_in_pieces(self.network, self.learner.result, self.data.inputs[rows])
        loss, _ = softmax_cross_entropy(logits, self.targets[rows])
        return loss, accuracy(logits, self.data.labels[rows])

    def snapshot(self) -> ClassifierSnapshot:
        """The network now, with the batch of the last step."""
        learner = self.learner
        return ClassifierSnapshot(learner.result, self.epoch, self.rows, learner.orthogonalized())

    def use(self, settings: ClassifierConfig) -> None:
        """Use these settings from the next step on."""
        if settings.label_smoothing != self.settings.label_smoothing:
            self.targets = targets_of(settings, self.data).astype(np.float32)
        self.learner.use(settings.optimizer)
        self.batches.resize(batch_size(settings, self.data))
        self.settings = settings

    def state(self) -> ClassifierState:
        """All that it needs to go on."""
        return ClassifierState(self.learner.kept(), self.batches.state(), self.epoch, self.rows)

    def go_on(self, state: ClassifierState) -> None:
        """Go on from a state."""
        self.learner.go_on(state.learner)
        self.batches.go_on(state.batches)
        self.epoch, self.rows = state.epoch, state.rows


def frames(
    config: ClassifierConfig, data: TrainingData, after: Checkpoint | None = None
) -> Iterator[Frame[ClassifierSnapshot] | Working]:
    """Train: frame 0 is the untrained network, every further frame one mini-batch."""
    training = ClassifierTraining(config, data)
    pause = between_measurements(config, data, len(training.held_out))
    return live_frames(training, config, last_step(config, data), pause, after)


def last_step(config: ClassifierConfig, data: TrainingData) -> int:
    """The step in which the last epoch is complete."""
    return steps_of(config, len(data.training))


def named(part: str, loss_and_accuracy: tuple[float, float]) -> dict[str, float]:
    """The two numbers with the names of their curves."""
    loss, accuracy = loss_and_accuracy
    return {f"{part}.loss": loss, f"{part}.accuracy": accuracy}


def thinned(rows: Rows) -> Rows:
    """All rows, or every k-th when there are too many to measure often."""
    return rows[:: ceil(len(rows) / MOST_MEASURED)]


def between_measurements(config: ClassifierConfig, data: TrainingData, measured: int) -> int:
    """Steps from one measurement to the next. A step costs about three forward passes over its batch."""
    return max(1, ceil(measured / (3 * batch_size(config, data) * MEASURING)))


EXPERIMENT = Experiment(
    name="losses.classifier",
    title="Image classifier",
    config_type=ClassifierConfig,
    frames=frames,
    last_step=last_step,
    prepare=prepare,
    watched=lambda config: ("held_out.loss",),
    arrays=arrays,
)
