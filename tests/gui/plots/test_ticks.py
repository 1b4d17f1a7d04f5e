import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.plots.axes import _fitting_up
from gui.plots.colours import FieldScale
from gui.plots.scale import Scale
from gui.plots.ticks import (
    factor_text,
    fixed_text,
    linear_ticks,
    log_ticks,
    nice_step,
    texts,
    value_text,
    whole_ticks,
)


@pytest.mark.parametrize(
    ("low", "high", "count", "labels"),
    [
        (0, 1, 5, ("0", "0.2", "0.4", "0.6", "0.8", "1.0")),
        (0, 500, 5, ("0", "100", "200", "300", "400", "500")),
        (-2, 2, 4, ("−2", "−1", "0", "1", "2")),
        (0, 1, 4, ("0", "0.25", "0.50", "0.75", "1.00")),
        (0, 4e5, 4, ("0", "1×10⁵", "2×10⁵", "3×10⁵", "4×10⁵")),
        (0, 2e-9, 2, ("0", "1×10⁻⁹", "2×10⁻⁹")),
        (0.4, 1.5, 2, ("0.5", "1.0", "1.5")),
        (-2.2, 1.8, 2, ("−2", "0")),
        (-1.9, 1.8, 2, ("−1", "0", "1")),
    ],
)
def test_linear_labels(low, high, count, labels):
    assert linear_ticks(low, high, count).labels == labels


@pytest.mark.parametrize(
    ("low", "high", "count", "labels"),
    [
        (-3, 1, 8, ("10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹")),
        (-12, 0, 5, ("10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "10⁰")),
        (0.0, 300.0, 4, ("10⁰", "10¹⁰⁰", "10²⁰⁰", "10³⁰⁰")),
        (-1.5, 1.5, 2, ("10⁻¹", "10¹")),
        (0.1, 0.9, 8, ("2", "3", "5", "7")),
        (0.5, 1.9, 8, ("5", "10", "20", "50")),
        (-2.9, -2.8, 4, ("0.0013", "0.0014", "0.0015")),
    ],
)
def test_log_labels(low, high, count, labels):
    assert log_ticks(low, high, count).labels == labels


def test_beside_a_field_powers_are_raised_where_an_axis_writes_them_in_full():
    assert log_ticks(0, 3, 8).labels == ("1", "10", "100", "1000")
    assert log_ticks(0, 3, 8, raised=True).labels == ("10⁰", "10¹", "10²", "10³")
    assert FieldScale(0.0, 3.0, log=True).ticks(8).labels == ("10⁰", "10¹", "10²", "10³")


def test_a_narrow_log_axis_has_its_minor_ticks_between_the_decades():
    minor = log_ticks(0, 1, 5).minor
    assert [round(10**place) for place in minor] == [2, 3, 4, 5, 6, 7, 8, 9]


@given(st.floats(-1e300, 1e300), st.floats(0, 1e300), st.integers(1, 12))
def test_ticks_are_in_range_and_as_few_as_asked_for(low, span, count):
    high = low + span
    ticks = linear_ticks(low, high, count)
    room = 1e-6 * (high - low)
    assert (
        1 <= len(ticks.places) <= count + 1
        or high - low <= 1e-13 * max(abs(low), abs(high), 1e-290)
        or count == 1
    )
    assert count == 1 or len(ticks.places) >= 2 or high - low <= 1e-13 * max(abs(low), abs(high), 1e-290)
    assert all(low - room <= place <= high + room for place in ticks.places)
    assert len(ticks.labels) == len(ticks.places)
    assert not any("nan" in label or "inf" in label for label in ticks.labels)


@given(st.floats(-320, 300), st.floats(1e-6, 600), st.integers(2, 12))
def test_log_ticks_never_fail(low, span, count):
    ticks = log_ticks(low, min(low + span, 308.0), count)
    assert len(ticks.labels) == len(ticks.places)


def test_steps_are_round():
    assert [nice_step(span, 4) for span in (1, 3, 7, 30)] == [0.25, 1.0, 2.0, 10.0]


def test_values_are_written_with_four_digits_or_shorter_where_they_must():
    assert value_text(math.inf) == "∞"
    assert value_text(-0.00001234) == "−1.234×10⁻⁵"
    assert texts([0.65, math.inf]) == [["0.6500", "∞"], ["0.650", "∞"], ["0.65", "∞"]]
    assert fixed_text(0.125, 2) == "0.13", "a half is rounded as by hand"
    assert [fixed_text(value, 2) for value in (-0.125, 1.005, 0.1249, 0.12)] == [
        "−0.13",
        "1.01",
        "0.12",
        "0.12",
    ]
    assert texts([1e-9]) == [["1.000×10⁻⁹"]]  # fewer decimals would say 0
    huge = ["2.333×10²²", "−12346"]  # all its digits would say less, and stand over what is beside it
    assert texts([23330655801171288336384.0, -12345.6]) == [huge, huge, huge]


@pytest.mark.parametrize(
    ("low", "high", "count", "labels"),
    [
        (1, 12, 5, ("5", "10")),
        (1, 2, 6, ("1", "2")),
        (1, 4, 9, ("1", "2", "3", "4")),
        (3, 9, 2, ("4", "6", "8")),
    ],
)
def test_whole_numbers(low, high, count, labels):
    assert whole_ticks(low, high, count).labels == labels


def test_a_negative_factor_stands_in_parentheses():
    assert [factor_text(x) for x in (0.5, -0.5, 0.0, -math.inf)] == ["0.5000", "(−0.5000)", "0.000", "(−∞)"]


@pytest.mark.parametrize(("span", "step"), [(0.0, 1.0), (math.nan, 1.0), (8.0, 2.0), (math.inf, 1.0)])
def test_a_step_of_any_span(span, step):
    assert nice_step(span, 4) == step


def test_a_step_of_the_smallest_span():
    assert nice_step(5e-324, 4) > 0


def test_numbers_for_which_there_is_no_room_leave_the_others_at_a_low_axis():
    scale, limits = Scale("loss", log=True), (-0.85, -0.07)  # 0.25, 0.50 and 0.75 on a log axis
    assert scale.ticks(*limits, count=1).labels == ("0.25", "0.50", "0.75")
    assert _fitting_up(scale, limits, 75.0, 17.0).labels == ("0.25", "0.75")
