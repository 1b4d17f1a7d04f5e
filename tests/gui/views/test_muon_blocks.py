"""Muon on the pages that train networks: its formulas, and the singular values of the step shown."""

import numpy as np
import pytest

from engine.experiments.losses import classifier
from engine.experiments.losses.classifier_config import ClassifierConfig
from engine.experiments.lstm import train
from engine.experiments.lstm.train_config import TrainConfig
from engine.experiments.lstm.train_tasks import Echo
from engine.optimizers.muon import Muon
from gui.look.theme import LIGHT
from gui.plots.ticks import value_text
from gui.views.losses.classifier import ClassifierView
from gui.views.lstm.train import TrainView
from tests.gui.views.moments import present_step, ran, told

CLASSIFIER = ClassifierConfig(optimizer=Muon(method="svd"), layers=1, width=3, epochs=1)
TRAIN = TrainConfig(optimizer=Muon(method="svd"), task=Echo(), cell="gru", hidden=3, steps=5)


@pytest.mark.parametrize(
    ("view_type", "experiment", "config", "names", "drawn", "more"),
    [
        (ClassifierView, classifier, CLASSIFIER, ["W_{1}", "W_{2}"], ["W₁", "W₂"], 0),
        (TrainView, train, TRAIN, ["W_{r}", "U_{r}", "W_{z}", "U_{z}"], ["Wr", "Ur", "Wz", "Uz"], 3),
    ],
)
def test_the_singular_values_before_and_after_the_step(
    page, view_type, experiment, config, names, drawn, more
):
    runner = ran(experiment.EXPERIMENT, config)
    view = page(view_type, runner.config, runner.recording, 3, (), LIGHT, (1100, 800))
    view.catch_up()
    blocks = told(view)
    assert r"\tilde{M}_t = U \Sigma V^{\top}, \quad O_t = U V^{\top}" in [block.latex for block in blocks]
    values = [block for block in blocks if "before: " in block.numbers]
    assert [block.latex for block in values] == names
    assert values[0].title == "Singular values σ at step 3"
    for block in values:
        *_, before, after = block.numbers.splitlines()
        assert set(after.removeprefix("after: ").split(", ")) == {"1.000"}
        first, *_, last = before.removeprefix("before: ").split(", ")
        assert first != last
    before, after = (
        [curve for curve in view.spectra.curves if curve.key.endswith(end)] for end in ("before", "after")
    )
    assert view.spectra.isVisible()
    assert [curve.name.replace("_", "") for curve in after] == drawn
    for one, other, block in zip(before, after, values, strict=True):
        assert value_text(float(one.y[0])) in block.numbers
        np.testing.assert_allclose(other.y, 1.0, rtol=1e-4)
        np.testing.assert_array_equal(one.x, np.arange(1, len(one.y) + 1))
    assert dict(view.spectra.table()).keys() >= {f"{after[0].name} before", f"{after[0].name} after"}
    assert [block.numbers for block in blocks if "more matrices" in block.numbers] == (
        [f"… and {more} more matrices"] if more else []
    )
    present_step(view, 0)
    view.catch_up()
    assert view.spectra.curves == ()
    assert not [block for block in told(view) if "before: " in block.numbers], (
        "nothing was made orthogonal yet"
    )


def test_other_rules_have_none_of_it(page):
    runner = ran(classifier.EXPERIMENT, ClassifierConfig(epochs=1))
    view = page(ClassifierView, runner.config, runner.recording, 3, (), LIGHT, (1100, 800))
    view.catch_up()
    assert not view.spectra.isVisible()
    assert not any("σ" in block.title or "Muon" in block.title for block in told(view))
