"""The classifier learns, repeats itself to the last bit, and can be looked into at any step."""

from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from scipy import special

from engine.config import Problem, replaced, validated
from engine.data.settings import Blobs, Circles, CsvFile, Digits, Moons, Spirals, Xor
from engine.experiments.losses import classifier_inspection as inspection
from engine.experiments.losses.classifier import EXPERIMENT
from engine.experiments.losses.classifier_config import ClassifierConfig, prepare
from engine.optimizers.descent import GradientDescent
from engine.optimizers.table import OPTIMIZERS, FirstOrder
from engine.pieces import result_of
from engine.recording import footprint

SMALL = ClassifierConfig(layers=1, epochs=2, width=8)


def data_of(config):
    return result_of(prepare(config))


def frames(config):
    return EXPERIMENT.run(config, data_of(config))


def run(config):
    return list(frames(validated(config)))


def last_step(config):
    return EXPERIMENT.end(config, data_of(config))


@pytest.fixture(scope="module")
def trained():
    config = ClassifierConfig()
    return config, run(config)


def test_four_digits_are_learnt(trained):
    config, run_frames = trained
    assert run_frames[-1].step == last_step(config) == 320
    assert [frame.step for frame in run_frames] == list(range(321))
    assert run_frames[0].scalars["held_out.accuracy"] < 0.6
    assert run_frames[-1].scalars["held_out.accuracy"] > 0.95
    assert run_frames[-1].scalars["held_out.loss"] < 0.2
    assert not any(frame.diverged for frame in run_frames)


@pytest.mark.parametrize(
    ("data", "layers", "least"),
    [
        (Blobs(), 0, 0.95),
        (Circles(), 1, 0.95),
        (Moons(), 1, 0.95),
        (Xor(), 1, 0.9),
        (Spirals(noise=0.01), 3, 0.9),
    ],
)
def test_point_sets_are_learnt(data, layers, least):
    config = ClassifierConfig(data=data, layers=layers, epochs=60, activation="tanh")
    assert run(config)[-1].scalars["held_out.accuracy"] > least


def test_one_layer_alone_cannot_learn_xor():
    assert run(ClassifierConfig(data=Xor(), layers=0))[-1].scalars["held_out.accuracy"] < 0.75


@pytest.mark.parametrize("name", [name for name, kind in OPTIMIZERS.items() if issubclass(kind, FirstOrder)])
def test_every_first_order_optimizer_trains_in_single_precision(name):
    config = replaced(SMALL, optimizer=OPTIMIZERS[name](), epochs=1)
    last = run(config)[-1]
    assert last.snapshot.parameters.dtype == np.float32
    assert np.isfinite(last.scalars["held_out.loss"])


def test_the_same_config_gives_the_same_frames_to_the_last_bit():
    config = replaced(SMALL, data=Spirals(), label_smoothing=0.1, weight_decay=0.01)
    for one, other in zip(frames(config), frames(config), strict=True):
        assert one.scalars == other.scalars
        assert one.snapshot.parameters.tobytes() == other.snapshot.parameters.tobytes()
        np.testing.assert_array_equal(one.snapshot.batch, other.snapshot.batch)
    another = replaced(config, seed=1)
    assert run(another)[-1].scalars != run(config)[-1].scalars


def test_another_network_meets_the_same_data():
    deeper = replaced(SMALL, layers=3, optimizer=GradientDescent())
    assert data_of(SMALL) is data_of(deeper)
    assert not np.array_equal(data_of(SMALL).held_out, data_of(replaced(SMALL, seed=5)).held_out)


def test_frames_are_never_written_to_again():
    kept = [(frame.snapshot.parameters, frame.snapshot.parameters.copy()) for frame in frames(SMALL)]
    assert all(np.array_equal(now, then) for now, then in kept)
    with pytest.raises(ValueError, match="read-only"):
        data_of(SMALL).inputs[0] = 1


def test_every_example_is_seen_once_an_epoch():
    config = replaced(SMALL, batch_size=100)
    data = data_of(config)
    epochs = {1: [], 2: []}
    for frame in islice(frames(config), 1, None):
        epochs[frame.snapshot.epoch].extend(frame.snapshot.batch.tolist())
    assert sorted(epochs[1]) == sorted(epochs[2]) == data.training.tolist()
    assert epochs[1] != epochs[2]


def test_a_batch_larger_than_the_data_is_all_of_it():
    config = replaced(SMALL, batch_size=5000)
    assert last_step(config) == 2
    *_, last = frames(config)
    assert len(last.snapshot.batch) == len(data_of(config).training)


def test_the_batch_loss_is_that_of_the_parameters_before_the_step():
    config = replaced(SMALL, label_smoothing=0.2, layers=0)
    start, first = islice(frames(config), 2)
    data = data_of(config)
    w = start.snapshot.parameters.astype(float)[:-4].reshape(64, 4)
    batch = first.snapshot.batch
    y = np.eye(4)[data.labels[batch]] * 0.8 + 0.05
    expected = -(y * special.log_softmax(data.inputs[batch] @ w, axis=1)).sum(1).mean()
    assert first.scalars["training.loss"] == pytest.approx(expected, rel=1e-5)
    np.testing.assert_array_equal(start.snapshot.batch, batch)


def test_weight_decay_keeps_the_weights_small(trained):
    _, free = trained
    pulled = run(ClassifierConfig(weight_decay=0.1))
    assert np.linalg.norm(pulled[-1].snapshot.parameters) < 0.5 * np.linalg.norm(free[-1].snapshot.parameters)


def test_divergence_is_a_last_frame_that_says_so():
    config = ClassifierConfig(optimizer=GradientDescent(learning_rate=1000.0), layers=4)
    run_frames = run(config)
    last = run_frames[-1]
    assert last.step < last_step(config)
    assert last.diverged is not None
    assert str(last.step) in str(last.diverged)
    assert not any(frame.diverged for frame in run_frames[:-1])
    inspection.evaluate(config, data_of(config), last.snapshot)
    inspection.follow(config, data_of(config), last.snapshot, 0)
    assert not inspection.check(config, data_of(config), last.snapshot).passed


def test_a_network_whose_numbers_are_lost_predicts_no_class(trained):
    config, run_frames = trained
    whole = run_frames[-1].snapshot
    lost = replace(whole, parameters=np.full_like(whole.parameters, np.nan))
    judged = inspection.evaluate(config, data_of(config), lost)
    assert (judged.predicted == inspection.NO_CLASS).all()
    assert not judged.right.any()
    assert inspection.confusion(judged, data_of(config)).sum() == 0
    assert inspection.follow(config, data_of(config), lost, 3).predicted == inspection.NO_CLASS


@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_the_gradient_check_passes_at_the_start_and_later(activation):
    config = replaced(SMALL, activation=activation, layers=2, weight_decay=0.01, label_smoothing=0.1)
    for frame in islice(frames(config), 0, None, 20):
        check = inspection.check(config, data_of(config), frame.snapshot)
        assert check.passed, check
        assert check.count > 50


def test_confusion_and_accuracy_agree(trained):
    config, run_frames = trained
    last = run_frames[-1]
    data = data_of(config)
    judged = inspection.evaluate(config, data_of(config), last.snapshot)
    table = inspection.confusion(judged, data)
    assert table.sum() == len(data.held_out)
    np.testing.assert_array_equal(table.sum(axis=1), np.bincount(data.labels[data.held_out]))
    assert np.trace(table) / table.sum() == pytest.approx(last.scalars["held_out.accuracy"])
    assert judged.right.mean() == pytest.approx(last.scalars["held_out.accuracy"])
    np.testing.assert_allclose(judged.probabilities.sum(axis=1), 1, rtol=1e-5)


def test_following_a_digit_station_by_station():
    config = replaced(SMALL, layers=2, activation="tanh", label_smoothing=0.1)
    *_, last = frames(config)
    data = data_of(config)
    trace = inspection.follow(config, data_of(config), last.snapshot, int(data.held_out[3]))
    (w1, b1), (w2, b2), (w3, b3) = (
        (last.snapshot.parameters[a:b].reshape(shape), last.snapshot.parameters[b:c])
        for a, b, c, shape in [(0, 512, 520, (64, 8)), (520, 584, 592, (8, 8)), (592, 624, 628, (8, 4))]
    )
    assert trace.features.shape == (8, 8)
    a1 = np.tanh(trace.features.ravel() @ w1 + b1)
    a2 = np.tanh(a1 @ w2 + b2)
    np.testing.assert_allclose(trace.layers[1].a, a2, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(trace.logits, a2 @ w3 + b3, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(trace.probabilities, special.softmax(trace.logits), rtol=1e-12)
    target = np.eye(4)[trace.label] * 0.9 + 0.025
    np.testing.assert_allclose(trace.gradient, trace.probabilities - target, rtol=1e-9, atol=1e-12)
    assert trace.loss == pytest.approx(-(target * np.log(trace.probabilities)).sum())
    assert trace.loss == pytest.approx(trace.terms.sum())


def test_the_plane_holds_all_points_and_knows_the_mistakes():
    config = replaced(SMALL, data=Blobs(groups=3))
    *_, last = frames(config)
    data, seen = data_of(config), inspection.plane(config, data_of(config), last.snapshot)
    (x0, x1), (y0, y1) = seen.bounds
    low, high = data.inputs.min(axis=0), data.inputs.max(axis=0)
    room = 0.12 * (high - low)  # on each side
    np.testing.assert_allclose([[x0, y0], [x1, y1]], [low - room, high + room], rtol=1e-5)
    count = len(seen.probabilities)
    assert seen.probabilities.shape == (count, count, 3)
    corner = [[x0, y0], [x1, y0], [x0, y1]]  # x grows with the columns, y with the rows
    found = [seen.probabilities[0, 0], seen.probabilities[0, -1], seen.probabilities[-1, 0]]
    np.testing.assert_allclose(
        found, inspection.predict(config, data_of(config), last.snapshot, corner), rtol=1e-4, atol=1e-6
    )
    said = inspection.predict(config, data_of(config), last.snapshot, data.inputs).argmax(axis=1)
    assert seen.rows.tolist() == list(range(len(data.labels)))
    np.testing.assert_array_equal(seen.wrong, said != data.labels)
    np.testing.assert_allclose(seen.points, data.inputs)


def test_the_first_weights_are_images():
    start = next(frames(SMALL))
    images = inspection.weight_images(SMALL, data_of(SMALL), start.snapshot)
    assert images.shape == (8, 8, 8)
    assert images[2, 1, 3] == start.snapshot.parameters[(8 + 3) * 8 + 2]


def test_a_snapshot_counts_its_parameters_and_not_the_data():
    snapshot = next(frames(SMALL)).snapshot
    assert snapshot.parameters.nbytes < footprint(snapshot) < snapshot.parameters.nbytes + 2000


def test_a_table_of_ones_own(tmp_path: Path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "a,b,class\n" + "".join(f"{i},{1000 + i % 7},{'big' if i > 50 else 'small'}\n" for i in range(100))
    )
    config = replaced(SMALL, data=CsvFile(path=str(path)), epochs=40)
    data = data_of(config)
    assert data.class_names == ("big", "small")
    assert data.feature_names == ("a", "b")
    np.testing.assert_allclose(data.inputs[data.training].mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(data.inputs[data.training].std(axis=0), 1, rtol=1e-5)
    assert run(config)[-1].scalars["held_out.accuracy"] > 0.9
    path.write_text("a,class\n1,x\n2,y,3\n")
    with pytest.raises(Problem, match="line 3: expected 2 columns, found 3") as caught:
        run(config)
    assert caught.value.where == "data.path"
    with pytest.raises(Problem, match="Choose a file"):
        run(replaced(SMALL, data=CsvFile()))


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"layers": 5}, "layers"),
        ({"width": 0}, "width"),
        ({"activation": "cosine"}, "activation"),
        ({"held_out": 0.95}, "held_out"),
        ({"batch_size": 0}, "batch_size"),
        ({"label_smoothing": 1.0}, "label_smoothing"),
        ({"seed": -1}, "seed"),
        ({"data": Blobs(noise=-1.0)}, "data.noise"),
    ],
)
def test_settings_out_of_range_are_refused_by_name(changes, where):
    with pytest.raises(Problem) as caught:
        replaced(ClassifierConfig(), **changes)
    assert caught.value.where == where


@pytest.mark.parametrize("data", [Digits(), Digits((0, 9)), Blobs(), Moons(points=333), Spirals(), Xor()])
def test_the_steps_are_known_before_there_are_examples(data):
    config = replaced(ClassifierConfig(), data=data)
    assert config.steps == last_step(config)


def test_the_steps_on_a_table_are_not_known_before_it_is_read():
    assert replaced(ClassifierConfig(), data=CsvFile(path="animals.csv")).steps is None


@pytest.mark.parametrize("classes", [(1,), (1, 1), (3, 12), tuple(range(11))])
def test_impossible_digits_are_refused(classes):
    with pytest.raises(Problem):
        replaced(ClassifierConfig(), data=Digits(classes))
