"""Every way a setting can be wrong gives one plain sentence that names the place."""

import math
from typing import Annotated

import msgspec
import pytest

from engine.config import Config, Problem, Tagged, choice, number, plain, problem_from, replaced, validated
from engine.experiments import EXPERIMENTS


class Adam(Tagged, frozen=True, tag="adam"):
    rate: Annotated[float, number("Rate", "Size of a step", gt=0, le=10)] = 0.1


class Ball(Tagged, frozen=True, tag="ball"):
    beta: Annotated[float, number("β", "Memory", ge=0, lt=0.99999)] = 0.9

    def __post_init__(self) -> None:
        if self.beta == 0.5:
            raise Problem("One half is taken", where="beta")


class Race(Config, frozen=True):
    racers: Annotated[tuple[Adam | Ball, ...], plain("Racers", "Who runs", min_length=1, max_length=3)] = (
        Adam(),
    )
    free: float = 0.0
    positive: Annotated[float, number("Positive", "No upper end", ge=0)] = 0.0
    steps: Annotated[int, number("Steps", "How many", ge=1, le=5)] = 2
    seed: int = 0
    noise: bool = False
    surface: Annotated[str, choice("Surface", "What to descend", {"bowl": "Bowl", "cliff": "Cliff"})] = "bowl"
    word: Annotated[str, plain("Word", "Any", max_length=5)] = ""
    start: tuple[float, float] = (0.0, 0.0)


LESS = "Must be less than 0.99999"
BAD = [
    ({"racers": [{"kind": "adam", "rate": 0}]}, "racers[0].rate", "Must be greater than 0"),
    ({"racers": [{"kind": "ball", "beta": -1}]}, "racers[0].beta", "Must be at least 0"),
    ({"racers": [{"kind": "ball", "beta": 1}]}, "racers[0].beta", LESS),
    ({"racers": [{"kind": "ball", "beta": 0.5}]}, "racers[0].beta", "One half is taken"),
    ({"racers": [{"kind": "eve"}]}, "racers[0].kind", "Unknown name eve"),
    ({"racers": [{}]}, "racers[0]", "The field kind is missing"),
    ({"racers": [{"kind": "adam", "x": 1}]}, "racers[0]", "Unknown field x"),
    ({"racers": []}, "racers", "The number of entries must be at least 1"),
    ({"racers": [{"kind": "adam"}] * 4}, "racers", "The number of entries must be at most 3"),
    ({"racers": 3}, "racers", "Must be a list, not a whole number"),
    ({"steps": 6}, "steps", "Must be at most 5"),
    ({"steps": 2.5}, "steps", "Must be a whole number"),
    ({"free": "x"}, "free", "Must be a number, not a text"),
    ({"free": 10**400}, "free", "The number is too large"),
    ({"noise": 1}, "noise", "Must be true or false, not a whole number"),
    ({"surface": "hill"}, "surface", "Must be one of bowl, cliff"),
    ({"word": "abcdef"}, "word", "Must have at most 5 characters"),
    ({"start": [1.0]}, "start", "Must have 2 entries, not 1"),
    ({"start": [1.0, "a - at `$.b`"]}, "start[1]", "Must be a number, not a text"),
    ({"racers": [{"kind": "adam"}, {"kind": "ball", "beta": 2}]}, "racers[1].beta", LESS),
    ({"racers": [{"kind": "oh - at `$.b`"}]}, "racers[0].kind", "Unknown name oh - at `$.b`"),
    ({"unheard": 1}, "", "Unknown field unheard"),
]


@pytest.mark.parametrize(("data", "where", "sentence"), BAD)
def test_what_is_wrong_is_said_plainly(data: dict[str, object], where: str, sentence: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(data, Race)
    problem = problem_from(caught.value)
    assert (problem.where, str(problem)) == (where, sentence)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("field", ["free", "positive"])
def test_numbers_are_finite_with_and_without_a_range(field: str, value: float) -> None:
    with pytest.raises(Problem, match="finite") as caught:
        replaced(Race(), **{field: value})
    assert caught.value.where == field


def test_numbers_inside_lists_are_finite_too() -> None:
    with pytest.raises(Problem) as caught:
        replaced(Race(), racers=(Adam(), Ball(beta=math.nan)))
    assert caught.value.where == "racers[1].beta"
    with pytest.raises(Problem) as caught:
        replaced(Race(), start=(0.0, math.inf))
    assert caught.value.where == "start[1]"


def test_an_integer_too_large_for_a_machine_word_is_refused() -> None:
    assert replaced(Race(), seed=2**63 - 1).seed == 2**63 - 1
    with pytest.raises(Problem, match="too large"):
        replaced(Race(), seed=2**63)


def test_a_valid_config_comes_back_equal() -> None:
    race = Race(racers=(Ball(), Adam(rate=3)), start=(1, 2))
    assert validated(race) == race
    assert Adam().with_(rate=2.0) == Adam(rate=2.0)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_no_experiment_takes_a_seed_that_numpy_would_not(name):
    start = EXPERIMENTS[name].config_type()
    for field in msgspec.structs.fields(start):
        if field.name.endswith("seed"):
            for seed in (-1, 0.5, 2**63):
                with pytest.raises(Problem) as found:
                    validated(msgspec.structs.replace(start, **{field.name: seed}))
                assert found.value.where == field.name


def test_a_field_that_is_not_there_is_a_mistake_in_the_program() -> None:
    race = EXPERIMENTS["optimizers.race"].config_type()
    with pytest.raises(TypeError, match=r"^RaceConfig has no field speed, stpes$"):
        replaced(race, steps=20, stpes=10, speed=2)
