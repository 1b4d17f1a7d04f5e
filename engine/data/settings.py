"""The settings that choose a classifier's data: real digits, points in the plane, the user's own table."""

from collections.abc import Generator
from typing import Annotated, ClassVar, NamedTuple

import msgspec
import numpy as np

from engine.config import Problem, Tagged, number, plain
from engine.data import datasets
from engine.data.csv_data import About, Table, reading
from engine.data.datasets import Labelled
from engine.data.table_format import TableFormat
from engine.data.user_files import stamp_of
from engine.pieces import Preparing, Recent

Points = Annotated[int, number("Points", "How many examples there are.", ge=20, le=5000, soft=(50, 1000))]
Noise = Annotated[
    float,
    number("Noise", "How far the points are scattered, as a standard deviation.", ge=0, le=1, soft=(0, 0.5)),
]
Groups = Annotated[int, number("Classes", "How many classes there are.", ge=2, le=10)]
HeldOut = Annotated[
    float,
    number("Held out", "Fraction of the examples that is not used for training.", ge=0.05, le=0.9, more=True),
]


def digit_classes(meaning: str, most: int = 10, more: bool = False) -> msgspec.Meta:
    """Describe a field of two to `most` digits; `check_digits` checks them."""
    return plain("Digits", meaning, kind="classes", more=more, min_length=2, max_length=most)


class Loaded(NamedTuple):
    """The examples, and what the user is told about the table that they are from."""

    labelled: Labelled
    about: About | None = None


class DataSet(Tagged, frozen=True):
    """Base of the data sets that a network can learn from."""

    title: ClassVar[str]
    meaning: ClassVar[str]
    pictures: ClassVar[bool] = False  # whether its examples are pictures, or may be

    def load(self, rng: np.random.Generator) -> Labelled:
        """Return the examples."""
        raise NotImplementedError

    def loading(self, rng: np.random.Generator) -> Generator[Preparing, None, Loaded]:
        """Return the examples at the end; if reading takes long, yield the fraction that is read."""
        yield from ()
        return Loaded(self.load(rng))

    def stamp(self) -> tuple[int, ...]:
        """Numbers that change when the examples change although the settings stay the same."""
        return ()


class Digits(DataSet, frozen=True, tag="digits"):
    """Real handwritten digits."""

    title = "Handwritten digits"
    meaning = "Real images of 8 × 8 pixels; a class for each digit chosen."
    pictures = True
    classes: Annotated[tuple[int, ...], digit_classes("Which digits to tell apart, two to ten.")] = tuple(
        range(4)
    )

    def __post_init__(self) -> None:
        datasets.check_digits(self.classes, where="classes")

    def load(self, rng: np.random.Generator) -> Labelled:
        """Return the images of the chosen digits."""
        return datasets.digits(self.classes)


class Blobs(DataSet, frozen=True, tag="blobs"):
    """Round clouds."""

    title = "Blobs"
    meaning = "A round cloud of points for each class; with little noise straight lines divide them."
    points: Points = 400
    noise: Noise = 0.25
    groups: Groups = 4

    def load(self, rng: np.random.Generator) -> Labelled:
        """Draw the points."""
        return datasets.blobs(self.points, self.noise, rng, self.groups)


class Circles(DataSet, frozen=True, tag="circles"):
    """A ring inside another ring."""

    title = "Circles"
    meaning = "One ring inside another: no straight line divides them."
    points: Points = 400
    noise: Noise = 0.08

    def load(self, rng: np.random.Generator) -> Labelled:
        """Draw the points."""
        return datasets.circles(self.points, self.noise, rng)


class Moons(DataSet, frozen=True, tag="moons"):
    """Two half rings."""

    title = "Moons"
    meaning = "Two half rings that reach into each other."
    points: Points = 400
    noise: Noise = 0.1

    def load(self, rng: np.random.Generator) -> Labelled:
        """Draw the points."""
        return datasets.moons(self.points, self.noise, rng)


class Spirals(DataSet, frozen=True, tag="spirals"):
    """Spiral arms."""

    title = "Spirals"
    meaning = "Arms wound around each other: the hardest set; try more layers."
    points: Points = 600
    noise: Noise = 0.03
    groups: Groups = 4

    def load(self, rng: np.random.Generator) -> Labelled:
        """Draw the points."""
        return datasets.spirals(self.points, self.noise, rng, self.groups)


class Xor(DataSet, frozen=True, tag="xor"):
    """Opposite quarters of a square have the same class."""

    title = "XOR"
    meaning = "Opposite quarters of a square are one class: without a hidden layer it cannot be learned."
    points: Points = 400
    noise: Noise = 0.05

    def load(self, rng: np.random.Generator) -> Labelled:
        """Draw the points."""
        return datasets.xor(self.points, self.noise, rng)


_tables: Recent[Table] = Recent(most=1)  # it may be large


class CsvFile(DataSet, frozen=True, tag="csv"):
    """A table of the user."""

    title = "Your own table (CSV)"
    meaning = "A text file with one example per line: columns of numbers, and one with the class."
    pictures = True
    path: Annotated[
        str,
        plain(
            "File",
            "A table in text form (CSV) of up to 100 MB. Columns… shows how it is read, and lets you choose.",
            kind="file",
            max_length=4096,
        ),
    ] = ""
    table: Annotated[
        TableFormat,
        plain("Read as", "Separator, decimal sign, encoding, header, label and features.", kind="table"),
    ] = TableFormat()

    def loading(self, rng: np.random.Generator) -> Generator[Preparing, None, Loaded]:
        """Read the table, block by block; a table that was just read is not read again.

        Raises:
            Problem: no file is chosen, or it cannot be read; `where` is this field.
        """
        if not self.path:
            raise Problem("Choose a file: Browse…, or drop one on the window", where="data.path")
        key = (self, self.stamp())
        table = _tables.get(key)
        try:
            work = reading(self.path, self.table)
            while table is None:
                try:
                    yield Preparing(next(work))
                except StopIteration as end:
                    table = _tables.keep(key, end.value)
        except Problem as problem:
            raise Problem(problem.sentence, where="data.path", **problem.values) from problem
        return Loaded(*table)

    def stamp(self) -> tuple[int, ...]:
        """When the file was last changed, and its size."""
        return stamp_of(self.path)
