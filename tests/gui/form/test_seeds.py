"""A seed that is shown changes the run: in every experiment, with every choice, kind and switch."""

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pytest

from engine.config import Problem, replaced
from engine.experiments import EXPERIMENTS
from engine.runner import Runner
from gui.form.field import fields_of, structs_in
from gui.form.settings_text import value_text

SMALL = {  # settings that are computed soon
    "lstm.train": {"hidden": 4, "batch_size": 4},
    "lstm.memory": {"hidden": 4, "batch_size": 4, "delay": 5, "longest": 8},
    "gradients.deep_network": {"depth": 3, "width": 8},
    "optimizers.landscape": {"grid": "17", "width": 4},
}
SEEDED = [name for name, experiment in EXPERIMENTS.items() if hasattr(experiment.config_type, "seed")]


def variants(config: msgspec.Struct) -> Iterator[msgspec.Struct]:
    """The config, and each of its fields that can be chosen set to each of its values."""
    yield config
    for field in fields_of(type(config)):
        values: list[Any] = [*field.choices]
        if field.kind == "bool":
            values = [not getattr(config, field.name)]
        elif field.kind == "optimizer":
            values = [value for kind in structs_in(field.type) for value in variants(kind())]
        for value in values:
            try:
                yield replaced(config, **{field.name: value})
            except Problem:
                continue  # a file that is not there, or what does not go with the rest


def begun(name: str, config: Any) -> Any:
    """The scalars of the first frames; None of a run that cannot be made."""
    runner = Runner(EXPERIMENTS[name], config)
    runner.drive(2.0)
    if runner.problem is not None:
        return None
    return np.concatenate([runner.recording.column(column) for column in runner.recording.names])


def seed_shows(config: msgspec.Struct) -> bool:
    return next(field for field in fields_of(type(config)) if field.name == "seed").when(config)


@pytest.mark.parametrize("name", SEEDED)
def test_where_the_seed_shows_it_has_an_effect(name):
    start = replaced(EXPERIMENTS[name].config_type(), **SMALL.get(name, {}))
    shown = [config for config in variants(start) if seed_shows(config)]
    for config in shown:
        one, other = (begun(name, replaced(config, seed=seed)) for seed in (5, 6))
        assert one is None or not np.array_equal(one, other, equal_nan=True), config


def test_there_are_settings_without_chance_and_with_it():
    race = EXPERIMENTS["optimizers.race"].config_type()
    assert not seed_shows(race)
    assert seed_shows(replaced(race, noise=0.1))
    rates = list(variants(EXPERIMENTS["optimizers.convergence"].config_type()))
    assert {seed_shows(config) for config in rates} == {True, False}


def test_a_seed_is_told_to_the_last_digit():
    assert value_text(455785) == "455785"
    assert value_text(0.000455785) == "0.0004558"
