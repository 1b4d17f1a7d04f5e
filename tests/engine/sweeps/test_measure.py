"""One number of a run, by hand."""

from math import inf, isnan, nan

import pytest

from engine.config import Problem
from engine.experiment import Frame
from engine.recording import Recording
from engine.sweeps.measure import SweepMeasure


@pytest.fixture
def recording():
    made = Recording()
    rows = [(3.0, 0.1), (1.0, nan), (0.5, 0.7), (2.0, nan), (1.5, 0.6)]
    for step, (loss, accuracy) in enumerate(rows):
        made.append(Frame(step, {"loss": loss, "held_out.accuracy": accuracy, "never": nan}, None))
    return made


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("loss", 1.5),
        ("loss:end", 1.5),
        ("loss:best", 0.5),
        ("loss:lowest", 0.5),
        ("loss:highest", 3.0),
        ("loss:area", 8.0 / 5),
        ("loss:below=1", 1.0),
        ("loss:below=0.1", inf),
        ("loss:above=1.9", 0.0),
        ("held_out.accuracy", 0.6),
        ("held_out.accuracy:best", 0.7),
        ("held_out.accuracy:area", 1.4 / 3),
        ("held_out.accuracy:above=0.6", 2.0),
    ],
)
def test_a_number(recording, text, number):
    assert SweepMeasure(text).of(recording, diverged=False) == pytest.approx(number, rel=1e-15)


def test_a_run_that_diverged_has_a_number_only_for_a_step_that_it_had_reached(recording):
    assert isnan(SweepMeasure("loss:best").of(recording, diverged=True))
    assert SweepMeasure("loss:below=1").of(recording, diverged=True) == 1.0
    assert isnan(SweepMeasure("never").of(recording, diverged=False))
    assert isnan(SweepMeasure("nobody").of(recording, diverged=False))


@pytest.mark.parametrize(
    ("text", "more", "worst"),
    [
        ("loss", False, inf),
        ("held_out.accuracy", True, -inf),
        ("held_out.accuracy:above=0.5", False, inf),
        ("right", True, -inf),
    ],
)
def test_which_of_two_is_the_better_one(text, more, worst):
    measure = SweepMeasure(text)
    assert (measure.more_is_better, measure.worst) == (more, worst)


@pytest.mark.parametrize("text", ["", ":best", "loss:worst", "loss:below", "loss:below=x", "loss:above=inf"])
def test_what_cannot_be_read_is_refused(text):
    with pytest.raises(Problem):
        SweepMeasure(text)
