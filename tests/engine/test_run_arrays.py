"""What is taken home of a run: named arrays that are the run's own numbers."""

import csv
import io
import zipfile

import numpy as np
import pytest

from engine.activations import softmax
from engine.experiments import EXPERIMENTS
from engine.run_arrays import npz_of, run_arrays, tables_of
from engine.runner import Runner
from engine.setting_paths import with_values


def taken(name, settings=None, step=3):
    """The arrays of a run after some steps, read back from the file; and the run."""
    experiment = EXPERIMENTS[name]
    runner = Runner(experiment, with_values(experiment.config_type(), settings or {}))
    runner.drive(step)
    found = run_arrays(experiment, runner.config, runner.recording, step)
    with np.load(io.BytesIO(npz_of(found)), allow_pickle=False) as file:
        return dict(file), runner


def test_the_weights_of_a_classifier_give_its_predictions_its_matrix_and_its_gradient():
    found, runner = taken("losses.classifier", {"weight_decay": 0.0})
    data = runner.recording.data
    x, labels = data.inputs[found["held_out.rows"]], found["held_out.labels"]
    p = softmax(x @ found["layer.1.weights"] + found["layer.1.bias"])
    assert found["held_out.probabilities"] == pytest.approx(p, rel=1e-4, abs=1e-6)
    assert np.array_equal(found["held_out.predicted"], p.argmax(axis=1))
    counted = np.zeros((4, 4), int)
    np.add.at(counted, (labels, found["held_out.predicted"]), 1)
    assert np.array_equal(found["confusion"], counted)
    batch = found["batch"]
    inputs = data.inputs[batch].astype(float)
    z = inputs @ found["layer.1.weights"].astype(float) + found["layer.1.bias"]
    d_z = (softmax(z) - np.eye(4)[data.labels[batch]]) / len(batch)  # p − y
    assert found["gradient.layer.1.weights"] == pytest.approx(inputs.T @ d_z, rel=1e-3, abs=1e-6)
    assert found["gradient.layer.1.bias"] == pytest.approx(d_z.sum(axis=0), rel=1e-3, abs=1e-6)


def test_the_gates_of_a_cell_give_its_state():
    found, _ = taken("lstm.cell")
    forget, entered = found["lstm.forget_gate"], found["lstm.input_gate"] * found["lstm.candidate"]
    cell = found["lstm.cell_state"]
    assert cell[1:] == pytest.approx(forget[1:] * cell[:-1] + entered[1:])
    assert found["lstm.hidden_state"] == pytest.approx(found["lstm.output_gate"] * np.tanh(cell))


def test_a_recurrent_network_has_its_parameters_gradients_and_gates_by_name():
    small = {"task": {"kind": "text", "length": 8}, "hidden": 6, "layers": 2, "batch_size": 2}
    found, runner = taken("lstm.train", small)
    outputs = runner.recording.data.shape.outputs
    for part in ("parameters", "gradient"):
        assert found[f"first.{part}.cells.2.forget_gate.of_state"].shape == (6, 6)
        assert found[f"first.{part}.readout.weights"].shape == (6, outputs)
    states = found["first.gates.2.hidden_state"]
    readout = states @ found["first.parameters.readout.weights"] + found["first.parameters.readout.bias"]
    assert found["first.outputs"] == pytest.approx(readout, rel=1e-3, abs=1e-5)


def test_a_deep_network_and_dead_units():
    found, _ = taken("gradients.deep_network", {"depth": 3, "width": 5})
    assert found["a.layer.2.weights"].shape == found["a.gradient.layer.2.weights"].shape == (5, 5)
    found, _ = taken("gradients.dying_relu")
    assert np.array_equal(found["units.dead"], found["units.positive"] == 0)
    assert found["units.dead"].mean() == pytest.approx(found["scalars.dead"][-1])


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_has_its_curves_up_to_the_step(name):
    found, runner = taken(name, step=1)
    assert found["step"] <= 1
    for scalar in runner.recording.names:
        column = runner.recording.column(scalar)[:2]
        assert np.array_equal(found[f"scalars.{scalar}"], column, equal_nan=True)
    assert not any(array.dtype == object for array in found.values())


def test_a_file_has_what_it_is_given_and_nothing_else_and_no_objects():
    given = {"file": np.arange(3), "allow_pickle": np.float32([[1.5]]), "word": np.array("β")}
    with np.load(io.BytesIO(npz_of(given)), allow_pickle=False) as found:
        assert found.files == [*given]
        assert all(np.array_equal(found[name], array) for name, array in given.items())
        assert found["allow_pickle"].dtype == np.float32
    with pytest.raises(ValueError, match="Object arrays"):
        npz_of({"objects": np.array([object()])})


def read_tables(content):
    """The tables of a ZIP, as lists of lines."""
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        return {name: list(csv.reader(io.StringIO(whole.read(name).decode()))) for name in whole.namelist()}


def test_tables_have_the_same_numbers_to_the_last_bit():
    found, _ = taken("lstm.train", {"task": {"kind": "text", "length": 8}, "hidden": 6, "batch_size": 2})
    tables = read_tables(tables_of(found))
    heads, *lines = tables.pop("scalars.csv")
    assert heads[0] == "step"
    assert [line[0] for line in lines] == ["0", "1", "2", "3"]
    for k, name in enumerate(heads[1:], start=1):
        column = np.array([float(line[k]) for line in lines])
        assert np.array_equal(column, found[f"scalars.{name}"], equal_nan=True)
    others = {name: array for name, array in found.items() if not name.startswith("scalars.")}
    assert set(tables) == {f"{name}.csv" for name in others}
    weights = others["first.parameters.readout.weights"]
    heads, *lines = tables["first.parameters.readout.weights.csv"]
    assert heads == ["index", *map(str, range(weights.shape[1]))]
    assert np.array_equal(np.array(lines, float)[:, 1:].astype(weights.dtype), weights)


def test_tables_of_arrays_of_any_dimension_by_hand():
    arrays = {"a": np.array(0.1), "b": np.array([1, 2]), "c": np.eye(2, dtype=bool), "d": np.zeros((1, 1, 2))}
    assert read_tables(tables_of(arrays)) == {
        "a.csv": [["value"], ["0.1"]],
        "b.csv": [["index", "value"], ["0", "1"], ["1", "2"]],
        "c.csv": [["index", "0", "1"], ["0", "True", "False"], ["1", "False", "True"]],
        "d.csv": [["index 0", "index 1", "index 2", "value"], ["0", "0", "0", "0.0"], ["0", "0", "1", "0.0"]],
    }
