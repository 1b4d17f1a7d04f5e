"""How short can a message be? Frequent outcomes get short code words, as in Morse code.

    ideal length    ℓᵢ = −log₂ pᵢ bits               their mean is the entropy H(P)
    Huffman's code  whole bits per word              the shortest mean length of all prefix-free codes
    mean length     L = Σ pᵢ ℓᵢ                       H(P) ≤ L < H(P) + 1, with words for pᵢ > 0 only
    the wrong code  built for Q, used on P            Σ pᵢ ℓᵢ(Q), about H(P, Q)

Prefix-free means: no word is the beginning of another word, so a message can be read without separators.
Huffman's algorithm: join the two least likely groups into one, with the sum of their probabilities; one more
bit distinguishes them (0 for the first). Repeat until one group is left. Between equal probabilities the
group formed first is taken, and outcomes in their order, so that the code is always the same.

An outcome of probability 0 gets a word too, so that it can be sent if it happens after all. This makes other
words longer: P = (1, 0) then costs 1 bit instead of 0. `huffman` can be told which outcomes need a word. If
only one outcome is possible, its word is empty (0 bits): the receiver knows it already.

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
    """One outcome, at the end of a branch of the code tree."""

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
    """A word of 0s and 1s for each outcome, none the beginning of another; None: the outcome has no word."""

    words: tuple[str | None, ...]
    tree: Tree

    @property
    def lengths(self) -> Array:
        """Bits of each word, [outcomes]; ∞ where there is none."""
        return np.array([np.inf if word is None else len(word) for word in self.words], np.float64)

    def mean_length(self, p: ArrayLike) -> float:
        """Mean number of bits for an outcome drawn from P: Σ pᵢ ℓᵢ.

        ∞ where an outcome of P has no word.

        Raises:
            Problem: P is not a distribution over the outcomes of the code.
        """
        probabilities = distribution(p)
        if probabilities.shape != (len(self.words),):
            raise Problem(
                "P has {p} outcomes, the code has {n}", where="P", p=probabilities.size, n=len(self.words)
            )
        possible = probabilities > 0
        return float(probabilities[possible] @ self.lengths[possible])


def huffman(p: ArrayLike, needed: ArrayLike = True) -> Code:
    """Huffman's code for outcomes with the probabilities p[outcomes].

    `needed` says for each outcome whether it gets a word even if its probability is 0; by default all do.

    Raises:
        Problem: P is not one distribution.
    """
    probabilities = distribution(p)
    if probabilities.ndim != 1:
        raise Problem("A code is made for one distribution at a time", where="P")
    needs_word = (probabilities > 0) | np.broadcast_to(np.asarray(needed, bool), probabilities.shape)
    leaves = [Leaf(k, float(probabilities[k])) for k in np.flatnonzero(needs_word).tolist()]
    # (weight, order in which it was formed, the group)
    heap: list[tuple[float, int, Tree]] = [(leaf.weight, leaf.outcome, leaf) for leaf in leaves]
    heapify(heap)
    for turn in range(len(leaves) - 1):
        (first, _, zero), (second, _, one) = heappop(heap), heappop(heap)
        weight = first + second
        heappush(heap, (weight, probabilities.size + turn, Fork(zero, one, weight)))
    tree = heap[0][2]
    words = dict(_words(tree, ""))
    return Code(tuple(words.get(k) for k in range(probabilities.size)), tree)


def _words(tree: Tree, word: str) -> list[tuple[int, str]]:
    """The outcomes below a branch, with the bits that lead there."""
    if isinstance(tree, Leaf):
        return [(tree.outcome, word)]
    return _words(tree.zero, word + "0") + _words(tree.one, word + "1")
