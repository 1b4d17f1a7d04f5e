"""All distributions over three classes, as the points of a triangle.

    corners       A = (0, 0)      B = (1, 0)      C = (½, √3/2)       each a one-hot distribution
    Q → point     q_A·A + q_B·B + q_C·C                               the centre of mass of three weights
    point → Q     q_C = 2y/√3     q_B = x − q_C/2     q_A = 1 − q_B − q_C

The probability of a class is the distance from the side opposite its corner, as a fraction of the height; on
that side it is 0. Distances in the triangle are those in ℝ³ over √2.

Reference: A. F. Möbius (1827), "Der barycentrische Calcul"; J. C. Duchi et al. (2008), "Efficient projections
onto the l1-ball for learning in high dimensions", for the nearest distribution.
"""

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
CLASSES = ("A", "B", "C")
HEIGHT = sqrt(3.0) / 2.0
CORNERS: Array = np.array([(0.0, 0.0), (1.0, 0.0), (0.5, HEIGHT)])
EDGE = 1e-6  # the least probability that is drawn: near the sides, where the logarithm is still finite


def point_of(q: ArrayLike) -> Array:
    """The points [..., 2] of the plane for distributions q[..., 3]."""
    place: Array = np.asarray(q, np.float64) @ CORNERS
    return place


def weights_of(point: ArrayLike) -> Array:
    """The weights of the corners, [..., 3], for points [..., 2]; outside the triangle one is negative."""
    place = np.asarray(point, np.float64)
    third = place[..., 1] / HEIGHT
    second = place[..., 0] - third / 2.0
    weights = np.empty((*place.shape[:-1], 3))
    weights[..., 0], weights[..., 1], weights[..., 2] = 1.0 - second - third, second, third
    return weights


def nearest(point: ArrayLike, least: float = 0.0) -> Array:
    """The distributions [..., 3] nearest to points [..., 2] of the plane, each probability at least `least`.

    Inside the triangle this is the point itself. Outside, weights that are too small become `least`, and the
    same amount is subtracted from each of the others; if one of these becomes too small, this is repeated.
    """
    rest = 1.0 - 3.0 * least  # to be divided among what is above `least`
    above = weights_of(point) - least
    falling = -np.sort(-above, axis=-1)
    taken = (np.cumsum(falling, axis=-1) - rest) / np.arange(1.0, 4.0)  # if the k largest were kept
    kept = (falling > taken).sum(axis=-1, keepdims=True)
    shift = np.take_along_axis(taken, kept - 1, axis=-1)
    found: Array = np.maximum(above - shift, 0.0) + least
    return found


def lattice(count: int, inside: bool = False) -> Array:
    """Evenly spaced distributions, (k, l, m)/count for all whole k + l + m = count; [points, 3].

    `inside` leaves out those with a 0.
    """
    k, m = np.meshgrid(np.arange(count + 1), np.arange(count + 1), indexing="ij")
    whole = np.stack((k, count - k - m, m), axis=-1).reshape(-1, 3)
    least = 1 if inside else 0
    return np.asarray(whole[(whole >= least).all(axis=1)] / count, np.float64)


def rounded(q: ArrayLike, digits: int = 3, least: float = 0.0) -> tuple[float, float, float]:
    """A distribution with rounded probabilities, none below `least`, and the sum 1.

    The largest probability is corrected for the rounding of the others.
    """
    values = [max(round(float(value), digits), least) for value in np.asarray(q)]
    largest = max(range(3), key=values.__getitem__)
    others = sum(value for k, value in enumerate(values) if k != largest)
    values[largest] = round(1.0 - others, 9)
    return values[0], values[1], values[2]
