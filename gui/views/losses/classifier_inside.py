"""What a classifier has become inside: first weights, regions of the plane, mistakes, held-out examples."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal

from engine.data.training_data import TrainingData
from engine.experiments.losses.classifier_inspection import (
    NO_CLASS,
    ClassifiedPlane,
    Evaluation,
    confusion,
    weight_images,
)
from gui.look.language import tr
from gui.look.numbers import counted
from gui.look.theme import Theme
from gui.plots.heatmap import HeatmapPanel
from gui.plots.images import ImagesPanel
from gui.plots.regions import RegionsPanel
from gui.views.losses.classifier_options import At, followed_row

STRIP = 400  # held-out examples in the strip
FRONT = 12  # of them that are surely on its first page
FIRST_LAYER = "Weights of the first layer, an image per neuron: orange > 0, blue < 0"


def show_images(panel: ImagesPanel, at: At) -> None:
    """The weights of the first layer as images, one a neuron."""
    linear = at.config.layers == 0
    names = at.data.class_names if linear else ()
    panel.title = tr("Weights of each class: orange > 0, blue < 0" if linear else FIRST_LAYER)
    panel.set_images(weight_images(at.config, at.data, at.snapshot), names, signed=True)


def show_heat(panel: HeatmapPanel, at: At) -> None:
    """The weights of the first layer as a matrix, where an example is a row of a table."""
    data, weights = at.data, weight_images(at.config, at.data, at.snapshot)
    features = data.feature_names or counted(weights.shape[1])
    neurons = data.class_names if at.config.layers == 0 else counted(len(weights))
    scaled = "Weights of the first layer, for standardised features"
    panel.title = tr("Weights of the first layer" if data.about is None else scaled)
    panel.set_captions(tr("feature"), tr("neuron"))
    panel.set_matrix(weights.T, features, neurons, signed=True)


def show_confusion(panel: HeatmapPanel, at: At, judged: Evaluation) -> None:
    """Which classes are mistaken for which; where the example that is followed counts has a frame."""
    data = at.data
    panel.set_captions(tr("true class"), tr("predicted class"))
    panel.set_matrix(confusion(judged, data).astype(int), data.class_names, data.class_names)
    found = np.flatnonzero(judged.rows == followed_row(at))
    taken = int(judged.predicted[found[0]]) if found.size else NO_CLASS
    panel.select(None if taken == NO_CLASS else (int(data.labels[followed_row(at)]), taken))


def first_of_cell(judged: Evaluation, data: TrainingData, true: int, taken: int) -> int | None:
    """The row of the first held-out example of a cell of the confusion matrix, if there is one."""
    found = judged.rows[(data.labels[judged.rows] == true) & (judged.predicted == taken)]
    return int(found[0]) if found.size else None


def show_regions(panel: RegionsPanel, at: At, seen: ClassifiedPlane) -> None:
    """What the network says of every point of the plane, under the examples."""
    data = at.data
    x, y = data.feature_names or ("x₁", "x₂")
    panel.aspect_locked = data.about is None  # circles are round; of a table the two columns may differ
    panel.set_axes((x, ""), (y, ""))
    panel.set_regions(seen.probabilities, seen.bounds)
    training = np.isin(seen.rows, data.training)
    panel.set_points(seen.points, data.labels[seen.rows], training, seen.wrong, data.class_names)
    found = np.flatnonzero(seen.rows == followed_row(at))
    panel.select(int(found[0]) if found.size else None)


class HeldOutPanel(ImagesPanel):
    """Held-out examples with what they are taken for; `chosen` tells the row of one in the data."""

    chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Held-out examples"), theme)
        self._rows: NDArray[np.intp] = np.zeros(0, np.intp)
        self.selected.connect(self._tell)

    def _tell(self, index: int) -> None:
        self.chosen.emit(int(self._rows[index]))

    def show_nothing(self) -> None:
        """Show nothing, until there is something."""
        self.title, self._rows = tr("Held-out examples"), np.zeros(0, np.intp)
        self.set_images(np.zeros((0, 1, 1)))
        self.select(None)

    def show_judged(self, data: TrainingData, judged: Evaluation, wrong_first: bool, followed: int) -> None:
        """Show the examples in the order of their rows, or those that are mistaken first."""
        places = np.argsort(judged.right if wrong_first else judged.rows, kind="stable")[:STRIP]
        rows, predicted, right = judged.rows[places], judged.predicted[places], judged.right[places]
        names = (*data.class_names, "–")  # the last for NO_CLASS
        captions = [
            names[said] if ok else f"{names[true]}→{names[said]}"
            for true, said, ok in zip(data.labels[rows], predicted, right, strict=True)
        ]
        picture, total = len(data.shape) == 2, len(judged.right)
        images = data.inputs[rows].reshape(len(rows), *(data.shape if picture else (1, -1)))
        mistaken = int((~judged.right).sum())
        self.title = tr("Held-out predictions: {wrong} of {count} wrong", wrong=mistaken, count=total)
        wrong = np.flatnonzero(~right).tolist()
        self.set_images(images, captions, wrong=wrong, signed=not picture, total=total)
        self._follow(rows, followed, wrong_first)

    def _follow(self, rows: NDArray[np.intp], followed: int, wrong_first: bool) -> None:
        """Frame the example that is followed, but stay with the wrong ones where these come first."""
        moved, self._rows = not np.array_equal(rows, self._rows), rows
        found = np.flatnonzero(rows == followed)
        place = int(found[0]) if found.size else None
        if moved and wrong_first and (place or 0) >= FRONT:
            self.select(0)
            self.select(None)
        elif moved or place != self.selection:
            self.select(place)


def show_held_out(panel: HeldOutPanel, at: At, judged: Evaluation) -> None:
    """The held-out examples, and which of them is followed."""
    panel.show_judged(at.data, judged, at.options.wrong_first, followed_row(at))
