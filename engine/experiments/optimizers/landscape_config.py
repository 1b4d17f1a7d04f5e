"""The settings of *Optimizers ▸ Network landscape*, and the network and data that follow from them."""

from typing import Annotated, NamedTuple

from engine.activations import ACTIVATIONS
from engine.config import Config, choice, number, plain
from engine.data.datasets import check_digits
from engine.data.settings import Digits, HeldOut, digit_classes
from engine.data.training_data import TrainingData, dividing
from engine.networks.network import Network
from engine.optimizers.adam import Adam
from engine.optimizers.descent import SGD, Momentum
from engine.optimizers.table import FirstOrder
from engine.pieces import result_of

MOST_RACERS = 4
MOST_POINTS = 300  # at most so many points of a path are kept
DIRECTIONS = {
    "principal": "Principal directions (PCA)",
    "random": "Random, scaled by neuron",
}
GRIDS = {"17": "17 × 17", "33": "33 × 33", "65": "65 × 65"}
DEFAULT_RACERS = (SGD(learning_rate=0.1), Momentum(learning_rate=0.02), Adam(learning_rate=0.01))


class LandscapeConfig(Config, frozen=True):
    """One network, one start, the same mini-batches for all optimizers; and the plane that is shown."""

    directions: Annotated[
        str,
        choice(
            "Directions",
            "Along which two directions the loss is drawn, out of as many as there are weights.",
            DIRECTIONS,
        ),
    ] = "principal"
    reach: Annotated[
        float,
        number(
            "Reach",
            "How far the map goes. Principal directions: 1 just holds the paths. Random ones: α₁ and α₂ from "
            "minus this to plus this, where 1 changes the weights by as much as they are.",
            scale="log",
            ge=0.001,
            le=100,
            soft=(0.01, 10),
        ),
    ] = 1.0
    centre: Annotated[
        int,
        number(
            "Centre",
            "The plane goes through the weights with which this optimizer of the list ends; past the end of "
            "the list it is the last.",
            ge=1,
            le=MOST_RACERS,
            most="racers",
        ),
    ] = 3
    racers: Annotated[
        tuple[FirstOrder, ...],
        plain(
            "Optimizers",
            "All begin with the same weights and see the same mini-batches.",
            kind="racers",
            min_length=1,
            max_length=MOST_RACERS,
        ),
    ] = DEFAULT_RACERS
    steps: Annotated[
        int, number("Steps", "How many mini-batches come.", scale="log", ge=1, le=2000, soft=(10, 2000))
    ] = 200
    batch_size: Annotated[
        int,
        number("Batch size", "How many examples one step uses.", symbol="B", scale="log", ge=1, le=256),
    ] = 32
    layers: Annotated[
        int,
        number(
            "Hidden layers",
            "Fully connected layers before the output layer; 0 is a linear classifier.",
            ge=0,
            le=2,
        ),
    ] = 1
    width: Annotated[
        int, number("Width", "Neurons in each hidden layer.", ge=1, le=32, when=lambda c: c.layers > 0)
    ] = 16
    seed: Annotated[
        int,
        plain("Seed", "Chooses the examples that train, the first weights and the batches.", kind="seed"),
    ] = 0
    plane_seed: Annotated[
        int,
        plain(
            "Seed of the directions",
            "Other random directions through the same centre.",
            kind="seed",
            when=lambda c: c.directions == "random",
        ),
    ] = 0
    grid: Annotated[str, choice("Grid", "At how many points the loss is computed.", GRIDS, more=True)] = "33"
    activation: Annotated[
        str,
        choice(
            "Activation",
            "The nonlinearity of each hidden neuron.",
            {name: activation.title for name, activation in ACTIVATIONS.items()},
            more=True,
            when=lambda c: c.layers > 0,
        ),
    ] = "relu"
    digits: Annotated[
        tuple[int, ...],
        digit_classes("Which digits to tell apart, two to ten.", more=True),
    ] = tuple(range(10))
    held_out: HeldOut = 0.3

    def __post_init__(self) -> None:
        check_digits(self.digits, where="digits")


class LandscapeTask(NamedTuple):
    """The network and its data."""

    network: Network
    data: TrainingData


def prepare(config: LandscapeConfig) -> LandscapeTask:
    """The digits for training and the held-out ones, and the network; the same every time."""
    data = result_of(dividing(Digits(classes=config.digits), config.held_out, config.seed))
    sizes = (data.inputs.shape[1], *(config.width,) * config.layers, len(data.class_names))
    return LandscapeTask(Network(sizes, config.activation), data)


def centre_of(config: LandscapeConfig) -> int:
    """The index of the racer whose last weights are the centre of the plane."""
    return min(config.centre, len(config.racers)) - 1
