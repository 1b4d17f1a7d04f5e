"""Which settings can vary, and what a text of values means."""

import pytest

from engine.config import Problem
from engine.experiments import EXPERIMENTS
from engine.sweeps.axis import SweepAxis, axis, settings_to_vary, varied

CLASSIFIER = EXPERIMENTS["losses.classifier"].config_type()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("optimizer.learning_rate=1e-3..1:4:log", (0.001, 0.01, 0.1, 1.0)),
        ("optimizer.learning_rate=0.1..0.5:5", (0.1, 0.2, 0.3, 0.4, 0.5)),
        ("batch_size=8..64:4:log", (8, 16, 32, 64)),
        ("epochs=1..4:31", (1, 2, 3, 4)),
        ("batch_size=8, 16,32", (8, 16, 32)),
        ("batch_size=8，16、32", (8, 16, 32)),
        ("optimizer.learning_rate=0.1..0.2：2", (0.1, 0.2)),
        ("optimizer=adam,momentum", ("adam", "momentum")),
        ("optimizer.bias_correction=true,false", (True, False)),
        ("initializer=zeros,he_normal", ("zeros", "he_normal")),
        ("data=blobs", ("blobs",)),
    ],
)
def test_a_text_says_which_values(text, values):
    assert axis(text, CLASSIFIER) == SweepAxis(text.partition("=")[0], values)
    assert list(map(type, axis(text, CLASSIFIER).values)) == list(map(type, values))


@pytest.mark.parametrize(
    ("text", "said", "where"),
    [
        ("batch_size", "such as width=8,16,32", ""),
        ("batch=8,16", "no setting of this name", "batch"),
        ("batch_size=8.5", "whole number", "batch_size"),
        ("batch_size=-1,8", "at least 1", "batch_size"),
        ("batch_size=8,8", "given twice", "batch_size"),
        ("batch_size=8..16", "how many values the range has: 8..16:7", "batch_size"),
        ("optimizer=adam,adamant", "adamant", "optimizer.kind"),
        ("optimizer.learning_rate=0..1:5:log", "above 0", "optimizer.learning_rate"),
        ("optimizer.learning_rate=1e-3..1:1", "from 2 to", "optimizer.learning_rate"),
        ("optimizer.learning_rate=1e-3..1:99999999999", "from 2 to", "optimizer.learning_rate"),
        ("optimizer.learning_rate=nan", "finite", "optimizer.learning_rate"),
        ("optimizer.learning_rate=a..b:3", "from a number to a number", "optimizer.learning_rate"),
        ("optimizer.learning_rate=__import__('os')", "no value", "optimizer.learning_rate"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(text, said, where):
    with pytest.raises(Problem, match=said) as refused:
        axis(text, CLASSIFIER)
    assert refused.value.where == where


def test_a_word_for_a_kind_brings_its_defaults():
    config = varied(CLASSIFIER, {"optimizer": "momentum", "optimizer.learning_rate": 0.5})
    assert type(config.optimizer).__name__ == "Momentum"
    assert (config.optimizer.learning_rate, config.optimizer.beta) == (0.5, 0.9)
    slow = varied(CLASSIFIER, {"optimizer.learning_rate": 1e-4})
    assert varied(slow, {"optimizer": "adam"}) == slow, "the kind that it has keeps its settings"


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_each_setting_that_is_found_can_be_set_by_its_path(name):
    config = EXPERIMENTS[name].config_type()
    found = settings_to_vary(config)
    assert len({one.path for one in found}) == len(found)
    for one in found:
        assert varied(config, {one.path: one.value}) == config, one.path
        assert not one.choices or str(one.value).lower() in one.choices


def test_numbers_choices_switches_and_kinds_are_found_seeds_and_what_has_no_effect_are_not():
    paths = {one.path: one for one in settings_to_vary(CLASSIFIER)}
    assert {"data", "optimizer", "optimizer.learning_rate", "epochs", "initializer"} <= paths.keys()
    assert paths["optimizer.bias_correction"].choices == ("false", "true")
    assert "adam" in paths["optimizer"].choices
    assert "seed" not in paths
    assert "width" not in paths, "there is no hidden layer by default"
    assert "width" in {one.path for one in settings_to_vary(varied(CLASSIFIER, {"layers": 1}))}
    race = {one.path for one in settings_to_vary(EXPERIMENTS["optimizers.race"].config_type())}
    assert "racers[0].learning_rate" in race


def test_an_axis_knows_how_it_is_drawn():
    assert SweepAxis("a", (0.001, 0.01, 0.1, 1.0)).is_logarithmic
    assert SweepAxis("a", (8, 16, 33, 64)).is_logarithmic
    assert not SweepAxis("a", (1, 2, 3, 4, 5)).is_logarithmic
    assert not SweepAxis("a", (0.97, 0.98, 0.99)).is_logarithmic
    assert axis("optimizer.learning_rate=1.5e-4..0.015:900:log", CLASSIFIER).is_logarithmic  # 830 of them
    assert SweepAxis("a", (1, 2, 3)).is_numeric
    assert not SweepAxis("a", (True, False)).is_numeric
    assert not SweepAxis("a", ("adam", "sgd")).is_numeric
