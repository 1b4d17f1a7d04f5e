"""Running averages against SciPy's filter, and against sums written out."""

import numpy as np
import pytest
from scipy.linalg import solve_banded

from engine.optimizers.averages import lag, moving_average, noise_left, weight_sums, weights_of_past, window

SERIES = np.random.default_rng(4).normal(size=300)


def filtered(beta, values):
    """The y with yₜ − β yₜ₋₁ = valuesₜ, all at once as a system of equations."""
    return solve_banded((1, 0), [np.ones(len(values)), np.full(len(values), -beta)], values)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.999])
def test_the_average_is_a_recursive_filter(beta):
    assert moving_average(SERIES, beta) == pytest.approx(filtered(beta, (1 - beta) * SERIES), abs=1e-13)
    summed = moving_average(SERIES, beta, convention="sum")
    assert summed == pytest.approx(filtered(beta, SERIES), abs=1e-11)


def test_three_values_by_hand():
    assert moving_average([1, 2, 4], 0.5) == pytest.approx([0.5, 1.25, 2.625])
    assert moving_average([1, 2, 4], 0.5, convention="sum") == pytest.approx([1, 2.5, 5.25])
    corrected = [0.5 / 0.5, 1.25 / 0.75, 2.625 / 0.875]
    assert moving_average([1, 2, 4], 0.5, corrected=True) == pytest.approx(corrected)


def test_the_correction_takes_the_start_out_of_both_conventions():
    constant = np.full(50, 3.7)
    for convention in ("average", "sum"):
        assert moving_average(constant, 0.98, corrected=True, convention=convention) == pytest.approx(
            constant
        )
    assert moving_average(constant, 0.98)[0] == pytest.approx(0.074)


@pytest.mark.parametrize("corrected", [False, True])
@pytest.mark.parametrize("convention", ["average", "sum"])
def test_the_average_is_the_weighted_sum_of_the_past(corrected, convention):
    settings = {"corrected": corrected, "convention": convention}
    averages = moving_average(SERIES, 0.9, **settings)
    for t in (1, 2, 17, 300):
        newest_first = SERIES[:t][::-1]
        assert averages[t - 1] == pytest.approx(weights_of_past(t, 0.9, **settings) @ newest_first)


def test_what_the_weights_sum_to():
    for beta in (0.0, 0.3, 0.9, 1 - 1e-12):
        sums = weight_sums(40, beta)
        assert sums == pytest.approx([weights_of_past(t, beta).sum() for t in range(1, 41)], rel=1e-9)
    assert weights_of_past(30, 0.9, corrected=True).sum() == pytest.approx(1)
    assert weights_of_past(0, 0.9).tolist() == []
    assert weight_sums(500, 0.9, "sum")[-1] == pytest.approx(10)


def test_after_a_window_a_weight_has_fallen_to_one_over_e():
    assert window(0.9) == pytest.approx(10)
    assert window(0.98) == pytest.approx(50)
    assert weights_of_past(1001, 0.999)[1000] / weights_of_past(1, 0.999)[0] == pytest.approx(
        np.exp(-1), rel=1e-3
    )


def test_how_calm_and_how_late():
    noise = np.random.default_rng(0).normal(size=400_000)
    assert moving_average(noise, 0.9)[1000:].std() == pytest.approx(noise_left(0.9), rel=0.02)
    ramp = np.arange(2000.0)
    assert ramp[-1] - moving_average(ramp, 0.9)[-1] == pytest.approx(lag(0.9))
    assert lag(0.9) == pytest.approx(9)


def test_an_unknown_convention_is_refused():
    with pytest.raises(ValueError, match="convention"):
        moving_average([1.0], 0.5, convention="other")
