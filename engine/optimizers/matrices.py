"""The matrices inside θ, for rules that treat a layer's weights as the matrix of a linear map.

All weights of a network are one vector θ. A *matrix place* says which of its entries form a matrix
W[in, out], the factors of one linear map y = x·W. The entries may lie apart: the weights of a gate are some
columns of a larger array. So a place has a first entry and two strides:

    W[i, j] = θ[begin + i·row + j·column]
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class MatrixPlace(NamedTuple):
    """Where a matrix is in θ: its first entry, its shape, and the strides of rows and columns."""

    name: str  # its letter in LaTeX
    begin: int
    rows: int  # inputs of the linear map
    columns: int  # its outputs
    row: int
    column: int

    def view(self, theta: NDArray[Any]) -> NDArray[Any]:
        """The matrix [in, out] as a view into a vector like θ: writing to it changes the vector."""
        size = theta.itemsize
        shape, strides = (self.rows, self.columns), (self.row * size, self.column * size)
        return np.lib.stride_tricks.as_strided(theta[self.begin :], shape, strides)


Matrices = tuple[MatrixPlace, ...]


def places_of(views: Mapping[str, NDArray[Any]]) -> Matrices:
    """The places of matrices, from views into the vector (0, 1, 2, …), whose entries are their own
    indices.
    """
    found = []
    for name, view in views.items():
        begin = int(view[0, 0])
        row = int(view[1, 0]) - begin if len(view) > 1 else 0
        column = int(view[0, 1]) - begin if view.shape[1] > 1 else 0
        rows, columns = view.shape
        found.append(MatrixPlace(name, begin, rows, columns, row, column))
    return tuple(found)


def rest_of(count: int, matrices: Matrices) -> NDArray[np.intp]:
    """The indices, of 0 … `count` − 1, that are in no matrix: biases, scales, embeddings."""
    free = np.ones(count, bool)
    for place in matrices:
        place.view(free)[...] = False
    return np.flatnonzero(free)
