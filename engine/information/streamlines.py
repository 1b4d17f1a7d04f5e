"""How gradient descent on the logits moves a prediction Q = softmax(z) over three classes.

    descent with very small steps     dz/dt = −∂L/∂z
    the resulting motion of Q         dQ/dt = J·(−∂L/∂z),    J = diag(q) − q qᵀ
    a streamline                      a path whose tangent is dQ/dt everywhere

In coordinates (dQ/dt)ᵢ = qᵢ·(vᵢ − Σ qⱼ vⱼ) with v = −∂L/∂z. The Jacobian of softmax, J, occurs a second time
here, because ∂L/∂z already contains it. Each J makes the motion slow where Q is near a corner.

Only the shape of a line is drawn, so it is traced at constant speed, dQ/ds = (dQ/dt)/|dQ/dt|, by the
Runge–Kutta method of order 4, forward and backward from a start point, the seed. All seeds are traced at the
same time. The lines are evenly spaced: one after the other, a line begins at a seed that is far from all
earlier lines, and ends where it comes near one of them.

References: B. Jobard and W. Lefer (1997), "Creating evenly-spaced streamlines of arbitrary density";
E. Hairer, S. P. Nørsett and G. Wanner, "Solving Ordinary Differential Equations I", section II.1.
"""

from typing import NamedTuple

import numpy as np

from engine.information.divergence_gradients import DIVERGENCES, Array, Model, Truth, through_softmax
from engine.information.triangle import CORNERS, lattice, point_of, weights_of
from engine.pieces import WORKING, Pieces

STRIDE = 0.025  # the length of a step, in sides of the triangle
STRIDES = 48  # steps forward and backward from a seed: together more than the width of the triangle
CLOSE = 0.4  # a line ends where its distance from another is this fraction of the usual distance
RIM = 0.01  # the least probability on a line
LEAST = 1e-9  # the probability used where a half step leads out of the triangle
PAUSE = 6  # steps between two pauses
CELLS = 128  # cells along each side of the grid in which lines are marked


def slopes(loss: str, truth: Truth, q: Array) -> Array:
    """∂L/∂z of a loss, in nats, at predictions q[..., 3] above 0; NaN where the loss is ∞."""
    return through_softmax(DIVERGENCES[loss].d_log_q(truth, Model(q, np.log(q))), q)


def drift(loss: str, truth: Truth, q: Array) -> Array:
    """dQ/dt = J·(−∂L/∂z) at predictions q[..., 3] above 0; its entries sum to 0."""
    v = -slopes(loss, truth, q)
    moved: Array = q * (v - (q * v).sum(axis=-1, keepdims=True))
    return moved


class Spacing(NamedTuple):
    """How finely lines are traced, and how far apart they are, in sides of the triangle."""

    stride: float = STRIDE  # the length of a step
    rows: int = 24  # rows of seeds
    apart: float = 0.042  # the distance of a new line from the earlier ones


USUAL, SPARSE = Spacing(), Spacing(0.05, 12, 0.07)  # the second is faster: used while P is dragged


class Traced(NamedTuple):
    """The paths from each seed, [points, seeds, 2]; NaN after a path has left the triangle or has arrived."""

    on: Array  # forward, along the drift
    back: Array  # backward, against it


def traced(
    loss: str, truth: Truth, seeds: Array, strides: int = STRIDES, length: float = STRIDE
) -> Pieces[Traced]:
    """Follow the drift from seeds q[seeds, 3] forward, towards P, and backward.

    A path ends in P, its last step shorter than the others of this length, or where it leaves the triangle.
    """
    goal, start = point_of(truth.p), point_of(seeds)
    at = np.concatenate((start, start))  # forward, and backward
    stride = np.repeat((length, -length), len(start))[:, np.newaxis]
    path = np.full((strides + 1, *at.shape), np.nan)
    path[0] = at
    for k in range(1, strides + 1):
        # Runge–Kutta: the direction at the start of the step, twice at its middle, and at its end
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
    """Evenly spaced lines along the drift of a loss, each [points, 2], in its direction; none if it is ∞."""
    truth, seeds = Truth.of(p), lattice(spacing.rows, inside=True)
    if not np.isfinite(slopes(loss, truth, seeds)).all():
        return []
    strides = round(STRIDES * STRIDE / spacing.stride)
    return spaced((yield from traced(loss, truth, seeds, strides, spacing.stride)), spacing.apart)


def spaced(paths: Traced, apart: float = USUAL.apart) -> list[Array]:
    """Choose lines that keep their distance from each other; very short lines are left out."""
    taken, close = _Near(apart), _Near(CLOSE * apart)
    lines: list[Array] = []
    order = np.argsort(-np.isfinite(paths.on[..., 0]).sum(axis=0), kind="stable")  # the longest path first
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
    """The first part of a path, up to where it ends or comes near an earlier line."""
    known = np.isfinite(path).all(axis=1)
    path = path[: len(path) if known.all() else int(np.argmin(known))]
    near = close.holds(path)
    return path[: int(np.argmax(near))] if near.any() else path


class _Near:
    """The cells of a grid over the triangle that are within a distance of the lines so far."""

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
        """Whether points [n, 2] are within the distance of a line."""
        return np.asarray(self._cells[tuple(self._cell(points).T)])

    def note(self, line: Array) -> None:
        """Mark a line."""
        cells = (self._cell(line)[:, np.newaxis] + self._around).reshape(-1, 2)
        self._cells[tuple(cells.T)] = True
