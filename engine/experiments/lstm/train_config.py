"""The settings of *LSTM ▸ Train on sequences*: the task, the cells, and how they are trained."""

from typing import Annotated

from engine.changes import Changes, check_changes
from engine.config import Config, choice, number, plain
from engine.experiments.lstm.train_tasks import Adding, Echo, RecallTask, Sine, TaskData
from engine.experiments.lstm.train_texts import Text, TextFile
from engine.optimizers.adam import Adam
from engine.optimizers.table import NetworkRule
from engine.recurrent.network import RecurrentNetwork
from engine.stop_rules import AnyStop, LastStep

MEASURING = 2**28  # bytes for the held-out sequences; if they need more, they are measured in pieces
CELLS = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}


class TrainConfig(Config, frozen=True):
    """One model, or two side by side on the same batches."""

    task: Annotated[
        Text | TextFile | RecallTask | Echo | Adding | Sine, plain("Task", "What is to be learned.")
    ] = Text()
    cell: Annotated[str, choice("Cell", "What the network is made of.", CELLS)] = "lstm"
    beside: Annotated[
        str,
        choice("Beside it", "A second model, trained on the same batches.", {"none": "Nothing", **CELLS}),
    ] = "none"
    hidden: Annotated[
        int, number("Hidden units", "Numbers that a cell remembers.", ge=1, le=512, soft=(4, 128))
    ] = 64
    optimizer: Annotated[
        NetworkRule, plain("Optimizer", "How the gradient becomes a step.", kind="optimizer")
    ] = Adam(learning_rate=0.003)
    steps: Annotated[
        int,
        number(
            "Steps", "How many batches are trained on.", ge=1, le=100_000, scale="log", soft=(100, 20_000)
        ),
    ] = 3000
    seed: Annotated[int, plain("Seed", "Chooses the first weights and the batches.", kind="seed")] = 0
    layers: Annotated[
        int, number("Layers", "With 2, a second cell reads the outputs of the first.", ge=1, le=2, more=True)
    ] = 1
    batch_size: Annotated[
        int,
        number(
            "Batch size", "Sequences a step.", ge=1, le=256, scale="log", soft=(1, 64), more=True, live=True
        ),
    ] = 16
    clip: Annotated[
        float,
        number(
            "Clip at",
            "A longer gradient is shortened to this length; 0 never does.",
            symbol="c",
            ge=0,
            le=1e6,
            soft=(0, 10),
            more=True,
            live=True,
        ),
    ] = 1.0
    forget_bias: Annotated[
        float,
        number(
            "Forget bias",
            "Bias with which the forget gates of an LSTM begin: 1 remembers from the start.",
            ge=-10,
            le=10,
            soft=(-2, 5),
            more=True,
        ),
    ] = 1.0
    stop: Annotated[
        AnyStop, plain("End", "Whether the run ends before its last step, and when.", more=True)
    ] = LastStep()
    changes: Changes = ()

    def __post_init__(self) -> None:
        check_changes(self)


def kinds(config: TrainConfig) -> tuple[str, ...]:
    """The kind of each model."""
    return (config.cell,) if config.beside == "none" else (config.cell, config.beside)


def titles(config: TrainConfig) -> tuple[str, ...]:
    """The title of each model; two of the same kind are numbered."""
    names = [CELLS[kind] for kind in kinds(config)]
    if len(set(names)) < len(names):
        names = [f"{name} {k}" for k, name in enumerate(names, start=1)]
    return tuple(names)


def memory(config: TrainConfig, data: TaskData, batch_size: int) -> int:
    """About how many bytes a run takes with batches of this size: to train and to measure."""
    made, measured = networks(config, data), piece_size(config, data)
    return sum(
        net.memory(config.task.steps, batch_size) + net.memory(config.task.steps, measured) for net in made
    )


def piece_size(config: TrainConfig, data: TaskData) -> int:
    """How many held-out sequences are measured at once: all, or as many as fit in `MEASURING`."""
    size = int(data.held_out.x.shape[1])
    while size > 1 and sum(net.memory(config.task.steps, size) for net in networks(config, data)) > MEASURING:
        size //= 2
    return size


def networks(config: TrainConfig, data: TaskData) -> tuple[RecurrentNetwork, ...]:
    """The network of each model, for the data of a run (the file may have changed since)."""
    shape = data.shape
    return tuple(
        RecurrentNetwork(
            kind, shape.inputs, config.hidden, shape.outputs, config.layers, embedding=shape.embedding
        )
        for kind in kinds(config)
    )
