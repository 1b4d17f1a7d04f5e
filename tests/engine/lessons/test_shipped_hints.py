"""What a wrong answer is told in the lessons that ship: it must help from where the learner is.

On the bowl f = ½(x² + 10y²), from (−2.5, 1), 60 steps with η leave

    f = 3.125·(1 − η)¹²⁰ + 5·(1 − 10η)¹²⁰

which is below 0.001 for 0.065 < η < 0.193; it grows if η > 0.2.
"""

from pathlib import Path

import numpy as np
import pytest

from engine.lessons.check import config_of, facts_of
from engine.lessons.lesson_file import load
from engine.setting_paths import with_values

LESSONS = Path(__file__).resolve().parents[3] / "resources" / "lessons"
START = {stop.name: stop for stop in load(LESSONS / "start_here.nabla-lesson.md").stops}
WHY = {stop.name: stop for stop in load(LESSONS / "why_does_it_not_train.nabla-lesson.md").stops}


def told(stop, settings, step=None):
    """What the stop says of these settings: whether they are right, and the first hint that holds."""
    facts = facts_of(stop.scene, with_values(config_of(stop), settings), step)
    hints = (hint for hint in stop.texts["en"].hints if hint.when is None or hint.when.holds(facts))
    return stop.scene.question.accepts(facts), next(hints).words


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0.001, "make η larger"),  # f is 4.27, but not because it jumps
        (0.005, "make η larger"),
        (0.06, "make η larger"),
        (0.195, "make η a little smaller"),
        (0.199, "make η a little smaller"),
    ],
)
def test_a_learning_rate_that_is_too_small_is_not_called_too_large(rate, words):
    right, hint = told(START["faster"], {"racers[0].learning_rate": rate})
    assert not right
    assert words in hint


def test_a_good_learning_rate_only_needs_the_end_of_the_run():
    assert told(START["faster"], {"racers[0].learning_rate": 0.15}, 5) == (
        False,
        "Let the run go to its end.",
    )
    assert told(START["faster"], {"racers[0].learning_rate": 0.07})[0]


@pytest.mark.parametrize(
    ("beta", "right", "words"),
    [
        (0.0, False, "make β larger"),
        (0.55, False, "make β larger"),
        (0.6, True, ""),
        (0.85, True, ""),
        (0.95, False, "make β smaller"),
        (0.99, False, "make β smaller"),
    ],
)
def test_a_heavy_ball_keeps_too_little_or_too_much(beta, right, words):
    """By another implementation: f after 60 steps is 0.00663 without momentum (η 0.05), else as below."""
    x, v = np.array([-2.5, 1.0]), np.zeros(2)
    for _ in range(60):
        v = beta * v + np.array([1.0, 10.0]) * x
        x = x - 0.02 * v
    assert (x @ (np.array([0.5, 5.0]) * x) < 3.125 * 0.95**120 + 5 * 0.5**120) is np.bool_(right)
    reached, hint = told(START["momentum"], {"racers[1].beta": beta})
    assert reached is right
    assert words in hint or right
    assert told(START["momentum"], {"racers[1].beta": beta}, 30)[1] == "Let the run go to its end."


def test_who_grows_too_slowly_is_not_told_to_wait():
    # 3.125·0.798¹²⁰ + 5·1.02¹²⁰ = 53.8, not yet ten times 8.125
    right, hint = told(START["too_far"], {"racers[0].learning_rate": 0.202})
    assert not right
    assert "a little larger" in hint


def test_units_that_died_are_not_waited_for():
    right, hint = told(WHY["dead"], {"optimizer.learning_rate": 0.04})  # three tenths are dead at the end
    assert not right
    assert "Make η smaller" in hint
