"""What a run needs is known before it begins; too much is refused with the number that fits."""

import numpy as np
import pytest

from engine.config import Problem, replaced
from engine.experiments.lstm import memory, train
from engine.experiments.lstm.memory_config import MemoryConfig
from engine.experiments.lstm.train_config import TrainConfig, piece_size
from engine.experiments.lstm.train_tasks import Adding
from engine.memory_limit import MOST_MEMORY, check_memory, largest_that_fits
from engine.pieces import result_of
from engine.recurrent.fast.table import memory_of, sequence_of
from engine.recurrent.through_time import CELLS
from engine.runner import Finish, Runner


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_memory_of_a_workspace_is_that_of_its_arrays(name: str, dtype: type) -> None:
    cell = CELLS[name](20, 128)
    arrays = [
        value for value in vars(sequence_of(cell, 100, 32, dtype)).values() if isinstance(value, np.ndarray)
    ]
    held = sum(array.nbytes for array in arrays if array.base is None)
    assert memory_of(cell, 100, 32, dtype) == pytest.approx(held, rel=0.05)


def test_the_largest_that_fits_is_the_last_before_the_limit() -> None:
    a_tenth = MOST_MEMORY // 10
    assert largest_that_fits(lambda n: n * a_tenth, 1000) == 10
    assert largest_that_fits(lambda n: n * 2**20, 5000) == 1024  # to the last byte
    assert largest_that_fits(lambda n: MOST_MEMORY + n, 1000) == 0
    with pytest.raises(Problem, match=r"2\.0 GB .*Width: at most 10 here") as refused:
        check_memory(lambda n: n * a_tenth, 20, "Width", "width")
    assert refused.value.where == "width"
    check_memory(lambda n: n * a_tenth, 10, "Width", "width")


def test_a_large_recall_is_refused_and_the_number_named_fits() -> None:
    with pytest.raises(Problem) as refused:
        replaced(MemoryConfig(), delay=256, hidden=128, batch_size=256)
    fits = refused.value.values["most"]
    assert refused.value.where == "batch_size"
    assert replaced(MemoryConfig(), delay=256, hidden=128, batch_size=fits).batch_size == fits
    with pytest.raises(Problem):
        replaced(MemoryConfig(), delay=256, hidden=128, batch_size=int(str(fits)) + 1)


@pytest.mark.parametrize(("typed", "most"), [({"delay": 10**6}, 256), ({"hidden": 10**9}, 128)])
def test_a_setting_beyond_its_own_range_is_refused_for_that(typed: dict[str, int], most: int) -> None:
    """The message stands at the field that was typed, and says its range; numbers of any size come."""
    with pytest.raises(Problem, match=f"^Must be at most {most}$") as refused:
        replaced(MemoryConfig(), **typed)
    assert [refused.value.where] == list(typed)
    with pytest.raises(Problem, match="too large"):
        replaced(MemoryConfig(), **dict.fromkeys(typed, 10**300))


def test_a_large_network_is_refused_before_it_is_made() -> None:
    config = replaced(
        TrainConfig(), task=Adding(length=200), hidden=512, layers=2, beside="lstm", batch_size=256
    )
    runner = Runner(train.EXPERIMENT, config)
    runner.drive(0)
    assert runner.finish is Finish.FAILED
    assert runner.problem is not None
    assert runner.problem.where == "batch_size"
    fits = int(str(runner.problem.values["most"]))
    assert 1 <= fits < 256
    smaller = replaced(config, batch_size=fits)
    made = train.models_of(smaller, smaller.task.prepare(), np.random.default_rng(0))
    held = sum(
        array.nbytes
        for model in made
        for layer in (*model.training.layers, *model.measuring.layers)
        for array in vars(layer).values()
        if isinstance(array, np.ndarray) and array.base is None
    )
    assert 0.6 * MOST_MEMORY < held < MOST_MEMORY


def test_what_is_held_out_is_measured_in_pieces_where_it_is_too_large() -> None:
    config = replaced(TrainConfig(), task=Adding(length=200), hidden=256, batch_size=1)
    data = config.task.prepare()
    assert data.held_out.x.shape[1] == 128
    assert piece_size(config, data) < 128
    [model] = train.models_of(config, data, np.random.default_rng(1))
    whole = model.network.loss(model.learner.theta, data.held_out, model.network.workspace(200, 128))
    assert result_of(model.measure(data))["first.held_out"] == pytest.approx(whole, rel=1e-5)


def test_the_accuracy_of_pieces_is_that_of_the_whole() -> None:
    config = replaced(MemoryConfig(), delay=5)
    cell = memory.CellLearner(config, "gru", 5)
    test = memory.examples_of(config, 5, -1)
    assert len(test.labels) == memory.TEST > cell.test_net.sequence.batch
    whole = memory.recall_of("gru", config.classes, config.hidden, 5, memory.TEST, np.float32)
    assert result_of(cell.test_net.accuracy(cell.learner.theta, test)) == pytest.approx(
        whole.loss_and_accuracy(cell.learner.theta, test)[1]
    )
