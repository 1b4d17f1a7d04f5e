"""*Cross-entropies*: one example for all kinds, what is recorded, and settings that do not fit."""

from math import inf

import pytest

from engine.config import Problem, replaced
from engine.experiments.losses.cross_entropies import EXPERIMENT, CrossEntropiesConfig, compared, snapshot
from engine.losses.cross_entropies import CROSS_ENTROPIES
from engine.runner import Runner


def test_the_frame_has_every_kind():
    runner = Runner(EXPERIMENT, CrossEntropiesConfig())
    runner.drive(inf)
    for name, found in runner.recording.snapshot(0)[1].kinds.items():
        assert runner.recording.column(f"{name}.loss")[0] == found.loss == pytest.approx(found.terms.sum())
        assert runner.recording.column(f"{name}.pull")[0] == found.pull
        assert found.gradient == pytest.approx(found.pull * (found.p - found.y))
    assert runner.recording.column("weighted.pull")[0] == 3.0


def test_labels_and_weights_are_cut_or_filled_up_to_the_classes():
    short = CrossEntropiesConfig(logits=(1.0, 0.0, 0.0), present=(1.0,), weights=(2.0,)).example
    assert short.present.tolist() == [1, 0, 0]
    assert short.weights.tolist() == [2, 1, 1]
    long = CrossEntropiesConfig(logits=(1.0, 0.0), present=(0.0, 1.0, 1.0), weights=(2.0, 3.0, 4.0)).example
    assert long.present.tolist() == [0, 1]
    assert long.weights.tolist() == [2, 3]


@pytest.mark.parametrize("name", CROSS_ENTROPIES)
def test_the_differences_agree_with_the_gradient_at_the_ends_of_every_setting(name):
    for changes in ({}, {"gamma": 0.0}, {"gamma": 10.0}, {"smoothing": 1.0}, {"logits": (0.0, 0.0)}):
        config = replaced(CrossEntropiesConfig(), **changes)
        found = compared(config, name)
        assert found.check.passed
        assert found.analytic == pytest.approx(snapshot(config).kinds[name].gradient)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"logits": (1.0, 2e6)}, "logits[1]"),
        ({"present": (0.0, 2.0)}, "present[1]"),
        ({"weights": (-1.0,)}, "weights[0]"),
        ({"logits": (0.0, 1.0), "true_class": 3}, "true_class"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(changes, where):
    with pytest.raises(Problem) as found:
        replaced(CrossEntropiesConfig(), **changes)
    assert found.value.where == where
