"""The settings of *LSTM ▸ Memory span*: the delays, and the start of the cells."""

from typing import Annotated

from engine.config import Config, choice, number, plain
from engine.memory_limit import check_memory
from engine.optimizers.adam import Adam
from engine.optimizers.table import FirstOrder
from engine.recurrent.fast.table import memory_of
from engine.recurrent.memory_span import memory_to_learn
from engine.recurrent.through_time import CELLS

LONGEST = 256
PIECE = 50  # sequences on which the accuracy is measured at once


class MemoryConfig(Config, frozen=True):
    """One task for three cells, at one delay or at several delays, one after the other."""

    measured: Annotated[
        str,
        choice(
            "Delays",
            "Train the three cells side by side at one delay; or again from the start at 2, 4, 8, … steps,"
            " one after the other, to see how far each can remember.",
            {"one": "One delay", "many": "2, 4, 8, … in turn"},
        ),
    ] = "one"
    delay: Annotated[
        int,
        number(
            "Delay",
            "Steps of noise between what must be remembered and the question.",
            symbol="D",
            scale="log",
            ge=1,
            le=LONGEST,
            soft=(1, 100),
            when=lambda c: c.measured == "one",
        ),
    ] = 20
    longest: Annotated[
        int,
        number(
            "Longest delay",
            "The delays are 2, 4, 8, … up to this one.",
            scale="log",
            ge=2,
            le=LONGEST,
            soft=(2, 128),
            when=lambda c: c.measured == "many",
        ),
    ] = 64
    forget_bias: Annotated[
        float,
        number(
            "Forget bias",
            "The first bias of the LSTM's forget gate. At the start a step keeps about σ(b): 0 keeps a half,"
            " 1 keeps 0.73, 2 keeps 0.88. The line in the plot can be dragged too.",
            symbol="b",
            ge=-10,
            le=10,
            soft=(-2, 6),
        ),
    ] = 2.0
    weight_scale: Annotated[
        float,
        number(
            "Weight scale",
            "The first recurrent weights of every cell are orthogonal times this: U multiplies every length"
            " by this number. Frameworks begin at about 0.6.",
            ge=0,
            le=10,
            soft=(0, 3),
        ),
    ] = 0.5
    hidden: Annotated[
        int,
        number("Hidden units", "Units in the state of each cell.", scale="log", ge=2, le=128, soft=(2, 64)),
    ] = 16
    update_bias: Annotated[
        float,
        number(
            "Update bias of the GRU",
            "The first bias of the GRU's update gate, which says what fraction of the old state is kept,"
            " like a forget gate.",
            ge=-10,
            le=10,
            soft=(-2, 6),
            more=True,
        ),
    ] = 0.0
    optimizer: Annotated[
        FirstOrder, plain("Optimizer", "How the gradient becomes a step.", kind="optimizer", more=True)
    ] = Adam(learning_rate=0.01)
    steps: Annotated[
        int,
        number(
            "Training steps",
            "How long each cell trains, at each delay.",
            scale="log",
            ge=1,
            le=5000,
            soft=(50, 2000),
            more=True,
        ),
    ] = 300
    batch_size: Annotated[
        int,
        number("Batch size", "New sequences a step.", scale="log", ge=1, le=256, soft=(4, 128), more=True),
    ] = 32
    clipping: Annotated[
        float,
        number(
            "Clip the gradient to",
            "A longer gradient is shortened to this length; 0 leaves it as it is.",
            ge=0,
            le=1000,
            soft=(0, 10),
            more=True,
        ),
    ] = 0.0
    classes: Annotated[
        int,
        number(
            "Symbols",
            "How many different symbols there are; guessing is right once in so many.",
            ge=2,
            le=10,
            more=True,
        ),
    ] = 4
    noise: Annotated[
        float,
        number(
            "Noise",
            "Standard deviation of the inputs that follow the symbol.",
            symbol="σ",
            ge=0,
            le=10,
            soft=(0, 1),
            more=True,
        ),
    ] = 0.5
    seed: Annotated[
        int, plain("Seed", "Chooses the first weights and the sequences.", kind="seed", more=True)
    ] = 0

    def __post_init__(self) -> None:
        """Refuse settings that need more memory than a run may have.

        Raises:
            Problem: with the largest batch that fits.
        """
        check_memory(self.memory, self.batch_size, "Batch size", "batch_size")

    def memory(self, batch_size: int) -> int:
        """About how many bytes the three cells take at the longest delay, with batches of this size."""
        longest = self.delays[-1]
        to_measure = sum(
            memory_of(cell(self.classes, self.hidden), longest + 1, PIECE) for cell in CELLS.values()
        )
        return memory_to_learn(self.hidden, self.classes, longest, batch_size) + to_measure

    @property
    def delays(self) -> tuple[int, ...]:
        """The delays of the run, in order."""
        if self.measured == "one":
            return (self.delay,)
        doubled = [2**k for k in range(1, self.longest.bit_length()) if 2**k < self.longest]
        return (*doubled, self.longest)

    @property
    def stage_length(self) -> int:
        """The number of frames at one delay: the start, and one for every training step."""
        return self.steps + 1
