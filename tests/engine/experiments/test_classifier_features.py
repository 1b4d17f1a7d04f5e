"""The classifier with filters: it learns, is followed map by map, and its gradient is checked."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import correlate2d

from engine.config import Problem, replaced
from engine.data.settings import CsvFile, Xor
from engine.experiment import Frame
from engine.experiments.losses import classifier_inspection as inspection
from engine.experiments.losses.classifier import EXPERIMENT
from engine.experiments.losses.classifier_config import ClassifierConfig, network_of, prepare
from engine.experiments.losses.classifier_features import EdgeFilters, LearntFilters, Pixels
from engine.experiments.losses.classifier_maps import contributions, weight_maps
from engine.networks.network import Network
from engine.pieces import result_of

LEARNT = ClassifierConfig(features=LearntFilters(), epochs=3)
EDGES = ClassifierConfig(features=EdgeFilters(), epochs=3)


def data_of(config):
    return result_of(prepare(config))


def run(config, count=None):
    frames = (one for one in EXPERIMENT.run(config, data_of(config)) if isinstance(one, Frame))
    return list(islice(frames, count))


@pytest.fixture(scope="module")
def learnt():
    return run(LEARNT)


@pytest.mark.parametrize("config", [LEARNT, replaced(EDGES, epochs=15)], ids=["learnt", "edges"])
def test_it_learns_with_filters(config):
    last = run(config)[-1]
    assert last.scalars["held_out.accuracy"] > 0.93
    assert last.snapshot.parameters.dtype == np.float32


def test_pixels_are_the_default_and_other_features_are_another_network():
    assert ClassifierConfig().features == Pixels()
    assert isinstance(network_of(ClassifierConfig(), data_of(ClassifierConfig())), Network)
    assert network_of(LEARNT, data_of(LEARNT)).count == 8 * 10 + 8 * 4 * 4 * 4 + 4
    assert network_of(EDGES, data_of(EDGES)).count == 4 * 4 * 4 * 4 + 4


def test_the_same_config_gives_the_same_frames_to_the_last_bit(learnt):
    for one, other in zip(learnt[:20], run(LEARNT, 20), strict=True):
        assert one.scalars == other.scalars
        assert one.snapshot.parameters.tobytes() == other.snapshot.parameters.tobytes()


@pytest.mark.parametrize(
    ("config", "count"),
    [(LEARNT, 2), (replaced(LEARNT, layers=1, width=8, weight_decay=0.01), 2), (EDGES, 1)],
)
def test_the_check_covers_the_filters(config, count):
    checks = inspection.check(config, data_of(config), run(config, 25)[-1].snapshot)
    assert len(checks) == count
    assert all(check.passed and check.count > 20 for check in checks), checks


def test_an_example_is_followed_map_by_map(learnt):
    data, snapshot = data_of(LEARNT), learnt[-1].snapshot
    trace = inspection.follow(LEARNT, data, snapshot, int(data.held_out[3]))
    filters, c = snapshot.parameters[:72].reshape(8, 3, 3), snapshot.parameters[72:80]
    for m, (filter_, shift) in enumerate(zip(filters, c, strict=True)):
        z = correlate2d(trace.features, filter_, mode="same") + shift
        np.testing.assert_allclose(trace.maps.z[m], z, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(trace.maps.a[m], np.maximum(z, 0), rtol=1e-4, atol=1e-5)
        largest = [
            [np.maximum(z, 0)[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max() for j in range(4)] for i in range(4)
        ]
        np.testing.assert_allclose(trace.maps.pooled[m], largest, rtol=1e-4, atol=1e-5)
        np.testing.assert_array_equal(trace.flat[16 * m : 16 * m + 16], trace.maps.pooled[m].ravel())
    w, b = snapshot.parameters[80:-4].reshape(128, 4), snapshot.parameters[-4:]
    np.testing.assert_allclose(trace.logits, trace.flat @ w + b, rtol=1e-4, atol=1e-5)


def test_what_the_maps_add_is_the_logit(learnt):
    data, snapshot = data_of(LEARNT), learnt[-1].snapshot
    trace = inspection.follow(LEARNT, data, snapshot, int(data.held_out[0]))
    weights = weight_maps(LEARNT, data, snapshot.parameters)
    assert weights.shape == (4, 8, 4, 4)
    assert weights[2, 5, 1, 3] == snapshot.parameters[80 + (5 * 16 + 1 * 4 + 3) * 4 + 2]
    parts = contributions(weights, trace.maps.pooled)
    np.testing.assert_allclose(
        parts.sum(axis=1) + snapshot.parameters[-4:], trace.logits, rtol=1e-4, atol=1e-5
    )
    assert weight_maps(ClassifierConfig(), data, snapshot.parameters) is None


def test_a_drawing_is_followed_like_an_example(learnt):
    data, snapshot = data_of(LEARNT), learnt[-1].snapshot
    one = inspection.follow_drawing(LEARNT, data, snapshot, ("380,300 500,150 500,850",), 0.12)
    assert one.features.shape == (8, 8)
    assert (one.example, one.label) == (inspection.DRAWN, inspection.NO_CLASS)
    assert data.class_names[one.predicted] == "1"
    np.testing.assert_allclose(one.probabilities.sum(), 1)
    blank = inspection.follow_drawing(LEARNT, data, snapshot, (), 0.12)
    assert not blank.features.any()
    pixels = ClassifierConfig(epochs=3)
    trained = run(pixels)[-1].snapshot
    drawn = inspection.follow_drawing(pixels, data, trained, ("380,300 500,150 500,850",), 0.12)
    assert data.class_names[drawn.predicted] == "1"
    assert drawn.maps is None


def test_points_have_no_maps_whatever_features_were_chosen():
    config = replaced(LEARNT, data=Xor())
    assert isinstance(network_of(config, data_of(config)), Network)
    assert len(run(config, 3)) == 3


def test_a_table_without_pictures_says_so(tmp_path: Path):
    path = tmp_path / "mine.csv"
    path.write_text("a,b,class\n" + "".join(f"{k},{k * k % 7},{k % 2}\n" for k in range(40)))
    with pytest.raises(Problem, match="each example is a row of 2 numbers; choose Pixels") as caught:
        data_of(replaced(LEARNT, data=CsvFile(path=str(path))))
    assert caught.value.where == "features"
    assert data_of(ClassifierConfig(data=CsvFile(path=str(path)))).shape == (2,)


def test_large_pictures_of_a_table_have_maps_too(tmp_path: Path):
    ink = np.random.default_rng(5).integers(0, 256, (24, 784))
    path = tmp_path / "digits.csv"
    rows = [",".join(map(str, (k % 2, *row))) for k, row in enumerate(ink.tolist())]
    path.write_text("\n".join(["label," + ",".join(f"pixel{k}" for k in range(784)), *rows]))
    config = replaced(LEARNT, data=CsvFile(path=str(path)), epochs=1)
    data, last = data_of(config), run(config)[-1]
    trace = inspection.follow(config, data, last.snapshot, 3)
    assert trace.maps.pooled.shape == (8, 14, 14)
    assert inspection.evaluate(config, data, last.snapshot).probabilities.shape == (len(data.held_out), 2)
    assert (
        inspection.follow_drawing(config, data, last.snapshot, ("100,100 900,900",), 0.1).flat.size == 8 * 196
    )


def test_a_window_larger_than_the_picture_is_refused_by_name(tmp_path: Path):
    path = tmp_path / "tiny.csv"
    ink = np.random.default_rng(5).integers(0, 256, (24, 9))
    rows = [",".join(map(str, (k % 2, *row))) for k, row in enumerate(ink.tolist())]
    path.write_text("\n".join(["label," + ",".join(f"pixel{k}" for k in range(9)), *rows]))
    table = CsvFile(path=str(path)).table
    config = replaced(
        LEARNT, data=CsvFile(str(path), replaced(table, pictures="yes")), features=LearntFilters(window=4)
    )
    with pytest.raises(Problem, match="larger than the pictures of 3 × 3 pixels") as caught:
        data_of(config)
    assert caught.value.where == "features.window"


@pytest.mark.parametrize(
    ("features", "where"),
    [
        (LearntFilters(maps=0), "features.maps"),
        (LearntFilters(side="4"), "features.side"),
        (EdgeFilters(filters="canny"), "features.filters"),
        (EdgeFilters(window=5), "features.window"),
    ],
)
def test_settings_out_of_range_are_refused_by_name(features, where):
    with pytest.raises(Problem) as caught:
        replaced(ClassifierConfig(), features=features)
    assert caught.value.where == where


def test_a_diverged_network_with_filters_predicts_no_class(learnt):
    lost = inspection.ClassifierSnapshot(
        np.full_like(learnt[0].snapshot.parameters, np.nan), 1, learnt[1].snapshot.batch
    )
    data = data_of(LEARNT)
    assert (inspection.evaluate(LEARNT, data, lost).predicted == inspection.NO_CLASS).all()
    assert inspection.follow(LEARNT, data, lost, 0).predicted == inspection.NO_CLASS
