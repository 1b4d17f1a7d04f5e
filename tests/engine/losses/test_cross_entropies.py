"""The kinds of cross-entropy against PyTorch's values, the losses they are made of, and differences."""

from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.gradient_check import check_gradient
from engine.information.information import entropy
from engine.losses import Focal, SoftmaxCrossEntropy
from engine.losses.cross_entropies import CROSS_ENTROPIES, CrossEntropyExample

Z = np.array([2.0, 1.0, 0.1, -1.0])


def example(z=Z, true=0, present=(1, 0, 1, 0), weights=(3, 0.5, 1, 1), gamma=2.0, smoothing=0.1):
    rows = (np.array(each, float) for each in (present, weights))
    return CrossEntropyExample(np.array(z, float), true, *rows, gamma, smoothing)


def measured(name, given):
    kind = CROSS_ENTROPIES[name]
    z = kind.logits(given)
    return kind.loss(z, given), kind.gradient(z, given)


# From PyTorch 2.13 in float64: nn.functional.binary_cross_entropy_with_logits, cross_entropy with rows,
# numbers, weight (reduction "none") and label_smoothing; focal by autograd of −(1 − q)^γ·ln q.
TORCH = {
    ("binary", 0): (0.1269280110429725, [-0.119202922022]),
    ("binary", 1): (2.1269280110429727, [0.880797077978]),
    ("categorical", 0): (
        0.4493130023803544,
        [-0.361933648852, 0.234731492691, 0.0954347031136, 0.0317674530478],
    ),
    ("sparse", 1): (1.4493130023803544, [0.638066351148, -0.765268507309, 0.0954347031136, 0.0317674530478]),
    ("multi_label", 0): (
        2.3978480461529887,
        [-0.119202922022, 0.73105857863, -0.475020812521, 0.26894142137],
    ),
    ("weighted", 0): (1.347939007141063, [-1.08580094656, 0.704194478072, 0.286304109341, 0.0953023591435]),
    ("weighted", 1): (
        0.7246565011901772,
        [0.319033175574, -0.382634253655, 0.0477173515568, 0.0158837265239],
    ),
    ("focal", 0): (0.05885819086017268, [-0.122522710176, 0.0794619089419, 0.0323068012809, 0.0107539999532]),
    ("focal", 1): (0.8487697075441207, [0.705907906733, -0.846634662855, 0.105581670908, 0.0351450852139]),
    ("smoothing", 0): (
        0.5968130023803544,
        [-0.286933648852, 0.209731492691, 0.0704347031136, 0.00676745304784],
    ),
    ("smoothing", 1): (
        1.4968130023803545,
        [0.613066351148, -0.690268507309, 0.0704347031136, 0.00676745304784],
    ),
}


@pytest.mark.parametrize(("name", "true"), TORCH)
def test_every_kind_is_that_of_pytorch(name, true):
    loss, gradient = measured(name, example(true=true))
    assert loss == pytest.approx(TORCH[name, true][0], rel=1e-14)
    assert gradient == pytest.approx(TORCH[name, true][1], rel=1e-11)


def test_a_focus_that_is_no_whole_number_is_that_of_pytorch():
    loss, gradient = measured("focal", example(true=1, gamma=0.5))
    assert loss == pytest.approx(1.267853602997629, rel=1e-14)
    assert gradient == pytest.approx(
        [0.682246831071, -0.818256617186, 0.102042716492, 0.0339670696223], rel=1e-11
    )


def test_two_equal_logits_by_hand():
    both = example((0.0, 0.0), present=(1, 1), weights=(2, 4))
    half = log(2)
    expected = {
        "binary": (half, [-0.5]),
        "categorical": (half, [-0.5, 0.5]),
        "sparse": (half, [-0.5, 0.5]),
        "multi_label": (2 * half, [-0.5, -0.5]),
        "weighted": (2 * half, [-1.0, 1.0]),
        "focal": (half / 4, [-(1 + 2 * half) / 8, (1 + 2 * half) / 8]),  # c = ¼·(1 + 2·ln 2)
        "smoothing": (half, [-0.45, 0.45]),
    }
    for name, (loss, gradient) in expected.items():
        found = measured(name, both)
        assert found[0] == pytest.approx(loss), name
        assert found[1] == pytest.approx(gradient), name


logits = st.lists(st.floats(-30, 30), min_size=2, max_size=8)


@settings(max_examples=20)
@given(logits, st.data())
def test_the_gradient_of_every_kind_is_that_of_its_loss(z, data):
    count = len(z)
    given_one = example(
        z,
        data.draw(st.integers(0, count - 1)),
        data.draw(st.lists(st.floats(0, 1), min_size=count, max_size=count)),
        data.draw(st.lists(st.floats(0, 10), min_size=count, max_size=count)),
        data.draw(st.floats(0, 5)),
        data.draw(st.floats(0, 1)),
    )
    for name, kind in CROSS_ENTROPIES.items():
        own = kind.logits(given_one)
        found = check_gradient(
            lambda at, kind=kind: kind.loss(at, given_one), kind.gradient(own, given_one), own
        )
        assert found.passed, (name, found)


@settings(max_examples=40)
@given(logits, st.integers(0, 7))
def test_what_is_one_loss_under_two_names_is_equal(z, true):
    given_one = example(z, true % len(z))
    categorical, sparse = measured("categorical", given_one), measured("sparse", given_one)
    assert categorical[0] == sparse[0]
    assert (categorical[1] == sparse[1]).all()
    row = np.eye(len(z))[given_one.true]
    own = SoftmaxCrossEntropy(label_smoothing=0.1, reduction="sum")
    assert measured("smoothing", given_one)[0] == pytest.approx(float(own.value(np.array(z), row)))
    q = CROSS_ENTROPIES["focal"].probabilities(np.array(z))[given_one.true]
    focal = float(Focal(gamma=2.0, reduction="sum").value(q, 1.0))
    assert measured("focal", given_one)[0] == pytest.approx(focal, rel=1e-9, abs=1e-12)
    plain = measured("focal", given_one._replace(gamma=0.0))
    assert plain[0] == pytest.approx(categorical[0], abs=1e-300)
    assert plain[1] == pytest.approx(categorical[1])


def test_the_least_loss_of_a_smoothed_label_is_its_entropy():
    y = np.array([0.925, 0.025, 0.025, 0.025])
    loss, gradient = measured("smoothing", example(np.log(y)))
    assert loss == pytest.approx(float(entropy(y, base=exp(1))))
    assert gradient == pytest.approx(np.zeros(4), abs=1e-15)


@pytest.mark.parametrize("name", CROSS_ENTROPIES)
def test_huge_logits_give_no_overflow(name):
    for true in (0, 1):
        loss, gradient = measured(name, example((1e6, -1e6), true, (1, 0), (1, 1), gamma=0.5))
        assert 0 <= loss < inf
        assert np.isfinite(gradient).all()
    sure = measured("focal", example((1e6, -1e6), 0))
    assert sure[0] == 0
    assert (sure[1] == 0).all()
