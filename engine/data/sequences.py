"""Tasks that need a memory: the output now depends on inputs some steps ago.

    recall   symbol · · · · ?               → the symbol
    echo     a b c d e …                    → · · a b c …      every symbol again, some steps later
    copy     a b c · · · · ? · ·            → a b c from the question mark on
    adding   numbers, two of them marked    → the sum of those two
    sine     a noisy wave                   → its next value, without the noise

A batch is x[steps, batch] of symbols (whole numbers) or x[steps, batch, in] of numbers, with a target for
every step, and with the steps at which the loss is read, that is, counts.

References: Hochreiter & Schmidhuber (1997), adding; Arjovsky, Shah & Bengio, "Unitary evolution recurrent
neural networks" (2016), copy.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Steps = NDArray[Any]


class SequenceBatch(NamedTuple):
    """A batch of sequences."""

    x: Steps  # symbols [steps, batch], or numbers [steps, batch, in]
    target: Steps  # classes [steps, batch], or numbers [steps, batch, out]
    read: Steps | None = None  # [steps, batch]: 1 where the loss is read; None: everywhere
    mask: Steps | None = None  # [steps, batch]: 0 where a sequence has ended; None: nowhere

    def pieces(self, size: int) -> list["SequenceBatch"]:
        """The same sequences as several batches of `size` (the last may be smaller), as views."""
        cuts = [slice(begin, begin + size) for begin in range(0, self.x.shape[1], size)]
        return [
            SequenceBatch(
                self.x[:, cut],
                self.target[:, cut],
                None if self.read is None else self.read[:, cut],
                None if self.mask is None else self.mask[:, cut],
            )
            for cut in cuts
        ]


def recall(rng: np.random.Generator, batch: int, delay: int, symbols: int = 4) -> SequenceBatch:
    """One symbol, `delay` blanks, a cue; at the cue the target is the symbol. Inputs: symbols + 2.

    Guessing has the loss log(symbols) and the accuracy 1/symbols.
    """
    shown = rng.integers(0, symbols, batch)
    x = np.full((delay + 2, batch), symbols)  # the blank
    x[0], x[-1] = shown, symbols + 1
    return SequenceBatch(x, np.broadcast_to(shown, x.shape), _rows(x.shape, slice(-1, None)))


def echo(rng: np.random.Generator, batch: int, steps: int, lag: int, symbols: int = 4) -> SequenceBatch:
    """A new symbol at every step; the target is the symbol `lag` steps before. Inputs: symbols."""
    x = rng.integers(0, symbols, (steps, batch))
    return SequenceBatch(x, np.roll(x, lag, axis=0), _rows(x.shape, slice(lag, None)))


def copy(rng: np.random.Generator, batch: int, length: int, delay: int, symbols: int = 8) -> SequenceBatch:
    """`length` symbols, `delay` blanks, a cue; then the targets are the symbols. Inputs: symbols + 2."""
    shown = rng.integers(0, symbols, (length, batch))
    x = np.full((2 * length + delay, batch), symbols)
    x[:length], x[length + delay] = shown, symbols + 1
    target = np.zeros_like(x)
    target[-length:] = shown
    return SequenceBatch(x, target, _rows(x.shape, slice(-length, None)))


def adding(rng: np.random.Generator, batch: int, steps: int) -> SequenceBatch:
    """Uniform numbers from 0 to 1, two of them marked by 1, one in each half; the target is their sum.

    Inputs 2, output 1, read at the last step. Always answering 1 has a mean squared error of 1/6.
    """
    values, marks = rng.random((steps, batch)), np.zeros((steps, batch))
    half, column = steps // 2, np.arange(batch)
    for place in (rng.integers(0, half, batch), rng.integers(half, steps, batch)):
        marks[place, column] = 1.0
    total = (values * marks).sum(axis=0)
    target = np.broadcast_to(total[None, :, None], (steps, batch, 1))
    return SequenceBatch(np.stack([values, marks], axis=-1), target, _rows(values.shape, slice(-1, None)))


def sine(
    rng: np.random.Generator,
    batch: int,
    steps: int,
    noise: float = 0.1,
    period: tuple[float, float] = (8.0, 32.0),
) -> SequenceBatch:
    """Waves of random phase and period with noise; the target is the wave at a later step, without noise.

    Inputs 1, output 1, read at every step.
    """
    phase, steps_a_turn = rng.uniform(0.0, 2.0 * np.pi, batch), rng.uniform(*period, batch)
    wave = np.sin(phase + 2.0 * np.pi * np.arange(steps + 1)[:, None] / steps_a_turn)[:, :, None]
    return SequenceBatch(wave[:-1] + rng.normal(0.0, noise, (steps, batch, 1)), wave[1:])


def _rows(shape: tuple[int, ...], rows: slice) -> Steps:
    """1 in those steps, 0 elsewhere."""
    read = np.zeros(shape)
    read[rows] = 1.0
    return read
