"""The chain of softmax and cross-entropy, the notes' gradient beside the right one, and both trained."""

import numpy as np
import pytest
from scipy import special

from engine.activations import softmax, softmax_jacobian
from engine.config import Problem, replaced, validated
from engine.experiments.losses.softmax import EXPERIMENT, training
from engine.experiments.losses.softmax_config import (
    Clouds,
    OneHot,
    Smoothed,
    SoftmaxConfig,
    SomeDigits,
    Weights,
    prepare,
)
from engine.experiments.losses.softmax_inspection import (
    checks,
    class_frequencies,
    example,
    follow,
    independent,
    probabilities,
)
from engine.optimizers.schedules import CosineDecay, InverseTimeDecay
from engine.pieces import result_of
from tests.toys import only_frames

LABELS = [OneHot(2), Smoothed(1, 0.3), Weights((0.5, 0.3, 0.2)), Weights((2.0, 0.0, 1.5)), Weights((0.0,))]
LN = np.log([0.5, 0.3, 0.2])  # logits of a known distribution


def test_the_jacobian_by_hand():
    by_hand = [[0.25, -0.15, -0.10], [-0.15, 0.21, -0.06], [-0.10, -0.06, 0.16]]
    np.testing.assert_allclose(softmax_jacobian([0.5, 0.3, 0.2]), by_hand, atol=1e-15)


def test_the_jacobian_of_many_rows_is_the_slope_of_softmax():
    z, h = np.random.default_rng(0).normal(size=(3, 4)), 1e-6
    columns = [(softmax(z + h * e) - softmax(z - h * e)) / (2 * h) for e in np.eye(4)]
    np.testing.assert_allclose(softmax_jacobian(softmax(z)), np.stack(columns, axis=-1), atol=1e-9)
    np.testing.assert_allclose(softmax_jacobian(softmax(z)).sum(axis=-2), 0, atol=1e-15)


def test_the_chain_by_hand():
    chain = follow(LN + 7.0, [1.0, 0.0, 0.0])
    np.testing.assert_allclose(chain.p, [0.5, 0.3, 0.2])
    assert chain.loss == pytest.approx(np.log(2))
    np.testing.assert_allclose(chain.d_p, [-2.0, 0.0, 0.0])
    np.testing.assert_allclose(chain.product, [-0.5, 0.3, 0.2])
    np.testing.assert_allclose(chain.right, [-0.5, 0.3, 0.2])
    np.testing.assert_allclose(chain.notes, [-0.5, 0.0, 0.0], atol=1e-15)
    assert chain.notes_wrong.tolist() == [False, True, True]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("seed", range(3))
def test_every_way_but_the_notes_agrees(label, seed):
    z = np.random.default_rng(seed).normal(0, 3, 4)
    chain = follow(z, label.weights(4))
    np.testing.assert_allclose(chain.product, chain.right, atol=1e-12)
    np.testing.assert_allclose(chain.numeric, chain.right, atol=2e-7)
    assert chain.right.sum() == pytest.approx(0, abs=1e-12)
    right, notes = checks(chain)
    assert right.passed
    assert notes.passed == (chain.mass == 0)
    diagonal = np.diag(chain.jacobian) * chain.d_p  # what the notes' derivation multiplies
    np.testing.assert_allclose(diagonal, chain.notes, atol=1e-12)


def test_labels_that_do_not_sum_to_one():
    chain = follow(LN, [1.0, 1.0, 0.0])
    np.testing.assert_allclose(chain.right, [0.0, -0.4, 0.4], atol=1e-15)  # 2p − y
    assert chain.mass == 2.0


def test_at_a_soft_label_the_right_gradient_is_zero_and_the_notes_is_not():
    chain = follow(LN, [0.5, 0.3, 0.2])
    np.testing.assert_allclose(chain.right, 0, atol=1e-15)
    np.testing.assert_allclose(chain.notes, [-0.25, -0.21, -0.16])


def test_logits_of_a_thousand():
    chain = follow([1000.0, -1000.0, 0.0], [0.0, 1.0, 0.0])
    assert chain.loss == 2000.0
    assert chain.d_p.tolist() == [0.0, -np.inf, 0.0]
    assert np.isnan(chain.product).all()
    np.testing.assert_array_equal(chain.right, [1.0, -1.0, 0.0])
    np.testing.assert_allclose(chain.numeric, [1.0, -1.0, 0.0], atol=1e-9)
    others = (chain.z, chain.p, chain.terms, chain.jacobian, chain.notes)
    assert all(np.isfinite(values).all() for values in others)


def test_the_smallest_difference_is_marked():
    chain = follow([30.0, 0.0, -40.0], [1.0, 0.0, 0.0])
    assert 0 < chain.right[2] < 1e-29
    assert chain.notes_wrong.tolist() == [False, True, True]
    assert not follow([900.0, 0.0], [1.0, 0.0]).notes_wrong.any()  # p is 1 and 0 to the last bit


def test_sigmoid_beside_it():
    z, y = np.array([2.0, -1.0, 0.0]), np.array([1.0, 0.0, 0.25])
    found = independent(z, y)
    np.testing.assert_allclose(found.p, special.expit(z))
    terms = special.kl_div(y, found.p) + special.kl_div(1 - y, 1 - found.p)
    terms += special.entr(y) + special.entr(1 - y)  # H(y, p) = KL(y‖p) + H(y)
    np.testing.assert_allclose(found.terms, terms)
    np.testing.assert_allclose(found.gradient, special.expit(z) - y)
    assert np.isnan(independent([0.0, 1.0], [2.0, 0.5]).terms[0])
    assert np.isfinite(independent([1000.0, -1000.0], [0.0, 1.0]).loss)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"logits": (1.0,)}, "logits"),
        ({"logits": (1.0, 2e6)}, "logits[1]"),
        ({"logits": (1.0, float("nan"))}, "logits[1]"),
        ({"label": OneHot(5)}, "label.true_class"),
        ({"label": Smoothed(1, 1.5)}, "label.smoothing"),
        ({"learning_rate": 0.0}, "learning_rate"),
        ({"seed": -1}, "seed"),
    ],
)
def test_settings_out_of_range_are_refused_by_name(changes, where):
    with pytest.raises(Problem) as caught:
        replaced(SoftmaxConfig(), **changes)
    assert caught.value.where.startswith(where)


def test_weights_are_filled_up_and_cut_and_never_negative():
    with pytest.raises(Problem) as caught:
        Weights((0.5, -0.1))
    assert caught.value.where == "values[1]"
    with pytest.raises(Problem, match="different digits"):
        SomeDigits((1, 1))
    assert Weights((0.5, 0.3)).weights(3).tolist() == [0.5, 0.3, 0.0]
    assert Weights((0.5, 0.3, 0.2)).weights(2).tolist() == [0.5, 0.3]


# Training


def trained(**settings):
    config = replaced(SoftmaxConfig(), **settings)
    return result_of(training(config, prepare(config)))


@pytest.fixture(scope="module")
def run():
    return trained()


def test_both_start_at_nothing_known(run):
    for way in ("right", "notes"):
        assert run.scalars[f"{way}.loss"][0] == pytest.approx(np.log(4))
    assert not run.weights[0].any()


def test_the_first_step_by_hand():
    data = prepare(SoftmaxConfig())
    run = trained(steps=1, batch_size=4)
    batch = data.training[np.random.default_rng((0, 1)).integers(0, len(data.training), (1, 4))][0]
    wanted = np.zeros((2, 3, 4))
    for row in batch:
        for k in range(4):
            true = float(data.labels[row] == k)
            wanted[0, :, k] -= 0.5 / 4 * (0.25 - true) * data.inputs[row]
            wanted[1, :, k] -= 0.5 / 4 * true * (0.25 - 1.0) * data.inputs[row]
    np.testing.assert_allclose(run.weights[1], wanted)


def test_three_steps_with_a_rate_of_1_over_t_by_hand():
    data, rng = prepare(SoftmaxConfig()), np.random.default_rng((0, 1))
    run = trained(steps=3, batch_size=4, schedule=InverseTimeDecay(decay_rate=1.0))
    w = np.zeros((3, 4))
    for rate, batch in zip((0.5, 0.25, 0.5 / 3), rng.integers(0, len(data.training), (3, 4)), strict=True):
        x, y = data.inputs[data.training[batch]], np.eye(4)[data.labels[data.training[batch]]]
        w -= rate * np.mean([np.outer(a, special.softmax(a @ w) - b) for a, b in zip(x, y, strict=True)], 0)
    np.testing.assert_allclose(run.weights[3, 0], w, rtol=1e-12)


def test_a_schedule_calms_the_noise_but_mends_no_gradient():
    """As the explanation says, with η = 5."""
    constant, falling = (
        trained(learning_rate=5.0, **schedule).scalars
        for schedule in ({}, {"schedule": CosineDecay(total_steps=500)})
    )
    assert np.ptp(constant["right.loss"][-100:]) > 0.09
    assert falling["right.loss"][-1] == pytest.approx(0.451, abs=5e-4)
    assert np.ptp(falling["right.loss"][-100:]) < 0.003
    assert falling["notes.loss"][-1] == pytest.approx(1.72, abs=5e-3)


def test_the_right_gradient_leaves_the_mean_logit_and_the_notes_lets_it_rise(run):
    np.testing.assert_allclose(run.scalars["right.mean_logit"], 0, atol=1e-12)
    drift = run.scalars["notes.mean_logit"]
    assert (np.diff(drift[::50]) > 0.5).all()


def test_what_the_missing_terms_cost(run):
    """As the explanation says: the right one settles; the notes' turns and climbs, about as accurate."""
    right, notes = run.scalars["right.loss"], run.scalars["notes.loss"]
    assert right[-1] < 0.47
    assert notes.min() < 0.5
    assert notes[-1] > notes.min() + 0.1
    assert abs(run.scalars["right.accuracy"][-1] - run.scalars["notes.accuracy"][-1]) < 0.06


def test_with_two_classes_the_notes_is_the_right_gradient_at_half_the_speed():
    """Only z₁ − z₂ matters: it moves by 2(1 − p) with the one, by 1 − p with the other."""
    right = trained(data=Clouds(groups=2), learning_rate=0.25, steps=100)
    notes = trained(data=Clouds(groups=2), steps=100)
    difference = [np.diff(run.weights[:, way], axis=-1) for way, run in ((0, right), (1, notes))]
    np.testing.assert_allclose(*difference, atol=1e-12)


def test_digits_cost_some_accuracy():
    run = trained(data=SomeDigits(), steps=200)
    assert run.scalars["right.accuracy"][-1] > 0.95
    assert run.scalars["notes.accuracy"][-1] < run.scalars["right.accuracy"][-1]


def test_measurements_are_those_of_the_weights(run):
    data, step = prepare(SoftmaxConfig()), 37
    p = probabilities(run, step, 1, data.inputs[data.training, 1:])
    picked = p[np.arange(len(p)), data.labels[data.training]]
    assert run.scalars["notes.loss"][step] == pytest.approx(-np.log(picked).mean())
    held_out = probabilities(run, step, 0, data.inputs[data.held_out, 1:]).argmax(axis=-1)
    assert run.scalars["right.accuracy"][step] == np.mean(held_out == data.labels[data.held_out])
    true, _, notes = class_frequencies(data, run, step)
    np.testing.assert_allclose(true, np.bincount(data.labels[data.training]) / len(p))
    np.testing.assert_allclose(notes, p.mean(axis=0))
    z, y = example(data, run, step, 1, int(data.training[5]))
    np.testing.assert_allclose(softmax(z), p[5])
    assert y.argmax() == data.labels[data.training[5]]


def test_frames_are_the_start_and_the_rest_and_repeat_themselves():
    config = validated(replaced(SoftmaxConfig(), steps=20, data=SomeDigits((0, 1))))
    first = list(only_frames(EXPERIMENT.run(config, prepare(config))))
    assert [frame.step for frame in first] == [0, 20]
    assert EXPERIMENT.end(config) == 20
    for one, other in zip(first, only_frames(EXPERIMENT.run(config, prepare(config))), strict=True):
        assert all(np.array_equal(one.scalars[name], other.scalars[name]) for name in one.scalars)
        assert one.snapshot.weights.tobytes() == other.snapshot.weights.tobytes()


def test_moving_a_logit_does_not_train_again():
    config = replaced(SoftmaxConfig(), steps=10)
    moved = replaced(config, logits=(5.0, 0.0), label=OneHot(2))
    assert EXPERIMENT.run_key(config) == EXPERIMENT.run_key(moved)
    assert EXPERIMENT.run_key(config) != EXPERIMENT.run_key(replaced(config, learning_rate=0.1))


def test_the_first_class_has_as_many_times_more_points():
    counts = np.bincount(prepare(replaced(SoftmaxConfig(), data=Clouds(groups=3, uneven=5.0))).labels)
    assert counts.tolist() == [100, 20, 20]


def test_a_huge_learning_rate_stays_finite():
    run = trained(learning_rate=100.0, steps=100, batch_size=8, seed=1)
    assert all(np.isfinite(values).all() for values in run.scalars.values())
