"""How short can a message be? Give frequent outcomes short words, as Morse did.

    ideal length    ℓᵢ = −log₂ pᵢ bits               their mean is the entropy H(P)
    Huffman's code  whole bits, no word the beginning of another; the best there is
    mean length     L = Σ pᵢ ℓᵢ                       H(P) ≤ L < H(P) + 1, with no word too many
    the wrong code  built for Q, used on P            Σ pᵢ ℓᵢ(Q), about H(P, Q): what believing Q costs

Huffman's algorithm: take the two least likely groups, let a bit tell them apart (0 for the first), and treat
them from now on as one group with their probabilities added; go on until there is one group. Ties are broken
by taking the group that was formed first, outcomes in their order, so that the code is always the same one.

An outcome of probability 0 gets a word too, as a last resort: a code should be able to say what was thought
impossible. Such a word is not free, for it takes room from the others: P = (1, 0) then costs 1 bit instead
of 0. So one may say which outcomes need a word at all. A single outcome needs no bit: its word is empty,
and whoever is sure of what comes need not be told.

Reference: D. A. Huffman (1952), "A method for the construction of minimum-redundancy codes"; T. M. Cover and
J. A. Thomas, "Elements of Information Theory", chapter 5.
"""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Union

import numpy as np
from numpy.typing import ArrayLike

from engine.config import Problem
from engine.information.information import Array, distribution


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
    """A word of 0 and 1 for each outcome, none the beginning of another; None for what cannot be said."""

    words: tuple[str | None, ...]
    tree: Tree

    @property
    def lengths(self) -> Array:
        """Bits of each word, [outcomes]; ∞ where there is none."""
        return np.array([np.inf if word is None else len(word) for word in self.words], np.float64)

    def mean_length(self, p: ArrayLike) -> float:
        """Bits an outcome takes on the average when the outcomes come as P says: Σ pᵢ ℓᵢ.

        ∞ where an outcome of P has no word.

        Raises:
            Problem: P is not a distribution over the outcomes of the code.
        """
        chances = distribution(p)
        if chances.shape != (len(self.words),):
            raise Problem(
                "P has {p} outcomes, the code has {n}", where="P", p=chances.size, n=len(self.words)
            )
        came = chances > 0
        return float(chances[came] @ self.lengths[came])


def huffman(p: ArrayLike, needed: ArrayLike = True) -> Code:
    """The best code of whole bits for outcomes that come with the probabilities p[outcomes].

    `needed` tells of each outcome whether it gets a word though its probability is 0; by default all do.

    Raises:
        Problem: P is not one distribution.
    """
    chances = distribution(p)
    if chances.ndim != 1:
        raise Problem("A code is made for one distribution at a time", where="P")
    said = np.flatnonzero((chances > 0) | np.broadcast_to(np.asarray(needed, bool), chances.shape)).tolist()
    # (weight, which was formed first, the group itself)
    heap: list[tuple[float, int, Tree]] = [(float(chances[k]), k, Leaf(k, float(chances[k]))) for k in said]
    heapify(heap)
    for turn in range(len(said) - 1):
        (first, _, zero), (second, _, one) = heappop(heap), heappop(heap)
        weight = first + second
        heappush(heap, (weight, chances.size + turn, Fork(zero, one, weight)))
    tree = heap[0][2]
    words = dict(_words(tree, ""))
    return Code(tuple(words.get(k) for k in range(chances.size)), tree)


def _words(tree: Tree, word: str) -> list[tuple[int, str]]:
    """The outcomes below a branch, with the bits that lead there."""
    if isinstance(tree, Leaf):
        return [(tree.outcome, word)]
    return _words(tree.zero, word + "0") + _words(tree.one, word + "1")
