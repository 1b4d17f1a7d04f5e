"""Huffman codes against known ones, against Kraft, Shannon and a search through all codes."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import Problem
from engine.information.coding import Fork, Leaf, block_probabilities, huffman, places
from engine.information.information import entropy


def test_powers_of_a_half_are_coded_without_loss():
    code = huffman((0.5, 0.25, 0.125, 0.125))
    assert code.words == ("0", "10", "110", "111")
    assert code.mean_length((0.5, 0.25, 0.125, 0.125)) == 1.75


def test_huffmans_own_example():
    p = np.array([0.20, 0.18, 0.10, 0.10, 0.10, 0.06, 0.06, 0.04, 0.04, 0.04, 0.04, 0.03, 0.01])
    assert huffman(p).mean_length(p) == pytest.approx(3.42)  # Huffman (1952), table I


def test_a_die_takes_eight_thirds_bits():
    assert huffman(np.full(6, 1 / 6)).mean_length(np.full(6, 1 / 6)) == pytest.approx(16 / 6)


def test_the_wrong_code_costs_more():
    p, q = (0.7, 0.1, 0.1, 0.1), (0.1, 0.1, 0.1, 0.7)
    assert huffman(p).mean_length(p) == pytest.approx(1.5)
    assert huffman(q).mean_length(p) > 2


def test_one_outcome_needs_no_bit_and_an_impossible_one_has_a_word():
    assert huffman((1.0,)).words == ("",)
    code = huffman((0.5, 0.5, 0.0, 0.0))
    assert sorted(map(len, code.words)) == [1, 2, 3, 3]
    assert code.mean_length((0.5, 0.5, 0, 0)) == 1.5


def test_what_is_no_distribution_is_refused():
    with pytest.raises(Problem, match="sums to"):
        huffman((0.5, 0.6))


weights = st.lists(st.integers(0, 50), min_size=2, max_size=12).filter(any)


@given(weights)
def test_no_word_begins_another_and_the_tree_is_full(counts):
    words = huffman(np.array(counts) / sum(counts)).words
    for a, b in product(words, words):
        assert a is b or not b.startswith(a)
    assert sum(2.0 ** -len(word) for word in words) == 1  # Kraft


@given(weights)
def test_the_mean_length_is_within_a_bit_of_the_entropy(counts):
    p = np.array([count for count in counts if count], float)
    p /= p.sum()
    length = huffman(p).mean_length(p)
    assert entropy(p) - 1e-9 <= length < entropy(p) + 1


@pytest.mark.parametrize("seed", range(5))
def test_no_code_is_shorter(seed):
    p = np.sort(np.random.default_rng(seed).dirichlet(np.ones(5)))[::-1]
    kraft = [ell for ell in product(range(1, 5), repeat=5) if sum(2.0**-k for k in ell) <= 1]
    assert huffman(p).mean_length(p) == pytest.approx(min(p @ np.array(ell) for ell in kraft))


def test_the_tree_spells_the_words():
    code = huffman((0.4, 0.3, 0.2, 0.1))
    assert isinstance(code.tree, Fork)
    for outcome, word in enumerate(code.words):
        here = code.tree
        for bit in word:
            here = here.one if bit == "1" else here.zero
        assert here == Leaf(outcome, (0.4, 0.3, 0.2, 0.1)[outcome])


def test_words_may_be_kept_to_what_is_needed():
    p = (0.5, 0.0, 0.5, 0.0)
    bare = huffman(p, needed=False)
    assert sorted(map(str, bare.words)) == ["0", "1", "None", "None"]
    assert bare.mean_length(p) == 1
    assert bare.lengths.tolist() == [1, math.inf, 1, math.inf]
    assert bare.mean_length((0.5, 0.1, 0.4, 0.0)) == math.inf
    some = huffman(p, needed=(True, True, False, False))
    assert some.words[3] is None
    assert some.mean_length((0.0, 1.0, 0.0, 0.0)) == 2
    assert huffman((0.0, 1.0), needed=False).words == (None, "")


@given(weights)
def test_without_words_for_the_impossible_the_mean_length_is_within_a_bit_of_the_entropy(counts):
    p = np.array(counts) / sum(counts)
    length = huffman(p, needed=False).mean_length(p)
    assert entropy(p) - 1e-9 <= length < entropy(p) + 1


def test_the_same_probabilities_give_the_same_words():
    assert huffman((0.25, 0.25, 0.25, 0.25)).words == ("00", "01", "10", "11")
    assert huffman((0.4, 0.2, 0.2, 0.2)) == huffman(np.array([0.4, 0.2, 0.2, 0.2]))


def test_what_does_not_fit_a_code_is_refused():
    with pytest.raises(Problem, match="P has 2 outcomes, the code has 3"):
        huffman((0.5, 0.25, 0.25)).mean_length((0.5, 0.5))
    with pytest.raises(Problem, match="one distribution at a time"):
        huffman(((0.5, 0.5), (1.0, 0.0)))


def test_the_example_of_cover_and_thomas_is_joined_in_their_order():
    # p = (0.25, 0.25, 0.2, 0.15, 0.15), 2.3 bits: 0.15 + 0.15, then 0.2 + 0.25, then 0.25 + 0.3, then all
    code = huffman((0.25, 0.25, 0.2, 0.15, 0.15))
    assert code.mean_length((0.25, 0.25, 0.2, 0.15, 0.15)) == pytest.approx(2.3)
    forks = sorted((one for one in places(code.tree).values() if isinstance(one, Fork)), key=lambda f: f.turn)
    assert [one.turn for one in forks] == [1, 2, 3, 4]
    assert [one.weight for one in forks] == pytest.approx([0.3, 0.45, 0.55, 1.0])


def test_places_are_the_words_and_what_they_begin_with():
    code = huffman((0.5, 0.25, 0.125, 0.125))
    assert list(places(code.tree)) == ["", "0", "1", "10", "11", "110", "111"]
    assert places(code.tree)["110"] == Leaf(2, 0.125)


def test_a_tree_deeper_than_python_likes_to_call_itself_has_words():
    p = 2.0 ** -np.arange(1.0, 1050.0)
    p[-1] += 1.0 - p.sum()
    assert max(map(len, filter(None, huffman(p).words))) > 1000


def test_blocks_have_the_products_in_the_order_of_their_outcomes():
    assert block_probabilities((0.9, 0.1), 3) == pytest.approx(
        [0.729, 0.081, 0.081, 0.009, 0.081, 0.009, 0.009, 0.001]
    )
    assert block_probabilities((0.2, 0.8), 0).tolist() == [1.0]


def test_a_rare_event_in_blocks_of_three():
    # (0.9, 0.1): words of 1, 3, 3, 3, 5, 5, 5, 5 bits: 0.729 + 3·0.243 + 5·0.028 = 1.598 bits a block
    p = block_probabilities((0.9, 0.1), 3)
    assert huffman(p).mean_length(p) == pytest.approx(1.598)
