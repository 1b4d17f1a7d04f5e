"""The many small pictures of feature maps and weights, coloured once and drawn many times."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QImage

from engine.activations import Array
from gui.look.theme import Theme
from gui.views.losses.classifier_cells import pictures
from gui.views.losses.classifier_maps_shown import MapsShown


class MapPictures:
    """Pictures of what is shown; those of the weights are made for the neurons that are seen."""

    def __init__(self, shown: MapsShown, theme: Theme, before: "MapPictures | None" = None) -> None:
        """Pictures that would be the same as `before` are taken from there."""
        self._theme, self._shown = theme, shown
        maps, bright = shown.maps, largest(shown.maps.a)
        self.image = pictures(shown.image[None], theme)[0]
        self.maps = pictures(maps.a, theme, limit=bright)
        self.pooled = pictures(maps.pooled, theme, limit=bright)
        self.vector = pictures(maps.pooled.reshape(1, 1, -1), theme, limit=bright)[0]
        self._strongest = largest(shown.weights)
        self.filters: Sequence[QImage]
        self._weights: dict[int, list[QImage]]
        if before is not None and before.knows(shown):
            self.filters, self._weights = before.filters, before._weights
        else:
            self.filters, self._weights = pictures(maps.filters, theme, signed=True), {}

    def knows(self, shown: MapsShown) -> bool:
        """Whether these are the filters and the weights of what is shown."""
        own = self._shown
        same_filters = np.array_equal(own.maps.filters, shown.maps.filters)
        return same_filters and np.array_equal(own.weights, shown.weights)

    def weights(self, neuron: int) -> list[QImage]:
        """The weights of a neuron, a picture for each map."""
        if neuron not in self._weights:
            weights = self._shown.weights[neuron]
            self._weights[neuron] = pictures(weights, self._theme, signed=True, limit=self._strongest)
        return self._weights[neuron]


def largest(values: Array) -> float:
    """The largest absolute value that is finite, for the colours; 1 where all are 0."""
    known = np.abs(values[np.isfinite(values)])
    return float(known.max(initial=0.0)) or 1.0
