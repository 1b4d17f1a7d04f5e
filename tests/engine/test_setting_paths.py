"""Settings by their paths: read, set, and where two differ."""

import pytest

from engine.config import Problem
from engine.experiments.optimizers.race_config import RaceConfig
from engine.setting_paths import find, first_difference, put, value_at, with_values

VALUES = {"noise": None, "racers": [{"kind": "sgd", "rate": 0.1}, {"kind": "adam", "beta": 0.9}]}


@pytest.mark.parametrize("path", ["racers[1].beta", "racers.1.beta"])
def test_a_place_in_a_list_is_written_either_way(path):
    assert value_at(VALUES, path) == 0.9


@pytest.mark.parametrize(
    "path", ["", "size", "noise.size", "racers[2].beta", "racers.beta", "racers[1].rate"]
)
def test_what_is_not_there_is_told_from_what_is_none(path):
    assert find(VALUES, path, "missing") == "missing"
    assert find(VALUES, "noise", "missing") is None
    with pytest.raises(Problem, match="There is no setting of this name") as found:
        value_at(VALUES, path)
    assert found.value.where == path


def test_a_value_is_set_where_it_is():
    values = {"racers": [{"beta": 0.9}, {"beta": 0.9}], "start": [1.0, 2.0]}
    put(values, "racers[1].beta", 0.5)
    put(values, "start.0", 3.0)
    assert values == {"racers": [{"beta": 0.9}, {"beta": 0.5}], "start": [3.0, 2.0]}


def test_settings_that_a_config_refuses_are_named():
    with pytest.raises(Problem) as found:
        with_values(RaceConfig(), {"racers[1].beta": 2.0})
    assert found.value.where == "racers[1].beta"


@pytest.mark.parametrize(
    ("other", "where"),
    [
        ({"kind": "sgd", "rate": 0.2}, "racers[0].rate"),
        ({"kind": "adam", "beta": 0.9}, "racers[0]"),  # of another kind: all of it
    ],
)
def test_the_first_difference_is_named_by_its_path(other, where):
    assert first_difference(VALUES, {**VALUES, "racers": [other, VALUES["racers"][1]]}) == where


def test_lists_of_different_lengths_differ_as_a_whole():
    assert first_difference(VALUES, {**VALUES, "racers": []}) == "racers"
