"""How short can a message be? Give frequent outcomes short words, as Morse did.

    ideal length    ℓᵢ = −log₂ pᵢ bits               their mean is the entropy H(P)
    Huffman's code  whole bits, no word the beginning of another; the best there is
    mean length     L = Σ pᵢ ℓᵢ                       H(P) ≤ L < H(P) + 1
    the wrong code  built for Q, used on P            Σ pᵢ ℓᵢ(Q), about H(P, Q): what believing Q costs

Huffman's algorithm: take the two least likely groups, let a last bit tell them apart, and treat them from
now on as one group with their probabilities added; go on until there is one group. Ties are broken by
taking the group that was formed first, outcomes in their order, so that the code is always the same one.
An outcome of probability 0 gets a word too: a code must be able to say what was thought impossible. A
single outcome needs no bit at all: its word is empty.

Reference: D. A. Huffman (1952), "A method for the construction of minimum-redundancy codes"; T. M. Cover and
J. A. Thomas, "Elements of Information Theory", chapter 5.
"""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Union

import numpy as np
from numpy.typing import ArrayLike

from engine.information import Array, distribution


@dataclass(frozen=True)
class Leaf:
    """An outcome, at the end of a branch."""

    outcome: int
    weight: float  # its probability


@dataclass(frozen=True)
class Fork:
    """Where one more bit is read: 0 goes to `zero`, 1 to `one`."""

    zero: "Tree"
    one: "Tree"
    weight: float  # the probability of coming here


Tree = Union[Leaf, Fork]  # noqa: UP007 (named before the classes are complete)


@dataclass(frozen=True)
class Code:
    """A word of 0 and 1 for each outcome, none the beginning of another."""

    words: tuple[str, ...]
    tree: Tree

    @property
    def lengths(self) -> Array:
        """Bits of each word, [outcomes]."""
        return np.array([len(word) for word in self.words], np.float64)

    def mean_length(self, p: ArrayLike) -> float:
        """Bits an outcome takes on the average when the outcomes come as P says: Σ pᵢ ℓᵢ."""
        return float(distribution(p) @ self.lengths)


def huffman(p: ArrayLike) -> Code:
    """The best code of whole bits for outcomes that come with the probabilities p[outcomes].

    Raises:
        Problem: P is not a distribution.
    """
    weights = distribution(p).tolist()
    # (weight, which was formed first, the group itself)
    heap: list[tuple[float, int, Tree]] = [(weight, k, Leaf(k, weight)) for k, weight in enumerate(weights)]
    heapify(heap)
    for turn in range(len(weights), 2 * len(weights) - 1):
        (lighter, _, one), (heavier, _, zero) = heappop(heap), heappop(heap)
        heappush(heap, (lighter + heavier, turn, Fork(zero, one, lighter + heavier)))
    tree = heap[0][2]
    words = dict(_words(tree, ""))
    return Code(tuple(words[k] for k in range(len(weights))), tree)


def _words(tree: Tree, word: str) -> list[tuple[int, str]]:
    """The outcomes below a branch, with the bits that lead there."""
    if isinstance(tree, Leaf):
        return [(tree.outcome, word)]
    return _words(tree.zero, word + "0") + _words(tree.one, word + "1")
