"""What the fully connected layers of *Losses ▸ Image classifier* are given: pixels, or maps of filters."""

from typing import Annotated, ClassVar

from engine.config import Problem, Tagged, choice, number, plain
from engine.networks.edge_filters import EDGES
from engine.networks.feature_maps import FilterBank
from engine.networks.pooling import POOLINGS

SIDES = {"3": "3 × 3", "5": "5 × 5", "7": "7 × 7"}
PoolingName = Annotated[
    str,
    choice(
        "Pooling",
        "Which number of every window is handed over.",
        {name: pooling.title for name, pooling in POOLINGS.items()},
    ),
]
Window = Annotated[
    int,
    number("Window", "Rows and columns of a pooling window; 1 keeps every entry.", ge=1, le=4),
]


class FeatureKind(Tagged, frozen=True):
    """Base of what can be handed to the fully connected layers."""

    title: ClassVar[str]
    meaning: ClassVar[str]

    def bank(self, shape: tuple[int, ...]) -> FilterBank | None:
        """The filters for pictures of a shape; None where the picture is handed over as it is."""
        return None


class Pixels(FeatureKind, frozen=True, tag="pixels"):
    """The picture itself."""

    title = "Pixels"
    meaning = "The picture itself, flattened: every pixel is a number for the fully connected layer."


class EdgeFilters(FeatureKind, frozen=True, tag="edges"):
    """Fixed filters that answer to edges."""

    title = "Edge filters"
    meaning = (
        "Four fixed filters show where there are edges, each in one direction; nothing of them is learnt."
    )
    filters: Annotated[
        str,
        choice("Filters", "Which edge filters.", {name: title for name, (title, _) in EDGES.items()}),
    ] = "sobel"
    pooling: PoolingName = "max"
    window: Window = 2

    def bank(self, shape: tuple[int, ...]) -> FilterBank:
        """Four maps."""
        return FilterBank(picture_shape(shape), self.pooling, self.window, edges=self.filters)


class LearntFilters(FeatureKind, frozen=True, tag="convolution"):
    """Filters that are learnt like all other weights."""

    title = "Learnt convolution"
    meaning = "Filters that are learnt together with the fully connected layers; ReLU and pooling after them."
    maps: Annotated[
        int, number("Feature maps", "How many filters there are; each makes one map.", ge=1, le=16)
    ] = 8
    side: Annotated[str, choice("Filter size", "Pixels of a filter.", SIDES)] = "3"
    pooling: PoolingName = "max"
    window: Window = 2

    def bank(self, shape: tuple[int, ...]) -> FilterBank:
        """As many maps as there are filters."""
        return FilterBank(picture_shape(shape), self.pooling, self.window, self.maps, int(self.side))


Features = Annotated[
    Pixels | EdgeFilters | LearntFilters,
    plain(
        "Features",
        "What the fully connected layers are given: the pixels, or the maps of filters.",
        when=lambda config: config.data.pictures,
    ),
]


def picture_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns of a picture."""
    rows, columns = shape
    return rows, columns


def check_features(features: FeatureKind, shape: tuple[int, ...]) -> None:
    """Check that there are features of examples of a shape.

    Raises:
        Problem: filters for examples that are no pictures, or a window that is larger than the picture.
    """
    if isinstance(features, Pixels):
        return
    if len(shape) != 2:
        sentence = "Filters need pictures, but each example is a row of {count} numbers; choose Pixels"
        raise Problem(sentence, where="features", count=shape[0])
    bank = features.bank(shape)
    if bank is not None and bank.window > min(shape):
        sentence = "The window is larger than the pictures of {rows} × {columns} pixels"
        raise Problem(sentence, where="features.window", rows=shape[0], columns=shape[1])
