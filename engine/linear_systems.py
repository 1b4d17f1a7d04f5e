"""Solving A z = b where A may be singular.

A singular A has no inverse. In floating point this is hard to see: because of rounding there is 1e-17 instead
of 0, and dividing by it gives 1e16, which has no meaning. So the singular values of A are compared:

    s_min ≤ n·ε·s_max    A counts as singular: s_min may be only rounding        ε = 2⁻⁵², float64's precision

If rows or columns have different units (one unknown in km, another in mm), s_max/s_min is large although all
digits are right. Therefore they are scaled to the same size before the test.

Reference: G. H. Golub and C. F. Van Loan, "Matrix Computations", 4th ed. 2013, 3.5.2 (scaling), 5.4.1 (rank),
5.5.1 (the shortest of all least-squares solutions).
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
EPSILON = float(np.finfo(np.float64).eps)


def solve(matrix: Array, right: Array) -> Array | None:
    """Return z[n] with A z = b, for a symmetric A[n, n] (`matrix`) and b[n] (`right`, the right-hand side).

    None where A is singular or non-finite.

    For two unknowns the determinant ac − b² decides: it must be larger than the rounding of its terms.
    """
    if matrix.shape == (2, 2):
        (a, b), (_, c) = np.ldexp(matrix, -_binary_size(matrix)).tolist()  # entries up to 1: no overflow
        if not abs(a * c - b * b) > 2 * EPSILON * (abs(a * c) + b * b):
            return None
        return np.asarray(np.linalg.solve(matrix, right))
    largest = np.abs(matrix).max(axis=1)
    if not (np.isfinite(largest).all() and largest.all()):
        return None
    scale = 1.0 / np.sqrt(largest)  # for rows and columns alike, so that the matrix stays symmetric
    if not _full_rank(scale[:, None] * matrix * scale):
        return None
    return np.asarray(np.linalg.solve(matrix, right))


def least_squares(matrix: Array, right: Array) -> Array:
    """Return the z[columns] with the least |A z − b|²; of several, the shortest.

    `matrix` is A[rows, columns], `right` is b[rows]. An A with independent columns is factored into an
    orthogonal Q and a triangular R: R z = Qᵀb.
    """
    rows, columns = matrix.shape
    largest = np.abs(matrix).max(axis=0)
    q, r = np.linalg.qr(matrix)
    if rows >= columns and largest.all() and _full_rank(r / largest, rows):
        return np.asarray(np.linalg.solve(r, q.T @ right))
    return np.asarray(np.linalg.lstsq(matrix, right)[0])


def _binary_size(matrix: Array) -> int:
    """The e with 2ᵉ⁻¹ ≤ largest |entry| < 2ᵉ."""
    return math.frexp(max(map(abs, matrix.ravel().tolist())))[1]


def _full_rank(matrix: Array, rows: int = 0) -> bool:
    """Whether the smallest singular value is more than rounding; `rows` replaces the matrix's if larger."""
    singular = np.linalg.svd(matrix, compute_uv=False)
    return bool(singular[-1] > max(rows, *matrix.shape) * EPSILON * singular[0])
