"""Gradients ▸ Deep network: how the gradient vanishes or explodes in the backward pass through many layers.

One network, or two side by side, learn the same batches in float32. The details of a snapshot (gradients of
each layer, histograms, the chain of one example) are computed in float64 by `deep_network_inspection`.

Recorded for each network ("a", "b") at every step: `a.loss` of the batch before the step, `a.first` and
`a.last`, the norms ‖∂L/∂a₁‖ and ‖∂L/∂a_L‖ for this batch, and every few steps `a.held_out`, the loss of the
held-out examples after the step. A network that diverges ends there; the other goes on.
"""

from collections.abc import Iterator
from math import isfinite, nan

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.config import Problem
from engine.data.training_data import TrainingData, streams
from engine.experiment import Experiment, Frame
from engine.experiments.gradients.deep_network_config import DeepConfig, Settings, batch_of, prepare
from engine.experiments.gradients.deep_network_inspection import DeepSnapshot, NetworkState
from engine.networks.clipping import CLIPPINGS, norm
from engine.networks.deep_network import DeepTrainer, loss_pieces
from engine.networks.network import Network
from engine.pieces import Pieces, Working
from engine.training import Scalars, Training, training_frames

EVERY = 10  # steps from one measurement on the held-out examples to the next


class NetworkBeside:
    """One of the networks in training."""

    def __init__(self, config: DeepConfig, network: Network, theta: Array) -> None:
        self.network = network
        cut = CLIPPINGS.get(config.clipping)
        clip = None if cut is None else lambda gradient: cut(gradient, config.clip_at).gradient
        self.trainer = DeepTrainer(self.network, config.optimizer, theta, clip)
        self.ended: int | None = None  # the step at which it diverged

    @property
    def theta(self) -> Array:
        """Its parameters; the next step changes them."""
        return self.trainer.trainer.theta

    def state(self) -> NetworkState:
        """The part that a snapshot keeps."""
        return NetworkState(self.theta.copy(), self.trainer.running, self.ended)

    def step(self, x: Array, target: Array, step: int) -> Pieces[Scalars]:
        """One step; returns loss and gradient norms of the batch before it."""
        if self.ended is not None:
            return {"loss": nan, "first": nan, "last": nan}
        found = yield from self.trainer.learning(x, target)
        first, last = norm(found.d_activations[0]), norm(found.d_activations[-1])
        if not (isfinite(found.loss) and isfinite(float(np.sum(self.theta)))):
            self.ended = step
        return {"loss": found.loss, "first": first, "last": last}

    def held_out(self, data: TrainingData) -> Pieces[float]:
        """The loss of the held-out examples; with running statistics, if batch normalisation is used."""
        x, target = batch_of(data, data.held_out)
        return (yield from loss_pieces(self.network, self.theta, x, target, self.trainer.running))


class DeepTraining(Training[DeepSnapshot]):
    """The networks side by side, on the same batches."""

    def __init__(self, config: DeepConfig, data: TrainingData) -> None:
        self.config, self.data = config, data
        self.chance, self.weights = streams(config.seed, 3)[1:]
        self.networks: dict[str, NetworkBeside] = {}

    def begin(self) -> Pieces[Scalars]:
        """Draw the first weights, and measure."""
        chances = self.weights.spawn(2)
        for (name, settings), rng in zip(self.config.networks.items(), chances, strict=False):
            self.networks[name] = yield from started(self.config, settings, rng)
        self.rows = draw(self.data, self.config.batch_size, self.chance)
        scalars: Scalars = {}
        for name, network in self.networks.items():
            scalars[f"{name}.held_out"] = yield from network.held_out(self.data)
        return scalars

    def step(self, step: int, measure: bool) -> Pieces[Scalars]:
        """All networks learn from one batch."""
        scalars: Scalars = {}
        x, target = batch_of(self.data, self.rows)
        for name, network in self.networks.items():
            told = yield from network.step(x, target, step)
            scalars |= {f"{name}.{key}": value for key, value in told.items()}
            if network.ended is None and measure:
                scalars[f"{name}.held_out"] = yield from network.held_out(self.data)
        self.rows = draw(self.data, self.config.batch_size, self.chance)
        return scalars

    def snapshot(self) -> DeepSnapshot:
        """The networks now, and the next batch."""
        return DeepSnapshot({name: network.state() for name, network in self.networks.items()}, self.rows)

    def diverged(self, scalars: Scalars, step: int) -> Problem | None:
        """A problem only if all networks have ended."""
        if any(network.ended is None for network in self.networks.values()):
            return None
        return Problem("The loss became infinite at step {step}", step=step)


def frames(config: DeepConfig, data: TrainingData) -> Iterator[Frame[DeepSnapshot] | Working]:
    """Train: frame 0 is the start, every further frame one batch."""
    return training_frames(DeepTraining(config, data), config.steps, EVERY)


def started(config: DeepConfig, settings: Settings, rng: np.random.Generator) -> Pieces[NetworkBeside]:
    """A network with its first weights."""
    network = settings.network(config.depth, config.width)
    return NetworkBeside(config, network, (yield from network.starting(rng, settings.draw())))


def draw(data: TrainingData, size: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """A batch of training examples, none twice."""
    return rng.choice(data.training, min(size, len(data.training)), replace=False)


EXPERIMENT = Experiment(
    name="gradients.deep_network",
    title="Deep network",
    config_type=DeepConfig,
    frames=frames,
    last_step=lambda config, data: config.steps,
    prepare=prepare,
)
