"""The examples of a run in a script: digits, points in the plane, the user's own table; held out, scaled.

    inputs[n, d] (float64), labels[n]           training, held_out: rows of the examples

They are made with NumPy in both frameworks, with the same draws as `engine.data.datasets`.
"""

import codecs
import math
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from engine.data.csv_data import MOST_BYTES
from engine.data.datasets import DIGITS
from engine.data.settings import Blobs, Circles, CsvFile, DataSet, Digits, Moons, Spirals, Xor
from engine.data.table_format import MISSING, number_in
from engine.data.training_data import TrainingData
from engine.data.user_files import bytes_of, decoded, encoding_of
from engine.scripts.writer import ScriptWriter, literal

ON_CIRCLE = "np.stack([np.cos(angle), np.sin(angle)], axis=1)"
NOISE = "rng_data.normal(0.0, noise, (points, 2))"
# How the points of each set are drawn
POINTS: dict[type[DataSet], str] = {
    Blobs: f"""
        labels = np.arange(points) % classes
        angle = 2.0 * np.pi * (labels / classes)
        inputs = {ON_CIRCLE} + {NOISE}
    """,
    Circles: f"""
        labels = np.arange(points) % 2
        radius = np.where(labels == 0, 1.0, 0.5)[:, None]
        angle = 2.0 * np.pi * rng_data.random(points)
        inputs = radius * {ON_CIRCLE} + {NOISE}
    """,
    Moons: f"""
        labels = np.arange(points) % 2
        angle = 2.0 * np.pi * (0.5 * rng_data.random(points))
        upper = {ON_CIRCLE} - (0.5, 0.25)
        inputs = np.where((labels == 0)[:, None], upper, -upper)
        inputs = inputs + {NOISE}
    """,
    Spirals: f"""
        labels = np.arange(points) % classes
        along = np.sqrt(rng_data.random(points))
        angle = 2.0 * np.pi * (1.25 * along + labels / classes)
        arm = (0.05 + 0.95 * along)[:, None] * {ON_CIRCLE}
        inputs = arm + {NOISE}
    """,
    Xor: f"""
        inputs = rng_data.uniform(-1.0, 1.0, (points, 2))
        labels = (inputs[:, 0] * inputs[:, 1] < 0).astype(int)
        labels[:4] = (0, 0, 1, 1)  # a point in every quarter
        inputs[:4] = 0.5 * np.array([(1, 1), (-1, -1), (1, -1), (-1, 1)])
        inputs = inputs + {NOISE}
    """,
}


def write_generators(script: ScriptWriter, seed: int, names: Sequence[str] = ("rng_data", "rng")) -> None:
    """Write the random generators of a run: of the data, of the training, and more."""
    tr = script.tr
    script.note(tr("Independent random generators: of the data, and of all else"))
    script.setting("seed", seed)
    script.code(f"{', '.join(names)} = np.random.default_rng(seed).spawn({len(names)})")


def write_examples(script: ScriptWriter, source: DataSet, data: TrainingData) -> None:
    """Write `inputs` and `labels` of a data set, which are `data` in the engine; points need `rng_data`."""
    tr = script.tr
    match source:
        case Digits():
            script.note(tr("The examples: handwritten digits of 8 × 8 pixels, each as a row of 64 numbers"))
            _digits(script, source)
        case CsvFile():
            script.note(tr("The examples: the rows of the table"))
            _table(script, source, data)
        case Blobs() | Circles() | Moons() | Spirals() | Xor():
            script.note(tr("The examples: points of the plane, each with its class"))
            script.setting("points", source.points)
            script.setting("noise", source.noise)
            if isinstance(source, Blobs | Spirals):
                script.setting("classes", source.groups)
            script.code(POINTS[type(source)])
        case _:
            raise TypeError(type(source).__name__)


def write_data(script: ScriptWriter, source: DataSet, held_out: float, data: TrainingData) -> None:
    """Write all of them: the examples, which of them are held out, and the scale of a table."""
    write_examples(script, source, data)
    write_split(script, held_out)
    if data.about is not None:
        (write_scaled_pixels if len(data.shape) == 2 else write_standardised)(script)


def write_split(script: ScriptWriter, fraction: float) -> None:
    """Write `training` and `held_out`, the rows of the examples: a fraction of every class is held out."""
    script.note(script.tr("Of every class a fraction is held out, to test the network on it"))
    script.code(f"""
        held_out = []
        for label in range(labels.max() + 1):
            rows = rng_data.permutation(np.flatnonzero(labels == label))
            count = min(max(round({literal(fraction)} * len(rows)), 1), len(rows) - 1)
            held_out.append(rows[:count])
        held_out = np.sort(np.concatenate(held_out))
        training = np.setdiff1d(np.arange(len(labels)), held_out)
    """)


def write_standardised(script: ScriptWriter) -> None:
    """Write that `inputs` get mean 0 and standard deviation 1 in every column, of the training examples."""
    words = "Mean 0 and standard deviation 1 in every column, measured on the training examples"
    script.note(script.tr(words))
    script.code("""
        mean, spread = inputs[training].mean(axis=0), inputs[training].std(axis=0)
        inputs = (inputs - mean) / np.where(spread > 0, spread, 1.0)
    """)


def write_scaled_pixels(script: ScriptWriter) -> None:
    """Write that the pixels of a table are divided by the largest one of the training examples."""
    script.note(script.tr("The pixels are scaled by the largest one of the training examples"))
    script.code("inputs = inputs / (np.abs(inputs[training]).max() or 1.0)")


def path_of(script: ScriptWriter, path: str) -> str:
    """An expression for the path of a file of the user, from the folder of the script if that is known."""
    script.imports.add("from pathlib import Path")
    if script.folder is not None:
        with suppress(ValueError):  # on another drive
            way = os.path.relpath(path, script.folder)
            return f"Path(__file__).parent / {literal(way.replace(os.sep, '/'))}"
    return f"Path({literal(path)})"


def _digits(script: ScriptWriter, source: Digits) -> None:
    script.imports.add("from pathlib import Path")
    script.files[DIGITS.name] = DIGITS.read_bytes()
    script.setting("classes", list(source.classes))
    script.code(f"""
        with np.load(Path(__file__).parent / "{DIGITS.name}") as file:
            images, digits = file["images"], file["labels"]
        chosen = np.isin(digits, classes)
        inputs = images[chosen].reshape(-1, 64) / 16.0
        labels = np.array([classes.index(digit) for digit in digits[chosen]])
    """)


def _table(script: ScriptWriter, source: CsvFile, data: TrainingData) -> None:
    """Read the table with the layout that was found; a row of the file is an example, or is left out."""
    assert data.about is not None
    layout, content = data.about.layout, bytes_of(Path(source.path), MOST_BYTES)
    encoding = _encoding(content, source.table.encoding)
    script.imports.add("import csv")
    script.code(f"with open({path_of(script, source.path)}, encoding={literal(encoding)}) as file:")
    lines = "file"
    if layout.separator == " ":
        script.code('lines = (" ".join(line.split()) for line in file)', 1)
        lines = "lines"
    script.code(f"cut = csv.reader({lines}, delimiter={literal(layout.separator)}, skipinitialspace=True)", 1)
    script.code("rows = [[cell.strip() for cell in row] for row in cut]", 1)
    if layout.skipped:
        script.code(f"rows = rows[{layout.skipped}:]")
    script.code(f"rows = [row for row in rows if any(row)]{'[1:]' if layout.header else ''}")
    script.code(f"columns, label = {_columns(layout.features)}, {layout.label}")
    if data.about.missing:
        script.code(f"missing = {literal(sorted(MISSING))}")
        script.code("rows = [r for r in rows if not any(r[k].lower() in missing for k in [*columns, label])]")
    cell = "row[k]"
    if "\N{MINUS SIGN}" in decoded(content, source.table.encoding):
        cell += '.replace("\N{MINUS SIGN}", "-")'
    if layout.decimal == ",":
        cell += '.replace(",", ".")'
    script.code(f"inputs = np.array([[float({cell}) for k in columns] for row in rows])")
    values = [number_in(name) for name in data.class_names]
    by_number = all(value is not None and math.isfinite(value) for value in values)
    order = ", key=lambda name: (float(name), name)" if by_number else ""
    script.code(f"classes = sorted({{row[label] for row in rows}}{order})")
    script.code("labels = np.array([classes.index(row[label]) for row in rows])")


def _columns(columns: Sequence[int]) -> str:
    """The numbers of columns; as a range where they follow each other."""
    first, after = columns[0], columns[-1] + 1
    if len(columns) > 1 and list(columns) == list(range(first, after)):
        return f"range({first}, {after})"
    return literal(list(columns))


def _encoding(content: bytes, said: str) -> str:
    """The encoding of a file, as Python names it."""
    if said == "auto":
        return encoding_of(content)
    if said == "utf-8":
        return "utf-8-sig"
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return "utf-16-le" if said == "utf-16" and not marked else said
