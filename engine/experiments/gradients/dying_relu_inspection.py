"""The details of *Gradients ▸ Dying ReLU*: counts of dead units, the gradient of one unit, the check."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS, Array
from engine.data.training_data import TrainingData
from engine.experiments.gradients.dying_relu_config import DyingReluConfig, network_of
from engine.gradient_check import GradientCheck, check_gradient
from engine.networks.clipping import norm
from engine.networks.dead_units import Activity, Counts
from engine.recording import Recording

CHECKED = 120  # parameters that a gradient check compares


@dataclass(frozen=True, slots=True)
class DyingReluSnapshot:
    """The network after an update. Its arrays are never changed."""

    parameters: Array  # float32 [parameters], see `engine.networks.network`
    seen: Activity  # on all training examples; each array [layers, units]
    since: Counts  # [layers, units]: the step at which a unit last died (0: dead from the start), or −1
    batch: NDArray[np.intp]  # rows of the update's batch (at step 0, of the first batch)


class Balance(NamedTuple):
    """Dead now = dead at the start + died − revived."""

    dead: int
    start: int
    died: int
    revived: int


class Deadliest(NamedTuple):
    """The update in which the most units died, the first of them if there are several."""

    step: int
    deaths: int


class UnitGradient(NamedTuple):
    """The gradient of one unit, over all training examples."""

    weights: float  # ‖∂L/∂w‖, w the weights into it
    bias: float  # ∂L/∂b


def balance(recording: Recording, step: int, units: int) -> Balance:
    """The balance at a step; `units` is the number of hidden units."""
    dead = recording.column("dead")
    died, revived = (int(recording.column(name)[: step + 1].sum()) for name in ("deaths", "revivals"))
    return Balance(round(float(dead[step]) * units), round(float(dead[0]) * units), died, revived)


def deadliest(recording: Recording) -> Deadliest | None:
    """The update in which the most units died so far; None if no unit has died."""
    if recording.last < 1:
        return None
    deaths = recording.column("deaths")
    step = int(deaths.argmax())
    return Deadliest(step, int(deaths[step])) if deaths[step] > 0 else None


def unit_gradient(
    config: DyingReluConfig, data: TrainingData, snapshot: DyingReluSnapshot, layer: int, unit: int
) -> UnitGradient:
    """The gradient of the loss on all training examples for one unit; layer and unit are counted from 0."""
    network = network_of(config, data)
    with np.errstate(over="ignore", invalid="ignore"):
        found = network.loss_and_gradient(snapshot.parameters, data.inputs, data.targets)
        weights, bias, _ = network.layers(found.gradient)[layer]
        return UnitGradient(norm(weights[:, unit]), float(bias[unit]))


def arrays(config: DyingReluConfig, data: TrainingData, snapshot: DyingReluSnapshot) -> dict[str, Any]:
    """By name: the layers, their gradient on all training examples, and which units are dead."""
    network = network_of(config, data)
    with np.errstate(all="ignore"):  # the last snapshot of a diverged run
        d_theta = network.loss_and_gradient(snapshot.parameters, data.inputs, data.targets).gradient
    return {
        "layer": network.layers(snapshot.parameters),
        "gradient": {"layer": network.layers(d_theta)},
        "units": snapshot.seen,
        "died_at": snapshot.since,
    }


def check(config: DyingReluConfig, data: TrainingData, snapshot: DyingReluSnapshot) -> GradientCheck:
    """Compare the gradient on the snapshot's batch with finite differences, in float64.

    Differences across a kink of ReLU are left out. Parameters are drawn by the config's seed.
    """
    network = network_of(config, data)
    x, target = (array[snapshot.batch].astype(np.float64) for array in (data.inputs, data.targets))
    theta = snapshot.parameters.astype(np.float64)

    def loss(vector: NDArray[np.float64]) -> float:
        return network.loss(vector, x, target)

    def sides(vector: NDArray[np.float64]) -> NDArray[np.bool_]:
        return np.concatenate([cache.z.ravel() > 0 for cache in network.forward(vector, x).hidden])

    kinked = ACTIVATIONS[config.activation].kinked
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        gradient = network.loss_and_gradient(theta, x, target).gradient
        return check_gradient(
            loss, gradient, theta, at_most=CHECKED, seed=config.seed, sides=sides if kinked else None
        )
