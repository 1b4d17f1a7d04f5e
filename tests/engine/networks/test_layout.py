"""One vector holds all arrays, one after the other, and a view of it is the array itself."""

import numpy as np

from engine.networks.layout import ParameterLayout


def test_names_shapes_views():
    layout = ParameterLayout({"weights": (2, 3), "bias": (3,), "empty": (4, 0), "scale": (1,)})
    assert layout.count == 10
    theta = np.arange(10.0)
    weights, bias, empty, scale = layout.views(theta)
    assert weights.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert (bias.tolist(), empty.shape, scale.tolist()) == ([6, 7, 8], (4, 0), [9])
    layout.view(theta, "bias")[...] = -1
    assert theta.tolist() == [0, 1, 2, 3, 4, 5, -1, -1, -1, 9]
