"""The fast form of each cell, by the cell's name.

`engine.recurrent.through_time` is easier to read; these compute the same numbers faster, and a test compares
them.
"""

from typing import Any

import numpy as np

from engine.recurrent.fast.gru import GRUSequence
from engine.recurrent.fast.lstm import LSTMSequence
from engine.recurrent.fast.rnn import RNNSequence
from engine.recurrent.fast.workspace import Sequence
from engine.recurrent.through_time import Cell

SEQUENCES: dict[str, type[Sequence]] = {"rnn": RNNSequence, "gru": GRUSequence, "lstm": LSTMSequence}


def sequence_of(cell: Cell, steps: int, batch: int, dtype: Any = np.float32) -> Sequence:
    """A workspace for this cell over `steps` steps of `batch` sequences at once."""
    return SEQUENCES[cell.name](cell, steps, batch, dtype)


def memory_of(cell: Cell, steps: int, batch: int, dtype: Any = np.float32) -> int:
    """About how many bytes the workspace of this shape takes, without making it."""
    return SEQUENCES[cell.name].memory(cell, steps, batch, dtype)
