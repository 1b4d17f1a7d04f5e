"""Arithmetic coding against the examples of the textbooks, against its bounds, and there and back."""

from fractions import Fraction
from itertools import product
from math import ceil, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import Problem
from engine.information.arithmetic_coding import START, decode, encode, integer_weights, interval_of

VOWELS = dict(zip("aeiou!", range(6), strict=True))  # Witten, Neal and Cleary (1987), table I
WEIGHTS = (2, 3, 1, 2, 1, 1)


def ends(interval):
    return Fraction(interval.low, interval.whole), Fraction(interval.low + interval.width, interval.whole)


def test_the_example_of_witten_neal_and_cleary():
    message = [VOWELS[letter] for letter in "eaii!"]
    seen = [ends(interval_of(message[:n], WEIGHTS)) for n in range(1, 6)]
    assert seen == [
        (Fraction(low), Fraction(high))
        for low, high in (
            ("0.2", "0.5"),
            ("0.2", "0.26"),
            ("0.23", "0.236"),
            ("0.233", "0.2336"),
            ("0.23354", "0.2336"),
        )
    ]
    assert decode(encode(message, WEIGHTS), WEIGHTS, 5) == message


def test_the_example_of_cover_and_thomas():
    # A, B, C with 0.4, 0.4, 0.2: ACAA has the interval [0.32, 0.3328); 41/128 and 42/128 are in it, and no
    # two neighbours among the multiples of 1/64, which are 0.3125, 0.328125, 0.34375
    interval = interval_of([0, 2, 0, 0], (4, 4, 2))
    assert ends(interval) == (Fraction("0.32"), Fraction("0.3328"))
    assert interval.word() == f"{41:07b}"


def test_the_bent_coin_of_mackay_whose_weights_follow_the_message():
    # a, b and the end: 0.15 for the end, the rest by Laplace's rule, (count + 1)/(length + 2); section 6.2
    interval = START
    for a, b, outcome in ((1, 1, 1), (1, 2, 1), (1, 3, 1), (1, 4, 0), (2, 4, 2)):
        interval = interval.part((85 * a, 85 * b, 15 * (a + b)), outcome)
    assert interval.word() == "100111101"


def test_words_by_hand():
    assert encode([], (1, 1)) == ""
    assert encode([0, 0, 0], (1,)) == ""  # one outcome only: the receiver knows it already
    assert encode([1], (1, 1)) == "1"
    assert encode([0, 1, 2], (2, 1, 1)) == "01011"  # powers of a half: Huffman's words 0, 10, 11 in a row
    assert encode([1], (1, 2, 1)) == "01"  # [¼, ¾) holds neither half; 01 is its lower one
    assert decode("01011", (2, 1, 1), 3) == [0, 1, 2]


def test_what_is_settled_begins_the_word():
    interval = interval_of([0, 2, 0, 0], (4, 4, 2))
    assert interval.settled() == "010100"[:5]  # 0.32 = 0.01010001…, below 0.3328 = 0.01010101…
    assert START.settled() == ""
    assert interval.word().startswith(interval.settled())


def test_weights_are_whole_and_add_up():
    assert integer_weights((0.5, 0.25, 0.25), 8) == (4, 2, 2)
    assert integer_weights((1 / 3, 1 / 3, 1 / 3), 10) == (4, 3, 3)
    assert integer_weights((1 - 1e-12, 1e-12, 0.0), 100) == (99, 1, 0)
    assert sum(integer_weights((0.1,) * 10)) == 2**32
    assert integer_weights((1.0, 0.0)) == (2**32, 0)


def test_what_cannot_be_coded_is_refused():
    with pytest.raises(Problem, match="Outcome 2 has the weight 0"):
        encode([0, 1], (1, 0))
    with pytest.raises(Problem, match="0 and 1"):
        decode("0120", (1, 1), 3)
    with pytest.raises(Problem, match="sum to 0"):
        decode("01", (0, 0), 1)
    with pytest.raises(Problem, match="one distribution at a time"):
        integer_weights(((0.5, 0.5), (1.0, 0.0)))


coded = (
    st.lists(st.integers(0, 9), min_size=1, max_size=6)
    .filter(any)
    .flatmap(
        lambda weights: st.tuples(
            st.just(weights),
            st.lists(st.sampled_from([k for k, weight in enumerate(weights) if weight]), max_size=40),
        )
    )
)


@given(coded)
def test_there_and_back(found):
    weights, message = found
    assert decode(encode(message, weights), weights, len(message)) == message


@given(coded)
def test_a_message_takes_less_than_two_bits_more_than_its_surprise(found):
    weights, message = found
    width = Fraction(1)
    for outcome in message:
        width *= Fraction(weights[outcome], sum(weights))
    word = encode(message, weights)
    assert Fraction(1, 2 ** len(word)) <= width < Fraction(4, 2 ** len(word))


@given(coded)
def test_every_continuation_of_the_word_is_in_the_interval_and_no_shorter_word_is(found):
    weights, message = found
    low, high = ends(interval_of(message, weights))
    word = encode(message, weights)
    first = Fraction(int(word or "0", 2), 2 ** len(word))
    assert low <= first
    assert first + Fraction(1, 2 ** len(word)) <= high
    if word:
        half = 2 ** (len(word) - 1)
        first = ceil(low * half)
        assert Fraction(first + 1, half) > high


def test_all_messages_of_one_length_have_words_of_which_none_begins_another():
    weights = (5, 2, 1)
    words = [encode(message, weights) for message in product(range(3), repeat=4)]
    assert len(set(words)) == 81
    assert not any(a != b and b.startswith(a) for a, b in product(words, words))
    assert sum(2.0 ** -len(word) for word in words) <= 1


def test_a_long_message_comes_to_the_entropy():
    # 900 times 9/10 and 100 times 1/10: 900·log₂(10/9) + 100·log₂ 10 bits are its surprise
    message = ([0] * 9 + [1]) * 100
    surprise = 900 * log2(10 / 9) + 100 * log2(10)
    assert surprise <= len(encode(message, (9, 1))) < surprise + 2
    assert decode(encode(message, (9, 1)), (9, 1), 1000) == message


@pytest.mark.parametrize("bits", [40, 200, 1000])
def test_a_very_rare_outcome_costs_its_surprise(bits):
    # ten times an outcome of 2^−bits: the interval has the width 2^−10·bits, and the word less than 2 more
    word = encode([0] * 10, integer_weights((2.0**-bits, 1 - 2.0**-bits)))
    assert 10 * bits <= len(word) <= 10 * bits + 1
