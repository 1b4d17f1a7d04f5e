"""The settings of *Gradients ▸ Deep network*, and the data that follow from them."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS, Array
from engine.changes import Changes, check_changes
from engine.config import Config, Tagged, choice, number, plain
from engine.data import datasets
from engine.data.settings import Circles, DataSet, Moons, Spirals, Xor
from engine.data.training_data import TrainingData, streams
from engine.networks import initializers
from engine.networks.deep_network import deep_network
from engine.networks.network import Draw, Network
from engine.optimizers.adam import Adam
from engine.optimizers.table import NetworkRule
from engine.stop_rules import AnyStop, LastStep

POINTS, HELD_OUT = 600, 0.25
POINT_SETS: dict[str, DataSet] = {
    "circles": Circles(POINTS, noise=0.08),
    "moons": Moons(POINTS, noise=0.1),
    "spirals": Spirals(POINTS, noise=0.02, groups=2),
    "xor": Xor(POINTS, noise=0.05),
}
# Two functions for each: normal and uniform
DRAWN: dict[str, tuple[str, Callable[..., Array], Callable[..., Array]]] = {
    "given": ("Spread of my choice", initializers.normal, initializers.uniform),
    "xavier": ("Xavier", initializers.xavier_normal, initializers.xavier_uniform),
    "he": ("He", initializers.he_normal, initializers.he_uniform),
    "orthogonal": ("Orthogonal", initializers.orthogonal, initializers.orthogonal),
}

ActivationName = Annotated[
    str,
    choice(
        "Activation", "The nonlinearity of each neuron.", {name: a.title for name, a in ACTIVATIONS.items()}
    ),
]
InitializerName = Annotated[
    str,
    choice(
        "Initialisation",
        "How the first weights are drawn; biases begin at 0.",
        {name: entry[0] for name, entry in DRAWN.items()},
    ),
]
Spread = Annotated[
    float,
    number(
        "Spread",
        "Standard deviation of the first weights, the same for layers of every size.",
        symbol="σ",
        gt=0,
        le=100,
        scale="log",
        soft=(1e-3, 10),
        when=lambda c: c.initializer == "given",
    ),
]
Shape = Annotated[
    str,
    choice(
        "Drawn from",
        "The shape of the distribution; its spread is the same.",
        {"normal": "Normal distribution", "uniform": "Uniform distribution"},
        more=True,
        when=lambda c: c.initializer != "orthogonal",
    ),
]
Gain = Annotated[
    float,
    number(
        "Gain",
        "All first weights are multiplied by it. An orthogonal start under ReLU needs √2.",
        gt=0,
        le=100,
        scale="log",
        soft=(0.1, 10),
        more=True,
    ),
]
Normalization = Annotated[
    str,
    choice(
        "Normalisation",
        "Give the sums of each layer mean 0 and variance 1: those of each unit over the batch, or of each "
        "example over the layer.",
        {"none": "None", "batch": "Batch normalisation", "layer": "Layer normalisation"},
    ),
]
Residual = Annotated[bool, plain("Residual links", "Add the input of each layer to its output.")]


class NetworkSettings(msgspec.Struct, frozen=True):
    """The settings of one network."""

    activation: str
    initializer: str
    spread: float
    shape: str
    gain: float
    normalization: str
    residual: bool

    def network(self, depth: int, width: int) -> Network:
        """The network with these settings."""
        return deep_network(depth, width, self.activation, self.normalization, self.residual)

    def draw(self) -> Draw:
        """How its first weights are drawn."""
        _, normal, uniform = DRAWN[self.initializer]
        if self.initializer == "given":
            normal = partial(normal, std=self.spread)
            uniform = partial(uniform, variance=self.spread**2)
        drawn = normal if self.shape == "normal" else uniform
        return lambda rng, n_in, n_out: self.gain * drawn(rng, n_in, n_out)

    def deviation(self, width: int) -> float:
        """The standard deviation of the first weights between two hidden layers."""
        xavier = float(1.0 / width) ** 0.5  # the root of 2/(n + n); an orthogonal matrix has the same
        spread = {"given": self.spread, "xavier": xavier, "he": 2.0**0.5 * xavier, "orthogonal": xavier}
        return float(self.gain * spread[self.initializer])


class SecondNetwork(Tagged, frozen=True):
    """Base of the choices for a second network."""

    title: ClassVar[str]
    meaning: ClassVar[str]


class Alone(SecondNetwork, frozen=True, tag="alone"):
    """No second network."""

    title = "Nothing"
    meaning = "One network only."


class Beside(SecondNetwork, frozen=True, tag="beside"):
    """A second network of the same depth and width, on the same batches."""

    title = "Another network"
    meaning = "A second network, B: as deep and as wide as A, and trained on the same batches."

    activation: ActivationName = "relu"
    initializer: InitializerName = "he"
    spread: Spread = 0.1
    normalization: Normalization = "none"
    residual: Residual = False
    shape: Shape = "normal"
    gain: Gain = 1.0


class DeepConfig(Config, frozen=True):
    """The networks, their data, and how they are trained."""

    depth: Annotated[
        int,
        number("Depth", "Hidden layers, all equal, without the output layer.", symbol="L", ge=2, le=64),
    ] = 12
    width: Annotated[
        int, number("Width", "Neurons in each hidden layer.", ge=1, le=256, scale="log", soft=(2, 128))
    ] = 24
    activation: ActivationName = "sigmoid"
    initializer: InitializerName = "given"
    spread: Spread = 0.1
    normalization: Normalization = "none"
    residual: Residual = False
    beside: Annotated[
        Alone | Beside, plain("Beside it", "A second network to compare with, drawn in the same plots.")
    ] = Beside()
    optimizer: Annotated[
        NetworkRule, plain("Optimizer", "How the gradient becomes a step.", kind="optimizer")
    ] = Adam(learning_rate=0.003)
    seed: Annotated[
        int, plain("Seed", "Chooses the points, the first weights and the batches.", kind="seed")
    ] = 0
    data: Annotated[
        str,
        choice(
            "Data",
            "Points of two classes in the plane.",
            {name: points.title for name, points in POINT_SETS.items()},
            more=True,
        ),
    ] = "spirals"
    batch_size: Annotated[
        int,
        number(
            "Batch size", "Examples a step.", ge=2, le=512, scale="log", soft=(8, 256), more=True, live=True
        ),
    ] = 64
    steps: Annotated[
        int,
        number("Steps", "How long is trained.", ge=1, le=100_000, scale="log", soft=(100, 5000), more=True),
    ] = 600
    clipping: Annotated[
        str,
        choice(
            "Clipping",
            "Bound the gradient before it becomes a step.",
            {"none": "None", "norm": "By norm", "value": "By value"},
            more=True,
            live=True,
        ),
    ] = "none"
    clip_at: Annotated[
        float,
        number(
            "Threshold",
            "The longest gradient, or the largest entry of it.",
            symbol="c",
            gt=0,
            le=1e6,
            scale="log",
            soft=(1e-3, 100),
            more=True,
            when=lambda c: c.clipping != "none",
            live=True,
        ),
    ] = 1.0
    shape: Shape = "normal"
    gain: Gain = 1.0
    stop: Annotated[
        AnyStop, plain("End", "Whether the run ends before its last step, and when.", more=True)
    ] = LastStep()
    changes: Changes = ()

    def __post_init__(self) -> None:
        check_changes(self)

    @property
    def networks(self) -> dict[str, NetworkSettings]:
        """The settings of the networks: "a", and "b" if there is a second one."""
        found = {"a": settings_of(self)}
        if isinstance(self.beside, Beside):
            found["b"] = settings_of(self.beside)
        return found


def settings_of(holder: DeepConfig | Beside) -> NetworkSettings:
    """The fields that describe one network."""
    return NetworkSettings(**{name: getattr(holder, name) for name in NetworkSettings.__struct_fields__})


def prepare(config: DeepConfig) -> TrainingData:
    """The points of a data set, scaled to variance 1: the same every time."""
    rng = streams(config.seed)[0]
    found = POINT_SETS[config.data].load(rng)
    parts = datasets.split(found.labels, HELD_OUT, rng)
    inputs = datasets.standardised(found.features, found.features[parts.training]).astype(np.float32)
    return TrainingData(inputs, found.labels, *parts, found.class_names, (2,))


def batch_of(data: TrainingData, rows: NDArray[np.intp] | slice) -> tuple[Array, Array]:
    """Some of the examples: inputs[batch, 2], and target[batch, 1] of 0 or 1."""
    return data.inputs[rows], data.labels[rows, None].astype(np.float32)
