"""LSTM ▸ Train on sequences: recurrent networks learn a text, to recall, to add, or to continue a wave.

    batch → every layer through time → a prediction at each step → loss → back through time → clip → optimizer

Two models may train side by side: they are given the same batches, and only their cells differ. Training
runs in float32. Recorded for the first model (and for a second as `second.…`):

    first.loss            of the batch, before the step that it causes
    first.held_out        of sequences that are never trained on, now and then, after the step
    first.norm            ‖gradient‖ before it is clipped      first.clipped    … and after
    first.right           share of the answers that were right, where symbols are recalled (held out)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from engine.activations import Array
from engine.data.sequences import SequenceBatch
from engine.experiment import Experiment, Frame, left_finite
from engine.experiments.lstm.train_config import TrainConfig, memory, networks, piece_size
from engine.experiments.lstm.train_inspection import Snapshot
from engine.experiments.lstm.train_tasks import TaskData, right
from engine.memory_limit import check_memory
from engine.networks.clipping import clip_by_norm, norm
from engine.pieces import Pieces, Working, quietly
from engine.recurrent.network import RecurrentNetwork, Workspace
from engine.recurrent.sequence_loss import loss_of

SLOTS = ("first", "second")
PAUSE = 20  # steps between two looks at what is held out


@dataclass
class Learner:
    """A model as it learns."""

    slot: str
    network: RecurrentNetwork
    theta: Array  # float32 [parameters]
    state: Any  # the optimizer's
    training: Workspace
    measuring: Workspace

    def learn(self, config: TrainConfig, batch: SequenceBatch) -> Pieces[dict[str, float]]:
        """One step on one batch; what the batch says at the θ before it."""
        said = yield from self.network.learning(self.theta, batch, self.training)
        gradient, before = said.gradient, norm(said.gradient)
        after = before
        if config.clip:
            gradient, before, after = clip_by_norm(said.gradient, config.clip)
        self.theta, self.state = config.optimizer.update(self.theta, gradient, self.state)
        told = {"loss": said.loss, "norm": before, "clipped": after}
        return {f"{self.slot}.{name}": value for name, value in told.items()}

    def measure(self, data: TaskData) -> Pieces[dict[str, float]]:
        """The loss of the held-out sequences, and where symbols are recalled how many are right."""
        pieces = data.held_out.pieces(self.measuring.layers[0].batch)
        losses, shares = [], []
        for piece in pieces:  # each as long as the others, and read at as many places
            y = yield from self.network.forward_pieces(self.theta, piece, self.measuring)
            losses.append(loss_of(y, piece)[0])
            if data.recalls:
                shares.append(right(y, piece))
        told = {f"{self.slot}.held_out": sum(losses) / len(losses)}
        if data.recalls:
            told[f"{self.slot}.right"] = sum(shares) / len(shares)
        return told


def learners(config: TrainConfig, data: TaskData, rng: np.random.Generator) -> list[Learner]:
    """The models with their first weights."""
    made = []
    for slot, network, chance in zip(SLOTS, networks(config, data), rng.spawn(2), strict=False):
        theta = network.start(chance, forget_bias=config.forget_bias)
        training = network.workspace(config.task.steps, config.batch_size)
        measuring = network.workspace(config.task.steps, piece_size(config, data))
        made.append(Learner(slot, network, theta, config.optimizer.start(theta), training, measuring))
    return made


def _step(config: TrainConfig, models: list[Learner], batch: SequenceBatch) -> Pieces[dict[str, float]]:
    """All models learn from one batch."""
    scalars: dict[str, float] = {}
    for model in models:
        scalars |= yield from model.learn(config, batch)
    return scalars


def frames(config: TrainConfig, data: TaskData) -> Iterator[Frame[Snapshot] | Working]:
    """Train: frame 0 is the untrained models, every further frame one batch."""
    check_memory(partial(memory, config, data), config.batch_size, "Batch size", "batch_size")
    weights, batches = np.random.default_rng(config.seed).spawn(2)
    models = learners(config, data, weights)
    scalars: dict[str, float] = {}
    for model in models:
        scalars |= yield from quietly(model.measure(data))
    scalars |= {f"{model.slot}.loss": scalars[f"{model.slot}.held_out"] for model in models}
    upcoming = config.task.batch(data, config.batch_size, batches)
    yield Frame(0, scalars, Snapshot(tuple(model.theta for model in models), upcoming))
    for step in range(1, config.steps + 1):
        batch = upcoming if step == 1 else config.task.batch(data, config.batch_size, batches)
        scalars = yield from quietly(_step(config, models, batch))  # diverging is a lesson
        if step % PAUSE == 0 or step == config.steps:
            for model in models:
                scalars |= yield from quietly(model.measure(data))
        squares = {model.slot: float(np.vdot(model.theta, model.theta)) for model in models}
        diverged = left_finite(scalars | squares, step)
        yield Frame(step, scalars, Snapshot(tuple(model.theta for model in models), batch), diverged)
        if diverged:
            return


EXPERIMENT = Experiment(
    name="lstm.train",
    title="Train on sequences",
    config_type=TrainConfig,
    frames=frames,
    last_step=lambda config, data: config.steps,
    prepare=lambda config: config.task.prepare(),
)
