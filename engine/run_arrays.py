"""The numbers of a run at one step, by name, as arrays: weights, gradients, predictions, gates, curves.

They can be written to a file, for use in other programs: as NPZ, which `numpy.load` reads, or as a ZIP of
CSV tables, which any program reads. Their names are such as

    scalars.training.loss               each scalar, at every step up to this one
    layer.1.weights, layer.1.bias       what an experiment tells of the step (`Experiment.arrays`)
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np
from numpy.lib.format import write_array
from numpy.typing import NDArray

from engine.config import Config
from engine.experiment import Experiment
from engine.recording import Recording

CURVES = "scalars."  # before the name of a scalar


def run_arrays(
    experiment: Experiment[Any, Any], config: Config, recording: Recording, step: int
) -> dict[str, NDArray[Any]]:
    """All arrays of a run: its curves up to the step, and what the experiment tells of the last snapshot.

    Of an experiment that tells nothing in particular it is the snapshot itself.
    """
    at, snapshot = recording.snapshot(step)
    told = experiment.arrays(config, recording.data, snapshot) or {"snapshot": snapshot}
    scalars = {name: recording.column(name)[: step + 1] for name in recording.names}
    found = {"step": np.array(at)}
    for name, value in {"scalars": scalars, **told}.items():
        found |= dict(named(value, name))
    return found


def named(value: Any, name: str) -> Iterator[tuple[str, NDArray[Any]]]:
    """The arrays in a value, each with the way to it; lists are counted from 1."""
    if isinstance(value, np.ndarray):
        yield name, value
    elif isinstance(value, bool | int | float | np.number):
        yield name, np.array(value)
    else:
        for key, inner in _parts(value):
            yield from named(inner, f"{name}.{key}")


def _parts(value: Any) -> list[tuple[str, Any]]:
    """The parts of a record, a list or a mapping, by their names."""
    if isinstance(value, Mapping):
        return [(str(key), inner) for key, inner in value.items()]
    if hasattr(value, "_asdict"):
        return list(value._asdict().items())
    if isinstance(value, list | tuple):
        return [(str(k), inner) for k, inner in enumerate(value, start=1)]
    fields = getattr(value, "__struct_fields__", getattr(value, "__dataclass_fields__", ()))
    return [(key, getattr(value, key)) for key in fields]


def npz_of(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays as the bytes of an NPZ file, which `numpy.load` opens without pickle.

    It is written part by part: `numpy.savez_compressed` of NumPy 2.0 and 2.1 cannot be told to use no pickle.

    Raises:
        ValueError: an array is of Python objects.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, array in arrays.items():
            with whole.open(f"{name}.npy", "w", force_zip64=True) as part:
                write_array(part, array, allow_pickle=False)
    return buffer.getvalue()


def tables_of(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays as the bytes of a ZIP file with CSV tables; every number can be read back exactly.

    scalars.csv has all curves, one line for each step. Every other array is a table of its own, with its
    name: one of up to two dimensions line by line, with the index of the line before and those of the columns
    above; one of more dimensions with a line for each number, after its indices. Indices count from 0.
    """
    buffer = io.BytesIO()
    curves = {name: array for name, array in arrays.items() if name.startswith(CURVES)}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as whole:
        if curves:
            heads = ["step", *(name.removeprefix(CURVES) for name in curves)]
            columns = [array.tolist() for array in curves.values()]
            whole.writestr("scalars.csv", _csv(heads, zip(count(), *columns, strict=False)))
        for name, array in arrays.items():
            if name not in curves:
                whole.writestr(f"{name}.csv", _csv(*_table(array)))
    return buffer.getvalue()


def _table(array: NDArray[Any]) -> tuple[list[str], Iterable[Sequence[object]]]:
    """The heads and the lines of the table of an array."""
    if array.ndim == 0:
        return ["value"], [[array.item()]]
    if array.ndim == 1:
        return ["index", "value"], enumerate(array.tolist())
    if array.ndim == 2:
        return ["index", *map(str, range(array.shape[1]))], (
            [k, *row] for k, row in enumerate(array.tolist())
        )
    heads = [f"index {axis}" for axis in range(array.ndim)]
    return [*heads, "value"], ([*place, value.item()] for place, value in np.ndenumerate(array))


def _csv(heads: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows(lines)
    return text.getvalue()
