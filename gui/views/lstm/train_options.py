"""How one looks at a training on sequences."""

from typing import Annotated

from engine.config import Config, choice, number, plain
from engine.experiments.lstm.train_config import TrainConfig, kinds, titles
from gui.screen.moment import Moment

GATES = {
    "hidden_state": "Hidden state h",
    "cell_state": "Cell state c",
    "forget_gate": "Forget gate f",
    "input_gate": "Input gate i",
    "candidate": "Candidate g",
    "output_gate": "Output gate o",
    "update_gate": "Update gate z",
    "reset_gate": "Reset gate r",
}
UNIT = "Which unit is shown; auto: the top row of the heat map. Or click a row."
TEMPERATURE = "0 always takes the likeliest character; 1 draws as the model believes; 2 is reckless"
WORDS = "What the model is given to write on from; empty: the held-out text."


class TrainOptions(Config, frozen=True):
    """How one looks at the run."""

    model: Annotated[int, number("Model", "Which model is looked into.", ge=0, le=1, of=titles)] = 0
    layer: Annotated[int, number("Layer", "Which of its layers.", ge=1, le=2)] = 1
    gate: Annotated[str, choice("Show", "Which gate or state.", GATES)] = "hidden_state"
    unit: Annotated[int, number("Unit", UNIT, ge=0, le=512)] = 0  # 0: auto
    temperature: Annotated[float, number("Temperature", TEMPERATURE, ge=0, le=2)] = 0.6
    log_loss: Annotated[bool, plain("Log scale", "Show the loss on a logarithmic axis.")] = False
    words: Annotated[str, plain("Opening words", WORDS, max_length=200)] = ""


At = Moment[TrainConfig, TrainOptions]


def model_of(at: At) -> int:
    """Which model is looked into."""
    return min(at.options.model, len(kinds(at.config)) - 1)
