"""Sequences: recurrent networks, from one step to a text that is written.

cells                 one step of an RNN, a GRU, an LSTM, and the same step backward, equation by equation
through_time          a whole sequence: back-propagation through time
memory_span           how far back a loss reaches, and what the forget gate has to do with it
fast                  the same numbers as fast as NumPy can: a chapter in the chapter
sequence_loss         how wrong along a sequence, where it is read
network               embedding, layers, readout; training, and sampling
"""

from engine.recurrent.through_time import (
    CELLS,
    GRU,
    LSTM,
    RNN,
    Back,
    Cell,
    Run,
)

__all__ = [
    "CELLS",
    "GRU",
    "LSTM",
    "RNN",
    "Back",
    "Cell",
    "Run",
]
