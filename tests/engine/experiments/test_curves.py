"""A run of *Loss curves* is one frame that says everything about the point and the target."""

import numpy as np
import pytest

from engine.config import Problem, replaced
from engine.experiments.losses.curves import ENDS, EXPERIMENT, CurvesConfig, frames
from engine.losses.loss_curves import OVER
from engine.runner import Finish, Runner


def shot(**settings):
    (frame,) = frames(replaced(CurvesConfig(), **settings))
    return frame.snapshot


def test_a_run_is_one_frame():
    runner = Runner(EXPERIMENT, CurvesConfig())
    runner.drive(np.inf)
    assert runner.finish is Finish.COMPLETED
    assert runner.recording.last == EXPERIMENT.last_step(CurvesConfig()) == 0


def test_what_the_notes_say():
    found = shot(logit=5.0).losses
    assert round(found["mse"].slope, 3) == 0.013
    assert round(found["bce"].slope, 3) == 0.993
    slopes = shot(logit=0.7).losses["mse"].slopes
    grid = shot(logit=0.7).grid
    assert (round(np.nanmax(slopes), 2), round(grid[np.nanargmax(slopes)], 1)) == (0.30, 0.7)
    assert shot(over="number", prediction=0.0).losses["mae"].sides == (-1.0, 1.0)
    easy = shot(over="probability", probability=0.1).losses
    assert (f"{easy['bce'].value:.4g}", f"{easy['focal'].value:.4g}") == ("0.1054", "0.001054")
    smooth = shot(smoothing=0.2)
    assert smooth.grid[np.argmin(smooth.losses["bce"].values)] == pytest.approx(-2.197, abs=1e-3)


@pytest.mark.parametrize("over", OVER)
@pytest.mark.parametrize("end", [0, 1])
@pytest.mark.parametrize("y", [0.0, 0.4, 1.0])
def test_the_numbers_are_finite_or_infinite_and_the_curves_have_gaps_at_kinks_only(over, end, y):
    field = {"number": "prediction", "probability": "probability", "logit": "logit"}[over]
    found = shot(over=over, label=y, target=y, weighted=True, **{field: ENDS[over][end]})
    assert tuple(found.losses) == OVER[over]
    assert np.all(np.diff(found.grid) > 0)
    for name, one in found.losses.items():
        assert not np.isnan([one.value, one.slope]).any(), name
        assert not np.isnan(one.values).any(), name
        assert np.isnan(one.slopes).sum() == len(one.kinks), name
        assert one.check is None or one.check.passed, name


def test_the_point_the_target_and_the_kinks_are_on_the_grid():
    found = shot(logit=1.2345, label=0.3)
    assert {1.2345, -1.0, 1.0} <= set(found.grid.tolist())
    assert np.log(0.3 / 0.7) == pytest.approx(found.grid[np.argmin(np.abs(found.grid - np.log(0.3 / 0.7)))])
    assert [kink[0] for kink in found.losses["hinge"].kinks] == [-1.0, 1.0]


def test_over_a_logit_the_slope_is_a_product():
    found = shot(logit=2.0, label=0.2)
    for name, one in found.losses.items():
        if name == "hinge":
            assert one.by_prediction is None
        else:
            assert one.by_prediction * found.sigma == pytest.approx(one.slope), name


def test_bad_settings_are_refused():
    with pytest.raises(Problem):
        replaced(CurvesConfig(), delta=0.0)
    with pytest.raises(Problem):
        replaced(CurvesConfig(), label=1.2)
    with pytest.raises(Problem):
        replaced(CurvesConfig(), over="square")
