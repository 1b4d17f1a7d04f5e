"""How short can a long message be? One number for the whole message, instead of one word for each outcome.

    weights      c₁ … c_K, whole numbers       T = Σ c       pᵢ = cᵢ / T       Cᵢ = c₁ + … + cᵢ₋₁
    start        the interval [0, 1)
    outcome i    low ← low + width·Cᵢ/T        width ← width·cᵢ/T              (the i-th part of the interval)
    at the end   width = p(x₁)·…·p(xₙ)         the product of the probabilities of all outcomes
    the word     the shortest b₁…b_ℓ for which every number 0.b₁…b_ℓ… lies in the interval
    its length   −log₂ width ≤ ℓ < −log₂ width + 2

An example with the weights 2, 1, 1: outcome 1 has the interval [0, ½), and outcome 2 after it has [¼, ⅜).
These are all numbers that begin with 0.010 in binary, so the word is 010. Its length is the surprise, 1 + 2
bits.

A message takes less than two bits more than its surprise −log₂ p(message), however long it is: per outcome
that is H(P) as n grows, or H(P, Q) if the weights are those of Q. Huffman's code loses up to one bit for
*every* outcome. On blocks of n outcomes it loses at most one bit a block, but it needs a table of Kⁿ words;
here nothing is tabulated.

The receiver knows the weights and n. It reads the word as a number, finds the part in which the number lies,
and does the same inside that part. All numbers are integers over a common denominator, so nothing is rounded.
(Real programs keep only a few leading digits, and send bits as soon as they are known.)

References: J. Rissanen (1976), "Generalized Kraft inequality and arithmetic coding"; I. H. Witten, R. M. Neal
and J. G. Cleary (1987), "Arithmetic coding for data compression"; T. M. Cover and J. A. Thomas, "Elements of
Information Theory", 13.3; D. J. C. MacKay, "Information Theory, Inference, and Learning Algorithms", 6.2.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from numpy.typing import ArrayLike

from engine.config import Problem
from engine.information.information import distribution

TOTAL = 2**32  # the least sum of the whole numbers that replace probabilities
LEAST_WEIGHT = 2**20  # the least weight of a possible outcome: rounding then changes no surprise by 1e-6 bits


class Interval(NamedTuple):
    """The numbers from low/whole up to (low + width)/whole, without the upper end."""

    low: int
    width: int
    whole: int

    def part(self, weights: Sequence[int], outcome: int) -> "Interval":
        """The part of the interval that an outcome has; the parts of all outcomes lie one after the other.

        Raises:
            Problem: the outcome has the weight 0, so it has no part of the interval.
        """
        if not weights[outcome]:
            raise Problem("Outcome {n} has the weight 0: it cannot be coded", n=outcome + 1)
        total, before = sum(weights), sum(weights[:outcome])
        return Interval(
            self.low * total + self.width * before, self.width * weights[outcome], self.whole * total
        )

    def word(self) -> str:
        """The shortest word of bits such that all numbers that begin with it lie in the interval."""
        bits = max(0, self.whole.bit_length() - self.width.bit_length() - 1)
        while self.width << bits < self.whole:  # fewer cannot be enough
            bits += 1
        first = self._next_multiple(bits)
        if (first + 1) * self.whole > (self.low + self.width) << bits:
            bits += 1  # half as wide: one of them fits
            first = self._next_multiple(bits)
        return f"{first:0{bits}b}" if bits else ""

    def _next_multiple(self, bits: int) -> int:
        """The first multiple of 2^−bits in the interval, as a whole number of them."""
        return -_floor(-(self.low << bits), self.whole)

    def settled(self) -> str:
        """The bits with which all numbers in the interval begin: they can already be sent."""
        bits = self.whole.bit_length() - self.width.bit_length() + 1
        first = _floor(self.low << bits, self.whole)
        last = _floor(((self.low + self.width) << bits) - 1, self.whole)
        same = bits - (first ^ last).bit_length()
        return f"{first:0{bits}b}"[:same]


START = Interval(0, 1, 1)


def _floor(number: int, whole: int) -> int:
    """⌊number/whole⌋; if the whole is a power of 2, by a shift: much faster for a long message."""
    power = whole.bit_length() - 1
    return number >> power if whole == 1 << power else number // whole


def integer_weights(p: ArrayLike, total: int | None = None) -> tuple[int, ...]:
    """Whole numbers in proportion to probabilities, with the sum `total`.

    By default it is 2^32, or more if the rarest outcome would have a weight below about 2^20. Only an outcome
    of probability 0 has the weight 0. The largest weight is corrected so that the sum is exact.

    Raises:
        Problem: P is not one distribution.
    """
    probabilities = distribution(p)
    if probabilities.ndim != 1:
        raise Problem("A code is made for one distribution at a time", where="P")
    shares = [Fraction(share) for share in probabilities.tolist()]
    if total is None:
        rarest = min(share for share in shares if share)
        total = max(TOTAL, LEAST_WEIGHT << int(1 / rarest).bit_length())
    weights = [max(1, round(share * total)) if share else 0 for share in shares]
    weights[weights.index(max(weights))] += total - sum(weights)
    return tuple(weights)


def interval_of(message: Iterable[int], weights: Sequence[int]) -> Interval:
    """The interval of a message of outcomes, counted from 0."""
    interval = START
    for outcome in message:
        interval = interval.part(weights, outcome)
    return interval


def encode(message: Iterable[int], weights: Sequence[int]) -> str:
    """The word of a message of outcomes, counted from 0; that of the empty message is empty.

    Raises:
        Problem: an outcome of the message has the weight 0.
    """
    return interval_of(message, weights).word()


def decode(word: str, weights: Sequence[int], count: int) -> list[int]:
    """The message of `count` outcomes whose word this is.

    Raises:
        Problem: the word is not of bits, or there are no weights.
    """
    if set(word) - {"0", "1"}:
        raise Problem("A word is made of 0 and 1")
    below = [0, *accumulate(weights)]
    total = below[-1]
    if total <= 0:
        raise Problem("The weights sum to 0")
    value, whole = int(word or "0", 2), 1 << len(word)  # the number is value/whole
    message = []
    for _ in range(count):
        outcome = bisect_right(below, value * total // whole) - 1
        message.append(outcome)
        # inside the part of the outcome: (number·T − C) / c
        value, whole = value * total - below[outcome] * whole, whole * weights[outcome]
    return message
