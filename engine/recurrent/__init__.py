"""Sequences: recurrent networks, from one step of a cell to generated text.

cells                 one step of an RNN, a GRU, an LSTM, and the same step backward, equation by equation
through_time          a whole sequence: back-propagation through time
fast                  the same numbers, computed as fast as NumPy can: a chapter in the chapter
memory_span           how far back in time a gradient reaches, and the role of the forget gate
sequence_loss         the loss of a sequence: the mean over the steps that count
network               embedding, layers, readout; their gradient
sampling              a trained network continues a text
"""

from engine.recurrent.through_time import (
    CELLS,
    GRU,
    LSTM,
    RNN,
    BackwardPass,
    Cell,
    Run,
)

__all__ = [
    "CELLS",
    "GRU",
    "LSTM",
    "RNN",
    "BackwardPass",
    "Cell",
    "Run",
]
