"""How numbers are written and read."""

import math
import re
import time
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import Problem
from gui.form.lists import brief_text
from gui.form.number_reading import parse_number, parse_whole
from gui.look.numbers import FIGURE_SPACE, entry_text, number_text, short_text
from gui.plots.ticks import linear_ticks, log_ticks, texts, value_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.000"),
        (-0.0, "0.000"),
        (1.0, "1.000"),
        (0.12345, "0.1235"),
        (123.456, "123.5"),
        (12345.6, "12346"),
        (9.9999, "10.00"),
        (0.001, "0.001000"),
        (1e-4, "1.000×10⁻⁴"),
        (6.02214e23, "6.022×10²³"),
        (math.inf, "∞"),
        (math.nan, "–"),
        (0.99999, "1.000"),
        (999999.0, "1.000×10⁶"),
    ],
)
def test_four_significant_digits(value: float, text: str) -> None:
    assert number_text(value) == FIGURE_SPACE + text
    if value > 0:
        assert number_text(-value) == "−" + text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.001, "0.001"),
        (1e-6, "10⁻⁶"),
        (-2.5e-7, "−2.5×10⁻⁷"),
        (-2.0, "−2"),
        (1e20, "10²⁰"),
        (1 / 3, "0.333333333333"),
        (math.inf, "∞"),
    ],
)
def test_short_numbers(value: float, text: str) -> None:
    assert short_text(value) == text


@pytest.mark.parametrize(("value", "text"), [(1e-6, "1e-6"), (-2.5e20, "−2.5e20"), (0.001, "0.001")])
def test_numbers_to_type(value: float, text: str) -> None:
    assert entry_text(value) == text


FINITE = st.floats(allow_nan=False, allow_infinity=False)
REASONABLE = FINITE.filter(lambda x: x == 0.0 or 1e-290 < abs(x) < 1e290)


@given(REASONABLE)
def test_what_the_program_prints_is_read_back(value: float) -> None:
    for write in (entry_text, short_text):
        assert parse_number(write(value)) == pytest.approx(value, rel=1e-11)
        assert parse_number(write(value, 17)) == value
    assert parse_number(number_text(value)) == pytest.approx(value, rel=6e-4)
    assert parse_number(value_text(value)) == pytest.approx(value, rel=6e-4)
    for way in texts([value]):
        assert abs(parse_number(way[0]) - value) <= max(0.005, 6e-4 * abs(value)) + 1e-12
    if value > 0:
        assert parse_number(brief_text(value)) == pytest.approx(value, rel=6e-4)


@given(st.floats(-1e12, 1e12), st.floats(1e-9, 1e12), st.integers(2, 9))
def test_what_stands_beside_a_tick_is_read_back(low: float, span: float, count: int) -> None:
    ticks = linear_ticks(low, low + span, count)
    for place, label in zip(ticks.places, ticks.labels, strict=True):
        assert parse_number(label) == pytest.approx(place, abs=1e-3 * span, rel=6e-4)


@given(st.floats(-280.0, 280.0), st.floats(0.1, 300.0))
def test_what_stands_beside_a_tick_of_a_log_axis_is_read_back(low: float, span: float) -> None:
    ticks = log_ticks(low, min(low + span, 290.0), 6)
    for place, label in zip(ticks.places, ticks.labels, strict=True):
        assert math.log10(parse_number(label)) == pytest.approx(place, abs=0.02 + 1e-9 * abs(place))


GROUPS = st.sampled_from([" ", "\u2009", "\u202f", "\u00a0", "'", "’", "_"])
WHOLE = st.integers(1000, 10**15)


def grouped(digits: str, mark: str) -> str:
    """Digits by threes, as 1 234 567."""
    return f"{int(digits):,}".replace(",", mark)


@given(WHOLE, GROUPS, st.sampled_from(".,"), st.text("0123456789", min_size=1, max_size=8))
def test_grouped_digits_are_one_number(whole: int, mark: str, point: str, decimals: str) -> None:
    front = grouped(str(whole), mark)
    assert parse_whole(front) == whole
    assert parse_number(front) == float(whole)
    assert parse_number(f"−{front}{point}{decimals}") == -float(f"{whole}.{decimals}")
    assert parse_whole(grouped(str(whole), ",")) == whole


@given(WHOLE, st.sampled_from([(",", "."), (".", ",")]), st.text("0123456789", min_size=1, max_size=8))
def test_with_both_marks_the_last_is_the_decimal_sign(
    whole: int, marks: tuple[str, str], decimals: str
) -> None:
    mark, point = marks
    text = f"{grouped(str(whole), mark)}{point}{decimals}"
    assert parse_number(text) == float(f"{whole}.{decimals}")


@given(st.integers(-999, 999), st.text("0123456789", max_size=12).filter(lambda t: len(t) != 3))
def test_a_decimal_comma_is_read_as_a_point(whole: int, decimals: str) -> None:
    assert parse_number(f"{whole},{decimals}") == float(f"{whole}.{decimals}")


@given(st.integers(1, 999), st.text("0123456789", min_size=3, max_size=3))
def test_what_can_be_read_in_two_ways_is_refused_with_both(whole: int, three: str) -> None:
    with pytest.raises(Problem, match="two ways") as caught:
        parse_number(f"{whole},{three}")
    assert int(str(caught.value.values["large"])) == 1000 * whole + int(three)
    assert float(str(caught.value.values["small"])) == float(f"{whole}.{three}")
    assert parse_whole(f"{whole},{three}") == 1000 * whole + int(three)


RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@given(st.decimals(-1000, 1000, places=4), st.integers(-30, 30))
def test_every_notation_of_a_power_of_ten_is_the_same_number(front: Decimal, power: int) -> None:
    value = float(f"{front}e{power}")
    ways = [
        "{f}e{p}",
        "{f}E{p}",
        "{f}×10^{p}",
        "{f}*10^{p}",
        "{f}·10^{p}",
        "{f} × 10^{p}",
        "{f}x10^{p}",
        "{f}*10**{p}",
    ]
    for way in ways:
        assert parse_number(way.format(f=front, p=power)) == value, way
    assert parse_number(f"{front}×10{str(power).translate(RAISED)}") == value
    assert parse_number("1/10" + str(power).translate(RAISED)) == float(f"1e{-power}")


@given(st.text("0123456789.-/+e^", min_size=1, max_size=12))
def test_full_width_is_read_as_ascii_is(text: str) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in text)
    with suppress(Problem):
        value = parse_number(text)
        assert parse_number(wide) == value
        return
    with pytest.raises(Problem):
        parse_number(wide)


@given(st.integers(1, 999), st.integers(1, 999))
def test_a_fraction_is_divided(over: int, under: int) -> None:
    for way in (f"{over}/{under}", f" {over} / {under}", f"{over}÷{under}", f"{over}⁄{under}"):
        assert parse_number(way) == over / under


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 1e-3), ("1/3", 1 / 3), ("10^-2", 0.01), ("0,5", 0.5), ("−2", -2.0), (" .5 ", 0.5),
        ("+5.", 5.0),
        ("2×10^3", 2000.0), ("-1/4", -0.25), ("1.234×10⁻³", 1.234e-3), ("10⁻³", 1e-3), ("2⁸", 256.0),
        ("½", 0.5), ("⅓", 1 / 3), ("1½", 1.5), ("−2¾", -2.75), ("50%", 0.5), ("50 %", 0.5),
        ("2^0.5", math.sqrt(2)), ("10^(-3)", 1e-3), ("1.5 X 10^3", 1500.0), ("1.5∙10³", 1500.0),
        ("\u200e5\u200b", 5.0),
        ("-2^2", -4.0), ("－３", -3.0), ("＋１", 1.0), ("１／４", 0.25), ("０。５", 0.5), ("0,500", 0.5),
        ("1 234,567", 1234.567), ("3.141 592 653", 3.141592653), ("1e5/2", 5e4), ("–7", -7.0),
        ("10.000", 10.0),
        ("1,234,567", 1234567.0), ("1.234.567", 1234567.0), ("5e-324", 5e-324), ("1/10^2", 0.01),
    ],
)  # fmt: skip
def test_numbers_are_read(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10,000", 10_000), ("1,234,567", 1_234_567), ("10 000", 10_000), ("1e3", 1000), ("2^53", 2**53),
        ("9007199254740993", 2**53 + 1), ("１２", 12), ("−5", -5), ("1.5e1", 15), ("3.0", 3), ("10/2", 5),
        ("2×10³", 2000), ("1_000", 1000),
    ],
)  # fmt: skip
def test_whole_numbers_are_read_to_the_last_digit(text: str, value: int) -> None:
    assert parse_whole(text) == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1.5", "whole number"), ("1,5", "whole number"), ("1/3", "whole number"), ("50%", "whole number"),
        ("10.000", "10.000 can be read in two ways; write 10000 or 10."), ("1e400", "not a finite"),
        ("ten", "not a number"), ("100.250", "whole number"), ("1e1000/1e999", "not a finite"),
    ],
)  # fmt: skip
def test_what_is_no_whole_number_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(Problem, match=re.escape(sentence)):
        parse_whole(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write a number"), ("x", "not a number: x"), ("inf", "Infinity"), ("−∞", "Infinity"),
        ("10,000", "10,000 can be read in two ways; write 10000 or 10.0."), ("1e-400", "too close to 0"),
        ("10^-9999", "too close to 0"), ("1" * 101, "at most 100 characters, not 101"), ("1/0", "finite"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do(text: str, sentence: str) -> None:
    with pytest.raises(Problem, match=re.escape(sentence)):
        parse_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "nan", "1e400", "1//2", "1/2/3", "__import__('os')", "0^-1", "(-1)^.5", "1_0", "9e9999", "10^9999",
        "1 2 x", "1 2", "1, 2", "٣", "1,23,456", "1.2.3", "12,34.5", "1 0000", ".", "-", "--1", "e5", "×10^3",
        "1 1/2", "1e5e5", "½½", "1-2", "%", "1,2,3", "0x10", "1'23",
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Problem):
        parse_number(text)


@given(st.text(max_size=30) | st.text("0123456789.,eE+-−×^/ '½⁻³%", max_size=30))
def test_any_text_is_a_finite_number_or_a_problem(text: str) -> None:
    with suppress(Problem):
        assert math.isfinite(parse_number(text))
    with suppress(Problem):
        assert type(parse_whole(text)) is int


@pytest.mark.parametrize(
    "text", ["1" * 32767, " " * 32767, "1," * 16000, "1" * 99 + "x", "1." * 49, "," * 100]
)
def test_what_is_pasted_is_judged_at_once(text: str) -> None:
    begin = time.process_time()
    with suppress(Problem):
        parse_number(text)
    assert time.process_time() - begin < 0.5  # some microseconds; a pattern that backtracks took 51 s
