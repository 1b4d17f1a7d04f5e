"""How short can a message be? Frequent outcomes get short code words, as in Morse code.

    ideal length    ℓᵢ = −log₂ pᵢ bits               their mean is the entropy H(P)
    Huffman's code  whole bits per word              the shortest mean length of all prefix-free codes
    mean length     L = Σ pᵢ ℓᵢ                       H(P) ≤ L < H(P) + 1, with words for pᵢ > 0 only
    the wrong code  built for Q, used on P            Σ pᵢ ℓᵢ(Q), about H(P, Q)
    blocks          one word for b outcomes           H(P) ≤ L_b / b < H(P) + 1/b, with Kᵇ words to agree on

Prefix-free means: no word is the beginning of another word, so a message can be read without separators.
Huffman's algorithm: merge the two least likely groups into one, with the sum of their probabilities; one more
bit distinguishes them (0 for the first). Repeat until one group is left. If probabilities are equal, the
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
    """A place in the tree where one more bit is read: 0 leads to `zero`, 1 to `one`."""

    zero: "Tree"
    one: "Tree"
    weight: float  # the sum of the probabilities below it
    turn: int = 0  # the merge that made it, counted from 1


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
        heappush(heap, (weight, probabilities.size + turn, Fork(zero, one, weight, turn + 1)))
    tree = heap[0][2]
    words = {place.outcome: word for word, place in places(tree).items() if isinstance(place, Leaf)}
    return Code(tuple(words.get(k) for k in range(probabilities.size)), tree)


def places(tree: Tree) -> dict[str, Tree]:
    """Every fork and leaf of a tree, by the bits that lead there; the root has the empty word."""
    found: dict[str, Tree] = {}
    waiting = [("", tree)]
    while waiting:
        word, place = waiting.pop()
        found[word] = place
        if isinstance(place, Fork):
            waiting += [(word + "1", place.one), (word + "0", place.zero)]
    return found


def block_probabilities(p: ArrayLike, length: int) -> Array:
    """The probabilities of all blocks of outcomes that are drawn independently, [Kˡᵉⁿᵍᵗʰ].

    The last outcome of a block changes fastest: the block (x₁, …, x_b), outcomes counted from 0, has the
    index x₁·Kᵇ⁻¹ + … + x_b.
    """
    probabilities = distribution(p)
    blocks = np.ones(1)
    for _ in range(length):
        blocks = np.outer(blocks, probabilities).ravel()
    return blocks
