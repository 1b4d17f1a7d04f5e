"""Where gradient descent on the logits carries a prediction Q = softmax(z) over three classes.

    descent with very small steps     dz/dt = −∂L/∂z
    what that does to Q               dQ/dt = J·(−∂L/∂z),    J = diag(q) − q qᵀ
    a streamline                      a path whose tangent is dQ/dt everywhere

In coordinates (dQ/dt)ᵢ = qᵢ·(vᵢ − Σ qⱼ vⱼ) with v = −∂L/∂z: the slope of softmax, J, comes in a second time,
since ∂L/∂z holds it already. Every J makes the motion slow where Q is near a corner.

Only the shape of a line is drawn, so it is traced at constant speed, dQ/ds = (dQ/dt)/|dQ/dt|, by the method
of Runge and Kutta of order 4, on and back from a seed. All seeds go at the same time. The lines are evenly
spaced: one after the other, a line begins at a seed that is far from all lines before, and ends where it
comes near one.

References: B. Jobard and W. Lefer (1997), "Creating evenly-spaced streamlines of arbitrary density";
E. Hairer, S. P. Nørsett and G. Wanner, "Solving Ordinary Differential Equations I", section II.1.
"""

from typing import NamedTuple

import numpy as np

from engine.information.divergence_gradients import DIVERGENCES, Array, Model, Truth, through_softmax
from engine.information.triangle import CORNERS, lattice, point_of, weights_of
from engine.pieces import WORKING, Pieces

STRIDE = 0.025  # the length of a step, in sides of the triangle
STRIDES = 48  # steps on and back from a seed: more than the triangle is wide
CLOSE = 0.4  # of the distance between lines, where a line ends beside another
RIM = 0.01  # the least probability on a line
LEAST = 1e-9  # probability where a half step leads out of the triangle
PAUSE = 6  # steps between two pauses
CELLS = 128  # along each side of the grid on which it is noted where lines are


def slopes(loss: str, truth: Truth, q: Array) -> Array:
    """∂L/∂z of a loss, in nats, at predictions q[..., 3] above 0; NaN where the loss is ∞."""
    return through_softmax(DIVERGENCES[loss].d_log_q(truth, Model(q, np.log(q))), q)


def drift(loss: str, truth: Truth, q: Array) -> Array:
    """dQ/dt = J·(−∂L/∂z) at predictions q[..., 3] above 0; its entries sum to 0."""
    way = -slopes(loss, truth, q)
    moved: Array = q * (way - (q * way).sum(axis=-1, keepdims=True))
    return moved


class Spacing(NamedTuple):
    """How finely lines are traced, and how far apart they are, in sides of the triangle."""

    stride: float = STRIDE  # the length of a step
    rows: int = 24  # of seeds
    apart: float = 0.042  # between a new line and those before


USUAL, SPARSE = Spacing(), Spacing(0.05, 12, 0.07)  # the second is quick: while P is dragged


class Traced(NamedTuple):
    """Paths from each seed, [points, seeds, 2], with NaN from where a path has left or arrived."""

    on: Array
    back: Array


def traced(
    loss: str, truth: Truth, seeds: Array, strides: int = STRIDES, length: float = STRIDE
) -> Pieces[Traced]:
    """Follow the drift from seeds q[seeds, 3] on towards P, and back to where it comes from.

    A path ends in P, its last step shorter than the others of this length, or where it leaves the triangle.
    """
    goal, start = point_of(truth.p), point_of(seeds)
    at = np.concatenate((start, start))  # on, and back
    stride = np.repeat((length, -length), len(start))[:, np.newaxis]
    path = np.full((strides + 1, *at.shape), np.nan)
    path[0] = at
    for k in range(1, strides + 1):
        first = _direction(loss, truth, at)
        second = _direction(loss, truth, at + stride / 2 * first)
        third = _direction(loss, truth, at + stride / 2 * second)
        fourth = _direction(loss, truth, at + stride * third)
        away = np.hypot(*(at - goal).T)
        at = at + stride / 6 * (first + 2 * second + 2 * third + fourth)
        ended = (away == 0.0) | ~(weights_of(at) >= RIM).all(axis=-1)
        at = np.where(ended[:, np.newaxis], np.nan, at)
        arrives = (away > 0.0) & (away <= length) & (stride[:, 0] > 0)
        path[k] = at = np.where(arrives[:, np.newaxis], goal, at)
        if np.isnan(at).all():
            break
        if k % PAUSE == 0:
            yield WORKING
    return Traced(path[:, : len(start)], path[:, len(start) :])


def _direction(loss: str, truth: Truth, point: Array) -> Array:
    """The direction of dQ/dt at points of the plane, of length 1; NaN where nothing moves."""
    with np.errstate(invalid="ignore", divide="ignore"):
        moved = drift(loss, truth, np.maximum(weights_of(point), LEAST)) @ CORNERS
        length = np.hypot(moved[..., 0], moved[..., 1])
        unit: Array = moved / length[..., np.newaxis]
    return unit


def streamlines(loss: str, p: tuple[float, ...], spacing: Spacing = USUAL) -> Pieces[list[Array]]:
    """Evenly spaced lines along the drift of a loss, each [points, 2], with the drift; none where it is ∞."""
    truth, seeds = Truth.of(p), lattice(spacing.rows, inside=True)
    if not np.isfinite(slopes(loss, truth, seeds)).all():
        return []
    strides = round(STRIDES * STRIDE / spacing.stride)
    return spaced((yield from traced(loss, truth, seeds, strides, spacing.stride)), spacing.apart)


def spaced(paths: Traced, apart: float = USUAL.apart) -> list[Array]:
    """Of many lines some, which keep their distance; lines of less than a few points are left out."""
    taken, close = _Near(apart), _Near(CLOSE * apart)
    lines: list[Array] = []
    order = np.argsort(-np.isfinite(paths.on[..., 0]).sum(axis=0), kind="stable")  # the longest way first
    for k in order:
        if taken.holds(paths.on[:1, k])[0]:
            continue
        halves = [_until_near(half[:, k], close) for half in paths]
        line = np.concatenate((halves[1][:0:-1], halves[0]))
        if len(line) > 3:
            lines.append(line)
            taken.note(line)
            close.note(line)
    return lines


def _until_near(path: Array, close: "_Near") -> Array:
    """A path as far as it is known and keeps away from the lines before."""
    known = np.isfinite(path).all(axis=1)
    path = path[: len(path) if known.all() else int(np.argmin(known))]
    near = close.holds(path)
    return path[: int(np.argmax(near))] if near.any() else path


class _Near:
    """The cells of a grid over the triangle that lie within a distance of the lines noted so far."""

    def __init__(self, distance: float) -> None:
        reach = int(np.ceil(distance * CELLS))
        around = np.arange(-reach, reach + 1)
        across, up = (part.ravel() for part in np.meshgrid(around, around))
        disc = np.hypot(across, up) <= distance * CELLS
        self._around = np.stack((across[disc], up[disc]), axis=1)
        self._margin = reach
        self._cells = np.zeros((CELLS + 2 * reach + 1,) * 2, bool)

    def _cell(self, points: Array) -> np.ndarray:
        return np.rint(points * CELLS).astype(int) + self._margin

    def holds(self, points: Array) -> np.ndarray:
        """Whether points [n, 2] lie within the distance of a line."""
        return np.asarray(self._cells[tuple(self._cell(points).T)])

    def note(self, line: Array) -> None:
        """Remember a line."""
        cells = (self._cell(line)[:, np.newaxis] + self._around).reshape(-1, 2)
        self._cells[tuple(cells.T)] = True
