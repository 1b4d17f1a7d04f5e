"""All parameters of a model are in one flat vector θ: an optimizer has one x, and one array is a snapshot.

    names → shapes → views          θ = (W₁, b₁, W₂, b₂, …),  W₁ = θ[0 : in·out] as [in, out],  …

A view shares memory with θ: writing to it changes θ, and nothing is copied.
"""

import math
from collections.abc import Mapping
from functools import cached_property

from engine.activations import Array

Shape = tuple[int, ...]


class ParameterLayout:
    """Where each named array is in θ."""

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self.shapes = dict(shapes)

    @cached_property
    def _cuts(self) -> list[tuple[int, int, Shape]]:
        """Where each array begins and ends in θ, and its shape."""
        cuts, begin = [], 0
        for shape in self.shapes.values():
            end = begin + math.prod(shape)
            cuts.append((begin, end, shape))
            begin = end
        return cuts

    @property
    def count(self) -> int:
        """How many parameters there are."""
        return self._cuts[-1][1]

    def views(self, theta: Array) -> list[Array]:
        """The arrays in the order of their names, as views into θ."""
        return [theta[begin:end].reshape(shape) for begin, end, shape in self._cuts]

    def view(self, theta: Array, name: str) -> Array:
        """One of them."""
        begin, end, shape = self._cuts[list(self.shapes).index(name)]
        return theta[begin:end].reshape(shape)
