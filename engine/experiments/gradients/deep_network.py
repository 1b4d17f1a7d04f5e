"""Gradients ▸ Deep network: what is left of the gradient after its way back through many layers.

One network, or two side by side, learn the same batches in float32. What a snapshot shows of them (gradients
layer by layer, histograms, the chain of one example) is computed in float64 by `deep_network_inspection`.

Recorded for each network ("a", "b") at every step: `a.loss` of the batch before the step, `a.first` and
`a.last`, the sizes ‖∂L/∂a₁‖ and ‖∂L/∂a_L‖ then, and now and then `a.held_out`, the loss of the held-out
examples after the step. A network whose numbers leave the finite ends there; the other goes on.
"""

from collections.abc import Iterator
from math import isfinite, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.config import Problem
from engine.data.training_data import TrainingData, streams
from engine.experiment import Experiment, Frame
from engine.experiments.gradients.deep_network_config import DeepConfig, Settings, batch_of, prepare
from engine.experiments.gradients.deep_network_inspection import NetworkState, Snapshot
from engine.networks.clipping import CLIPPINGS, norm
from engine.networks.deep_network import DeepNetwork, Learner
from engine.pieces import Pieces, Working

EVERY = 10  # steps from one look at the held-out examples to the next


class Walker:
    """One of the networks on its way."""

    def __init__(self, config: DeepConfig, network: DeepNetwork, theta: Array) -> None:
        self.network = network
        cut = CLIPPINGS.get(config.clipping)
        clip = None if cut is None else lambda gradient: cut(gradient, config.clip_at).gradient
        self.learner = Learner(self.network, config.optimizer, theta, clip)
        self.ended: int | None = None  # the step at which its numbers left the finite

    def state(self) -> NetworkState:
        """What a snapshot keeps."""
        return NetworkState(self.learner.trainer.theta.copy(), self.learner.running, self.ended)

    def step(self, x: Array, target: Array, step: int) -> Pieces[dict[str, float]]:
        """One step, and what the batch said before it."""
        if self.ended is not None:
            return {"loss": nan, "first": nan, "last": nan}
        said = yield from self.learner.learning(x, target)
        first, last = norm(said.d_activations[0]), norm(said.d_activations[-1])
        if not (isfinite(said.loss) and isfinite(float(np.sum(self.learner.trainer.theta)))):
            self.ended = step
        return {"loss": said.loss, "first": first, "last": last}

    def held_out(self, data: TrainingData) -> Pieces[float]:
        """The loss of the held-out examples; with running statistics, where batches are normalised."""
        theta, running = self.learner.trainer.theta, self.learner.running
        return (yield from self.network.loss_pieces(theta, *batch_of(data, data.held_out), running))


def frames(config: DeepConfig, data: TrainingData) -> Iterator[Frame[Snapshot] | Working]:
    """Train: frame 0 is the start, every further frame one batch."""
    batches, weights = streams(config.seed, 3)[1:]
    walkers = {}
    for (name, settings), rng in zip(config.networks.items(), weights.spawn(2), strict=False):
        walkers[name] = yield from started(config, settings, rng)
    rows = draw(data, config.batch_size, batches)
    scalars: dict[str, float] = {}
    for name, walker in walkers.items():
        scalars[f"{name}.held_out"] = yield from walker.held_out(data)
    yield Frame(0, scalars, snapshot(walkers, rows))
    for step in range(1, config.steps + 1):
        scalars = {}
        for name, walker in walkers.items():
            told = yield from walker.step(*batch_of(data, rows), step)
            scalars |= {f"{name}.{key}": value for key, value in told.items()}
            if walker.ended is None and (step % EVERY == 0 or step == config.steps):
                scalars[f"{name}.held_out"] = yield from walker.held_out(data)
        rows = draw(data, config.batch_size, batches)
        diverged = None
        if all(walker.ended is not None for walker in walkers.values()):
            diverged = Problem("The loss became infinite at step {step}", step=step)
        yield Frame(step, scalars, snapshot(walkers, rows), diverged)
        if diverged:
            return


def started(config: DeepConfig, settings: Settings, rng: np.random.Generator) -> Pieces[Walker]:
    """A network with its first weights."""
    network = settings.network(config.depth, config.width)
    return Walker(config, network, (yield from network.starting(rng, settings.draw())))


def snapshot(walkers: dict[str, Walker], rows: NDArray[np.intp]) -> Snapshot:
    """The networks as they are now, and the batch that comes next."""
    return Snapshot({name: walker.state() for name, walker in walkers.items()}, rows)


def draw(data: TrainingData, size: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """A batch of training examples, none twice."""
    return rng.choice(data.training, min(size, len(data.training)), replace=False)


EXPERIMENT: Experiment[Any, Any] = Experiment(
    name="gradients.deep_network",
    title="Deep network",
    config_type=DeepConfig,
    frames=frames,
    last_step=lambda config, data: config.steps,
    prepare=prepare,
)
