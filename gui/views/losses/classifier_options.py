"""How one looks at a classifier while it learns."""

from typing import Annotated

import numpy as np

from engine.config import Config, choice, number, plain
from engine.data.training_data import TrainingData
from engine.experiments.losses.classifier_config import ClassifierConfig
from gui.screen.moment import Moment

AXES = {"steps": "Steps", "epochs": "Epochs"}
PANES = {"network": "Weights or regions", "confusion": "Confusion"}
EXAMPLE = "Row of the data that is followed; −1 is the first held out."


class ClassifierOptions(Config, frozen=True):
    """How one looks at the run."""

    log_loss: Annotated[bool, plain("Log scale", "Show the loss on a logarithmic axis.")] = True
    axis: Annotated[str, choice("Axis", "What the curves are drawn against.", AXES)] = "steps"
    pane: Annotated[str, choice("Inside", "What is shown beside the curves.", PANES)] = "network"
    wrong_first: Annotated[
        bool, plain("Wrong first", "Put the examples that are classified wrongly to the front.")
    ] = False
    example: Annotated[int, number("Example", EXAMPLE, ge=-1, le=10**6, told={-1: "the first held out"})] = -1
    way: Annotated[bool, plain("One example", "In a low window: follow one example to its loss.")] = False


At = Moment[ClassifierConfig, ClassifierOptions]


def data_of(at: At) -> TrainingData | None:
    """The examples, once they are there."""
    found: TrainingData | None = at.data if at.last >= 0 else None
    return found


def flat(at: At) -> bool:
    """Whether the examples are points of a plane."""
    data = data_of(at)
    return data is not None and data.shape == (2,)


def followed_row(at: At) -> int:
    """The row that is followed; one that cannot be chosen from these data is the first held out."""
    wanted, data = at.options.example, at.data
    there = 0 <= wanted < len(data.labels) if flat(at) else bool(np.isin(wanted, data.held_out))
    return wanted if there else int(data.held_out[0])


def followed_of(at: At) -> object:
    """The run, and the row that is followed."""
    return at.recording, followed_row(at)
