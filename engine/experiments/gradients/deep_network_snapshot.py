"""What *Gradients ▸ Deep network* keeps of a step, and the batch with which it is looked at in float64."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.data.training_data import TrainingData
from engine.experiments.gradients.deep_network_config import DeepConfig, batch_of
from engine.networks.network import Network
from engine.networks.normalization import Statistics
from engine.optimizers.muon import MuonStep

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NetworkState:
    """One network after a step."""

    theta: Array  # float32 [parameters]
    running: list[Statistics] | None  # for batch normalisation
    ended: int | None  # the step at which it diverged
    muon: MuonStep | None = None  # what the step has made orthogonal, if the optimizer is Muon


@dataclass(frozen=True, slots=True)
class DeepSnapshot:
    """The networks after a step. Its arrays are never changed."""

    networks: dict[str, NetworkState]
    rows: NDArray[np.intp]  # the next batch


def network_of(config: DeepConfig, which: str) -> Network:
    """The shape of network "a" or "b"."""
    return config.networks[which].network(config.depth, config.width)


def next_batch(
    data: TrainingData, snapshot: DeepSnapshot, at_most: int | None = None
) -> tuple[Vector, Vector]:
    """The next batch, or its first rows."""
    return in_float64(data, snapshot.rows[:at_most])


def in_float64(data: TrainingData, rows: NDArray[np.intp]) -> tuple[Vector, Vector]:
    """The inputs and targets of some examples."""
    x, target = batch_of(data, rows)
    return x.astype(np.float64), target.astype(np.float64)
