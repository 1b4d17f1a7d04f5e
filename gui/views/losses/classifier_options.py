"""How one looks at a classifier while it learns."""

from typing import Annotated

import msgspec
import numpy as np

from engine.config import Config, choice, number, plain
from engine.data.drawn import check_drawing
from engine.data.training_data import TrainingData
from engine.experiments.losses.classifier_config import ClassifierConfig
from gui.screen.moment import Moment

AXES = {"steps": "Steps", "epochs": "Epochs"}
PANES = {"network": "Weights or regions", "confusion": "Confusion"}
Stroke = Annotated[str, msgspec.Meta(max_length=4000)]
EXAMPLE = "Row of the data that is followed; −1 is the first held out."


class ClassifierOptions(Config, frozen=True):
    """How one looks at the run."""

    log_loss: Annotated[bool, plain("Log", "Show the loss on a logarithmic axis.")] = True
    axis: Annotated[str, choice("Axis", "What the curves are drawn against.", AXES)] = "steps"
    pane: Annotated[str, choice("Inside", "What is shown beside the curves.", PANES)] = "network"
    wrong_first: Annotated[
        bool, plain("Wrong first", "Put the examples that are classified wrongly to the front.")
    ] = False
    example: Annotated[int, number("Example", EXAMPLE, ge=-1, le=10**6, told={-1: "the first held out"})] = -1
    way: Annotated[bool, plain("Follow", "In a low window: follow one example to its loss.")] = False
    draw: Annotated[
        bool, plain("Draw", "Draw a digit with the mouse, and follow it in place of an example.")
    ] = False
    drawing: Annotated[
        tuple[Stroke, ...],
        plain("Drawing", "The strokes of the drawing, in thousandths of the paper.", max_length=100),
    ] = ()
    pen: Annotated[
        float, number("Pen", "How wide the pen is, in widths of the picture.", ge=0.05, le=0.25)
    ] = 0.12

    def __post_init__(self) -> None:
        check_drawing(self.drawing, where="drawing")


At = Moment[ClassifierConfig, ClassifierOptions]


def data_of(at: At) -> TrainingData | None:
    """The examples, once they are there."""
    found: TrainingData | None = at.data if at.last >= 0 else None
    return found


def flat(at: At) -> bool:
    """Whether the examples are points of a plane."""
    data = data_of(at)
    return data is not None and data.shape == (2,)


def pictured(at: At) -> bool:
    """Whether the examples are pictures, so that one can be drawn."""
    data = data_of(at)
    return data is not None and len(data.shape) == 2


def drawing(at: At) -> bool:
    """Whether a drawing is followed in place of an example."""
    return at.options.draw and pictured(at)


def followed_row(at: At) -> int:
    """The row that is followed; one that cannot be chosen from these data is the first held out."""
    wanted, data = at.options.example, at.data
    there = 0 <= wanted < len(data.labels) if flat(at) else bool(np.isin(wanted, data.held_out))
    return wanted if there else int(data.held_out[0])


def followed_of(at: At) -> object:
    """The run, and the row that is followed, or the drawing."""
    if drawing(at):
        return at.recording, at.options.drawing, at.options.pen
    return at.recording, followed_row(at)
