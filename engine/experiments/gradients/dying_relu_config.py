"""The settings of *Gradients ▸ Dying ReLU*, the data that follow from them, and the kicks."""

from typing import Annotated, Any, ClassVar

import numpy as np
from msgspec.structs import replace

from engine.activations import ACTIVATIONS, Array
from engine.changes import Changes, check_changes
from engine.config import Config, Tagged, choice, number, plain
from engine.data.settings import Blobs, Circles, Moons, Spirals
from engine.data.training_data import TrainingData, streams
from engine.networks.initializers import INITIALIZERS
from engine.networks.network import Network
from engine.optimizers.adam import Adam
from engine.optimizers.table import FirstOrder
from engine.stop_rules import LastStep, StopWithoutHeldOut

FAMILY = ("relu", "leaky_relu", "elu", "gelu", "silu", "softplus")  # ReLU and similar nonlinearities
POINT_SETS = {
    "spirals": Spirals(noise=0.03, groups=2),
    "moons": Moons(noise=0.1),
    "circles": Circles(noise=0.08),
    "blobs": Blobs(noise=0.25, groups=4),
}

KickStep = Annotated[int, number("At step", "The update that gets it.", ge=1, le=20_000, soft=(1, 400))]


class Kick(Tagged, frozen=True):
    """Base of the kicks: a change of the network, once, in the middle of a run."""

    title: ClassVar[str]
    meaning: ClassVar[str]

    def rule(self, rule: Any, step: int) -> Any:
        """The optimizer for the update `step`."""
        return rule

    def push(self, network: Network, theta: Array, step: int) -> Array:
        """The parameters after the update `step`; θ itself is not changed."""
        return theta


class NoKick(Kick, frozen=True, tag="none"):
    """No kick."""

    title = "None"
    meaning = "The network is left alone."


class BiasKick(Kick, frozen=True, tag="bias"):
    """The biases of one layer are lowered."""

    title = "Push the biases down"
    meaning = "Once, the biases of one layer are lowered."
    step: KickStep = 100
    layer: Annotated[
        int, number("Layer", "Which hidden layer; a number that is too large means the last.", ge=1, le=6)
    ] = 1
    size: Annotated[
        float,
        number(
            "Push",
            "How much is taken from each bias; a negative number raises them.",
            ge=-100,
            le=100,
            soft=(-5, 5),
        ),
    ] = 3.0

    def push(self, network: Network, theta: Array, step: int) -> Array:
        """b ← b − size, for the biases of the layer, at the step of the kick."""
        if step != self.step:
            return theta
        pushed = theta.copy()
        hidden = network.layers(pushed)[:-1]
        hidden[min(self.layer, len(hidden)) - 1].bias[...] -= self.size
        return pushed


class RateKick(Kick, frozen=True, tag="rate"):
    """One step has a larger learning rate."""

    title = "One larger step"
    meaning = "Once, the learning rate is multiplied."
    step: KickStep = 20
    factor: Annotated[
        float,
        number(
            "Factor",
            "How many times the learning rate.",
            symbol="m",
            gt=0,
            le=1e6,
            scale="log",
            soft=(1, 1000),
        ),
    ] = 30.0

    def rule(self, rule: Any, step: int) -> Any:
        """The same rule with η·m, at the step of the kick."""
        if step != self.step:
            return rule
        return replace(rule, learning_rate=self.factor * rule.learning_rate)


class DyingReluConfig(Config, frozen=True):
    """The network, its start, and how it is trained."""

    activation: Annotated[
        str,
        choice(
            "Activation",
            "The nonlinearity of each hidden unit; all but ReLU pass some gradient on both sides of 0.",
            {name: ACTIVATIONS[name].title for name in FAMILY},
        ),
    ] = "relu"
    optimizer: Annotated[
        FirstOrder,
        plain(
            "Optimizer",
            "How the gradient becomes a step; if the learning rate is too large, units die.",
            kind="optimizer",
        ),
    ] = Adam(learning_rate=0.06)
    initial_bias: Annotated[
        float,
        number(
            "Initial bias",
            "Where the biases of the hidden units begin; far below 0 they are dead from the start.",
            symbol="b",
            ge=-20,
            le=20,
            soft=(-3, 3),
        ),
    ] = 0.0
    initializer: Annotated[
        str,
        choice(
            "Initialisation",
            "How the first weights are drawn.",
            {name: initializer.title for name, initializer in INITIALIZERS.items()},
        ),
    ] = "he_normal"
    layers: Annotated[int, number("Hidden layers", "Layers of hidden units.", ge=1, le=6)] = 3
    width: Annotated[int, number("Width", "Units in each hidden layer.", ge=1, le=64)] = 24
    kick: Annotated[
        NoKick | BiasKick | RateKick,
        plain("Perturbation", "Something done to the network once, in the middle of the run."),
    ] = NoKick()
    data: Annotated[
        str,
        choice(
            "Data",
            "Points of a plane, each with its class.",
            {name: points.title for name, points in POINT_SETS.items()},
            more=True,
        ),
    ] = "spirals"
    points: Annotated[
        int,
        number("Points", "How many training examples there are.", ge=10, le=500, soft=(50, 500), more=True),
    ] = 300
    batch_size: Annotated[
        int,
        number(
            "Batch size",
            "Examples per step; at most all of them.",
            ge=1,
            le=500,
            scale="log",
            more=True,
            live=True,
        ),
    ] = 32
    steps: Annotated[
        int, number("Steps", "How many updates the run has.", ge=1, le=20_000, soft=(50, 2000), more=True)
    ] = 400
    seed: Annotated[
        int, plain("Seed", "Chooses the points, the first weights and the batches.", kind="seed", more=True)
    ] = 0
    stop: Annotated[
        StopWithoutHeldOut, plain("End", "Whether the run ends before its last step, and when.", more=True)
    ] = LastStep()
    changes: Changes = ()

    def __post_init__(self) -> None:
        check_changes(self)


def prepare(config: DyingReluConfig) -> TrainingData:
    """Return the examples of a config, all for training: the same for every network."""
    drawn = replace(POINT_SETS[config.data], points=config.points).load(streams(config.seed)[0])
    everything, none = np.arange(len(drawn.labels)), np.arange(0)
    inputs = drawn.features.astype(np.float32)
    return TrainingData(inputs, drawn.labels, everything, none, drawn.class_names, (2,))


def network_of(config: DyingReluConfig, data: TrainingData) -> Network:
    """Two inputs, the hidden layers, and one output per class."""
    return Network((2, *(config.width,) * config.layers, len(data.class_names)), config.activation)
