"""The settings of *Losses ▸ Image classifier*, and the data and the network that follow from them."""

from collections.abc import Generator
from math import prod
from typing import Annotated

from engine.activations import ACTIVATIONS
from engine.changes import Changes, changes_of, check_changes, config_at
from engine.config import Config, choice, number, plain
from engine.data.datasets import count_digits
from engine.data.settings import Blobs, Circles, CsvFile, Digits, HeldOut, Moons, Spirals, Xor
from engine.data.training_data import TrainingData, dividing
from engine.experiments.losses.classifier_features import Features, Pixels, check_features
from engine.linear.mini_batches import BatchSizes, steps_to_see
from engine.networks.feature_maps import FeatureNetwork
from engine.networks.initializers import INITIALIZERS
from engine.networks.network import Network
from engine.optimizers.adam import Adam
from engine.optimizers.table import NetworkRule
from engine.pieces import Preparing
from engine.stop_rules import AnyStop, LastStep


class ClassifierConfig(Config, frozen=True):
    """The data, the network, and how it is trained."""

    data: Annotated[
        Digits | Blobs | Circles | Moons | Spirals | Xor | CsvFile,
        plain("Data", "The examples, each with its class."),
    ] = Digits()
    features: Features = Pixels()
    layers: Annotated[
        int,
        number(
            "Hidden layers",
            "Fully connected layers before the output layer; 0 is a linear classifier.",
            ge=0,
            le=4,
        ),
    ] = 0
    width: Annotated[
        int,
        number(
            "Width", "Neurons in each hidden layer.", ge=1, le=256, soft=(1, 128), when=lambda c: c.layers > 0
        ),
    ] = 32
    activation: Annotated[
        str,
        choice(
            "Activation",
            "The nonlinearity of each hidden neuron.",
            {name: activation.title for name, activation in ACTIVATIONS.items()},
            when=lambda c: c.layers > 0,
        ),
    ] = "relu"
    optimizer: Annotated[
        NetworkRule, plain("Optimizer", "How the gradient becomes a step.", kind="optimizer")
    ] = Adam(learning_rate=0.01)
    batch_size: Annotated[
        int,
        number(
            "Batch size",
            "Examples per step; at most all training examples.",
            ge=1,
            le=5000,
            scale="log",
            soft=(1, 512),
            live=True,
        ),
    ] = 32
    epochs: Annotated[
        int, number("Epochs", "How often every training example is seen.", ge=1, le=10_000, soft=(1, 200))
    ] = 20
    seed: Annotated[
        int, plain("Seed", "Chooses the split, the first weights and the batches.", kind="seed")
    ] = 0
    initializer: Annotated[
        str,
        choice(
            "Initialisation",
            "How the first weights are drawn; biases begin at 0.",
            {name: initializer.title for name, initializer in INITIALIZERS.items()},
            more=True,
        ),
    ] = "he_normal"
    weight_decay: Annotated[
        float,
        number(
            "Weight decay",
            "Adds λ times the weights (not the biases) to the gradient; the loss shown is without it.",
            symbol="λ",
            ge=0,
            le=1,
            soft=(0, 0.1),
            more=True,
            live=True,
        ),
    ] = 0.0
    label_smoothing: Annotated[
        float,
        number(
            "Label smoothing",
            "Fraction of each label that is spread over all classes.",
            symbol="s",
            ge=0,
            le=0.9,
            more=True,
            live=True,
        ),
    ] = 0.0
    held_out: HeldOut = 0.3
    stop: Annotated[
        AnyStop, plain("End", "Whether the run ends before its last step, and when.", more=True)
    ] = LastStep()
    changes: Changes = ()

    def __post_init__(self) -> None:
        check_changes(self)

    @property
    def steps(self) -> int | None:
        """The steps of the run, without making the examples; None where a table would have to be read.

        `last_step` is exact: examples are held out of every class, each with a rounding of its own.
        """
        match self.data:
            case CsvFile():
                return None
            case Digits():
                examples = count_digits(self.data.classes)
            case _:
                examples = self.data.points
        return steps_of(self, examples - round(self.held_out * examples))


def prepare(config: ClassifierConfig) -> Generator[Preparing, None, TrainingData]:
    """Return the examples of a config at the end; yield the progress while a table is read.

    They are the same every time, as long as a file is not changed.

    Raises:
        Problem: the file of a table cannot be read (see `engine.data.csv_data`), or there are no such
            features of its examples.
    """
    data = yield from dividing(config.data, config.held_out, config.seed)
    if config.data.pictures:
        check_features(config.features, data.shape)
    return data


def network_of(config: ClassifierConfig, data: TrainingData) -> Network | FeatureNetwork:
    """Return the network for the data: one input per feature, one output per class."""
    bank = config.features.bank(data.shape) if config.data.pictures else None
    inputs = data.inputs.shape[1] if bank is None else prod(bank.maps_shape)
    hidden = (config.width,) * config.layers
    head = Network((inputs, *hidden, len(data.class_names)), config.activation)
    return head if bank is None else FeatureNetwork(bank, head)


def batch_size(config: ClassifierConfig, data: TrainingData) -> int:
    """The number of examples in a step: at most all training examples."""
    return min(config.batch_size, len(data.training))


def batch_sizes(config: ClassifierConfig) -> BatchSizes:
    """The batch size from step 1 on, and from each step on in which it changes."""
    turns = {change.step + 1 for change in changes_of(config) if change.where == "batch_size"}
    return tuple((step, config_at(config, step).batch_size) for step in (1, *sorted(turns)))


def steps_of(config: ClassifierConfig, examples: int) -> int:
    """The steps in which all epochs are complete, with so many training examples."""
    return steps_to_see(examples, batch_sizes(config), config.epochs * examples)
