"""Two fits from one start: where they end, what is recorded, and what happens to wild settings."""

from math import e, exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import Problem, replaced
from engine.experiments.entropy.gaussian_fit import EXPERIMENT, KL, check, maps, minima, moment, sight
from engine.experiments.entropy.gaussian_fit_config import (
    GaussianFitConfig,
    with_peak,
    with_start,
    with_width,
)
from engine.optimizers.descent import GradientDescent, Momentum
from engine.optimizers.table import OPTIMIZERS
from tests.runs import driven

CONFIG = GaussianFitConfig()


def run(config):
    return driven(EXPERIMENT, config).recording


def end(recording, name):
    return [float(recording.column(f"{name}.{part}")[-1]) for part in ("mean", "log_width", "kl")]


def test_one_covers_both_peaks_and_the_other_seeks_one():
    recording = run(CONFIG)
    mean, log_width, _ = end(recording, "forward")
    assert (mean, exp(log_width)) == pytest.approx((-0.24, 2.262388), abs=0.02)
    mean, log_width, kl = end(recording, "reverse")
    assert (mean, exp(log_width)) == pytest.approx((2.3887, 0.8175), abs=1e-3)
    assert kl == pytest.approx(-log(0.4), abs=0.005)  # it costs about the share it has found


@pytest.mark.parametrize(("start", "peak"), [(-3.0, -2.0), (3.5, 2.4)])
def test_the_start_decides_which_peak_the_reverse_finds(start, peak):
    recording = run(replaced(CONFIG, start_mean=start))
    assert end(recording, "reverse")[0] == pytest.approx(peak, abs=0.02)
    assert end(recording, "forward")[0] == pytest.approx(-0.24, abs=0.1)


def test_every_step_is_recorded_from_the_start_on():
    recording = run(replaced(CONFIG, steps=120))
    assert recording.last == 120
    for name in KL:
        assert recording.column(f"{name}.mean")[0] == CONFIG.start_mean
        assert recording.column(f"{name}.log_width")[0] == log(CONFIG.start_width)
        assert np.isfinite(recording.column(f"{name}.kl")).all()


def test_a_step_of_gradient_descent_by_hand():
    recording = run(replaced(CONFIG, steps=1))
    for name in KL:
        for part in ("mean", "log_width"):
            before, after = recording.column(f"{name}.{part}")
            assert after == before - 0.1 * recording.column(f"{name}.d_{part}")[0]


def test_two_runs_are_the_same_to_the_last_bit():
    config = replaced(CONFIG, steps=70, optimizer=Momentum(learning_rate=0.02))
    one, other = run(config), run(config)
    for name in one.names:
        np.testing.assert_array_equal(one.column(name), other.column(name))


def test_another_base_is_another_learning_rate():
    bits = run(replaced(CONFIG, base="2", optimizer=GradientDescent(learning_rate=0.1 * log(2)), steps=60))
    nats = run(replaced(CONFIG, steps=60))
    for name in KL:
        np.testing.assert_allclose(bits.column(f"{name}.mean"), nats.column(f"{name}.mean"), rtol=1e-9)
        np.testing.assert_allclose(
            bits.column(f"{name}.kl") * log(2), nats.column(f"{name}.kl"), rtol=1e-9, atol=1e-12
        )


@pytest.mark.parametrize("name", [n for n in OPTIMIZERS if hasattr(OPTIMIZERS[n], "state_type")])
def test_every_first_order_optimizer_brings_both_down(name):
    rate = 0.02 if name != "adadelta" else 1.0
    if name == "nesterov" or name == "momentum":
        rate = 0.005
    recording = run(replaced(CONFIG, optimizer=OPTIMIZERS[name](learning_rate=rate)))
    for kl in ("forward.kl", "reverse.kl"):
        column = recording.column(kl)
        assert column[-1] < column[0]


def test_a_wild_learning_rate_ends_the_run_with_a_reason():
    recording = run(replaced(CONFIG, optimizer=GradientDescent(learning_rate=900.0)))
    assert recording.last < CONFIG.steps
    ends = recording.snapshot(recording.last)[1]
    assert ends.forward is not None
    assert ends.reverse is not None
    now = moment(CONFIG, recording, recording.last, sight(CONFIG))
    assert max(now.forward.lost, now.reverse.lost) == recording.last
    assert np.isfinite(now.p).all()


def test_one_that_is_lost_does_not_stop_the_other():
    # The slope of KL(P‖Q) grows as 1/σ², that of KL(Q‖P) does not.
    config = replaced(CONFIG, start_width=0.02, start_mean=2.4)
    recording = run(config)
    ends = recording.snapshot(recording.last)[1]
    assert ends.forward is not None
    assert ends.reverse is None
    assert recording.last == config.steps
    assert end(recording, "reverse")[0] == pytest.approx(2.39, abs=0.02)


def test_a_moment_shows_densities_and_areas_in_the_unit_of_the_base():
    config = replaced(CONFIG, base="2")
    recording = run(config)
    now = moment(config, recording, 40, (-12.0, 12.0))
    assert (np.diff(now.x) > 0).all()
    for curve in (now.p, now.forward.density, now.reverse.density):
        assert np.trapezoid(curve, now.x) == pytest.approx(1, abs=1e-3)
    for fit in (now.forward, now.reverse):
        assert np.trapezoid(fit.integrand, now.x) == pytest.approx(fit.kl, abs=2e-3)


@given(st.floats(-6, 6), st.floats(0.1, 5))
def test_slopes_pass_their_check_wherever_it_starts(mean, width):
    config = replaced(CONFIG, start_mean=mean, start_width=width, steps=1, base="10")
    now = moment(config, run(config), 0, sight(config))
    assert check(config, "forward", now.forward).passed
    assert check(config, "reverse", now.reverse).passed


def test_the_minima_are_in_the_unit_of_the_base():
    nats, bits = minima(CONFIG), minima(replaced(CONFIG, base="2"))
    assert [place.value / log(2) for place in nats.reverse] == pytest.approx([p.value for p in bits.reverse])
    assert nats.reverse[0].mean == pytest.approx(-1.9963, abs=1e-3)
    assert nats.forward.value == pytest.approx(0.54148, abs=1e-4)


def test_the_lowest_of_a_map_is_near_the_minimum():
    found = maps(CONFIG, sight(CONFIG))
    row, column = np.unravel_index(np.argmin(found.reverse), found.reverse.shape)
    means = np.linspace(*found.bounds[0], found.reverse.shape[1])
    assert means[column] == pytest.approx(-2, abs=0.2)
    assert np.isfinite(found.forward).all()
    assert row > 0


def test_a_dragged_peak_gets_the_share_its_height_tells():
    moved = with_peak(CONFIG, 0, -3.0, 0.3 / (0.6 * np.sqrt(2 * np.pi)))
    assert moved.mean_1 == -3.0
    assert moved.fractions == pytest.approx((0.3, 0.7), abs=1e-4)
    three = with_peak(replaced(CONFIG, peaks="3"), 1, 2.4, 0.0)
    assert three.fractions == pytest.approx((0.66, 0.01, 0.33), abs=1e-4)
    assert with_peak(CONFIG, 0, 99.0, 99.0).fractions[0] == pytest.approx(0.99)
    alone = replaced(CONFIG, weight_2=0.0)
    assert with_peak(alone, 0, 0.0, 0.3).fractions[1] > 0


def test_what_is_dragged_stays_within_its_limits():
    assert with_width(CONFIG, 1, 1e9).width_2 == 10
    assert with_width(CONFIG, 1, 0.0).width_2 == 0.02
    assert with_start(CONFIG, -1e9, 0.0).start_mean == -20


def test_no_weight_at_all_is_refused():
    with pytest.raises(Problem, match="weight above 0"):
        replaced(CONFIG, weight_1=0.0, weight_2=0.0)


def test_units():
    assert [replaced(CONFIG, base=base).unit for base in ("2", "e", "10")] == [log(2), log(e), log(10)]
