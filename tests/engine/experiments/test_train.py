"""Training on sequences: what is learnt, what is measured, and what a snapshot shows."""

from functools import partial
from math import log, pi

import numpy as np
import pytest

from engine.config import Problem, replaced, validated
from engine.data.sequences import SequenceBatch
from engine.experiments.lstm.train import EXPERIMENT
from engine.experiments.lstm.train_config import TrainConfig, networks, titles
from engine.experiments.lstm.train_inspection import (
    answers,
    check,
    continue_waves,
    follow,
    write,
)
from engine.experiments.lstm.train_tasks import Adding, Echo, RecallTask, Sine, right
from engine.experiments.lstm.train_texts import Text, TextFile
from engine.optimizers.descent import GradientDescent
from engine.pieces import result_of
from engine.runner import Finish
from tests.runs import driven

TASKS = [
    Text(length=10),
    Text(name="daodejing", length=8),
    RecallTask(delay=5),
    Echo(delay=2, length=8),
    Adding(length=8),
    Sine(length=12, period=8),
]
SMALL = TrainConfig(hidden=8, batch_size=4, steps=3)


run = partial(driven, EXPERIMENT)


@pytest.mark.parametrize(
    ("task", "layers"),
    [(task, 1) for task in TASKS] + [(TASKS[0], 2), (TASKS[-1], 2)],  # of classes and of numbers
    ids=lambda value: type(value).__name__ + getattr(value, "name", "") if value in TASKS else str(value),
)
def test_every_task_trains_and_its_gradient_is_right(task, layers):
    config = replaced(SMALL, task=task, layers=layers, beside="gru")
    runner = run(config)
    assert runner.finish is Finish.COMPLETED
    shot = runner.recording.snapshot(3)[1]
    for model, network in enumerate(networks(config, config.task.prepare())):
        assert shot.parameters[model].shape == (network.count,)
        assert shot.parameters[model].dtype == np.float32
        assert check(config, config.task.prepare(), shot, model).passed


def test_a_wrong_gradient_is_found(monkeypatch):
    config = replaced(SMALL, task=RecallTask(delay=3))
    shot = run(config).recording.snapshot(3)[1]
    from engine.recurrent.network import RecurrentNetwork

    true = RecurrentNetwork.loss_and_gradient

    def wrong(self, *args):
        said = true(self, *args)
        return said._replace(gradient=said.gradient * 1.01)

    monkeypatch.setattr(RecurrentNetwork, "loss_and_gradient", wrong)
    assert not check(config, config.task.prepare(), shot, 0).passed


def test_an_untrained_model_guesses_about_evenly():
    recording = run(replaced(SMALL, steps=1, task=Text(length=10))).recording
    uniform, frequencies = (line.value for line in recording.data.lines)
    assert uniform == pytest.approx(log(len(recording.data.names)))
    assert recording.column("first.held_out")[0] == pytest.approx(uniform, rel=0.05)
    assert 2.8 < frequencies < 3.2, "English letters with spaces have about 4.3 bits"


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_a_letter_is_recalled(cell):
    config = TrainConfig(task=RecallTask(delay=4), cell=cell, hidden=24, steps=160)
    recording = run(config).recording
    assert recording.column("first.right")[-1] == 1.0
    assert recording.column("first.held_out")[-1] < 0.3 < log(4)
    shot = recording.snapshot(160)[1]
    assert answers(follow(config, config.task.prepare(), shot, 0))[-1] > 0.7


def test_the_text_gets_better():
    recording = run(TrainConfig(hidden=32, steps=400)).recording
    held_out = recording.column("first.held_out")
    assert held_out[0] == pytest.approx(4.08, abs=0.1)
    assert held_out[-1] < 2.6, "better than knowing the frequencies (3.03)"


def test_a_wave_is_continued():
    config = TrainConfig(task=Sine(period=10, noise=0.05, length=30), cell="gru", hidden=24, steps=300)
    shot = run(config).recording.snapshot(300)[1]
    [wave] = result_of(continue_waves(config, config.task.prepare(), shot))
    assert len(wave.given) == len(wave.predicted) == 30
    assert len(wave.continued) == 30
    expected = np.sin(1.0 + 2 * pi * np.arange(60) / 10)
    assert wave.true == pytest.approx(expected)
    assert np.abs(wave.continued[:10] - expected[30:40]).mean() < 0.15
    followed = follow(config, config.task.prepare(), shot, 0)
    assert wave.predicted[1:] == pytest.approx(followed.outputs[:-1, 0], abs=1e-4)


def test_both_models_are_given_the_same_batches_and_alone_the_first_does_the_same():
    config = replaced(SMALL, task=Echo(delay=1, length=6), beside="rnn")
    both, alone = run(config).recording, run(replaced(config, beside="none")).recording
    assert np.array_equal(both.column("first.loss"), alone.column("first.loss"))
    assert np.array_equal(both.snapshot(2)[1].batch.x, alone.snapshot(2)[1].batch.x)
    assert titles(config) == ("LSTM", "RNN")
    assert titles(replaced(config, beside="lstm")) == ("LSTM 1", "LSTM 2")
    twins = run(replaced(config, beside="lstm")).recording.snapshot(0)[1].parameters
    assert not np.array_equal(*twins)


def test_the_same_seed_gives_the_same_run():
    config = replaced(SMALL, task=Adding(length=8))
    one, same, other = (run(replaced(config, seed=seed)).recording for seed in (3, 3, 4))
    assert np.array_equal(one.snapshot(3)[1].parameters[0], same.snapshot(3)[1].parameters[0])
    assert not np.array_equal(one.column("first.loss"), other.column("first.loss"))


def test_long_gradients_are_clipped_and_short_ones_are_not():
    config = replaced(SMALL, task=Adding(length=8), clip=0.05, optimizer=GradientDescent(learning_rate=1.0))
    recording = run(config).recording
    before, after = recording.column("first.norm")[1:], recording.column("first.clipped")[1:]
    assert before[0] > 0.05
    assert after == pytest.approx(np.minimum(before, 0.05))
    first, second = (recording.snapshot(k)[1].parameters[0] for k in (0, 1))
    assert np.linalg.norm(second - first) == pytest.approx(0.05, rel=1e-3)
    free = run(replaced(config, clip=0.0)).recording
    assert np.array_equal(free.column("first.norm")[1:], free.column("first.clipped")[1:])


def test_what_is_written_comes_from_the_snapshot_and_the_temperature():
    config = replaced(SMALL, task=Text(length=10), steps=2)
    shot = run(config).recording.snapshot(2)[1]
    given, made, unknown = write(config, config.task.prepare(), shot, 0, 1.0, 50)
    assert unknown == ""
    assert given == "this curious child was very"[: len(given)]
    assert len(made) == 50
    assert write(config, config.task.prepare(), shot, 0, 1.0, 50) == (given, made, "")
    assert write(config, config.task.prepare(), shot, 0, 0.5, 50)[1] != made
    greedy = write(config, config.task.prepare(), shot, 0, 0.0, 50)[1]
    assert len(set(greedy)) < len(set(made)), "the likeliest goes in circles"
    from_words = write(config, config.task.prepare(), shot, 0, 0.0, 50, "Alice")
    assert from_words.given == "Alice"
    assert from_words.made != greedy
    assert write(config, config.task.prepare(), shot, 0, 0.0, 50, "A道lice道") == (
        "Alice",
        from_words.made,
        "道",
    )
    assert write(config, config.task.prepare(), shot, 0, 0.0, 50, "道é") == (given, greedy, "道é"), (
        "no word is left: as without"
    )


def test_gates_over_the_passage_are_those_of_the_readable_cell():
    config = replaced(SMALL, task=Text(length=10))
    shot = run(config).recording.snapshot(3)[1]
    followed = follow(config, config.task.prepare(), shot, 0)
    (network,) = networks(config, config.task.prepare())
    codes = config.task.prepare().passage.x[:, 0]
    cell, theta = network.cells[0], shot.parameters[0]
    x = np.eye(network.inputs, dtype=np.float32)[codes][:, None, :]
    by_hand = cell.forward(theta[: cell.count], x).gates
    for name in by_hand._fields:
        assert getattr(followed.run.gates, name) == pytest.approx(getattr(by_hand, name), abs=1e-5), name


def test_divergence_is_told_and_ends_the_run():
    config = TrainConfig(
        task=Adding(length=20),
        cell="rnn",
        hidden=8,
        clip=0.0,
        steps=400,
        optimizer=GradientDescent(learning_rate=1000.0),
    )
    runner = run(config)
    assert runner.finish is Finish.DIVERGED
    shot = runner.recording.snapshot(runner.recording.last)[1]
    follow(config, config.task.prepare(), shot, 0)


def test_right_counts_only_where_it_is_asked():
    y = np.zeros((2, 2, 1))
    y[1] = 1.0  # always answers 1
    batch = SequenceBatch(np.zeros((2, 1), int), np.array([[0], [1]]), np.array([[0.0], [1.0]]))
    assert right(y, batch) == 1.0
    assert right(y, batch._replace(read=None)) == 0.5


def refused(config):
    with pytest.raises(Problem) as caught:
        result_of(EXPERIMENT.preparing(config))
    return caught.value


def test_a_file_of_ones_own(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("to be or not to be, that is the question\n" * 20, encoding="utf-8")
    config = replaced(SMALL, task=TextFile(path=str(path), length=12))
    done = run(config)
    assert done.finish is Finish.COMPLETED
    path.write_text("another alphabet: 0123456789\n" * 20, encoding="utf-8")
    shot = done.recording.snapshot(3)[1]
    read = done.recording.data
    assert len(write(config, read, shot, 0, 1.0, 10)[1]) == 10, "the run keeps what it has read"
    assert follow(config, read, shot, 0).outputs.shape[1] == len(
        set("to be or not to be, that is the question\n")
    )
    assert refused(replaced(SMALL, task=TextFile())).where == "task.path"
    assert "no file" in str(refused(replaced(SMALL, task=TextFile(path=str(tmp_path / "gone")))))
    path.write_text("too short", encoding="utf-8")
    problem = refused(config)
    assert problem.where == "task.path"
    assert "at least" in str(problem)
    path.write_bytes(b"\xff\xfe\x00x" * 100)
    assert refused(config).where == "task.path"
    path.write_bytes(("ä" * 300).encode("latin-1"))
    assert "UTF-8" in str(refused(config))
    path.write_text("abc def. " * 30, encoding="utf-8")
    problem = refused(replaced(SMALL, task=TextFile(path=str(path), length=100)))
    assert problem.where == "task.length"
    assert "too few" in str(problem)


def test_settings_that_cannot_be_are_refused():
    with pytest.raises(Problem) as caught:
        validated(Echo(delay=20, length=10))
    assert caught.value.where == "delay"
    for changes in ({"seed": -1}, {"hidden": 0}, {"layers": 3}, {"cell": "elman"}):
        with pytest.raises(Problem):
            replaced(SMALL, **changes)
