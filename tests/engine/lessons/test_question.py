"""When an answer is right; distances and tolerances by hand."""

import math

import numpy as np
import pytest

from engine.config import Problem
from engine.experiments.optimizers.race_config import RaceConfig
from engine.lessons.facts import RunFacts
from engine.lessons.question import DrawQuestion, NumberQuestion
from engine.recording import Recording


def facts(step=0, **named):
    return RunFacts(RaceConfig(), Recording(), step, **named)


@pytest.mark.parametrize(
    ("value", "relative", "absolute", "answer", "right"),
    [
        ("2", 0.01, 0.0, 2.02, True),
        ("2", 0.01, 0.0, 2.021, False),
        ("-2", 0.01, 0.0, -1.98, True),
        ("-2", 0.01, 0.0, 2.0, False),
        ("0", 0.01, 0.0, 0.0, True),
        ("0", 0.01, 0.05, -0.05, True),
        ("0.1 + 0.2", 0.0, 0.0, 0.3, True),
        ("1/0 * 0", 0.01, 0.0, math.nan, True),
        ("exp(1000)", 0.01, 0.0, 1e300, False),
        ("exp(1000)", 0.01, 0.0, math.inf, True),
        ("nothing.here", 0.01, 0.0, 0.0, False),
    ],
)
def test_a_number_is_right_within_its_tolerance(value, relative, absolute, answer, right):
    assert NumberQuestion(value, relative, absolute).accepts(answer, facts()) is right


def test_a_unit_is_one_for_all_languages_or_one_for_each():
    one, several = NumberQuestion("2", unit="%"), NumberQuestion("2", unit={"en": "bits", "zh_CN": "比特"})
    assert [one.unit_in("en"), one.unit_in("zh_CN")] == ["%", "%"]
    assert [several.unit_in(language) for language in ("en", "zh_CN", "de")] == ["bits", "比特", "bits"]
    assert NumberQuestion("2").unit_in("en") == NumberQuestion("2", unit={}).unit_in("en") == ""


def test_a_sketch_is_as_far_as_its_mean_distance_in_heights():
    draw = DrawQuestion("f", steps=3, low=0.0, high=2.0, within=0.25)
    curve = np.array([0.0, 1.0, 2.0, 50.0, 7.0])
    assert draw.distance(np.array([0.0, 1.0, 2.0, 2.0]), curve) == 0.0  # above the height it cannot follow
    assert draw.distance(np.array([1.0, 1.0, 1.0, 1.0]), curve) == 3 / 4 / 2
    assert draw.distance(np.array([np.nan, 2.0, np.nan, np.nan]), curve) == 0.5
    assert draw.distance(np.full(4, np.nan), curve) == math.inf
    assert draw.accepts(np.array([0.5, 1.5, 1.5, 1.5]), curve)  # 0.5 of 2
    assert not draw.accepts(np.array([0.6, 1.6, 1.4, 1.4]), curve)


def test_facts_are_settings_options_and_the_answer():
    seen = facts(step=7, steps=500, ended=True, answer=2.5, options={"layout": "contour", "log": True})
    assert [seen.named(name) for name in ("steps", "ended", "answer")] == [500.0, True, 2.5]
    assert seen.named("settings.surface") == "rosenbrock"
    assert seen.named("settings.racers[0].learning_rate") == 0.0015
    assert seen.named("settings.racers.0.learning_rate") == 0.0015
    assert (seen.named("options.layout"), seen.named("options.log")) == ("contour", True)
    assert [seen.named(name) for name in ("settings.racers", "settings.no", "options.no")] == [None] * 3


def test_a_question_that_is_no_formula_is_refused():
    with pytest.raises(Problem) as refused:
        NumberQuestion("2 +")
    assert refused.value.where == "value, column 4"
