"""The numbers of a run at one step, by name, as arrays: weights, gradients, predictions, gates, curves.

They can be written to a file, for use in other programs; `numpy.load` reads it. Their names are such as

    scalars.training.loss               each scalar, at every step up to this one
    layer.1.weights, layer.1.bias       what an experiment tells of the step (`Experiment.arrays`)
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.lib.format import write_array
from numpy.typing import NDArray

from engine.config import Config
from engine.experiment import Experiment
from engine.recording import Recording


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
    if isinstance(value, Mapping):
        return [(str(key), inner) for key, inner in value.items()]
    if hasattr(value, "_asdict"):
        return list(value._asdict().items())
    if isinstance(value, list | tuple):
        return [(str(k), inner) for k, inner in enumerate(value, start=1)]
    fields = getattr(value, "__dataclass_fields__", {})
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
