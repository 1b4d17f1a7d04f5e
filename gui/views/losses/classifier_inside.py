"""What a classifier has become inside: its first weights or its regions, and what it mistakes for what."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from engine.activations import Array
from engine.experiments.losses.classifier_config import ClassifierConfig, Data, network_of
from engine.experiments.losses.classifier_inspection import (
    Judged,
    Snapshot,
    confusion,
    likeliest,
    predict,
    weight_images,
)
from gui.language import tr
from gui.plots.heatmap import HeatmapPanel
from gui.plots.images import ImagesPanel
from gui.plots.panel import Panel
from gui.plots.regions import RegionsPanel
from gui.theme import Theme

GRID_BUDGET = 3e7  # multiplications for the decision regions
MOST_POINTS = 1500
MARGIN = 0.12  # of the plane around the points


class Inside(QStackedWidget):
    """Shows one of its plots. `chosen` tells the row of an example that was clicked."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.images = ImagesPanel(tr("Weights of the first layer, one image a neuron"), theme)
        self.heat = HeatmapPanel(tr("Weights of the first layer"), theme)
        self.regions = RegionsPanel(tr("Decision regions"), theme)
        self.confusion = HeatmapPanel(tr("Confusion matrix, held-out examples"), theme)
        self.heat.set_captions(tr("feature"), tr("neuron"))
        self.confusion.set_captions(tr("true class"), tr("predicted class"))
        self._rows: NDArray[np.intp] = np.zeros(0, np.intp)  # the examples among the points
        self._judged: Judged | None = None
        self._labels: NDArray[np.intp] = np.zeros(0, np.intp)
        for panel in (self.images, self.heat, self.regions, self.confusion):
            panel.setMinimumSize(theme.px(120), theme.px(72))
            self.addWidget(panel)
        self.regions.selected.connect(lambda k: self.chosen.emit(int(self._rows[k])))
        self.confusion.selected.connect(self._choose_cell)

    @property
    def panel(self) -> Panel:
        """The plot on show."""
        panel = self.currentWidget()
        assert isinstance(panel, Panel)
        return panel

    def clear(self) -> None:
        """Show nothing, until there is something."""
        self._judged = None
        self.images.set_images(np.zeros((0, 1, 1)))
        for heat in (self.heat, self.confusion):
            heat.set_matrix(np.zeros((0, 0)))

    def turn_to(self, pane: str, data: Data | None) -> None:
        """Show the confusion matrix, or what suits the data: regions, images or a matrix of weights."""
        if pane == "confusion":
            self.setCurrentWidget(self.confusion)
        elif data is not None and flat(data):
            self.setCurrentWidget(self.regions)
        else:
            self.setCurrentWidget(self.heat if data is not None and len(data.shape) == 1 else self.images)

    def show_snapshot(
        self, config: ClassifierConfig, snapshot: Snapshot, judged: Judged, example: int
    ) -> None:
        """Show the network as it was; only the plot on show is made."""
        self._judged, self._labels = judged, snapshot.data.labels
        if self.currentWidget() is self.confusion:
            names = snapshot.data.class_names
            self.confusion.set_matrix(confusion(config, snapshot), names, names)  # type: ignore[arg-type]
        elif self.currentWidget() is self.regions:
            self._show_regions(config, snapshot)
            self.mark(example)
        else:
            self._show_weights(config, snapshot)

    def mark(self, example: int) -> None:
        """Mark the example that is followed, where it is a point."""
        found = np.flatnonzero(self._rows == example)
        self.regions.select(int(found[0]) if found.size else None)

    def _show_weights(self, config: ClassifierConfig, snapshot: Snapshot) -> None:
        data, weights = snapshot.data, weight_images(config, snapshot)
        if self.currentWidget() is self.images:
            self.images.set_images(weights, data.class_names if config.layers == 0 else (), signed=True)
            return
        features = data.feature_names or tuple(map(str, range(1, weights.shape[1] + 1)))
        neurons = data.class_names if config.layers == 0 else tuple(map(str, range(1, len(weights) + 1)))
        self.heat.title = (
            tr("Weights of the first layer, for standardised features")
            if data.about is not None
            else tr("Weights of the first layer")
        )
        self.heat.set_matrix(weights.T, features, neurons, signed=True)

    def _show_regions(self, config: ClassifierConfig, snapshot: Snapshot) -> None:
        data = snapshot.data
        bounds = bounds_of(data.inputs)
        side = int(np.clip((GRID_BUDGET / network_of(config, data).count) ** 0.5, 24, 110))
        x, y = (np.linspace(low, high, side) for low, high in bounds)
        grid = np.stack(np.meshgrid(x, y), axis=-1)
        names = data.feature_names or ("x₁", "x₂")
        self.regions.set_axes((names[0], ""), (names[1], ""))
        self.regions.set_regions(predict(config, snapshot, grid), bounds_in_units(data))
        self._rows = thinned(data)
        points, labels = data.inputs[self._rows], data.labels[self._rows]
        wrong = likeliest(predict(config, snapshot, points)) != labels
        training = np.isin(self._rows, data.training)
        self.regions.set_points(data.in_units(points), labels, training, wrong, data.class_names)

    def _choose_cell(self, true: int, taken: int) -> None:
        """Follow the first held-out example of a cell."""
        if self._judged is None:
            return
        rows = self._judged.rows
        found = rows[(self._labels[rows] == true) & (self._judged.predicted == taken)]
        if found.size:
            self.chosen.emit(int(found[0]))


def flat(data: Data) -> bool:
    """Whether the examples are points of a plane."""
    return data.shape == (2,)


def bounds_of(points: Array) -> tuple[tuple[float, float], tuple[float, float]]:
    """The rectangle of the plane that holds all points, with some room around."""
    low, high = points.min(axis=0), points.max(axis=0)
    room = MARGIN * np.maximum(high - low, 1e-3)
    (x0, y0), (x1, y1) = (low - room).tolist(), (high + room).tolist()
    return (x0, x1), (y0, y1)


def bounds_in_units(data: Data) -> tuple[tuple[float, float], tuple[float, float]]:
    """The same rectangle in the units of a table."""
    low, high = data.in_units(np.transpose(bounds_of(data.inputs))).tolist()
    return (low[0], high[0]), (low[1], high[1])


def thinned(data: Data) -> NDArray[np.intp]:
    """All examples, or evenly as many as can be drawn."""
    count = len(data.labels)
    return np.arange(0, count, max(1, -(-count // MOST_POINTS)))
