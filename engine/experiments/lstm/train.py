"""LSTM ▸ Train on sequences: recurrent networks learn a text, to recall, to add, or to continue a wave.

    batch → every layer through time → a prediction at each step → loss → backward → clip → optimizer

Two models can be trained side by side, on the same batches; only their cells differ. Training runs in
float32. Recorded for the first model (and for a second as `second.…`):

    first.loss            of the batch, before its step
    first.held_out        of held-out sequences, every few steps, after the step
    first.norm            ‖gradient‖ before clipping      first.clipped    … and after
    first.right           fraction of right answers on held-out sequences, if symbols are recalled
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np

from engine.changes import spans
from engine.checkpoints import Checkpoint
from engine.config import Problem
from engine.data.sequences import SequenceBatch
from engine.experiment import Experiment, Frame, infinite_loss
from engine.experiments.lstm.train_config import TrainConfig, memory, networks, piece_size
from engine.experiments.lstm.train_inspection import MODELS, TrainSnapshot, arrays
from engine.experiments.lstm.train_tasks import TaskData, right
from engine.memory_limit import check_memory
from engine.networks.clipping import clip_by_norm, norm
from engine.optimizers.trainer import Learner, LearnerState
from engine.pieces import Pieces, Working
from engine.recurrent.network import RecurrentNetwork, Workspace
from engine.recurrent.sequence_loss import loss_of
from engine.training import LiveTraining, Scalars, live_frames

PAUSE = 20  # steps between two measurements on the held-out sequences


@dataclass
class SequenceModel:
    """A model in training."""

    name: str  # of `MODELS`
    network: RecurrentNetwork
    learner: Learner  # θ is float32 [parameters]
    training: Workspace
    shape: tuple[int, int]  # steps and batch of what is measured

    @cached_property
    def measuring(self) -> Workspace:
        """The arrays for measuring; made when they are first used, after a change some steps later."""
        return self.network.workspace(*self.shape)

    def learn(self, clip: float, batch: SequenceBatch) -> Pieces[Scalars]:
        """One step on one batch; returns the scalars of the batch, for θ before the step."""
        found = yield from self.network.learning(self.learner.theta, batch, self.training)
        gradient, before = found.gradient, norm(found.gradient)
        after = before
        if clip:
            gradient, before, after = clip_by_norm(found.gradient, clip)
        self.learner.step(gradient)
        scalars = {"loss": found.loss, "norm": before, "clipped": after}
        return {f"{self.name}.{what}": value for what, value in scalars.items()}

    def measure(self, data: TaskData) -> Pieces[Scalars]:
        """The loss of the held-out sequences, and the fraction of right answers if symbols are recalled."""
        pieces = data.held_out.pieces(self.measuring.layers[0].batch)
        losses, right_answers = [], []
        for piece in pieces:  # all have the same size and the same number of read steps
            y = yield from self.network.forward_pieces(self.learner.result, piece, self.measuring)
            losses.append(loss_of(y, piece)[0])
            if data.recalls:
                right_answers.append(right(y, piece))
        scalars = {f"{self.name}.held_out": sum(losses) / len(losses)}
        if data.recalls:
            scalars[f"{self.name}.right"] = sum(right_answers) / len(right_answers)
        return scalars


def models_of(
    config: TrainConfig, data: TaskData, rng: np.random.Generator, drawn: bool = True
) -> list[SequenceModel]:
    """The models with their first weights; zeros if not `drawn`, because a state has the weights."""
    made = []
    for name, network, own in zip(MODELS, networks(config, data), rng.spawn(2), strict=False):
        theta = np.zeros(network.count, np.float32)
        if drawn:
            theta = network.start(own, forget_bias=config.forget_bias)
        learner = Learner(config.optimizer, theta, network.matrices)
        training = network.workspace(config.task.steps, config.batch_size)
        shape = config.task.steps, piece_size(config, data)
        made.append(SequenceModel(name, network, learner, training, shape))
    return made


def check_size(settings: TrainConfig, data: TaskData) -> None:
    """Refuse a batch size for which the memory is too small."""
    check_memory(partial(memory, settings, data), settings.batch_size, "Batch size", "batch_size")


class TrainState(NamedTuple):
    """All that the training needs to go on after a step."""

    models: tuple[LearnerState, ...]
    batch: SequenceBatch
    rng: Mapping[str, Any]  # the state of the generator of batches, after this one


class SequenceTraining(LiveTraining[TrainSnapshot]):
    """The models side by side, on the same batches."""

    def __init__(self, config: TrainConfig, data: TaskData, goes_on: bool = False) -> None:
        """`goes_on` says that it goes on from a state, which has its own weights."""
        for span in spans(config, 1, config.steps):
            check_size(span.settings, data)
        weights, self.rng = np.random.default_rng(config.seed).spawn(2)
        self.settings, self.data = config, data
        self.models = models_of(config, data, weights, drawn=not goes_on)

    def begin(self) -> Pieces[Scalars]:
        """Measure the untrained models, and draw the batch of step 1, which frame 0 shows already."""
        scalars = yield from self._measured()
        self.batch = self._drawn()
        return scalars | {f"{model.name}.loss": scalars[f"{model.name}.held_out"] for model in self.models}

    def step(self, step: int, measure: bool) -> Pieces[Scalars]:
        """All models learn from one batch."""
        self.batch = self.batch if step == 1 else self._drawn()
        scalars: Scalars = {}
        for model in self.models:
            scalars |= yield from model.learn(self.settings.clip, self.batch)
        return scalars | (yield from self._measured()) if measure else scalars

    def _drawn(self) -> SequenceBatch:
        """The next batch."""
        return self.settings.task.batch(self.data, self.settings.batch_size, self.rng)

    def _measured(self) -> Pieces[Scalars]:
        """The scalars of all models on the held-out sequences."""
        scalars: Scalars = {}
        for model in self.models:
            scalars |= yield from model.measure(self.data)
        return scalars

    def snapshot(self) -> TrainSnapshot:
        """The models now, with the batch of the last step."""
        learners = [model.learner for model in self.models]
        orthogonalized = tuple(learner.orthogonalized() for learner in learners)
        return TrainSnapshot(tuple(learner.result for learner in learners), self.batch, orthogonalized)

    def use(self, settings: TrainConfig) -> None:
        """Use these settings from the next step on."""
        resized, self.settings = settings.batch_size != self.settings.batch_size, settings
        for model in self.models:
            model.learner.use(settings.optimizer)
            if resized:
                check_size(settings, self.data)
                model.training = model.network.workspace(settings.task.steps, settings.batch_size)

    def state(self) -> TrainState:
        """All that it needs to go on."""
        kept = tuple(model.learner.kept() for model in self.models)
        return TrainState(kept, self.batch, self.rng.bit_generator.state)

    def go_on(self, state: TrainState) -> None:
        """Go on from a state."""
        for model, kept in zip(self.models, state.models, strict=True):
            model.learner.go_on(kept)
        self.batch, self.rng.bit_generator.state = state.batch, state.rng

    def diverged(self, scalars: Scalars, step: int) -> Problem | None:
        """A problem also if a weight is non-finite, before the next loss is."""
        squares = {m.name: float(np.vdot(m.learner.theta, m.learner.theta)) for m in self.models}
        return infinite_loss(scalars | squares, step)


def frames(
    config: TrainConfig, data: TaskData, after: Checkpoint | None = None
) -> Iterator[Frame[TrainSnapshot] | Working]:
    """Train: frame 0 is the untrained models, every further frame one batch."""
    training = SequenceTraining(config, data, goes_on=after is not None)
    return live_frames(training, config, config.steps, PAUSE, after)


EXPERIMENT = Experiment(
    name="lstm.train",
    title="Train on sequences",
    config_type=TrainConfig,
    frames=frames,
    last_step=lambda config, data: config.steps,
    prepare=lambda config: config.task.prepare(),
    watched=lambda config: [f"{name}.held_out" for name in MODELS],
    arrays=arrays,
)
