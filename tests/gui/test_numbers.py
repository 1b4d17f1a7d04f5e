"""How numbers are written and read."""

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import Problem
from gui.numbers import FIGURE_SPACE, number_text, parse_number, short_text


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
        (1e-6, "1e-6"),
        (-2.0, "−2"),
        (1e20, "1e20"),
        (1 / 3, "0.333333333333"),
        (math.inf, "∞"),
    ],
)
def test_short_numbers(value: float, text: str) -> None:
    assert short_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300))
def test_a_short_number_is_read_back(value: float) -> None:
    assert parse_number(short_text(value)) == pytest.approx(value, rel=1e-11)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 1e-3),
        ("1/3", 1 / 3),
        ("10^-2", 0.01),
        ("0,5", 0.5),
        ("−2", -2.0),
        (" .5 ", 0.5),
        ("2×10^3", 2000.0),
        ("-1/4", -0.25),
        ("+5.", 5.0),
    ],
)
def test_numbers_are_read(text: str, value: float) -> None:
    assert parse_number(text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "inf",
        "nan",
        "1/0",
        "1e400",
        "1//2",
        "1/2/3",
        "__import__('os')",
        "0^-1",
        "(-1)^.5",
        "-1^.5",
        "1_0",
        "9e9999",
        "10^9999",
        "1 2 x",
        "٣",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Problem):
        parse_number(text)


@given(st.text(max_size=30))
def test_any_text_is_a_finite_number_or_a_problem(text: str) -> None:
    with suppress(Problem):
        assert math.isfinite(parse_number(text))
