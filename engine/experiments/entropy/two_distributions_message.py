"""A long message in *Entropy ▸ Two distributions*: bits per outcome by Huffman and by arithmetic coding.

The outcomes of the message are drawn from P; the codes are made for P, or for Q: then they cost H(P, Q). The
beginning of a message is the shorter message: all lengths up to n are measured on the same outcomes.
"""

from typing import NamedTuple

import numpy as np

from engine.experiments.entropy.two_distributions import Numbers, TwoDistributionsConfig, drawn, padded
from engine.information.arithmetic_coding import START, Interval, decode, integer_weights, interval_of
from engine.information.coding import block_probabilities, huffman
from engine.information.information import Array, surprise
from engine.pieces import WORKING, Pieces

MOST_WORDS = 4096  # of a code on blocks; longer blocks are made shorter
MEASURED = 160  # lengths at which arithmetic coding is measured, at most
SHOWN = 6  # intervals that are drawn


class MessageCosts(NamedTuple):
    """Bits of the first outcomes of a message, with the codes for one model. Lengths count from 1."""

    message: Numbers  # outcomes from 0, as many as can be coded: the next one has probability 0 in the model
    lengths: Numbers  # at which arithmetic coding is measured
    arithmetic: Array  # bits of the word, at `lengths`
    surprise: Array  # −log₂ of the message's probability in the model, at every length
    single: Array  # bits of Huffman's code on single outcomes, at every length
    blocks: Array  # … on blocks, after every whole block
    block: int  # outcomes in a block
    table: int  # how many words the code on blocks has
    single_mean: float  # expected bits per outcome, if the outcomes come from P
    block_mean: float
    word: str  # of arithmetic coding, for the whole message
    decoded: bool  # whether the word was read back as the same message


def message_costs(config: TwoDistributionsConfig, model: str) -> Pieces[MessageCosts]:
    """Encode the message with the codes for the model "p" or "q"; an outcome with q = 0 ends it."""
    p, q = padded(config)
    modelled = p if model == "p" else q
    message = _possible(drawn(config), modelled)
    weights = integer_weights(modelled)
    lengths, bits, interval = [], [], START
    step = max(1, -(-len(message) // MEASURED))
    for n, outcome in enumerate(message.tolist(), start=1):
        interval = interval.part(weights, outcome)
        if n % step == 0 or n <= MEASURED // 4 or n == len(message):
            lengths.append(n)
            bits.append(float(len(interval.word())))
            yield WORKING
    word = interval.word()
    yield WORKING
    single, kept = huffman(modelled, needed=p > 0), np.flatnonzero((p > 0) | (modelled > 0))
    block = _block_length(config.block, len(kept))
    code = huffman(block_probabilities(modelled[kept], block))
    yield WORKING
    return MessageCosts(
        message=message,
        lengths=np.array(lengths, np.intp),
        arithmetic=np.array(bits),
        surprise=np.cumsum(surprise(modelled)[message]),
        single=np.cumsum(single.lengths[message]),
        blocks=np.cumsum(code.lengths[_blocks(np.searchsorted(kept, message), block, len(kept))]),
        block=block,
        table=len(code.words),
        single_mean=single.mean_length(p),
        block_mean=code.mean_length(block_probabilities(p[kept], block)) / block,
        word=word,
        decoded=decode(word, weights, len(message)) == message.tolist(),
    )


def _possible(message: Numbers, modelled: Array) -> Numbers:
    """The message before the first outcome to which the model gives the probability 0."""
    never = np.flatnonzero(modelled[message] == 0)
    return message[: never[0]] if len(never) else message


def _block_length(wanted: int, outcomes: int) -> int:
    """The wanted length of a block, or the largest with which the code has at most `MOST_WORDS` words."""
    return max(length for length in range(1, wanted + 1) if length == 1 or outcomes**length <= MOST_WORDS)


def _blocks(message: Numbers, block: int, outcomes: int) -> Numbers:
    """The whole blocks of a message, as places in `block_probabilities`."""
    whole = message[: len(message) // block * block].reshape(-1, block)
    return np.asarray(whole @ outcomes ** np.arange(block - 1, -1, -1), np.intp)


class Narrowing(NamedTuple):
    """The last few intervals of a message, each a part of the one before, in the model's proportions."""

    shares: Array  # of each outcome, in every interval
    first: int  # how many outcomes were coded before the first of these intervals
    chosen: tuple[int, ...]  # the outcomes that lead from each interval to the next
    intervals: tuple[Interval, ...]  # one more than `chosen`
    word: str  # of the last one
    settled: str  # the bits with which all numbers in the last one begin


def narrowing(config: TwoDistributionsConfig, model: str, coded: int) -> Narrowing:
    """The intervals up to the one after `coded` outcomes, or as many as can be coded."""
    p, q = padded(config)
    modelled = p if model == "p" else q
    weights, message = integer_weights(modelled), _possible(drawn(config), modelled).tolist()
    coded = min(coded, len(message))
    first = max(0, coded - SHOWN + 1)
    intervals = [interval_of(message[:first], weights)]
    for outcome in message[first:coded]:
        intervals.append(intervals[-1].part(weights, outcome))
    last = intervals[-1]
    return Narrowing(
        modelled, first, tuple(message[first:coded]), tuple(intervals), last.word(), last.settled()
    )
