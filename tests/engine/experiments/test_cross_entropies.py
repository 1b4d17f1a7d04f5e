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


def test_what_the_notes_ask_to_try():
    up = snapshot(replaced(CrossEntropiesConfig(), logits=(20.0, 1.0, 0.1, -1.0))).kinds
    loss = {name: found.loss for name, found in up.items()}
    for name in ("binary", "categorical", "sparse", "weighted", "focal"):
        assert loss.pop(name) < 1e-6
    # ln(1 + e) + ln(1 + e^−0.1) + ln(1 + e^−1) of B, C (which applies) and D; (19 + 19.9 + 21)·0.1/4
    assert loss == pytest.approx({"multi_label": 1.31326 + 0.64440 + 0.31326, "smoothing": 1.4975}, abs=1e-4)
    hard = snapshot(replaced(CrossEntropiesConfig(), true_class=4)).kinds["focal"]
    assert hard.weight == pytest.approx((1 - 0.36788 / 11.58045) ** 2, abs=1e-5)  # 0.94; e² + e + e^0.1 + 1/e
