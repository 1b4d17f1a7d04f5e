"""Gradients ▸ Deep network: how the gradient vanishes or explodes in the backward pass through many layers.

One network, or two side by side, learn the same batches in float32. The details of a snapshot (gradients of
each layer, histograms, the chain of one example) are computed in float64 by `deep_network_inspection`.

Recorded for each network ("a", "b") at every step: `a.loss` of the batch before the step, `a.first` and
`a.last`, the norms ‖∂L/∂a₁‖ and ‖∂L/∂a_L‖ for this batch, and every few steps `a.held_out`, the loss of the
held-out examples after the step. A network that diverges ends there; the other goes on.
"""

from collections.abc import Callable, Iterator, Mapping
from math import isfinite, nan
from typing import Any, NamedTuple

import numpy as np

from engine.activations import Array
from engine.checkpoints import Checkpoint
from engine.config import Problem
from engine.data.training_data import TrainingData, streams
from engine.experiment import Experiment, Frame
from engine.experiments.gradients.deep_network_config import DeepConfig, NetworkSettings, batch_of, prepare
from engine.experiments.gradients.deep_network_inspection import arrays
from engine.experiments.gradients.deep_network_snapshot import DeepSnapshot, NetworkState
from engine.networks.clipping import CLIPPINGS, norm
from engine.networks.deep_network import DeepTrainer, DeepTrainerState, loss_pieces
from engine.networks.network import Network
from engine.pieces import Pieces, Working
from engine.training import LiveTraining, Scalars, live_frames

EVERY = 10  # steps from one measurement on the held-out examples to the next


class NetworkInTraining:
    """One of the networks in training."""

    def __init__(self, config: DeepConfig, network: Network, theta: Array) -> None:
        self.network = network
        self.trainer = DeepTrainer(self.network, config.optimizer, theta, clipping(config))
        self.ended: int | None = None  # the step at which it diverged

    def use(self, settings: DeepConfig) -> None:
        """Use these settings from the next step on."""
        self.trainer.trainer.use(settings.optimizer)
        self.trainer.clip = clipping(settings)

    @property
    def theta(self) -> Array:
        """Its parameters; the next step changes them."""
        return self.trainer.trainer.theta

    def state(self) -> NetworkState:
        """The part that a snapshot keeps."""
        orthogonalized = self.trainer.trainer.orthogonalized()
        return NetworkState(self.theta.copy(), self.trainer.running, self.ended, orthogonalized)

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
        theta = self.trainer.trainer.result
        return (yield from loss_pieces(self.network, theta, x, target, self.trainer.running))


def clipping(config: DeepConfig) -> Callable[[Array], Array] | None:
    """The function that clips a gradient before the step; None without clipping."""
    clip = CLIPPINGS.get(config.clipping)
    return None if clip is None else lambda gradient: clip(gradient, config.clip_at).gradient


class DeepState(NamedTuple):
    """All that the training needs to go on after a step."""

    networks: dict[str, tuple[DeepTrainerState, int | None]]  # the second: the step at which it diverged
    rng: Mapping[str, Any]  # the state of the generator, before it drew the next batch


class DeepTraining(LiveTraining[DeepSnapshot]):
    """The networks side by side, on the same batches."""

    def __init__(self, config: DeepConfig, data: TrainingData) -> None:
        self.settings, self.data = config, data
        self.rng, self.weights = streams(config.seed, 3)[1:]
        self.networks: dict[str, NetworkInTraining] = {}

    def begin(self) -> Pieces[Scalars]:
        """Draw the first weights, and measure."""
        generators = self.weights.spawn(2)
        for (name, settings), rng in zip(self.settings.networks.items(), generators, strict=False):
            self.networks[name] = yield from started(self.settings, settings, rng)
        self.draw()
        scalars: Scalars = {}
        for name, network in self.networks.items():
            scalars[f"{name}.held_out"] = yield from network.held_out(self.data)
        return scalars

    def step(self, step: int, measure: bool) -> Pieces[Scalars]:
        """All networks learn from one batch."""
        scalars: Scalars = {}
        x, target = batch_of(self.data, self.rows)
        for name, network in self.networks.items():
            found = yield from network.step(x, target, step)
            scalars |= {f"{name}.{key}": value for key, value in found.items()}
            if network.ended is None and measure:
                scalars[f"{name}.held_out"] = yield from network.held_out(self.data)
        self.draw()
        return scalars

    def draw(self) -> None:
        """Draw the next batch of training examples, none twice."""
        self.before_draw = self.rng.bit_generator.state
        size = min(self.settings.batch_size, len(self.data.training))
        self.rows = self.rng.choice(self.data.training, size, replace=False)

    def snapshot(self) -> DeepSnapshot:
        """The networks now, and the next batch."""
        return DeepSnapshot({name: network.state() for name, network in self.networks.items()}, self.rows)

    def use(self, settings: DeepConfig) -> None:
        """Use these settings from the next step on; the next batch is drawn again if it has another size."""
        resized, self.settings = settings.batch_size != self.settings.batch_size, settings
        for network in self.networks.values():
            network.use(settings)
        if resized and self.networks:
            self.rng.bit_generator.state = self.before_draw
            self.draw()

    def state(self) -> DeepState:
        """All that it needs to go on."""
        networks = {name: (one.trainer.kept(), one.ended) for name, one in self.networks.items()}
        return DeepState(networks, self.before_draw)

    def go_on(self, state: DeepState) -> None:
        """Go on from a state."""
        for name, (kept, ended) in state.networks.items():
            network = self.settings.networks[name].network(self.settings.depth, self.settings.width)
            beside = self.networks[name] = NetworkInTraining(self.settings, network, kept.learner.theta)
            beside.trainer.go_on(kept)
            beside.ended = ended
        self.rng.bit_generator.state = state.rng
        self.draw()

    def diverged(self, scalars: Scalars, step: int) -> Problem | None:
        """A problem only if all networks have ended."""
        if any(network.ended is None for network in self.networks.values()):
            return None
        return Problem("The loss became infinite at step {step}", step=step)


def frames(
    config: DeepConfig, data: TrainingData, after: Checkpoint | None = None
) -> Iterator[Frame[DeepSnapshot] | Working]:
    """Train: frame 0 is the start, every further frame one batch."""
    return live_frames(DeepTraining(config, data), config, config.steps, EVERY, after)


def started(
    config: DeepConfig, settings: NetworkSettings, rng: np.random.Generator
) -> Pieces[NetworkInTraining]:
    """A network with its first weights."""
    network = settings.network(config.depth, config.width)
    return NetworkInTraining(config, network, (yield from network.starting(rng, settings.draw())))


EXPERIMENT = Experiment(
    name="gradients.deep_network",
    title="Deep network",
    config_type=DeepConfig,
    frames=frames,
    last_step=lambda config, data: config.steps,
    prepare=prepare,
    watched=lambda config: [f"{name}.held_out" for name in config.networks],
    arrays=arrays,
)
