"""Generated sequences: a trained network continues a text, each symbol drawn from its own prediction.

    p = softmax(y/T)        the next symbol is drawn from p, and is the next input

y are the outputs of the network (logits) after the symbols so far, one for each symbol that can come next,
and p are their probabilities. The temperature T makes the distribution sharper (T < 1) or flatter (T > 1);
with T = 0 the most likely symbol is taken every time.

Reference: Graves, "Generating sequences with recurrent neural networks" (2013).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array, softmax
from engine.recurrent.network import RecurrentNetwork


def sample(
    network: RecurrentNetwork,
    theta: Array,
    rng: np.random.Generator,
    prompt: NDArray[Any],
    temperature: float = 1.0,
) -> Iterator[int]:
    """Read the symbols of `prompt`, and continue them without end.

    It ends only if the outputs of the network become non-finite.
    """
    embedding, cells, (weights, bias) = network.parameters(theta)
    states = [cell.zero_state(1, theta.dtype) for cell in network.cells]
    symbols = [int(symbol) for symbol in prompt]
    while True:
        for symbol in symbols:
            x = np.eye(1, network.inputs, symbol, theta.dtype) if embedding is None else embedding[[symbol]]
            for k, (cell, own) in enumerate(zip(network.cells, cells, strict=True)):
                states[k] = cell.step(x, states[k], own).state
                x = states[k].hidden_state
        y = (x @ weights + bias)[0]
        if not np.all(np.isfinite(y)):
            return
        symbols = [drawn(y, temperature, rng)]
        yield symbols[0]


def drawn(logits: Array, temperature: float, rng: np.random.Generator) -> int:
    """One class drawn from softmax(logits/temperature); the most likely one if the temperature is 0."""
    if temperature == 0.0:
        return int(np.argmax(logits))
    logits = logits.astype(np.float64)
    p = softmax((logits - logits.max()) / temperature)
    return min(int(np.searchsorted(np.cumsum(p), rng.random())), len(p) - 1)
